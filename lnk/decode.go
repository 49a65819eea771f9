package lnk

import (
	"bytes"
	"strconv"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
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
		c.Skip("LinkTargetIDList", int(c.U16("IDListSize")))
	}
	if d.link.Flags&HasLinkInfo != 0 && d.link.Flags&ForceNoLinkInfo == 0 {
		d.linkInfo(&c)
	}
	d.stringData(&c)
	if err := c.Err(); err != nil {
		d.note(damage.Truncation, err, "")
		return nil
	}
	d.extraData(&c)
	return nil
}

// header reads the fields at 20 to 64.
func (d *decoder) header() {
	c := bin.NewCursor(d.raw[:headerSize], 0)
	c.Seek("LinkFlags", len(magic))
	d.link.Flags = Flags(c.U32("LinkFlags"))
	d.link.FileAttributes = c.U32("FileAttributes")
	d.link.CreationTime = filetime.Time(c.U64("CreationTime"))
	d.link.AccessTime = filetime.Time(c.U64("AccessTime"))
	d.link.WriteTime = filetime.Time(c.U64("WriteTime"))
	d.link.FileSize = c.U32("FileSize")
	c.Skip("IconIndex", 4)
	d.link.ShowCommand = c.U32("ShowCommand")
}

// The flags of LinkInfo.
const (
	hasLocalPath   = 1 << 0 // VolumeID and LocalBasePath
	hasNetworkPath = 1 << 1 // CommonNetworkRelativeLink
)

// linkInfo reads LinkInfo. Its offsets are from its own beginning.
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
func (d *decoder) network(info structure, at uint32, end string) {
	n, err := info.sub("CommonNetworkRelativeLink", at)
	c := bin.NewCursor(n.raw, n.base)
	c.Skip("CommonNetworkRelativeLinkSize", 4)
	flags := c.U32("CommonNetworkRelativeLinkFlags")
	name, device := c.U32("NetNameOffset"), c.U32("DeviceNameOffset")
	c.Skip("NetworkProviderType", 4)
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

// The signatures of blocks of ExtraData.
const (
	environmentBlock = 0xa0000001
	trackerBlock     = 0xa0000003
)

// extraData reads the blocks at the end. Each begins with its size and its signature; a
// size below 4 ends the list. Older programs write no end.
func (d *decoder) extraData(c *bin.Cursor) {
	for c.Len() >= 4 {
		base := c.Offset()
		size := int(c.U32("BlockSize"))
		if size < 4 {
			return
		}
		raw := c.Bytes("ExtraData", size-4)
		if err := c.Err(); err != nil {
			d.note(damage.Truncation, err, "ExtraData")
			return
		}
		b := bin.NewCursor(raw, base+4)
		switch b.U32("BlockSignature") {
		case environmentBlock: // 260 bytes, then the same in Unicode in 520
			narrow, wide := b.Bytes("TargetAnsi", 260), b.Bytes("TargetUnicode", 520)
			d.link.Environment = wtf8.String(wtf8.Trim(wide))
			if d.link.Environment == "" {
				d.link.Environment = ansi(cut(narrow))
			}
		case trackerBlock: // length and version, then the name in 16 bytes
			b.Skip("Length", 8)
			d.link.MachineID = ansi(cut(b.Bytes("MachineID", 16)))
		}
		if err := b.Err(); err != nil {
			d.note(damage.Malformed, err, "ExtraData")
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
