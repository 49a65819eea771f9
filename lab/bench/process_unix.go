//go:build unix

package main

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// isolate puts the program into its own process group. The processes that it starts
// can then be killed with it, and Ctrl-C at the terminal reaches only this program,
// which then cleans up.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// killGroup kills the processes that a program left behind.
func killGroup(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// peakMemory returns the largest resident set that the system counted for the
// program, in bytes, or 0 if the count is meaningless.
func peakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss) // in bytes; in KiB on other systems
	}
	peak := int64(usage.Maxrss) << 10
	// Between fork and exec a child has the memory of its parent, which Linux
	// includes. A peak that is not larger than our own is ours.
	if peak <= child.Peak(os.Getpid()) {
		return 0
	}
	return peak
}
