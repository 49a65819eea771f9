package registry

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/birthmark-dfir/birthmark/internal/damage"
)

// FormatError says what is malformed in a hive, where it lies (an offset in
// bytes from the beginning of the hive file), what was wanted and what was
// there.
type FormatError = damage.Error

// Problem is something wrong with a hive that did not stop the rest of it from
// being read.
type Problem = damage.Problem

// An Option changes how NewReader reads a hive.
type Option func(*Reader)

// WithName gives the hive the name of its file, which errors, [Autostart.Hive]
// and [Reader.Type] use. Without it, the last part of the name stored in the
// base block serves.
func WithName(name string) Option { return func(r *Reader) { r.name = name } }

// Reader reads one hive. It holds the whole hive in memory and may be used from
// several goroutines.
type Reader struct {
	name string
}

// NewReader reads the hive of size bytes in r. It fails when r fails, or with a
// *FormatError when the beginning is no base block or there is no key at all.
// Everything else that is wrong with the hive is listed by Problems.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return nil, fmt.Errorf("registry: not built yet")
}

// ReadCloser is a Reader of a file that it owns.
type ReadCloser struct {
	Reader
}

// Open reads the hive in the named file.
func Open(name string) (*ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	r, err := NewReader(f, st.Size(), WithName(filepath.Base(name)))
	if err != nil {
		return nil, err
	}
	return &ReadCloser{*r}, nil
}

// Close releases the file. The keys and values that were read stay usable.
func (r *ReadCloser) Close() error { return nil }
