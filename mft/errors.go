package mft

import (
	"errors"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in the evidence. Its fields are those of [damage.Error]:
//
//	Artifact string // the $MFT or the volume, by its name, else "$MFT" or "ntfs"
//	Path     string // the entry, and the attribute in it
//	Offset   int64  // in bytes from the beginning of the $MFT or of the volume; -1 if unknown
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
	// ErrNotMFT is the cause of the error for a file in which nothing looks like a
	// record.
	ErrNotMFT = errors.New("not a $MFT")
	// ErrNotNTFS is the cause of the error for a volume if neither its boot sector
	// nor the copy of it is an NTFS boot sector.
	ErrNotNTFS = errors.New("not an NTFS volume")
)

// ErrEncrypted is returned when the content of a stream encrypted by EFS is read:
// the bytes on the disk are not the content of the file.
var ErrEncrypted = errors.New("mft: stream is encrypted by EFS")

// ErrNoVolume is returned if the content of a stream is on the volume and the $MFT
// was opened without it.
var ErrNoVolume = errors.New("mft: content is outside the $MFT, on its volume")

// ErrNoSecure is returned if the $MFT was opened without the $Secure that names
// the owners of its files.
var ErrNoSecure = errors.New("mft: $Secure not available")

func isNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }
