package weblog_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

// utf16Text returns a text as UTF-16 with a mark.
func utf16Text(s string) string {
	b := []byte("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

const iisUpload = `203.0.113.77, EXAMPLE\eve, 3/2/26, 9:42:11, W3SVC1, WEB01, 10.0.0.5, 3120, 402884, 1433, 200, 0, POST, /up.aspx, id=1,` + "\r\n"

// few are the fields that the lines of all formats have, as a test compares them.
func few(r *weblog.Request) string {
	local := ""
	if r.Local {
		local = " local"
	}
	forwarded := ""
	if r.ForwardedFor != "" {
		forwarded = " for " + r.ForwardedFor
	}
	return r.Time.Format(time.DateTime) + local + " " + strings.Join([]string{r.Client + forwarded, r.User, r.Host, r.Method, r.URL(), r.Version, r.Referer, r.UserAgent}, "|")
}

// What the lines of Apache, nginx and Tomcat may look like.
func TestNCSA(t *testing.T) {
	const stamp, request = ` [02/Mar/2026:13:42:11 +0000] `, `"POST /up.php?id=1 HTTP/1.1" 200 512`
	const got = "2026-03-02 13:42:11 "
	const asked = "|POST|/up.php?id=1|HTTP/1.1|"
	for _, tt := range []struct{ name, line, want string }{
		{"common", "192.0.2.1 - -" + stamp + request, got + "192.0.2.1||" + asked + "|"},
		{"with a zone", "192.0.2.1 - - [02/Mar/2026:15:42:11 +0200] " + request, got + "192.0.2.1||" + asked + "|"},
		{"combined", "192.0.2.1 - eve" + stamp + request + ` "http://a/" "curl/8.0"`, got + "192.0.2.1|eve|" + asked + "http://a/|curl/8.0"},
		{"the format NCSA of IIS", `192.0.2.1 - EXAMPLE\eve` + stamp + request, got + `192.0.2.1|EXAMPLE\eve|` + asked + "|"},
		{"a user with blanks", "192.0.2.1 - Eve M. Example" + stamp + request, got + "192.0.2.1|Eve M. Example|" + asked + "|"},
		{"a client with a name", "client.example - -" + stamp + request, got + "client.example||" + asked + "|"},
		{"a virtual host", "www.example.com:443 192.0.2.1 - -" + stamp + request + ` "-" "curl"`, got + "192.0.2.1||www.example.com:443" + asked + "|curl"},
		{"a forwarded list in the place of the client", "203.0.113.9, 10.0.0.2 - -" + stamp + request, got + " for 203.0.113.9, 10.0.0.2||" + asked + "|"},
		{"the forwarded list of nginx", "10.0.0.2 - -" + stamp + request + ` "-" "curl" "203.0.113.9, 10.0.0.7"`, got + "10.0.0.2 for 203.0.113.9, 10.0.0.7||" + asked + "|curl"},
		{"quotation marks that are escaped", "192.0.2.1 - -" + stamp + request + ` "-" "a \" 200 5 \\"`, got + "192.0.2.1||" + asked + `|a \" 200 5 \\`},
		{"quotation marks that are not", "192.0.2.1 - -" + stamp + `"GET /"x" HTTP/1.0" 404 -`, got + `192.0.2.1|||GET|/"x"|HTTP/1.0||`},
		{"not HTTP", "192.0.2.1 - -" + stamp + `"\x16\x03\x01" 400 226 "-" "-"`, got + "192.0.2.1|||||||"},
		{"no request at all", "192.0.2.1 - -" + stamp + `"-" 408 -`, got + "192.0.2.1|||||||"},
		{"HTTP 0.9", "192.0.2.1 - -" + stamp + `"GET /" 200 5`, got + "192.0.2.1|||GET|/|||"},
		{"brackets before the time", "192.0.2.1 - [eve]" + stamp + request, got + "192.0.2.1|[eve]|" + asked + "|"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for req, err := range open(t, tt.line+"\n").Requests() {
				if err != nil || few(&req) != tt.want || req.Format != weblog.NCSA || len(req.Problems) > 0 {
					t.Errorf("got  %s %v %v\nwant %s", few(&req), err, req.Problems, tt.want)
				}
				n++
			}
			if n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// What an administrator adds to the line has its meaning if that does not depend on
// the server.
func TestNCSAExtras(t *testing.T) {
	const line = `192.0.2.1 - - [02/Mar/2026:13:42:11 +0000] "POST /up.php HTTP/1.1" 200 512`
	for _, tt := range []struct {
		name, extras    string
		received, taken string
		fields          string // the names behind sc-bytes
	}{
		{"bytes received and sent", ` "-" "curl" 402884 733`, "402884", "-1ns", "cs(User-Agent) cs-bytes sc-bytes-all"},
		{"a time of which the unit is unknown", ` "-" "curl" 3120`, "-1", "-1ns", "cs(User-Agent) extra"},
		{"without an agent", ` 3120`, "-1", "-1ns", "extra"},
		{"the time of nginx", ` "-" "curl" "-" 3.120`, "-1", "3.12s", "cs(User-Agent) time-taken-s"},
		{"a text", ` "-" "curl" "x y" "203.0.113.9"`, "-1", "-1ns", "cs(User-Agent) extra x-forwarded-for"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for req, err := range open(t, line+tt.extras+"\n").Requests() {
				if err != nil {
					t.Fatal(err)
				}
				var names []string
				for name := range req.Fields() {
					names = append(names, name)
				}
				rest := strings.Join(names[slices.Index(names, "sc-bytes")+1:], " ")
				if got := req.Field("cs-bytes"); got != "" && got != tt.received || got == "" && tt.received != "-1" {
					t.Errorf("received %q, want %s", got, tt.received)
				}
				if rest != tt.fields || req.Taken.String() != tt.taken || req.Sent != 512 {
					t.Errorf("fields %q, taken %s, sent %d", rest, req.Taken, req.Sent)
				}
			}
		})
	}
}

// The format IIS has local times, and the bytes of the request.
func TestIISFormat(t *testing.T) {
	for _, tt := range []struct {
		name, line string
		want       []string
	}{
		{"a request", iisUpload, []string{`2026-03-02 09:42:11 local 203.0.113.77|EXAMPLE\eve||POST|/up.aspx?id=1|||`}},
		{"a year of four digits", strings.Replace(iisUpload, "/26", "/2026", 1), []string{`2026-03-02 09:42:11 local 203.0.113.77|EXAMPLE\eve||POST|/up.aspx?id=1|||`}},
		{"commas in the parameters", strings.Replace(iisUpload, "id=1", "a,b", 1), []string{
			`2026-03-02 09:42:11 local 203.0.113.77|EXAMPLE\eve||POST||||`, "malformed: weblog: line 1: values at 0x0: got 16, want 15; the commas are in cs-uri-stem or cs-uri-query"}},
		{"too few values", iisUpload + "203.0.113.77, -, 3/2/26, 9:42:12,\n", []string{
			`2026-03-02 09:42:11 local 203.0.113.77|EXAMPLE\eve||POST|/up.aspx?id=1|||`, "weblog: line 2: values at 0x78: got 4, want 15"}},
		{"a day that does not exist", iisUpload + strings.Replace(iisUpload, "3/2/26", "13/2/26", 1), []string{
			`2026-03-02 09:42:11 local 203.0.113.77|EXAMPLE\eve||POST|/up.aspx?id=1|||`, `weblog: line 2: date at 0x93: got "13/2/26", want M/D/YY`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for req, err := range open(t, tt.line).Requests() {
				if err != nil {
					got = append(got, err.Error())
					continue
				}
				if got = append(got, few(&req)); req.Received != 402884 || req.Sent != 1433 || req.Taken != 3120*time.Millisecond || req.Site != "W3SVC1" || req.Format != weblog.IIS {
					t.Errorf("%+v", req)
				}
				for _, p := range req.Problems {
					got = append(got, p.String())
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// What HTTP.SYS could not hand to a site, with the reason and the application pool.
func TestHTTPERR(t *testing.T) {
	const log = "#Software: Microsoft HTTP API 2.0\r\n#Version: 1.0\r\n#Date: 2026-03-02 13:42:11\r\n" +
		"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid s-reason s-queuename\r\n" +
		"2026-03-02 13:42:11 2001:db8::5%12 49152 10.0.0.5 443 HTTP/1.1 POST /up.aspx?id=1 - 503 1 Connection_Abandoned_By_ReqQueue Portal\r\n" +
		"2026-03-02 13:42:12 203.0.113.77 49153 10.0.0.5 443 - - - - - - Timer_ConnectionIdle -\r\n"
	want := []string{"2026-03-02 13:42:11 2001:db8::5%12|||POST|/up.aspx?id=1|HTTP/1.1||", "2026-03-02 13:42:12 203.0.113.77|||||||"}
	reasons := []string{"Connection_Abandoned_By_ReqQueue Portal 1", "Timer_ConnectionIdle  "}
	n := 0
	for req, err := range open(t, log).Requests() {
		if err != nil || few(&req) != want[n] || req.Reason+" "+req.Queue+" "+req.Site != reasons[n] || req.Format != weblog.HTTPERR {
			t.Errorf("%s: %s, %v", few(&req), req.Reason, err)
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%d lines", n)
	}
}

// IIS Advanced Logging puts texts into quotation marks, and may log the local time.
func TestAdvancedLogging(t *testing.T) {
	const head = "#Software: IIS Advanced Logging Module\r\n#Version: 1.0\r\n"
	for _, tt := range []struct{ name, log, want string }{
		{"texts with blanks", head + "#Fields: date time cs-uri-stem cs-uri-query c-ip cs(User-Agent) X-Forwarded-For sc-status\r\n" +
			"2026-03-02 13:42:11.250 /up.aspx - 10.0.0.2 \"Mozilla/5.0 (X; \"\"Y\"\")\" \"203.0.113.9, 10.0.0.7\" 200\r\n",
			`2026-03-02 13:42:11 10.0.0.2 for 203.0.113.9, 10.0.0.7||||/up.aspx|||Mozilla/5.0 (X; ""Y"")`},
		{"the local time alone", head + "#Fields: date-local time-local cs-uri-stem c-ip cs(User-Agent)\r\n2026-03-02 13:42:11.250 /up.aspx 10.0.0.2 \"curl\"\r\n",
			"2026-03-02 13:42:11 local 10.0.0.2||||/up.aspx|||curl"},
		{"both times", head + "#Fields: date-local time-local date-utc time-utc cs-uri-stem c-ip\r\n2026-03-02 15:42:11.250 2026-03-02 13:42:11.250 /up.aspx 10.0.0.2\r\n",
			"2026-03-02 13:42:11 10.0.0.2||||/up.aspx|||"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for req, err := range open(t, tt.log).Requests() {
				if err != nil || few(&req) != tt.want {
					t.Errorf("got  %s %v\nwant %s", few(&req), err, tt.want)
				}
				n++
			}
			if n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// The address of the client behind a proxy is in a field that the administrator names
// after the header.
func TestForwardedNames(t *testing.T) {
	for _, name := range []string{"X-Forwarded-For", "cs(X-Forwarded-For)", "X-ForwardedFor", "ForwardedFor", "True-Client-IP", "cs(CF-Connecting-IP)", "X-Real-IP"} {
		log := strings.Replace(short, "time-taken", "time-taken "+name, 1) + strings.Replace(upload, "3120", "3120 203.0.113.9", 1)
		for req, err := range open(t, log).Requests() {
			if err != nil || req.ForwardedFor != "203.0.113.9" || req.Client != "203.0.113.77" {
				t.Errorf("%s: %q, %v", name, req.ForwardedFor, err)
			}
		}
	}
}

// A log in UTF-16 is read as the same log in UTF-8; offsets are those of its bytes.
func TestUTF16(t *testing.T) {
	const agent = "cürl/😀"
	text := header + short + strings.Replace(upload, "curl/8.0", agent, 1) + "x\r\n" + later + strings.Replace(later, "200", "2O0", 1)
	log := utf16Text(text) + strings.Repeat("\x00", 9)
	r := open(t, log)
	var got []string
	for req, err := range r.Requests() {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, summary(&req))
		for _, p := range req.Problems {
			got = append(got, p.String())
		}
		if again, err := r.Cursor().Request(req.Place()); err != nil || again.Text != req.Text || !strings.HasPrefix(log[req.Offset:], utf16Text(req.Text)[2:]) {
			t.Errorf("at %#x: %q, %v", req.Offset, again.Text, err)
		}
	}
	at := func(s string) string {
		return "0x" + strings.ToLower(hex(len(utf16Text(text[:strings.Index(text, s)]))))
	}
	want := []string{uploaded, "weblog: line 6: fields at " + at("x\r\n2026") + ": got 1, want 9", gotLater, strings.Replace(gotLater, "200", "-", 1),
		"malformed: weblog: line 8: sc-status at " + at("2O0") + `: got "2O0", want a number`}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if list := problems(r); len(list) != 1 || !strings.Contains(list[0], "unclean") {
		t.Errorf("problems %q", list)
	}
	big := []byte(log)
	for i := 0; i+1 < len(big); i += 2 {
		big[i], big[i+1] = big[i+1], big[i]
	}
	n := 0
	for _, err := range open(t, string(big)).Requests() {
		if n++; err != nil && n != 2 {
			t.Error(err)
		}
	}
	if n != 4 {
		t.Errorf("%d lines of big-endian UTF-16", n)
	}
}

func hex(n int) string {
	const digits = "0123456789abcdef"
	if n < 16 {
		return digits[n : n+1]
	}
	return hex(n/16) + digits[n%16:n%16+1]
}

// A log that was packed is read as it was; of a damaged file, what precedes the damage.
func TestGzip(t *testing.T) {
	text := short + upload + strings.Repeat(later, 20_000)
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole, cut := b.String(), b.String()[:b.Len()-9]
	for name, tt := range map[string]struct {
		file     string
		problems int
	}{"whole": {whole, 0}, "cut off": {cut, 1}} {
		r := open(t, tt.file)
		n := 0
		for req, err := range r.Requests() {
			if n++; err == nil && !strings.HasPrefix(text[req.Offset:], req.Text) {
				t.Fatalf("%s: at %d there is not %q", name, req.Offset, req.Text)
			}
		}
		if list := problems(r); n < 15_000 || name == "whole" && n != 20_001 || len(list) != tt.problems || weblog.FormatOf([]byte(tt.file[:200])) != weblog.W3C {
			t.Errorf("%s: %d lines, %q", name, n, list)
		}
	}
	for name, file := range map[string]string{"a header alone": whole[:10], "not a log": "\x1f\x8b\x08 noise"} {
		if _, err := weblog.NewReader(strings.NewReader(file), int64(len(file))); !damage.Is(err) || weblog.FormatOf([]byte(file)) != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A line that cannot be read is given with its place and, if it begins with one, its
// time: a search of that time was not complete.
func TestLostLines(t *testing.T) {
	const ncsa = `192.0.2.1 - - [02/Mar/2026:13:42:11 +0000] "GET / HTTP/1.1" 200 5` + "\n"
	for _, tt := range []struct {
		name, log, want string
	}{
		{"with date and time", short + strings.Replace(upload, "/up.aspx", "up.aspx", 1)[:30] + "\r\n", "2026-03-02 13:42:11"},
		{"with the time of a day", "#Date: 2026-03-02\n#Fields: time cs-uri-stem\n13:42:11\n", "2026-03-02 13:42:11"},
		{"before any #Fields", upload + short, "2026-03-02 13:42:11"},
		{"without a time", short + "x\r\n", "0001-01-01 00:00:00"},
		{"too long", short + upload[:20] + strings.Repeat("a", 1<<20), "2026-03-02 13:42:11"},
		{"NCSA", ncsa + strings.Replace(ncsa, "200", "2O0", 1), "2026-03-02 13:42:11"},
		{"NCSA without a time", ncsa + "noise\n", "0001-01-01 00:00:00"},
		{"IIS", iisUpload + strings.Replace(iisUpload, "3120", "x", 1), "2026-03-02 09:42:11"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for req, err := range open(t, tt.log).Requests() {
				if err == nil {
					continue
				}
				n++
				if got := req.Time.Format(time.DateTime); got != tt.want || !strings.HasPrefix(tt.log[req.Offset:], req.Text[:min(len(req.Text), 1000)]) || req.Line == 0 {
					t.Errorf("%v: %s, want %s, at %d", err, got, tt.want, req.Offset)
				}
			}
			if n != 1 {
				t.Errorf("%d lines were lost", n)
			}
		})
	}
}

// What weblogtest writes in the formats without fields is read back.
func TestFormatsAgree(t *testing.T) {
	at := time.Date(2026, 3, 2, 23, 59, 59, 0, time.UTC)
	want := weblog.Request{Time: at, Client: "2001:db8::1", User: `EXAMPLE\eve`, Method: "POST", Path: "/up.aspx", Query: "x=1", Version: "HTTP/1.1",
		UserAgent: `a "b" \c`, Referer: "https://example.com/", Status: 200, Sent: 1433, Received: 402884, Taken: 3120 * time.Millisecond, Win32Status: 0,
		Site: "W3SVC1", Computer: "WEB01", Server: "10.0.0.5", Substatus: -1, Port: -1}
	ncsa := want
	ncsa.Format, ncsa.UserAgent = weblog.NCSA, `a \"b\" \\c`
	ncsa.Received, ncsa.Taken, ncsa.Win32Status, ncsa.Site, ncsa.Computer, ncsa.Server = -1, -1, -1, "", "", ""
	iis := want
	iis.Format, iis.Local, iis.Version, iis.UserAgent, iis.Referer = weblog.IIS, true, "", "", ""
	for _, wide := range []bool{false, true} {
		for format, want := range map[weblog.Format]weblog.Request{weblog.NCSA: ncsa, weblog.IIS: iis} {
			log, err := weblogtest.Log{Format: format, UTF16: wide, Requests: []weblog.Request{{Time: at, Client: "2001:db8::1", User: `EXAMPLE\eve`, Method: "POST", Path: "/up.aspx",
				Query: "x=1", Version: "HTTP/1.1", UserAgent: `a "b" \c`, Referer: "https://example.com/", Status: 200, Sent: 1433, Received: 402884, Taken: 3120 * time.Millisecond,
				Site: "W3SVC1", Computer: "WEB01", Server: "10.0.0.5"}}}.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			for req, err := range open(t, string(log)).Requests() {
				req.Offset, req.Line, req.Text = 0, 0, ""
				if got := exported(req); got != exported(want) || err != nil {
					t.Errorf("%s: got  %s, %v\nwant %s", format, got, err, exported(want))
				}
			}
		}
		if _, err := (weblogtest.Log{Format: weblog.NCSA, Requests: []weblog.Request{{Path: "a\nb"}}}).Bytes(); err == nil {
			t.Error("a line was written that holds the end of a line")
		}
	}
}
