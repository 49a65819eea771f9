package mft

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"time"
)

var errStub = errors.New("mft: not written yet")

// Option changes how a Reader or a Volume reads.
type Option func(*config)

type config struct{}

// Reader reads a $MFT.
type Reader struct{}

// ReadCloser is a Reader that owns its file.
type ReadCloser struct {
	Reader
	f *os.File
}

// Close closes the file.
func (r *ReadCloser) Close() error { return r.f.Close() }

// Open opens a $MFT file.
func Open(name string) (*ReadCloser, error) { return nil, errStub }

// NewReader returns a Reader.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) { return nil, errStub }

// Len returns the number of entries.
func (r *Reader) Len() uint64 { return 0 }

// RecordSize returns the size of a record in bytes.
func (r *Reader) RecordSize() int { return 0 }

// Records iterates.
func (r *Reader) Records() iter.Seq2[*Record, error] { return func(func(*Record, error) bool) {} }

// Record returns one record.
func (r *Reader) Record(entry uint64) (*Record, error) { return nil, errStub }

// Path is the place of a file in the volume.
type Path struct {
	Name    string // slash-separated, no leading slash; of an orphan, as far as it is known
	Orphan  bool   // a parent is gone, or its entry belongs to another file now
	Deleted bool   // a directory on the way was deleted, but its entry still tells its name
	Missing Ref    // of an orphan: the parent that is gone
}

// Path returns the path of the best name.
func (r *Reader) Path(rec *Record) Path { return Path{} }

// Paths returns a path per hard link.
func (r *Reader) Paths(rec *Record) []Path { return nil }

// OwnerSID returns the owner.
func (r *Reader) OwnerSID(rec *Record) (string, error) { return "", errStub }

// Problems iterates.
func (r *Reader) Problems() iter.Seq[Problem] { return func(func(Problem) bool) {} }

// Volume is an NTFS volume.
type Volume struct{}

// VolumeCloser is a Volume that owns its file.
type VolumeCloser struct {
	Volume
	f *os.File
}

// Close closes the file.
func (v *VolumeCloser) Close() error { return v.f.Close() }

// VolumeInfo is what a volume says about itself.
type VolumeInfo struct {
	Label                   string
	Serial                  uint64
	SectorSize, ClusterSize int   // in bytes
	RecordSize, IndexSize   int   // in bytes
	Size                    int64 // in bytes
	MajorVersion            uint8
	MinorVersion            uint8
	Dirty                   bool
	MFTCluster, MirrCluster uint64
}

// OpenVolume opens an image of a volume.
func OpenVolume(name string) (*VolumeCloser, error) { return nil, errStub }

// NewVolume returns a Volume.
func NewVolume(r io.ReaderAt, size int64, opts ...Option) (*Volume, error) { return nil, errStub }

// MFT returns its $MFT.
func (v *Volume) MFT() *Reader { return nil }

// Info returns what the volume says about itself.
func (v *Volume) Info() VolumeInfo { return VolumeInfo{} }

// Lookup finds a file.
func (v *Volume) Lookup(name string) (*Record, error) { return nil, errStub }

// StreamReader reads a stream.
type StreamReader interface {
	io.ReaderAt
	Size() int64
}

// OpenStream opens a stream.
func (v *Volume) OpenStream(rec *Record, stream string) (StreamReader, error) { return nil, errStub }

// Problems iterates.
func (v *Volume) Problems() iter.Seq[Problem] { return func(func(Problem) bool) {} }

// Open implements fs.FS.
func (v *Volume) Open(name string) (fs.File, error) { return nil, errStub }

// ReadDir implements fs.ReadDirFS.
func (v *Volume) ReadDir(name string) ([]fs.DirEntry, error) { return nil, errStub }

// Stat implements fs.StatFS.
func (v *Volume) Stat(name string) (fs.FileInfo, error) { return nil, errStub }

// FileInfo describes a file.
type FileInfo struct{ rec *Record }

// Name returns the name.
func (i *FileInfo) Name() string { return "" }

// Size returns the size.
func (i *FileInfo) Size() int64 { return 0 }

// Mode returns the mode.
func (i *FileInfo) Mode() fs.FileMode { return 0 }

// ModTime returns the time of the last write.
func (i *FileInfo) ModTime() time.Time { return time.Time{} }

// IsDir reports whether it is a directory.
func (i *FileInfo) IsDir() bool { return false }

// Sys returns the *Record.
func (i *FileInfo) Sys() any { return i.rec }

// BirthTime returns the creation time.
func (i *FileInfo) BirthTime() time.Time { return time.Time{} }

// AccessTime returns the access time.
func (i *FileInfo) AccessTime() time.Time { return time.Time{} }

// ChangeTime returns the MFT change time.
func (i *FileInfo) ChangeTime() time.Time { return time.Time{} }

// OwnerSID returns the owner.
func (i *FileInfo) OwnerSID() string { return "" }

// Streams returns the named streams.
func (i *FileInfo) Streams() []string { return nil }
