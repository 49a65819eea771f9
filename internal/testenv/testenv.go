// Package testenv finds what tests compare with: the corpus of real evidence,
// independent tools, and golden files. A test that needs a missing corpus or tool is
// skipped, with a message that names it.
package testenv

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files with the current output")

// module is the first line of the go.mod of the module.
const module = "module github.com/birthmark-dfir/birthmark"

// start is where the test began: in the directory of its package, even if it goes
// to another one later.
var start, errStart = os.Getwd()

// Root returns the directory of the module: that of the package under test, or one
// above it. The modules inside it have other names. The source paths in the build
// do not help, since -trimpath removes them.
func Root(t testing.TB) string {
	t.Helper()
	if errStart != nil {
		t.Fatal(errStart)
	}
	dir, ok := rootAbove(start)
	if !ok {
		t.Fatalf("testenv: no go.mod in or above %s begins with %q", start, module)
	}
	return dir
}

func rootAbove(dir string) (string, bool) {
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if first, _, _ := bytes.Cut(text, []byte("\n")); err == nil && string(bytes.TrimSpace(first)) == module {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// Corpus returns the path of a file or folder of the corpus: below $BIRTHMARK_CORPUS
// if that is set, otherwise below shared/corpus beside the module.
func Corpus(t testing.TB, rel string) string {
	t.Helper()
	dir := os.Getenv("BIRTHMARK_CORPUS")
	if dir == "" {
		dir = filepath.Join(Root(t), "..", "shared", "corpus")
	}
	name := filepath.Join(dir, filepath.FromSlash(rel))
	if _, err := os.Stat(name); err != nil {
		t.Skipf("corpus not available (set BIRTHMARK_CORPUS): %v", err)
	}
	return name
}

// CorpusGlob returns the corpus files that match a slash-separated pattern, in the
// order of their names.
func CorpusGlob(t testing.TB, pattern string) []string {
	t.Helper()
	root := Corpus(t, ".")
	names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skipf("no file in the corpus matches %s", pattern)
	}
	return names
}

// Unpacked returns the path of a corpus file. If its name ends in .gz or .zst, the
// file is unpacked into a directory of the test. For .zst the test needs the zstd
// program.
func Unpacked(t testing.TB, rel string) string {
	t.Helper()
	return unpacked(t, Corpus(t, rel))
}

func unpacked(t testing.TB, name string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)))
	switch filepath.Ext(name) {
	case ".gz":
		packed, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(out)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(f, r); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	case ".zst":
		if msg, err := exec.Command(Tool(t, "zstd"), "-q", "-d", name, "-o", out).CombinedOutput(); err != nil {
			t.Fatalf("zstd: %v: %s", err, msg)
		}
	default:
		return name
	}
	return out
}

// Tool returns the path of an independent tool, looked up in $PATH and then in
// the list of directories $BIRTHMARK_PEERS.
func Tool(t testing.TB, name string) string {
	t.Helper()
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	for _, dir := range filepath.SplitList(os.Getenv("BIRTHMARK_PEERS")) {
		if p, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return p
		}
	}
	t.Skipf("%s is not installed in $PATH or $BIRTHMARK_PEERS; not compared with it", name)
	return ""
}

// Python returns a Python interpreter that can import module.
func Python(t testing.TB, module string) string {
	t.Helper()
	candidates := []string{"python3"}
	for _, dir := range filepath.SplitList(os.Getenv("BIRTHMARK_PEERS")) {
		candidates = append(candidates, filepath.Join(dir, "python3"))
	}
	for _, p := range candidates {
		if exec.Command(p, "-c", "import "+module).Run() == nil {
			return p
		}
	}
	t.Skipf("Python with %s is not installed in $PATH or $BIRTHMARK_PEERS; not compared with it", module)
	return ""
}

// Golden compares got with a golden file, or writes the file if the test runs with
// -update.
func Golden(t testing.TB, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update rewrites it):\n%s", name, firstDifference(string(got), string(want)))
	}
}

// Updating reports whether the test runs with -update.
func Updating() bool { return *update }

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			return "first at line " + strconv.Itoa(i+1) + ":\n got  " + a + "\n want " + b
		}
	}
	return ""
}
