package cli

import (
	"os"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Args returns the arguments that are not flags. Quotes around an argument are
// removed, unless a file has that name.
func (p *Program) Args() []string { return slices.Clone(p.args) }

// NArg returns the number of arguments.
func (p *Program) NArg() int { return len(p.args) }

// Arg returns the i-th argument, or "" if there are fewer.
func (p *Program) Arg(i int) string {
	if i < 0 || i >= len(p.args) {
		return ""
	}
	return p.args[i]
}

// parse parses flags before, between and after the arguments. After "--", everything
// is an argument.
func (p *Program) parse(args []string) error {
	p.args = nil
	for {
		if err := p.Parse(args); err != nil {
			return err
		}
		rest := p.FlagSet.Args()
		if read := len(args) - len(rest); len(rest) == 0 || read > 0 && args[read-1] == "--" {
			p.args = append(p.args, unquoted(rest)...)
			return nil
		}
		p.args = append(p.args, unquoted(rest[:1])...)
		args = rest[1:]
	}
}

// unquoted removes the quotes from arguments that were copied with them, as by "Copy
// as path" in the Windows Explorer.
func unquoted(args []string) []string {
	var list []string
	for _, arg := range args {
		if plain := winpath.Unquote(arg); plain != arg && plain != "" {
			if _, err := os.Lstat(arg); err != nil {
				arg = plain
			}
		}
		list = append(list, arg)
	}
	return list
}
