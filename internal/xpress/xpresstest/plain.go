package xpresstest

import "encoding/binary"

// maxPlain is how far back a match of plain LZ77 may begin, in bytes.
const maxPlain = 8 << 10

// CompressPlain compresses data without Huffman codes, as [xpress.DecompressPlain]
// decompresses it.
func CompressPlain(data []byte) []byte {
	var out []byte
	word, left, half := 0, 0, -1
	flag := func(bit uint32) {
		if left == 0 {
			word, left = len(out), 32
			out = append(out, 0, 0, 0, 0)
		}
		left--
		binary.LittleEndian.PutUint32(out[word:], binary.LittleEndian.Uint32(out[word:])|bit<<left)
	}
	at := 0
	for _, it := range items(data) {
		if it.length == 0 || it.distance > maxPlain {
			for range max(it.length, 1) {
				flag(0)
				out = append(out, data[at])
				at++
			}
			continue
		}
		flag(1)
		at += it.length
		length := it.length - 3
		out = binary.LittleEndian.AppendUint16(out, uint16((it.distance-1)<<3|min(length, 7)))
		if length < 7 {
			continue
		}
		more := byte(min(length-7, 15))
		if half < 0 {
			half = len(out)
			out = append(out, more)
		} else {
			out[half] |= more << 4
			half = -1
		}
		switch {
		case length < 7+15:
		case length < 7+15+255:
			out = append(out, byte(length-7-15))
		case length < 1<<16:
			out = binary.LittleEndian.AppendUint16(append(out, 255), uint16(length))
		default:
			out = binary.LittleEndian.AppendUint32(append(out, 255, 0, 0), uint32(length))
		}
	}
	for left > 0 { // a match that does not follow is the end
		flag(1)
	}
	return out
}
