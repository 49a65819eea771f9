package cim

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Reader has a repository. Its index is read when it is opened; instances are read when
// they are asked for. It may be used by one goroutine at a time.
type Reader struct {
	objects, index pages
	definitions    map[classKey]record   // of classes
	instances      map[string][]instance // by the hash of the class
	namespaces     map[string]string     // by hash
	classes        map[classKey]*class   // those that were read
	problems       []Problem
	read           int64 // bytes of records that were read
	closers        []io.Closer
}

// Files are the files of a repository.
type Files struct {
	Objects, Index File
	Mappings       []File
}

// File is a file of a repository.
type File struct {
	io.ReaderAt
	Size int64
}

// OpenFS opens the repository in a folder of a file system. Close closes its files.
func OpenFS(fsys fs.FS, dir string) (*Reader, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	var files Files
	var closers []io.Closer
	for _, e := range entries {
		var place *File
		switch name := winpath.FoldName(e.Name()); {
		case name == "OBJECTS.DATA":
			place = &files.Objects
		case name == "INDEX.BTR":
			place = &files.Index
		case name == "MAPPING1.MAP", name == "MAPPING2.MAP", name == "MAPPING3.MAP":
			files.Mappings = append(files.Mappings, File{})
			place = &files.Mappings[len(files.Mappings)-1]
		default:
			continue
		}
		f, err := fsfile.Open(fsys, path.Join(dir, e.Name()))
		if err != nil {
			closeAll(closers)
			return nil, err
		}
		closers = append(closers, f)
		*place = File{f, f.Size}
	}
	r, err := NewReader(files)
	if err != nil {
		closeAll(closers)
		return nil, err
	}
	r.closers = closers
	return r, nil
}

func closeAll(list []io.Closer) (err error) {
	for _, c := range list {
		err = errors.Join(err, c.Close())
	}
	return err
}

// Close closes the files that OpenFS opened.
func (r *Reader) Close() error {
	closers := r.closers
	r.closers = nil
	return closeAll(closers)
}

// Problems iterates over the damage of the mapping files and of the index.
func (r *Reader) Problems() iter.Seq[Problem] { return slices.Values(r.problems) }

// maxProblems limits how many problems are kept.
const maxProblems = 256

func (r *Reader) note(err error) {
	if e, ok := errors.AsType[*FormatError](err); ok && len(r.problems) < maxProblems {
		r.problems = append(r.problems, damage.Note(damage.Malformed, e, "", ""))
	}
}

// maxMapping is how much of a mapping file is read, in bytes: enough for pages of 1 GiB.
const maxMapping = 4 << 20

// NewReader reads a repository. It fails if files are missing, or if no mapping file can be
// read.
func NewReader(files Files) (*Reader, error) {
	r := &Reader{definitions: map[classKey]record{}, instances: map[string][]instance{}, namespaces: map[string]string{}, classes: map[classKey]*class{}}
	if files.Objects.ReaderAt == nil || files.Index.ReaderAt == nil || len(files.Mappings) == 0 {
		return nil, &FormatError{Artifact: "cim", Offset: -1, What: "files", Want: "OBJECTS.DATA, INDEX.BTR and a mapping file", Err: ErrNotRepository}
	}
	var current mapping
	var failed error
	for i, f := range files.Mappings {
		name := fmt.Sprintf("mapping file %d", i+1)
		b, err := bin.ReadAt(f, f.Size, 0, min(f.Size, maxMapping), "mapping file")
		var m mapping
		if err == nil {
			m, err = readMapping(b)
		}
		if err != nil {
			err = damage.In(err, name, "")
			failed = errors.Join(failed, err)
			r.note(err)
			continue
		}
		if current.objects == nil || m.sequence > current.sequence {
			current = m
		}
	}
	if current.objects == nil {
		return nil, failed
	}
	r.objects = pages{files.Objects, "OBJECTS.DATA", current.objects}
	r.index = pages{files.Index, "INDEX.BTR", current.index}
	r.walk(current.root)
	r.nameNamespaces()
	return r, nil
}
