package input

import (
	"errors"
	"io"
	"os"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

// standardInput opens what is on standard input as evidence. Evidence is read at any
// offset, so what comes through a pipe is kept in a temporary file until the program
// ends. A terminal is refused: the program would wait for someone to type a file.
func standardInput(p *cli.Program) (*evidence.Evidence, error) {
	const name = "stdin"
	st, err := os.Stdin.Stat()
	switch {
	case err != nil:
		return nil, err
	case st.Mode()&os.ModeCharDevice != 0:
		return nil, errors.New("standard input is a terminal or a device: want a file or a pipe")
	case st.Mode().IsRegular():
		return evidence.New(name, os.Stdin, st.Size(), evidence.WithPassword(p.Password(name)))
	}
	temp, err := os.CreateTemp("", "birthmark-stdin-")
	if err != nil {
		return nil, err
	}
	os.Remove(temp.Name()) // works here or, on Windows, at the end
	p.AtEnd(func() {
		temp.Close()
		os.Remove(temp.Name())
	})
	p.Progress("reading standard input")
	size, err := io.Copy(temp, os.Stdin)
	if err != nil {
		return nil, err
	}
	return evidence.New(name, temp, size, evidence.WithPassword(p.Password(name)))
}
