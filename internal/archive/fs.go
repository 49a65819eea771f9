package archive

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"time"
)

var (
	errIsDirectory = errors.New("is a directory")
	errNegative    = errors.New("negative offset")
)

// lookup returns the node of a path.
func (f *FS) lookup(name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	if f == nil || f.root == nil {
		return nil, fs.ErrNotExist
	}
	at := f.root
	if name == "." {
		return at, nil
	}
	for part := range strings.SplitSeq(name, "/") {
		i := sort.Search(len(at.children), func(i int) bool { return at.children[i].name >= part })
		if i == len(at.children) || at.children[i].name != part {
			return nil, fs.ErrNotExist
		}
		at = at.children[i]
	}
	return at, nil
}

// Open implements fs.FS.
func (f *FS) Open(name string) (fs.File, error) {
	n, err := f.lookup(name)
	switch {
	case err != nil:
	case n.dir:
		return &folder{n: n}, nil
	default:
		if err = n.content.ready(); err == nil {
			return &file{io.NewSectionReader(n.content, 0, n.size), n}, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: err}
}

// Head returns the first n bytes of a file, or fewer. It is quick: unlike what is read
// from an open file they may be unchecked.
func (f *FS) Head(name string, n int) ([]byte, error) {
	at, err := f.lookup(name)
	switch {
	case err == nil && at.dir:
		err = errIsDirectory
	case err == nil:
		var b []byte
		if b, err = at.content.head(n); err == nil {
			return b, nil
		}
	}
	return nil, &fs.PathError{Op: "read", Path: name, Err: err}
}

// Stat implements fs.StatFS.
func (f *FS) Stat(name string) (fs.FileInfo, error) {
	n, err := f.lookup(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return info{n}, nil
}

// ReadDir implements fs.ReadDirFS.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := f.lookup(name)
	if err == nil && !n.dir {
		err = fs.ErrInvalid
	}
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	return entries(n.children), nil
}

func entries(nodes []*node) []fs.DirEntry {
	list := make([]fs.DirEntry, len(nodes))
	for i, n := range nodes {
		list[i] = info{n}
	}
	return list
}

// file is an open file. It also has Read, ReadAt and Seek.
type file struct {
	*io.SectionReader
	n *node
}

func (f *file) Stat() (fs.FileInfo, error) { return info{f.n}, nil }
func (f *file) Close() error               { return nil }

// folder is an open folder.
type folder struct {
	n    *node
	next int
}

func (d *folder) Stat() (fs.FileInfo, error) { return info{d.n}, nil }
func (d *folder) Close() error               { return nil }

func (d *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: path.Base(d.n.name), Err: errIsDirectory}
}

// ReadDir implements fs.ReadDirFile.
func (d *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.n.children[d.next:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	d.next += len(rest)
	return entries(slices.Clone(rest)), nil
}

// info is a node as fs.FileInfo and fs.DirEntry.
type info struct{ n *node }

func (i info) Name() string               { return i.n.name }
func (i info) Size() int64                { return i.n.size }
func (i info) ModTime() time.Time         { return i.n.modTime }
func (i info) BirthTime() time.Time       { return i.times().Created }
func (i info) AccessTime() time.Time      { return i.times().Accessed }
func (i info) ChangeTime() time.Time      { return i.times().Changed }
func (i info) IsDir() bool                { return i.n.dir }
func (i info) Sys() any                   { return nil }
func (i info) Type() fs.FileMode          { return i.Mode().Type() }
func (i info) Info() (fs.FileInfo, error) { return i, nil }
func (i info) String() string             { return fs.FormatFileInfo(i) }

func (i info) times() Times {
	if i.n.times == nil {
		return Times{}
	}
	return *i.n.times
}

func (i info) Mode() fs.FileMode {
	if i.n.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
