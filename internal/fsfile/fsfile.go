// Package fsfile opens files of an fs.FS or of the operating system, to be read at
// offsets.
package fsfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
)

// File is an open file that can be read at offsets.
type File struct {
	io.ReaderAt
	io.Closer
	Size int64 // in bytes
}

// Open opens a file of fsys. A file without random access, such as one in a zip
// archive, is read into memory. Opening a directory is an error.
func Open(fsys fs.FS, name string) (*File, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	return opened(f, name)
}

// OpenOS opens a file of the operating system, which may be a device. Opening a
// directory is an error.
func OpenOS(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return opened(f, name)
}

func opened(f fs.File, name string) (*File, error) {
	file, err := at(f)
	if err != nil {
		f.Close()
		var located *fs.PathError
		if !errors.As(err, &located) {
			err = &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return nil, err
	}
	return file, nil
}

var errDirectory = errors.New("is a directory")

func at(f fs.File) (*File, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errDirectory
	}
	if r, ok := f.(io.ReaderAt); ok {
		size := info.Size()
		if s, ok := f.(io.Seeker); ok && info.Mode()&fs.ModeDevice != 0 { // a device has an end, but reports no size
			if size, err = s.Seek(0, io.SeekEnd); err != nil {
				return nil, err
			}
		}
		return &File{r, f, size}, nil
	}
	content, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return &File{bytes.NewReader(content), f, int64(len(content))}, nil
}
