package winid

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
)

func TestSID(t *testing.T) {
	for _, tt := range []struct {
		text      string // as String gives it
		in        string // as it is parsed; "" if that is text
		binary    string
		authority uint64
		sub       []uint32
		rid       uint32
		domain    string
	}{
		{"S-1-5-18", "s-1-05-0018", "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", 5, []uint32{18}, 18, "S-1-5"},
		{"S-1-0-0", "", "\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 0, []uint32{0}, 0, "S-1-0"},
		{"S-1-0", "", "\x01\x00\x00\x00\x00\x00\x00\x00", 0, []uint32{}, 0, "S-1-0"},
		{"S-1-5-21-1-2-3-1000", "S-1-0x5-21-1-2-3-1000", "\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\xe8\x03\x00\x00",
			5, []uint32{21, 1, 2, 3, 1000}, 1000, "S-1-5-21-1-2-3"},
		{"S-1-0x123456789abc-4294967295", "S-1-0X123456789ABC-4294967295", "\x01\x01\x12\x34\x56\x78\x9a\xbc\xff\xff\xff\xff", 0x123456789abc, []uint32{0xffffffff}, 0xffffffff, "S-1-0x123456789abc"},
		{"S-1-4294967295", "", "\x01\x00\x00\x00\xff\xff\xff\xff", 0xffffffff, []uint32{}, 0, "S-1-4294967295"},
		{"S-1-0x000100000000", "S-1-4294967296", "\x01\x00\x00\x01\x00\x00\x00\x00", 1 << 32, []uint32{}, 0, "S-1-0x000100000000"},
		{"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15", "", "\x01\x0f\x00\x00\x00\x00\x00\x05" +
			"\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00\x05\x00\x00\x00\x06\x00\x00\x00\x07\x00\x00\x00\x08\x00\x00\x00" +
			"\x09\x00\x00\x00\x0a\x00\x00\x00\x0b\x00\x00\x00\x0c\x00\x00\x00\x0d\x00\x00\x00\x0e\x00\x00\x00\x0f\x00\x00\x00",
			5, []uint32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, 15, "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			s, err := ParseSID(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if tt.in != "" {
				if other, err := ParseSID(tt.in); err != nil || other != s {
					t.Errorf("ParseSID(%s) = %v, %v", tt.in, other, err)
				}
			}
			if decoded, err := DecodeSID([]byte(tt.binary + "more")); err != nil || decoded != s {
				t.Errorf("DecodeSID = %v, %v", decoded, err)
			}
			if text := s.String(); text != tt.text {
				t.Errorf("String: got %s", text)
			}
			if text, err := AppendSID([]byte("x"), []byte(tt.binary+"more")); string(text) != "x"+tt.text || err != nil {
				t.Errorf("AppendSID: got %s, %v", text, err)
			}
			if b, err := s.MarshalBinary(); string(b) != tt.binary || err != nil || s.Size() != len(tt.binary) {
				t.Errorf("MarshalBinary: got %q, %v, Size %d", b, err, s.Size())
			}
			if s.IsZero() || s.Authority() != tt.authority || !slices.Equal(s.SubAuthorities(), tt.sub) || s.RID() != tt.rid || s.Domain().String() != tt.domain {
				t.Errorf("authority %d, sub-authorities %d, RID %d, domain %v", s.Authority(), s.SubAuthorities(), s.RID(), s.Domain())
			}
			if len(tt.sub) > 0 && s.Domain().WithRID(tt.rid) != s {
				t.Errorf("the account %d of %v is %v", tt.rid, s.Domain(), s.Domain().WithRID(tt.rid))
			}
			if domain, err := ParseSID(tt.domain); err != nil || domain != s.Domain() {
				t.Errorf("the domain %v is not %v (%v)", s.Domain(), domain, err)
			}
		})
	}
}

func TestZeroSID(t *testing.T) {
	var s SID
	b, err := s.MarshalBinary()
	if !s.IsZero() || s.String() != "" || len(b) != 0 || err != nil || s.Size() != 0 || s.RID() != 0 || s.Domain() != s || s.WithRID(1) != s || len(s.SubAuthorities()) != 0 || s.WellKnown() != "" {
		t.Errorf("the zero SID is %q, %q", s, b)
	}
	type record struct{ Owner, Group SID }
	want := record{Owner: SID{revision: 1, n: 1, authority: 5, sub: [maxSubAuth]uint32{18}}}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"Owner":"S-1-5-18","Group":""}` {
		t.Errorf("JSON: got %s, %v", text, err)
	}
	got := record{Group: want.Owner}
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("JSON came back as %v, %v", got, err)
	}
	if err := s.UnmarshalBinary(nil); err != nil || !s.IsZero() {
		t.Errorf("no bytes became %v, %v", s, err)
	}
}

func TestSIDDamaged(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", "SID at 0x0: got 0 bytes, want 8 bytes"},
		{"revision", "\x02\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", "SID revision at 0x0: got 2, want 1"},
		{"count", "\x01\x10\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", "SID sub-authority count at 0x1: got 16, want ≤ 15"},
		{"cut", "\x01\x02\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", "SID sub-authorities at 0x8: got 4 bytes, want 8 bytes"},
	} {
		if s, err := DecodeSID([]byte(tt.in)); err == nil || err.Error() != tt.want || !s.IsZero() {
			t.Errorf("%s: got %v, %v, want %s", tt.name, s, err, tt.want)
		}
	}
	for _, bad := range []string{"", "S", "S-1", "S-2-5-18", "X-1-5-18", "S-1--18", "S-1-5-x", "S-1-5-", "S-1-5--1", "S-1-5-+1", "S-1-5-1_0", "S-1-0b1-1", "S-1-0x", "S-1-5-4294967296",
		"S-1-281474976710656", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", " S-1-5-18"} {
		if s, err := ParseSID(bad); err == nil || !s.IsZero() {
			t.Errorf("ParseSID(%q) = %v", bad, s)
		}
	}
	s := SID{revision: 1}
	if err := s.UnmarshalBinary([]byte("\x01\x00\x00\x00\x00\x00\x00\x05x")); err == nil || s != (SID{revision: 1}) {
		t.Errorf("bytes behind a SID: %v, %v", s, err)
	}
}

// A SID of another revision is no SID, but a record says what it says.
func TestAppendSIDOfOddRevision(t *testing.T) {
	for in, want := range map[string]string{
		"\x00\x00\x00\x00\x00\x00\x00\x00":                 "S-0-0",
		"\x02\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00": "S-2-5-18",
	} {
		if got, err := AppendSID(nil, []byte(in)); string(got) != want || err != nil {
			t.Errorf("%x: got %s, %v, want %s", in, got, err, want)
		}
	}
}

// A SID survives the way through both of its forms.
func FuzzSID(f *testing.F) {
	f.Add([]byte("\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00"))
	f.Add([]byte("\x01\x00\x12\x34\x56\x78\x9a\xbc"))
	f.Add([]byte("S-1-5-21-1-2-3-500"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := DecodeSID(b)
		if err != nil {
			if s, err = ParseSID(string(b)); err != nil {
				return
			}
		} else if raw, _ := s.MarshalBinary(); !bytes.Equal(raw, b[:s.Size()]) {
			t.Errorf("%x became %x", b, raw)
		}
		text, _ := s.MarshalText()
		raw, _ := s.MarshalBinary()
		var fromText, fromBinary SID
		if err := fromText.UnmarshalText(text); err != nil || fromText != s {
			t.Errorf("%v by its text %s: %v, %v", s, text, fromText, err)
		}
		if err := fromBinary.UnmarshalBinary(raw); err != nil || fromBinary != s {
			t.Errorf("%v by its bytes %x: %v, %v", s, raw, fromBinary, err)
		}
		if appended, err := AppendSID(nil, raw); err != nil || string(appended) != string(text) {
			t.Errorf("%v is %s by AppendSID, %v", s, appended, err)
		}
	})
}
