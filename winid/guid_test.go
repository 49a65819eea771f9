package winid

import (
	"encoding"
	"encoding/json"
	"strings"
	"testing"
)

var (
	_ encoding.TextAppender      = GUID{}
	_ encoding.TextMarshaler     = GUID{}
	_ encoding.TextUnmarshaler   = (*GUID)(nil)
	_ encoding.TextAppender      = SID{}
	_ encoding.TextMarshaler     = SID{}
	_ encoding.TextUnmarshaler   = (*SID)(nil)
	_ encoding.BinaryAppender    = SID{}
	_ encoding.BinaryMarshaler   = SID{}
	_ encoding.BinaryUnmarshaler = (*SID)(nil)
)

func TestGUID(t *testing.T) {
	const text = "5770385F-C22A-43E0-BF4C-06F5698FFBD9" // Microsoft-Windows-Sysmon
	want := GUID{0x5f, 0x38, 0x70, 0x57, 0x2a, 0xc2, 0xe0, 0x43, 0xbf, 0x4c, 0x06, 0xf5, 0x69, 0x8f, 0xfb, 0xd9}
	for _, in := range []string{text, "{" + text + "}", "{" + strings.ToLower(text) + "}"} {
		if g, err := ParseGUID(in); err != nil || g != want {
			t.Errorf("ParseGUID(%s) = %x, %v; want %x", in, g, err, want)
		}
	}
	if got := want.String(); got != text {
		t.Errorf("String: got %s, want %s", got, text)
	}
	if got, err := want.AppendText([]byte("x")); string(got) != "x"+text || err != nil {
		t.Errorf("AppendText: got %s, %v", got, err)
	}
	if want.IsZero() || !(GUID{}).IsZero() {
		t.Error("IsZero is wrong")
	}
	for _, bad := range []string{"", text[1:], "{" + text, text + "}", strings.Replace(text, "-", "x", 1), "Z" + text[1:]} {
		if _, err := ParseGUID(bad); err == nil {
			t.Errorf("ParseGUID(%q) succeeded", bad)
		}
	}
}

func TestGUIDInJSON(t *testing.T) {
	type record struct{ ID GUID }
	want := record{GUID{1, 2, 3}}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"ID":"00030201-0000-0000-0000-000000000000"}` {
		t.Errorf("got %s, %v", text, err)
	}
	var got record
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("got %v, %v", got, err)
	}
	if err := json.Unmarshal([]byte(`{"ID":"x"}`), &got); err == nil || got != want {
		t.Errorf("a wrong text became %v, %v", got, err)
	}
}
