package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// write runs a program that reads the inputs and writes data to -o dest.
func write(dest, data string, err error, inputs ...string) int {
	p := New("demo", "LOG", new(bytes.Buffer), new(bytes.Buffer))
	return p.Run(append([]string{"-o", dest}, inputs...), func() error {
		p.Out.WriteString(data)
		return err
	})
}

func TestOutputFile(t *testing.T) {
	for _, tt := range []struct {
		name string
		old  string // in the file before the run
		data string // written by the run
		err  error  // of the run
		code int
		want string // in the file after the run
	}{
		{"new", "", "data", nil, Done, "data"},
		{"replaced", "a longer old text", "data", nil, Done, "data"},
		{"no data", "old", "", nil, Done, ""},
		{"nothing read", "old", "", errors.New("no evidence"), Nothing, "old"},
		{"failed after some data", "old", "data", errors.New("disk full"), Nothing, "old"},
		{"wrong usage", "old", "data", Usagef("want one LOG"), Misused, "old"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			dest := filepath.Join(dir, "out")
			if tt.old != "" {
				put(t, dest, tt.old)
			}
			if code := write(dest, tt.data, tt.err); code != tt.code {
				t.Errorf("code %d, want %d", code, tt.code)
			}
			if got := get(t, dest); got != tt.want {
				t.Errorf("the file holds %q, want %q", got, tt.want)
			}
			onlyFiles(t, dir, "out")
		})
	}
}

func TestOutputThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	ran := false
	p := New("demo", "LOG", new(bytes.Buffer), new(bytes.Buffer))
	code := p.Run([]string{"-o", filepath.Join(dir, "none", "out")}, func() error { ran = true; return nil })
	if code != Nothing || ran {
		t.Errorf("no such folder: code %d, ran %v; want %d before the work begins", code, ran, Nothing)
	}
	if code := write(dir, "data", nil); code != Misused {
		t.Errorf("a folder as -o: code %d, want %d", code, Misused)
	}
	if code := write(os.DevNull, "data", nil); code != Done {
		t.Errorf("%s: code %d", os.DevNull, code)
	}
	if st, err := os.Stat(os.DevNull); err != nil || st.Mode().IsRegular() {
		t.Fatalf("%s was replaced by a file", os.DevNull)
	}
}

func TestOutputKeepsPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	dest := filepath.Join(t.TempDir(), "out")
	put(t, dest, "old")
	if err := os.Chmod(dest, 0o600); err != nil {
		t.Fatal(err)
	}
	write(dest, "data", nil)
	if st, err := os.Stat(dest); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want that of the older file", st.Mode(), err)
	}
}

// A run that is ended by a signal leaves only the older file.
func TestInterruptedOutput(t *testing.T) {
	const child = "CLI_TEST_INTERRUPTED"
	if dest := os.Getenv(child); dest != "" {
		p := New("demo", "LOG", io.Discard, io.Discard)
		os.Exit(p.Run([]string{"-o", dest}, func() error {
			p.Out.Write(make([]byte, 1<<20))
			self, err := os.FindProcess(os.Getpid())
			if err != nil {
				return err
			}
			if err := self.Signal(os.Interrupt); err != nil {
				return err
			}
			time.Sleep(time.Minute)
			return nil
		}))
	}
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot send an interrupt to a process")
	}
	dir := t.TempDir()
	dest := filepath.Join(dir, "out")
	put(t, dest, "old")
	cmd := exec.Command(os.Args[0], "-test.run=^TestInterruptedOutput$")
	cmd.Env = append(os.Environ(), child+"="+dest)
	var exit *exec.ExitError
	if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != 130 {
		t.Errorf("%v, want exit status 130", err)
	}
	if got := get(t, dest); got != "old" {
		t.Errorf("the file holds %q", got)
	}
	onlyFiles(t, dir, "out")
}

func TestFilesOfFlagsAreEvidence(t *testing.T) {
	old := filepath.Join(t.TempDir(), "old.jsonl")
	put(t, old, "rows")
	p := New("demo", "LOG", new(bytes.Buffer), new(bytes.Buffer))
	p.File("baseline", "compare with `FILE`")
	if code := p.Run([]string{"-o", old, "-baseline", old}, func() error { return nil }); code != Misused {
		t.Errorf("code %d, want %d", code, Misused)
	}
	if got := get(t, old); got != "rows" {
		t.Errorf("the file holds %q", got)
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// onlyFiles checks that a folder holds nothing else.
func onlyFiles(t *testing.T, dir string, names ...string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(names) {
		t.Errorf("%s holds %v, want %q", dir, list, names)
	}
}
