package hostile

import (
	"bytes"
	"hash/crc32"
)

// The parts of an event log that matter for damage are a file header of 4 KiB and
// chunks of 64 KiB, each with a header of 512 bytes and records. This package does
// not use the parser under test: binxml.go has its own decoder of binary XML.
const (
	logHeader   = 4096
	chunkSize   = 65536
	chunkHeader = 512
)

var (
	logHeaderFields = []field{
		{8, 8, "first chunk", nil}, {16, 8, "last chunk", nil}, {24, 8, "next record", nil}, {32, 4, "header size", nil},
		{36, 4, "version", nil}, {40, 2, "header block size", nil}, {42, 2, "chunks", nil}, {120, 4, "file flags", nil},
	}
	chunkFields = []field{
		{0, 8, "chunk signature", nil}, {8, 8, "first record number", nil}, {16, 8, "last record number", nil},
		{24, 8, "first record identifier", nil}, {32, 8, "last record identifier", nil}, {40, 4, "chunk header size", nil},
		{44, 4, "last record offset", nil}, {48, 4, "free space offset", nil},
	}
)

func logFields(data []byte) []field {
	if len(data) < logHeader+chunkHeader {
		return nil
	}
	list := shifted(nil, 0, logHeaderFields)
	eachChunk(data, func(base int, chunk []byte) {
		list = shifted(list, base, chunkFields)
		for i := range 64 {
			list = append(list, field{base + 128 + 4*i, 4, "name list", nil})
		}
		for i := range 32 {
			list = append(list, field{base + 384 + 4*i, 4, "template list", nil})
		}
		w := newBinXML(chunk)
		for _, r := range recordsOf(chunk) {
			end := base + r.end
			list = append(list, field{base + r.start, 4, "record signature", nil},
				field{base + r.start + 4, 4, "record size", nil}, field{base + r.start + 8, 8, "record identifier", nil},
				field{base + r.start + 16, 8, "written", nil}, field{end - 4, 4, "copy of the record size", nil})
			w.record(r)
		}
		list = shifted(list, base, w.fields)
	})
	return list
}

// shifted appends the fields of a structure at offset base.
func shifted(list []field, base int, structure []field) []field {
	for _, f := range structure {
		f.at += base
		list = append(list, f)
	}
	return list
}

func eachChunk(data []byte, do func(base int, chunk []byte)) {
	for base := logHeader; base+chunkHeader <= len(data); base += chunkSize {
		if chunk := data[base:min(len(data), base+chunkSize)]; bytes.HasPrefix(chunk, []byte("ElfChnk\x00")) {
			do(base, chunk)
		}
	}
}

// A span is a half-open range of offsets in a part of a file.
type span struct{ start, end int }

// recordsOf returns the spans of the records in a chunk.
func recordsOf(chunk []byte) []span {
	var found []span
	for at := chunkHeader; at+28 <= len(chunk); {
		size := int(le.Uint32(chunk[at+4:]))
		if le.Uint32(chunk[at:]) != 0x2a2a || size < 28 || size > len(chunk)-at {
			break
		}
		found = append(found, span{at, at + size})
		at += size
	}
	return found
}

// logFootprints returns the footprints of events: the record itself, and what it
// refers to in its chunk.
func logFootprints(data []byte) footprints {
	prints := map[int64][]Range{}
	eachChunk(data, func(base int, chunk []byte) {
		w := newBinXML(chunk)
		for _, r := range recordsOf(chunk) {
			list := []Range{{int64(base + r.start), int64(base + r.end)}}
			for _, needed := range w.record(r) {
				list = append(list, Range{int64(base + needed.start), int64(base + needed.end)})
			}
			prints[int64(base+r.start)] = merged(list)
		}
	})
	return byOffset(prints)
}

// withinChunk runs change, then corrects the checksums of the file header or chunk
// that it changed.
func withinChunk(data []byte, at int, change func()) {
	change()
	if at < logHeader {
		if len(data) >= 128 {
			le.PutUint32(data[124:], crc32.ChecksumIEEE(data[:120]))
		}
		return
	}
	base := at - (at-logHeader)%chunkSize
	if chunk := data[base:min(len(data), base+chunkSize)]; len(chunk) >= chunkHeader {
		sealChunk(chunk)
	}
}

func sealChunk(chunk []byte) {
	if free := int64(le.Uint32(chunk[48:])); free >= chunkHeader && free <= int64(len(chunk)) {
		le.PutUint32(chunk[52:], crc32.ChecksumIEEE(chunk[chunkHeader:free]))
	}
	sum := crc32.NewIEEE()
	sum.Write(chunk[:120])
	sum.Write(chunk[128:chunkHeader])
	le.PutUint32(chunk[124:], sum.Sum32())
}
