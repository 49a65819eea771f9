package weblog

import "github.com/birthmark-dfir/birthmark/damage"

// FormatError is damage in a log. Its fields are those of [damage.Error]:
//
//	Artifact string // the log, by its name, else "weblog"
//	Path     string // the line
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
