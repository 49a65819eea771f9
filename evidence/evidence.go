package evidence

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError says what is malformed in evidence, and where.
type FormatError = damage.Error

// Problem is something wrong with evidence that did not stop it from opening.
type Problem = damage.Problem

var (
	// ErrUnknown is the cause of Open's error for a file that is no evidence.
	ErrUnknown = errors.New("no evidence this package knows")
	// ErrUnsupported is the cause of the error for a container, file system or
	// encryption that is recognised but not read.
	ErrUnsupported = errors.New("not supported yet")
)

// Kind says what a Volume is.
type Kind uint8

// The kinds of Volume.
const (
	Unknown   Kind = iota // no file system this module reads; see Volume.FileSystem
	NTFS                  // Volume.FS is a *mft.Volume
	Folder                // files copied from a volume
	Artifact              // one file
	BitLocker             // encrypted
)

var kindNames = [...]string{"unknown", "ntfs", "folder", "artifact", "bitlocker"}

// String returns the kind's name in lower case.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Volume is one file system of the evidence.
type Volume struct {
	Name       string // "partition 1", "volume", "C", or the name of the folder or file
	Letter     string // drive letter in upper case without colon; "" where none is assigned
	Kind       Kind
	FileSystem string    // by signature: "NTFS", "FAT32", "BitLocker", …; "" where none was found
	Offset     int64     // of the volume in bytes from the beginning of the image; 0 for folders
	Size       int64     // in bytes, as far as the image holds it; 0 for folders
	Partition  Partition // the table's entry; its Scheme is 0 without a table
	FS         fs.FS     // never nil; empty where Err is set
	Err        error     // why the volume cannot be read; nil where it can
}

// Evidence is opened evidence. Its methods are safe for use by several
// goroutines once letters are assigned; its file systems are too.
type Evidence struct {
	name     string
	kind     string
	volumes  []*Volume
	problems []Problem
	guids    map[GUID]*Volume // by volume GUID, from MountedDevices
	closers  []io.Closer
}

// Option changes how evidence is opened.
type Option func(*config)

type config struct {
	sectorSize int64
}

// WithSectorSize sets the size of a sector in bytes, 512 or 4096, for partition
// tables. The default 0 finds it out.
func WithSectorSize(n int64) Option { return func(c *config) { c.sectorSize = n } }

// Open opens an image, a folder or a single artifact. The caller closes the
// result. A file that is none of these gives a *FormatError with the cause
// ErrUnknown that lists what was tried, a container that is only recognised one
// with the cause ErrUnsupported.
func Open(name string, opts ...Option) (*Evidence, error) {
	st, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if st.IsDir() {
		return openDirectory(name, opts)
	}
	if st.Mode().Type()&^fs.ModeDevice != 0 {
		return nil, &damage.Error{Artifact: name, Offset: -1, What: "file type", Got: typeName(st.Mode()),
			Want: "a folder, a regular file or a block device", Err: ErrUnknown}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	size, err := f.Seek(0, io.SeekEnd) // the size of a block device too
	if err == nil {
		var e *Evidence
		if e, err = New(name, f, size, opts...); err == nil {
			e.closers = append(e.closers, f)
			return e, nil
		}
	}
	return nil, errors.Join(err, f.Close())
}

// New opens the image or artifact of the given size that r holds. Name is what
// the artifact is called and what errors say. Closing the result leaves r open.
func New(name string, r io.ReaderAt, size int64, opts ...Option) (*Evidence, error) {
	var c config
	for _, o := range opts {
		o(&c)
	}
	e := &Evidence{name: name}
	if err := e.openFile(image{r, size}, c); err != nil {
		return nil, err
	}
	e.assignLetters()
	return e, nil
}

// OpenFS opens a folder that fsys holds at its root. Name is what errors say.
func OpenFS(name string, fsys fs.FS, opts ...Option) (*Evidence, error) {
	e := &Evidence{name: name}
	if err := e.openFolder(fsys); err != nil {
		return nil, err
	}
	e.assignLetters()
	return e, nil
}

func openDirectory(name string, opts []Option) (*Evidence, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	e, err := OpenFS(name, root.FS(), opts...)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	e.closers = append(e.closers, root)
	return e, nil
}

// Kind says what the evidence is, in words: "disk image (GPT)", "volume image",
// "folder", "triage folder", "evtx".
func (e *Evidence) Kind() string { return e.kind }

// Volumes returns the volumes in the order in which they lie in the image, or by
// name. Callers must not change the slice.
func (e *Evidence) Volumes() []*Volume { return e.volumes }

// TableProblems yields what is wrong with partition tables and folders. It takes
// no time, where Problems reads all volumes.
func (e *Evidence) TableProblems() iter.Seq[Problem] { return slices.Values(e.problems) }

// Problems yields what is wrong with partition tables and folders, then the
// problems of the volumes.
func (e *Evidence) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for p := range e.TableProblems() {
			if !yield(p) {
				return
			}
		}
		for _, v := range e.volumes {
			own, ok := v.FS.(interface{ Problems() iter.Seq[Problem] })
			if !ok {
				continue
			}
			for p := range own.Problems() {
				if !yield(problemOf(p.Kind, v.Name, p.Err)) {
					return
				}
			}
		}
	}
}

// Close closes what Open opened. The file systems of the volumes cannot be used
// afterwards.
func (e *Evidence) Close() error {
	var errs []error
	for _, c := range e.closers {
		errs = append(errs, c.Close())
	}
	e.closers = nil
	return errors.Join(errs...)
}
