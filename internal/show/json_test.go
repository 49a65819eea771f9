package show

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestJSONLine(t *testing.T) {
	for _, text := range []string{
		"", `C:\Users\Ünal\"a b".exe`, "a\x1b]0;pwn\x07", "one\r\n\ttwo", "invoice\u202efdp.exe", "csi \u009b31m\u2028\ufeff\x7f", "tag \U000e0041 𝄞 <b>&amp;",
	} {
		line, err := JSONLine(map[string]any{text: []string{text}})
		if err != nil {
			t.Fatal(err)
		}
		body := strings.TrimSuffix(string(line), "\n")
		if len(body) != len(line)-1 || strings.IndexFunc(body, Acts) >= 0 {
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
