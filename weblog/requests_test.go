package weblog_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/weblog"
)

const (
	header = "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2026-03-02 00:00:00\r\n"
	short  = "#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status time-taken\r\n"
	upload = "2026-03-02 13:42:11 POST /up.aspx id=1 203.0.113.77 curl/8.0 200 3120\r\n"
	later  = "2026-03-02 13:42:12 GET / - 192.0.2.1 - 200 5\r\n"

	uploaded = "13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"
	gotLater = "13:42:12 GET / 192.0.2.1 200 5ms"
)

func open(t testing.TB, log string) *weblog.Reader {
	t.Helper()
	r, err := weblog.NewReader(strings.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// summary is what most tests look at.
func summary(r *weblog.Request) string {
	taken := "untimed"
	if r.Taken >= 0 {
		taken = r.Taken.String()
	}
	status := "-"
	if r.Status >= 0 {
		status = fmt.Sprint(r.Status)
	}
	return strings.Join([]string{r.Time.Format("15:04:05"), r.Method, r.URL(), r.Client, status, taken}, " ")
}

// read returns what a log yields: a summary of each request with its problems, or
// the error.
func read(t testing.TB, log string) []string {
	t.Helper()
	var got []string
	for req, err := range open(t, log).Requests() {
		if err != nil {
			if !damage.Is(err) {
				t.Errorf("not located: %v", err)
			}
			got = append(got, err.Error())
			continue
		}
		got = append(got, summary(&req))
		for _, p := range req.Problems {
			got = append(got, p.String())
		}
		if !strings.HasPrefix(log[req.Offset:], req.Text) {
			t.Errorf("at offset %d there is %.40q, want %.40q", req.Offset, log[req.Offset:], req.Text)
		}
		if n := int64(strings.Count(log[:req.Offset], "\n") + 1); n != req.Line {
			t.Errorf("line %d, want %d", req.Line, n)
		}
	}
	return got
}

// What a sound log may look like.
func TestRequests(t *testing.T) {
	for _, tt := range []struct {
		name, log string
		want      []string
	}{
		{"no requests", short, nil},
		{"one request", header + short + upload, []string{uploaded}},
		{"lines that end with LF only", strings.ReplaceAll(short+upload, "\r", ""), []string{uploaded}},
		{"directives in another order, as after a restart", short + header + upload, []string{uploaded}},
		{"a mark of UTF-8 at the beginning", "\xef\xbb\xbf" + short + upload, []string{uploaded}},
		{"the date in #Date only", "#Date: 2026-03-02 00:00:00\n#Fields: time c-ip cs-method cs-uri-stem\n13:42:11 192.0.2.1 GET /a\n",
			[]string{"13:42:11 GET /a 192.0.2.1 - untimed"}},
		{"fields that change", short + upload + "#Fields: date time c-ip cs-method cs-uri-stem\r\n2026-03-02 13:42:12 192.0.2.1 GET /b\r\n",
			[]string{uploaded, "13:42:12 GET /b 192.0.2.1 - untimed"}},
		{"fields in another case", strings.ReplaceAll(short, "c-ip", "C-IP") + upload, []string{uploaded}},
		{"no values", short + "2026-03-02 13:42:11 GET / - - - - -\r\n", []string{"13:42:11 GET /  - untimed"}},
		{"a date without zeros", short + strings.Replace(upload, "2026-03-02", "2026-3-2", 1), []string{uploaded}},
		{"fractions of a second", short + strings.Replace(upload, "13:42:11", "13:42:11.250", 1), []string{uploaded}},
		{"a byte that is not UTF-8", short + strings.Replace(upload, "curl", "c\xfcrl", 1) + upload, []string{uploaded, uploaded}},
		{"an empty value, as Exchange writes", short + strings.Replace(upload, "id=1 ", "id=1  ", 1) + later, []string{uploaded, gotLater}},
		{"blanks that only the query can hold", short + strings.Replace(upload, "id=1", "id=1; a=2; b=3", 1), []string{"13:42:11 POST /up.aspx?id=1; a=2; b=3 203.0.113.77 200 3.12s"}},
		{"blanks that only the agent can hold", short + strings.Replace(upload, "curl/8.0", "curl 8.0", 1), []string{uploaded}},
		{"empty lines", short + "\r\n\r\n" + upload, []string{uploaded}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(t, tt.log); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if list := problems(open(t, tt.log)); list != nil {
				t.Errorf("problems: %q", list)
			}
		})
	}
}

func problems(r *weblog.Reader) []string {
	var list []string
	for p := range r.Problems() {
		list = append(list, p.String())
	}
	return list
}

// What is damaged costs that and nothing else, and is reported with its place.
func TestDamage(t *testing.T) {
	const all = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port c-ip cs(User-Agent) sc-status time-taken\r\n"
	const begin = len(short)
	for _, tt := range []struct {
		name, log string
		want      []string
		problems  []string
	}{
		{"too few values", short + "2026-03-02 13:42:11 GET /\r\n" + later,
			[]string{"13:42:11 GET /  - untimed", "malformed: weblog: line 2: fields at 0x60: got 4, want 9; only date to cs-uri-stem can be read", gotLater}, nil},
		{"too few values before the path", short + "2026-03-02 13:42:11 GET\r\n" + later,
			[]string{"weblog: line 2: fields at 0x60: got 3, want 9", gotLater}, nil},
		{"too many values", short + strings.Replace(upload, "POST", "PO ST", 1) + later,
			[]string{"weblog: line 2: fields at 0x60: got 10 that do not fit, want 9", gotLater}, nil},
		{"an empty value, and the others do not fit", short + strings.Replace(strings.Replace(upload, "POST", " POST", 1), "200", "x", 1) + later,
			[]string{"13:42:11 POST /up.aspx  - 3.12s",
				"malformed: weblog: line 2: fields at 0x60: got 9, want 9; only date to cs-uri-stem and time-taken to time-taken can be read", gotLater}, nil},
		{"blanks that two values can hold", all + "2026-03-02 13:42:11 10.0.0.5 POST /up.aspx q 443 6.6.6.6 x 443 203.0.113.77 curl 200 3120\r\n" + later,
			[]string{"13:42:11 POST /up.aspx  200 3.12s",
				"malformed: weblog: line 2: fields at 0x6c: got 14, want 11; the blanks are in a value from cs-uri-query to cs(User-Agent)",
				"weblog: line 3: fields at 0xc7: got 9, want 11"}, nil},
		{"a line before any #Fields", upload + short + later,
			[]string{`weblog: line 1: fields at 0x0: got "2026-03-02 13:42:11 POST /up.asp"…, want #Fields before it`, gotLater}, nil},
		{"#Fields without a name", short + "#Fields:\r\n" + later,
			[]string{"weblog: line 3: fields at 0x6a: got 9 that do not fit, want 0"}, nil},
		{"blanks under #Fields without a name", short + "#Fields:\r\n  \r\n",
			[]string{"weblog: line 3: fields at 0x6a: got 0 that do not fit, want 0"}, nil},
		{"a date that does not exist", short + strings.Replace(upload, "03-02", "02-30", 1) + later,
			[]string{`weblog: line 2: date at 0x60: got "2026-02-30", want YYYY-MM-DD`, gotLater}, nil},
		{"a time that does not exist", short + strings.Replace(upload, "13:42:11", "25:00:00", 1) + later,
			[]string{`weblog: line 2: time at 0x6b: got "25:00:00", want HH:MM:SS`, gotLater}, nil},
		{"no date", "#Fields: time cs-uri-stem\r\n13:42:11 /\r\n", []string{"weblog: line 2: date at 0x1b: want a date, or #Date before it"}, nil},
		{"a #Date that is damaged", "#Date: 2026-03-02\n#Fields: time cs-uri-stem\n13:42:11 /\n#Date: 2O26-03-03\n13:42:12 /\n#Date: 2026-03-04\n13:42:13 /\n",
			[]string{"13:42:11  /  - untimed", "weblog: line 5: date at 0x49: want a date, or #Date before it", "13:42:13  /  - untimed"}, nil},
		{"a number that is not one", short + strings.Replace(upload, "200", "2O0", 1) + later,
			[]string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 - 3.12s",
				`malformed: weblog: line 2: sc-status at 0x9d: got "2O0", want a number`, gotLater}, nil},
		{"a time taken of centuries", short + strings.Replace(upload, "3120", "9223372036855", 1) + later,
			[]string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 untimed",
				`malformed: weblog: line 2: time-taken at 0xa1: got "9223372036855", want a number`, gotLater}, nil},
		{"a line longer than any request", short + "2026-03-02 13:42:11 GET /" + strings.Repeat("a", 1<<20) + " - 192.0.2.1 - 200 1\r\n" + later,
			[]string{"weblog: line 2: line at 0x60: want ≤ 65536 bytes", gotLater}, nil},
		{"a long line without an end", short + upload + strings.Repeat("a", 1<<20),
			[]string{uploaded, "weblog: line 3: line at 0xa7: want ≤ 65536 bytes"}, nil},
		{"zeros at the end, as after a crash", short + upload + strings.Repeat("\x00", 200_000), []string{uploaded},
			[]string{"unclean: weblog: end of the log at 0xa7: got zeros"}},
		{"zeros in the middle of a line", short + upload + upload[:30] + strings.Repeat("\x00", 5000) + later,
			[]string{uploaded, "13:42:11 POST /up.a  - untimed", "malformed: weblog: line 3: fields at 0xa7: got 4, want 9; only date to cs-uri-stem can be read",
				"truncation: weblog: line 3: end of the line at 0xc5: want CR LF", gotLater}, nil},
		{"zeros over the end of one line and the beginning of the next", short + upload[:40] + "\x00\x00\x00" + upload[40:] + later,
			[]string{"13:42:11 POST /up.aspx  - untimed", "malformed: weblog: line 2: fields at 0x60: got 6, want 9; only date to cs-uri-stem can be read",
				"truncation: weblog: line 2: end of the line at 0x88: want CR LF", "weblog: line 2: fields at 0x8b: got 4, want 9", gotLater}, nil},
		{"cut off", (short + upload + later)[:begin+len(upload)+20],
			[]string{uploaded, "weblog: line 3: fields at 0xa7: got 2, want 9"}, nil},
		{"cut off in the last number", short + upload[:len(upload)-3],
			[]string{strings.Replace(uploaded, "3.12s", "312ms", 1), "truncation: weblog: line 2: end of the line at 0xa4: want CR LF"}, nil},
		{"zeros over the end of the last number", short + upload[:len(upload)-3] + "\x00\x00\n" + later,
			[]string{strings.Replace(uploaded, "3.12s", "312ms", 1), "truncation: weblog: line 2: end of the line at 0xa4: want CR LF", gotLater}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(t, tt.log); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if got := problems(open(t, tt.log)); !slices.Equal(got, tt.problems) {
				t.Errorf("problems %q, want %q", got, tt.problems)
			}
		})
	}
}

// Every value is where its name says, as the log holds it.
func TestValues(t *testing.T) {
	const log = "#Fields: date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version cs(User-Agent)" +
		" cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken X-Forwarded-For X-Custom\r\n" +
		"2026-03-02 13:42:11 W3SVC1 WEB01 10.0.0.5 POST /a+b.aspx x=%20y 443 EXAMPLE\\eve 10.9.9.9 HTTP/1.1 Mozilla/5.0+(X) id=7;+b=8 https://example.com/" +
		" www.example.com:443 500 19 2148074254 1433 402884 3120 203.0.113.77,+10.1.1.1 = \r\n"
	for req, err := range open(t, log).Requests() {
		if err != nil {
			t.Fatal(err)
		}
		place := req.Place()
		want := weblog.Request{
			Format: weblog.W3C, Time: time.Date(2026, 3, 2, 13, 42, 11, 0, time.UTC), Taken: 3120 * time.Millisecond,
			Client: "10.9.9.9", ForwardedFor: "203.0.113.77,+10.1.1.1", User: `EXAMPLE\eve`,
			Method: "POST", Path: "/a+b.aspx", Query: "x=%20y", Version: "HTTP/1.1", Host: "www.example.com:443",
			UserAgent: "Mozilla/5.0+(X)", Referer: "https://example.com/", Cookie: "id=7;+b=8",
			Status: 500, Substatus: 19, Win32Status: 2148074254, Sent: 1433, Received: 402884,
			Site: "W3SVC1", Computer: "WEB01", Server: "10.0.0.5", Port: 443,
			Offset: place.Offset, Line: 2, Text: strings.TrimSuffix(log[place.Offset:], "\r\n"),
		}
		if got := exported(req); got != exported(want) {
			t.Errorf("got  %s\nwant %s", got, exported(want))
		}
		if got := req.Field("x-custom"); got != "=" {
			t.Errorf("a custom field is %q", got)
		}
		if got := req.Field("none"); got != "" {
			t.Errorf("a field that is not there is %q", got)
		}
		n := 0
		for name, value := range req.Fields() {
			if n++; name == "cs(Cookie)" && value != req.Cookie {
				t.Errorf("%s is %q", name, value)
			}
		}
		if n != 24 {
			t.Errorf("%d fields", n)
		}
		return
	}
	t.Error("no request")
}

// exported formats what a user of a Request sees.
func exported(r weblog.Request) string {
	var b strings.Builder
	v := reflect.ValueOf(r)
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() {
			fmt.Fprintf(&b, "%s: %v, ", f.Name, v.Field(i).Interface())
		}
	}
	return b.String()
}

// A value that was written as a dash, or that could not be told from its neighbours,
// is not among the fields.
func TestFieldsWithoutValues(t *testing.T) {
	const log = "#Fields: date time cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status\n" +
		"2026-03-02 13:42:11 / - 192.0.2.1 curl -\n2026-03-02 13:42:11 / a 192.0.2.1 b 192.0.2.2 c 200\n"
	var got []string
	for req, err := range open(t, log).Requests() {
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for name := range req.Fields() {
			names = append(names, name)
		}
		got = append(got, strings.Join(names, " "))
	}
	if want := []string{"date time cs-uri-stem c-ip cs(User-Agent)", "date time cs-uri-stem sc-status"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var zero weblog.Request
	for name := range zero.Fields() {
		t.Errorf("the zero Request has a field %s", name)
	}
}

// failing is a log that cannot be read from an offset on.
type failing struct {
	io.ReaderAt
	from int64
}

var errBroken = errors.New("bad sector")

func (f failing) ReadAt(b []byte, off int64) (int, error) {
	if off+int64(len(b)) <= f.from {
		return f.ReaderAt.ReadAt(b, off)
	}
	n, err := f.ReaderAt.ReadAt(b[:max(0, f.from-off)], off)
	if err == nil {
		err = errBroken
	}
	return n, err
}

// What cannot be read ends the iteration, after what could be.
func TestFailureOfTheReader(t *testing.T) {
	log := short + strings.Repeat(later, 20_000)
	from := int64(500_000)
	r, err := weblog.NewReader(failing{strings.NewReader(log), from}, int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	n, last := 0, error(nil)
	for _, err := range r.Requests() {
		if last != nil {
			t.Fatalf("%v is not the last", last)
		}
		if last = err; err == nil {
			n++
		}
	}
	if want := (int(from) - len(short)) / len(later); n != want || last != errBroken {
		t.Errorf("%d requests, then %v; want %d, then %v", n, last, want, errBroken)
	}
	shorter, err := weblog.NewReader(strings.NewReader(log[:200_000]), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	for _, last = range shorter.Requests() {
	}
	if last == nil || damage.Is(last) {
		t.Errorf("a log that became shorter: %v", last)
	}
}

func TestBreakAndRangeAgain(t *testing.T) {
	r := open(t, short+upload+"x\r\n"+later)
	for range 3 {
		for range r.Requests() {
			break
		}
	}
	n := 0
	for range r.Requests() {
		n++
	}
	if n != 3 {
		t.Errorf("%d lines, want 3", n)
	}
}

// Memory is that of a few lines, however long one is.
func TestMemoryOfLongLines(t *testing.T) {
	log := []byte(short + upload)
	log = append(log, bytes.Repeat([]byte("x "), 32<<20)...)
	r, err := weblog.NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range r.Requests() {
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes for a log of %d", n, len(log))
	}
}
