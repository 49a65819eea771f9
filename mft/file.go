package mft

import (
	"errors"
	"io"
	"io/fs"
)

var errIsDirectory = errors.New("is a directory")

// file is an open stream.
type file struct {
	*io.SectionReader
	stream StreamReader
	info   *FileInfo
	name   string
	closed bool
}

func newFile(info *FileInfo, name string) (*file, error) {
	stream := noStream()
	if info.stream != nil {
		var err error
		if stream, err = info.volume.open(info.rec, info.stream); err != nil {
			return nil, err
		}
	}
	return &file{SectionReader: io.NewSectionReader(stream, 0, stream.Size()), stream: stream, info: info, name: name}, nil
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *file) Read(p []byte) (int, error) {
	if f.closed {
		return 0, f.fail("read", fs.ErrClosed)
	}
	n, err := f.SectionReader.Read(p)
	return n, f.fail("read", err)
}

func (f *file) ReadAt(p []byte, off int64) (int, error) {
	if f.closed {
		return 0, f.fail("read", fs.ErrClosed)
	}
	n, err := f.SectionReader.ReadAt(p, off)
	return n, f.fail("read", err)
}

// NextData returns the first offset at or behind off that is not in a hole, at most the
// size of the stream.
func (f *file) NextData(off int64) int64 {
	if s, ok := f.stream.(interface{ NextData(int64) int64 }); ok {
		return s.NextData(off)
	}
	return min(max(off, 0), f.stream.Size())
}

func (f *file) Close() error {
	if f.closed {
		return f.fail("close", fs.ErrClosed)
	}
	f.closed = true
	return nil
}

func (f *file) fail(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &fs.PathError{Op: op, Path: f.name, Err: err}
}

// dirFile is an open directory.
type dirFile struct {
	info   *FileInfo
	name   string
	list   []fs.DirEntry // entries that ReadDir has not returned yet
	err    error         // damage, returned at the end of the list
	read   bool
	closed bool
}

func (d *dirFile) Stat() (fs.FileInfo, error) { return d.info, nil }

func (d *dirFile) Read([]byte) (int, error) { return 0, d.fail("read", errIsDirectory) }

func (d *dirFile) Close() error {
	if d.closed {
		return d.fail("close", fs.ErrClosed)
	}
	d.closed = true
	return nil
}

// ReadDir implements fs.ReadDirFile.
func (d *dirFile) ReadDir(n int) ([]fs.DirEntry, error) {
	if d.closed {
		return nil, d.fail("readdir", fs.ErrClosed)
	}
	if !d.read {
		d.read = true
		d.list, d.err = d.info.volume.list(d.info.rec)
	}
	if n <= 0 || n >= len(d.list) {
		list, err := d.list, d.err
		d.list, d.err = nil, nil
		if n > 0 && len(list) == 0 && err == nil {
			return nil, io.EOF
		}
		if err != nil {
			err = d.fail("readdir", err)
		}
		return list, err
	}
	list := d.list[:n:n]
	d.list = d.list[n:]
	return list, nil
}

func (d *dirFile) fail(op string, err error) error {
	return &fs.PathError{Op: op, Path: d.name, Err: err}
}
