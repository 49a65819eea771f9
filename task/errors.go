package task

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in a task. Its fields are those of [damage.Error]:
//
//	Artifact string // the file, by its name, else "task"
//	Path     string // the element, such as Task/Actions/Exec
//	Offset   int64  // in bytes from the beginning of the file; -1 if unknown
//	What     string // the damaged structure or field
//	Want     string // what the format requires there; may be empty
//	Got      string // what was found instead; may be empty
//	Err      error  // the cause; may be nil
type FormatError = damage.Error

// Problem is damage that did not stop the rest from being read. Its fields are
// those of [damage.Problem]:
//
//	Kind damage.Kind  // such as damage.Malformed or damage.Limit
//	Err  *FormatError // what is wrong, and where; never nil
type Problem = damage.Problem

// ErrNotTask is the cause of the error for a file that is not a task: neither the XML of
// one nor a job.
var ErrNotTask = errors.New("not a scheduled task")
