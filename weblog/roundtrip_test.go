package weblog_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

// allFields are the fields that IIS can log, and the forwarded address.
const allFields = "date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version " +
	"cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken X-Forwarded-For"

// What weblogtest writes is read back as it was, and means what IIS would mean by
// it.
func TestWriterAndReaderAgree(t *testing.T) {
	at := time.Date(2026, 3, 2, 23, 59, 59, 0, time.UTC)
	full := weblog.Request{
		Format: weblog.W3C, Time: at, Taken: 3120 * time.Millisecond, Client: "2001:db8::1%12", ForwardedFor: "203.0.113.77,+10.1.1.1", User: `EXAMPLE\eve`,
		Method: "POST", Path: "/ä/up.aspx", Query: "x=-&y=%20", Version: "HTTP/2.0", Host: "www.example.com", UserAgent: "Mozilla/5.0+(X;+Y)",
		Referer: "https://example.com/", Cookie: "a=b;+c=d", Status: 500, Substatus: 19, Win32Status: 2148074254, Sent: 0, Received: 1 << 40,
		Site: "W3SVC1", Computer: "WEB01", Server: "10.0.0.5", Port: 443,
	}
	empty := weblog.Request{Format: weblog.W3C, Time: at.Add(time.Second), Taken: -1, Status: -1, Substatus: -1, Win32Status: -1, Sent: -1, Received: -1, Port: -1}
	log, err := weblogtest.Log{Fields: allFields, Requests: []weblog.Request{full, empty, full}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	const head = "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2026-03-02 23:59:59\r\n#Fields: " + allFields + "\r\n" +
		`2026-03-02 23:59:59 W3SVC1 WEB01 10.0.0.5 POST /ä/up.aspx x=-&y=%20 443 EXAMPLE\eve 2001:db8::1%12 HTTP/2.0 Mozilla/5.0+(X;+Y) a=b;+c=d https://example.com/ ` +
		"www.example.com 500 19 2148074254 0 1099511627776 3120 203.0.113.77,+10.1.1.1\r\n" +
		"2026-03-03 00:00:00 - - - - - - - - - - - - - - - - - - - - -\r\n"
	if !strings.HasPrefix(string(log), head) {
		t.Errorf("got  %.800q\nwant %q", log, head)
	}
	r, err := weblog.NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	want := []weblog.Request{full, empty, full}
	n := 0
	for req, err := range r.Requests() {
		if err != nil {
			t.Fatal(err)
		}
		req.Offset, req.Line, req.Text = 0, 0, ""
		if got := exported(req); got != exported(want[n]) {
			t.Errorf("got  %s\nwant %s", got, exported(want[n]))
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%d requests, want %d", n, len(want))
	}
}

func TestWriterOddities(t *testing.T) {
	spaced, err := weblogtest.Log{Requests: []weblog.Request{{UserAgent: "a b"}}}.Bytes()
	if err != nil || !strings.Contains(string(spaced), " a+b ") {
		t.Errorf("got %q, %v", spaced, err)
	}
	for _, log := range []weblogtest.Log{
		{Requests: []weblog.Request{{UserAgent: "a\r\nb"}}}, {Requests: []weblog.Request{{Path: "\x00"}}}, {Fields: "a\nb"}, {Software: "\r"},
	} {
		if _, err := log.Bytes(); err == nil {
			t.Errorf("%+v was written", log)
		}
	}
}
