package unzstd

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A file of zstandard (RFC 8878) is frames, one after the other. A frame, little-endian, in
// bytes from its beginning:
//
//	0x00  4  0xfd2fb528
//	0x04  1  descriptor: bits 0–1 size of the dictionary's number, bit 2 a checksum
//	         follows the blocks, bit 5 there is no window descriptor, bits 6–7 size of the
//	         content's size
//	      1  window descriptor
//	   0–4   number of the dictionary
//	   0–8   size of the content
//	         blocks, and their checksum in 4 bytes
//
// and a block:
//
//	0x00  3  bit 0 the last block, bits 1–2 its type, bits 3–23 its size
//
// A frame that decoders skip has one of 16 other marks, and the size of the rest in 4
// bytes.
const (
	frameMagic    = 0xfd2fb528
	skippedMagic  = 0x184d2a50
	skippedMask   = 0xfffffff0
	maxFrameStart = 18

	repeatedBlock = 1 // one byte, which is repeated
	reservedBlock = 3

	blockSize   = 128 << 10 // what a block unpacks to, at most
	leastWindow = 1 << 20   // below it a window is not worth a correction
)

// frame is a frame as its headers describe it.
type frame struct {
	end     int64 // offset of what follows it
	size    int64 // of the content; -1 if it is not recorded
	skipped bool
	fix     *fix // of the window that its header asks for; or nil
}

// A fix is bytes of a header that are read in place of those in the file. A decoder makes
// room for the window that the header asks for, or for the content of a frame without a
// window, up to 128 MiB. No frame needs more than its blocks can unpack to.
type fix struct {
	at int64
	b  []byte
}

// windowFix returns the fix of a window descriptor, if the window is larger than need: the
// descriptor has the logarithm of the size less 10 in its bits 3 to 7, and eighths of it in
// the others.
func windowFix(descriptor byte, at, need int64) *fix {
	size := int64(1) << (10 + descriptor>>3)
	need = max(need, leastWindow)
	if size += size / 8 * int64(descriptor&7); size <= need {
		return nil
	}
	exponent := byte(0)
	for int64(1)<<(10+exponent) < need {
		exponent++
	}
	return &fix{at, []byte{exponent << 3}}
}

// fixed reads a file with the fixes of its frames, in the order of their offsets.
type fixed struct {
	r     io.ReaderAt
	fixes []fix
}

func (f *fixed) ReadAt(b []byte, off int64) (int, error) {
	n, err := f.r.ReadAt(b, off)
	first := sort.Search(len(f.fixes), func(i int) bool { x := &f.fixes[i]; return x.at+int64(len(x.b)) > off })
	for _, x := range f.fixes[first:] {
		if x.at >= off+int64(n) {
			break
		}
		if x.at >= off {
			copy(b[x.at-off:n], x.b)
		} else {
			copy(b[:n], x.b[off-x.at:])
		}
	}
	return n, err
}

var errDictionary = errors.New("compressed with a dictionary")

// readFrame reads the headers of the frame at an offset.
func readFrame(r io.ReaderAt, size, at int64) (frame, error) {
	var b [maxFrameStart]byte
	n, err := r.ReadAt(b[:min(maxFrameStart, size-at)], at)
	if err != nil && err != io.EOF {
		return frame{}, err
	}
	h := b[:n]
	if len(h) < 8 {
		return frame{}, damage.Truncated("frame", at, 8, int64(len(h)))
	}
	switch magic := binary.LittleEndian.Uint32(h); {
	case magic&skippedMask == skippedMagic:
		f := frame{end: at + 8 + int64(binary.LittleEndian.Uint32(h[4:])), skipped: true}
		if f.end > size {
			return f, damage.Truncated("frame that decoders skip", at, f.end-at, size-at)
		}
		return f, nil
	case magic != frameMagic:
		return frame{}, damage.New("frame", at, fmt.Sprintf("%#x", magic), fmt.Sprintf("%#x", int64(frameMagic)))
	}
	descriptor := h[4]
	single, sum := descriptor>>5&1, descriptor>>2&1
	if descriptor&3 != 0 {
		return frame{}, &damage.Error{Offset: at + 4, What: "frame", Err: errDictionary}
	}
	start := 5 + 1 - int(single)
	width := [4]int{int(single), 2, 4, 8}[descriptor>>6]
	if len(h) < start+width {
		return frame{}, damage.Truncated("frame", at, int64(start+width), int64(len(h)))
	}
	f := frame{size: -1}
	switch field := h[start:]; width {
	case 1:
		f.size = int64(field[0])
	case 2:
		f.size = int64(binary.LittleEndian.Uint16(field)) + 256
	case 4:
		f.size = int64(binary.LittleEndian.Uint32(field))
	case 8:
		n := binary.LittleEndian.Uint64(field)
		if n > maxContent {
			return frame{}, damage.New("size of the content", at+int64(start), n, fmt.Sprintf("≤ %d", int64(maxContent)))
		}
		f.size = int64(n)
	}
	end, blocks, err := blocksEnd(r, size, at+int64(start+width))
	f.end = end + 4*int64(sum)
	if err == nil && f.end > size {
		err = damage.Truncated("checksum of a frame", f.end-4, 4, size-f.end+4)
	}
	need := blocks * blockSize
	switch {
	case single == 0:
		f.fix = windowFix(h[5], at+5, need)
	case f.size > need && width >= 4:
		if err == nil {
			err = damage.New("size of the content", at+int64(start), f.size, fmt.Sprintf("≤ %d, of %d blocks", need, blocks))
		}
		f.fix = &fix{at + int64(start), binary.LittleEndian.AppendUint64(nil, uint64(need))[:width]}
		f.size = need
	}
	return f, err
}

// blocksEnd returns the offset behind the last block of a frame, and how many there are.
func blocksEnd(r io.ReaderAt, size, at int64) (end, blocks int64, err error) {
	for {
		blocks++
		var b [4]byte
		if n, err := r.ReadAt(b[:3], at); n < 3 {
			if err != nil && err != io.EOF {
				return at, blocks, err
			}
			return at, blocks, damage.Truncated("block", at, 3, int64(n))
		}
		v := binary.LittleEndian.Uint32(b[:])
		length := int64(v >> 3)
		switch v >> 1 & 3 {
		case repeatedBlock:
			length = 1
		case reservedBlock:
			return at, blocks, damage.New("type of a block", at, reservedBlock, "0 to 2")
		}
		if at += 3 + length; at > size {
			return size, blocks, damage.Truncated("block", at-length, length, size-at+length)
		}
		if v&1 != 0 {
			return at, blocks, nil
		}
	}
}
