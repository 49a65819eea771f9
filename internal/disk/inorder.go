package disk

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
)

// partSize is how much is read at once, in bytes.
const partSize = 1 << 20

// InOrder calls use for the content of a disk, part by part from its beginning. Use must
// not keep a part. With more than one worker, so many goroutines read the parts ahead;
// they have ended when InOrder returns.
func InOrder(ctx context.Context, r io.ReaderAt, size int64, workers int, use func([]byte) error) error {
	ahead := 1
	if workers > 1 {
		ahead = 2 * workers
	}
	parts := make(chan *part, ahead)
	var running sync.WaitGroup
	for range ahead / 2 {
		running.Go(func() {
			for p := range parts {
				p.read(r)
			}
		})
	}
	defer running.Wait()
	defer close(parts)
	var queue, spare []*part
	for next := int64(0); ; {
		for ; len(queue) < ahead && next < size; next += partSize {
			p := &part{buf: make([]byte, partSize), done: make(chan error, 1)}
			if n := len(spare); n > 0 {
				p, spare = spare[n-1], spare[:n-1]
			}
			p.off, p.b = next, p.buf[:min(partSize, size-next)]
			queue = append(queue, p)
			if workers > 1 {
				parts <- p // has room for all of the queue
			} else {
				p.read(r)
			}
		}
		if len(queue) == 0 {
			return nil
		}
		p := queue[0]
		queue = queue[1:]
		if err := errors.Join(<-p.done, ctx.Err()); err != nil {
			return err
		}
		if err := use(p.b); err != nil {
			return err
		}
		spare = append(spare, p)
	}
}

// part is a part of a disk that is read ahead.
type part struct {
	off    int64
	buf, b []byte // b is the part of buf that is used
	done   chan error
}

func (p *part) read(r io.ReaderAt) {
	n, err := r.ReadAt(p.b, p.off)
	switch {
	case n == len(p.b):
		err = nil
	case err == nil || errors.Is(err, io.EOF):
		err = damage.Truncated("content of the disk", p.off, int64(len(p.b)), int64(n))
	}
	p.done <- err
}
