package main

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

const linux = runtime.GOOS == "linux"

func rec(key string, offset int64, fields ...string) child.Record {
	r := child.Record{Key: key, Offset: offset}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		r.Fields = append(r.Fields, child.Field{Name: name, Value: value})
	}
	return r
}

func readingOf(records ...child.Record) *reading {
	r := newReading()
	for _, rec := range records {
		r.add(rec)
	}
	return &r
}

// Readings of two parsers, and the disagreements between them.
func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		name          string
		format        string
		ours, theirs  *reading
		want          []string
		agreed, field int
	}{
		{"nothing", "pe", readingOf(), readingOf(), nil, 0, 0},
		{"the same", "pe", readingOf(rec("a", 1, "x=1", "y=2")), readingOf(rec("a", 1, "x=1", "y=2")), nil, 2, 2},
		{"the same in another order", "pe", readingOf(rec("a", 1, "x=1", "y=2"), rec("b", 2)),
			readingOf(rec("b", 2), rec("a", 1, "y=2", "x=1")), nil, 2, 2},
		{"records of one side", "pe", readingOf(rec("a", 1), rec("b", 2)), readingOf(rec("b", 2), rec("c", 3)),
			[]string{"only ours a@1", "only theirs c@3"}, 0, 0},
		{"another value", "pe", readingOf(rec("a", 1, "x=1")), readingOf(rec("a", 1, "x=2")),
			[]string{"different value a@1 x: 1 | 2"}, 0, 1},
		{"fields of one side", "pe", readingOf(rec("a", 1, "x=1", "z=0")), readingOf(rec("a", 1, "y=2", "z=0")),
			[]string{"field only ours a@1 x: 1 | ", "field only theirs a@1 y:  | 2"}, 1, 3},
		{"a field that repeats", "pe", readingOf(rec("a", 1, "x=1", "x=2", "x=3")), readingOf(rec("a", 1, "x=1", "x=3")),
			[]string{"field only ours a@1 x: 2 | "}, 2, 3},
		{"a field that repeats as often, in another order", "pe", readingOf(rec("a", 1, "x=1", "x=2")), readingOf(rec("a", 1, "x=2", "x=1")),
			[]string{"different value a@1 x: 1 | 2", "different value a@1 x: 2 | 1"}, 0, 2},
		{"an empty field and none", "pe", readingOf(rec("a", 1, "x=")), readingOf(rec("a", 1, "y=")), nil, 2, 2},
		{"the same offset, another name", "registry", readingOf(rec("größe", 1, "x=1")), readingOf(rec("gr\xf6\xdfe", 1, "x=1")), nil, 1, 1},
		{"the same name, another offset", "registry", readingOf(rec("a", 1)), readingOf(rec("a", 2)),
			[]string{"only ours a@1", "only theirs a@2"}, 0, 0},
		{"an offset that one side does not know", "mft", readingOf(rec("a", 1, "x=1")), readingOf(rec("a", -1, "x=1")), nil, 1, 1},
		{"a key that repeats", "mft", readingOf(rec("a", -1, "x=1"), rec("a", -1, "x=2")), readingOf(rec("a", -1, "x=1")),
			[]string{"only ours a (2)@-1"}, 1, 1},
		{"a rule", "registry", readingOf(rec("a", 1, "t=2024-01-01T00:00:00.1234567Z")),
			readingOf(rec("a", 1, "t=2024-01-01T00:00:00.0000000Z")), nil, 1, 1},
		{"a rule of another format", "mft", readingOf(rec("a", 1, "t=2024-01-01T00:00:00.1234567Z")),
			readingOf(rec("a", 1, "t=2024-01-01T00:00:00.0000000Z")),
			[]string{"different value a@1 t: 2024-01-01T00:00:00.1234567Z | 2024-01-01T00:00:00.0000000Z"}, 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check := newChecker(child.Limits{}, nil)
			var got []string
			check.each = func(d disagreement) error {
				s := fmt.Sprintf("%s %s@%d", d.Class, d.Record, d.Offset)
				if d.Field != "" {
					s += fmt.Sprintf(" %s: %s | %s", d.Field, d.Ours, d.Theirs)
				}
				got = append(got, s)
				return nil
			}
			k := comparison{check, row{Format: tt.format}}
			if err := k.compare(tt.ours, tt.theirs); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, tt.want) || k.Agreed != tt.agreed || k.Fields != tt.field {
				t.Errorf("got %q, want %q; %d of %d agreed, want %d of %d", got, tt.want, k.Agreed, k.Fields, tt.agreed, tt.field)
			}
		})
	}
}

func TestRules(t *testing.T) {
	for _, tt := range []struct {
		format, mine, theirs string
		needed               []string
		equal                bool
	}{
		{"evtx", "a", "a", nil, true},
		{"evtx", "a", "b", nil, false},
		{"evtx", "{0AB1C2D3-0000-0000-0000-000000000001}", "0ab1c2d3-0000-0000-0000-000000000001", []string{"GUIDs without braces, in lower case"}, true},
		{"evtx", "0x3e7", "0x000003E7", []string{"hexadecimal numbers without leading zeros"}, true},
		{"evtx", "0x", "0x0", nil, false},
		{"evtx", "2024-01-01T00:00:00.1234000Z", "2024-01-01T00:00:00.1234Z", []string{"times without trailing zeros"}, true},
		{"evtx", "2024-01-01T00:00:00.1234567Z", "2024-01-01T00:00:00.1234Z", nil, false},
		{"evtx", "ABCD", "abcd", []string{"hexadecimal bytes in upper case"}, true},
		{"evtx", "dead beef", "DEAD BEEF", nil, false}, // text, not bytes
		{"evtx", "a_b\n", "a\x03b\n", []string{"characters that XML does not allow as underscores"}, true},
		{"registry", "2024-01-01T00:00:00.1234567Z", "2024-01-01T00:00:00.0000000Z", []string{"times cut to whole seconds"}, true},
		{"registry", "2024-01-01T00:00:01.1234567Z", "2024-01-01T00:00:00.0000000Z", nil, false},
		{"pe", "00e3", "e3", []string{"serial numbers without leading zeros"}, true},
		{"mft", "0", "00", nil, false},
	} {
		names, equal := needed(tt.format, tt.mine, tt.theirs)
		if equal != tt.equal || !slices.Equal(names, tt.needed) {
			t.Errorf("%s: %q and %q: %v by %q, want %v by %q", tt.format, tt.mine, tt.theirs, equal, names, tt.equal, tt.needed)
		}
	}
}

// Whatever the evidence contains, a report is lines of printable text.
func TestReportsAreEscaped(t *testing.T) {
	check := newChecker(child.Limits{}, nil)
	evil := "\x1b[2J\u202e\n" + strings.Repeat("long", 1000)
	k := comparison{check, row{Artifact: evil, Format: "pe", Rival: "saferwall-pe", Fates: []string{"died: " + evil}}}
	err := k.compare(readingOf(rec(evil, 1, evil+"=1", "x="+evil), rec(evil+"2", 2)), readingOf(rec(evil, 1, "x=2", "y="+evil)))
	if err != nil {
		t.Fatal(err)
	}
	check.rows = append(check.rows, k.row)
	var text bytes.Buffer
	if err := check.text(&text); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		line = strings.TrimSuffix(line, "\n")
		if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == '\u202e' }) {
			t.Errorf("not escaped: %q", line)
		}
	}
}

func TestPercentNeverHidesADisagreement(t *testing.T) {
	for _, tt := range []struct {
		part, whole int
		want        string
	}{{0, 1, "0.00"}, {1, 1, "100"}, {999999, 1000000, "99.99"}, {1, 3, "33.33"}} {
		if got := percent(tt.part, tt.whole); got != tt.want {
			t.Errorf("%d of %d: %s, want %s", tt.part, tt.whole, got, tt.want)
		}
	}
}

func TestAlign(t *testing.T) {
	for _, tt := range []struct{ mine, theirs, want string }{
		{"", "", ""},
		{"abc", "abc", "aa bb cc"},
		{"abc", "axc", "aa bx cc"},
		{"abcd", "acd", "aa b- cc dd"},
		{"acd", "abcd", "aa -b cc dd"},
		{"abcd", "xcd", "ax b- cc dd"},
		{"", "ab", "-a -b"},
		{"abcde", "bxe", "a- bb cx d- ee"},
	} {
		at := func(s string, i int) string {
			if i == none {
				return "-"
			}
			return s[i : i+1]
		}
		var got []string
		for _, p := range align(len(tt.mine), len(tt.theirs), func(i, j int) bool { return tt.mine[i] == tt.theirs[j] }) {
			got = append(got, at(tt.mine, p[0])+at(tt.theirs, p[1]))
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s and %s: %s, want %s", tt.mine, tt.theirs, s, tt.want)
		}
	}
}
