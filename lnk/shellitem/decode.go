package shellitem

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Read reads a list of items, which begins base bytes after the beginning of its artifact.
// An item begins with its size in two bytes; the size 0 ends the list, and so does the end
// of raw. If the error is not nil it is a located [damage.Error], and the items before it
// are returned.
func Read(raw []byte, base int64) ([]Item, error) {
	var list []Item
	c := bin.NewCursor(raw, base)
	for c.Len() >= 2 {
		at := c.Pos()
		size := int(c.U16("size of an item"))
		if size == 0 {
			break
		}
		if size < 3 {
			return list, damage.New("size of an item", base+int64(at), strconv.Itoa(size), "≥ 3")
		}
		c.Skip("item", size-2)
		if err := c.Err(); err != nil {
			return list, err
		}
		list = append(list, decode(raw[at:at+size], base+int64(at)))
	}
	return list, nil
}

// Size returns how many bytes of raw a list of items takes, with the two that end it.
func Size(raw []byte) int {
	at := 0
	for at+2 <= len(raw) {
		size := int(raw[at]) | int(raw[at+1])<<8
		if size < 3 || size > len(raw)-at {
			return min(at+2, len(raw))
		}
		at += size
	}
	return at
}

// decode reads one item. The class indicator at 2 says how; some classes have flags in its
// low bits. What does not fit remains unread: Microsoft documents no item, and whoever
// extends the shell makes items of their own.
func decode(raw []byte, base int64) Item {
	i := Item{Kind: Other, Offset: base, Raw: raw, Class: raw[2]}
	switch class := i.Class; {
	case class == 0x1f || class == 0x1e:
		i.root()
	case class == 0x01 && i.u32(4) == 0x39de2184:
		i.Kind, i.Name = ControlPanel, controlCategories[i.u32(8)]
	case class == 0x71:
		// 4 10 unknown; 14 16 identifier of the page
		i.Kind = ControlPanel
		i.guid(14)
	case class == 0x61:
		i.uri()
	case class == 0x74:
		i.delegate()
	case class&0x70 == 0x20:
		i.volume()
	case class&0x70 == 0x30:
		i.file(3)
	case class&0x70 == 0x40:
		i.network()
	case class == 0x00 && i.u32(4) == 0x49534647: // GFSI
		// 8 16 identifier of the game
		i.Kind = Game
		i.guid(8)
	case class == 0x00 && i.u32(6) == deviceStorage:
		i.storage()
	case class == 0x00 && i.u32(6) == deviceFile:
		i.onDevice()
	case class == 0x00:
		i.propertyView()
	}
	i.extensions()
	return i
}

// controlCategories are the categories of the control panel, by their number at 8.
var controlCategories = map[uint32]string{
	0: "All Control Panel Items", 1: "Appearance and Personalization", 2: "Hardware and Sound", 3: "Network and Internet", 4: "Sounds, Speech, and Audio Devices",
	5: "System and Security", 6: "Clock, Language, and Region", 7: "Ease of Access", 8: "Programs", 9: "User Accounts", 10: "Security Center", 11: "Mobile PC",
}

func (i *Item) u16(at int) uint16 {
	if at < 0 || at+2 > len(i.Raw) {
		return 0
	}
	return uint16(i.Raw[at]) | uint16(i.Raw[at+1])<<8
}

func (i *Item) u32(at int) uint32 { return uint32(i.u16(at)) | uint32(i.u16(at+2))<<16 }

// guid reads the identifier at an offset, if it is there.
func (i *Item) guid(at int) {
	if at+16 <= len(i.Raw) {
		copy(i.GUID[:], i.Raw[at:])
	}
}

// text returns the text at an offset that ends with a NUL, and where it ends.
func (i *Item) text(at int, wide bool) (string, int) {
	if at >= len(i.Raw) {
		return "", at
	}
	b := i.Raw[at:]
	if wide {
		t := wtf8.Trim(b)
		return wtf8.String(t), at + min(len(t)+2, len(b))
	}
	if n := bytes.IndexByte(b, 0); n >= 0 {
		b = b[:n]
	}
	return narrow(b), at + min(len(b)+1, len(i.Raw)-at)
}

// narrow decodes text in the code page of the machine that made the item, which the item
// does not record. Outside of ASCII it is read as Latin-1. It ends at the first NUL.
func narrow(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// root reads a folder of the shell.
//
//	3   1  order of sorting
//	4  16  class identifier
func (i *Item) root() {
	i.Kind = Root
	i.guid(4)
}

// volume reads a drive, or a folder of My Computer. Flags of the class: 0x01 it has a name.
//
//	3   -  the drive, such as C:\, ends with a NUL; or
//	4  16  class identifier
//
// A removable drive is in an item of its own:
//
//	 4   2  size of the data
//	 6   4  signature
//	10   2  size of the inner item
//	12   -  the inner item, beginning with its class; the drive is at 13
func (i *Item) volume() {
	i.Kind = Volume
	const signature = 0xf5a6b710
	if i.u32(6) == signature {
		i.Name, _ = i.text(13, false)
		return
	}
	if i.Class&0x01 != 0 {
		i.Name, _ = i.text(3, false)
		return
	}
	i.guid(4)
}

// file reads a file or a folder. Flags of the class: 0x01 a folder, 0x02 a file, 0x04 the
// name is Unicode. Offsets from the byte behind the class, which is at 3:
//
//	 0   1  unknown
//	 1   4  size
//	 5   4  time of modification, as FAT has it
//	 9   2  attributes
//	11   -  short name, ends with a NUL; then extension blocks on even offsets
func (i *Item) file(at int) {
	i.Kind = FileEntry
	class := i.Raw[at-1]
	i.IsDir = class&0x01 != 0
	i.Size, i.Modified, i.Attributes = i.u32(at+1), dosTime(i.u32(at+5)), i.u16(at+9)
	i.ShortName, _ = i.text(at+11, class&0x04 != 0)
}

// network reads an item of the network.
//
//	4   1  flags: 0x80 it has a description, 0x40 a comment
//	5   -  the name, the description and the comment, which end with a NUL
func (i *Item) network() {
	i.Kind = Network
	if len(i.Raw) < 6 {
		return
	}
	end := 0
	i.Name, end = i.text(5, false)
	if i.Raw[4]&0x80 != 0 {
		i.Comment, end = i.text(end, false)
	}
	if i.Raw[4]&0x40 != 0 {
		if comment, _ := i.text(end, false); comment != "" {
			i.Comment = comment
		}
	}
}

// uri reads an address.
//
//	3   1  flags: 0x80 texts are Unicode
//	4   2  size of the data before the address
//	6   -  the data; often two more bytes of zeros; then the address, which ends with a NUL
func (i *Item) uri() {
	i.Kind = URI
	if len(i.Raw) < 8 {
		return
	}
	at, wide := 6+int(i.u16(4)), i.Raw[3]&0x80 != 0
	if i.Name, _ = i.text(at, wide); i.Name == "" {
		i.Name, _ = i.text(at+2, wide)
	}
}

// delegate reads a file in a folder of the shell.
//
//	 4   2  size of the inner item
//	 6   4  "CFSF"
//	10   2  size of the inner item's file
//	12   -  the file, beginning with its class
func (i *Item) delegate() {
	if len(i.Raw) < 16 || string(i.Raw[6:10]) != "CFSF" {
		return
	}
	i.file(13)
	i.Kind = Delegate
}

// knownFolder is the signature of a property view whose identifier is that of a folder.
const knownFolder = 0x23febbee

// propertyViews are the signatures of items that properties describe.
var propertyViews = [...]uint32{
	0x10141981, // what a search found, or a file in a library
	0x23a3dfd5,
	knownFolder,
	0x3b93afbb, // a search
	0xbeebee00,
}

// propertyView reads an item that properties describe.
//
//	 4   2  size of the data
//	 6   4  signature
//	10   2  size of the property store
//	12   2  size of an identifier
//	14   -  the identifier, then the property store
func (i *Item) propertyView() {
	signature := i.u32(6)
	if !slices.Contains(propertyViews[:], signature) {
		return
	}
	i.Kind = Properties
	size, identifier := int(i.u16(10)), int(i.u16(12))
	if signature == knownFolder && identifier == 16 {
		i.guid(14)
	}
	if at := 14 + identifier; at+size <= len(i.Raw) {
		i.Properties, _ = ReadProperties(i.Raw[at:at+size], i.Offset+int64(at))
	}
	for n := range i.Properties {
		if p := &i.Properties[n]; i.Name == "" && (p.Key() == "System.ParsingPath" || p.Key() == "System.ItemNameDisplay") {
			i.Name = p.Value
		}
	}
}

// dosTime converts the date, in the low 16 bits, and the time of FAT. One that is not a
// date is zero.
func dosTime(v uint32) time.Time {
	date, clock := int(v&0xffff), int(v>>16)
	year, month, day := 1980+date>>9, time.Month(date>>5&15), date&31
	t := time.Date(year, month, day, clock>>11, clock>>5&63, clock&31*2, 0, time.UTC)
	if date == 0 || t.Month() != month || t.Day() != day {
		return time.Time{}
	}
	return t
}
