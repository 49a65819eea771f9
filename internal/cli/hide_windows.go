package cli

import (
	"os"
	"syscall"
)

// consoleEcho is ENABLE_ECHO_INPUT.
const consoleEcho = 0x0004

// hideInput turns off the echo of a terminal. Restore turns it on again.
func hideInput(f *os.File) (restore func() error, err error) {
	h := syscall.Handle(f.Fd())
	var mode uint32
	if err := syscall.GetConsoleMode(h, &mode); err != nil {
		return nil, err
	}
	set := syscall.NewLazyDLL("kernel32.dll").NewProc("SetConsoleMode")
	call := func(mode uint32) error {
		if ok, _, err := set.Call(uintptr(h), uintptr(mode)); ok == 0 {
			return err
		}
		return nil
	}
	if err := call(mode &^ consoleEcho); err != nil {
		return nil, err
	}
	return func() error { return call(mode) }, nil
}
