package hostile

import "github.com/birthmark-dfir/birthmark/lnk"

// linkFields finds the fields of a link that our writer made: it has an IDList if its
// flags say so, then LinkInfo, strings and blocks.
func linkFields(data []byte) []field {
	const header = 76
	if len(data) < header {
		return nil
	}
	list := []field{
		{0, 4, "header size", nil}, {4, 8, "class identifier", nil}, {20, 4, "flags", []uint64{0xff, 0x7f, 0x1ff, 3}},
		{28, 8, "time", nil}, {60, 4, "show command", nil},
	}
	flags, at := lnk.Flags(le.Uint32(data[20:])), header
	if flags&lnk.HasIDList != 0 && at+2 <= len(data) {
		list = append(list, field{at, 2, "IDList size", nil})
		list = append(list, itemFields(data, at+2, min(at+2+int(le.Uint16(data[at:])), len(data)))...)
		at += 2 + int(le.Uint16(data[at:]))
	}
	if flags&lnk.HasLinkInfo != 0 && at+28 <= len(data) {
		list = append(list, field{at, 4, "LinkInfo size", nil}, field{at + 4, 4, "LinkInfo header size", []uint64{0x1c, 0x24}}, field{at + 8, 4, "LinkInfo flags", []uint64{1, 2, 3}})
		for o := 12; o < int(le.Uint32(data[at+4:])); o += 4 {
			list = append(list, field{at + o, 4, "offset in LinkInfo", nil})
		}
		for _, o := range [...]int{12, 20} { // VolumeID and CommonNetworkRelativeLink
			if s := int(le.Uint32(data[at+o:])); s != 0 {
				list = append(list, field{at + s, 4, "structure size", nil}, field{at + s + 8, 4, "offset in a structure", nil}, field{at + s + 12, 4, "offset in a structure", []uint64{0x14}})
			}
		}
		at += int(le.Uint32(data[at:]))
	}
	width := 1
	if flags&lnk.IsUnicode != 0 {
		width = 2
	}
	for _, f := range [...]lnk.Flags{lnk.HasName, lnk.HasRelativePath, lnk.HasWorkingDir, lnk.HasArguments, lnk.HasIconLocation} {
		if flags&f != 0 && at+2 <= len(data) {
			list = append(list, field{at, 2, "string length", nil})
			at += 2 + width*int(le.Uint16(data[at:]))
		}
	}
	for at+8 <= len(data) {
		list = append(list, field{at, 4, "block size", nil}, field{at + 4, 4, "block signature", []uint64{0xa0000001, 0xa0000002, 0xa0000003, 0xa0000008, 0xa0000009, 0xa000000b, 0xa000000c}})
		if le.Uint32(data[at+4:]) == 0xa0000009 && at+36 <= len(data) {
			list = append(list, field{at + 8, 4, "size of a storage", nil}, field{at + 32, 4, "size of a property", nil})
		}
		at += int(le.Uint32(data[at:]))
	}
	return list
}

// itemFields finds the sizes, the classes and the extension blocks of shell items.
func itemFields(data []byte, at, end int) []field {
	var list []field
	for at+4 <= end {
		size := int(le.Uint16(data[at:]))
		list = append(list, field{at, 2, "size of an item", nil}, field{at + 2, 1, "class of an item", []uint64{0, 0x01, 0x1f, 0x2e, 0x2f, 0x31, 0x36, 0x43, 0x61, 0x71, 0x74}})
		if size < 4 || size > end-at {
			break
		}
		if block := int(le.Uint16(data[at+size-2:])); block >= 4 && block+8 <= size {
			list = append(list, field{at + size - 2, 2, "offset of an extension", nil}, field{at + block, 2, "size of an extension", nil}, field{at + block + 2, 2, "version of an extension", []uint64{0, 3, 7, 8, 9}})
		}
		at += size
	}
	return list
}
