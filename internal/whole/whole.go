// Package whole opens files that are small enough to be decoded whole when they are
// opened.
package whole

import (
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Format is a format of small files. T is what a file has.
type Format[T any] struct {
	Part string // what errors call the bytes that are read
	Max  int64  // how many bytes of a file are read at most

	// TooLarge is the cause of the error for a file of more than Max bytes. If it is nil,
	// the first Max bytes of such a file are decoded.
	TooLarge error

	// Decode decodes the bytes of a file of that size, which errors call name.
	Decode func(name string, raw []byte, size int64) (T, []damage.Problem, error)
}

// File is a decoded file. A nil File has the zero value of T, and no problems.
type File[T any] struct {
	content  T
	problems []damage.Problem

	file   io.Closer // that Open or OpenFS opened
	closed sync.Once
}

// Open opens a file of the operating system, which errors call artifact.
func (f *Format[T]) Open(name, artifact string) (*File[T], error) {
	return f.owned(artifact)(fsfile.OpenOS(name))
}

// OpenFS opens a file of a file system, which errors call artifact.
func (f *Format[T]) OpenFS(fsys fs.FS, name, artifact string) (*File[T], error) {
	return f.owned(artifact)(fsfile.Open(fsys, name))
}

// owned returns a function that decodes an open file, and closes it if that fails.
func (f *Format[T]) owned(artifact string) func(*fsfile.File, error) (*File[T], error) {
	return func(open *fsfile.File, err error) (*File[T], error) {
		if err != nil {
			return nil, err
		}
		decoded, err := f.Read(open, open.Size, artifact)
		if err != nil {
			open.Close()
			return nil, err
		}
		decoded.file = open
		return decoded, nil
	}
}

// Read decodes a file of size bytes, which errors call artifact.
func (f *Format[T]) Read(r io.ReaderAt, size int64, artifact string) (*File[T], error) {
	if size > f.Max && f.TooLarge != nil {
		return nil, &damage.Error{Artifact: artifact, Offset: -1, What: "size of the file", Got: fmt.Sprint(size), Want: fmt.Sprintf("≤ %d", f.Max), Err: f.TooLarge}
	}
	raw, err := bin.ReadAt(r, size, 0, min(size, f.Max), f.Part)
	if err != nil {
		return nil, damage.In(err, artifact, "")
	}
	content, problems, err := f.Decode(artifact, raw, size)
	if err != nil {
		return nil, damage.In(err, artifact, "")
	}
	return &File[T]{content: content, problems: problems}, nil
}

// Content returns what the file has.
func (f *File[T]) Content() (content T) {
	if f != nil {
		content = f.content
	}
	return content
}

// Problems yields what is wrong with the file.
func (f *File[T]) Problems() iter.Seq[damage.Problem] {
	if f == nil {
		return slices.Values([]damage.Problem(nil))
	}
	return slices.Values(f.problems)
}

// Close closes the file that Open or OpenFS opened. It does nothing after Read, and when
// it is called again.
func (f *File[T]) Close() (err error) {
	if f != nil && f.file != nil {
		f.closed.Do(func() { err = f.file.Close() })
	}
	return err
}

// Configure returns a configuration with options applied to it.
func Configure[C any, O ~func(*C)](c C, opts []O) C {
	for _, set := range opts {
		set(&c)
	}
	return c
}
