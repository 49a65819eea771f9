package registry

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in a hive. Its fields are those of [damage.Error]:
//
//	Artifact string // the hive, by its name, else "registry"
//	Path     string // the key, and the value in it
//	Offset   int64  // in bytes from the beginning of the hive file; -1 if unknown
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

// ErrTaskVersion is the cause of the error for a value of a scheduled task, such as Triggers,
// of a version that is not read. The rest of the task is.
var ErrTaskVersion = errors.New("a version that is not read")

// taskVersion gives an error about a version its cause.
func taskVersion(e *FormatError) *FormatError {
	e.Err = ErrTaskVersion
	return e
}

// ErrNotHive is the cause of the error for a file that does not begin with the
// signature of a hive.
var ErrNotHive = errors.New("not a registry hive")

// notFound returns the error for a key or value that does not exist. If damage
// may hide it, the error names the damage.
func (r *Reader) notFound(op, path string, damaged error) error {
	err := fs.ErrNotExist
	var e *FormatError
	if errors.As(damaged, &e) {
		err = hiddenError{e}
	}
	return &fs.PathError{Op: op, Path: r.artifact() + ": " + path, Err: err}
}

// hiddenError is fs.ErrNotExist for a key or value that damage may hide.
type hiddenError struct{ damaged *FormatError }

// Error leaves out the name of the hive, which the surrounding error has.
func (e hiddenError) Error() string {
	unnamed := *e.damaged
	unnamed.Artifact = ""
	return fmt.Sprintf("%v, or is hidden by damage: %v", fs.ErrNotExist, &unnamed)
}

func (e hiddenError) Unwrap() []error { return []error{fs.ErrNotExist, e.damaged} }
