package weblog

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError says what is damaged in a log, where, what was wanted and what was
// there. Path names the line.
type FormatError = damage.Error

// Problem is damage that did not stop the reading.
type Problem = damage.Problem

// ErrNotWebLog is the cause of the error for a file that is not a log in a format
// of this package.
var ErrNotWebLog = errors.New("not a web log in the W3C extended format")
