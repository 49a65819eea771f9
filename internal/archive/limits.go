package archive

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The causes of errors.
var (
	// ErrUnsupported is the cause of the error for a method of compression or
	// encryption that is not read.
	ErrUnsupported = errors.New("not supported yet")
	// ErrEncrypted is the cause of the error for a member that needs a password.
	ErrEncrypted = errors.New("encrypted")
	// ErrPassword is the cause of the error for a member that has another password.
	ErrPassword = errors.New("wrong password")
	// ErrChecksum is the cause of the error for content that is not what was packed.
	ErrChecksum = errors.New("content does not match its checksum")
	// ErrLimit is the cause of the error for a member beyond one of the Limits.
	ErrLimit = errors.New("limit reached")
)

// Limits bounds what an archive may make a reader do. The zero value of a field means
// the default.
type Limits struct {
	Entries int   // members and the folders that they imply; 2,000,000 by default
	Depth   int   // folders in folders; 256
	Total   int64 // bytes of all members unpacked, as the archive says; 16 TiB
}

func (l Limits) withDefaults() Limits {
	if l.Entries <= 0 {
		l.Entries = 2_000_000
	}
	if l.Depth <= 0 {
		l.Depth = 256
	}
	if l.Total <= 0 {
		l.Total = 16 << 40
	}
	return l
}

// maxProblems bounds how many problems are kept.
const maxProblems = 1000

// Options changes how archives are opened.
type Options struct {
	Limits   Limits
	Password func() (string, error) // for encrypted members, called at most once; may be nil
}

// limited is what is wrong with a part that was left out.
func limited(what, got, most, path string) *damage.Error {
	return &damage.Error{Path: path, Offset: -1, What: what, Got: got, Want: most, Err: ErrLimit}
}
