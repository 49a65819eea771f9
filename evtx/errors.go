package evtx

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// FormatError is damage in a log. Its fields are those of [damage.Error]:
//
//	Artifact string // the log, by its name, else "evtx"
//	Path     string // the chunk, and the record in it
//	Offset   int64  // in bytes from the beginning of the log; -1 if unknown
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

// GUID is a GUID in the byte order of Windows files. [winid.ParseGUID] makes one of its
// text.
type GUID = winid.GUID

// ErrNotEventLog is the cause of the error for a file that is not an event log.
var ErrNotEventLog = errors.New("not a Windows XML event log")

// errLimit is the cause of the error for a record that exceeds a limit, such as one
// that unfolds out of proportion to its size.
var errLimit = errors.New("exceeds a limit of this package")
