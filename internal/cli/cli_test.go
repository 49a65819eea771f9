package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
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

func TestArguments(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, `"literal"`, "")
	for _, tt := range []struct {
		name  string
		args  []string
		want  []string
		quiet bool
	}{
		{"flags first", []string{"-q", "a", "b"}, []string{"a", "b"}, true},
		{"flags last", []string{"a", "b", "-q"}, []string{"a", "b"}, true},
		{"flags between", []string{"a", "-n", "3", "b", "-q"}, []string{"a", "b"}, true},
		{"everything after two dashes is an argument", []string{"-n", "3", "--", "-q", "b"}, []string{"-q", "b"}, false},
		{"two dashes after an argument", []string{"a", "-n", "3", "--", "-q"}, []string{"a", "-q"}, false},
		{"double quotes", []string{"-n", "3", `"C:\a b.exe"`}, []string{`C:\a b.exe`}, false},
		{"single quotes", []string{"-n", "3", `'C:\a b.exe'`}, []string{`C:\a b.exe`}, false},
		{"one quote is kept", []string{"-n", "3", `"a`, `'`, `""`}, []string{`"a`, `'`, `""`}, false},
		{"quotes in the name of a file", []string{"-n", "3", `"literal"`}, []string{`"literal"`}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := New("demo", "LOG", new(bytes.Buffer), new(bytes.Buffer))
			n := p.Int("n", 3, "a `NUMBER`")
			var got []string
			if code := p.Run(tt.args, func() error { got = p.Args(); return nil }); code != Done {
				t.Fatalf("code %d", code)
			}
			if !slices.Equal(got, tt.want) || p.Quiet != tt.quiet || *n != 3 || p.NArg() != len(tt.want) || p.Arg(0) != tt.want[0] || p.Arg(9) != "" {
				t.Errorf("arguments %q, quiet %v, n %d; want %q, %v", got, p.Quiet, *n, tt.want, tt.quiet)
			}
		})
	}
}

func TestUnknownFlagAfterArguments(t *testing.T) {
	var problems bytes.Buffer
	p := New("demo", "LOG", new(bytes.Buffer), &problems)
	if code := p.Run([]string{"a", "-formt", "csv"}, func() error { return nil }); code != Misused || !strings.Contains(problems.String(), "-formt") {
		t.Errorf("code %d, %s", code, &problems)
	}
}

func TestVersion(t *testing.T) {
	var out bytes.Buffer
	p := New("demo", "LOG", &out, new(bytes.Buffer))
	ran := false
	if code := p.Run([]string{"-version"}, func() error { ran = true; return nil }); code != Done || ran || !strings.HasPrefix(out.String(), "demo (birthmark) ") {
		t.Errorf("code %d, ran %v, %q", code, ran, &out)
	}
}

func TestMessagesAreNotDoubled(t *testing.T) {
	denied := &fs.PathError{Op: "open", Path: "C", Err: fs.ErrPermission}
	for _, tt := range []struct {
		name    string
		problem any
		want    []string
	}{
		{"one", denied, []string{"open C: permission denied"}},
		{"the same twice", errors.Join(denied, denied), []string{"open C: permission denied"}},
		{"a part of another", errors.Join(fs.ErrPermission, denied), []string{"open C: permission denied"}},
		{"a part of the one before", errors.Join(denied, fs.ErrPermission), []string{"open C: permission denied"}},
		{"two", errors.Join(denied, fs.ErrClosed), []string{"open C: permission denied", "file already closed"}},
		{"text", "damaged", []string{"damaged"}},
	} {
		if got := messages(tt.problem); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The usage keeps its columns, whatever an argument holds.
func TestUsageAfterHostileArgument(t *testing.T) {
	var problems bytes.Buffer
	New("demo", "LOG", new(bytes.Buffer), &problems).Run([]string{"-x\r\x1b[2J\u202e"}, func() error { return nil })
	want := "flag provided but not defined: -x\\u000d\\u001b[2J\\u202e\n" +
		"usage: demo [-o FILE] [-q] LOG\n" +
		"  -o FILE\n    \twrite the data to FILE instead of stdout\n" +
		"  -q\tdo not print problems or progress\n" +
		"  -version\n    \tprint the version and exit\n"
	if got := problems.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
