// Package bin reads little-endian fields with bounds checks. Its errors name the
// field, its absolute offset, the bytes that it needs and the bytes that are left.
package bin

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Cursor reads a byte slice that begins at a known offset of its artifact. The first
// read that does not fit sets its error; that read and all later ones return zero
// values. So a structure can be read field by field and checked once.
type Cursor struct {
	buf  []byte
	base int64
	pos  int
	err  *damage.Error
}

// NewCursor returns a Cursor over buf, which begins base bytes after the beginning of
// its artifact.
func NewCursor(buf []byte, base int64) Cursor { return Cursor{buf: buf, base: base} }

// Err returns the error of the first read that did not fit, or nil.
func (c *Cursor) Err() error {
	if c.err == nil {
		return nil
	}
	return c.err
}

// Pos returns the number of bytes that were consumed.
func (c *Cursor) Pos() int { return c.pos }

// Len returns the number of bytes that are left.
func (c *Cursor) Len() int { return len(c.buf) - c.pos }

// Offset returns the absolute offset of the next byte.
func (c *Cursor) Offset() int64 { return c.base + int64(c.pos) }

// Seek moves to pos bytes from the beginning of the slice.
func (c *Cursor) Seek(what string, pos int) {
	if c.err != nil {
		return
	}
	if pos < 0 || pos > len(c.buf) {
		c.err = damage.Truncated(what, c.base, int64(pos), int64(len(c.buf)))
		return
	}
	c.pos = pos
}

// Bytes consumes n bytes and returns them without copying.
func (c *Cursor) Bytes(what string, n int) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 || n > len(c.buf)-c.pos {
		c.err = damage.Truncated(what, c.Offset(), int64(n), int64(c.Len()))
		return nil
	}
	b := c.buf[c.pos : c.pos+n : c.pos+n]
	c.pos += n
	return b
}

// Skip consumes n bytes.
func (c *Cursor) Skip(what string, n int) { c.Bytes(what, n) }

// U8 consumes one byte.
func (c *Cursor) U8(what string) uint8 {
	if b := c.Bytes(what, 1); b != nil {
		return b[0]
	}
	return 0
}

// U16 consumes two bytes.
func (c *Cursor) U16(what string) uint16 {
	if b := c.Bytes(what, 2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

// U32 consumes four bytes.
func (c *Cursor) U32(what string) uint32 {
	if b := c.Bytes(what, 4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// U64 consumes eight bytes.
func (c *Cursor) U64(what string) uint64 {
	if b := c.Bytes(what, 8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// Slice returns the n bytes at off of buf, which itself begins at base. Off and n may
// have any value that evidence claims.
func Slice(buf []byte, base int64, off, n uint64, what string) ([]byte, error) {
	if off > uint64(len(buf)) || n > uint64(len(buf))-off {
		have := int64(len(buf)) - int64(min(off, uint64(len(buf))))
		return nil, damage.Truncated(what, base+int64(min(off, 1<<62)), int64(min(n, 1<<62)), have)
	}
	return buf[off : off+n : off+n], nil
}

// ReadAt reads the n bytes at off of an artifact of the given size. It allocates no
// memory if the artifact does not have that many.
func ReadAt(r io.ReaderAt, size, off, n int64, what string) ([]byte, error) {
	if off < 0 || n < 0 || off > size || n > size-off {
		return nil, damage.Truncated(what, off, n, size-off)
	}
	b := make([]byte, n)
	if err := ReadFull(r, b, off, what); err != nil {
		return nil, err
	}
	return b, nil
}

// ReadFull fills b from off. If the artifact ends early it returns damage; any other
// error of r is returned unchanged.
func ReadFull(r io.ReaderAt, b []byte, off int64, what string) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damage.Truncated(what, off, int64(len(b)), int64(n))
	}
	return err
}

// AllZero reports whether all bytes are zero.
func AllZero(b []byte) bool {
	// A slice equals itself shifted by one if all its bytes are the same.
	return len(b) == 0 || b[0] == 0 && bytes.Equal(b[1:], b[:len(b)-1])
}
