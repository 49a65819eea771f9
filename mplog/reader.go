package mplog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Reader reads a log. It may be used by several goroutines. A nil Reader has no
// entries.
type Reader struct {
	r    io.ReaderAt
	size int64
	name string
	wide bool // UTF-16

	file   io.Closer // that Open or OpenFS opened
	closed sync.Once
}

// Option changes how a log is read.
type Option func(*Reader)

// WithName sets what errors call the file. The default is the name given to Open or
// OpenFS, and "mplog" for NewReader.
func WithName(name string) Option { return func(r *Reader) { r.name = name } }

// Open opens the named log. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// OpenFS opens a log of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// owned returns a Reader that closes its file.
func owned(f *fsfile.File, name string, opts []Option) (*Reader, error) {
	r, err := NewReader(f, f.Size, append([]Option{WithName(name)}, opts...)...)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.file = f
	return r, nil
}

const (
	maxLine = 64 << 10 // bytes of UTF-8
	maxHead = 16 << 10 // bytes in which the first line with a time must be
)

// NewReader reads a log of size bytes. It rejects only a file without a time at the
// beginning of any of its first lines: errors.Is(err, ErrNotLog).
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	l := &Reader{r: r, size: max(size, 0), name: "mplog"}
	for _, set := range opts {
		set(l)
	}
	head := make([]byte, min(l.size, maxHead))
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, damage.In(&damage.Error{Offset: 0, What: "log", Err: err}, l.name, "")
	}
	head = head[:n]
	l.wide = bytes.HasPrefix(head, []byte("\xff\xfe")) || len(head) > 3 && head[1] == 0 && head[3] == 0
	for line := range strings.Lines(l.text(head)) {
		if _, ok := parse(strings.TrimPrefix(line, "\ufeff")); ok {
			return l, nil
		}
	}
	return nil, damage.In(&damage.Error{Offset: 0, What: "log", Err: ErrNotLog}, l.name, "")
}

// Close closes the file, if Open or OpenFS opened it. Closing twice is safe.
func (r *Reader) Close() error {
	if r == nil || r.file == nil {
		return nil
	}
	var err error
	r.closed.Do(func() { err = r.file.Close() })
	return err
}

func (r *Reader) text(b []byte) string {
	if r.wide {
		return wtf8.String(b[:len(b)&^1])
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}

// Entries yields the entries of the log in its order. A damage error is followed by the
// next entry; any other error is the last.
func (r *Reader) Entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if r == nil {
			return
		}
		var open *Entry // the behavior of a process that has not ended
		n := 0
		for line, err := range r.lines() {
			n++
			if err != nil {
				if !yield(Entry{}, r.in(err, n)) || !damage.Is(err) {
					return
				}
				continue
			}
			switch trimmed := strings.TrimSpace(line.text); {
			case strings.Contains(trimmed, behaviorBegins):
				e, _ := parse(line.text)
				e.Kind, e.Line, e.Offset, e.Text = Behavior, n, line.offset, behaviorBegins
				open = &e
				continue
			case open != nil && strings.Contains(trimmed, behaviorEnds):
				e := *open
				open = nil
				if e.Time.IsZero() {
					e.Time = e.Started
				}
				if !e.Time.IsZero() && !yield(e, nil) {
					return
				}
				continue
			}
			e, timed := parse(line.text)
			if !timed {
				if open != nil {
					open.behavior(line.text)
				}
				continue
			}
			if open != nil { // a block that was cut off
				open = nil
			}
			if e.Kind == "" {
				continue
			}
			e.Line, e.Offset = n, line.offset
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Problems yields what could not be read: lines that are too long.
func (r *Reader) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for _, err := range r.Entries() {
			if err != nil && !yield(damage.Note(damage.Limit, err, "", "")) {
				return
			}
		}
	}
}

func (r *Reader) in(err error, line int) error {
	return damage.In(err, r.name, fmt.Sprintf("line %d", line))
}

// rawLine is a line and its place in bytes.
type rawLine struct {
	text   string
	offset int64
}

// lines yields the lines of the log. One that is too long is damage.
func (r *Reader) lines() iter.Seq2[rawLine, error] {
	return func(yield func(rawLine, error) bool) {
		in := bufio.NewReaderSize(io.NewSectionReader(r.r, 0, r.size), 64<<10)
		unit := 1
		if r.wide {
			unit = 2
		}
		line := make([]byte, 0, 512)
		begin, at := int64(0), int64(0)
		end := func() bool {
			length := at - begin
			from := begin
			begin = at
			if length > maxLine*int64(unit) {
				return yield(rawLine{}, damage.New("length of the line", from, length, fmt.Sprintf("≤ %d", maxLine*unit)))
			}
			text := strings.TrimRight(strings.TrimPrefix(r.text(line), "\ufeff"), "\r\n\x00")
			line = line[:0]
			return yield(rawLine{text, from}, nil)
		}
		for {
			b, err := in.Peek(unit)
			if err != nil {
				if at > begin && !end() {
					return
				}
				if !errors.Is(err, io.EOF) {
					yield(rawLine{}, err)
				}
				return
			}
			ends := b[0] == '\n' && (unit == 1 || b[1] == 0)
			if at-begin < maxLine*int64(unit) {
				line = append(line, b...)
			}
			at += int64(unit)
			in.Discard(unit)
			if ends {
				if !end() {
					return
				}
				line = line[:0]
			}
		}
	}
}
