package pe

import (
	"bytes"
	"testing"
	"time"
)

func one(t *testing.T, b string) value {
	t.Helper()
	vs := values{[]byte(b), 0x100}
	v, err := vs.next("value")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestValues(t *testing.T) {
	for _, tt := range []struct {
		name, in, body, rest, err string
	}{
		{name: "short", in: "\x04\x02ab-", body: "ab", rest: "-"},
		{name: "long form", in: "\x04\x81\x02ab-", body: "ab", rest: "-"},
		{name: "indefinite", in: "\x30\x80\x04\x01a\x00\x00-", body: "\x04\x01a", rest: "-"},
		{name: "indefinite twice", in: "\x30\x80\x24\x80\x04\x01a\x00\x00\x00\x00-", body: "\x24\x80\x04\x01a\x00\x00", rest: "-"},
		{name: "nothing", in: "", err: "value at 0x100: got 0 bytes, want 2 bytes"},
		{name: "cut", in: "\x04\x03ab", err: "value at 0x100: got 2 bytes, want 3 bytes"},
		{name: "length cut", in: "\x04\x82\x01", err: "value at 0x100: got 3 bytes, want 4 bytes"},
		{name: "length of 8 bytes", in: "\x04\x88\x00\x00\x00\x00\x00\x00\x00\x01a", err: "value at 0x100: got a length of 8 bytes, want ≤ 4"},
		{name: "high tag", in: "\x1f\x81\x01\x00", err: "value at 0x100: got tag 0x1f, want a tag below 31"},
		{name: "primitive indefinite", in: "\x04\x80a\x00\x00", err: "value at 0x100: got an indefinite length, want a constructed value"},
		{name: "no end", in: "\x30\x80\x04\x01a", err: "value at 0x105: got 0 bytes, want 2 bytes"},
		{name: "too deep", in: string(bytes.Repeat([]byte{0x30, 0x80}, 40)), err: "value at 0x100: got a deeper nesting of indefinite lengths, want ≤ 32"},
	} {
		vs := values{[]byte(tt.in), 0x100}
		v, err := vs.next("value")
		if tt.err != "" {
			if err == nil || err.Error() != tt.err {
				t.Errorf("%s: got %v, want %s", tt.name, err, tt.err)
			}
			continue
		}
		if err != nil || string(v.body) != tt.body || string(vs.b) != tt.rest || vs.off != 0x100+int64(len(tt.in)-len(tt.rest)) {
			t.Errorf("%s: got %q and %q, %v; want %q and %q", tt.name, v.body, vs.b, err, tt.body, tt.rest)
		}
	}
}

func TestOID(t *testing.T) {
	for in, want := range map[string]string{
		"\x06\x03\x55\x04\x03":                             "2.5.4.3",
		"\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04": oidSpcIndirectData,
		"\x06\x03\x88\x37\x03":                             "2.999.3",
		"\x06\x01\x00":                                     "0.0",
		"\x06\x01\x80":                                     "",
		"\x04\x01\x2a":                                     "",
		"\x06\x0b\x2b\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f": "",
		"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02":         oidSignedData,
		"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01":         "2.16.840.1.101.3.4.2.1",
		"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04": oidTSTInfo,
	} {
		if got := one(t, in).oid(); got != want {
			t.Errorf("%x: got %q, want %q", in, got, want)
		}
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"\x0c\x03\xe4\xb8\xad":                  "中",
		"\x13\x02ab":                            "ab",
		"\x1e\x04\x4e\x2d\x00a":                 "中a",
		"\x1e\x04\xd8\x3d\xde\x00":              "😀",
		"\x1c\x04\x00\x01\xf6\x00":              "😀",
		"\x14\x01\xe4":                          "ä",
		"\x0c\x01\xe4":                          "ä", // not UTF-8 after all
		"\x1c\x05\x00\x00\x00a\x00":             "a",
		"\x30\x80\x0c\x01a\x00\x00":             "\x0c\x01a",
		"\x80\x13https://example.com":           "https://example.com",
		"\x16\x05a\x1b[2J":                      "a\x1b[2J",
		"\x1e\x03\x00a\x00":                     "a",
		"\x1c\x08\x00\x11\x00\x00\x00\x00\x00b": "\ufffdb",
	} {
		if got := one(t, in).text(); got != want {
			t.Errorf("%x: got %q, want %q", in, got, want)
		}
	}
}

func TestTime(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"\x17\x0d240301120005Z", "2024-03-01T12:00:05Z"},
		{"\x17\x0b2403011200Z", "2024-03-01T12:00:00Z"},
		{"\x17\x0d500101000000Z", "1950-01-01T00:00:00Z"},
		{"\x17\x0d491231235959Z", "2049-12-31T23:59:59Z"},
		{"\x17\x11240301120005+0130", "2024-03-01T10:30:05Z"},
		{"\x18\x0f20240301120005Z", "2024-03-01T12:00:05Z"},
		{"\x18\x1320240301120005.123Z", "2024-03-01T12:00:05.123Z"},
		{"\x18\x0f20241301120005Z", `time at 0x100: got "20241301120005Z", want a time`},
		{"\x04\x01x", "time at 0x100: got tag 0x04, want a time"},
	} {
		got, err := one(t, tt.in).time("time")
		if s := got.Format(time.RFC3339Nano); err == nil && s != tt.want || err != nil && err.Error() != tt.want {
			t.Errorf("%q: got %s, %v; want %s", tt.in, s, err, tt.want)
		}
	}
}

func TestOctets(t *testing.T) {
	for _, tt := range []struct{ in, want, err string }{
		{in: "\x04\x02ab", want: "ab"},
		{in: "\x24\x06\x04\x01a\x04\x01b", want: "ab"},
		{in: "\x24\x80\x04\x01a\x04\x01b\x00\x00", want: "ab"},
		{in: "\x24\x02\x0c\x00", err: "octet string fragment at 0x102: got tag 0x0c, want tag 0x04"},
		{in: "\x0c\x01a", err: "octet string at 0x100: got tag 0x0c, want tag 0x04"},
	} {
		got, err := one(t, tt.in).octets()
		if tt.err == "" && (err != nil || string(got.b) != tt.want) || tt.err != "" && (err == nil || err.Error() != tt.err) {
			t.Errorf("%x: got %q, %v; want %q, %s", tt.in, got.b, err, tt.want, tt.err)
		}
	}
}

func TestDefinite(t *testing.T) {
	for in, want := range map[string]bool{
		"\x04\x01a":                                true,
		"\x30\x03\x04\x01a":                        true,
		"\x30\x80\x04\x01a\x00\x00":                false,
		"\x30\x07\x30\x80\x04\x01a\x00\x00":        false,
		"\x30\x06\x30\x04\x30\x02\x30\x00":         true,
		"\x30\x08\x30\x06\x30\x04\x30\x02\x30\x00": false, // deeper
		"\x30\x02\x04\x05":                         false,
	} {
		if got := one(t, in).definite(3); got != want {
			t.Errorf("%x: %v, want %v", in, got, want)
		}
	}
}
