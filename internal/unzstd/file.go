package unzstd

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
)

const (
	maxContent = 16 << 40

	// What one frame may unpack to, so that to read its end takes time in proportion to
	// its size: as much as deflate could, and some more.
	maxRatio    = 1000
	alwaysRatio = 1 << 30

	// Decoding can begin where a frame begins. Small frames share an entry of the index.
	leastUnpacked = 1 << 20
	leastPacked   = 4096

	pageSize   = 512 << 10
	maxPages   = 64
	maxCursors = 4
)

// ErrTooLarge is the cause of the error for a frame that unpacks to more than is reasonable.
var ErrTooLarge = errors.New("frame that unpacks to more than 1000 times its size and 1 GiB")

// A File is the content of a file of zstandard, read at any offset. It may be used by
// several goroutines. What is read out of order is decompressed from the beginning of its
// frame, or from where a decoder stopped before.
type File struct {
	src     fixed
	end     int64 // of the frames in src
	size    int64
	largest int64 // frame
	entries []entry

	mu      sync.Mutex
	pages   map[int64][]byte
	failed  map[int64]failure // by the entry from which it was decoded
	order   []int64           // of pages, the oldest first
	cursors []*cursor         // the one used last is at the end
	given   sync.Cond         // a cursor is not busy any more
}

// A failure is where decoding ends: to try again would take as long.
type failure struct {
	page int64
	b    []byte // what precedes the damage in the page
	err  error
}

// entry is where decoding can begin.
type entry struct{ at, off int64 } // in the file, and in the content

// cursor is a decoder that stopped before a page of the content.
type cursor struct {
	page int64
	from int64 // entry
	busy bool  // a caller uses it
	r    io.ReadCloser
}

// Open finds the frames of a file by their headers. A frame that does not record its size
// is decompressed once. If the file is damaged, Open returns what precedes the damage, nil
// if that is nothing, and an error.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{src: fixed{r: r}, pages: map[int64][]byte{}, failed: map[int64]failure{}}
	f.given.L = &f.mu
	if size == 0 {
		return nil, damage.Truncated("frame", 0, 8, 0)
	}
	var err error
	for at := int64(0); at < size && err == nil; {
		var fr frame
		if fr, err = readFrame(r, size, at); err != nil && fr.end <= at {
			break
		}
		if fr.fix != nil {
			f.src.fixes = append(f.src.fixes, *fr.fix)
		}
		if !fr.skipped && fr.size < 0 {
			n, countErr := f.count(at, fr.end)
			if fr.size = n; err == nil {
				err = countErr
			}
		}
		if fr.size > most(fr.end-at) {
			return nil, &damage.Error{Offset: at, What: "frame", Got: fmt.Sprintf("%d bytes in %d", fr.size, fr.end-at), Err: ErrTooLarge}
		}
		if f.size += fr.size; f.size > maxContent {
			return nil, damage.New("size of the content", -1, "more", fmt.Sprintf("≤ %d", int64(maxContent)))
		}
		f.add(at, fr.size)
		at = fr.end
		f.end = fr.end
	}
	if f.size == 0 && err != nil {
		return nil, err
	}
	return f, err
}

// add adds a frame, behind which the content has f.size bytes.
func (f *File) add(at, size int64) {
	if size <= 0 {
		return
	}
	f.largest = max(f.largest, size)
	off := f.size - size
	if n := len(f.entries); n > 0 && (off-f.entries[n-1].off < leastUnpacked && size < leastUnpacked || at-f.entries[n-1].at < leastPacked) {
		return
	}
	f.entries = append(f.entries, entry{at, off})
}

// most returns how much a frame may unpack to.
func most(packed int64) int64 { return packed*maxRatio + alwaysRatio }

// count returns the size of a frame's content.
func (f *File) count(at, end int64) (int64, error) {
	r, err := NewReader(io.NewSectionReader(&f.src, at, end-at))
	if err != nil {
		return 0, err
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(r, most(end-at)+1))
	if err != nil {
		err = &damage.Error{Offset: at, What: "frame", Err: err}
	}
	return n, err
}

// Size returns the size of the content in bytes.
func (f *File) Size() int64 { return f.size }

// Largest returns the size of the content of the largest frame in bytes.
func (f *File) Largest() int64 { return f.largest }

// ReadAt implements io.ReaderAt.
func (f *File) ReadAt(b []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	for n < len(b) {
		at := off + int64(n)
		if at >= f.size {
			return n, io.EOF
		}
		page, err := f.page(at / pageSize)
		in := int(at % pageSize)
		n += copy(b[n:], page[min(in, len(page)):])
		if err != nil && off+int64(n) < f.size && n < len(b) {
			return n, err
		}
	}
	return n, nil
}

// page returns a page of the content. With an error it is what precedes the damage.
func (f *File) page(i int64) ([]byte, error) {
	b, c, err := f.take(i)
	if c == nil {
		return b, err
	}
	if err != nil {
		f.fail(c, failure{c.page, nil, err})
	}
	for at := c.page; err == nil && at <= i; at++ {
		b = make([]byte, min(pageSize, f.size-at*pageSize))
		var n int
		if n, err = io.ReadFull(c.r, b); err != nil {
			end := failure{at, slices.Clone(b[:n]), unpacked(at*pageSize+int64(n), err)}
			f.fail(c, end)
			if b, err = end.b, end.err; at < i {
				b = nil
			}
			break
		}
		if (at+1)*pageSize >= f.size {
			if err = atEnd(c.r); err != nil { // in any page of the last frame, or it ends elsewhere
				end := failure{at, nil, unpacked(f.size, err)}
				f.fail(c, end)
				b, err = nil, end.err
				break
			}
		}
		f.keep(c, b)
	}
	f.give(c, err == nil)
	return b, err
}

// atEnd reports whether a decoder has nothing more: it compares the checksum and the size of
// a frame when it is read on.
func atEnd(r io.Reader) error {
	switch n, err := io.ReadFull(r, make([]byte, 1)); {
	case n > 0:
		return errors.New("more content than the headers of the frames have")
	case err != io.EOF:
		return err
	}
	return nil
}

// fail keeps where a decoder fails.
func (f *File) fail(c *cursor, end failure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failed[c.from] = end
}

func unpacked(at int64, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return &damage.Error{Offset: at, What: "content, decompressed", Err: err}
}

// take returns a page if it is kept, or else a decoder before it, which is the caller's
// until it is given back. If another caller is decoding what precedes the page, take waits:
// to decode the same twice would take longer.
func (f *File) take(i int64) ([]byte, *cursor, error) {
	e := f.entries[max(0, sort.Search(len(f.entries), func(k int) bool { return f.entries[k].off > i*pageSize })-1)]
	first := (e.off + pageSize - 1) / pageSize // page of which the beginning is behind that of the frame
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		if b, ok := f.pages[i]; ok {
			return b, nil, nil
		}
		if end, ok := f.failed[e.off]; ok && i >= end.page {
			if i > end.page {
				return nil, nil, end.err
			}
			return end.b, nil, end.err
		}
		best, busy := -1, false
		for k, c := range f.cursors {
			if c.page < first || c.page > i {
				continue
			}
			busy = busy || c.busy
			if !c.busy && (best < 0 || c.page > f.cursors[best].page) {
				best = k
			}
		}
		switch {
		case best >= 0:
			f.cursors[best].busy = true
			return nil, f.cursors[best], nil
		case !busy:
			c := &cursor{page: first, from: e.off, busy: true}
			f.cursors = append(f.cursors, c)
			var err error
			if c.r, err = NewReader(io.NewSectionReader(&f.src, e.at, f.end-e.at)); err == nil {
				_, err = io.CopyN(io.Discard, c.r, first*pageSize-e.off)
			}
			return nil, c, err
		}
		f.given.Wait()
	}
}

// give returns a decoder for others to use, unless it failed.
func (f *File) give(c *cursor, sound bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.busy = false
	k := slices.Index(f.cursors, c)
	f.cursors = slices.Delete(f.cursors, k, k+1)
	if sound {
		f.cursors = append(f.cursors, c) // as the one used last
	} else if c.r != nil {
		c.r.Close()
	}
	if len(f.cursors) > maxCursors {
		if k := slices.IndexFunc(f.cursors, func(c *cursor) bool { return !c.busy }); k >= 0 {
			f.cursors[k].r.Close()
			f.cursors = slices.Delete(f.cursors, k, k+1)
		}
	}
	f.given.Broadcast()
}

// keep keeps the page that a decoder was before.
func (f *File) keep(c *cursor, b []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := c.page
	c.page++
	if _, ok := f.pages[i]; ok {
		return
	}
	if len(f.order) == maxPages {
		delete(f.pages, f.order[0])
		f.order = f.order[1:]
	}
	f.pages[i] = b
	f.order = append(f.order, i)
}
