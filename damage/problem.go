package damage

import "errors"

// Kind classifies a Problem.
type Kind uint8

// The kinds of Problem.
const (
	Malformed   Kind = iota // a structure violates its specification; its content is lost
	Checksum                // a stored checksum does not match; the content was read nevertheless
	Gap                     // numbers that should be consecutive are not
	Truncation              // the artifact is shorter than its own sizes say
	Unclean                 // the artifact was not closed cleanly; its newest state may be elsewhere
	Torn                    // a multi-sector write was not completed (fixup mismatch)
	Unsupported             // the format allows this, but this module does not decode it
	Limit                   // a documented limit of this module left a part undecoded
	Hidden                  // a whole part is there that the artifact itself passes over
	Conflict                // two places that record the same fact do not agree
	Cleared                 // the artifact was emptied; what it held before is not in it
)

var kindNames = [...]string{"malformed", "checksum", "gap", "truncation", "unclean", "torn", "unsupported", "limit", "hidden", "conflict", "cleared"}

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
	Err  *Error // what is wrong, and where; never nil
}

// Note returns the Problem that err describes. It adds the artifact and the path as
// In does. An error that is not an *Error becomes the cause of one.
func Note(kind Kind, err error, artifact, path string) Problem {
	var e *Error
	if !errors.As(In(err, artifact, path), &e) {
		e = &Error{Artifact: artifact, Path: path, Offset: -1, What: "reading", Err: err}
	}
	return Problem{Kind: kind, Err: e}
}

// String returns the kind and the error on one line.
func (p Problem) String() string { return p.Kind.String() + ": " + p.Err.Error() }
