package hostile

import "bytes"

var (
	dosFields = []field{{0, 2, "DOS signature", nil}, {60, 4, "e_lfanew", nil}}
	ntFields  = []field{
		{0, 4, "PE signature", nil}, {4, 2, "machine", nil}, {6, 2, "sections", nil}, {8, 4, "time stamp", nil},
		{12, 4, "symbol table", nil}, {16, 4, "symbols", nil}, {20, 2, "optional header size", nil}, {22, 2, "characteristics", nil},
		{24, 2, "magic", []uint64{0x10b, 0x20b, 0x107}}, {40, 4, "entry point", nil}, {56, 4, "section alignment", nil},
		{60, 4, "file alignment", []uint64{0, 1, 2, 512, 4096, 1 << 31}}, {80, 4, "image size", nil}, {84, 4, "headers size", nil}, {88, 4, "checksum", nil},
	}
	sectionFields  = []field{{0, 8, "section name", nil}, {8, 4, "virtual size", nil}, {12, 4, "virtual address", nil}, {16, 4, "raw size", nil}, {20, 4, "raw offset", nil}}
	certFields     = []field{{0, 4, "certificate length", nil}, {4, 2, "certificate revision", nil}, {6, 2, "certificate type", []uint64{1, 2, 4}}}
	directoryNames = []string{
		"exports", "imports", "resources", "exceptions", "certificates", "relocations", "debug", "architecture",
		"global pointer", "TLS", "load configuration", "bound imports", "IAT", "delayed imports", "CLR", "reserved",
	}
	derTags    = []uint64{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x18, 0x1e, 0x24, 0x30, 0x31, 0x80, 0xa0, 0xa1, 0x1f, 0xff}
	derLengths = []uint64{0, 1, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff}
)

// An image reads the headers of a sound executable.
type image struct {
	data        []byte
	nt          int // offset of the PE header
	directories int // offset of the data directories
	sections    int // offset of the section table
	count       int // of the sections
}

func readImage(data []byte) (image, bool) {
	if len(data) < 512 || !bytes.HasPrefix(data, []byte("MZ")) {
		return image{}, false
	}
	nt := int(int32(le.Uint32(data[60:])))
	if nt < 0 || nt > len(data)-264 {
		return image{}, false
	}
	p := image{data: data, nt: nt, directories: nt + 24 + 96, count: int(le.Uint16(data[nt+6:]))}
	if le.Uint16(data[nt+24:]) == 0x20b {
		p.directories += 16
	}
	p.sections = nt + 24 + int(le.Uint16(data[nt+20:]))
	return p, p.sections+40*p.count <= len(data) && p.directories+128 <= len(data)
}

// directory returns the address and size of a data directory as the headers have
// them.
func (p image) directory(n int) (address, size int) {
	return int(int32(le.Uint32(p.data[p.directories+8*n:]))), int(int32(le.Uint32(p.data[p.directories+8*n+4:])))
}

// at returns the file offset of a virtual address, or −1 if no section holds it.
func (p image) at(address int) int {
	for i := range p.count {
		s := p.sections + 40*i
		start, size, raw := int(int32(le.Uint32(p.data[s+12:]))), int(int32(le.Uint32(p.data[s+16:]))), int(int32(le.Uint32(p.data[s+20:])))
		if address >= start && address-start < size && raw >= 0 && address-start < len(p.data)-raw {
			return raw + address - start
		}
	}
	return -1
}

func peFields(data []byte) []field {
	p, ok := readImage(data)
	if !ok {
		return nil
	}
	list := shifted(nil, 0, dosFields)
	list = shifted(list, p.nt, ntFields)
	list = append(list, field{p.directories - 4, 4, "number of directories", nil})
	for i := range p.count {
		list = shifted(list, p.sections+40*i, sectionFields)
	}
	for n, name := range directoryNames {
		list = append(list, field{p.directories + 8*n, 4, "address of the " + name, nil}, field{p.directories + 8*n + 4, 4, "size of the " + name, nil})
		address, size := p.directory(n)
		at := p.at(address)
		if address <= 0 || at < 0 || n == 4 {
			continue
		}
		for i := 0; i < min(size, 256); i += 4 {
			list = append(list, field{at + i, 4, "number in the " + name, nil})
		}
		switch n {
		case 2:
			list = p.resources(list, at, at, 0)
		case 6:
			if record := int(int32(le.Uint32(data[min(at, len(data)-28)+24:]))); size >= 28 {
				list = append(list, field{record, 4, "CodeView signature", nil}, field{record + 24, 1, "PDB path", nil})
			}
		}
	}
	if at := bytes.Index(data, []byte("V\x00S\x00_\x00V\x00E\x00R\x00S\x00I\x00O\x00N\x00")); at >= 6 {
		list = versionFields(list, data, at-6)
	}
	if at := bytes.Index(data[:p.nt], []byte("Rich")); at > 0 {
		list = append(list, field{at, 4, "Rich signature", nil}, field{at + 4, 4, "Rich key", nil})
	}
	p.certificates(func(entry span) {
		list = shifted(list, entry.start, certFields)
		list = derFields(list, data, entry.start+8, entry.end, 0)
	})
	return list
}

// resources adds the fields of a directory of the resource tree: the number of named
// entries (12, 2), the number of numbered entries (14, 2), then the name and the
// offset of each entry. The highest bit of the offset is set if it refers to another
// directory.
func (p image) resources(list []field, root, at, depth int) []field {
	if at < 0 || at+16 > len(p.data) || depth > 3 {
		return list
	}
	list = append(list, field{at + 12, 2, "named resources", nil}, field{at + 14, 2, "numbered resources", nil})
	n := int(le.Uint16(p.data[at+12:])) + int(le.Uint16(p.data[at+14:]))
	for i := range min(n, 64) {
		e := at + 16 + 8*i
		if e+8 > len(p.data) {
			break
		}
		list = append(list, field{e, 4, "resource name", nil}, field{e + 4, 4, "resource offset", []uint64{1 << 31, uint64(at - root), uint64(at-root) | 1<<31}})
		to := le.Uint32(p.data[e+4:])
		below := root + int(to&^(1<<31))
		if to&(1<<31) != 0 {
			list = p.resources(list, root, below, depth+1)
		} else {
			list = append(list, field{below, 4, "resource address", nil}, field{below + 4, 4, "resource size", nil})
		}
	}
	return list
}

// versionFields adds the fields of the blocks of a version resource: length
// (0, 2), value length (2, 2), type (4, 2), key, value, blocks. Keys and values
// are padded to 4 bytes.
func versionFields(list []field, data []byte, start int) []field {
	end := min(len(data), start+int(le.Uint16(data[start:])))
	for at := start; at+6 <= end; {
		list = append(list, field{at, 2, "version block length", nil}, field{at + 2, 2, "version value length", nil},
			field{at + 4, 2, "version block type", nil}, field{at + 6, 2, "version key", nil})
		value, text := int(le.Uint16(data[at+2:])), le.Uint16(data[at+4:]) == 1
		at += 6
		for at+2 <= end && le.Uint16(data[at:]) != 0 {
			at += 2
		}
		at = start + (at+2-start+3)&^3
		if text {
			value *= 2
		}
		list = append(list, field{at, 2, "version value", nil})
		at = start + (at+value-start+3)&^3
	}
	return list
}

// certificates calls do for every entry of the certificate table.
func (p image) certificates(do func(span)) {
	at, size := p.directory(4)
	if at <= 0 || size < 8 || at > len(p.data) || size > len(p.data)-at {
		return
	}
	for end := at + size; at+8 <= end; {
		n := int(int32(le.Uint32(p.data[at:])))
		if n < 8 || n > end-at {
			return
		}
		do(span{at, at + n})
		at += (n + 7) &^ 7
	}
}

// derFields adds the tags and lengths of the ASN.1 elements in [start, end) and
// below. Their kinds depend on the depth, since deep elements are common.
func derFields(list []field, data []byte, start, end, depth int) []field {
	if depth > 24 {
		return list
	}
	kind := [...]string{"ASN.1 frame", "ASN.1 content", "ASN.1 signed data", "ASN.1 signer or certificate", "ASN.1 element"}[min(depth/2, 4)]
	for at := start; at+2 <= end; {
		head, n := derHeader(data[at:end])
		if head == 0 || n > end-at-head {
			break
		}
		list = append(list, field{at, 1, kind + " tag", derTags}, field{at + 1, 1, kind + " length", derLengths})
		if n > 0 {
			list = append(list, field{at + head, min(n, 8), kind + " content", nil})
		}
		if data[at]&0x20 != 0 || data[at] == 0x04 && n > 8 && data[at+head] == 0x30 {
			list = derFields(list, data, at+head, at+head+n, depth+1)
		}
		at += head + n
	}
	return list
}

// derHeader returns the size of the tag and length of an element, and the length. The
// size is 0 if the element does not have a definite length.
func derHeader(b []byte) (head, length int) {
	if len(b) < 2 {
		return 0, 0
	}
	n := int(b[1])
	if n < 0x80 {
		return 2, n
	}
	n &= 0x7f
	if n == 0 || n > 3 || len(b) < 2+n {
		return 0, 0
	}
	for _, c := range b[2 : 2+n] {
		length = length<<8 | int(c)
	}
	return 2 + n, length
}

// peFootprints returns the footprints of signatures: the headers, and the certificate
// table up to the end of the entry that holds the signature.
func peFootprints(data []byte) footprints {
	p, ok := readImage(data)
	if !ok {
		return byOffset(nil)
	}
	headers := Range{0, int64(p.sections + 40*p.count)}
	table, _ := p.directory(4)
	return func(_ string, offset int64) (found []Range) {
		p.certificates(func(entry span) {
			if int64(entry.start) < offset && offset < int64(entry.end) {
				found = []Range{headers, {int64(table), int64(entry.end)}}
			}
		})
		return found
	}
}
