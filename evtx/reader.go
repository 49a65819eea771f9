package evtx

import (
	"bytes"
	"io"
	"iter"
	"math"
	"os"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

const artifact = "evtx"

// Reader reads a log. It is safe for use by several goroutines; what it yields
// is not, see Chunk.
type Reader struct {
	r      io.ReaderAt
	size   int64
	header fileHeader
	start  int64 // of the first chunk

	workers   int // see WithWorkers
	templates *templateCache
}

// ReadCloser is a Reader that owns its file.
type ReadCloser struct {
	Reader
	f *os.File
}

// Close closes the file.
func (r *ReadCloser) Close() error { return r.f.Close() }

// Open opens the named log.
func Open(name string, opts ...Option) (*ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	r, err := NewReader(f, st.Size(), opts...)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &ReadCloser{*r, f}, nil
}

// Option changes how a log is read.
type Option func(*Reader)

// NewReader reads a log of size bytes. It rejects only what is no event log: what
// begins neither with the file header nor, behind it, with a chunk. A dirty or
// damaged one opens, and Problems says what is wrong with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	head, err := bin.ReadAt(r, size, 0, min(size, 128), "file header")
	if err != nil {
		return nil, damage.In(err, artifact, "")
	}
	h, err := parseFileHeader(head)
	if err != nil {
		// Chunks stand on their own: where one begins, this is a log.
		first, chunkErr := bin.ReadAt(r, size, fileHeaderSize, int64(len(chunkSignature)), "chunk signature")
		if chunkErr != nil || !bytes.Equal(first, chunkSignature) {
			return nil, damage.In(err, artifact, "")
		}
		h = fileHeader{lost: true}
	}
	rd := &Reader{r: r, size: size, header: h, start: fileHeaderSize, templates: &templateCache{}}
	for _, o := range opts {
		o(rd)
	}
	return rd, nil
}

// Dirty reports whether the log was not closed cleanly: the header's figures
// may be old.
func (r *Reader) Dirty() bool { return r.header.flags&flagDirty != 0 }

// Version returns the version of the format, 3.1 or 3.2.
func (r *Reader) Version() (major, minor uint16) { return r.header.major, r.header.minor }

// Chunks yields the chunks of the log, the one with the oldest records first: a
// wrapped log begins in the middle of the file. The file's size counts, not the
// header's number of chunks, which dirty logs have wrong. Chunks that were never
// written are left out.
//
// An error is final: it is one of the underlying reader.
func (r *Reader) Chunks() iter.Seq2[*Chunk, error] {
	return r.chunks(func() *Chunk { return new(Chunk) })
}

// chunks is Chunks with the memory of the chunks that next returns.
func (r *Reader) chunks(next func() *Chunk) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		order, err := r.order()
		if err != nil {
			yield(nil, err)
			return
		}
		var c *Chunk
		for _, n := range order {
			if c == nil {
				c = next()
			}
			if err := r.load(c, n); err != nil {
				yield(nil, err)
				return
			}
			if c.unused() {
				continue
			}
			if !yield(c, nil) {
				return
			}
			c = nil
		}
	}
}

// order returns the numbers of the chunks: from the one with the oldest record to
// the end of the file, then from its beginning.
func (r *Reader) order() ([]int, error) {
	count := int(max(0, (r.size-r.start+chunkSize-1)/chunkSize))
	oldest, at := uint64(math.MaxUint64), 0
	for n := range count {
		first, _, err := r.chunkRange(n)
		if err != nil {
			return nil, err
		}
		if first > 0 && first < oldest {
			oldest, at = first, n
		}
	}
	order := make([]int, count)
	for i := range order {
		order[i] = (at + i) % count
	}
	return order, nil
}

func (r *Reader) chunkOffset(n int) int64 { return r.start + int64(n)*chunkSize }

// chunkRange reads the identifiers of the first and last record of a chunk; 0 for
// both where there is no chunk.
func (r *Reader) chunkRange(n int) (first, last uint64, err error) {
	var head [40]byte
	offset := r.chunkOffset(n)
	if r.size-offset < chunkHeaderSize {
		return 0, 0, nil
	}
	if err := bin.ReadFull(r.r, head[:], offset, "chunk header"); err != nil {
		return 0, 0, damage.In(err, artifact, "")
	}
	if !bytes.Equal(head[:8], chunkSignature) {
		return 0, 0, nil
	}
	return le.Uint64(head[24:]), le.Uint64(head[32:]), nil
}

// load reads chunk n.
func (r *Reader) load(c *Chunk, n int) error {
	at := r.chunkOffset(n)
	size := int(min(chunkSize, r.size-at))
	if cap(c.buf) < size {
		c.buf = make([]byte, size)
	}
	c.init(n, at, c.buf[:size])
	if err := bin.ReadFull(r.r, c.buf, at, "chunk"); err != nil {
		return damage.In(err, artifact, "")
	}
	c.parseHeader()
	c.cache = r.templates
	c.checksums = r.checksums()
	return nil
}

// unused reports whether the chunk holds nothing.
func (c *Chunk) unused() bool { return !c.sound && c.empty(0, len(c.buf)) }

// Records yields the records of all chunks, in the order of Chunks.
//
// A *FormatError means that this record, or the chunk it names, is damaged and
// iteration goes on; any other error is final and last. Breaking off early is
// safe, and so is ranging again.
func (r *Reader) Records() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for c, err := range r.Chunks() {
			if err != nil {
				yield(Record{}, err)
				return
			}
			for rec, err := range c.Records() {
				if !yield(rec, err) {
					return
				}
			}
		}
	}
}
