package hostile

import "bytes"

var (
	dosFields   = []field{{60, 4, "e_lfanew"}}
	ntFields    = []field{{4, 2, "machine"}, {6, 2, "sections"}, {8, 4, "time stamp"}, {12, 4, "symbol table"}, {20, 2, "optional header size"}, {24, 2, "magic"}}
	optFields   = []field{{16, 4, "entry point"}, {32, 4, "section alignment"}, {36, 4, "file alignment"}, {56, 4, "image size"}, {60, 4, "headers size"}}
	sectFields  = []field{{8, 4, "virtual size"}, {12, 4, "virtual address"}, {16, 4, "raw size"}, {20, 4, "raw offset"}}
	certFields  = []field{{0, 4, "certificate length"}, {4, 2, "certificate revision"}, {6, 2, "certificate type"}}
	resFields   = []field{{12, 2, "named entries"}, {14, 2, "entries by number"}, {16, 4, "entry name"}, {20, 4, "entry offset"}}
	derLengths  = []byte{0, 1, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff}
	derTags     = []byte{0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x17, 0x18, 0x24, 0x30, 0x31, 0xa0, 0xa1, 0x1f, 0xff}
	versionInfo = []byte("V\x00S\x00_\x00V\x00E\x00R\x00S\x00I\x00O\x00N\x00")
)

func damagePE(m *mutator) bool {
	if len(m.Data) < 512 || !bytes.HasPrefix(m.Data, []byte("MZ")) {
		return false
	}
	nt := int(le.Uint32(m.Data[60:]))
	if nt < 0 || nt+264 > len(m.Data) {
		return m.oneOf(0, dosFields)
	}
	opt := nt + 24
	directories := opt + 96
	if le.Uint16(m.Data[opt:]) == 0x20b { // PE32+
		directories = opt + 112
	}
	sections := opt + int(le.Uint16(m.Data[nt+20:]))
	cert := int(le.Uint32(m.Data[directories+8*4:]))
	certSize := int(le.Uint32(m.Data[directories+8*4+4:]))
	signed := cert > 0 && certSize > 16 && cert < len(m.Data)-16 && certSize <= len(m.Data)-cert

	switch m.rand.IntN(12) {
	case 0:
		return m.oneOf(0, dosFields)
	case 1:
		return m.oneOf(nt, ntFields)
	case 2:
		return m.oneOf(opt, optFields)
	case 3:
		return m.number(directories+4*m.rand.IntN(32), 4, "data directory")
	case 4, 5:
		return m.oneOf(sections+40*m.rand.IntN(max(1, int(le.Uint16(m.Data[nt+6:])))), sectFields)
	case 6: // the version resource: lengths of nested blocks
		if at := bytes.Index(m.Data, versionInfo); at > 6 {
			return m.number(at-6+2*m.rand.IntN(256), 2, "version resource")
		}
		return false
	case 7: // the resource tree, found in the section table
		if at := m.section(sections, int(le.Uint16(m.Data[nt+6:])), ".rsrc"); at > 0 {
			return m.oneOf(at+16*m.rand.IntN(8), resFields)
		}
		return false
	case 8:
		return signed && m.oneOf(cert, certFields)
	}
	return signed && m.damageDER(cert+8, cert+certSize)
}

func (m *mutator) section(table, count int, name string) int {
	for i := range count {
		at := table + 40*i
		if at+40 > len(m.Data) {
			break
		}
		if bytes.HasPrefix(m.Data[at:], []byte(name)) {
			return int(le.Uint32(m.Data[at+20:]))
		}
	}
	return 0
}

// damageDER goes down into the elements of a signature by chance and changes
// the tag or the length of the one where it stops.
func (m *mutator) damageDER(start, end int) bool {
	for depth := 0; depth < 12; depth++ {
		var elements []span
		for at := start; at+2 <= end; {
			head, length := derHeader(m.Data[at:end])
			if head == 0 || length > end-at-head {
				break
			}
			elements = append(elements, span{at, at + head + length})
			at += head + length
		}
		if len(elements) == 0 {
			break
		}
		e := elements[m.rand.IntN(len(elements))]
		head, _ := derHeader(m.Data[e.start:e.end])
		constructed := m.Data[e.start]&0x20 != 0
		if constructed && m.rand.IntN(5) > 0 {
			start, end = e.start+head, e.end
			continue
		}
		switch m.rand.IntN(3) {
		case 0:
			m.Data[e.start] = derTags[m.rand.IntN(len(derTags))]
			m.note(e.start, e.start+1, "ASN.1 tag %#x", m.Data[e.start])
		case 1:
			m.Data[e.start+1] = derLengths[m.rand.IntN(len(derLengths))]
			m.note(e.start+1, e.start+2, "ASN.1 length %#x", m.Data[e.start+1])
		default:
			return m.number(e.start+1+m.rand.IntN(max(1, e.end-e.start-1)), 1, "byte of an ASN.1 element")
		}
		return true
	}
	return false
}

// derHeader returns the size of the tag and length of an element and its
// length; a size of 0 means that it is not of definite form.
func derHeader(b []byte) (head, length int) {
	if len(b) < 2 {
		return 0, 0
	}
	n := int(b[1])
	if n < 0x80 {
		return 2, n
	}
	n &= 0x7f
	if n == 0 || n > 4 || len(b) < 2+n {
		return 0, 0
	}
	for _, c := range b[2 : 2+n] {
		length = length<<8 | int(c)
	}
	if length < 0 {
		return 0, 0
	}
	return 2 + n, length
}
