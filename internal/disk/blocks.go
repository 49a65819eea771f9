package disk

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A Block is where the content of a block of a disk is. The zero Block is a block of
// zeros.
type Block struct {
	R      io.ReaderAt // that holds it; nil for zeros
	Offset int64       // of the block in R
	More   int64       // blocks that follow it in R, or that are zeros too
}

// Blocks is a disk that is stored in blocks of one size. It implements [io.ReaderAt].
// What a container promises and does not hold is an error, and never zeros.
type Blocks struct {
	Size      int64 // of the disk in bytes
	BlockSize int64
	Find      func(i int64) (Block, error) // of the block with that number; may be called concurrently
}

// ReadAt implements io.ReaderAt.
func (d *Blocks) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	for n < len(p) {
		at := off + int64(n)
		if at >= d.Size {
			return n, io.EOF
		}
		in := at % d.BlockSize
		b, err := d.Find(at / d.BlockSize)
		if err != nil {
			return n, err
		}
		part := p[n:min(int64(len(p)), int64(n)+min(d.BlockSize*(1+b.More)-in, d.Size-at))]
		if b.R == nil {
			clear(part)
			n += len(part)
			continue
		}
		got, err := b.R.ReadAt(part, b.Offset+in)
		n += got
		if got < len(part) {
			if err == nil || errors.Is(err, io.EOF) {
				err = &damage.Error{Offset: b.Offset + in, What: "block", Got: fmt.Sprintf("%d bytes", got), Want: fmt.Sprint(len(part)), Err: io.ErrUnexpectedEOF}
			}
			return n, err
		}
	}
	return n, nil
}

// Padded is an image with zeros behind its end: what is based on it may be larger.
type Padded struct {
	Image
	Name string // of the file
}

// ReadAt implements io.ReaderAt. It never reaches an end.
func (p *Padded) ReadAt(b []byte, off int64) (n int, err error) {
	if off < p.Size {
		own := b[:min(int64(len(b)), p.Size-off)]
		if n, err = p.R.ReadAt(own, off); n < len(own) {
			if err == nil || errors.Is(err, io.EOF) {
				err = damage.In(damage.Truncated("content of a parent", off, int64(len(own)), int64(n)), p.Name, "")
			}
			return n, err
		}
	}
	clear(b[n:])
	return len(b), nil
}

// Decoded keeps the blocks that were decompressed last. The zero Decoded keeps none.
type Decoded struct {
	Max int // blocks that are kept

	mu    sync.Mutex
	size  int64 // of the blocks that are kept
	kept  map[int64][]byte
	order []int64 // of kept, the oldest first
}

// Get returns a block, which decode makes if it is not kept. Callers must not change
// it.
func (c *Decoded) Get(i int64, decode func() ([]byte, error)) ([]byte, error) {
	c.mu.Lock()
	b, ok := c.kept[i]
	c.mu.Unlock()
	if ok {
		return b, nil
	}
	b, err := decode()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[int64][]byte{}
	}
	if _, ok := c.kept[i]; ok || c.Max == 0 {
		return b, nil
	}
	for len(c.order) >= c.Max || len(c.order) > 0 && c.size+int64(len(b)) > maxDecoded {
		c.size -= int64(len(c.kept[c.order[0]]))
		delete(c.kept, c.order[0])
		c.order = c.order[1:]
	}
	c.kept[i] = b
	c.size += int64(len(b))
	c.order = append(c.order, i)
	return b, nil
}

// maxDecoded bounds the blocks that are kept, in bytes: a container chooses their size.
const maxDecoded = 16 << 20

// MaxChain is how many images a chain of parents may have.
const MaxChain = 64
