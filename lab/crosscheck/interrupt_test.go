//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Ctrl-C while a rival hangs on an artifact that was copied leaves neither the child
// process nor the copy.
func TestInterruptLeavesNothing(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tmp, pidFile := t.TempDir(), filepath.Join(t.TempDir(), "pid")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.exe"), executable(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "-time", "1h", folder)
	cmd.Env = append(os.Environ(), asProgram+"=hangs", "TMPDIR="+tmp, "BIRTHMARK_PID="+pidFile)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	child := waitForPID(t, pidFile, done)
	if files, err := os.ReadDir(tmp); err != nil || len(files) != 1 {
		t.Errorf("while it runs: %v, %v, want one directory", files, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := <-done; !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(out.String(), "interrupted") {
		t.Errorf("%v, want exit status 1:\n%s", err, out.String())
	}
	if err := syscall.Kill(child, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the child process is still there: %v", err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// waitForPID returns the process ID that a child wrote into a file.
func waitForPID(t *testing.T, name string, done <-chan error) int {
	t.Helper()
	for {
		select {
		case err := <-done:
			t.Fatalf("the program ended by itself: %v", err)
		case <-t.Context().Done():
			t.Fatal("no child")
		case <-time.After(5 * time.Millisecond):
		}
		text, err := os.ReadFile(name)
		if err != nil || len(text) == 0 {
			continue
		}
		pid, err := strconv.Atoi(string(text))
		if err != nil {
			t.Fatal(err)
		}
		return pid
	}
}
