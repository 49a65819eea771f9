package mft

import (
	"errors"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in the evidence: what is malformed and at which offset.
// Offsets count from the beginning of the $MFT if the artifact is a $MFT, else
// from the beginning of the volume: see [WithName].
type FormatError = damage.Error

// Problem is damage that did not stop the rest from being read.
type Problem = damage.Problem

var (
	// ErrNotMFT is the cause of the error about a file in which nothing looks like
	// a record.
	ErrNotMFT = errors.New("not a $MFT")
	// ErrNotNTFS is the cause of the error about a volume whose boot sector, and
	// the copy of it, are not those of NTFS.
	ErrNotNTFS = errors.New("not an NTFS volume")
)

// ErrEncrypted is returned when the content of a stream encrypted by EFS is
// read: what lies on the disk is not what the file held.
var ErrEncrypted = errors.New("mft: stream is encrypted by EFS")

// ErrNoVolume is returned where a $MFT was opened without the volume on which
// the content lies that is asked for.
var ErrNoVolume = errors.New("mft: the content lies outside the $MFT, on its volume")

// ErrNoSecure is returned where a $MFT was opened without the $Secure that names
// the owners of its files.
var ErrNoSecure = errors.New("mft: $Secure is not at hand")

func isNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }
