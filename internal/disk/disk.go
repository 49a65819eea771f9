// Package disk is what the readers of disk containers share: a container as it is
// opened, the files beside it, and the disk that it holds. Each format has a package
// below.
package disk

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A File is a container of a disk, or one part of it.
type File struct {
	Name   string      // base name
	R      io.ReaderAt // may be used concurrently
	Size   int64       // in bytes
	Beside Folder      // the folder that holds the file; nil if it is unknown
}

// A Folder is the directory that holds a container.
type Folder interface {
	// Open opens a file of the folder by its base name. The result is valid as long
	// as the evidence is open.
	Open(name string) (File, error)
	// Names returns the base names of all files of the folder in order.
	Names() ([]string, error)
}

// ErrOutside is the cause of the error for a part of a container whose name is not that
// of a file in the same folder. An attacker may have chosen the name.
var ErrOutside = errors.New("not a file beside the container")

// Sibling opens another file of the folder that holds f. Name is a base name. If it has
// a path, as Windows or Unix write it, only its last element is looked for, in this
// folder: containers name their parents by the path that they had on another machine.
// If the folder has no file of that name, one whose name differs in case only is opened:
// Windows does not tell them apart.
func (f File) Sibling(name string) (File, error) {
	base := name[strings.LastIndexAny(name, `/\:`)+1:]
	switch {
	case base == "" || base == "." || base == ".." || strings.ContainsRune(base, 0):
		return File{}, &damage.Error{Artifact: f.Name, Offset: -1, What: "name of another file", Got: name, Err: ErrOutside}
	case f.Beside == nil:
		return File{}, &damage.Error{Artifact: f.Name, Offset: -1, What: "another file", Got: base, Err: fs.ErrNotExist}
	}
	sibling, err := f.Beside.Open(base)
	if !errors.Is(err, fs.ErrNotExist) {
		return sibling, err
	}
	names, listErr := f.Beside.Names()
	same := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.EqualFold(name, base) })
	if listErr != nil || len(same) != 1 {
		return sibling, err
	}
	return f.Beside.Open(same[0])
}

// Names returns the names of the files in the folder that holds f, or nil if the folder
// is unknown.
func (f File) Names() ([]string, error) {
	if f.Beside == nil {
		return nil, nil
	}
	return f.Beside.Names()
}

// An Image is the disk that a container holds.
type Image struct {
	R        io.ReaderAt      // may be used concurrently
	Size     int64            // in bytes
	Problems []damage.Problem // what did not prevent the container from being opened
	Hashes   []Hash           // that the container stores
}

// A Hash is a hash of the whole disk, which was stored when it was acquired.
type Hash struct {
	Algorithm string // "MD5", "SHA-1" or "SHA-256"
	Sum       []byte
}

// ErrEncrypted is the cause of the error for a container whose content is encrypted by a
// program that does not publish how.
var ErrEncrypted = errors.New("encrypted")

// ErrJournal is the cause of the error for a container whose newest writes are in a journal of
// an unknown format: what is elsewhere may be older.
var ErrJournal = errors.New("a journal of an unknown format")
