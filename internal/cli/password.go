package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

// PasswordVariable is the environment variable with the password of encrypted evidence.
// It is never an argument, because the list of processes shows those.
const PasswordVariable = "BIRTHMARK_PASSWORD"

// maxPassword bounds a line that is read as a password.
const maxPassword = 4096

var errNoPassword = fmt.Errorf("set %s, or run the program in a terminal to be asked", PasswordVariable)

// Password returns a function that returns the password of encrypted evidence: that of
// the environment, or what is typed in the terminal, unseen.
func (p *Program) Password(name string) func() (string, error) {
	return func() (string, error) {
		if s := os.Getenv(PasswordVariable); s != "" {
			return s, nil
		}
		in, err := os.Stdin.Stat()
		if err != nil || in.Mode()&os.ModeCharDevice == 0 || !p.terminal {
			return "", errNoPassword
		}
		restore, err := hideInput(os.Stdin)
		if err != nil {
			return "", errors.Join(errNoPassword, err)
		}
		p.clearProgress()
		fmt.Fprintf(p.stderr, "%s: password of %s: ", p.Name(), show.Text(name))
		line, err := readLine(os.Stdin)
		fmt.Fprintln(p.stderr)
		return line, errors.Join(err, restore())
	}
}

// readLine reads a line without its end.
func readLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxPassword)).ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}
