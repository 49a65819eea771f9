//go:build unix

package main

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// isolate puts the program into a process group of its own, so that what it
// starts can be ended with it, and Ctrl-C at the terminal reaches this program
// alone, which then cleans up.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// killGroup ends what a program left behind.
func killGroup(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// peakMemory returns the largest resident set that the system counted for the
// program, in bytes; 0 where that says nothing.
func peakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss) // bytes there, KiB elsewhere
	}
	peak := int64(usage.Maxrss) << 10
	// Between fork and exec a child has the memory of its parent, and Linux
	// counts it in: a peak no larger than our own is ours.
	if peak <= child.Peak(os.Getpid()) {
		return 0
	}
	return peak
}
