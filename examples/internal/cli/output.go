package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// output writes to stdout or to the file of -o. The file is made by the first
// write, so a program that fails before it has data leaves an older one alone.
type output struct {
	name   string
	stdout io.Writer
	file   *os.File
}

func (o *output) Write(b []byte) (int, error) {
	if err := o.create(); err != nil {
		return 0, err
	}
	if o.file == nil {
		return o.stdout.Write(b)
	}
	return o.file.Write(b)
}

// create makes the file of -o, once; without -o there is none.
func (o *output) create() (err error) {
	if o.name != "" && o.name != "-" && o.file == nil {
		o.file, err = os.Create(o.name)
	}
	return err
}

func (o *output) Close() error {
	if o.file == nil {
		return nil
	}
	return o.file.Close()
}

// spare refuses an output that is one of the inputs: evidence is never written.
func (o *output) spare(inputs []string) error {
	out, err := os.Stat(o.name)
	if err != nil {
		return nil
	}
	for _, name := range inputs {
		if in, err := os.Stat(name); err == nil && os.SameFile(in, out) {
			return Usagef("-o %s would overwrite the evidence", o.name)
		}
	}
	return nil
}

// Escape makes a string from evidence fit for a terminal and for one line of
// text: control characters, line separators, invisible characters that reorder
// text, and bytes that are no UTF-8 become \n, \x1b, \u202e. What is printable,
// the backslashes of a Windows path included, stays.
func Escape(s string) string {
	if strings.IndexFunc(s, hidden) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case !hidden(r):
			b.WriteString(s[:n])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		s = s[n:]
	}
	return b.String()
}

// hidden reports whether r acts on the text instead of showing: categories Cc
// (control), Cf (format: bidirectional overrides, zero width), Zl and Zp.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
