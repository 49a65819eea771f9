package hostile

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

var le = binary.LittleEndian

// The layout of EVTX, as far as the damage needs it: a file header of 4 KiB,
// chunks of 64 KiB whose first 512 bytes are their header.
const (
	logHeader = 4096
	chunkSize = 65536
)

func logUnit(size, offset int64) Range {
	if offset < logHeader {
		return Range{0, logHeader}
	}
	start := offset - (offset-logHeader)%chunkSize
	return Range{start, min(size, start+chunkSize)}
}

var (
	logHeaderFields = []field{
		{8, 8, "first chunk"}, {16, 8, "last chunk"}, {24, 8, "next record"}, {32, 4, "header size"},
		{40, 2, "header block size"}, {42, 2, "chunks"}, {120, 4, "flags"},
	}
	chunkFields = []field{
		{8, 8, "first record number"}, {16, 8, "last record number"}, {24, 8, "first record identifier"},
		{32, 8, "last record identifier"}, {40, 4, "header size"}, {44, 4, "last record offset"},
		{48, 4, "free space offset"},
	}
	eventRecordFields = []field{{4, 4, "record size"}, {8, 8, "record identifier"}, {16, 8, "written"}}
	templateFields    = []field{
		// From the 0x0c token of a template instance, its definition behind it.
		{2, 4, "template identifier"}, {6, 4, "template offset"}, {10, 4, "next template"},
		{30, 4, "template size"}, {10, 4, "value count"},
	}
	binXMLTokens = []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf, 0x41, 0x45, 0x46, 0x47, 0x48, 0x49, 0xff}
	valueTypes   = []byte{0, 1, 2, 3, 4, 7, 8, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x21, 0x81, 0x84, 0x93, 0xff}
)

func damageLog(m *mutator) bool {
	if len(m.Data) < logHeader+512 {
		return false
	}
	if m.rand.IntN(16) == 0 {
		done := m.oneOf(0, logHeaderFields)
		le.PutUint32(m.Data[124:], crc32.ChecksumIEEE(m.Data[:120]))
		return done
	}
	base := logHeader + chunkSize*m.rand.IntN((len(m.Data)-logHeader-512)/chunkSize+1)
	chunk := m.Data[base:min(len(m.Data), base+chunkSize)]
	if !bytes.HasPrefix(chunk, []byte("ElfChnk\x00")) {
		return false
	}
	done := m.damageChunk(base, chunk)
	sealChunk(chunk)
	return done
}

func (m *mutator) damageChunk(base int, chunk []byte) bool {
	records := recordsOf(chunk)
	switch m.rand.IntN(8) {
	case 0:
		return m.oneOf(base, chunkFields)
	case 1:
		return m.number(base+128+4*m.rand.IntN(96), 4, "string or template table")
	}
	if len(records) == 0 {
		return false
	}
	rec := records[m.rand.IntN(len(records))]
	size := rec.end - rec.start
	switch m.rand.IntN(6) {
	case 0:
		return m.oneOf(base+rec.start, eventRecordFields)
	case 1:
		return m.number(base+rec.end-4, 4, "copy of the record size")
	case 2: // the template instance that opens most records
		return m.oneOf(base+rec.start+24+4, templateFields)
	case 3: // a token or type somewhere in the record
		at := base + rec.start + 24 + m.rand.IntN(max(1, size-28))
		m.Data[at] = binXMLTokens[m.rand.IntN(len(binXMLTokens))]
		m.note(at, at+1, "token %#x", m.Data[at])
		return true
	case 4:
		at := base + rec.start + 24 + m.rand.IntN(max(1, size-28))
		m.Data[at] = valueTypes[m.rand.IntN(len(valueTypes))]
		m.note(at, at+1, "value type %#x", m.Data[at])
		return true
	}
	// A number on an even place: sizes, counts and offsets of BinXML.
	return m.number(base+rec.start+24+m.rand.IntN(max(1, size-32)), 2+2*m.rand.IntN(2), "number in BinXML")
}

type span struct{ start, end int }

// recordsOf returns where the records of a chunk lie in it.
func recordsOf(chunk []byte) []span {
	var found []span
	for at := 512; at+28 <= len(chunk); {
		size := int(le.Uint32(chunk[at+4:]))
		if le.Uint32(chunk[at:]) != 0x2a2a || size < 28 || size > len(chunk)-at {
			break
		}
		found = append(found, span{at, at + size})
		at += size
	}
	return found
}

// sealChunk sets the two checksums of a chunk right.
func sealChunk(chunk []byte) {
	if free := int(le.Uint32(chunk[48:])); free >= 512 && free <= len(chunk) {
		le.PutUint32(chunk[52:], crc32.ChecksumIEEE(chunk[512:free]))
	}
	sum := crc32.NewIEEE()
	sum.Write(chunk[:120])
	sum.Write(chunk[128:512])
	le.PutUint32(chunk[124:], sum.Sum32())
}
