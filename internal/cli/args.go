package cli

import (
	"os"
	"slices"
)

// Args returns the arguments that are not flags. A pair of quotes around one is
// taken off, unless there is a file with that name.
func (p *Program) Args() []string { return slices.Clone(p.args) }

// NArg returns the number of arguments.
func (p *Program) NArg() int { return len(p.args) }

// Arg returns the i-th argument, "" if there are not so many.
func (p *Program) Arg(i int) string {
	if i < 0 || i >= len(p.args) {
		return ""
	}
	return p.args[i]
}

// parse parses flags before, between and behind the arguments. Behind "--" all are
// arguments.
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

// unquoted takes the quotes off arguments that were copied with them, as "Copy as
// path" of the Explorer does.
func unquoted(args []string) []string {
	var list []string
	for _, arg := range args {
		if n := len(arg); n > 2 && (arg[0] == '"' || arg[0] == '\'') && arg[n-1] == arg[0] {
			if _, err := os.Lstat(arg); err != nil {
				arg = arg[1 : n-1]
			}
		}
		list = append(list, arg)
	}
	return list
}
