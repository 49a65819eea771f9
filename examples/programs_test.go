// Package examples_test runs all programs as their users do, for what they share.
package examples_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// programs are the programs that read evidence, with the arguments that follow EVIDENCE
// in a run.
var programs = []program{
	{"autoruns", nil},
	{"evidence", nil},
	{"evtxdump", nil},
	{"mftdump", nil},
	{"origin", []string{`C:\ProgramData\USOShared\sqlserver.exe`}},
	{"sigcheck", nil},
	{"supertimeline", nil},
}

// program is a program, with the arguments that follow EVIDENCE.
type program struct {
	name string
	rest []string
}

// makers are the programs that make evidence, of text.
var makers = []program{{"evtxmake", nil}, {"regmake", nil}}

// comparers are the programs that compare two pieces of evidence.
var comparers = []program{{"regdiff", nil}}

// allPrograms are the programs of all kinds.
var allPrograms = slices.Concat(programs, makers, comparers)

// bin is the folder with the built programs.
var bin string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	var err error
	if bin, err = os.MkdirTemp("", "birthmark"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(bin)
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator))
	for _, p := range allPrograms {
		build.Args = append(build.Args, "./"+p.name)
	}
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// lookAtSources opens every file from which the programs are built. Since another
// process builds them, go test would otherwise reuse a cached result after a file
// has changed.
var lookAtSources = sync.OnceValue(func() error {
	return filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(name) == ".go" {
			_, err = os.Stat(name)
		}
		return err
	})
})

// run runs a program in a folder and returns its exit code and output.
func run(t *testing.T, dir, name string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	if err := lookAtSources(); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	cmd := exec.Command(filepath.Join(bin, name), args...)
	var out, problems bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &problems
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), origintest.Golden(out.String()), problems.String()
}

// Every folder below examples that holds a program is in the table.
func TestTableHasEveryProgram(t *testing.T) {
	mains, err := filepath.Glob("*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, p := range allPrograms {
		known[p.name] = true
	}
	for _, name := range mains {
		if dir := filepath.Dir(name); !known[dir] {
			t.Errorf("%s is not in the table", dir)
		}
	}
}

// fingerprint returns a hash of the names, sizes and content of everything below a
// folder.
func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			fmt.Fprintln(h, name)
			return err
		}
		if !d.Type().IsRegular() {
			to, err := os.Readlink(name)
			fmt.Fprintln(h, name, to)
			return err
		}
		b, err := os.ReadFile(name)
		fmt.Fprintln(h, name, len(b))
		h.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Evidence is never overwritten, whatever name -o gives it.
func TestOutputIsNeverEvidence(t *testing.T) {
	// A case folder holds the evidence, an image beside it, and links to both.
	const log = "evidence/C/Windows/System32/winevt/Logs/Security.evtx"
	link := func(make func(old, name string) error, old, name string) func(dir string) error {
		return func(dir string) error {
			return make(filepath.Join(dir, filepath.FromSlash(old)), filepath.Join(dir, filepath.FromSlash(name)))
		}
	}
	for _, tt := range []struct {
		name     string
		evidence string
		out      string
		prepare  func(dir string) error
	}{
		{"a file of the folder", "evidence", log, nil},
		{"a new file in the folder", "evidence", "evidence/new.txt", nil},
		{"a new file below the folder", "evidence", "evidence/C/Windows/new.txt", nil},
		{"a new file in a new folder", "evidence", "evidence/none/none/new.txt", nil},
		{"dots", "evidence", "evidence/../other/../evidence/C/new.txt", nil},
		{"dots in the evidence's name", "other/../evidence", log, nil},
		{"a symbolic link to a file", "evidence", "link", link(os.Symlink, log, "link")},
		{"a symbolic link to a new file", "evidence", "link", link(os.Symlink, "evidence/new.txt", "link")},
		{"a link to a link", "evidence", "link", func(dir string) error {
			return errors.Join(link(os.Symlink, log, "first")(dir), link(os.Symlink, "first", "link")(dir))
		}},
		{"through a link to a folder", "evidence", "link/new.txt", link(os.Symlink, "evidence/C/Windows", "link")},
		{"the evidence through a link", "link", log, link(os.Symlink, "evidence", "link")},
		{"a hard link", "evidence", "hard", link(os.Link, log, "hard")},
		{"the image", "disk.raw.gz", "disk.raw.gz", nil},
		{"the image through a symbolic link", "disk.raw.gz", "link", link(os.Symlink, "disk.raw.gz", "link")},
		{"a hard link to the image", "disk.raw.gz", "hard", link(os.Link, "disk.raw.gz", "hard")},
		{"another case", "evidence", "EVIDENCE/new.txt", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			copyScenario(t, dir)
			if tt.prepare != nil {
				if err := tt.prepare(dir); err != nil {
					t.Skip(err) // Windows requires a privilege
				}
			}
			if strings.HasPrefix(tt.out, "EVIDENCE") {
				if _, err := os.Stat(filepath.Join(dir, "EVIDENCE")); err != nil {
					t.Skip("this file system is case-sensitive")
				}
			}
			before := fingerprint(t, dir)
			for _, p := range allPrograms {
				code, _, stderr := run(t, dir, p.name, append([]string{"-o", filepath.FromSlash(tt.out), filepath.FromSlash(tt.evidence)}, p.rest...)...)
				if code != 2 || !strings.Contains(stderr, "would overwrite the evidence") {
					t.Errorf("%s: exit code %d, want 2; stderr: %.300s", p.name, code, stderr)
				}
				if fingerprint(t, dir) != before {
					t.Fatalf("%s changed the evidence", p.name)
				}
			}
		})
	}
}

// With -o, a file beside the evidence gets what stdout would.
func TestOutputBesideEvidence(t *testing.T) {
	dir := t.TempDir()
	copyScenario(t, dir)
	before := fingerprint(t, filepath.Join(dir, "evidence"))
	for _, p := range programs {
		if p.name == "sigcheck" || p.name == "mftdump" {
			continue // the folder holds neither an executable nor an $MFT
		}
		args := append([]string{"evidence"}, p.rest...)
		_, want, _ := run(t, dir, p.name, args...)
		code, out, stderr := run(t, dir, p.name, append([]string{"-q", "-o", "out.txt"}, args...)...)
		got, err := os.ReadFile(filepath.Join(dir, "out.txt"))
		if code != 0 || out != "" || stderr != "" || err != nil || want == "" || origintest.Golden(string(got)) != want {
			t.Errorf("%s: exit code %d, %d bytes on stdout, stderr %q, %v; %d bytes in the file, want %d", p.name, code, len(out), stderr, err, len(got), len(want))
		}
	}
	if fingerprint(t, filepath.Join(dir, "evidence")) != before {
		t.Error("the evidence changed")
	}
}

// copyScenario copies the scenario of testdata to a folder, as evidence and as
// disk.raw.gz, with an empty folder beside them.
func copyScenario(t *testing.T, dir string) {
	t.Helper()
	source := filepath.Join("..", "testdata", "sqlserver")
	if err := os.CopyFS(filepath.Join(dir, "evidence", "C"), os.DirFS(filepath.Join(source, "C"))); err != nil {
		t.Fatal(err)
	}
	image, err := os.ReadFile(filepath.Join(source, "disk.raw.gz"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "disk.raw.gz"), image, 0o644)
	}
	if err = errors.Join(err, os.Mkdir(filepath.Join(dir, "other"), 0o755)); err != nil {
		t.Fatal(err)
	}
}
