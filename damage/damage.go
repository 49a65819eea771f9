// Package damage holds the one error that every parser of this module returns for
// malformed evidence, and the [Problem] that reports damage which did not stop an
// artifact from being read.
//
// The parsers export both under aliases (evtx.FormatError, mft.Problem, …), so one
// errors.As works for all of them:
//
//	var e *damage.Error
//	if errors.As(err, &e) {
//		fmt.Println(e.Artifact, e.Path, e.Offset, e.What)
//	}
//
// Most callers need only [Is] and [Kind]. The other functions are for parsers: [New]
// and [Truncated] describe what is wrong, [In] adds the place, and [Note] returns a
// Problem.
package damage

import (
	"errors"
	"fmt"
	"strings"
)

// Error describes malformed evidence: what is malformed and where it is, what was
// expected there, and what was found instead.
type Error struct {
	Artifact string // kind or name of the artifact: "evtx", "Security.evtx"; may be empty
	Path     string // logical place inside the artifact: "chunk 3 record 4711"; may be empty
	Offset   int64  // in bytes from the beginning of the artifact; -1 if unknown
	What     string // the structure or field, in the terms of its specification
	Want     string // what the format requires, such as "≥ 28"; may be empty
	Got      string // what was found; may be empty
	Err      error  // underlying cause; may be nil
}

// Error formats e on one line, as in
//
//	evtx: chunk 3 record 4711: data size at 0x31a40: got 12, want ≥ 28
func (e *Error) Error() string {
	if e == nil {
		return "no error"
	}
	var b strings.Builder
	for _, s := range []string{e.Artifact, e.Path} {
		if s != "" {
			b.WriteString(s)
			b.WriteString(": ")
		}
	}
	b.WriteString(e.What)
	if e.Offset >= 0 {
		fmt.Fprintf(&b, " at %#x", e.Offset)
	}
	sep := ": "
	if e.Got != "" {
		b.WriteString(sep + "got " + e.Got)
		sep = ", "
	}
	if e.Want != "" {
		b.WriteString(sep + "want " + e.Want)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the underlying cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns an Error about what at offset. Got and want are formatted with
// fmt.Sprint; a nil one is omitted.
func New(what string, offset int64, got, want any) *Error {
	e := &Error{What: what, Offset: offset}
	if got != nil {
		e.Got = fmt.Sprint(got)
	}
	if want != nil {
		e.Want = fmt.Sprint(want)
	}
	return e
}

// Truncated returns the Error for a read of need bytes if only have are left.
func Truncated(what string, offset int64, need, have int64) *Error {
	return &Error{
		What:   what,
		Offset: offset,
		Got:    fmt.Sprintf("%d bytes", max(have, 0)),
		Want:   fmt.Sprintf("%d bytes", need),
	}
}

// In adds an artifact and a path to an error that a lower layer returned without
// knowing them. If the error already has one of them, it keeps it. Errors that are
// not an *Error are returned unchanged.
func In(err error, artifact, path string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	named := *e
	if named.Artifact == "" {
		named.Artifact = artifact
	}
	if named.Path == "" {
		named.Path = path
	}
	return &named
}

// Is reports whether err describes damage in the evidence, after which an iteration
// continues. Any other error is a failure to read the evidence, and is final.
func Is(err error) bool {
	var e *Error
	return errors.As(err, &e)
}
