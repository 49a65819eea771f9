package evtx

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// FormatError describes damage in a log: the damaged structure, its place, what was
// expected and what was found. Path names the chunk and the record.
type FormatError = damage.Error

// Problem describes damage that did not stop the log from being read.
type Problem = damage.Problem

// GUID is a GUID in the byte order of Windows files.
type GUID = winid.GUID

// ErrNotEventLog is the cause of the error for a file that is not an event log.
var ErrNotEventLog = errors.New("not a Windows XML event log")

// errLimit is the cause of the error for a record that exceeds a limit, such as one
// that unfolds out of proportion to its size.
var errLimit = errors.New("exceeds a limit of this package")
