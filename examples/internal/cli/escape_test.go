package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		`C:\Users\Ünal\a b.exe`:     `C:\Users\Ünal\a b.exe`,
		"a\x1b]0;pwn\x07":           `a\x1b]0;pwn\x07`,
		"one\r\n\ttwo":              `one\r\n\ttwo`,
		"invoice\u202efdp.exe":      `invoice\u202efdp.exe`,
		"half \xed\xa0\x80 pair":    `half \xed\xa0\x80 pair`,
		"csi \u009b31m\u2028\ufeff": `csi \x9b31m\u2028\ufeff`,
		"tag \U000e0041":            `tag \ue0041`,
	} {
		if got := Escape(in); got != want {
			t.Errorf("Escape(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		`C:\Users\a.exe`:    `C:\Users\a.exe`,
		"=cmd|'/C calc'!A0": "'=cmd|'/C calc'!A0",
		"-1":                "'-1",
		"＋1":                "'＋1",
		"'=1":               "''=1",
		"\t=1":              `\t=1`,
	} {
		if got := Cell(in); got != want {
			t.Errorf("Cell(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestJSONLine(t *testing.T) {
	for _, text := range []string{
		"", `C:\Users\Ünal\"a b".exe`, "a\x1b]0;pwn\x07", "one\r\n\ttwo", "invoice\u202efdp.exe", "csi \u009b31m\u2028\ufeff\x7f", "tag \U000e0041 𝄞 <b>&amp;",
	} {
		line, err := JSONLine(map[string]any{text: []string{text}})
		if err != nil {
			t.Fatal(err)
		}
		body := strings.TrimSuffix(string(line), "\n")
		if len(body) != len(line)-1 || strings.IndexFunc(body, hidden) >= 0 {
			t.Errorf("%q acts in %q", text, line)
		}
		var back map[string][]string
		if err := json.Unmarshal(line, &back); err != nil || len(back[text]) != 1 || back[text][0] != text {
			t.Errorf("%q came back as %q: %v", text, back, err)
		}
	}
	if _, err := JSONLine(func() {}); err == nil {
		t.Error("a function was written")
	}
}
