package winid

import (
	"strings"
	"testing"
)

func TestGUID(t *testing.T) {
	const text = "5770385F-C22A-43E0-BF4C-06F5698FFBD9" // Microsoft-Windows-Sysmon
	g, err := ParseGUID("{" + strings.ToLower(text) + "}")
	if err != nil {
		t.Fatal(err)
	}
	if want := (GUID{0x5f, 0x38, 0x70, 0x57, 0x2a, 0xc2, 0xe0, 0x43, 0xbf, 0x4c, 0x06, 0xf5, 0x69, 0x8f, 0xfb, 0xd9}); g != want {
		t.Errorf("bytes: got %x, want %x", g, want)
	}
	if g.String() != text {
		t.Errorf("String: got %s, want %s", g, text)
	}
	for _, bad := range []string{"", text[1:], "{" + text, strings.Replace(text, "-", "x", 1), "Z" + text[1:]} {
		if _, err := ParseGUID(bad); err == nil {
			t.Errorf("ParseGUID(%q) succeeded", bad)
		}
	}
}

func TestSID(t *testing.T) {
	for _, text := range []string{"S-1-5-18", "S-1-0-0", "S-1-5-21-3583694148-1414552638-2922671848-1000", "S-1-0x123456789abc-7", "S-1-5"} {
		b, err := EncodeSID(text)
		if err != nil {
			t.Errorf("EncodeSID(%s): %v", text, err)
			continue
		}
		if got, err := SID(append(b, 0xff)); got != text || err != nil {
			t.Errorf("SID(EncodeSID(%s)) = %s, %v", text, got, err)
		}
		if n := SIDSize(append(b, 0xff)); n != len(b) {
			t.Errorf("SIDSize(%s) = %d, want %d", text, n, len(b))
		}
	}
}

func TestSIDDamaged(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", "SID at 0x0: got 0 bytes, want 8 bytes"},
		{"revision", "\x02\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", "SID revision at 0x0: got 2, want 1"},
		{"count", "\x01\x10\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", "SID sub-authority count at 0x1: got 16, want ≤ 15"},
		{"cut", "\x01\x02\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", "SID sub-authorities at 0x8: got 4 bytes, want 8 bytes"},
	} {
		if _, err := SID([]byte(tt.in)); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
	for _, bad := range []string{"", "S-1", "S-2-5-18", "S-1-5-x", "S-1-5-4294967296"} {
		if _, err := EncodeSID(bad); err == nil {
			t.Errorf("EncodeSID(%q) succeeded", bad)
		}
	}
}
