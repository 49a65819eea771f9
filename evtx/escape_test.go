package evtx

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

func TestEscapes(t *testing.T) {
	for _, tt := range []struct{ name, in, json, xml, attribute string }{
		{"plain", `C:\x y.exe`, `C:\\x y.exe`, `C:\x y.exe`, `C:\x y.exe`},
		{"other letters", "grün 中文 🙂", "grün 中文 🙂", "grün 中文 🙂", "grün 中文 🙂"},
		{"markup", `<b a='1' b="2">&`, `<b a='1' b=\"2\">&`, `&lt;b a='1' b="2"&gt;&amp;`, `&lt;b a=&apos;1&apos; b=&quot;2&quot;&gt;&amp;`},
		{"line ends and tab", "a\r\n\tb\nc", `a\r\n\tb\nc`, "a\r\n\tb\nc", `a&#xd;&#xa;&#x9;b&#xa;c`},
		{"carriage return that overwrites the line", "a\rb\r", `a\rb\r`, `a&#xd;b&#xd;`, `a&#xd;b&#xd;`},
		{"two carriage returns", "a\r\r\nb", `a\r\r\nb`, "a&#xd;\r\nb", `a&#xd;&#xd;&#xa;b`},
		{"delete among four", "ab\x7fdefgh", `ab\u007fdefgh`, `ab&#x7f;defgh`, `ab&#x7f;defgh`},
		{"terminal escape", "\x1b[2J", `\u001b[2J`, `_[2J`, `_[2J`},
		{"writing direction", "a\u202efdp.exe", `a\u202efdp.exe`, `a&#x202e;fdp.exe`, `a&#x202e;fdp.exe`},
		{"soft hyphen", "svc\u00adhost", `svc\u00adhost`, `svc&#xad;host`, `svc&#xad;host`},
		{"variation selector", "sel\U000e0101ector", `sel\udb40\udd01ector`, `sel&#xe0101;ector`, `sel&#xe0101;ector`},
		{"half of a pair", "a\xed\xa0\x80b", "a\ufffdb", "a_b", "a_b"},
		{"not a character in XML", "a\uffffb", `a\uffffb`, "a_b", "a_b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for e, want := range map[escaper]string{forJSON: tt.json, forXML: tt.xml, forAttribute: tt.attribute} {
				if got := string(e.appendUTF16(nil, wtf8.Encode(tt.in))); got != want {
					t.Errorf("form %d of UTF-16: got %q, want %q", e, got, want)
				}
				if got := string(e.appendString(nil, tt.in)); got != want {
					t.Errorf("form %d of a string: got %q, want %q", e, got, want)
				}
			}
		})
	}
}

func TestInstruction(t *testing.T) {
	const in, want = "a?>b\u202e\x1b\r\n\tc<&", "a? >b___\n\tc<&"
	if got := string(appendInstruction(nil, in)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every character can be recovered from its escape, alone and repeated, except those
// that a format cannot hold. No escape acts.
func TestEscapesOfEveryCharacter(t *testing.T) {
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if r == 0xd800 {
			r = 0xe000
		}
		for e := range escaper(3) {
			want := r
			switch {
			case e != forJSON && !allowedInXML(r):
				want = '_'
			case e == forXML && (r == '\n' || r == '\t'):
				continue
			}
			one := string(e.appendRune(nil, r))
			if strings.ContainsFunc(one, show.Acts) {
				t.Errorf("form %d: %U acts as %q", e, r, one)
			}
			if got := unescaped(t, e, one); got != string(want) {
				t.Errorf("form %d: %U became %q, which is %q", e, r, one, got)
			}
			if !show.Acts(r) && r > 0x100 {
				continue
			}
			const n = 9
			if got := string(e.appendUTF16(nil, wtf8.Encode(strings.Repeat(string(r), n)))); got != strings.Repeat(one, n) {
				t.Errorf("form %d: %d of %U became %q", e, n, r, got)
			}
		}
	}
}

// unescaped returns the text that s is an escaped form of.
func unescaped(t *testing.T, e escaper, s string) (text string) {
	t.Helper()
	if !strings.ContainsAny(s, `\&`) && utf8.ValidString(s) {
		return s
	}
	var err error
	if e == forJSON {
		err = json.Unmarshal([]byte(`"`+s+`"`), &text)
	} else {
		err = xml.Unmarshal([]byte("<x>"+s+"</x>"), &text)
	}
	if err != nil {
		t.Errorf("form %d: %q: %v", e, s, err)
	}
	return text
}
