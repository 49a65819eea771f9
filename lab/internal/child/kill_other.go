//go:build !unix

package child

import "os/exec"

func isolate(*exec.Cmd) {}

func kill(cmd *exec.Cmd) { cmd.Process.Kill() }
