package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/archive/archivetest"
)

// Of a zip file that is cut off anywhere, the members before are found, also if their
// sizes are behind their data.
func TestCutZip(t *testing.T) {
	text := []byte("text")
	file := archivetest.Zip(t,
		member{Name: "a", Content: long}, member{Name: "b", Content: long, Descriptor: true}, member{Name: "c", Content: text, Stored: true, Descriptor: true},
		member{Name: "d/"}, member{Name: "e", Content: text, Zip64: true}, member{Name: "f", Content: long, Password: "secret", Descriptor: true}, member{Name: "g", Content: text})
	// Of a descriptor without its mark the end is found by decoding.
	unmarked := archivetest.Zip(t, member{Name: "a", Content: long, Descriptor: true}, member{Name: "b", Content: text, Descriptor: true})
	unmarked = bytes.ReplaceAll(unmarked[:bytes.Index(unmarked, []byte(sigCentral))], []byte(sigDescriptor), nil)
	if fsys, err := openZip(unmarked, ""); err != nil || !slices.Equal(listing(fsys), []string{"a=1300000 bytes", "b=text"}) {
		t.Errorf("without marks: %v, %q", err, listing(fsys))
	}
	all := []string{"a=1300000 bytes", "b=1300000 bytes", "c=text", "e=text", "f=1300000 bytes", "g=text"}
	first := bytes.Index(file, []byte(sigCentral))
	for cut := first; cut > 40; cut -= 97 {
		fsys, err := openZip(file[:cut], "secret")
		if err != nil {
			t.Fatalf("cut at %d of %d: %v", cut, first, err)
		}
		got := listing(fsys)
		whole := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return !slices.Contains(all, s) })
		if len(whole) < len(got)-1 || cut == first && !slices.Equal(got, all) || !slices.Equal(whole, all[:len(whole)]) {
			t.Errorf("cut at %d of %d: %q, %q", cut, first, got, problems(fsys))
		}
	}
}

// Each limit leaves something out, and a problem says which limit it was.
func TestLimits(t *testing.T) {
	text := []byte("text")
	file := archivetest.Zip(t, member{Name: "a/b/c/d", Content: text}, member{Name: "e", Content: text}, member{Name: "f", Content: text})
	for _, tt := range []struct {
		limits Limits
		want   []string
		what   string
	}{
		{Limits{}, []string{"a/b/c/d=text", "e=text", "f=text"}, ""},
		{Limits{Depth: 3}, []string{"e=text", "f=text"}, "folders in folders"},
		{Limits{Entries: 5}, []string{"a/b/c/d=text", "e=text"}, "members and folders"},
		{Limits{Entries: 2}, nil, "entries of the central directory"},
		{Limits{Total: 8}, []string{"a/b/c/d=text", "e=text"}, "unpacked size of all members"},
	} {
		fsys, err := OpenZip(bytes.NewReader(file), int64(len(file)), Options{Limits: tt.limits})
		if err != nil {
			t.Fatal(err)
		}
		if got := listing(fsys); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: got %q", tt.limits, got)
		}
		found := fsys.Problems()
		if (len(found) == 0) != (tt.what == "") || tt.what != "" && (found[0].Kind != damage.Limit || found[0].Err.What != tt.what || !errors.Is(found[0].Err, ErrLimit)) {
			t.Errorf("%+v: problems %q", tt.limits, problems(fsys))
		}
	}
}

// An archive with very many problems does not list them all, and says so.
func TestManyProblems(t *testing.T) {
	var members []member
	for i := range 2 * maxProblems {
		members = append(members, member{Name: fmt.Sprintf("../%d", i)})
	}
	fsys, err := openZip(archivetest.Zip(t, members...), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := fsys.Problems(); len(got) != maxProblems || got[maxProblems-1].Kind != damage.Limit {
		t.Errorf("%d problems, the last is %v", len(got), got[len(got)-1])
	}
}

// mutants returns how many mutants a test tries: BIRTHMARK_MUTANTS, or n.
func mutants(t *testing.T, n int) int {
	s := os.Getenv("BIRTHMARK_MUTANTS")
	if s == "" {
		return n
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Changed bytes lead to an error or a problem, or to the right content. The names and
// the times have no checksum.
func TestZipMutants(t *testing.T) {
	noise := make([]byte, 5000)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	file := archivetest.Zip(t,
		member{Name: "C/a", Content: noise}, member{Name: "C/b", Content: noise, Stored: true},
		member{Name: "C/c", Content: long, Zip64: true}, member{Name: "C/d", Content: noise, Password: "secret"})
	for range mutants(t, 500) {
		b := bytes.Clone(file)
		for range 1 + rng.IntN(3) {
			b[rng.IntN(len(b))] = byte(rng.Uint32())
		}
		fsys, err := openZip(b, "secret")
		if err != nil {
			if !damage.Is(err) {
				t.Errorf("not damage: %v", err)
			}
			continue
		}
		for _, l := range listing(fsys) {
			_ = l
		}
		fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			got, err := fs.ReadFile(fsys, name)
			if err == nil && !bytes.Equal(got, noise) && !bytes.Equal(got, long) && len(got) > 0 {
				t.Errorf("%s: %d wrong bytes without an error", name, len(got))
			}
			return nil
		})
	}
}

func FuzzZip(f *testing.F) {
	f.Add(archivetest.Zip(f, member{Name: "C/a", Content: []byte("text")}, member{Name: `C\b`, Stored: true, Content: []byte("text"), Zip64: true}))
	f.Add(archivetest.Zip(f, member{Name: "a", Content: []byte("text"), Password: "secret"}, member{Name: "../a"}, member{Name: "A/b", Descriptor: true, Content: []byte("x")}))
	f.Fuzz(func(t *testing.T, b []byte) {
		fsys, err := openZip(b, "secret")
		if err != nil {
			return
		}
		listing(fsys)
		for _, p := range fsys.Problems() {
			if p.Err == nil {
				t.Error("a problem without an error")
			}
		}
	})
}
