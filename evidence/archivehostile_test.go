package evidence

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/archive/archivetest"
)

// Of an archive that is cut off, what precedes the cut is opened, with a problem.
func TestCutArchive(t *testing.T) {
	noise := make([]byte, 100000)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	packed := archivetest.Tar(t, "C/Windows/win.ini", "data", "C/Windows/noise", string(noise), "C/Windows/z", "data")
	members := archivetest.Zip(t, member{Name: "C/Windows/win.ini", Content: []byte("data")}, member{Name: "C/Windows/noise", Content: noise}, member{Name: "C/Windows/z", Content: []byte("data")})
	for name, file := range map[string][]byte{"tar": packed[:50000], "tar.gz": zip(t, packed)[:50000], "zip": members[:50000]} {
		e, err := New("x", bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		v := e.Volumes()[0]
		if got := tree(t, v); !slices.Equal(got, []string{"Windows/noise", "Windows/win.ini"}) {
			t.Errorf("%s: files %q", name, got)
		}
		if b, err := fs.ReadFile(v.FS, "Windows/win.ini"); err != nil || string(b) != "data" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
		if b, err := fs.ReadFile(v.FS, "Windows/noise"); !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.HasPrefix(noise, b) {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
		if !slices.ContainsFunc(slices.Collect(e.TableProblems()), func(p Problem) bool { return p.Kind == damage.Truncation }) {
			t.Errorf("%s: problems %v", name, slices.Collect(e.TableProblems()))
		}
	}
}

// A small file that unpacks to a large one takes little memory, and one that cannot be as
// large as it says is an error.
func TestZipBomb(t *testing.T) {
	const size = 256 << 20
	bomb := archivetest.Zip(t, member{Name: "C/Windows/a", Content: make([]byte, size)}, member{Name: "C/Windows/b", Content: []byte("data"), Size: 1 << 30})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	e, err := New("x.zip", bytes.NewReader(bomb), int64(len(bomb)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := e.Volumes()[0].FS.Open("Windows/a")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, f); n != size || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 64<<20 {
		t.Errorf("%d bytes of zip hold %d bytes of memory", len(bomb), held)
	}
	if _, err := fs.ReadFile(e.Volumes()[0].FS, "Windows/b"); err == nil || !strings.Contains(err.Error(), "limit reached") {
		t.Errorf("a member that is too large: %v", err)
	}
	runtime.KeepAlive(bomb)
}

// Changed archives are errors, or open with problems; nothing panics.
func TestArchiveMutants(t *testing.T) {
	n := 200
	if s := os.Getenv("BIRTHMARK_MUTANTS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	inner := inZip(t, "C/Windows/win.ini", `C\Users\a.txt`, "C/$MFT")
	var inputs [][]byte
	inputs = append(inputs, inner, archivetest.Zip(t, member{Name: "data.zip", Content: inner, Password: "secret"}),
		archivetest.Tar(t, "fs/C:/Windows/win.ini", "data", "fs/C:/Users/a", "data"), zip(t, archivetest.Tar(t, "C/Windows/win.ini", "data")),
		archivetest.Zip(t, member{Name: "uploads/auto/C%3A/Users/a", Content: []byte("data")}, member{Name: "uploads/auto/C%3A/Users/a.idx", Content: []byte(`{"ranges":[{"length":50},{"original_offset":50,"file_length":4,"length":4}]}`)},
			member{Name: "results/Metadata.json", Content: []byte(`{"SourceFile":"C:\\Users\\a","Created":"2021-08-21T20:04:11Z"}`)}))
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		b := bytes.Clone(inputs[i%len(inputs)])
		for range 1 + rng.IntN(4) {
			b[rng.IntN(len(b))] = byte(rng.Uint32())
		}
		e, err := New("x", bytes.NewReader(b), int64(len(b)), password("secret"))
		if err != nil {
			var fe *FormatError
			if !errors.As(err, &fe) {
				t.Errorf("no FormatError: %v", err)
			}
			continue
		}
		for _, v := range e.Volumes() {
			files := 0
			fs.WalkDir(v.FS, ".", func(name string, d fs.DirEntry, err error) error {
				if files++; files > 1000 {
					return fs.SkipAll
				}
				if f, err := v.FS.Open(name); err == nil && !d.IsDir() {
					_, _ = io.CopyN(io.Discard, f, 1<<20)
					f.Close()
				}
				return nil
			})
		}
		for range e.Problems() {
		}
	}
}
