package ese

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in a database. Its fields are those of [damage.Error]:
//
//	Artifact string // the database, by its name, else "ese"
//	Path     string // the table, page and node, such as "CLIENTS: page 35 node 4"
//	Offset   int64  // in bytes from the beginning of the file; -1 if unknown
//	What     string // the damaged structure or field
//	Want     string // what the format requires there; may be empty
//	Got      string // what was found instead; may be empty
//	Err      error  // the cause; may be nil
type FormatError = damage.Error

// Problem is damage that did not stop the rest from being read. Its fields are those of
// [damage.Problem]:
//
//	Kind damage.Kind  // such as damage.Checksum or damage.Unclean
//	Err  *FormatError // what is wrong, and where; never nil
type Problem = damage.Problem

// Causes of errors, for errors.Is.
var (
	ErrNotESE      = errors.New("not an ESE database")
	ErrUnsupported = errors.New("not supported") // the value is encrypted or compressed in a way that is not read
)
