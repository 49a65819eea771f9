package weblog_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

// sample is a log with all fields, and one with those of IIS' default.
func sample(t testing.TB) []byte {
	t.Helper()
	at := time.Date(2026, 3, 2, 13, 42, 11, 0, time.UTC)
	requests := []weblog.Request{
		{Time: at, Taken: 3120 * time.Millisecond, Client: "203.0.113.77", Method: "POST", Path: "/up.aspx", Query: "id=1", UserAgent: "curl/8.0", Status: 200, Port: 443},
		{Time: at, Taken: -1, Client: "2001:db8::1", Method: "GET", Path: "/", Status: 404, Sent: -1, Received: -1, User: `EXAMPLE\eve`},
	}
	var log []byte
	for _, fields := range []string{"", allFields} {
		part, err := weblogtest.Log{Fields: fields, Requests: requests}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		log = append(log, part...)
	}
	return log
}

// inFormat is a log with two requests in a format.
func inFormat(t testing.TB, format weblog.Format, utf16 bool) []byte {
	t.Helper()
	at := time.Date(2026, 3, 2, 13, 42, 11, 0, time.UTC)
	requests := []weblog.Request{
		{Time: at, Taken: 3120 * time.Millisecond, Client: "203.0.113.77", Method: "POST", Path: "/up.aspx", Query: "id=1", UserAgent: `curl "8"`, Status: 200},
		{Time: at, Client: "2001:db8::1", Method: "GET", Path: "/ä", Status: 404, User: `EXAMPLE\eve`},
	}
	log, err := weblogtest.Log{Format: format, UTF16: utf16, Requests: requests}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// Whatever the bytes: no panic, every error located, every line read once, where it
// is, and read again as it was.
func FuzzReader(f *testing.F) {
	f.Add(sample(f))
	f.Add([]byte(short + upload + strings.Replace(upload, "id=1", "id 1", 1) + strings.Replace(upload, "id=1", "", 1) + "\x00\x00" + later))
	f.Add([]byte("#Date: 2026-03-02\n#Fields: time cs-uri-stem\n13:42:11 /\n\x00\x00\n#Fields:\n x \n"))
	for _, format := range []weblog.Format{weblog.W3C, weblog.NCSA, weblog.IIS} {
		f.Add(inFormat(f, format, false))
		f.Add(inFormat(f, format, true))
	}
	f.Add([]byte("www:80 203.0.113.1, 10.0.0.1 - a b [02/Mar/2026:13:42:11 +0000] \"GET /\"x\" HTTP/1.0\" 200 - \"-\" \"a\\\"\" 5 6 \"10.0.0.1\" 0.123\n"))
	f.Add([]byte("#Software: IIS Advanced Logging Module\n#Fields: date-local time-local cs-uri-stem cs(User-Agent)\n2026-03-02 13:42:11 / \"a \"\"b\"\"\"\n"))
	f.Fuzz(func(t *testing.T, log []byte) {
		r, err := weblog.NewReader(bytes.NewReader(log), int64(len(log)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for p := range r.Problems() {
			_ = p.String()
		}
		end := int64(0)
		// The text of UTF-16 is not in the log byte by byte.
		wide := bytes.HasPrefix(log, []byte("\xff\xfe")) || bytes.HasPrefix(log, []byte("\xfe\xff")) || len(log) > 1 && (log[0] == 0 && log[1] == '#' || log[0] == '#' && log[1] == 0)
		c := r.Cursor()
		for req, err := range r.Requests() {
			if err != nil {
				if !damage.Is(err) {
					t.Fatalf("not located: %v", err)
				}
				continue
			}
			if req.Offset < end || !wide && !bytes.HasPrefix(log[req.Offset:], []byte(req.Text)) {
				t.Fatalf("%q at %d, after a line that ends at %d", req.Text, req.Offset, end)
			}
			end = req.Offset + int64(len(req.Text))
			if wide {
				end = req.Offset + 2 // of the shortest line
			}
			if line := int64(bytes.Count(log[:req.Offset], []byte{'\n'}) + 1); !wide && req.Line != line {
				t.Fatalf("line %d, want %d", req.Line, line)
			}
			if req.Time.IsZero() || req.Taken < -1 || req.Status < -1 {
				t.Fatalf("%+v", req)
			}
			for name, value := range req.Fields() {
				if name == "" || !strings.Contains(req.Text, value) {
					t.Fatalf("%q: %q", name, value)
				}
			}
			if again, err := c.Request(req.Place()); err != nil || !reflect.DeepEqual(again, req) {
				t.Fatalf("read again: %+v, %v; want %+v", again, err, req)
			}
			for again, err := range r.From(req.Place()) {
				if err != nil || !reflect.DeepEqual(again, req) {
					t.Fatalf("from its place: %+v, %v; want %+v", again, err, req)
				}
				break
			}
		}
	})
}
