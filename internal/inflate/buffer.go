package inflate

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/adler32"
	"io"
	"sync"
)

// A Buffer decodes raw deflate streams that are in memory, one after the other, such as
// the chunks of a disk image. It is twice as fast as a reader of compress/flate, and
// allocates memory for the first stream only. The zero value is ready; it must not be
// used by several goroutines at once.
type Buffer struct {
	d   *decoder
	src bytes.Reader
}

// Decode decodes the stream that src begins with into dst, and returns how many bytes it
// wrote and how many bytes the stream has: a checksum may follow. The error is
// io.ErrShortBuffer if dst is too small. With any other error, dst has what precedes the
// damage.
func (b *Buffer) Decode(dst, src []byte) (n, used int, err error) {
	if b.d == nil {
		b.d = newDecoder()
	}
	b.src.Reset(src)
	b.d.reset(&b.src, 0, int64(len(src)))
	for {
		part, err := b.d.next()
		copied := copy(dst[n:], part)
		n += copied
		switch {
		case copied < len(part):
			return n, 0, io.ErrShortBuffer
		case err == io.EOF:
			b.d.align()
			return n, int(b.d.bit() / 8), nil
		case err != nil:
			return n, 0, err
		}
	}
}

var (
	errZlibHeader = errors.New("not a zlib header")
	errAdler      = errors.New("content does not match its Adler-32")
)

// Zlib decodes a zlib stream (RFC 1950) as Decode does, and checks its checksum:
//
//	0x00  1  method in the lower half, which is 8; size of the window
//	0x01  1  flags; with the byte before a multiple of 31. Bit 5 announces a dictionary
//	0x02     deflate stream, and the Adler-32 of the content, big-endian
func (b *Buffer) Zlib(dst, src []byte) (n int, err error) {
	if len(src) < 2 || src[0]&0xf != 8 || binary.BigEndian.Uint16(src)%31 != 0 || src[1]&0x20 != 0 {
		return 0, errZlibHeader
	}
	n, used, err := b.Decode(dst, src[2:])
	if err != nil {
		return n, err
	}
	sum := src[2+used:]
	switch {
	case len(sum) < 4:
		return n, io.ErrUnexpectedEOF
	case binary.BigEndian.Uint32(sum) != adler32.Checksum(dst[:n]):
		return n, errAdler
	}
	return n, nil
}

// Buffers are the decoders of an image that several goroutines read. The zero value is
// ready.
type Buffers struct{ pool sync.Pool }

// Decode is [Buffer.Decode].
func (p *Buffers) Decode(dst, src []byte) (n, used int, err error) {
	b := p.get()
	defer p.pool.Put(b)
	return b.Decode(dst, src)
}

// Zlib is [Buffer.Zlib].
func (p *Buffers) Zlib(dst, src []byte) (n int, err error) {
	b := p.get()
	defer p.pool.Put(b)
	return b.Zlib(dst, src)
}

func (p *Buffers) get() *Buffer {
	if b, ok := p.pool.Get().(*Buffer); ok {
		return b
	}
	return new(Buffer)
}
