package pe_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// Offsets in the files that petest writes.
const (
	ntHeaders    = 0x80
	fileHeader   = ntHeaders + 4
	optional     = fileHeader + 20 // PE32+
	checkSum     = optional + 64
	dirs         = optional + 112
	firstSection = dirs + 8*16
	rdataSection = firstSection + 40
)

// sample returns an executable with everything that this package reads.
func sample(t testing.TB) []byte {
	t.Helper()
	ca := petest.NewCA("Root")
	b, err := petest.Image{
		LinkTime:   time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC),
		Imports:    []petest.Import{{DLL: "KERNEL32.dll", Functions: []string{"ExitProcess", "#5"}}},
		ExportName: "sample.dll",
		PDBPath:    `C:\sample.pdb`,
		Version:    pe.VersionInfo{CompanyName: "Example", OriginalFilename: "sample.exe", FixedFileVersion: "1.2.3.4"},
		Signature: petest.Signature{
			Signer: ca.Issue("Example"), SigningTime: time.Date(2024, 3, 1, 13, 0, 0, 0, time.UTC), ProgramName: "Sample",
			Timestamper: ca.IssueTimestamper("TSA"),
		},
	}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(b []byte) (*pe.Reader, error) { return pe.NewReader(bytes.NewReader(b), int64(len(b))) }

func mustRead(t testing.TB, b []byte) *pe.Reader {
	t.Helper()
	f, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func problems(r *pe.Reader) []string {
	var list []string
	for p := range r.Problems() {
		list = append(list, p.String())
	}
	return list
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var tsaTime = time.Date(2024, 3, 1, 13, 0, 5, 0, time.UTC)

func put32(b []byte, at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
func get32(b []byte, at int) uint32    { return binary.LittleEndian.Uint32(b[at:]) }

// offset returns the file offset of what a data directory refers to, in a file of
// petest.
func offset(b []byte, directory int) int {
	rva := get32(b, dirs+8*directory)
	for at := firstSection; ; at += 40 {
		if start := get32(b, at+12); rva >= start && rva < start+0x1000 {
			return int(get32(b, at+20) + rva - start)
		}
	}
}

func TestNotExecutable(t *testing.T) {
	b := sample(t)
	for _, tt := range []struct {
		name  string
		in    []byte
		other bool // a file of another kind
		want  string
	}{
		{"empty", nil, true, `pe: DOS signature at 0x0: got "", want "MZ": not an executable`},
		{"ELF", []byte("\x7fELF"), true, `pe: DOS signature at 0x0: got "\x7fE", want "MZ": not an executable`},
		{"two bytes", []byte("MZ"), false, "pe: e_lfanew at 0x0: got 2 bytes, want 60 bytes"},
		{"program for DOS", append([]byte("MZ"), make([]byte, 100)...), false, `pe: PE signature at 0x0: got "MZ\x00\x00", want "PE\x00\x00"`},
		{"cut before the PE header", b[:0x82], false, "pe: PE signature at 0x80: got 2 bytes, want 4 bytes"},
		{"PE header beyond the end", patch(b, 0x3c, 0xffffffff), false, "pe: PE signature at 0xffffffff: got 0 bytes, want 4 bytes"},
	} {
		f, err := read(tt.in)
		if f != nil || err == nil || err.Error() != tt.want || errors.Is(err, pe.ErrNotExecutable) != tt.other {
			t.Errorf("%s: got %v, %v; want %s", tt.name, f, err, tt.want)
		}
	}
}

// patch returns a copy of b with a 32-bit number at an offset.
func patch(b []byte, at int, v uint32) []byte {
	c := bytes.Clone(b)
	put32(c, at, v)
	return c
}

// Damage to one structure is reported with its place, and loses only that
// structure: the file's own hash is always there.
func TestDamage(t *testing.T) {
	b := sample(t)
	imports, resources, debug := offset(b, 1), offset(b, 2), offset(b, 6)
	table, tableSize := int(get32(b, dirs+8*4)), int(get32(b, dirs+8*4+4))
	version := resources + 3*24 + 16
	for _, tt := range []struct {
		name string
		in   []byte
		want string
	}{
		{"header cut", b[:optional+50], "malformed: pe: NT headers at 0x80: reading data outside boundary"},
		{"neither PE32 nor PE32+", patch(b, optional, 0x107), "malformed: pe: NT headers at 0x80: not a valid PE signature. Optional Header magic not found"},
		{"image base", patch(b, optional+24, 0x123), "malformed: pe: NT headers at 0x80: corrupt PE file. Image base not aligned to 64 K"},
		{"section table cut", b[:firstSection+60], "malformed: pe: section table at 0x188: reading data outside boundary"},
		{"section beyond the end", patch(b, rdataSection+16, 0x100000),
			fmt.Sprintf("truncation: pe: section data at 0x400: got %d bytes, want 1048576 bytes", len(b)-0x400)},
		{"checksum", patch(b, checkSum, 7), fmt.Sprintf("checksum: pe: checksum at 0xd8: got 0x7, want %#x", get32(b, checkSum))},
		{"imports nowhere", patch(b, dirs+8, 0x900000),
			"malformed: pe: import directory: got RVA 0x900000: the address is outside all sections"},
		{"DLL name nowhere", patch(b, imports+12, 0x900000),
			"malformed: pe: imported DLL's name: got RVA 0x900000: the address is outside all sections"},
		{"function name nowhere", patch(b, int(get32(b, imports)-0x2000)+0x400, 0x900000),
			"malformed: pe: imported function's name: got RVA 0x900002: the address is outside all sections"},
		{"export directory nowhere", patch(b, dirs, 0x900000),
			"malformed: pe: export directory: got RVA 0x900000: the address is outside all sections"},
		{"debug record beyond the end", patch(b, debug+24, 0xffffff00),
			"malformed: pe: CodeView record at 0xffffff00: got 0 bytes, want 38 bytes"},
		{"resource entry beyond the section", patch(b, resources+20, 0x80000800),
			fmt.Sprintf("malformed: pe: resource directory at %#x: got 0 bytes, want 16 bytes", resources+0x800)},
		{"resource count", patch(b, resources+12, 0xffff),
			fmt.Sprintf("malformed: pe: resource entries at %#x: got 496 bytes, want 524280 bytes", resources+16)},
		{"resource data too long", patch(b, version-12, 0xffff),
			fmt.Sprintf("malformed: pe: resource data at %#x: got 424 bytes, want 65535 bytes", version)},
		{"version key", patch(b, version+6, 'X'), fmt.Sprintf("malformed: pe: version resource at %#x: got \"X\", want VS_VERSION_INFO", version)},
		{"version length", patch(b, version, 4), fmt.Sprintf("malformed: pe: version block length at %#x: got 4, want 8 to ", version)},
		{"certificate table beyond the end", patch(b, dirs+8*4, 0x7fffffff), "truncation: pe: certificate table at 0x7fffffff: got 0 bytes"},
		{"certificate table cut", b[:len(b)-16], fmt.Sprintf("truncation: pe: certificate table at %#x: got %d bytes, want %d bytes", table, tableSize-16, tableSize)},
		{"dwLength", patch(b, table, 0x7fffffff),
			fmt.Sprintf("malformed: pe: WIN_CERTIFICATE dwLength at %#x: got 2147483647, want 8 to %d", table, tableSize)},
		{"X.509 instead of PKCS #7", patch(b, table+4, 0x10200),
			fmt.Sprintf("unsupported: pe: WIN_CERTIFICATE wCertificateType at %#x: got 1, want 2", table+6)},
		{"no ContentInfo", patch(b, table+8, 0), fmt.Sprintf("malformed: pe: ContentInfo at %#x: got tag 0x00, want tag 0x30", table+8)},
		{"bytes after the certificate table", append(bytes.Clone(b), 1),
			fmt.Sprintf("malformed: pe: end of file at %#x: got 1 bytes after the certificate table, want none", len(b))},
		{"image changed", petest.Tampered(b), "checksum: pe: image digest at "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := read(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if f.SHA256 == "" {
				t.Error("no hash")
			}
			for p := range f.Problems() {
				if strings.HasPrefix(p.String(), tt.want) {
					return
				}
			}
			t.Errorf("got %v\nwant %s", problems(f), tt.want)
		})
	}
}

// A block of the version resource that claims to be longer than its parent loses no
// string: it ends with the parent.
func TestVersionBlocksTooLong(t *testing.T) {
	b := sample(t)
	want := mustRead(t, b).Version.Strings
	for _, key := range []string{"VS_VERSION_INFO", "StringFileInfo", "040904b0", "OriginalFilename"} {
		at := bytes.Index(b, utf16z(key)) - 6
		damaged := bytes.Clone(b)
		binary.LittleEndian.PutUint16(damaged[at:], 0xc39)
		f := mustRead(t, damaged)
		if !slices.Equal(f.Version.Strings, want) {
			t.Errorf("%s: got %q, want %q", key, f.Version.Strings, want)
		}
		text := fmt.Sprintf("malformed: pe: version block length at %#x: got 3129, want 8 to ", at)
		if !slices.ContainsFunc(problems(f), func(p string) bool { return strings.HasPrefix(p, text) }) {
			t.Errorf("%s: got %v, want %s", key, problems(f), text)
		}
	}
}

// utf16z returns ASCII text in UTF-16LE with its NUL.
func utf16z(s string) []byte {
	var b []byte
	for _, c := range []byte(s + "\x00") {
		b = append(b, c, 0)
	}
	return b
}

// Wherever a file ends, and whichever of its bytes is changed, nothing panics, and
// the result keeps the promises.
func TestEveryPrefixAndByte(t *testing.T) {
	b := sample(t)
	for n := range b {
		if f, err := read(b[:n]); err == nil {
			check(t, f)
		}
		b[n] ^= 0xff
		if f, err := read(b); err == nil {
			check(t, f)
		}
		b[n] ^= 0xff
	}
}

// A table may hold several signatures beside each other.
func TestSeveralEntries(t *testing.T) {
	b := sample(t)
	table := int(get32(b, dirs+8*4))
	b = append(b, b[table:]...)
	put32(b, dirs+8*4+4, uint32(len(b)-table))
	f := mustRead(t, b)
	if len(f.Signatures) != 2 || f.Signatures[1].Nested || f.Signatures[1].Offset <= f.Signatures[0].Offset {
		t.Errorf("got %+v, want two signatures beside each other", f.Signatures)
	}
	if got := f.SignatureState(); got != pe.Unverified {
		t.Errorf("state: got %v, want %v", got, pe.Unverified)
	}
}

// No digest covers bytes between the PKCS #7 and the end of its entry.
func TestBytesAfterSignature(t *testing.T) {
	b := sample(t)
	table := int(get32(b, dirs+8*4))
	size := get32(b, table) + 16
	b = append(b, "sixteen bytes...."[:16]...)
	put32(b, table, size)
	put32(b, dirs+8*4+4, size)
	f := mustRead(t, b)
	if got := f.SignatureState(); got != pe.Unverified {
		t.Errorf("state: got %v, want %v: the digest does not cover them", got, pe.Unverified)
	}
	for p := range f.Problems() {
		if strings.Contains(p.String(), "bytes after the PKCS #7") {
			return
		}
	}
	t.Errorf("got %v, want a problem about the bytes", problems(f))
}

func TestSignatureState(t *testing.T) {
	b := sample(t)
	table := int(get32(b, dirs+8*4))
	unsigned, err := petest.Image{}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		in   []byte
		want pe.SignatureState
	}{
		{"unsigned", unsigned, pe.Unsigned},
		{"signed", b, pe.Unverified},
		{"changed", petest.Tampered(b), pe.Tampered},
		{"signature cut", b[:table+100], pe.Malformed},
		{"signature cut away, its entry kept", b[:table], pe.Malformed},
		{"no PKCS #7", patch(b, table+8, 0), pe.Malformed},
	} {
		if got := mustRead(t, tt.in).SignatureState(); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// In a reader that follows it as it is, each of these grows with the square of the
// file, or without end.
func TestHostile(t *testing.T) {
	unsigned, err := petest.Image{Padding: 2 << 20}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	withTable := func(message []byte) []byte {
		b := bytes.Clone(unsigned)
		put32(b, dirs+8*4, uint32(len(b)))
		put32(b, dirs+8*4+4, uint32(len(message)+8))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(message)+8))
		return append(append(b, 0, 2, 2, 0), message...)
	}
	data := int(get32(unsigned, firstSection+40+20))
	rva := get32(unsigned, firstSection+40+12)

	sharedImports := bytes.Clone(unsigned)
	put32(sharedImports, dirs+8, rva)
	for at := data; at < len(unsigned)-40; at += 20 {
		for i, v := range []uint32{rva, 0, 0, rva, rva} {
			put32(sharedImports, at+4*i, v)
		}
	}
	sharedResources := bytes.Clone(unsigned)
	put32(sharedResources, dirs+8*2, rva)
	for _, directory := range []struct{ at, next uint32 }{{0, 0x90000}, {0x90000, 0x1f0000}} {
		at := data + int(directory.at)
		put32(sharedResources, at+12, 0xffff0000) // 65535 entries,
		for at += 16; at < data+int(directory.at)+16+0xffff*8; at += 8 {
			put32(sharedResources, at, 16)                          // each for versions,
			put32(sharedResources, at+4, 0x80000000|directory.next) // in one directory
		}
	}
	clear(sharedResources[data+0x1f0000:][:16])
	manySections := bytes.Clone(unsigned)
	put32(manySections, fileHeader, 0xffff8664)

	for _, tt := range []struct {
		name string
		in   []byte
		want string
	}{
		{"import tables that are shared", sharedImports, "limit: pe: imported functions"},
		{"resource directories that are shared", sharedResources, "limit: pe: resource entries"},
		{"more sections than there are", manySections, "malformed: pe: section table"},
		{"4 MB of nested indefinite lengths", withTable(bytes.Repeat([]byte{0x30, 0x80}, 2<<20)), "malformed: pe: ContentInfo"},
		{"a length of 4 GB", withTable([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}), "malformed: pe: ContentInfo"},
		{"a length of 126 bytes", withTable(bytes.Repeat([]byte{0x30, 0xfe}, 1000)), "malformed: pe: ContentInfo"},
		{"many empty entries", withTable(bytes.Repeat([]byte{8, 0, 0, 0, 0, 2, 9, 0}, 1<<17)), "malformed: pe: ContentInfo"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f := mustRead(t, tt.in)
			runtime.ReadMemStats(&after)
			if got, most := after.TotalAlloc-before.TotalAlloc, uint64(4*len(tt.in)+64<<20); got > most {
				t.Errorf("made %d bytes of memory of %d, want at most %d", got, len(tt.in), most)
			}
			for p := range f.Problems() {
				if strings.HasPrefix(p.String(), tt.want) {
					return
				}
			}
			t.Errorf("got %v\nwant %s", problems(f), tt.want)
		})
	}
}

// A file larger than the limit keeps its hashes and its signatures.
func TestWithLimit(t *testing.T) {
	ca := petest.NewCA("Root")
	b, err := petest.Image{Padding: 1 << 20, Signature: petest.Signature{Signer: ca.Issue("Example")}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	whole := mustRead(t, b)
	part, err := pe.NewReader(bytes.NewReader(b), int64(len(b)), pe.WithLimit(1))
	if err != nil {
		t.Fatal(err)
	}
	if whole.SHA256 != part.SHA256 || whole.AuthentihashSHA256 != part.AuthentihashSHA256 || whole.ComputedCheckSum != part.ComputedCheckSum {
		t.Errorf("hashes differ: %+v\nwant %+v", part, whole)
	}
	if part.SignatureState() != pe.Unverified {
		t.Errorf("state %v, want %v", part.SignatureState(), pe.Unverified)
	}
	want := []string{"limit: pe: bytes of the file read into memory at 0x10000: got more, want ≤ 65536: a limit of this reader"}
	if got := problems(part); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A failure of the disk is not damage to the file.
func TestReadError(t *testing.T) {
	b := sample(t)
	for _, fails := range []int64{0, 0x100, int64(len(b)) - 1} {
		_, err := pe.NewReader(badSector{bytes.NewReader(b), fails}, int64(len(b)), pe.WithLimit(1))
		var damage *pe.FormatError
		if err != errBadSector || errors.As(err, &damage) {
			t.Errorf("bad sector at %#x: got %v, want the reader's own error", fails, err)
		}
	}
}

var errBadSector = errors.New("bad sector")

type badSector struct {
	r  io.ReaderAt
	at int64
}

func (b badSector) ReadAt(p []byte, off int64) (int, error) {
	if off <= b.at && b.at < off+int64(len(p)) {
		return 0, errBadSector
	}
	return b.r.ReadAt(p, off)
}

func ExampleOpen() {
	image, err := petest.Image{
		Version: pe.VersionInfo{CompanyName: "Microsoft Corporation", OriginalFilename: "SQLSERVR.EXE"},
		Signature: petest.Signature{
			Signer: petest.NewCA("Not Microsoft").Issue("Microsoft Corporation"), // anyone can
		},
	}.Bytes()
	if err != nil {
		panic(err)
	}
	f, err := pe.NewReader(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		panic(err)
	}
	fmt.Println(f.Version.OriginalFilename, "of", f.Version.CompanyName)
	for _, s := range f.Signatures {
		fmt.Println("digest matches:", s.DigestMatches())
		fmt.Println("stated signer:", s.StatedSigner.CommonName(), "by", s.StatedSigner.Issuer)
	}
	// Output:
	// SQLSERVR.EXE of Microsoft Corporation
	// digest matches: true
	// stated signer: Microsoft Corporation by CN=Not Microsoft,O=Not Microsoft,C=US
}

func BenchmarkNewReader(b *testing.B) {
	image, err := petest.Image{Padding: 4 << 20, Imports: []petest.Import{{DLL: "a.dll", Functions: []string{"b"}}}}.Bytes()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(image)))
	for b.Loop() {
		if _, err := read(image); err != nil {
			b.Fatal(err)
		}
	}
}
