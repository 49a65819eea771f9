// Package fsfile opens files of an fs.FS to be read at offsets.
package fsfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
)

// File is an open file, to be read at offsets.
type File struct {
	io.ReaderAt
	io.Closer
	Size int64 // in bytes
}

// Open opens a file of fsys. One without random access, such as a file in a zip,
// is read into memory. A directory is an error.
func Open(fsys fs.FS, name string) (*File, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	opened, err := at(f)
	if err != nil {
		f.Close()
		var located *fs.PathError
		if !errors.As(err, &located) {
			err = &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return nil, err
	}
	return opened, nil
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
		return &File{r, f, info.Size()}, nil
	}
	content, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return &File{bytes.NewReader(content), f, int64(len(content))}, nil
}
