package shellitem

import (
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// fileExtension is the signature of the extension block of a file.
const fileExtension = 0xbeef0004

// extensions reads the extension blocks of an item. The last two bytes of the item are the
// offset of the first one.
//
//	0  2  size of the block
//	2  2  version
//	4  4  signature, 0xbeef....
func (i *Item) extensions() {
	if i.Kind != FileEntry && i.Kind != Delegate && i.Kind != Volume {
		return
	}
	at := int(i.u16(len(i.Raw) - 2))
	for at >= 4 && at+8 <= len(i.Raw) {
		size := int(i.u16(at))
		if size < 8 || size > len(i.Raw)-at || i.u16(at+6) != 0xbeef {
			return
		}
		if i.u32(at+4) == fileExtension {
			i.fileBlock(bin.NewCursor(i.Raw[at:at+size], i.Offset+int64(at)))
		}
		at += size
	}
}

// fileBlock reads the extension block of a file. Versions: 3 Windows XP, 7 Vista, 8
// Windows 7, 9 since Windows 8.1.
//
//	 8  4  time of creation, as FAT has it
//	12  4  time of access
//	16  2  identifier of the version of Windows
//	since version 7:
//	18  2  unknown
//	20  8  reference to the entry of the $MFT
//	28  8  unknown
//	then:
//	    2  size of the localized name; since version 3
//	    4  unknown; since version 9
//	    4  unknown; since version 8
//	    -  long name in UTF-16, ends with a NUL; since version 3
//	    -  localized name, ends with a NUL: in UTF-16 since version 7
func (i *Item) fileBlock(c bin.Cursor) {
	c.Skip("size", 2)
	version := c.U16("version")
	c.Skip("signature", 4)
	created, accessed := c.U32("creation"), c.U32("access")
	c.Skip("identifier", 2)
	var ref Ref
	if version >= 7 {
		c.Skip("unknown", 2)
		ref = Ref(c.U64("reference"))
		c.Skip("unknown", 8)
	}
	localized := uint16(0)
	if version >= 3 {
		localized = c.U16("size of the localized name")
	}
	if version >= 9 {
		c.Skip("unknown", 4)
	}
	if version >= 8 {
		c.Skip("unknown", 4)
	}
	if c.Err() != nil {
		return
	}
	i.Created, i.Accessed, i.Ref = dosTime(created), dosTime(accessed), ref
	if version < 3 {
		return
	}
	rest := c.Bytes("names", c.Len())
	long := wtf8.Trim(rest)
	i.Name = wtf8.String(long)
	if rest = rest[min(len(long)+2, len(rest)):]; localized != 0 {
		if version >= 7 {
			i.Comment = wtf8.String(wtf8.Trim(rest))
		} else {
			i.Comment = narrow(rest)
		}
	}
}
