package cim

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in a repository. Its fields are those of [damage.Error]:
//
//	Artifact string // the file of the repository, else "cim"
//	Path     string // the page, the class or the instance
//	Offset   int64  // in bytes from the beginning of the file; -1 if unknown
//	What     string // the damaged structure or field
//	Want     string // what the format requires there; may be empty
//	Got      string // what was found instead; may be empty
//	Err      error  // the cause; may be nil
type FormatError = damage.Error

// Problem is damage that did not stop the rest from being read. Its fields are those of
// [damage.Problem]:
//
//	Kind damage.Kind  // such as damage.Malformed or damage.Truncation
//	Err  *FormatError // what is wrong, and where; never nil
type Problem = damage.Problem

var (
	// ErrNotRepository is the cause of the error for files that are not those of a
	// repository.
	ErrNotRepository = errors.New("not a WMI repository")

	// ErrVersion is the cause of the error for a repository of Windows XP or Server 2003.
	ErrVersion = errors.New("the repository has the format of Windows XP")
)
