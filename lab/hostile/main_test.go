package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/hostile"
)

// The test binary is also the program and its child process.
func TestMain(m *testing.M) {
	if os.Getenv("BIRTHMARK_HOSTILE") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program runs the program with a temporary directory of its own.
func program(t *testing.T, args ...string) (cmd *exec.Cmd, tmp string) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tmp = t.TempDir()
	cmd = exec.Command(exe, args...)
	cmd.Env = append(os.Environ(), "BIRTHMARK_HOSTILE=1", "TMPDIR="+tmp, "TMP="+tmp, "TEMP="+tmp)
	return cmd, tmp
}

func empty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestTable(t *testing.T) {
	cmd, tmp := program(t, "-mutants", "10", "pe")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, &stderr)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[2], "| pe | birthmark | 3 | 10 | 0 | 0 | 0 | 0 | ") {
		t.Errorf("got %q", lines)
	}
	empty(t, tmp)
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"", 2, "usage: hostile"},
		{"-mutants x evtx", 2, "invalid value"},
		{"floppy", 1, `no format "floppy"`},
		{"evtx /no/such/file", 1, "no such file"},
		{"-child /no/such/program pe", 1, "absent"},
	} {
		cmd, tmp := program(t, strings.Fields(tt.args)...)
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(string(out), tt.want) && runtime.GOOS != "windows" {
			t.Errorf("%q: exit %d, %q; want %d, %q", tt.args, code, out, tt.code, tt.want)
		}
		empty(t, tmp)
	}
}

// Replay writes the mutant that a campaign with the same arguments would try.
func TestReplay(t *testing.T) {
	dir := t.TempDir()
	files, err := hostile.WriteSamples(dir, "evtx")
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	cmd, _ := program(t, append([]string{"-seed", "7", "-replay", "5", "-o", out, "evtx"}, files...)...)
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	format, _ := hostile.FormatNamed("evtx")
	var sounds []*hostile.Sound
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sounds = append(sounds, format.NewSound(filepath.Base(name), data))
	}
	want := sounds[5%len(sounds)].Mutate(sounds, 7, 5)
	got, err := os.ReadFile(out)
	if err != nil || !bytes.Equal(got, want.Data) || !strings.Contains(string(text), strings.Join(want.What, "\n")) {
		t.Errorf("another mutant: %v, %s", err, text)
	}
}

// Ctrl-C prints the results so far and leaves neither a child process nor a file.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot send an interrupt to a process")
	}
	cmd, tmp := program(t, "-mutants", "1000000", "pe")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr // Wait would not return if a child process stayed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for begun := false; !begun; time.Sleep(10 * time.Millisecond) {
		found, _ := filepath.Glob(filepath.Join(tmp, "birthmark-hostile-*", "mutant"))
		begun = len(found) > 0
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(stderr.String(), "context canceled") {
		t.Errorf("%v: %s", err, &stderr)
	}
	if !strings.Contains(stdout.String(), "| pe | birthmark |") {
		t.Errorf("no table: %s", &stdout)
	}
	empty(t, tmp)
}
