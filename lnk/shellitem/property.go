package shellitem

import (
	"fmt"
	"strconv"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Property is a value of a property store.
type Property struct {
	Set   winid.GUID // the format identifier
	ID    uint32     // in that set; 0 if the property has a name
	Name  string     // of a property that is named
	Type  uint16     // of the value, as VARENUM has it
	Value string     // as text: a string, a number, a GUID, a time in UTC; "" for other types
}

// propertyNames are the canonical names of properties that records have.
var propertyNames = [...]struct {
	set  string
	id   uint32
	name string
}{
	{"9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3", 5, "System.AppUserModel.ID"},
	{"9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3", 2, "System.AppUserModel.RelaunchCommand"},
	{"28636AA6-953D-11D2-B5D6-00C04FD918D0", 30, "System.ParsingPath"},
	{"28636AA6-953D-11D2-B5D6-00C04FD918D0", 24, "System.ParsingName"},
	{"B725F130-47EF-101A-A5F1-02608C9EEBAC", 10, "System.ItemNameDisplay"},
	{"B725F130-47EF-101A-A5F1-02608C9EEBAC", 4, "System.ItemTypeText"},
	{"B725F130-47EF-101A-A5F1-02608C9EEBAC", 12, "System.Size"},
	{"B725F130-47EF-101A-A5F1-02608C9EEBAC", 14, "System.DateModified"},
	{"B725F130-47EF-101A-A5F1-02608C9EEBAC", 15, "System.DateCreated"},
	{"B725F130-47EF-101A-A5F1-02608C9EEBAC", 16, "System.DateAccessed"},
	{"B725F130-47EF-101A-A5F1-02608C9EEBAC", 13, "System.FileAttributes"},
	{"28636AA6-953D-11D2-B5D6-00C04FD918D0", 11, "System.ItemType"},
	{"28636AA6-953D-11D2-B5D6-00C04FD918D0", 25, "System.Shell.SFGAOFlags"},
	{"1E3EE840-BC2B-476C-8237-2ACD1A839B22", 3, "System.Kind"},
	{"E3E0584C-B788-4A5A-BB20-7F5A44C9ACDD", 6, "System.ItemFolderPathDisplay"},
	{"46588AE2-4CBC-4338-BBFC-139326986DCE", 4, "System.SID"},
	{"446D16B1-8DAD-4870-A748-402EA43D788C", 104, "System.VolumeId"},
	{"446D16B1-8DAD-4870-A748-402EA43D788C", 100, "System.ThumbnailCacheId"},
	{"F29F85E0-4FF9-1068-AB91-08002B27B3D9", 2, "System.Title"},
	{"F29F85E0-4FF9-1068-AB91-08002B27B3D9", 4, "System.Author"},
	{"DABD30ED-0043-4789-A7F8-D013A4736622", 100, "System.ItemFolderPathDisplayNarrow"},
}

// placeKey is the property with the path of what a search found, or of a file in a library.
// Microsoft does not document it.
const placeKey = "{1E3EE840-BC2B-476C-8237-2ACD1A839B22}/8"

// Key returns the canonical name of a property, or its set and identifier.
func (p *Property) Key() string {
	set := p.Set.String()
	for _, known := range propertyNames {
		if known.id == p.ID && known.set == set && p.Name == "" {
			return known.name
		}
	}
	if p.Name != "" {
		return "{" + set + "}/" + p.Name
	}
	return "{" + set + "}/" + strconv.FormatUint(uint64(p.ID), 10)
}

// The types of values that are read, as VARENUM has them.
const (
	vtI2       = 2
	vtI4       = 3
	vtBSTR     = 8
	vtBool     = 11
	vtUI1      = 17
	vtUI2      = 18
	vtUI4      = 19
	vtI8       = 20
	vtUI8      = 21
	vtLPSTR    = 30
	vtLPWSTR   = 31
	vtFileTime = 64
	vtCLSID    = 72
)

// namedSet is the set whose properties have names.
const namedSet = "D5CDD505-2E9C-101B-9397-08002B2CF9AE"

// ReadProperties reads a serialized property store, which begins base bytes after the
// beginning of its artifact. If the error is not nil it is a located [damage.Error], and
// the properties before it are returned. Offsets in a storage:
//
//	 0   4  size of the storage; 0 ends the store
//	 4   4  version, "1SPS"
//	 8  16  format identifier
//	24   -  values; a size of 0 ends them
//
// Offsets in a value:
//
//	0   4  size of the value
//	4   4  identifier; or the size of the name, if the set is that of named properties
//	8   1  reserved
//	9   -  the name, if it has one; then the type in two bytes, two bytes of padding, the content
func ReadProperties(raw []byte, base int64) (list []Property, err error) {
	c := bin.NewCursor(raw, base)
	for c.Len() >= 4 {
		at := c.Offset()
		size := c.U32("size of a property storage")
		if size == 0 {
			break
		}
		body := c.Bytes("property storage", int(size)-4)
		if c.Err() != nil {
			return list, c.Err()
		}
		s := bin.NewCursor(body, at+4)
		if version := s.U32("version of a property storage"); version != 0x53505331 {
			return list, damage.New("version of a property storage", at+4, fmt.Sprintf("%#x", version), "0x53505331")
		}
		var set winid.GUID
		copy(set[:], s.Bytes("format identifier", 16))
		for s.Len() >= 4 {
			at := s.Offset()
			n := s.U32("size of a property")
			if n == 0 {
				break
			}
			value := s.Bytes("property", int(n)-4)
			if s.Err() != nil {
				return list, s.Err()
			}
			p, err := readProperty(set, value, at+4)
			if err != nil {
				return list, err
			}
			list = append(list, p)
		}
		if s.Err() != nil {
			return list, s.Err()
		}
	}
	return list, c.Err()
}

// readProperty reads what follows the size of a value.
func readProperty(set winid.GUID, raw []byte, base int64) (Property, error) {
	p := Property{Set: set}
	c := bin.NewCursor(raw, base)
	id := c.U32("identifier of a property")
	c.Skip("reserved", 1)
	if set.String() == namedSet {
		p.Name = wtf8.String(wtf8.Trim(c.Bytes("name of a property", int(id))))
	} else {
		p.ID = id
	}
	p.Type = c.U16("type of a property")
	c.Skip("padding", 2)
	if c.Err() != nil {
		return p, c.Err()
	}
	switch p.Type {
	case vtI2:
		p.Value = strconv.Itoa(int(int16(c.U16("value"))))
	case vtBool:
		p.Value = strconv.FormatBool(c.U16("value") != 0)
	case vtUI1:
		p.Value = strconv.Itoa(int(c.U8("value")))
	case vtUI2:
		p.Value = strconv.Itoa(int(c.U16("value")))
	case vtI4:
		p.Value = strconv.Itoa(int(int32(c.U32("value"))))
	case vtUI4:
		p.Value = strconv.FormatUint(uint64(c.U32("value")), 10)
	case vtI8:
		p.Value = strconv.FormatInt(int64(c.U64("value")), 10)
	case vtUI8:
		p.Value = strconv.FormatUint(c.U64("value"), 10)
	case vtFileTime:
		p.Value = filetime.Text(filetime.Time(c.U64("value")))
	case vtCLSID:
		var g winid.GUID
		copy(g[:], c.Bytes("value", 16))
		p.Value = g.String()
	case vtLPWSTR:
		p.Value = wtf8.String(wtf8.Trim(c.Bytes("value", 2*int(c.U32("length of a text")))))
	case vtBSTR:
		p.Value = wtf8.String(wtf8.Trim(c.Bytes("value", int(c.U32("length of a text")))))
	case vtLPSTR:
		p.Value = narrow(c.Bytes("value", int(c.U32("length of a text"))))
	}
	return p, c.Err()
}
