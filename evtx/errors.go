package evtx

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// FormatError says what is damaged in a log, where, what was wanted and what
// was there. Path names the chunk and the record.
type FormatError = damage.Error

// Problem is damage that did not stop the reading.
type Problem = damage.Problem

// GUID is a GUID in the byte order of Windows' files.
type GUID = winid.GUID

// ErrNotEventLog is the cause of the error for a file that is no event log.
var ErrNotEventLog = errors.New("not a Windows XML event log")

// errLimit is the cause of the error for a record that unfolds out of
// proportion to its size.
var errLimit = errors.New("limit of this package")
