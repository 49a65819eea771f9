package pe

import (
	"errors"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// ErrNotExecutable is the cause of the error about a file that does not begin
// with MZ. One that does and has no PE header gives an error without this cause:
// it may be a damaged executable, or a program for DOS.
var ErrNotExecutable = errors.New("no executable")

// errLimit is the cause of errors about a limit of this package.
var errLimit = errors.New("a limit of this reader")

// limit returns the error about what, of which there may only be most.
func limit(what string, off, most int64) error {
	return &damage.Error{What: what, Offset: off, Got: "more", Want: fmt.Sprintf("≤ %d", most), Err: errLimit}
}

// found adds a finding: damage, or what is out of the ordinary.
func (f *File) found(kind damage.Kind, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			f.found(kind, e)
		}
		return
	}
	var e *damage.Error
	if !errors.As(damage.In(err, "pe", ""), &e) {
		e = &damage.Error{Artifact: "pe", What: "file", Offset: -1, Err: err}
	}
	if errors.Is(err, errLimit) {
		kind = damage.Limit
	}
	f.Findings = append(f.Findings, Problem{Kind: kind, Err: e})
}
