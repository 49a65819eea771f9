package wtf8

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

func TestString(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"ascii", "a\x00b\x00", "ab"},
		{"four ascii and the rest", "s\x00q\x00l\x00s\x00e\x00", "sqlse"},
		{"latin", "\xe4\x00", "ä"},
		{"cjk", "\x2d\x4e", "中"},
		{"pair", "\x3d\xd8\x00\xde", "😀"},
		{"high alone", "\x3d\xd8a\x00", "\xed\xa0\xbda"},
		{"high at the end", "a\x00\x3d\xd8", "a\xed\xa0\xbd"},
		{"low alone", "\x00\xde", "\xed\xb8\x80"},
		{"two highs then a low", "\x3d\xd8\x3d\xd8\x00\xde", "\xed\xa0\xbd😀"},
		{"NUL inside", "a\x00\x00\x00b\x00", "a\x00b"},
		{"odd byte", "a\x00b", "a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := String([]byte(tt.in)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			whole := tt.in[:len(tt.in)&^1]
			if got := Encode(tt.want); string(got) != whole {
				t.Errorf("Encode: got %q, want %q", got, whole)
			}
		})
	}
}

func TestDecodeRune(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		r        rune
		size     int
	}{
		{"empty", "", 0xfffd, 0},
		{"ascii", "ab", 'a', 1},
		{"emoji", "😀b", '😀', 4},
		{"replacement character", "\ufffdb", 0xfffd, 3},
		{"high alone", "\xed\xa0\xbdb", 0xd83d, 3},
		{"low alone", "\xed\xb8\x80\xed\xa0\xbd", 0xde00, 3},
		{"high before a high", "\xed\xa0\xbd\xed\xa0\xbd\xed\xb8\x80", 0xd83d, 3},
		{"a pair as two halves", "\xed\xa0\xbd\xed\xb8\x80", 0xfffd, 1},
		{"cut half", "\xed\xa0", 0xfffd, 1},
		{"not UTF-8", "\xffb", 0xfffd, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if r, size := DecodeRune(tt.in); r != tt.r || size != tt.size {
				t.Errorf("got %#x of %d bytes, want %#x of %d", r, size, tt.r, tt.size)
			}
		})
	}
}

func TestTrim(t *testing.T) {
	for in, want := range map[string]string{"": "", "a\x00": "a\x00", "a\x00\x00\x00b\x00": "a\x00", "\x00\x01\x00\x00": "\x00\x01"} {
		if got := Trim([]byte(in)); string(got) != want {
			t.Errorf("Trim(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("a\x00\x3d\xd8"))
	f.Fuzz(func(t *testing.T, b []byte) {
		b = b[:len(b)&^1]
		if got := Encode(String(b)); !bytes.Equal(got, b) {
			t.Errorf("got %x, want %x", got, b)
		}
	})
}

func TestRejoin(t *testing.T) {
	const high, low = "\xed\xa0\xbd", "\xed\xb8\x80" // the halves of 😀
	for _, tt := range []struct{ a, b, want string }{
		{"", "", ""},
		{"a", "b", "ab"},
		{high, low, "😀"},
		{"a" + high, low + "b", "a😀b"},
		{low, high, low + high},
		{high, high, high + high},
		{high, "", high},
		{"", low, low},
		{high, "b", high + "b"},
		{"é\xed", low, "é\xed" + low},
		{"\ud7ff", "\ud7ff", "\ud7ff\ud7ff"}, // they begin with the same byte
	} {
		if got := string(Rejoin([]byte(tt.a+tt.b), len(tt.a))); got != tt.want {
			t.Errorf("%q and %q: got %q, want %q", tt.a, tt.b, got, tt.want)
		}
		if got := string(Append(nil, append(Encode(tt.a), Encode(tt.b)...))); utf8.ValidString(tt.want) && got != tt.want {
			t.Errorf("%q and %q as UTF-16: %q", tt.a, tt.b, got)
		}
	}
}
