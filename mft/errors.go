package mft

import (
	"errors"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in the evidence: what is malformed and at which offset.
// Offsets count from the beginning of the $MFT, or of the volume where the
// artifact is "ntfs".
type FormatError = damage.Error

// Problem is damage that did not stop the rest from being read.
type Problem = damage.Problem

// ErrEncrypted is returned when the content of a stream encrypted by EFS is
// read: what lies on the disk is not what the file held.
var ErrEncrypted = errors.New("mft: stream is encrypted by EFS")

// ErrNoVolume is returned where a $MFT was opened without the volume on which
// the content lies that is asked for.
var ErrNoVolume = errors.New("mft: the content lies outside the $MFT, on its volume")

// ErrNoSecure is returned where a $MFT was opened without the $Secure that names
// the owners of its files.
var ErrNoSecure = errors.New("mft: $Secure is not at hand")

// The artifacts that errors name.
const (
	artifactMFT    = "$MFT"
	artifactVolume = "ntfs"
)

// locate names the artifact and the place in it of a damage error; any other
// error becomes the cause of one.
func locate(err error, artifact, path string) *damage.Error {
	var e *damage.Error
	if !errors.As(damage.In(err, artifact, path), &e) {
		e = &damage.Error{Artifact: artifact, Path: path, Offset: -1, What: "read", Err: err}
	}
	return e
}

func isNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }
