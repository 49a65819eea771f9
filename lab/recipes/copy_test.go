package recipes_test

import (
	"crypto/sha256"
	"fmt"
	"go/format"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// scratch is a copy of the module.
type scratch struct {
	t      *testing.T
	dir    string
	before map[string][sha256.Size]byte // the files of the copy as they were copied
}

func newScratch(t *testing.T) *scratch {
	t.Helper()
	s := &scratch{t: t, dir: t.TempDir()}
	root := testenv.Root(t)
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		switch to := filepath.Join(s.dir, rel); {
		case d.Name() == ".git" && d.IsDir():
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(to, 0o777)
		case d.Name() == ".git" || !d.Type().IsRegular():
			return nil
		default:
			b, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			return os.WriteFile(to, b, 0o666)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	s.before = s.sums()
	return s
}

// sums returns the hashes of all files, by slash-separated path.
func (s *scratch) sums() map[string][sha256.Size]byte {
	s.t.Helper()
	sums := map[string][sha256.Size]byte{}
	files := os.DirFS(s.dir)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, name)
		sums[name] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return sums
}

// changed returns the files that are new or another since the module was copied.
func (s *scratch) changed() []string {
	s.t.Helper()
	var list []string
	for name, sum := range s.sums() {
		if old, ok := s.before[name]; !ok || old != sum {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// edit changes a file as a move says, and formats it as Go if it is Go.
func (s *scratch) edit(m move) error {
	name := filepath.Join(s.dir, filepath.FromSlash(m.file))
	old, err := os.ReadFile(name)
	if err != nil && m.verb != "new" {
		return err
	}
	text, err := m.apply(strings.ReplaceAll(string(old), "\r\n", "\n"))
	if err != nil {
		return err
	}
	if path.Ext(m.file) == ".go" {
		b, err := format.Source([]byte(text))
		if err != nil {
			return fmt.Errorf("%s: %w", m.file, err)
		}
		text = string(b)
	}
	return os.WriteFile(name, []byte(text), 0o666)
}

// read returns the text of a file.
func (s *scratch) read(name string) string {
	s.t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}

// run runs the go tool in the copy, and returns what it printed. Without source
// paths in what it compiles all copies share the build cache. Tests are the short
// ones.
func (s *scratch) run(args ...string) (string, error) {
	cmd := exec.CommandContext(s.t.Context(), "go", args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -trimpath -short -vet=off -ldflags=-w"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), err
}

// write writes a file outside of the copy, and returns its path.
func (s *scratch) write(name string, content []byte) string {
	s.t.Helper()
	name = filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(name, content, 0o666); err != nil {
		s.t.Fatal(err)
	}
	return name
}

// holds is an error if a text lacks one of some words.
func holds(text string, words ...string) error {
	for _, want := range words {
		if !strings.Contains(text, want) {
			return fmt.Errorf("no %q in\n%s", want, text)
		}
	}
	return nil
}

// The copy has what the module has, and changes are seen.
func TestScratch(t *testing.T) {
	s := newScratch(t)
	for _, name := range []string{"go.mod", "lab/recipes/copy_test.go", "testdata/sqlserver/disk.raw.gz", ".ci/run"} {
		if _, ok := s.before[name]; !ok {
			t.Errorf("the copy does not have %s", name)
		}
	}
	if _, ok := s.before[".git"]; ok || slices.ContainsFunc(slices.Collect(maps.Keys(s.before)), func(name string) bool { return strings.HasPrefix(name, ".git/") }) {
		t.Error("the copy has the repository")
	}
	if list := s.changed(); len(list) > 0 {
		t.Errorf("changed before a change: %q", list)
	}
	for _, m := range []move{{verb: "new", file: "mft/x.go", text: "package mft\nvar  x int\n"}, {verb: "end", file: "README.md", text: "x\n"}} {
		if err := s.edit(m); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := s.changed(), []string{"README.md", "mft/x.go"}; !slices.Equal(got, want) {
		t.Errorf("changed %q, want %q", got, want)
	}
	if got := s.read("mft/x.go"); got != "package mft\n\nvar x int\n" {
		t.Errorf("not formatted: %q", got)
	}
}
