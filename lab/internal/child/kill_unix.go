//go:build unix

package child

import (
	"os/exec"
	"syscall"
)

// isolate gives the child a process group of its own: what it starts dies with
// it, and a Ctrl-C at the terminal reaches the parent alone, which then cleans
// up.
func isolate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
