package show

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestEscapes(t *testing.T) {
	for _, tt := range []struct{ name, in, printable, json, body string }{
		{"plain", `C:\x y`, `C:\x y`, `"C:\\x y"`, `C:\\x y`},
		{"umlaut stays", "grün", "grün", `"grün"`, "grün"},
		{"terminal escape", "a\x1b[31m", `a\u001b[31m`, `"a\u001b[31m"`, `a\x1b[31m`},
		{"C1 escape", "a\u009b1m", `a\u009b1m`, `"a\u009b1m"`, `a\u009b1m`},
		{"lines", "a\r\n\tb", `a\u000d\u000a\u0009b`, `"a\r\n\tb"`, `a\x0d\x0a\x09b`},
		{"right to left", "a\u202etxt.exe", `a\u202etxt.exe`, `"a\u202etxt.exe"`, `a\u202etxt.exe`},
		{"zero width", "a\u200bb", `a\u200bb`, `"a\u200bb"`, `a\u200bb`},
		{"invisible tag", "a\U000e0041b", `a\udb40\udc41b`, `"a\udb40\udc41b"`, `a\udb40\udc41b`},
		{"soft hyphen", "svc\u00adhost", `svc\u00adhost`, `"svc\u00adhost"`, `svc\u00adhost`},
		{"emoji stays", "a🙂b", "a🙂b", `"a🙂b"`, "a🙂b"},
		{"unpaired surrogate", "a\xed\xa0\x80b", `a\ud800b`, `"a\ud800b"`, `a\ud800b`},
		{"no UTF-8", "a\xffb", `a\xffb`, `"a` + "\ufffd" + `b"`, `a\xffb`},
		{"half a rune", "a\xed\xa0", `a\xed\xa0`, `"a` + "\ufffd\ufffd" + `"`, `a\xed\xa0`},
		{"bar and quote", `a|"b"`, `a|"b"`, `"a|\"b\""`, `a\x7c"b"`},
		{"percent escape of mactime", "a%0Ab%4Operational%", "a%0Ab%4Operational%", `"a%0Ab%4Operational%"`, `a\x250Ab%4Operational%`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Text(tt.in); got != tt.printable {
				t.Errorf("Text: got %s, want %s", got, tt.printable)
			}
			if got := string(AppendJSON(nil, tt.in)); got != tt.json {
				t.Errorf("JSON: got %s, want %s", got, tt.json)
			}
			if got := BodyfileName(tt.in); got != tt.body {
				t.Errorf("bodyfile: got %s, want %s", got, tt.body)
			}
		})
	}
}

func TestCutKeepsCharactersWhole(t *testing.T) {
	for _, tt := range []struct {
		in    string
		limit int
		want  string
	}{{"abc", 3, "abc"}, {"abc", 2, "ab"}, {"aüb", 2, "a"}, {"aüb", 3, "aü"}, {"", 0, ""}, {"\xbf\xbf\xbf", 2, ""}} {
		if got := Cut(tt.in, tt.limit); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"":             "",
		"a=b":          "a=b",
		"=cmd|' /C x'": "'=cmd|' /C x'",
		"+1":           "'+1",
		"-1":           "'-1",
		"@SUM(A1)":     "'@SUM(A1)",
		"'x":           "''x",
		"＝1":           "'＝1",
		"\t=1":         `\u0009=1`,
	} {
		if got := Cell(in); got != want {
			t.Errorf("Cell(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzJSONString(f *testing.F) {
	for _, s := range []string{"", "C:\\x", "\x1b[0m\u202e", "\xed\xa0\x80", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		enc := AppendJSON(nil, s)
		if err := json.Unmarshal(enc, &back); err != nil {
			t.Fatalf("%q: %v", enc, err)
		}
		if utf8.ValidString(s) && back != s {
			t.Errorf("%q came back as %q", s, back)
		}
	})
}
