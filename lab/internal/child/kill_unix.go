//go:build unix

package child

import (
	"os/exec"
	"syscall"
)

// isolate puts the child into its own process group. The processes that it starts
// are killed with it, and Ctrl-C at the terminal reaches only the parent, which then
// cleans up.
func isolate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
