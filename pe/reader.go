package pe

import (
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Reader holds what an executable claims about itself, read into memory as a
// whole. Strings are as in the file: whoever shows them must escape them.
type Reader struct {
	Size int64 // in bytes

	// Hashes of the whole file, in lower-case hexadecimal.
	MD5, SHA1, SHA256 string

	// ImpHash is the MD5 of the imported functions as pefile and VirusTotal
	// compute it, and RichHash is the MD5 of the decoded Rich header, both in
	// lower-case hexadecimal. They are empty if there is nothing to hash.
	ImpHash, RichHash string

	// The Authenticode digests of the image, that is the file without its
	// checksum, the entry of the certificate table and that table, in lower-case
	// hexadecimal. They are empty if the headers do not allow computing them. A
	// file that is not signed is digested as it is; when it is signed later, tools
	// first pad it to a multiple of 8 bytes.
	AuthentihashSHA1, AuthentihashSHA256 string

	Machine   Machine
	Subsystem Subsystem
	DLL       bool // IMAGE_FILE_DLL
	Driver    bool // runs in the kernel: the native subsystem without ntdll.dll, which native programs import

	// LinkTime is the header's TimeDateStamp, in UTC with a resolution of one
	// second, or zero if the field is. Reproducible means that the linker marked
	// the build as reproducible, so that the field is a hash and not a time.
	LinkTime     time.Time
	Reproducible bool

	ExportName string // name of the DLL in the export directory; often the name at link time
	PDBPath    string // of the first CodeView record in the debug directory
	Version    VersionInfo
	Imports    []Import // in the order of the file, without delayed ones

	CheckSum         uint32 // the header's field; 0 if not set
	ComputedCheckSum uint32 // what the loader would compute for it

	// Signatures are the Authenticode signatures in the order of the
	// certificate table, each followed by those nested in it.
	Signatures []Signature

	name         string    // what errors call the executable
	padded       [2]string // the Authenticode digests by SHA-1 and SHA-256 with the padding that signing adds, if that is any
	problems     []Problem
	badSignature bool // part of the certificate table could not be decoded
	uncovered    bool // the loader maps a part of the certificate table, which no digest covers
}

// Signed reports whether the file has at least one signature that could be
// decoded. It does not report whether that signature is valid.
func (r *Reader) Signed() bool { return len(r.Signatures) > 0 }

// Open reads the named executable.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return readFile(f, name, opts)
}

// OpenFS reads the executable in a file of fsys.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return readFile(f, name, opts)
}

// readFile reads the executable in f and closes f, which is not needed afterwards.
func readFile(f *fsfile.File, name string, opts []Option) (*Reader, error) {
	defer f.Close()
	return NewReader(f, f.Size, append([]Option{WithName(name)}, opts...)...)
}

// NewReader reads the executable of size bytes in r, which is not needed
// afterwards. It fails if r fails. It returns a *FormatError if the file is not an
// executable: if it does not begin with MZ, with the cause [ErrNotExecutable], or
// if it has no PE signature. All other damage is reported by Problems, and the
// Reader has what could be read.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	c := newConfig(opts)
	p := &Reader{Size: size, name: c.name}
	if err := p.read(r, c.limit); err != nil {
		return nil, p.in(err)
	}
	return p, nil
}

// read reads the executable in src, at most limit bytes of it at once.
func (r *Reader) read(src io.ReaderAt, limit int64) error {
	if err := checkSignatures(src, r.Size); err != nil {
		return err
	}
	head, err := bin.ReadAt(src, r.Size, 0, min(r.Size, limit), "file")
	if err != nil {
		return err
	}
	img := &image{data: head, fileSize: r.Size}
	if r.Size > limit {
		r.note(damage.Limit, limitError("bytes of the file read into memory", limit, limit))
	}
	if err := img.parseHeaders(); err != nil {
		r.note(damage.Malformed, err)
	}
	if err := img.truncated(); err != nil {
		r.note(damage.Truncation, err)
	}
	s := &source{src, r.Size, head}
	if !img.parsed() {
		return r.hashes(s, nil)
	}
	if err := r.hashes(s, img); err != nil {
		return err
	}
	r.takeHeaders(img)
	r.readDirectories(img)
	return r.readSignatures(s, img)
}

// Close returns nil. There is nothing to release: all that a Reader has is in
// memory.
func (r *Reader) Close() error { return nil }

// Problems iterates over the damaged and the unusual parts of the executable.
func (r *Reader) Problems() iter.Seq[Problem] { return slices.Values(r.problems) }

// takeHeaders fills in the fields that come from the headers.
func (r *Reader) takeHeaders(img *image) {
	r.Machine, r.Subsystem = Machine(img.machine), Subsystem(img.subsystem)
	r.DLL = img.characteristics&imageFileDLL != 0
	if img.timeDateStamp != 0 {
		r.LinkTime = time.Unix(int64(img.timeDateStamp), 0).UTC()
	}
	r.RichHash = img.richHash
	r.CheckSum = img.checkSum
	if r.CheckSum != 0 && r.CheckSum != r.ComputedCheckSum {
		r.note(damage.Checksum, damage.New("checksum", img.checkSumOffset, fmt.Sprintf("%#x", r.CheckSum), fmt.Sprintf("%#x", r.ComputedCheckSum)))
	}
}

// readDirectories reads what the data directories refer to. Damage to one does not
// stop the others from being read.
func (r *Reader) readDirectories(img *image) {
	var err error
	keep := func() {
		if err != nil {
			r.note(damage.Malformed, err)
		}
	}
	r.Imports, err = img.imports()
	keep()
	r.ImpHash = impHash(r.Imports)
	r.Driver = r.Subsystem == Native && !slices.ContainsFunc(r.Imports, func(i Import) bool {
		return strings.EqualFold(i.DLL, "ntdll.dll")
	})
	r.ExportName, err = img.exportName()
	keep()
	r.PDBPath, r.Reproducible, err = img.debug()
	keep()
	r.Version, err = img.version()
	keep()
}
