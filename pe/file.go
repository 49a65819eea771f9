// Package pe says what a Windows executable states about itself.
package pe

import (
	"io"
	"os"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/damage"
)

// FormatError says what is malformed in an executable, where, what was wanted
// and what was there.
type FormatError = damage.Error

// Problem is something wrong with an executable that did not stop the rest of
// it from being read.
type Problem = damage.Problem

// File is what an executable says about itself. Strings come from the file as
// they are: whoever shows them must escape them.
type File struct {
	Size int64 // in bytes

	// Hashes of the whole file, lower-case hexadecimal.
	MD5, SHA1, SHA256 string

	// ImpHash is the MD5 of the imported functions, in lower-case hexadecimal,
	// as pefile and VirusTotal compute it; empty when nothing is imported.
	ImpHash string

	// The Authenticode digests of the image: the file without its checksum,
	// the entry of the certificate table and that table. Lower-case
	// hexadecimal; empty when the headers do not allow to compute them.
	AuthentihashSHA1, AuthentihashSHA256 string

	Machine   Machine
	Subsystem Subsystem
	DLL       bool // IMAGE_FILE_DLL
	Driver    bool // runs in the kernel: native subsystem and imports of the kernel or its hardware layer

	// LinkTime is the header's TimeDateStamp, in UTC with a resolution of one
	// second; zero when the field is. Reproducible says that the linker marked
	// the build as such, so that the field is a hash and no time.
	LinkTime     time.Time
	Reproducible bool

	ExportName string // name of the DLL that the export directory states; often the name at link time
	PDBPath    string // of the first CodeView record in the debug directory
	Version    VersionInfo

	CheckSum         uint32 // the header's field; 0 when not set
	ComputedCheckSum uint32 // what the loader would compute for it

	// Signatures are the Authenticode signatures in the order of the
	// certificate table, each followed by those nested in it.
	Signatures []Signature

	// Findings are the damaged and the unusual parts of the file.
	Findings []Problem
}

// Signed reports whether the file states at least one signature that could be
// decoded. It says nothing about whether that signature is valid.
func (f *File) Signed() bool { return len(f.Signatures) > 0 }

// An Option changes how an executable is read.
type Option func(*config)

type config struct{ maxSize int64 }

// Open reads the named executable and closes it.
func Open(name string, opts ...Option) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return NewReader(f, info.Size(), opts...)
}

// NewReader reads the executable of the given size in bytes.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*File, error) {
	return &File{Size: size}, nil
}
