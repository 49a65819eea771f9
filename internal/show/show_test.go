package show_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/show/showtest"
)

func TestEscapes(t *testing.T) {
	for _, tt := range []struct{ name, in, text, json, body string }{
		{"empty", "", "", `""`, ""},
		{"plain", `C:\x y`, `C:\x y`, `"C:\\x y"`, `C:\\x y`},
		{"umlaut stays", "grün", "grün", `"grün"`, "grün"},
		{"emoji stays", "a🙂b", "a🙂b", `"a🙂b"`, "a🙂b"},

		// What acts.
		{"terminal escape", "a\x1b[31m", `a\u001b[31m`, `"a\u001b[31m"`, `a\x1b[31m`},
		{"C1 escape", "a\u009b1m", `a\u009b1m`, `"a\u009b1m"`, `a\u009b1m`},
		{"lines", "a\r\n\tb", `a\u000d\u000a\u0009b`, `"a\r\n\tb"`, `a\x0d\x0a\x09b`},
		{"NUL and delete", "a\x00\x7f", `a\u0000\u007f`, `"a\u0000\u007f"`, `a\x00\x7f`},
		{"right to left", "a\u202etxt.exe", `a\u202etxt.exe`, `"a\u202etxt.exe"`, `a\u202etxt.exe`},
		{"zero width", "a\u200bb", `a\u200bb`, `"a\u200bb"`, `a\u200bb`},
		{"invisible tag", "a\U000e0041b", `a\udb40\udc41b`, `"a\udb40\udc41b"`, `a\udb40\udc41b`},
		{"variation selector", "sel\U000e0101ector", `sel\udb40\udd01ector`, `"sel\udb40\udd01ector"`, `sel\udb40\udd01ector`},
		{"soft hyphen", "svc\u00adhost", `svc\u00adhost`, `"svc\u00adhost"`, `svc\u00adhost`},
		{"Arabic number sign", "a\u0600b", `a\u0600b`, `"a\u0600b"`, `a\u0600b`},

		// What is not text.
		{"half of a pair", "a\xed\xa0\x80b", `a\ud800b`, `"a\ud800b"`, `a\ud800b`},
		{"two halves the wrong way round", "\xed\xb0\x80\xed\xa0\x80", `\udc00\ud800`, `"\udc00\ud800"`, `\udc00\ud800`},
		{"two halves that make a pair", "\xed\xad\x80\xed\xb1\x81", `\x{ed}\x{ad}\x{80}\udc41`, `"` + "\ufffd\ufffd\ufffd" + `\udc41"`, `\xed\xad\x80\udc41`},
		{"not UTF-8", "a\xffb", `a\x{ff}b`, `"a` + "\ufffd" + `b"`, `a\xffb`},
		{"a byte that is a C1 escape in Latin-1", "a\x9bb", `a\x{9b}b`, `"a` + "\ufffd" + `b"`, `a\x9bb`},
		{"half of a character", "a\xed\xa0", `a\x{ed}\x{a0}`, `"a` + "\ufffd\ufffd" + `"`, `a\xed\xa0`},

		// What reads as an escape, and is text.
		{"text that reads as an escape", `a\u202eb`, `a\u005cu202eb`, `"a\\u202eb"`, `a\\u202eb`},
		{"in upper case", `a\u202EB`, `a\u005cu202EB`, `"a\\u202EB"`, `a\\u202EB`},
		{"text that reads as a byte", `a\x{9b}b`, `a\u005cx{9b}b`, `"a\\x{9b}b"`, `a\\x{9b}b`},
		{"text that reads as an escaped escape", `a\u005cu202e`, `a\u005cu005cu202e`, `"a\\u005cu202e"`, `a\\u005cu202e`},
		{"two backslashes", `\\u202e`, `\\u005cu202e`, `"\\\\u202e"`, `\\\\u202e`},
		{"an escape of C", `a\x9b`, `a\x9b`, `"a\\x9b"`, `a\\x9b`},
		{"user folder", `C:\users\x`, `C:\users\x`, `"C:\\users\\x"`, `C:\\users\\x`},
		{"x86 folder", `C:\drivers\x86\x64`, `C:\drivers\x86\x64`, `"C:\\drivers\\x86\\x64"`, `C:\\drivers\\x86\\x64`},
		{"three digits", `\u202`, `\u202`, `"\\u202"`, `\\u202`},
		{"no digits", `\u202g\x{9g}\x{9b`, `\u202g\x{9g}\x{9b`, `"\\u202g\\x{9g}\\x{9b"`, `\\u202g\\x{9g}\\x{9b`},
		{"beside what acts", "\\u202e\u202e", `\u005cu202e\u202e`, `"\\u202e\u202e"`, `\\u202e\u202e`},

		// What ends something.
		{"bar and quote", `a|"b"`, `a|"b"`, `"a|\"b\""`, `a\x7c"b"`},
		{"percent escape of mactime", "a%0Ab%4Operational%", "a%0Ab%4Operational%", `"a%0Ab%4Operational%"`, `a\x250Ab%4Operational%`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := show.Text(tt.in); got != tt.text {
				t.Errorf("Text: got %s, want %s", got, tt.text)
			}
			if got := string(show.AppendJSON(nil, tt.in)); got != tt.json {
				t.Errorf("JSON: got %s, want %s", got, tt.json)
			}
			if got := show.BodyfileName(tt.in); got != tt.body {
				t.Errorf("bodyfile: got %s, want %s", got, tt.body)
			}
		})
	}
}

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "",
		"a=b":                "a=b",
		"=cmd|' /C x'":       "'=cmd|' /C x'",
		"+1":                 "'+1",
		"-1":                 "'-1",
		"@SUM(A1)":           "'@SUM(A1)",
		"'x":                 "''x",
		"＝1":                 "'＝1",
		"\t=1":               `\u0009=1`,
		"\ufeff=1":           `\ufeff=1`,
		"a;=1":               `a;\u003d1`,
		`a;"=1`:              `a;"\u003d1`,
		";;@x;＋1":            `;;\u0040x;\uff0b1`,
		"a; +http://x/;b=1":  "a; +http://x/;b=1",
		`a;\u003d1`:          `a;\u005cu003d1`,
		"=1;-1":              `'=1;\u002d1`,
		"a;\u202e=1; \x1b=1": `a;\u202e=1; \u001b=1`,
	} {
		if got := show.Cell(in); got != want {
			t.Errorf("Cell(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCutKeepsCharactersWhole(t *testing.T) {
	for _, tt := range []struct {
		in    string
		limit int
		want  string
	}{{"abc", 3, "abc"}, {"abc", 2, "ab"}, {"aüb", 2, "a"}, {"aüb", 3, "aü"}, {"", 0, ""}, {"\xbf\xbf\xbf", 2, ""}} {
		if got := show.Cut(tt.in, tt.limit); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}

// acts reports whether a text holds something that acts.
func acts(s string) bool { return !utf8.ValidString(s) || strings.ContainsFunc(s, show.Acts) }

// Whatever a text is, no form of it acts, and each gives it back.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		"", `C:\x`, "\x1b[0m\u202e", "\xed\xa0\x80", "\xed\xad\x80\xed\xb1\x81", "\xff", `\u202e`, `\x{9b}`, `\\u005cu202e`, "=1", "'=", ";=;\"@", "a|b%0a",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if text := show.Text(s); acts(text) || showtest.Text(text) != s {
			t.Errorf("%q became the text %q, which is %q", s, text, showtest.Text(text))
		}
		if cell := show.Cell(s); acts(cell) || showtest.Cell(cell) != s {
			t.Errorf("%q became the cell %q, which is %q", s, cell, showtest.Cell(cell))
		}
		body := show.BodyfileName(s)
		back, err := showtest.BodyfileName(body)
		if acts(body) || strings.Contains(body, "|") || err != nil || back != s {
			t.Errorf("%q became the name %q, which is %q, %v", s, body, back, err)
		}
		var decoded string
		text := string(show.AppendJSON(nil, s))
		if err := json.Unmarshal([]byte(text), &decoded); err != nil || acts(text) {
			t.Fatalf("%q became %q: %v", s, text, err)
		}
		if utf8.ValidString(s) && decoded != s {
			t.Errorf("%q came back as %q", s, decoded)
		}
		if all, err := showtest.JSON([]byte(text)); err != nil || len(all) != 1 || utf8.ValidString(s) && all[0] != s {
			t.Errorf("%q holds %q, %v", text, all, err)
		}
		// What package json writes is the same.
		line, err := show.JSONLine(s)
		if err != nil || strings.ReplaceAll(string(line), `\u007f`, "") != strings.ReplaceAll(jsonOwn(text), `\u007f`, "")+"\n" {
			t.Errorf("%q: line %q, %v; want %q", s, line, err, text)
		}
	})
}

// jsonOwn replaces escapes by those that package json prefers.
func jsonOwn(text string) string {
	return strings.NewReplacer(`\\`, `\\`, `\u0008`, `\b`, `\u000c`, `\f`).Replace(text)
}
