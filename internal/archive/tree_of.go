package archive

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"time"
)

// Times are those of a file beside that of its last write. Unknown ones are zero.
type Times struct{ Created, Accessed, Changed time.Time }

// Member is a file or folder of an archive that another package reads.
type Member struct {
	Name     string // with slashes; that of a folder ends with one
	Size     int64
	Modified time.Time
	Times    Times
	R        io.ReaderAt // the content of a file; nil if it is empty, or if Err is set
	Err      error       // why the content cannot be read
}

// Of returns the tree of members.
func Of(members iter.Seq[Member], o Options) *FS {
	b := newBuilder(o.Limits)
	for m := range members {
		if n := b.add(m.Name, &ready{m}, m.Size, m.Modified); n != nil {
			n.times = &m.Times
		}
	}
	return b.finish()
}

// ready is the content of a Member.
type ready struct{ Member }

func (r *ready) ready() error { return r.Err }

// head implements content.
func (r *ready) head(n int) ([]byte, error) {
	b := make([]byte, min(int64(n), r.Size))
	n, err := r.ReadAt(b, 0)
	if n == len(b) || errors.Is(err, io.EOF) {
		err = nil
	}
	return b[:n], err
}

func (r *ready) same(content) bool { return false }

// ReadAt implements io.ReaderAt.
func (r *ready) ReadAt(b []byte, off int64) (int, error) {
	switch {
	case r.Err != nil:
		return 0, r.Err
	case off < 0:
		return 0, errNegative
	case off >= r.Size:
		return 0, io.EOF
	case r.R == nil:
		return 0, fs.ErrInvalid
	}
	var end error
	if int64(len(b)) > r.Size-off {
		b, end = b[:r.Size-off], io.EOF
	}
	n, err := r.R.ReadAt(b, off)
	if n == len(b) {
		return n, end
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
