package timeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

func webLog(t testing.TB, requests ...weblog.Request) []byte {
	t.Helper()
	b, err := weblogtest.Log{Requests: requests}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// manyRequests are the requests of a minute, many in each second, so that a log of
// them has several blocks. Neighbors are not in order of time.
func manyRequests(n int) []weblog.Request {
	var list []weblog.Request
	for i := range n {
		at := day(12, 0, 0).Add(time.Duration(i*60/n)*time.Second + time.Duration(i*7%3)*time.Second)
		list = append(list, weblog.Request{Time: at, Client: "192.0.2.7", Method: "GET", Path: fmt.Sprintf("/%05d", i), Status: 200})
	}
	return list
}

func TestWebRequest(t *testing.T) {
	const name = "inetpub/logs/LogFiles/W3SVC1/u_ex190614.log"
	request := weblog.Request{Time: day(12, 0, 4), Taken: 3120 * time.Millisecond, Client: "203.0.113.77", User: `WEB1\eve`, Method: "POST", Path: "/up.aspx",
		Query: "id=1", UserAgent: "curl/8.0", Status: 200, Sent: -1, Received: -1, Port: 443}
	proxied, err := weblogtest.Log{Fields: weblogtest.Fields + " X-Forwarded-For", Requests: []weblog.Request{{Time: day(12, 0, 5), Client: "10.0.0.9", ForwardedFor: "203.0.113.77", Method: "GET", Path: "/"}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	log := string(webLog(t, request)) + "#Fields: time cs-uri-stem\r\n12:00:06 /\r\n" + string(proxied)
	tl := collect(t, fstest.MapFS{name: {Data: []byte(log)}})
	var got []Event
	for e := range tl.ByKind(WebRequest) {
		got = append(got, e)
	}
	if len(got) != 3 {
		t.Fatalf("%d events", len(got))
	}
	e := got[0]
	if want := (Source{Artifact: name, Record: "line 5", Offset: int64(strings.Index(log, "2019-06-14 12:00:04 ")), Type: TypeWebLog}); e.Source != want {
		t.Errorf("source %+v, want %+v", e.Source, want)
	}
	if !e.Time.Equal(day(12, 0, 4)) || e.Desc != "Request logged" || e.Path != "/up.aspx" || e.User != `WEB1\eve` || e.SID != "" {
		t.Errorf("got %+v", e)
	}
	if req, ok := e.Data.(*weblog.Request); !ok || req.Taken != request.Taken {
		t.Errorf("data %+v", e.Data)
	}
	if e.Field("cs-uri-query") != "id=1" || e.Field("time-taken") != "3120" || e.Field("cs(Referer)") != "" {
		t.Errorf("fields %q", e.Fields)
	}
	want := []string{
		"POST /up.aspx?id=1 from 203.0.113.77, status 200, user agent: curl/8.0",
		"GET / from 10.0.0.9, forwarded for: 203.0.113.77, status 0",
		"a request / from an unknown address",
	}
	if m := messages(tl.Events()); !slices.Equal(m, want) {
		t.Errorf("messages %q, want %q", m, want)
	}
	c := covered(t, tl, name)
	if c.State != Parsed || c.Records != 3 || c.ProblemCount != 0 || c.Name != "Microsoft Internet Information Services 10.0" ||
		!c.First.Equal(day(12, 0, 4)) || !c.Last.Equal(day(12, 0, 6)) {
		t.Errorf("coverage %+v", c)
	}
}

// A folder that holds only an IIS log yields its requests, just as a folder of event
// logs yields their records.
func TestFolderOfAWebLog(t *testing.T) {
	tl := collect(t, fstest.MapFS{"u_ex190614.log": {Data: webLog(t, manyRequests(10)...)}})
	if n := len(messages(tl.Events())); n != 10 {
		t.Errorf("%d events, want 10", n)
	}
	if c := covered(t, tl, "u_ex190614.log"); c.State != Parsed || c.Records != 10 {
		t.Errorf("coverage %+v", c)
	}
	if slices.ContainsFunc(tl.Coverage(), func(c Coverage) bool { return c.Type == TypeWebLog && c.State == Absent }) {
		t.Error("web logs are absent too")
	}
	none := collect(t, fstest.MapFS{"x": {}})
	if c := covered(t, none, "inetpub/logs/LogFiles"); c.State != Absent {
		t.Errorf("without a web log: %+v", c)
	}
}

// Every query of a log with many blocks returns what one reading of the log finds, in
// order of time, then of the log.
func TestWebLogInBlocks(t *testing.T) {
	backwards := manyRequests(5000)
	slices.Reverse(backwards)
	scattered := slices.Clone(backwards)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(scattered), func(i, j int) { scattered[i], scattered[j] = scattered[j], scattered[i] })
	for name, requests := range map[string][]weblog.Request{"nearly in order": manyRequests(5000), "backwards": backwards, "scattered": scattered} {
		t.Run(name, func(t *testing.T) { testWebLogInBlocks(t, requests) })
	}
}

func testWebLogInBlocks(t *testing.T, requests []weblog.Request) {
	requests = slices.Clone(requests)
	log := webLog(t, requests[:3000]...)
	log = append(log, strings.Repeat("\x00", 100_000)+"damaged\r\n"+strings.Repeat("\n", 200_000)...)
	log = append(log, webLog(t, requests[3000:]...)...)
	tl := collect(t, fstest.MapFS{"u_ex190614.log": {Data: log}})
	slices.SortStableFunc(requests, func(a, b weblog.Request) int { return a.Time.Compare(b.Time) })
	for _, w := range [][2]time.Time{
		{}, {day(12, 0, 0), day(12, 0, 0)}, {day(12, 0, 10), day(12, 0, 20)}, {day(12, 0, 59), {}}, {{}, day(12, 0, 1)}, {day(13, 0, 0), {}}, {day(12, 0, 2), day(12, 0, 1)},
	} {
		var got, want []string
		for e := range tl.Between(w[0], w[1]) {
			got = append(got, e.Time.Format(time.TimeOnly)+" "+e.Path)
			if e.Data == nil {
				t.Fatal(e.Message)
			}
		}
		for _, r := range requests {
			if (w[0].IsZero() || !r.Time.Before(w[0])) && (w[1].IsZero() || !r.Time.After(w[1])) {
				want = append(want, r.Time.Format(time.TimeOnly)+" "+r.Path)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %d events, want %d", w, len(got), len(want))
		}
	}
	if c := covered(t, tl, "u_ex190614.log"); c.Records != 5000 || c.ProblemCount != 1 || c.State != Parsed {
		t.Errorf("coverage %+v", c)
	}
	if s := tl.webLogs["u_ex190614.log"]; len(s.blocks) < 5 || len(s.blocks) > 20 {
		t.Errorf("%d blocks for %d bytes", len(s.blocks), len(log))
	}
}

func TestDamagedWebLog(t *testing.T) {
	sound := string(webLog(t, manyRequests(3)...))
	for _, tt := range []struct {
		name, log string
		state     State
		records   int
		problems  []string
	}{
		{"a line that is not a request", sound + "x\r\n" + sound, Parsed, 6,
			[]string{"malformed: weblog: line 8: fields at 0x1c5: got 1, want 15"}},
		{"a value that is not a number", strings.Replace(sound, " 200 ", " 2O0 ", 1), Parsed, 3,
			[]string{`malformed: weblog: line 5: sc-status at 0x13a: got "2O0", want a number`}},
		{"zeros at the end", sound + "\x00\x00", Parsed, 3, []string{"unclean: weblog: end of the log at 0x1c5: got zeros"}},
		{"another format", "192.0.2.1 14/Jun/2019 12:00:00 GET /", Damaged, 0,
			[]string{`malformed: weblog: log at 0x0: got "192.0.2.1 14/Jun/2019 12:00:00 G"…, want #Fields with cs-uri-stem, or lines in the NCSA or the IIS format: not a web log`}},
		{"empty", "", Damaged, 0,
			[]string{"malformed: weblog: log at 0x0: got an empty file, want #Fields with cs-uri-stem, or lines in the NCSA or the IIS format: not a web log"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tl := collect(t, fstest.MapFS{"u_ex190614.log": {Data: []byte(tt.log)}})
			c := covered(t, tl, "u_ex190614.log")
			var problems []string
			for _, p := range c.Problems {
				problems = append(problems, p.String())
			}
			if c.State != tt.state || c.Records != tt.records || !slices.Equal(problems, tt.problems) || c.ProblemCount != len(problems) {
				t.Errorf("got %s, %d records, %q", c.State, c.Records, problems)
			}
			if n := len(messages(tl.Events())); n != tt.records {
				t.Errorf("%d events, want %d", n, tt.records)
			}
		})
	}
}

// A log that was deleted or changed before the second reading yields events that say
// so.
func TestWebLogThatChanges(t *testing.T) {
	const name = "u_ex190614.log"
	sound := webLog(t, manyRequests(3)...)
	for _, tt := range []struct {
		name   string
		change func(fstest.MapFS)
		want   []string
	}{
		{"deleted", func(vol fstest.MapFS) { delete(vol, name) }, []string{"the record cannot be read again: open u_ex190614.log: file does not exist"}},
		{"shorter", func(vol fstest.MapFS) { vol[name] = &fstest.MapFile{Data: sound[:len(sound)-80]} },
			[]string{"GET /00000 from 192.0.2.7, status 200", "the record cannot be read again: the artifact has changed", "GET /00001 from an unknown address"}},
		{"other times", func(vol fstest.MapFS) {
			vol[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(sound), " 12:", " 11:"))}
		}, []string{"the record cannot be read again: the artifact has changed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			vol := fstest.MapFS{name: {Data: sound}}
			tl := collect(t, vol)
			tt.change(vol)
			if got := messages(tl.Between(day(12, 0, 0), day(13, 0, 0))); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// watched counts how often each file is opened, and how many are open.
type watched struct {
	fs.FS
	mu         sync.Mutex
	opened     map[string]int
	open, most int
}

func (w *watched) Open(name string) (fs.File, error) {
	f, err := w.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".log") {
		return f, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.opened == nil {
		w.opened = map[string]int{}
	}
	w.opened[name]++
	w.open++
	w.most = max(w.most, w.open)
	return &watchedFile{File: f, of: w}, nil
}

func (w *watched) Stat(name string) (fs.FileInfo, error) { return fs.Stat(w.FS, name) }

type watchedFile struct {
	fs.File
	of *watched
}

func (f *watchedFile) Close() error {
	f.of.mu.Lock()
	f.of.open--
	f.of.mu.Unlock()
	return f.File.Close()
}

// days is a server that logs every day.
func days(t *testing.T, n int) *watched {
	vol := fstest.MapFS{"Windows/System32/x": {}}
	for i := range n {
		at := day(12, 0, 0).AddDate(0, 0, i-n/2)
		name := "inetpub/logs/LogFiles/W3SVC1/u_ex" + at.Format("060102") + ".log"
		vol[name] = &fstest.MapFile{Data: webLog(t, weblog.Request{Time: at, Method: "GET", Path: "/", Client: "192.0.2.7"})}
	}
	return &watched{FS: vol}
}

// On demand, a log is read when its day is asked for, and only once.
func TestWebLogsOnDemand(t *testing.T) {
	vol := days(t, 10)
	tl := collect(t, vol, WithWebLogsOnDemand())
	if len(vol.opened) != 0 {
		t.Errorf("before any query: %v", vol.opened)
	}
	states := func() map[State]int {
		m := map[State]int{}
		for _, c := range tl.Coverage() {
			if c.Type == TypeWebLog {
				m[c.State]++
				if c.State == Parsed && (c.Records != 1 || c.First.IsZero()) {
					t.Errorf("%+v", c)
				}
			}
		}
		return m
	}
	if got := fmt.Sprint(states()); got != "map[present_unread:10]" {
		t.Errorf("before any query: %s", got)
	}
	if n := len(messages(tl.ByKind(LogRecord, FileCreated))); n != 0 || len(vol.opened) != 0 {
		t.Errorf("%d events; other kinds opened %v", n, vol.opened)
	}
	if n := len(messages(tl.Around(day(12, 0, 0), time.Hour))); n != 1 {
		t.Errorf("%d events around noon", n)
	}
	if got := fmt.Sprint(states()); got != "map[parsed:3 present_unread:7]" { // with the days before and after
		t.Errorf("after a day: %s", got)
	}
	if n := len(messages(tl.Events())); n != 10 {
		t.Errorf("%d events", n)
	}
	if got := fmt.Sprint(states()); got != "map[parsed:10]" {
		t.Errorf("after all: %s", got)
	}
	eager := collect(t, days(t, 10))
	if n := len(messages(eager.Around(day(12, 0, 0), time.Hour))); n != 1 {
		t.Errorf("%d events around noon", n)
	}
}

// A log is open only while its events are yielded: a volume may have more logs than a
// program may have open files.
func TestOpenWebLogs(t *testing.T) {
	vol := days(t, 300)
	tl := collect(t, vol)
	n := 0
	for range tl.Events() {
		if n++; n == 150 {
			break
		}
	}
	if vol.most > 1 || vol.open != 0 {
		t.Errorf("%d logs open at once, %d left open", vol.most, vol.open)
	}
}

func TestWebLogsFromSeveralGoroutines(t *testing.T) {
	tl := collect(t, days(t, 10), WithWebLogsOnDemand())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if n := len(messages(tl.Events())); n != 10 {
				t.Errorf("%d events", n)
			}
			tl.Coverage()
		})
	}
	wg.Wait()
}

func TestWebLogStopsWithContext(t *testing.T) {
	vol := fstest.MapFS{"u_ex190614.log": {Data: webLog(t, manyRequests(10_000)...)}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := newWebSource(vol, "u_ex190614.log")
	if err := s.read(ctx); !errors.Is(err, context.Canceled) || s.covered().State != Unread {
		t.Errorf("got %v, %+v", err, s.covered())
	}
}
