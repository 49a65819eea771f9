package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	for _, tt := range []struct {
		name         string
		args         []string
		err          error
		code         int
		out, problem string
	}{
		{"done", nil, nil, Done, "data", ""},
		{"nothing could be read", nil, errors.New("no\x1b[2J evidence"), Nothing, "data", `demo: no\u001b[2J evidence`},
		{"quiet", []string{"-q"}, errors.New("no evidence"), Nothing, "data", ""},
		{"wrong usage", nil, Usagef("want one LOG"), Misused, "data", "demo: want one LOG\nusage: demo [-o FILE] [-q] LOG"},
		{"unknown flag", []string{"-x"}, nil, Misused, "", "flag provided but not defined: -x"},
		{"name of a file taken for a flag", []string{"-x\x1b[2J\n\u202e"}, nil, Misused, "", `flag provided but not defined: -x\u001b[2J`},
		{"help", []string{"-h"}, nil, Done, "", "usage: demo [-o FILE] [-q] LOG"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out, problems bytes.Buffer
			p := New("demo", "LOG", &out, &problems)
			code := p.Run(tt.args, func() error {
				p.Out.WriteString("data")
				p.Progress("never seen: %s", "no terminal")
				return tt.err
			})
			if code != tt.code || out.String() != tt.out {
				t.Errorf("code %d, out %q; want %d, %q", code, &out, tt.code, tt.out)
			}
			if got := problems.String(); !strings.HasPrefix(got, tt.problem) || (tt.problem == "") != (got == "") {
				t.Errorf("stderr %q, want %q", got, tt.problem)
			}
		})
	}
}

// The columns of the usage stay, whatever an argument holds.
func TestUsageAfterHostileArgument(t *testing.T) {
	var problems bytes.Buffer
	New("demo", "LOG", new(bytes.Buffer), &problems).Run([]string{"-x\r\x1b[2J\u202e"}, func() error { return nil })
	want := "flag provided but not defined: -x\\u000d\\u001b[2J\\u202e\n" +
		"usage: demo [-o FILE] [-q] LOG\n" +
		"  -o FILE\n    \twrite the data to FILE instead of stdout\n" +
		"  -q\tprint neither problems nor progress\n"
	if got := problems.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
