package damage

import "errors"

// Kind classifies a Problem.
type Kind uint8

// The kinds of Problem.
const (
	Malformed   Kind = iota // a structure breaks its specification; what it held is lost
	Checksum                // a stored checksum does not match; the content was read all the same
	Gap                     // numbers that should follow each other do not
	Truncation              // the artifact ends before its own sizes say
	Unclean                 // the artifact was not closed cleanly: its newest state may lie elsewhere
	Torn                    // a multi-sector write was not completed (fixup mismatch)
	Unsupported             // the format has this, this module does not decode it
	Limit                   // a stated limit of this module stopped the decoding of a part
)

var kindNames = [...]string{"malformed", "checksum", "gap", "truncation", "unclean", "torn", "unsupported", "limit"}

// String returns the kind's name in lower case.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Problem is something wrong with an artifact that did not stop the rest of it
// from being read.
type Problem struct {
	Kind Kind
	Err  *Error // where it is, what was wanted and what was there; never nil
}

// Note returns the Problem that err is about. It names the artifact and the place
// as In does; an error that is not an *Error becomes the cause of one.
func Note(kind Kind, err error, artifact, path string) Problem {
	var e *Error
	if !errors.As(In(err, artifact, path), &e) {
		e = &Error{Artifact: artifact, Path: path, Offset: -1, What: "reading", Err: err}
	}
	return Problem{Kind: kind, Err: e}
}

// String returns the kind and the located error on one line.
func (p Problem) String() string { return p.Kind.String() + ": " + p.Err.Error() }
