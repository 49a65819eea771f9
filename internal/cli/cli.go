// Package cli has what the programs under examples share: the -o and -q flags,
// problems on stderr, exit codes, and the escaping of evidence, which could otherwise
// control a terminal.
package cli

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/buildinfo"
	"github.com/birthmark-dfir/birthmark/internal/show"
)

// The exit codes of every program.
const (
	Done    = 0 // the evidence was read; damage was reported
	Nothing = 1 // nothing could be read
	Misused = 2 // wrong usage
)

// StandardInput is the argument for standard input.
const StandardInput = "-"

// Program is one run of a program. It embeds the FlagSet, on which the program
// defines its own flags before it calls Run.
type Program struct {
	*flag.FlagSet
	Out   *bufio.Writer // data: stdout, or the file of -o; flushed by Run
	Quiet bool          // -q

	args     []string // without flags, as Args returns them
	version  bool     // -version
	files    []string // that flags name, for the program to read
	stderr   io.Writer
	dest     output
	atEnd    []func() // see AtEnd
	terminal bool     // stderr is a terminal
	progress bool     // it shows a progress line
}

// New returns a Program. Synopsis follows its name in the usage line.
func New(name, synopsis string, stdout, stderr io.Writer) *Program {
	p := &Program{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError), stderr: stderr}
	p.dest.stdout = stdout
	p.Out = bufio.NewWriterSize(&p.dest, 64<<10)
	if f, ok := stderr.(*os.File); ok {
		p.terminal = Device(f)
	}
	p.StringVar(&p.dest.name, "o", "", "write the data to `FILE` instead of stdout")
	p.BoolVar(&p.Quiet, "q", false, "do not print problems or progress")
	p.BoolVar(&p.version, "version", false, "print the version and exit")
	p.SetOutput(shown{stderr})
	p.Usage = func() {
		fmt.Fprintf(stderr, "usage: %s [-o FILE] [-q] %s\n", name, synopsis)
		p.PrintDefaults()
	}
	return p
}

// Device reports whether a file is a terminal or another device.
func Device(f *os.File) bool {
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

// shown escapes text, line by line. The text may quote an argument, and arguments may
// be hostile: a shell expands patterns to file names, which an attacker may have
// chosen.
type shown struct{ w io.Writer }

func (s shown) Write(b []byte) (int, error) {
	var out strings.Builder
	for part := range strings.SplitAfterSeq(string(b), "\n") {
		for part := range strings.SplitAfterSeq(part, "\t") { // which package flag uses for its columns
			body := strings.TrimRight(part, "\n\t")
			out.WriteString(show.Text(body) + part[len(body):])
		}
	}
	if _, err := io.WriteString(s.w, out.String()); err != nil {
		return 0, err
	}
	return len(b), nil
}

// File defines a flag that names a file to read. -o may not write to it.
func (p *Program) File(flag, usage string) *string {
	name := new(string)
	p.Func(flag, usage, func(s string) error {
		*name = s
		p.files = append(p.files, s)
		return nil
	})
	return name
}

// Files defines a flag that may be given several times, each time with a file or
// folder to read.
func (p *Program) Files(flag, usage string) *[]string {
	names := new([]string)
	p.Func(flag, usage, func(s string) error {
		*names = append(*names, s)
		p.files = append(p.files, s)
		return nil
	})
	return names
}

// Run parses args, calls run (which finds its arguments with Args) and returns the
// exit code: Misused for an error from Usagef, Nothing for any other error.
func (p *Program) Run(args []string, run func() error) int {
	switch err := p.parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return Done
	case err != nil:
		return Misused
	case p.version:
		fmt.Fprintf(p.dest.stdout, "%s (birthmark) %s\n", p.Name(), buildinfo.Version())
		return Done
	}
	defer func() {
		for _, f := range p.atEnd {
			f()
		}
	}()
	err := p.dest.open(append(p.Args(), p.files...))
	if err == nil {
		if err = errors.Join(run(), p.Out.Flush()); err == nil {
			err = p.dest.commit()
		} else {
			p.dest.discard()
		}
	}
	p.clearProgress()
	var wrong usageError
	switch {
	case err == nil:
		return Done
	case errors.As(err, &wrong):
		fmt.Fprintf(p.stderr, "%s: %s\n", p.Name(), show.Text(err.Error()))
		p.Usage()
		return Misused
	}
	p.Problem(err)
	return Nothing
}

// AtEnd makes Run call f before it returns.
func (p *Program) AtEnd(f func()) { p.atEnd = append(p.atEnd, f) }

type usageError struct{ error }

// Usagef returns an error that ends the program with exit code 2.
func Usagef(format string, a ...any) error { return usageError{fmt.Errorf(format, a...)} }

// Problem prints what is wrong with the evidence, on one line. Joined errors are
// printed one by one, each only once.
func (p *Program) Problem(problem any) {
	if p.Quiet {
		return
	}
	p.clearProgress()
	for _, text := range messages(problem) {
		fmt.Fprintf(p.stderr, "%s: %s\n", p.Name(), show.Text(text))
	}
}

// messages returns the texts of a problem. A text that another one contains is
// omitted: layers that join errors often repeat the same one.
func messages(problem any) []string {
	var all []string
	var collect func(any)
	collect = func(problem any) {
		if joined, ok := problem.(interface{ Unwrap() []error }); ok {
			for _, err := range joined.Unwrap() {
				collect(err)
			}
			return
		}
		all = append(all, fmt.Sprint(problem))
	}
	collect(problem)
	var texts []string
	for i, text := range all {
		repeated := slices.ContainsFunc(all[:i], func(s string) bool { return strings.Contains(s, text) }) ||
			slices.ContainsFunc(all[i+1:], func(s string) bool { return s != text && strings.Contains(s, text) })
		if !repeated {
			texts = append(texts, text)
		}
	}
	return texts
}

// Progress replaces the progress line, if stderr is a terminal.
func (p *Program) Progress(format string, a ...any) {
	if p.terminal && !p.Quiet {
		fmt.Fprintf(p.stderr, "\r\x1b[K%s", show.Text(fmt.Sprintf(format, a...)))
		p.progress = true
	}
}

func (p *Program) clearProgress() {
	if p.progress {
		fmt.Fprint(p.stderr, "\r\x1b[K")
		p.progress = false
	}
}
