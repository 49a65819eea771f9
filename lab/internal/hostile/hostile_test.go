package hostile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/lab/internal/records"
)

// The test binary is also the child process. BIRTHMARK_CHILD names its parser: ours,
// or one with a fault that shows if the file is damaged.
func TestMain(m *testing.M) {
	var parsers map[string]child.Parser
	switch name := os.Getenv("BIRTHMARK_CHILD"); name {
	case "":
		os.Exit(m.Run())
	case "ours":
		parsers = Parsers()
	case "empty":
	default:
		parsers = map[string]child.Parser{"evtx": faulty(name)}
	}
	if err := child.Serve(os.Stdin, os.Stdout, parsers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var sink []byte

// faulty returns our parser of logs with a fault that shows if the content of a file
// differs from that of the file BIRTHMARK_SOUND.
func faulty(fault string) child.Parser {
	return func(path string, emit func(child.Record)) (int, error) {
		data, err := os.ReadFile(path)
		if err != nil {
			return 0, err
		}
		sound, err := os.ReadFile(os.Getenv("BIRTHMARK_SOUND"))
		if err != nil {
			return 0, err
		}
		var list []child.Record
		problems, err := records.EVTX(path, func(r child.Record) { list = append(list, r) })
		if !bytes.Equal(data, sound) {
			switch fault {
			case "panics":
				panic("of its own")
			case "hangs":
				time.Sleep(time.Hour)
			case "swells":
				sink = bytes.Repeat([]byte{1}, 256<<20)
			case "reserves":
				sink = make([]byte, 512<<20)
			case "babbles":
				fmt.Println("hello world")
			case "silently loses":
				list, problems = list[:max(0, len(list)-1)], 0
			case "silently changes":
				for i := range list {
					list[i].Fields = append(list[i].Fields, child.Field{Name: "x", Value: "y"})
				}
				problems = 0
			case "loudly loses":
				list, problems = list[:max(0, len(list)-1)], problems+1
			}
		}
		for _, r := range list {
			emit(r)
		}
		return problems, err
	}
}

// small returns the small sample log.
var small = sync.OnceValue(func() []byte {
	samples, err := Samples("evtx")
	if err != nil {
		panic(err)
	}
	return samples["small.evtx"]
})

// self returns the command that runs the parser of a name as a child.
func self(t *testing.T, name string) []string {
	t.Setenv("BIRTHMARK_CHILD", name)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{exe}
}

// sample writes the small log and returns its path.
func sample(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "small.evtx")
	if err := os.WriteFile(path, small(), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BIRTHMARK_SOUND", path)
	return path
}

// Every fault of a parser is found, and a good parser has no findings.
func TestFaultsAreFound(t *testing.T) {
	format, _ := FormatNamed("evtx")
	for _, tt := range []struct {
		parser string
		kind   string // of the findings, or "" if there must be none
		count  func(Result) int
		detail string // a part of the findings' detail
	}{
		{"good", "", func(r Result) int { return len(r.Findings) }, ""},
		{"panics", "panic", func(r Result) int { return r.Panics }, "panic: of its own"},
		{"hangs", "hang", func(r Result) int { return r.Hangs }, "over 300ms, and again over 1.5s"},
		{"swells", "memory", func(r Result) int { return r.Memory }, "bytes, limit"},
		{"reserves", "memory", func(r Result) int { return r.Memory }, "bytes, limit"},
		{"babbles", "babble", func(r Result) int { return r.Babble }, "hello world"},
		{"silently loses", "silent loss", func(r Result) int { return r.Silent }, `untouched records lost, the first "record 12"`},
		{"silently changes", "silent loss", func(r Result) int { return r.Silent }, "untouched records lost"},
		{"loudly loses", "loss", func(r Result) int { return r.Lossy - r.Silent }, "untouched records lost"},
	} {
		t.Run(tt.parser, func(t *testing.T) {
			if tt.parser == "swells" && runtime.GOOS != "linux" {
				t.Skip("the resident set can be read only on Linux")
			}
			dir := t.TempDir()
			mutants, limit := 8, DefaultTime
			if tt.kind == "hang" {
				mutants, limit = 2, 300*time.Millisecond
			}
			res, err := Campaign{
				Format: format, Parser: tt.parser, Command: self(t, tt.parser), Sound: []string{sample(t)},
				Seed: 3, Mutants: mutants, Findings: dir, Losses: true, Time: limit,
			}.Run(t.Context(), nil)
			if err != nil || res.Mutants != mutants {
				t.Fatalf("%d mutants, %v", res.Mutants, err)
			}
			found := tt.count(res)
			if tt.kind == "" {
				if found > 0 {
					t.Errorf("findings against a good parser: %+v", res.Findings)
				}
				return
			}
			if found == 0 || len(res.Findings) != found {
				t.Fatalf("%d of %d findings are a %s: %+v", found, len(res.Findings), tt.kind, res.Findings)
			}
			for _, f := range res.Findings {
				if f.Kind != tt.kind || !strings.Contains(f.Detail+f.Stderr, tt.detail) {
					t.Errorf("%s: %s %s, want %s: %s", f.Kind, f.Detail, f.Stderr, tt.kind, tt.detail)
				}
				reproduces(t, f)
			}
		})
	}
}

// reproduces checks that the saved mutant of a finding can be made again from the
// seed and number in its text.
func reproduces(t *testing.T, f Finding) {
	kept, err := os.ReadFile(f.Saved)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(f.Saved + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	format, _ := FormatNamed(f.Format)
	s := format.NewSound("small.evtx", small())
	m := s.Mutate([]*Sound{s}, f.Seed, f.Number)
	if !bytes.Equal(m.Data, kept) {
		t.Errorf("mutant %d of seed %d differs from the saved one", f.Number, f.Seed)
	}
	for _, want := range append(slices.Clone(m.What), f.Kind, "small.evtx", fmt.Sprintf("mutant %d of seed %d", f.Number, f.Seed), string(f.Fate)) {
		if !strings.Contains(string(text), want) {
			t.Errorf("the text of a finding lacks %q:\n%s", want, text)
		}
	}
}

func TestAbsentParsers(t *testing.T) {
	format, _ := FormatNamed("evtx")
	for _, tt := range []struct {
		name    string
		command []string
		absent  string
	}{
		{"no such program", []string{"/no/such/program"}, "/no/such/program"},
		{"no parser of the format", self(t, "empty"), `no parser for "evtx"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, err := Campaign{Format: format, Parser: "rival", Command: tt.command, Sound: []string{sample(t)}, Mutants: 5}.Run(t.Context(), nil)
			if err != nil || !strings.Contains(res.Absent, tt.absent) || res.Mutants != 0 {
				t.Errorf("%+v, %v", res, err)
			}
			var table bytes.Buffer
			if err := WriteTable(&table, []Result{res}); err != nil || !strings.Contains(table.String(), "| evtx | rival | absent: ") {
				t.Errorf("%v: %s", err, &table)
			}
		})
	}
}

// The end of the context ends the campaign, which leaves neither a child process nor
// a file.
func TestInterruptLeavesNothing(t *testing.T) {
	path, tmp := sample(t), t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("TMP", tmp)
	format, _ := FormatNamed("evtx")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	res, err := Campaign{Format: format, Command: self(t, "hangs"), Sound: []string{path}, Mutants: 5, Time: time.Hour}.Run(ctx, nil)
	if !errors.Is(err, context.DeadlineExceeded) || res.Mutants != 0 {
		t.Errorf("%d mutants, %v", res.Mutants, err)
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
