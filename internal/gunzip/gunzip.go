// Package gunzip unpacks gzip files so that they can be read at any offset.
//
// A gzip file can only be read from its beginning, but evidence is read at any offset.
// Therefore the file is unpacked once, into pages that are each kept compressed. They
// take memory in proportion to the compressed file, not to the unpacked one, and a page
// of zeros takes none.
package gunzip

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

const (
	pageSize   = 64 << 10
	cachePages = 64 // the most recent pages are kept unpacked

	maxGzip     = 1 << 30 // in bytes of the compressed file
	maxUnpacked = 1 << 40
)

// The causes of errors for files that are too large, which must be unpacked first.
var (
	ErrGzipSize     = errors.New("gzip file of more than 1 GiB")
	ErrUnpackedSize = errors.New("gzip file that unpacks to more than 1 TiB")
)

// Magic is what gzip files begin with.
const Magic = "\x1f\x8b\x08"

// A File is an unpacked gzip file. It may be used by several goroutines.
type File struct {
	packed [][]byte // nil for a page of zeros
	size   int64

	mu    sync.Mutex
	cache map[int64][]byte
	order []int64 // pages of cache, oldest first
}

// Open unpacks a gzip file. If the file is damaged it returns what precedes the damage,
// nil if that is nothing, and an error.
func Open(r io.ReaderAt, size int64) (*File, error) {
	if size > maxGzip {
		return nil, ErrGzipSize
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(io.NewSectionReader(r, 0, size), int(min(size, 1<<20))+16))
	if err != nil {
		return nil, &damage.Error{Offset: 0, What: "gzip header", Err: err}
	}
	p := &File{cache: map[int64][]byte{}}
	w, err := newPageWriter()
	if err != nil {
		return nil, err
	}
	for page := make([]byte, pageSize); ; {
		n, err := fill(z, page)
		if n > 0 {
			packed, err := w.pack(page[:n])
			if err != nil {
				return nil, err
			}
			p.packed = append(p.packed, packed)
			p.size += int64(n)
		}
		switch {
		case err == io.EOF:
			return p, nil
		case err != nil && p.size == 0:
			return nil, &damage.Error{Offset: -1, What: "gzip data", Err: err}
		case err != nil:
			return p, &damage.Error{Offset: p.size, What: "gzip data, unpacked", Err: err}
		case p.size > maxUnpacked:
			return nil, ErrUnpackedSize
		}
	}
}

// fill is io.ReadFull, but it distinguishes the end of r (io.EOF) from an early
// failure of r (io.ErrUnexpectedEOF among others).
func fill(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = r.Read(b[n:])
		n += m
	}
	return n, err
}

// pageWriter compresses pages.
type pageWriter struct {
	w   *flate.Writer
	out bytes.Buffer
}

func newPageWriter() (*pageWriter, error) {
	w, err := flate.NewWriter(io.Discard, flate.BestSpeed)
	return &pageWriter{w: w}, err
}

// pack returns a compressed page, or nil if the page is all zeros.
func (p *pageWriter) pack(page []byte) ([]byte, error) {
	if bin.AllZero(page) {
		return nil, nil
	}
	p.out.Reset()
	p.w.Reset(&p.out)
	if _, err := p.w.Write(page); err != nil {
		return nil, err
	}
	if err := p.w.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(p.out.Bytes()), nil
}

// Size returns the size of the unpacked file in bytes.
func (p *File) Size() int64 { return p.size }

// ReadAt implements io.ReaderAt.
func (p *File) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	done := 0
	for done < len(b) && off < p.size {
		page, err := p.page(off / pageSize)
		if err != nil {
			return done, err
		}
		n := copy(b[done:], page[off%pageSize:])
		done += n
		off += int64(n)
	}
	if done < len(b) {
		return done, io.EOF
	}
	return done, nil
}

// page returns an unpacked page, which the caller must not change.
func (p *File) page(i int64) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if page, ok := p.cache[i]; ok {
		return page, nil
	}
	page := make([]byte, min(pageSize, p.size-i*pageSize))
	if packed := p.packed[i]; packed != nil {
		if _, err := io.ReadFull(flate.NewReader(bytes.NewReader(packed)), page); err != nil {
			return nil, err
		}
	}
	if len(p.order) == cachePages {
		delete(p.cache, p.order[0])
		p.order = p.order[1:]
	}
	p.cache[i] = page
	p.order = append(p.order, i)
	return page, nil
}
