package registry

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError says what is malformed in a hive: where it lies (in bytes from the
// beginning of the hive file), what was wanted and what was there.
type FormatError = damage.Error

// Problem is something wrong with a hive that did not stop the rest of it from
// being read.
type Problem = damage.Problem

// ErrNotHive is the cause of the error about a file that does not begin with the
// signature of a hive.
var ErrNotHive = errors.New("not a registry hive")

// notFound returns the error about a key or value that is not there, as far as
// the damage, if there is any, allows to tell.
func (r *Reader) notFound(op, path string, damaged error) error {
	err := fs.ErrNotExist
	var e *FormatError
	if errors.As(damaged, &e) {
		err = hiddenError{e}
	}
	return &fs.PathError{Op: op, Path: r.artifact() + ": " + path, Err: err}
}

// hiddenError is fs.ErrNotExist for what damage may hide.
type hiddenError struct{ damaged *FormatError }

// Error leaves out the name of the hive: that of the error around it has it.
func (e hiddenError) Error() string {
	unnamed := *e.damaged
	unnamed.Artifact = ""
	return fmt.Sprintf("%v, or hidden by damage: %v", fs.ErrNotExist, &unnamed)
}

func (e hiddenError) Unwrap() []error { return []error{fs.ErrNotExist, e.damaged} }
