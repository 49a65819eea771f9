package wof

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/huffman"
)

// A chunk that LZX compressed, as Windows imaging files have it: a window of 32 KiB, and
// every chunk for itself. It consists of blocks:
//
//	 3 bits  type: 1 verbatim, 2 with aligned offsets, 3 not compressed
//	 1 bit   1 for 32,768 bytes, else
//	16 bits  how many bytes
//
// then the lengths of the codewords, each as the difference from those of the block
// before, then symbols. A symbol of the main code below 256 is a byte. The others are
// matches: the low 3 bits are the length minus 2, or 7 if a symbol of the length code
// adds to it; the rest is the slot of the offset.
const (
	lzxMain    = 256 + 8*lzxSlots
	lzxSlots   = 30
	lzxLengths = 249
	lzxPre     = 20
	lzxAligned = 8
	lzxBlock   = 32768

	verbatim      = 1
	aligned       = 2
	notCompressed = 3
)

// lzxSlot is where the offsets of a slot begin, and how many bits they have more.
var lzxSlot = func() (slots [lzxSlots]struct{ base, bits uint32 }) {
	base := uint32(0)
	for i := range slots {
		bits := uint32(0)
		if i >= 4 {
			bits = uint32(i)/2 - 1
		}
		slots[i] = struct{ base, bits uint32 }{base, bits}
		base += 1 << bits
	}
	return slots
}()

// lzxChunk is a chunk under decompression.
type lzxChunk struct {
	huffman.Words
	out     []byte
	n       int
	recent  [3]uint32
	mainLen [lzxMain]uint8
	lenLen  [lzxLengths]uint8
	main    huffman.Decoder
	length  huffman.Decoder
	aligned huffman.Decoder
}

// lzx decompresses a chunk into out, which has its size.
func lzx(out, in []byte) error {
	c := &lzxChunk{out: out, recent: [3]uint32{1, 1, 1}}
	c.In = in
	c.Start(0)
	for c.n < len(out) {
		if err := c.block(); err != nil {
			return err
		}
	}
	undoCalls(out)
	return nil
}

func (c *lzxChunk) truncated() error {
	return damage.Truncated("compressed chunk", int64(len(c.In)), int64(len(c.out)), int64(c.n))
}

func (c *lzxChunk) block() error {
	kind := c.Take(3)
	size := lzxBlock
	if c.Take(1) == 0 {
		size = int(c.Take(16))
	}
	if c.Short() {
		return c.truncated()
	}
	if size == 0 || size > len(c.out)-c.n {
		return damage.New("size of a block", int64(c.Pos), size, len(c.out)-c.n)
	}
	switch kind {
	case notCompressed:
		return c.copy(size)
	case aligned:
		var lens [lzxAligned]uint8
		for i := range lens {
			lens[i] = uint8(c.Take(3))
		}
		if err := c.aligned.Init(lens[:], "LZX aligned offsets", int64(c.Pos)); err != nil {
			return err
		}
	case verbatim:
	default:
		return damage.New("type of a block", int64(c.Pos), kind, "1 to 3")
	}
	for _, lens := range [...][]uint8{c.mainLen[:256], c.mainLen[256:], c.lenLen[:]} {
		if err := c.lengths(lens); err != nil {
			return err
		}
	}
	if err := c.main.Init(c.mainLen[:], "LZX main", int64(c.Pos)); err != nil {
		return err
	}
	if err := c.length.Init(c.lenLen[:], "LZX lengths", int64(c.Pos)); err != nil {
		return err
	}
	return c.symbols(c.n+size, kind == aligned)
}

// copy copies a block that is not compressed. Before it are the recent offsets, at the
// next word; a block of odd size is followed by a byte.
func (c *lzxChunk) copy(size int) error {
	at := c.Pos - 2
	if c.Extra() == 0 {
		at = c.Pos // all bits of the words before were taken: a whole word is padding
	}
	if at < 0 || at+12+size > len(c.In) {
		return c.truncated()
	}
	for i := range c.recent {
		c.recent[i] = binary.LittleEndian.Uint32(c.In[at+4*i:])
	}
	at += 12
	c.n += copy(c.out[c.n:], c.In[at:at+size])
	c.Start(at + (size+1)&^1)
	return nil
}

// lengths reads the lengths of codewords, which are coded themselves.
func (c *lzxChunk) lengths(lens []uint8) error {
	var pre [lzxPre]uint8
	for i := range pre {
		pre[i] = uint8(c.Take(4))
	}
	var code huffman.Decoder
	if err := code.Init(pre[:], "LZX lengths of codewords", int64(c.Pos)); err != nil {
		return err
	}
	for i := 0; i < len(lens); {
		sym, ok := c.Symbol(&code)
		if !ok || c.Short() {
			return c.truncated()
		}
		run, value := 1, uint8(0)
		switch sym {
		case 17:
			run = 4 + int(c.Take(4))
		case 18:
			run = 20 + int(c.Take(5))
		case 19:
			run = 4 + int(c.Take(1))
			if sym, ok = c.Symbol(&code); !ok || sym > 16 {
				return damage.New("length of a codeword", int64(c.Pos), sym, "≤ 16")
			}
			fallthrough
		default:
			value = uint8((17 + int(lens[i]) - int(sym)) % 17)
		}
		if run > len(lens)-i { // the last run may be cut off
			run = len(lens) - i
		}
		for range run {
			lens[i] = value
			i++
		}
	}
	return nil
}

// symbols decodes what a block has, up to end.
func (c *lzxChunk) symbols(end int, isAligned bool) error {
	for c.n < end {
		sym, ok := c.Symbol(&c.main)
		if !ok || c.Short() {
			return c.truncated()
		}
		if sym < 256 {
			c.out[c.n] = byte(sym)
			c.n++
			continue
		}
		length, slot := int(sym&7), (sym-256)>>3
		if length == 7 {
			more, ok := c.Symbol(&c.length)
			if !ok {
				return damage.New("length of a match", int64(c.Pos), "no code", "one")
			}
			length += int(more)
		}
		length += 2
		offset := uint32(0)
		if slot < 3 {
			offset = c.recent[slot]
			c.recent[slot] = c.recent[0]
		} else {
			s := lzxSlot[slot]
			switch {
			case isAligned && s.bits >= 3:
				offset = c.Take(s.bits-3) << 3
				low, ok := c.Symbol(&c.aligned)
				if !ok {
					return damage.New("aligned offset", int64(c.Pos), "no code", "one")
				}
				offset += low
			default:
				offset = c.Take(s.bits)
			}
			offset += s.base - 2
			c.recent[2], c.recent[1] = c.recent[1], c.recent[0]
		}
		c.recent[0] = offset
		if offset == 0 || offset > uint32(c.n) || length > end-c.n {
			return damage.New("match", int64(c.Pos), [2]int{int(offset), length}, "inside the chunk")
		}
		for range length {
			c.out[c.n] = c.out[c.n-int(offset)]
			c.n++
		}
	}
	return nil
}

// callSize is the size of a file that the compressor takes for granted when it makes the
// targets of calls absolute.
const callSize = 12_000_000

// undoCalls makes the targets of calls (e8) relative again. The last 10 bytes of a chunk
// are left alone.
func undoCalls(b []byte) {
	for i := 0; i < len(b)-10; i++ {
		if b[i] != 0xe8 {
			continue
		}
		target := int32(binary.LittleEndian.Uint32(b[i+1:]))
		switch {
		case target >= 0 && target < callSize:
			binary.LittleEndian.PutUint32(b[i+1:], uint32(target-int32(i)))
		case target < 0 && target >= -int32(i):
			binary.LittleEndian.PutUint32(b[i+1:], uint32(target+callSize))
		}
		i += 4
	}
}
