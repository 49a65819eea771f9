package mft

import (
	"fmt"
	"io"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A compressed stream is cut into units of 2ⁿ clusters. A unit without holes is
// stored uncompressed, and a unit of nothing but holes reads as zeros. In any
// other unit, the clusters before the holes are the unit compressed by LZNT1.

// maxCompressionUnit bounds the unit: NTFS uses 64 KiB and less.
const maxCompressionUnit = 1 << 20

// compressed reads a compressed stream.
type compressed struct {
	extents *extents
	unit    int64 // in bytes

	mu   sync.Mutex
	last int64  // the unit in buf, or -1
	buf  []byte // decompressed
	raw  []byte
}

func newCompressed(x *extents, s *Stream) (*compressed, error) {
	if s.CompressionUnit > 20 || x.vol.unit<<s.CompressionUnit > maxCompressionUnit {
		return nil, damage.New("compression unit", s.Offset+0x22, s.CompressionUnit, fmt.Sprintf("≤ %d bytes", maxCompressionUnit))
	}
	return &compressed{extents: x, unit: x.vol.unit << s.CompressionUnit, last: -1}, nil
}

// Size returns the size of the stream in bytes.
func (c *compressed) Size() int64 { return c.extents.size }

// ReadAt implements io.ReaderAt.
func (c *compressed) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("mft: negative offset %d", off)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	done := 0
	for done < len(p) {
		at := off + int64(done)
		if at >= c.extents.size {
			return done, io.EOF
		}
		if at >= c.extents.mapped() {
			return done, c.extents.unmapped()
		}
		if at >= c.extents.initialized {
			n := min(int64(len(p)-done), min(c.extents.size, c.extents.mapped())-at)
			clear(p[done : done+int(n)])
			done += int(n)
			continue
		}
		if err := c.load(at / c.unit); err != nil {
			return done, err
		}
		// Stop at the end of the unit or of the initialized part, whichever is
		// first.
		end := min((at/c.unit+1)*c.unit, c.extents.initialized)
		done += copy(p[done:], c.buf[at%c.unit:at%c.unit+end-at])
	}
	return done, nil
}

// load decompresses a unit.
func (c *compressed) load(unit int64) error {
	if unit == c.last {
		return nil
	}
	c.last = -1
	if c.buf == nil {
		c.buf, c.raw = make([]byte, c.unit), make([]byte, c.unit)
	}
	start := unit * c.unit
	stored, hole := int64(0), false // bytes before the holes
	for at := start; at < start+c.unit; {
		x, ok := c.extents.at(at)
		n := min(x.left, start+c.unit-at)
		if !ok || x.run.LCN == LCNSparse {
			hole = true
			if !ok {
				break
			}
		} else if !hole {
			stored += n
		}
		at += n
	}
	raw := extents{vol: c.extents.vol, runs: c.extents.runs, ends: c.extents.ends, size: c.extents.mapped(), initialized: c.extents.mapped()}
	switch {
	case stored == 0:
		clear(c.buf)
	case !hole:
		if _, err := raw.ReadAt(c.buf, start); err != nil && err != io.EOF {
			return err
		}
	default:
		if _, err := raw.ReadAt(c.raw[:stored], start); err != nil && err != io.EOF {
			return err
		}
		base := int64(-1)
		if x, ok := c.extents.at(start); ok {
			base = x.volume
		}
		if err := decompressLZNT1(c.buf, c.raw[:stored], base); err != nil {
			return err
		}
	}
	c.last = unit
	return nil
}
