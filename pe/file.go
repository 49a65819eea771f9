package pe

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
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

	// ImpHash is the MD5 of the imported functions as pefile and VirusTotal
	// compute it, RichHash that of the decoded Rich header, in lower-case
	// hexadecimal; empty when there is nothing to hash.
	ImpHash, RichHash string

	// The Authenticode digests of the image: the file without its checksum,
	// the entry of the certificate table and that table. Lower-case
	// hexadecimal; empty when the headers do not allow to compute them. A file
	// that is not signed is digested as it is; when it is signed later, tools
	// first pad it to a multiple of 8 bytes.
	AuthentihashSHA1, AuthentihashSHA256 string

	Machine   Machine
	Subsystem Subsystem
	DLL       bool // IMAGE_FILE_DLL
	Driver    bool // runs in the kernel: the native subsystem without ntdll.dll, which native programs import

	// LinkTime is the header's TimeDateStamp, in UTC with a resolution of one
	// second; zero when the field is. Reproducible says that the linker marked
	// the build as such, so that the field is a hash and no time.
	LinkTime     time.Time
	Reproducible bool

	ExportName string // name of the DLL that the export directory states; often the name at link time
	PDBPath    string // of the first CodeView record in the debug directory
	Version    VersionInfo
	Imports    []Import // in the order of the file, without delayed ones

	CheckSum         uint32 // the header's field; 0 when not set
	ComputedCheckSum uint32 // what the loader would compute for it

	// Signatures are the Authenticode signatures in the order of the
	// certificate table, each followed by those nested in it.
	Signatures []Signature

	// Findings are the damaged and the unusual parts of the file.
	Findings []Problem

	badSignature bool // part of the certificate table could not be decoded
}

// Signed reports whether the file states at least one signature that could be
// decoded. It says nothing about whether that signature is valid.
func (f *File) Signed() bool { return len(f.Signatures) > 0 }

// DefaultLimit is how much of a file is read into memory, in bytes, unless
// WithLimit says otherwise.
const DefaultLimit = 256 << 20

// An Option changes how an executable is read.
type Option func(*config)

type config struct{ limit int64 }

// WithLimit sets how many bytes of the file are read into memory at once, at
// least 64 KiB. Hashes and signatures are read of larger files too; of the rest,
// only what lies before the limit. DefaultLimit is plenty: images of more than
// 100 MB are rare.
func WithLimit(n int64) Option {
	return func(c *config) { c.limit = max(n, chunkSize) }
}

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

// NewReader reads the executable of the given size in bytes. A file that is no
// executable gives a *FormatError: it has no MZ ([ErrNotExecutable]) or no PE
// signature. Damage
// behind these gives a File with what could be read, and findings. Any other
// error is one of r.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*File, error) {
	c := config{limit: DefaultLimit}
	for _, o := range opts {
		o(&c)
	}
	if err := checkSignatures(r, size); err != nil {
		return nil, damage.In(err, "pe", "")
	}
	head, err := bin.ReadAt(r, size, 0, min(size, c.limit), "file")
	if err != nil {
		return nil, damage.In(err, "pe", "")
	}
	f := &File{Size: size}
	img := &image{data: head, fileSize: size}
	if size > c.limit {
		f.found(damage.Limit, limit("bytes of the file read into memory", c.limit, c.limit))
	}
	if err := img.parseHeaders(); err != nil {
		f.found(damage.Malformed, err)
	}
	if err := img.truncated(); err != nil {
		f.found(damage.Truncation, err)
	}
	src := &source{r, size, head}
	if !img.parsed() {
		img = nil
	}
	if err := f.hashes(src, img); err != nil {
		return nil, damage.In(err, "pe", "")
	}
	if img == nil {
		return f, nil
	}
	f.takeHeaders(img)
	f.readDirectories(img)
	if err := f.readSignatures(src, img); err != nil {
		return nil, damage.In(err, "pe", "")
	}
	return f, nil
}

// takeHeaders fills in what the headers state.
func (f *File) takeHeaders(img *image) {
	f.Machine, f.Subsystem = Machine(img.machine), Subsystem(img.subsystem)
	f.DLL = img.characteristics&imageFileDLL != 0
	if img.timeDateStamp != 0 {
		f.LinkTime = time.Unix(int64(img.timeDateStamp), 0).UTC()
	}
	f.RichHash = img.richHash
	f.CheckSum = img.checkSum
	if f.CheckSum != 0 && f.CheckSum != f.ComputedCheckSum {
		f.found(damage.Checksum, damage.New("checksum", img.checkSumOffset, fmt.Sprintf("%#x", f.CheckSum), fmt.Sprintf("%#x", f.ComputedCheckSum)))
	}
}

// readDirectories reads what the data directories lead to. Damage in one does
// not keep the others from being read.
func (f *File) readDirectories(img *image) {
	var err error
	keep := func() {
		if err != nil {
			f.found(damage.Malformed, err)
		}
	}
	f.Imports, err = img.imports()
	keep()
	f.ImpHash = impHash(f.Imports)
	f.Driver = f.Subsystem == Native && !slices.ContainsFunc(f.Imports, func(i Import) bool {
		return strings.EqualFold(i.DLL, "ntdll.dll")
	})
	f.ExportName, err = img.exportName()
	keep()
	f.PDBPath, f.Reproducible, err = img.debug()
	keep()
	f.Version, err = img.version()
	keep()
}
