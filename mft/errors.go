package mft

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/internal/damage"
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

// The artifacts that errors name.
const (
	artifactMFT    = "$MFT"
	artifactVolume = "ntfs"
)
