package weblog

import (
	"io"
	"io/fs"
	"iter"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

// Reader reads a log. It may be used by several goroutines. A nil Reader yields
// os.ErrInvalid in place of requests.
type Reader struct {
	r        io.ReaderAt
	size     int64  // without half a character at the end
	name     string // what errors call the log
	software string
	format   Format
	encoding encoding
	quotes   bool // values with blanks are in quotation marks

	cut    error     // the damage of a gzip file, after which nothing can be read
	file   io.Closer // that Open or OpenFS opened
	closed sync.Once
}

// Option changes how a log is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the log. The default is the name
// given to Open or OpenFS, and "weblog" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named log. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// OpenFS opens a log of a file system. Close closes the file. A file without
// random access is read into memory.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// owned returns a Reader that closes its file.
func owned(f *fsfile.File, name string, opts []Option) (*Reader, error) {
	rd, err := NewReader(f, f.Size, append([]Option{WithName(name)}, opts...)...)
	if err != nil {
		f.Close()
		return nil, err
	}
	rd.file = f
	return rd, nil
}

// headSize is how far from the beginning of a log its fields must be named, in
// bytes.
const headSize = 64 << 10

// NewReader reads a log of size bytes, which may be a gzip file: offsets are then those
// in the unpacked log. It rejects only a file that is not a log:
// errors.Is(err, ErrNotWebLog). A damaged log opens, and Requests and Problems say
// what is wrong with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	c := config{name: "weblog"}
	for _, set := range opts {
		set(&c)
	}
	rd := &Reader{r: r, size: size, name: c.name}
	if err := rd.unpack(); err != nil {
		return nil, rd.in(err, "")
	}
	r, size = rd.r, rd.size
	head, err := bin.ReadAt(r, size, 0, min(size, headSize), "directives")
	if err != nil {
		return nil, rd.in(err, "")
	}
	rd.recognize(head)
	if rd.format == "" {
		return nil, rd.in(notWebLog(head), "")
	}
	rd.size -= rd.size % int64(rd.encoding.width())
	return rd, nil
}

// unpack unpacks a gzip file. Of a damaged one it keeps what precedes the damage.
func (r *Reader) unpack() error {
	var magic [len(inflate.Magic)]byte
	if n, err := r.r.ReadAt(magic[:], 0); n < len(magic) || string(magic[:]) != inflate.Magic {
		_ = err // it comes again with the first line
		return nil
	}
	f, err := inflate.OpenGzip(r.r, r.size)
	if f == nil {
		if !damage.Is(err) {
			err = &damage.Error{Offset: 0, What: "gzip file", Err: err}
		}
		return err
	}
	r.r, r.size, r.cut = f, f.Size(), err
	return nil
}

func notWebLog(head []byte) error {
	err := &damage.Error{Offset: 0, What: "log", Got: quoted(string(head)), Want: "#Fields with cs-uri-stem, or lines in the NCSA or the IIS format", Err: ErrNotWebLog}
	if len(head) == 0 {
		err.Got = "an empty file"
	}
	return err
}

// quoted returns the beginning of a value from a log for an error.
func quoted(s string) string {
	const most = 32
	if len(s) > most {
		return strconv.QuoteToASCII(s[:most]) + "…"
	}
	return strconv.QuoteToASCII(s)
}

// isDirective reports whether a line is a directive. Only logs in the W3C format have
// them.
func (r *Reader) isDirective(text string) bool {
	return strings.HasPrefix(text, "#") && (r.format == W3C || r.format == HTTPERR)
}

// Software returns what the log says wrote it, such as "Microsoft Internet
// Information Services 10.0", or "".
func (r *Reader) Software() string {
	if r == nil {
		return ""
	}
	return r.software
}

// Format returns the format of the log, or "".
func (r *Reader) Format() Format {
	if r == nil {
		return ""
	}
	return r.format
}

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() (err error) {
	if r != nil && r.file != nil {
		r.closed.Do(func() { err = r.file.Close() })
	}
	return err
}

// isOpen reports whether there is a log: not if Open failed, and nobody looked.
func (r *Reader) isOpen() bool { return r != nil && r.r != nil }

func (r *Reader) in(err error, path string) error { return damage.In(err, r.name, path) }

func (r *Reader) note(kind damage.Kind, err error, path string) Problem {
	return damage.Note(kind, err, r.name, path)
}

// Requests yields the requests of the log in its order.
//
// A *FormatError means that this line is damaged and iteration goes on: the Request
// has only the place and the text of the line and, if it begins with one, its Time. Any
// other error is final and last. Breaking off early is safe, and so is ranging again.
func (r *Reader) Requests() iter.Seq2[Request, error] { return r.From(Place{}) }

// From yields the requests from a place of this log on, as Requests does. The zero
// Place is the beginning of the log.
func (r *Reader) From(p Place) iter.Seq2[Request, error] {
	return func(yield func(Request, error) bool) {
		if !r.isOpen() {
			yield(Request{}, os.ErrInvalid)
			return
		}
		d := decoder{reader: r}
		if err := d.resume(p); err != nil {
			yield(Request{}, err)
			return
		}
		l := newLines(r.r, r.size, r.encoding, p)
		for {
			line, err := l.next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Request{}, r.in(err, ""))
				return
			}
			if text := r.encoding.text(line.text[:min(len(line.text), 8)]); r.isDirective(text) && !line.long {
				d.directive(line)
				continue
			}
			if req, err := d.request(line); !yield(req, err) {
				return
			}
		}
	}
}
