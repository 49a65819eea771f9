package inflate

import (
	"bytes"
	"io"
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
