package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
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
		{"nothing could be read", nil, errors.New("no\x1b[2J evidence"), Nothing, "data", `demo: no\x1b[2J evidence`},
		{"quiet", []string{"-q"}, errors.New("no evidence"), Nothing, "data", ""},
		{"wrong usage", nil, Usagef("want one LOG"), Misused, "data", "demo: want one LOG\nusage: demo [-o FILE] [-q] LOG"},
		{"unknown flag", []string{"-x"}, nil, Misused, "", "flag provided but not defined: -x"},
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

func TestOutputFile(t *testing.T) {
	dir := t.TempDir()
	log, dest := filepath.Join(dir, "in.evtx"), filepath.Join(dir, "out.json")
	if err := os.WriteFile(log, []byte("evidence"), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(dest, data string, err error) int {
		p := New("demo", "LOG", new(bytes.Buffer), new(bytes.Buffer))
		return p.Run([]string{"-o", dest, log}, func() error {
			p.Out.WriteString(data)
			return err
		})
	}
	if code := run(dest, "data", nil); code != Done {
		t.Errorf("code %d", code)
	}
	if got, _ := os.ReadFile(dest); string(got) != "data" {
		t.Errorf("-o holds %q", got)
	}
	if code := run(dest, "", errors.New("no evidence")); code != Nothing {
		t.Errorf("code %d", code)
	}
	if got, _ := os.ReadFile(dest); string(got) != "data" {
		t.Errorf("a run that read nothing left %q", got)
	}
	if code := run(dest, "", nil); code != Done {
		t.Errorf("code %d", code)
	}
	if got, _ := os.ReadFile(dest); string(got) != "" {
		t.Errorf("a run without data left %q", got)
	}
	if code := run(log, "data", nil); code != Misused {
		t.Errorf("the evidence as -o: code %d, want %d", code, Misused)
	}
	if got, _ := os.ReadFile(log); string(got) != "evidence" {
		t.Errorf("the evidence now holds %q", got)
	}
	if code := run(filepath.Join(dir, "none", "out"), "data", nil); code != Nothing {
		t.Errorf("unwritable -o: code %d, want %d", code, Nothing)
	}
}
