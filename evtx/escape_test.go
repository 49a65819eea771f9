package evtx

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strconv"
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
				if got := ofUTF16(t, e, wtf8.Encode(tt.in)); got != want {
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
			if got := ofUTF16(t, e, wtf8.Encode(strings.Repeat(string(r), n))); got != strings.Repeat(one, n) {
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

// ofUTF16 returns escaped UTF-16 text. What follows the text, and the memory that ends
// with it, make no difference.
func ofUTF16(t *testing.T, e escaper, b []byte) string {
	t.Helper()
	exact := string(e.appendUTF16(nil, b))
	for _, behind := range []string{"\x00\x00", "<\x00&\x00", "\xff\xff\x00\xd8", strings.Repeat("a\x00", 20)} {
		out := make([]byte, 10+growth*len(b)+16)
		n := e.putUTF16(out, 10, append(bytes.Clone(b), behind...), len(b))
		if got := string(out[10:n]); got != exact {
			t.Errorf("form %d: %q before %q became %q, want %q", e, wtf8.String(b), behind, got, exact)
		}
	}
	return exact
}

// A value of any type and size needs no more room than putScalar has.
func TestScalarRoom(t *testing.T) {
	for typ := range ValueType(64) {
		for size := range 200 {
			for _, fill := range []byte{0, 1, 15, 0x7f, 0x80, 0xff} {
				b := bytes.Repeat([]byte{fill}, size)
				if typ == SIDType && size > 2 {
					b[1] = uint8(max(0, size-8) / 4)
				}
				out := make([]byte, scalarRoom+4*size)
				n := putScalar(out, 0, typ, b)
				if got := string(appendScalar([]byte("x"), typ, b)); got != "x"+string(out[:n]) || n > len(out)-scalarRoom/4 {
					t.Errorf("%v of %d bytes: %d bytes, %q, and appended %q", typ, size, n, out[:n], got)
				}
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for shift := range 64 {
		for _, n := range []uint64{1<<shift - 1, 1 << shift, 1<<shift + 1, ^uint64(0) >> shift, 1000000007 >> shift} {
			var out [64]byte
			if got, want := string(out[:putUint(out[:], 0, n)]), strconv.FormatUint(n, 10); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if got, want := string(out[:putInt(out[:], 0, int64(n))]), strconv.FormatInt(int64(n), 10); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if got, want := string(out[:putHexNumber(out[:], 0, n)]), "0x"+strconv.FormatUint(n, 16); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
}
