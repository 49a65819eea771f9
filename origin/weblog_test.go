package origin

import (
	"bufio"
	"io"
	"strings"
	"testing"
	"time"
)

// readAll returns the requests of a log, and how many of its lines are none.
func readAll(t testing.TB, log string) (list []request, bad int) {
	t.Helper()
	lines := w3cLines{r: bufio.NewReaderSize(strings.NewReader(log), 4096)}
	for {
		r, ok, err := lines.next()
		switch {
		case err == io.EOF:
			return list, bad
		case err != nil:
			t.Fatal(err)
		case !ok:
			bad++
		default:
			list = append(list, r)
		}
	}
}

func TestWebLog(t *testing.T) {
	const fields = "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status time-taken\r\n"
	const line = "2026-03-02 13:42:11 POST /up.aspx id=1 203.0.113.77 curl/8.0 200 3120\r\n"
	for _, tt := range []struct {
		name, log string
		want      []string // time, method, url, client, status, time taken
		bad       int
	}{
		{"nothing", "", nil, 0},
		{"no requests", fields, nil, 0},
		{"one request", fields + line, []string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"}, 0},
		{"lines that end with LF only", strings.ReplaceAll(fields+line, "\r", ""), []string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"}, 0},
		{"no line end at the end", fields + strings.TrimSpace(line), []string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"}, 0},
		{"zeros behind the end, as after a crash", fields + line + strings.Repeat("\x00", 8192), []string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"}, 0},
		{"the date in a #Date line only", "#Date: 2026-03-02 00:00:00\n#Fields: time c-ip cs-method cs-uri-stem\n13:42:11 192.0.2.1 GET /a\n", []string{"13:42:11 GET /a 192.0.2.1  untimed"}, 0},
		{"fields that change", fields + line + "#Fields: date time c-ip cs-method cs-uri-stem\r\n2026-03-02 13:42:12 192.0.2.1 GET /b\r\n",
			[]string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s", "13:42:12 GET /b 192.0.2.1  untimed"}, 0},
		{"fields in another case", strings.ReplaceAll(fields, "c-ip", "C-IP") + line, []string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"}, 0},
		{"dashes", fields + "2026-03-02 13:42:11 GET / - - - 200 -\r\n", []string{"13:42:11 GET /  200 untimed"}, 0},
		{"a byte that is no UTF-8", fields + strings.Replace(line, "curl", "c\xfcrl", 1) + line, []string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s", "13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"}, 0},
		{"a line of too few fields", fields + "2026-03-02 13:42:11 GET /\r\n" + line, []string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"}, 1},
		{"a line before any #Fields", line + fields + line, []string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"}, 1},
		{"a time that is none", fields + strings.Replace(line, "13:42:11", "25:00:00", 1), nil, 1},
		{"a line longer than any request", fields + "2026-03-02 13:42:11 GET /" + strings.Repeat("a", 1<<20) + " - 192.0.2.1 - 200 1\r\n" + line, []string{"13:42:11 POST /up.aspx?id=1 203.0.113.77 200 3.12s"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list, bad := readAll(t, tt.log)
			if bad != tt.bad {
				t.Errorf("%d lines are none, want %d", bad, tt.bad)
			}
			if len(list) != len(tt.want) {
				t.Fatalf("%d requests, want %d: %+v", len(list), len(tt.want), list)
			}
			for i, r := range list {
				taken := "untimed"
				if r.timed {
					taken = r.taken.String()
				}
				got := strings.ReplaceAll(strings.Join([]string{r.at.Format("15:04:05"), r.method, r.url(), r.client, r.status, taken}, " "), "   ", "  ")
				if got != strings.ReplaceAll(tt.want[i], "   ", "  ") {
					t.Errorf("got  %s\nwant %s", got, tt.want[i])
				}
				if !strings.HasPrefix(tt.log[r.offset:], r.text) {
					t.Errorf("at offset %d there is %.40q, want %.40q", r.offset, tt.log[r.offset:], r.text)
				}
				if n := strings.Count(tt.log[:r.offset], "\n") + 1; n != r.line {
					t.Errorf("line %d, want %d", r.line, n)
				}
			}
		})
	}
}

func TestLogsOfOtherDaysArePassedOver(t *testing.T) {
	noon := time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]bool{
		"u_ex260312.log": true, "u_ex260311.log": true, "u_ex260313.log": true, "u_ex260310.log": false, "u_ex260314.log": false, "U_EX260312_x.LOG": true,
		"ex260312.log": true, "u_ex26031212.log": true, "u_ex26031012.log": false, "u_ex2603.log": true, "u_ex2602.log": false, "u_ex2605.log": false,
		"u_ex260301.log": true, // a day, or the first week
		"u_ex260401.log": false, "u_ex250312.log": false, "u_ex269999.log": false, "access.log": true, "u_extend1.log": true, "u_ex26031.log": true,
	} {
		if got := mayCover(name, noon); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if !mayCover(name, time.Time{}) {
			t.Errorf("%s is passed over, and no time is known", name)
		}
	}
}

func TestRequestFits(t *testing.T) {
	at := time.Date(2026, 3, 2, 13, 42, 11, 0, time.UTC)
	timed := request{at: at, taken: 3 * time.Second, timed: true}
	for _, tt := range []struct {
		r     request
		after time.Duration
		want  bool
	}{
		{timed, 0, true}, {timed, -3 * time.Second, true}, {timed, -4 * time.Second, true}, {timed, -5 * time.Second, false},
		{timed, 1900 * time.Millisecond, true}, {timed, 2 * time.Second, false},
		{request{at: at}, -30 * time.Second, true}, {request{at: at}, -32 * time.Second, false},
	} {
		if got := tt.r.fits(at.Add(tt.after)); got != tt.want {
			t.Errorf("%v after: %v, want %v", tt.after, got, tt.want)
		}
	}
}

func TestStaticRequests(t *testing.T) {
	for uri, want := range map[string]bool{"/a/styles.CSS": true, "/a.aspx": false, "/": false, "/a.php": false, "/x.aspx/y.css": true} {
		if got := (&request{method: "GET", uri: uri}).static(); got != want {
			t.Errorf("%s: %v, want %v", uri, got, want)
		}
	}
	if (&request{method: "POST", uri: "/a.css"}).static() {
		t.Error("a POST is handled by a program")
	}
}
