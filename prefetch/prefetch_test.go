package prefetch_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/prefetch/prefetchtest"
)

var (
	when     = time.Date(2026, 3, 2, 12, 0, 0, 123456700, time.UTC)
	versions = []uint32{17, 23, 26, 30, 31}
	le       = binary.LittleEndian
)

// sample has a value in every field that a version has.
func sample(version uint32) prefetch.File {
	v := prefetch.Volume{
		Device: `\DEVICE\HARDDISKVOLUME2`, Created: when.AddDate(-1, 0, 0), Serial: 0xdeadbeef,
		Folders: []string{`\DEVICE\HARDDISKVOLUME2\PROGRAMDATA`, `\DEVICE\HARDDISKVOLUME2\WINDOWS`}, Refs: []prefetch.Ref{5<<48 | 40, 0, 1<<48 | 7},
	}
	runs := []time.Time{when}
	if version >= 26 {
		runs = []time.Time{when, when.Add(-time.Hour), when.Add(-2 * time.Hour)}
	}
	f := prefetchtest.Program(version, v.Device+`\ProgramData\Ünï 日本\up.exe`, v, runs, v.Device+`\WINDOWS\SYSTEM32\NTDLL.DLL`)
	f.RunCount = 7
	if version > 17 {
		f.Files[0].Ref = 5<<48 | 40
	}
	if version >= 30 {
		f.HashString = f.Files[0].Path
	}
	second := v
	second.Device, second.Folders, second.Refs = `\VOLUME{01d3096ba3a46863-2ca3d1ae}`, nil, nil
	f.Volumes = append(f.Volumes, second)
	return f
}

func open(t testing.TB, raw []byte) *prefetch.Reader {
	t.Helper()
	r, err := prefetch.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func written(t testing.TB, f prefetch.File) []byte {
	t.Helper()
	raw, err := prefetchtest.Bytes(f)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// What prefetchtest writes is read back as it was.
func TestWriterAndReaderAgree(t *testing.T) {
	for _, version := range versions {
		many := sample(version)
		for i := range 3000 { // several blocks of XPRESS
			many.Files = append(many.Files, prefetch.Opened{Path: fmt.Sprintf(`\DEVICE\HARDDISKVOLUME2\%d.DLL`, i*i)})
		}
		for name, f := range map[string]prefetch.File{"a sample": sample(version), "many files": many, "nothing": {Version: version, Executable: "X.EXE"}} {
			r := open(t, written(t, f))
			if got := *r.File(); !reflect.DeepEqual(got, f) {
				t.Errorf("version %d, %s:\ngot  %+v\nwant %+v", version, name, got, f)
			}
			for p := range r.Problems() {
				t.Errorf("version %d, %s: %v", version, name, p)
			}
		}
	}
	for name, f := range map[string]prefetch.File{
		"a version that is none": {Version: 22}, "a long name": {Version: 17, Executable: strings.Repeat("X", 30)},
		"two runs":    {Version: 23, LastRuns: []time.Time{when, when}},
		"hashed text": {Version: 26, HashString: "X"},
	} {
		if _, err := prefetchtest.Bytes(f); err == nil {
			t.Errorf("%s was written", name)
		}
	}
}

// The first layout of Windows 10 has the count of runs where Windows 8 has it.
func TestFirstLayoutOfVersion30(t *testing.T) {
	f := sample(26)
	raw := written(t, f)
	le.PutUint32(raw, 30)
	// Its volumes have 96 bytes. The writer's first volume of 104 reads well, the second does not.
	r := open(t, raw)
	if got := r.File(); got.RunCount != 7 || !slices.Equal(got.LastRuns, f.LastRuns) || got.Volumes[0].Serial != 0xdeadbeef {
		t.Errorf("%+v", got)
	}
}

func TestPath(t *testing.T) {
	v := prefetch.Volume{Device: `\DEVICE\HARDDISKVOLUME3`}
	program := func(path string) prefetch.File { return prefetchtest.Program(30, path, v, nil) }
	guid := program(v.Device + `\A\UP.EXE`)
	guid.Files[0].Path = `\VOLUME{01d3096ba3a46863-2ca3d1ae}\A\UP.EXE`
	two := program(v.Device + `\A\UP.EXE`)
	two.Files = append([]prefetch.Opened{{Path: v.Device + `\B\UP.EXE`}}, two.Files...)
	hosted := program(v.Device + `\WINDOWS\SYSTEM32\RUNDLL32.EXE`)
	hosted.Hash += 9
	browser := program(v.Device + `\A\UP.EXE`)
	browser.Hash += 8
	seven := prefetchtest.Program(23, v.Device+`\A\UP.EXE`, v, nil)
	seven.Hash++
	gone := program(v.Device + `\A\UP.EXE`)
	gone.Files = gone.Files[:0]
	long := program(v.Device + `\A\` + strings.Repeat("X", 40) + ".EXE")
	for _, tt := range []struct {
		name      string
		file      prefetch.File
		path      string
		confirmed bool
	}{
		{"its device is the one that was hashed", program(v.Device + `\A\UP.EXE`), v.Device + `\A\UP.EXE`, true},
		{"the volume is named by its GUID", guid, guid.Files[0].Path, true},
		{"two files have the name", two, v.Device + `\A\UP.EXE`, true},
		{"a host, which is hashed with its command line", hosted, v.Device + `\WINDOWS\SYSTEM32\RUNDLL32.EXE`, false},
		{"a browser with /prefetch:8", browser, v.Device + `\A\UP.EXE`, true},
		{"Windows 7 does not add the number", seven, v.Device + `\A\UP.EXE`, false},
		{"a name that was cut", long, v.Device + `\A\` + strings.Repeat("X", 40) + ".EXE", true},
		{"it is not among its files", gone, "", false},
	} {
		if path, confirmed := tt.file.Path(); path != tt.path || confirmed != tt.confirmed {
			t.Errorf("%s: %s, %t, want %s, %t", tt.name, path, confirmed, tt.path, tt.confirmed)
		}
	}
	if got := two.VolumeOf(v.Device + `\B\UP.EXE`); got == nil || got.Device != v.Device {
		t.Errorf("volume of a path: %+v", got)
	}
	if got := two.VolumeOf(v.Device + `1\B\UP.EXE`); got != nil {
		t.Errorf("volume of a path of another: %+v", got)
	}
}

// Hashes that others have published.
func TestHash(t *testing.T) {
	for _, tt := range []struct {
		version uint32
		path    string
		want    uint32
	}{
		{30, `\DEVICE\HARDDISKVOLUME3\WINDOWS\SYSTEM32\COREUPDATER.EXE`, 0x157c54bb},
		{17, `\DEVICE\HARDDISKVOLUME1\WINDOWS\SYSTEM32\CMD.EXE`, 0x087b4001},
	} {
		if got := prefetch.Hash(tt.version, tt.path); !slices.Contains(got, tt.want) {
			t.Errorf("%s: %#x, want %#x", tt.path, got, tt.want)
		}
	}
}

// What is not a prefetch file, or has nothing that can be read.
func TestRejected(t *testing.T) {
	packed, plain := written(t, sample(30)), written(t, sample(17))
	with := func(raw []byte, at int, b ...byte) []byte {
		raw = slices.Clone(raw)
		copy(raw[at:], b)
		return raw
	}
	for _, tt := range []struct {
		name string
		raw  []byte
		want string
		not  bool // a prefetch file
	}{
		{"empty", nil, "signature at 0x0: got an empty file, want SCCA or MAM: not a prefetch file", true},
		{"another signature", with(plain, 4, 'S', 'D', 'C', 'A'), `signature at 0x0: got "\x11\x00\x00\x00SDCA", want SCCA or MAM: not a prefetch file`, true},
		{"a version that is none", with(plain, 0, 22), "version at 0x0: got 22, want 17, 23, 26, 30 or 31", false},
		{"only a header", plain[:0x50], "offset of the metrics", false},
		{"only the signature of a container", []byte("MAM"), "header of the compressed file at 0x0: got 3 bytes, want 8 bytes", false},
		{"another algorithm", with(packed, 3, 0x83), "compression algorithm at 0x3: got 3, want 4", false},
		{"no checksum", append([]byte("MAM\x84"), packed[4:10]...), "checksum of the compressed file at 0x8: got 2 bytes, want 4 bytes", false},
		{"a size beyond the limit", with(packed, 4, 0xff, 0xff, 0xff, 0xff), "size once decompressed at 0x4: got 4294967295, want ≤", false},
		{"cut", packed[:len(packed)-8], "compressed content", false},
	} {
		_, err := prefetch.NewReader(bytes.NewReader(tt.raw), int64(len(tt.raw)), prefetch.WithName("x.pf"))
		if err == nil || !strings.Contains(err.Error(), "x.pf: "+tt.want) && !strings.Contains(err.Error(), tt.want) || !damage.Is(err) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
		if errors.Is(err, prefetch.ErrNotPrefetch) != tt.not {
			t.Errorf("%s: not a prefetch file: %t", tt.name, !tt.not)
		}
	}
}

// Damage costs what it damaged, and is reported.
func TestDamageLosesOnlyItself(t *testing.T) {
	whole := sample(23)
	for _, tt := range []struct {
		name   string
		change func(b []byte) []byte
		want   string
		lost   func(f *prefetch.File)
	}{
		{"the offset of the names", func(b []byte) []byte { le.PutUint32(b[0x64:], 1<<30); return b }, "malformed: prefetch: files: names of files at 0x40000000",
			func(f *prefetch.File) { f.Files = nil }},
		{"the number of metrics", func(b []byte) []byte { le.PutUint32(b[0x58:], 1<<31); return b }, "malformed: prefetch: files: metrics at 0xf0",
			func(f *prefetch.File) { f.Files = nil }},
		{"the length of a name", func(b []byte) []byte { le.PutUint32(b[0xf0+16:], 1<<30); return b }, "malformed: prefetch: file 0: name of the file",
			func(f *prefetch.File) { f.Files = f.Files[1:] }},
		{"the number of volumes", func(b []byte) []byte { le.PutUint32(b[0x70:], 99); return b }, "malformed: prefetch: volumes: volumes at",
			func(f *prefetch.File) { f.Volumes = nil }},
		{"the device of a volume", func(b []byte) []byte { le.PutUint32(b[le.Uint32(b[0x6c:]):], 1<<30); return b }, "malformed: prefetch: volume 1: device of the volume",
			func(f *prefetch.File) { f.Volumes = f.Volumes[1:] }},
		{"the number of references", func(b []byte) []byte {
			v := le.Uint32(b[0x6c:])
			le.PutUint32(b[v+le.Uint32(b[v+20:])+4:], 99)
			return b
		}, "malformed: prefetch: volume 1: number of references at", func(f *prefetch.File) { f.Volumes[0].Refs = nil }},
		{"the number of folders", func(b []byte) []byte { le.PutUint32(b[le.Uint32(b[0x6c:])+32:], 1<<31); return b }, "malformed: prefetch: volume 1: ", nil},
		{"the size of the file", func(b []byte) []byte { le.PutUint32(b[0x0c:], 9); return b }, "truncation: prefetch: size of the file at 0xc: got", func(*prefetch.File) {}},
		{"names that overlap", func(b []byte) []byte {
			for i := range 2 {
				le.PutUint32(b[0xf0+32*i+12:], 0)
				le.PutUint32(b[0xf0+32*i+16:], le.Uint32(b[0x68:])/2)
			}
			return b
		}, "malformed: prefetch: file 1: names of files at", nil},
	} {
		r := open(t, tt.change(written(t, whole)))
		var texts []string
		for p := range r.Problems() {
			texts = append(texts, p.String())
		}
		if !slices.ContainsFunc(texts, func(s string) bool { return strings.HasPrefix(s, tt.want) }) {
			t.Errorf("%s: problems %q, want %s", tt.name, texts, tt.want)
		}
		if tt.lost == nil {
			continue
		}
		want := sample(23)
		tt.lost(&want)
		if got := *r.File(); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", tt.name, got, want)
		}
	}
}

// A container may have a checksum. If it does not match, this is reported, and the content
// read.
func TestChecksumOfContainer(t *testing.T) {
	raw := written(t, sample(30))
	raw[3] = 0x84
	raw = slices.Insert(raw, 8, 0, 0, 0, 0)
	le.PutUint32(raw[8:], crc32.ChecksumIEEE(raw))
	for p := range open(t, raw).Problems() {
		t.Errorf("the right checksum: %v", p)
	}
	raw[8]++
	r := open(t, raw)
	if got := slices.Collect(r.Problems()); len(got) != 1 || got[0].Kind != damage.Checksum {
		t.Errorf("a wrong checksum: %v", got)
	}
	if !reflect.DeepEqual(*r.File(), sample(30)) {
		t.Errorf("a wrong checksum: %+v", r.File())
	}
}

func BenchmarkReader(b *testing.B) {
	f := sample(30)
	for i := range 1000 {
		f.Files = append(f.Files, prefetch.Opened{Path: fmt.Sprintf(`\DEVICE\HARDDISKVOLUME2\WINDOWS\%d.DLL`, i*i)})
	}
	raw := written(b, f)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := prefetch.NewReader(bytes.NewReader(raw), int64(len(raw))); err != nil {
			b.Fatal(err)
		}
	}
}
