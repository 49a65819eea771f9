package evtx

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math"
	"os"
	"sync"

	"golang.org/x/text/encoding"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Reader reads a log. It may be used concurrently; the chunks and records that it
// yields may not, see [Chunk]. A nil Reader yields os.ErrInvalid instead of records.
type Reader struct {
	r       io.ReaderAt
	size    int64
	name    string // of the log in errors
	header  fileHeader
	start   int64 // of the first chunk
	workers int   // see WithWorkers
	filter  *filter
	ansi    *ansi

	definitions *Definitions // see WithDefinitions; may be nil

	templates *templateCache

	mu   sync.Mutex
	read []idRange // of all chunks, see ranges

	file   io.Closer // opened by Open or OpenFS
	closed sync.Once
}

// Option changes how a log is read.
type Option func(*config)

type config struct {
	name        string
	workers     int
	filter      Filter
	ansi        *ansi
	definitions *Definitions
}

// WithName sets the name of the log in errors and problems. The default is the name
// that was passed to Open or OpenFS, and "evtx" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// WithANSI sets how text of type AnsiType is encoded: in the code page that the
// machine which wrote the log used for programs without Unicode. Its registry has the
// number of that code page under SYSTEM\CurrentControlSet\Control\Nls\CodePage, as the
// value ACP: for 932 the encoding is [golang.org/x/text/encoding/japanese.ShiftJIS].
// Bytes without a meaning become U+FFFD. The default, also for nil, is Windows-1252.
func WithANSI(e encoding.Encoding) Option {
	return func(c *config) {
		if c.ansi = nil; e != nil {
			c.ansi = &ansi{e}
		}
	}
}

// Open opens the named log. Like NewReader, it rejects only a file that is not an
// event log. The caller must close the Reader.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	return open(&fsfile.File{ReaderAt: f, Closer: f, Size: st.Size()}, name, opts)
}

// OpenFS opens the named log of a file system. A file without random access, such as
// one in a zip archive, is read into memory. Like NewReader, OpenFS rejects only a
// file that is not an event log. The caller must close the Reader.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return open(f, name, opts)
}

func open(f *fsfile.File, name string, opts []Option) (*Reader, error) {
	r, err := newReader(f, f.Size, config{name: name}, opts)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.file = f
	return r, nil
}

// NewReader returns a Reader for the log of size bytes in r. It rejects only a file
// that is not an event log, with ErrNotEventLog as the cause: one that has neither a
// file header nor a chunk in one of the first 1024 places or at the beginning of the
// file. A dirty or damaged log is accepted, and Problems reports what is wrong with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return newReader(r, size, config{name: "evtx"}, opts)
}

func newReader(r io.ReaderAt, size int64, c config, opts []Option) (*Reader, error) {
	for _, o := range opts {
		o(&c)
	}
	rd := &Reader{
		r: r, size: size, name: c.name, start: fileHeaderSize, workers: c.workers, ansi: c.ansi,
		definitions: c.definitions, templates: &templateCache{},
	}
	var err error
	if rd.filter, err = newFilter(c.filter); err != nil {
		return nil, err
	}
	head, err := bin.ReadAt(r, size, 0, min(size, 128), "file header")
	if err != nil {
		return nil, rd.in(err)
	}
	if rd.header, err = parseFileHeader(head); err != nil {
		// Chunks decode independently: if the first one is there, this is a log.
		at, found := findChunk(r, size)
		switch {
		case at != fileHeaderSize && at != 0 && found:
			err = &damage.Error{What: "file signature", Got: fmt.Sprintf("%q, and a chunk at %#x", head[:min(8, len(head))], at),
				Want: fmt.Sprintf("%q, or a chunk at %#x", fileSignature, fileHeaderSize), Err: ErrNotEventLog}
			fallthrough
		case !found:
			return nil, rd.in(err)
		}
		rd.header, rd.start = fileHeader{lost: true}, at
	}
	return rd, nil
}

// findChunk looks for a chunk in a file without a file header. It returns the offset
// of the first chunk of the log: where it should be if there is a chunk in any of the
// first 1024 places, or the beginning of the file if the page of the file header is
// gone. Otherwise it returns the offset of any chunk in the first 64 KiB.
func findChunk(r io.ReaderAt, size int64) (int64, bool) {
	const places = 1024
	for at := int64(fileHeaderSize); at < min(size, places*chunkSize); at += chunkSize {
		b, err := bin.ReadAt(r, size, at, min(size-at, int64(len(chunkSignature))), "chunk signature")
		if err == nil && bytes.Equal(b, chunkSignature) {
			return fileHeaderSize, true
		}
	}
	b, err := bin.ReadAt(r, size, 0, min(size, chunkSize), "chunk signature")
	at := bytes.Index(b, chunkSignature)
	return int64(at), err == nil && at >= 0
}

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// or if it was called before.
func (r *Reader) Close() (err error) {
	if r != nil && r.file != nil {
		r.closed.Do(func() { err = r.file.Close() })
	}
	return err
}

func (r *Reader) in(err error) error { return damage.In(err, r.name, "") }

func (r *Reader) note(kind damage.Kind, err error) Problem { return damage.Note(kind, err, r.name, "") }

// Dirty reports whether the log was not closed cleanly. The numbers in its header may
// then be out of date.
func (r *Reader) Dirty() bool { return r != nil && r.header.flags&flagDirty != 0 }

// Version returns the version of the format, normally 3.1 or 3.2.
func (r *Reader) Version() (major, minor uint16) {
	if r == nil {
		return 0, 0
	}
	return r.header.major, r.header.minor
}

// Chunks yields the chunks of the log, beginning with the one that has the oldest
// records: a wrapped log begins in the middle of the file. The number of chunks
// follows from the size of the file, because the number in the header of a dirty log
// is wrong. Only if the log was closed cleanly, and the header also has the identifier
// of the next record right, chunks behind that number do not belong to the log; see
// Recovered. Chunks that were never written are omitted.
//
// Errors come from the underlying reader and end the iteration. An empty chunk
// accompanies the error.
func (r *Reader) Chunks() iter.Seq2[*Chunk, error] {
	return r.chunks(func() *Chunk { return new(Chunk) })
}

// chunks is Chunks, reading into the chunks that next returns.
func (r *Reader) chunks(next func() *Chunk) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		order, err := r.order()
		if err != nil {
			yield(new(Chunk), err)
			return
		}
		var c *Chunk
		for _, n := range order {
			if c == nil {
				c = next()
			}
			if err := r.load(c, n); err != nil {
				yield(new(Chunk), err)
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

// count returns the number of chunks in the file, including a last one that is cut
// off.
func (r *Reader) count() int { return int(max(0, (r.size-r.start+chunkSize-1)/chunkSize)) }

// order returns the numbers of the chunks in the order of Chunks: from the one with
// the oldest record to the end of the log, then from the beginning of the file.
func (r *Reader) order() ([]int, error) {
	_, order, err := r.ranges()
	return order, err
}

// ranges returns the ranges of all chunks of the file, and the numbers of those that
// belong to the log, in the order of Chunks.
func (r *Reader) ranges() (all []idRange, order []int, err error) {
	if r == nil || r.r == nil {
		return nil, nil, os.ErrInvalid // Open failed, and its error was ignored
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for n := len(r.read); n < r.count(); n++ {
		ids, err := r.chunkRange(n)
		if err != nil {
			return nil, nil, err
		}
		r.read = append(r.read, ids)
	}
	all = r.read
	count := r.header.live(all, r.checksums())
	oldest, at := uint64(math.MaxUint64), 0
	for n, ids := range all[:count] {
		if ids.first > 0 && ids.first < oldest {
			oldest, at = ids.first, n
		}
	}
	order = make([]int, count)
	for i := range order {
		order[i] = (at + i) % count
	}
	return all, order, nil
}

func (r *Reader) chunkOffset(n int) int64 { return r.start + int64(n)*chunkSize }

// idRange holds the identifiers and the numbers in the file of the first and the last
// record of a chunk. They are 0 for anything that is not a chunk.
type idRange struct {
	chunk                   int
	first, last             uint64
	firstNumber, lastNumber uint64
}

// used reports whether the chunk has records.
func (i idRange) used() bool { return i.first != 0 && i.first <= i.last && i.last != math.MaxUint64 }

// chunkRange reads the range of chunk n.
func (r *Reader) chunkRange(n int) (idRange, error) {
	var head [40]byte
	ids := idRange{chunk: n}
	offset := r.chunkOffset(n)
	if r.size-offset < chunkHeaderSize {
		return ids, nil
	}
	if err := bin.ReadFull(r.r, head[:], offset, "chunk header"); err != nil {
		return ids, r.in(err)
	}
	if bytes.Equal(head[:8], chunkSignature) {
		ids.firstNumber, ids.lastNumber = le.Uint64(head[8:]), le.Uint64(head[16:])
		ids.first, ids.last = le.Uint64(head[24:]), le.Uint64(head[32:])
	}
	return ids, nil
}

// load reads chunk n.
func (r *Reader) load(c *Chunk, n int) error {
	at := r.chunkOffset(n)
	size := int(min(chunkSize, r.size-at))
	if c.words == nil {
		c.words = new(words)
	}
	c.init(n, at, c.words[:size])
	if err := bin.ReadFull(r.r, c.buf, at, "chunk"); err != nil {
		return r.in(err)
	}
	c.parseHeader()
	c.log = r.name
	c.cache = r.templates
	c.filter = r.filter
	c.ansi = r.ansi
	c.checksums = r.checksums()
	return nil
}

// At yields the records at offsets, which Record.Offset of earlier records had, in the
// order of the offsets. It reads a chunk once for all successive offsets in it. An
// offset at which no record begins yields a *FormatError; any other error ends the
// iteration. The filter of the log does not apply. A record is valid until the next
// one: its memory is used again.
func (r *Reader) At(offsets iter.Seq[int64]) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if r == nil || r.r == nil {
			yield(Record{}, os.ErrInvalid)
			return
		}
		c, loaded := new(Chunk), -1
		for offset := range offsets {
			n := int((offset - r.start) / chunkSize)
			if offset < r.start || n >= r.count() {
				n = -1
			}
			if n >= 0 && n != loaded {
				if err := r.load(c, n); err != nil {
					yield(Record{}, err)
					return
				}
				loaded = n
			}
			var rec Record
			var err error
			if at := int(offset - r.start - int64(n)*chunkSize); n >= 0 && at >= chunkHeaderSize && at+recordOverhead <= c.free {
				if f, _ := c.frame(at); f.size > 0 {
					rec = c.record(f.at, f.size)
				} else {
					err = c.in(f.err)
				}
			} else {
				err = r.in(damage.New("record", offset, "an offset outside of the chunks' records", "the offset of a record"))
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// unused reports whether the chunk was never written.
func (c *Chunk) unused() bool { return !c.sound && c.empty(0, len(c.buf)) }

// Records yields the records of all chunks, in the order of Chunks: those that the
// filter selects, if there is one. MapChunks is faster, because it uses the memory of
// a chunk again.
//
// A *FormatError means that this record, or the chunk that the error names, is
// damaged; the iteration continues. Any other error ends it. It is safe to stop early
// and to range again.
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
