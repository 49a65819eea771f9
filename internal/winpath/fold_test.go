package winpath

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"
)

// table is the upper case of every UTF-16 unit, as $UpCase holds it.
func table() []byte {
	var b []byte
	for r := range rune(1 << 16) {
		b = binary.LittleEndian.AppendUint16(b, uint16(Upper(r)))
	}
	return b
}

// The table is that of Windows with every version of Go. (Package mft holds it
// to the $UpCase of volumes that Windows formatted.)
func TestUpperIsThatOfWindows(t *testing.T) {
	const want = "41c26bc7a12bdaeb26025c93118697c7e3ef81ee048b00fe5cce2a472e0e0742"
	if got := fmt.Sprintf("%x", sha256.Sum256(table())); got != want {
		t.Errorf("the table of upper case letters has the SHA-256 %s, that of Windows %s", got, want)
	}
	for _, r := range []rune{0x10428, 0x1e943, -1} { // lower case letters beyond U+FFFF
		if Upper(r) != r {
			t.Errorf("Upper(%U) = %U", r, Upper(r))
		}
	}
}

func TestSame(t *testing.T) {
	for _, tt := range []struct {
		name string
		a, b string
		path bool // they are the same path
		is   bool // they are the same name
	}{
		{"equal", `C:\x`, `C:\x`, true, true},
		{"case", `C:\Users\Ä\x.EXE`, `c:\users\ä\X.exe`, true, true},
		{"slashes", `C:\Users\x`, `C:/Users/x`, true, false},
		{"another letter", `C:\sqlservr.exe`, `C:\sqlserver.exe`, false, false},
		{"longer", `C:\x`, `C:\xy`, false, false},
		{"long s", "C:\\\u017fqlservr.exe", `C:\sqlservr.exe`, false, false},
		{"dotless i", "\u0131x", `Ix`, false, false},
		{"Kelvin sign", "\u212aernel.exe", `kernel.exe`, false, false},
		{"micro sign and Greek mu", "\u00b5", "\u03bc", false, false},
		{"sigma at the end of a word", "ς", "Σ", false, false},
		{"sigma", "σ", "Σ", true, true},
		{"upper case of more bytes", "\u0250", "\u2c6f", true, true},
		{"dot at the end", `x.exe.`, `x.exe`, false, false},
		{"blank at the end", `x.exe `, `x.exe`, false, false},
		{"8.3 name", `C:\PROGRA~1`, `C:\Program Files`, false, false},
		{"stream type", `x:s`, `x:s:$DATA`, false, false},
		{"one half of a surrogate pair", "\xed\xa0\x80", "\xed\xa0\x80", true, true},
		{"other halves", "\xed\xa0\x80", "\xed\xa0\x81", false, false},
		{"half and replacement character", "\xed\xa0\x80", "\ufffd", false, false},
		{"not UTF-8 and replacement character", "\xff", "\ufffd", false, false},
		{"other bytes that are not UTF-8", "\xff", "\xfe", false, false},
		{"letter behind half of a pair", "\xed\xa0\x80a", "\xed\xa0\x80A", true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if Same(tt.a, tt.b) != tt.path || Same(tt.b, tt.a) != tt.path {
				t.Errorf("Same is not %v", tt.path)
			}
			if SameName(tt.a, tt.b) != tt.is || SameName(tt.b, tt.a) != tt.is {
				t.Errorf("SameName is not %v", tt.is)
			}
		})
	}
}

// What is the same has one form, and nothing else has it.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"a/B", "ä\\Ä", "\xed\xa0\x80\xff", "\u0250\u017f", "\xed\xa0\x80\xed\xb0\x80"} {
		f.Add(s, s+"x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if Same(a, b) != (Fold(a) == Fold(b)) || SameName(a, b) != (FoldName(a) == FoldName(b)) {
			t.Errorf("%q and %q: Same is %v, folded %q and %q", a, b, Same(a, b), Fold(a), Fold(b))
		}
		if Fold(Fold(a)) != Fold(a) || !Same(a, Fold(a)) || !SameName(a, FoldName(a)) {
			t.Errorf("%q folded is %q", a, Fold(a))
		}
	})
}

func TestCutPrefix(t *testing.T) {
	for _, tt := range []struct {
		s, prefix, rest string
		ok              bool
	}{
		{`%WINDIR%\x`, `%windir%\`, `x`, true},
		{`%windir%`, `%windir%\`, `%windir%`, false},
		{`/c x`, `\c`, `/c x`, false},
		{"\u212aernel", "kernel", "\u212aernel", false},
		{`x`, ``, `x`, true},
	} {
		if rest, ok := CutPrefix(tt.s, tt.prefix); rest != tt.rest || ok != tt.ok {
			t.Errorf("CutPrefix(%q, %q) = %q, %v", tt.s, tt.prefix, rest, ok)
		}
	}
}
