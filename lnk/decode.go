package lnk

import (
	"bytes"
	"strconv"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
)

// The header: offsets from the beginning of the file, and sizes, in bytes.
const (
	headerSize = 76 // also the value of its first field

	// magic is the size and the class identifier 00021401-0000-0000-C000-000000000046.
	magic = "\x4c\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
)

// decoder reads one link.
type decoder struct {
	name     string // what errors call the file
	raw      []byte
	link     Link
	end      int // where the link ends
	problems []Problem
}

func (d *decoder) note(kind damage.Kind, err error, path string) {
	d.problems = append(d.problems, damage.Note(kind, err, d.name, path))
}

// decode reads the file. The error is that of a file that is not a link.
func (d *decoder) decode() error {
	if len(d.raw) < headerSize || !bytes.HasPrefix(d.raw, []byte(magic)) {
		head := d.raw[:min(len(d.raw), len(magic))]
		got := strconv.QuoteToASCII(string(head))
		if len(head) == 0 {
			got = "an empty file"
		}
		return &FormatError{Offset: 0, What: "header", Got: got, Want: "the class identifier of a shell link", Err: ErrNotLink}
	}
	d.header()
	c := bin.NewCursor(d.raw, 0)
	c.Seek("header", headerSize)
	if d.link.Flags&HasIDList != 0 {
		size := int(c.U16("IDListSize"))
		base := c.Offset()
		d.link.Items = d.items(c.Bytes("LinkTargetIDList", size), base, "LinkTargetIDList")
	}
	if d.link.Flags&HasLinkInfo != 0 && d.link.Flags&ForceNoLinkInfo == 0 {
		d.linkInfo(&c)
	}
	d.stringData(&c)
	if err := c.Err(); err != nil {
		d.note(damage.Truncation, err, "")
		d.end = len(d.raw)
		return nil
	}
	d.extraData(&c)
	d.end = min(c.Pos(), len(d.raw))
	return nil
}

// items reads a list of items.
func (d *decoder) items(raw []byte, base int64, path string) []shellitem.Item {
	list, err := shellitem.Read(raw, base)
	if err != nil {
		d.note(damage.Malformed, err, path)
	}
	return list
}

// header reads the fields behind the class identifier.
//
//	20  4  LinkFlags
//	24  4  FileAttributes
//	28  8  CreationTime
//	36  8  AccessTime
//	44  8  WriteTime
//	52  4  FileSize
//	56  4  IconIndex
//	60  4  ShowCommand
//	64  2  HotKey
//	66 10  reserved
func (d *decoder) header() {
	c := bin.NewCursor(d.raw[:headerSize], 0)
	c.Seek("LinkFlags", len(magic))
	d.link.Flags = Flags(c.U32("LinkFlags"))
	d.link.FileAttributes = c.U32("FileAttributes")
	d.link.CreationTime = filetime.Time(c.U64("CreationTime"))
	d.link.AccessTime = filetime.Time(c.U64("AccessTime"))
	d.link.WriteTime = filetime.Time(c.U64("WriteTime"))
	d.link.FileSize = c.U32("FileSize")
	d.link.IconIndex = int32(c.U32("IconIndex"))
	d.link.ShowCommand = c.U32("ShowCommand")
	d.link.HotKey = HotKey(c.U16("HotKey"))
}

// The flags of LinkInfo.
const (
	hasLocalPath   = 1 << 0 // VolumeID and LocalBasePath
	hasNetworkPath = 1 << 1 // CommonNetworkRelativeLink
)

// linkInfo reads LinkInfo. Its offsets are from its own beginning.
//
//	 0  4  LinkInfoSize
//	 4  4  LinkInfoHeaderSize
//	 8  4  LinkInfoFlags
//	12  4  VolumeIDOffset
//	16  4  LocalBasePathOffset
//	20  4  CommonNetworkRelativeLinkOffset
//	24  4  CommonPathSuffixOffset
//	28  4  LocalBasePathOffsetUnicode, if the header has at least 0x24 bytes
//	32  4  CommonPathSuffixOffsetUnicode, likewise
func (d *decoder) linkInfo(c *bin.Cursor) {
	base := c.Offset()
	size := int(c.U32("LinkInfoSize"))
	c.Skip("LinkInfo", size-4)
	if c.Err() != nil {
		return
	}
	info := structure{d.raw[base : base+int64(size)], base}
	f := bin.NewCursor(info.raw, base)
	f.Skip("LinkInfoSize", 4)
	header := f.U32("LinkInfoHeaderSize")
	flags := f.U32("LinkInfoFlags")
	volumeID, localBase := f.U32("VolumeIDOffset"), f.U32("LocalBasePathOffset")
	network, suffix := f.U32("CommonNetworkRelativeLinkOffset"), f.U32("CommonPathSuffixOffset")
	var wideBase, wideSuffix uint32
	if header >= 0x24 {
		wideBase, wideSuffix = f.U32("LocalBasePathOffsetUnicode"), f.U32("CommonPathSuffixOffsetUnicode")
	}
	if err := f.Err(); err != nil {
		d.note(damage.Malformed, err, "LinkInfo")
		return
	}
	end := d.string(info, "CommonPathSuffix", suffix, wideSuffix)
	if flags&hasLocalPath != 0 {
		d.volumeID(info, volumeID)
		if path := d.string(info, "LocalBasePath", localBase, wideBase); path != "" {
			d.link.LocalPath = join(path, end)
		}
	}
	if flags&hasNetworkPath != 0 {
		d.network(info, network, end)
	}
}

// join joins a path and its rest, which may be empty.
func join(path, rest string) string {
	if rest != "" && path != "" && path[len(path)-1] != '\\' {
		path += `\`
	}
	return path + rest
}

// volumeID reads the structure VolumeID.
//
//	 0  4  VolumeIDSize
//	 4  4  DriveType
//	 8  4  DriveSerialNumber
//	12  4  VolumeLabelOffset
//	16  4  VolumeLabelOffsetUnicode, if VolumeLabelOffset is 0x14
func (d *decoder) volumeID(info structure, at uint32) {
	v, err := info.sub("VolumeID", at)
	c := bin.NewCursor(v.raw, v.base)
	c.Skip("VolumeIDSize", 4)
	drive, serial, label := c.U32("DriveType"), c.U32("DriveSerialNumber"), c.U32("VolumeLabelOffset")
	if err == nil {
		err = c.Err()
	}
	if err != nil {
		d.note(damage.Malformed, err, "LinkInfo/VolumeID")
		return
	}
	d.link.DriveType, d.link.DriveSerial = drive, serial
	wide := uint32(0)
	if label == 0x14 { // the label is Unicode, and its offset follows
		label, wide = 0, c.U32("VolumeLabelOffsetUnicode")
	}
	d.link.VolumeLabel = d.string(v, "VolumeLabel", label, wide)
}

// network reads the structure CommonNetworkRelativeLink.
//
//	 0  4  CommonNetworkRelativeLinkSize
//	 4  4  CommonNetworkRelativeLinkFlags: 1 the device is valid, 2 the provider is
//	 8  4  NetNameOffset
//	12  4  DeviceNameOffset
//	16  4  NetworkProviderType
//	20  4  NetNameOffsetUnicode, if NetNameOffset is larger than 0x14
//	24  4  DeviceNameOffsetUnicode, likewise
func (d *decoder) network(info structure, at uint32, end string) {
	n, err := info.sub("CommonNetworkRelativeLink", at)
	c := bin.NewCursor(n.raw, n.base)
	c.Skip("CommonNetworkRelativeLinkSize", 4)
	flags := c.U32("CommonNetworkRelativeLinkFlags")
	name, device := c.U32("NetNameOffset"), c.U32("DeviceNameOffset")
	provider := c.U32("NetworkProviderType")
	var wideName, wideDevice uint32
	if name > 0x14 {
		wideName, wideDevice = c.U32("NetNameOffsetUnicode"), c.U32("DeviceNameOffsetUnicode")
	}
	if err == nil {
		err = c.Err()
	}
	if err != nil {
		d.note(damage.Malformed, err, "LinkInfo/CommonNetworkRelativeLink")
		return
	}
	if flags&2 != 0 {
		d.link.NetworkProvider = provider
	}
	if flags&1 != 0 {
		d.link.DeviceName = d.string(n, "DeviceName", device, wideDevice)
	}
	if share := d.string(n, "NetName", name, wideName); share != "" {
		d.link.NetworkPath = join(share, end)
	}
}

// string reads a string of a structure that ends with a NUL: the Unicode one if there
// is one. An offset of 0 means that the string is absent.
func (d *decoder) string(s structure, what string, at, wide uint32) string {
	if at == 0 && wide == 0 {
		return ""
	}
	if wide != 0 {
		at = wide
	}
	if int64(at) >= int64(len(s.raw)) {
		d.note(damage.Malformed, damage.New("offset of "+what, s.base, at, "< "+strconv.Itoa(len(s.raw))), "LinkInfo")
		return ""
	}
	b := s.raw[at:]
	if wide != 0 {
		return wtf8.String(wtf8.Trim(b))
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return ansi(b)
}

// structure is a part of LinkInfo, and where it begins in the file.
type structure struct {
	raw  []byte
	base int64
}

// sub returns the structure at an offset, which begins with its size.
func (s structure) sub(what string, at uint32) (structure, error) {
	size, err := bin.Slice(s.raw, s.base, uint64(at), 4, what)
	if err != nil {
		return structure{}, err
	}
	c := bin.NewCursor(size, s.base+int64(at))
	raw, err := bin.Slice(s.raw, s.base, uint64(at), uint64(c.U32(what)), what)
	return structure{raw, s.base + int64(at)}, err
}

// stringData reads the strings that the flags announce, in their order. Each begins
// with its number of characters.
func (d *decoder) stringData(c *bin.Cursor) {
	for _, s := range [...]struct {
		flag  Flags
		what  string
		field *string
	}{
		{HasName, "NAME_STRING", &d.link.Name},
		{HasRelativePath, "RELATIVE_PATH", &d.link.RelativePath},
		{HasWorkingDir, "WORKING_DIR", &d.link.WorkingDir},
		{HasArguments, "COMMAND_LINE_ARGUMENTS", &d.link.Arguments},
		{HasIconLocation, "ICON_LOCATION", &d.link.IconLocation},
	} {
		if d.link.Flags&s.flag == 0 || c.Err() != nil {
			continue
		}
		n := int(c.U16(s.what))
		if d.link.Flags&IsUnicode != 0 {
			*s.field = wtf8.String(c.Bytes(s.what, 2*n))
		} else {
			*s.field = ansi(c.Bytes(s.what, n))
		}
	}
}

// cut returns b up to its first NUL.
func cut(b []byte) []byte {
	b, _, _ = bytes.Cut(b, []byte{0})
	return b
}

// ansi decodes text in the code page of the machine that wrote the link, which the link
// does not record. Outside of ASCII it is read as Latin-1, so that no two texts become
// one.
func ansi(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}
