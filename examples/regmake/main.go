// Regmake makes a registry hive of a registration file (.reg), as regedit exports and
// imports it.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/codepage"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

const notes = `
FILE is a registration file of version 5.00, in UTF-16 or UTF-8, or of REGEDIT4. Without
FILE, or if it is -, it comes from standard input. All keys must be in one hive, that of
the first key, or below -root; CurrentControlSet becomes ControlSet001, or what Select
names.

Lines that regedit takes for comments say what a registration file cannot:
;@time=2026-03-02T13:42:09Z, ;@class=NAME and ;@owner=SID belong to the key above, and
;@deleted to the key or value above, which is then in free cells. A ;@time before the
first key is that of all keys that have none.`

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := cli.New("regmake", "[-root KEY] [-time TIME] [-codepage N] [FILE]", stdout, stderr)
	var text registrytest.RegText
	p.StringVar(&text.Root, "root", "", "the `KEY` that is the root of the hive, such as HKEY_CURRENT_USER")
	p.IntVar(&text.CodePage, "codepage", codepage.Default, "the code page `N` of a file that is not in Unicode")
	p.Func("time", "when keys were last written that the file gives no time: `TIME`, such as 2026-03-02T13:42:09Z", func(s string) (err error) {
		if text.LastWrite, err = time.Parse(time.RFC3339Nano, s); err != nil {
			return errors.New("want a time such as 2026-03-02T13:42:09Z")
		}
		return nil
	})
	usage := p.Usage
	p.Usage = func() {
		usage()
		fmt.Fprintln(stderr, notes)
	}
	return p.Run(args, func() error {
		if p.NArg() > 1 {
			return cli.Usagef("want one FILE, got %d", p.NArg())
		}
		if codepage.Encoding(text.CodePage) == nil {
			return cli.Usagef("-codepage %d: want one of %d", text.CodePage, codepage.Numbers())
		}
		name, b, err := read(p.Arg(0), stdin)
		if err != nil {
			return err
		}
		h, err := text.Parse(b)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		hive, err := h.Bytes()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		_, err = p.Out.Write(hive)
		return err
	})
}

// read returns the content of a file, or of standard input, and its name for messages.
func read(name string, stdin io.Reader) (string, []byte, error) {
	if name != "" && name != cli.StandardInput {
		b, err := os.ReadFile(name)
		return name, b, err
	}
	if f, ok := stdin.(*os.File); ok && cli.Device(f) {
		return "", nil, cli.Usagef("standard input is a terminal or a device: want FILE, or a pipe")
	}
	b, err := io.ReadAll(stdin)
	return "standard input", b, err
}
