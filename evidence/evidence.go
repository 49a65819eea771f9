package evidence

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in evidence. Its fields are those of [damage.Error]:
//
//	Artifact string // the evidence, by its name
//	Path     string // the volume, and the place in it
//	Offset   int64  // in bytes from the beginning of the image or artifact; -1 if unknown
//	What     string // the damaged structure or field
//	Want     string // what the format requires there; may be empty
//	Got      string // what was found instead; may be empty
//	Err      error  // the cause; may be nil
type FormatError = damage.Error

// Problem is damage that did not stop the rest from being read. Its fields are
// those of [damage.Problem]:
//
//	Kind damage.Kind  // such as damage.Checksum or damage.Gap
//	Err  *FormatError // what is wrong, and where; never nil
type Problem = damage.Problem

var (
	// ErrUnknown is the cause of Open's error for a file that is not evidence.
	ErrUnknown = errors.New("unrecognized evidence format")
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

// Evidence is opened evidence. Its methods and its file systems are safe for use
// by several goroutines. A nil *Evidence has no volumes.
type Evidence struct {
	name     string // as given
	size     int64  // of the file
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

// WithSectorSize sets the size of a sector in bytes for partition tables: 512 or
// 4096, and any other size is an error. The default 0 finds it out.
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
// errors and the file system of an artifact call it. Closing the result leaves r
// open.
func New(name string, r io.ReaderAt, size int64, opts ...Option) (*Evidence, error) {
	var c config
	for _, o := range opts {
		o(&c)
	}
	switch c.sectorSize {
	case 0, sector512, sector4Kn:
	default:
		return nil, damage.In(damage.New("WithSectorSize", -1, c.sectorSize, "0, 512 or 4096"), name, "")
	}
	e := &Evidence{name: name, size: max(size, 0)}
	if err := e.openFile(image{r, e.size}, c); err != nil {
		return nil, err
	}
	e.assignLetters()
	return e, nil
}

// OpenFS opens a folder that fsys holds at its root. Name is what errors call it.
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

// Name returns the name of the evidence as it was given to Open, New or OpenFS.
func (e *Evidence) Name() string {
	if e == nil {
		return ""
	}
	return e.name
}

// Kind returns what the evidence is, in words: "disk image (GPT)", "volume image",
// "folder", "triage folder", "evtx".
func (e *Evidence) Kind() string {
	if e == nil {
		return ""
	}
	return e.kind
}

// Size returns the size of the image or artifact in bytes, as it is on the
// analyst's disk: a compressed one is not unpacked for it. A folder has size 0.
func (e *Evidence) Size() int64 {
	if e == nil {
		return 0
	}
	return e.size
}

// Volumes returns the volumes in the order in which they lie in the image, or by
// name. Callers must not change the slice.
func (e *Evidence) Volumes() []*Volume {
	if e == nil {
		return nil
	}
	return e.volumes
}

// Close closes what Open opened. The file systems of the volumes cannot be used
// afterwards. Closing twice is safe.
func (e *Evidence) Close() error {
	if e == nil {
		return nil
	}
	var errs []error
	for _, c := range e.closers {
		errs = append(errs, c.Close())
	}
	e.closers = nil
	return errors.Join(errs...)
}
