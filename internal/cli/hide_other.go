//go:build !windows

package cli

import (
	"os"
	"os/exec"
	"strings"
)

// hideInput turns off the echo of a terminal. Restore turns it on again.
func hideInput(f *os.File) (restore func() error, err error) {
	stty := func(arg string) (string, error) {
		cmd := exec.Command("stty", arg)
		cmd.Stdin = f
		out, err := cmd.Output()
		return strings.TrimSpace(string(out)), err
	}
	before, err := stty("-g")
	if err != nil {
		return nil, err
	}
	if _, err := stty("-echo"); err != nil {
		return nil, err
	}
	return func() error {
		_, err := stty(before)
		return err
	}, nil
}
