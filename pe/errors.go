package pe

import (
	"errors"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in an executable. Its fields are those of [damage.Error]:
//
//	Artifact string // the file, by its name, else "pe"
//	Path     string // the directory or the signature; may be empty
//	Offset   int64  // in bytes from the beginning of the file; -1 if unknown
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

// ErrNotExecutable is the cause of the error for a file that does not begin with
// MZ. A file that begins with MZ but has no PE header gives an error without this
// cause: it may be a damaged executable, or a program for DOS.
var ErrNotExecutable = errors.New("not an executable")

// errLimit is the cause of errors about a limit of this package.
var errLimit = errors.New("a limit of this reader")

// limitError returns the error about what, whose limit of most is exceeded.
func limitError(what string, off, most int64) error {
	return &damage.Error{What: what, Offset: off, Got: "more", Want: fmt.Sprintf("≤ %d", most), Err: errLimit}
}

// in adds the name of the executable to an error.
func (r *Reader) in(err error) error { return damage.In(err, r.name, "") }

// note adds a problem for err or, if err joins several errors, for each of them.
func (r *Reader) note(kind damage.Kind, err error) { r.problems = noted(r.problems, kind, err, r.name) }

// noted adds the problems of a file to a list.
func noted(list []Problem, kind damage.Kind, err error, name string) []Problem {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			list = noted(list, kind, e, name)
		}
		return list
	}
	if errors.Is(err, errLimit) {
		kind = damage.Limit
	}
	return append(list, damage.Note(kind, err, name, ""))
}
