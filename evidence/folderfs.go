package evidence

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"sync"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/velociraptor"
)

// stat describes an entry. Its size is that of the copy, because that is what can be
// read.
func (f *folderFS) stat(e *entry) (fileInfo, error) {
	st, err := fs.Stat(f.fsys, e.places[0].path)
	if err != nil {
		return fileInfo{}, err
	}
	return f.describe(e, st)
}

func (f *folderFS) describe(e *entry, st fs.FileInfo) (fileInfo, error) {
	if st.IsDir() != e.dir || !st.IsDir() && !st.Mode().IsRegular() {
		return fileInfo{}, fs.ErrInvalid // changed since it was listed
	}
	i := fileInfo{name: path.Base(e.path), size: st.Size(), mode: 0o444, modTime: st.ModTime().UTC().Round(0)}
	switch {
	case e.dir:
		i.size, i.mode = 0, fs.ModeDir|0o555
	case e.index != nil:
		i.size = e.index.Size()
	}
	for _, s := range e.streams {
		i.streams = append(i.streams, s.name)
	}
	i.collected = sync.OnceValue(func() *collected {
		if c := f.index.of(f, e.path); c != nil {
			return c
		}
		if t, ok := f.times().Of(e.path); ok {
			return &collected{created: t.Created, modified: t.Modified, accessed: t.Accessed}
		}
		if t, ok := st.(acquiredTimes); ok && !t.BirthTime().IsZero() {
			return &collected{created: t.BirthTime(), modified: st.ModTime().UTC(), accessed: t.AccessTime(), changed: t.ChangeTime()}
		}
		return nil
	})
	return i, nil
}

// acquiredTimes are the times of a file in an archive that keeps them, such as L01.
type acquiredTimes interface {
	BirthTime() time.Time
	AccessTime() time.Time
	ChangeTime() time.Time
}

// Stat implements fs.StatFS.
func (f *folderFS) Stat(name string) (fs.FileInfo, error) {
	e, _, err := f.lookup(name)
	if err == nil {
		var i fileInfo
		if i, err = f.stat(e); err == nil {
			return i, nil
		}
	}
	if i, _, ok := f.resident(name); ok {
		return i, nil
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: cause(err)}
}

// Open implements fs.FS. Files implement io.ReaderAt and io.Seeker if the files of
// the folder do, as those of the operating system do.
func (f *folderFS) Open(name string) (fs.File, error) {
	e, _, err := f.lookup(name)
	if err == nil {
		var file fs.File
		if file, err = f.open(e); err == nil {
			return file, nil
		}
	}
	if i, data, ok := f.resident(name); ok {
		return &openFile{io.NewSectionReader(bytes.NewReader(data), 0, i.size), i, nil}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: cause(err)}
}

func (f *folderFS) open(e *entry) (fs.File, error) {
	if e.dir {
		i, err := f.stat(e)
		if err != nil {
			return nil, err
		}
		entries, err := f.entries(e)
		return &listing{info: i, entries: entries}, err
	}
	file, err := f.fsys.Open(e.places[0].path)
	if err != nil {
		return nil, err
	}
	st, err := file.Stat()
	var i fileInfo
	if err == nil {
		i, err = f.describe(e, st)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	r, ok := file.(io.ReaderAt)
	switch {
	case ok && e.index != nil:
		sparse := &velociraptor.Sparse{R: r, Size: st.Size(), Index: e.index}
		return &sparseFile{openFile{io.NewSectionReader(sparse, 0, i.size), i, file}, e.index}, nil
	case e.index != nil:
		file.Close()
		return nil, errors.ErrUnsupported
	case ok:
		return &openFile{io.NewSectionReader(r, 0, i.size), i, file}, nil
	}
	return &streamFile{file, i}, nil
}

// sparseFile is an open file whose copy is without the holes.
type sparseFile struct {
	openFile
	index velociraptor.Index
}

// NextData returns the first offset at or behind off that is not in a hole, at most the
// size of the file.
func (f *sparseFile) NextData(off int64) int64 { return f.index.NextData(off) }

// streamFile is an open file that can only be read from its beginning.
type streamFile struct {
	fs.File
	info fileInfo
}

func (f *streamFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// ReadDir implements fs.ReadDirFS.
func (f *folderFS) ReadDir(name string) ([]fs.DirEntry, error) {
	e, _, err := f.lookup(name)
	if err == nil && !e.dir {
		err = fs.ErrInvalid
	}
	var list []fs.DirEntry
	if err == nil {
		list, err = f.entries(e)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: cause(err)}
	}
	return list, nil
}

func (f *folderFS) entries(dir *entry) ([]fs.DirEntry, error) {
	if err := f.list(dir); err != nil {
		return nil, err
	}
	list := make([]fs.DirEntry, len(dir.children))
	for i, c := range dir.children {
		list[i] = dirEntry{f, c}
	}
	return list, nil
}

// dirEntry describes a child only when asked: a listing calls no Stat.
type dirEntry struct {
	fsys *folderFS
	e    *entry
}

func (d dirEntry) Name() string { return d.e.name }
func (d dirEntry) IsDir() bool  { return d.e.dir }
func (d dirEntry) Type() fs.FileMode {
	if d.e.dir {
		return fs.ModeDir
	}
	return 0
}
func (d dirEntry) String() string { return fs.FormatDirEntry(d) }

func (d dirEntry) Info() (fs.FileInfo, error) {
	i, err := d.fsys.stat(d.e)
	if err != nil {
		return nil, err
	}
	return i, nil
}
