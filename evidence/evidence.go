package evidence

import (
	"errors"
	"io"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/archive"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/mft/vss"
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
	// ErrUnlisted says of a shadow copy that the catalog of its volume does not list it:
	// CarveSnapshots may find what is left of it.
	ErrUnlisted = errors.New("the catalog of the shadow copies does not list it: it was deleted, and may be carved")
	// ErrUnsupported is the cause of the error for a container, file system or
	// encryption that is recognized but cannot be read.
	ErrUnsupported = errors.New("not supported yet")
)

// Kind is the kind of a Volume.
type Kind uint8

// The kinds of volumes.
const (
	Unknown   Kind = iota // not a file system that this module reads; see Volume.FileSystem
	NTFS                  // Volume.FS is a *mft.Volume
	Folder                // files copied from a volume
	Artifact              // one file
	BitLocker             // encrypted
	Beside                // artifacts that a collection holds beside the files of its volumes
)

var kindNames = [...]string{"unknown", "ntfs", "folder", "artifact", "bitlocker", "beside"}

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
	Machine    string // folder of its machine, if the evidence is a folder of several machines; else ""
	Letter     string // drive letter in upper case without colon; "" if none is assigned
	Kind       Kind
	FileSystem string    // by signature: "NTFS", "FAT32", "BitLocker", …; "" if unrecognized
	Offset     int64     // of the volume in bytes from the beginning of the image; 0 for folders
	Size       int64     // in bytes, at most what the image holds; 0 for folders
	Partition  Partition // entry of the partition table; its Scheme is 0 without a table
	FS         fs.FS     // never nil; empty if Err is set
	Err        error     // why the volume cannot be read, or nil
	Snapshot   *Snapshot // that the volume is; nil if it is the volume as it is now
	Shadow     bool      // a shadow copy whose files were collected, as by KAPE and Velociraptor; when it was made is not known

	snapshots []*Snapshot // the oldest first
	shadowed  bool        // it has or had shadow copies
	image     image       // that an NTFS volume fills
	ownLetter func() string
}

// Snapshot is a shadow copy of a volume. That it exists is known from the catalog of the
// volume or, if it is Carved, from its store; its content is read when it is opened.
type Snapshot struct {
	*vss.Snapshot        // with its number, its time and what else Windows recorded of it
	Name          string // of the volume and the number, as in "partition 2/vss1"; vshadowmount numbers them so. A carved one is "partition 2/carved2"
	Volume        *Volume

	e *Evidence
}

// Evidence is opened evidence. Its methods and its file systems may be used
// concurrently. A nil *Evidence has no volumes.
type Evidence struct {
	name      string         // as given
	size      int64          // of the file
	file      io.ReaderAt    // nil for a folder
	beside    disk.Folder    // the folder that holds the file; nil if it is unknown
	parts     *disk.Recorded // beside, with what was opened of it; nil if it is unknown
	kind      string
	container string // of the image; "" if it is raw or compressed
	host      string // according to the collector
	volumes   []*Volume
	problems  []Problem
	guids     map[GUID]*Volume // by volume GUID, from MountedDevices
	closers   []io.Closer
	trees     []*archive.FS // the archives that hold it

	verifiable []verifiable // the images whose containers store hashes
}

// verifiable is an image with the hashes that its container stores.
type verifiable struct {
	name   string
	image  image
	hashes []disk.Hash
}

// Name returns the name of the evidence as it was given to Open, New or OpenFS.
func (e *Evidence) Name() string {
	if e == nil {
		return ""
	}
	return e.name
}

// Kind describes the evidence: "disk image (GPT)", "volume image", "folder", "triage
// folder", "archive", "triage archive", "evtx". If the image is in a container, that
// follows: "disk image (GPT), EnCase image (E01)".
func (e *Evidence) Kind() string {
	if e == nil {
		return ""
	}
	if e.container != "" {
		return e.kind + ", " + e.container
	}
	return e.kind
}

// Host returns the name of the machine according to the collector that copied the files,
// or "" if it recorded none. Velociraptor records it.
func (e *Evidence) Host() string {
	if e == nil {
		return ""
	}
	return e.host
}

// Size returns the size of the image or artifact in bytes on the analyst's disk. For
// a compressed image that is the compressed size. A folder has size 0.
func (e *Evidence) Size() int64 {
	if e == nil {
		return 0
	}
	return e.size
}

// Volumes returns the volumes in the order of their offsets in the image, or by name.
// Callers must not change the slice.
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
