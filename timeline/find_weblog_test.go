package timeline

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

// inFormat is a log with one request.
func inFormat(t testing.TB, f weblog.Format, r weblog.Request) []byte {
	t.Helper()
	b, err := weblogtest.Log{Format: f, Requests: []weblog.Request{r}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var oneRequest = weblog.Request{Time: day(12, 0, 4), Client: "203.0.113.77", Method: "POST", Path: "/up.php", Version: "HTTP/1.1", Status: 200}

// In every place of a web server a log is found by its content, in any case.
func TestPlacesOfWebLogs(t *testing.T) {
	for _, place := range webLogPlaces {
		folder := strings.Replace(strings.ToUpper(strings.ReplaceAll(place, "*", "-1")), "WINDOWS/SYSTEM32", "Windows/System32", 1)
		vol := fstest.MapFS{"Windows/System32/x": {}, folder + "/access.2019-06-14.txt": {Data: inFormat(t, weblog.NCSA, oneRequest)}, folder + "/notes.txt": {Data: []byte("notes")}}
		var got []string
		for _, c := range collect(t, vol).Coverage() {
			if c.Type == TypeWebLog {
				got = append(got, string(c.State)+" "+path.Base(c.Artifact))
			}
		}
		if want := []string{"parsed access.2019-06-14.txt"}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", place, got, want)
		}
	}
}

// A log that was packed is found and read.
func TestPackedWebLog(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(webLog(t, oneRequest)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"inetpub/logs/LogFiles/W3SVC1/u_ex190614.log.gz", "Apache24/logs/access.1.gz"} {
		vol := fstest.MapFS{"Windows/System32/x": {}, name: {Data: b.Bytes()}, path.Dir(name) + "/other.gz": {Data: []byte("\x1f\x8b\x08")}}
		tl := collect(t, vol, WithWebLogsOnDemand())
		if got, want := messages(tl.ByKind(WebRequest)), []string{"POST /up.php from 203.0.113.77, status 200"}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestGlob(t *testing.T) {
	vol := fstest.MapFS{"Apache24/logs/x": {}, "apache/LOGS/x": {}, "Apache/conf/x": {}, "xampp/apache/logs/x": {}, "apache.txt": {}}
	for place, want := range map[string]string{
		"apache*/logs": "Apache24/logs apache/LOGS", "*/*/logs": "xampp/apache/logs", "*a*p*e*/conf": "Apache/conf", "none*/logs": "", "apache.txt/x": "", "Apache24/logs": "Apache24/logs",
	} {
		if got := strings.Join(glob(vol, place), " "); got != want {
			t.Errorf("%s: %q, want %q", place, got, want)
		}
	}
}

// The configuration of IIS says where logs are, and is in the coverage.
func TestWebLogsOfConfig(t *testing.T) {
	const config = "Windows/System32/inetsrv/config/applicationHost.config"
	log := fstest.MapFile{Data: webLog(t, oneRequest)}
	sites := weblog.Config{LogFolder: `%SystemDrive%\Central`, Sites: []weblog.Site{
		{ID: 1, Name: "a", Log: weblog.SiteLog{Folder: `c:\Logs\IIS`}}, {ID: 2, Name: "b", Log: weblog.SiteLog{Folder: `D:\Logs`}}, {ID: 3, Name: "c", Log: weblog.SiteLog{Folder: `C:\*`}}}}
	vol := fstest.MapFS{config: {Data: weblogtest.Config(sites)}, "logs/iis/W3SVC1/u_ex190614.log": &log, "Central/W3SVC/a.log": &log, "other/W3SVC/a.log": &log}
	tl := collect(t, vol)
	var got []string
	for _, c := range tl.Coverage() {
		if c.Type == TypeWebLog || c.Type == TypeWebConfig {
			got = append(got, fmt.Sprint(c.Type, " ", c.State, " ", c.Records, " ", c.Artifact))
		}
	}
	want := []string{"webconfig parsed 3 " + config, "weblog parsed 1 Central/W3SVC/a.log", "weblog parsed 1 logs/iis/W3SVC1/u_ex190614.log"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if c := tl.WebConfig(); c.Artifact != config || len(c.Sites) != 3 {
		t.Errorf("configuration %+v", c)
	}
	text := weblogtest.Config(sites)
	vol[config] = &fstest.MapFile{Data: text[:len(text)-100]}
	if c := covered(t, collect(t, vol), config); c.State != Partly || c.Records != 3 || c.ProblemCount != 1 {
		t.Errorf("a configuration that is cut off: %+v", c)
	}
	vol[config] = &fstest.MapFile{Data: []byte("<x/>")}
	if c := covered(t, collect(t, vol), config); c.State != Damaged || c.ProblemCount != 1 {
		t.Errorf("another file: %+v", c)
	}
	if c := collect(t, fstest.MapFS{"x": {}}).WebConfig(); c.Artifact != "" {
		t.Errorf("without a configuration: %+v", c)
	}
}

// What is recognized beside the logs and not read is named.
func TestUnreadWebLogs(t *testing.T) {
	const iis, exchange = "inetpub/logs/LogFiles/W3SVC1", "Program Files/Microsoft/Exchange Server/V15/Logging/HttpProxy/Ecp"
	vol := fstest.MapFS{"Windows/System32/x": {}, iis + "/u_ex190613.zip": {}, iis + "/raw190614.ibl": {}, exchange + "/HttpProxy_2019061400-1.LOG": {}, exchange + "/x.txt": {},
		"inetpub/logs/FailedReqLogFiles/W3SVC1/fr000001.xml": {}}
	var got []string
	for _, c := range collect(t, vol).Coverage() {
		if c.Type == TypeUnread {
			got = append(got, c.Name)
		}
	}
	slices.Sort(got)
	if want := []string{"binary web logs", "compressed web logs", "logs of Exchange", "traces of failed requests"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Each format has its events.
func TestEventsOfFormats(t *testing.T) {
	const httperr = "date time c-ip cs-method cs-uri s-siteid s-reason s-queuename"
	failed, err := weblogtest.Log{Fields: httperr, Requests: []weblog.Request{{Time: day(12, 0, 4), Client: "203.0.113.77", Method: "POST", Path: "/up.aspx", Site: "1",
		Reason: "Connection_Abandoned_By_ReqQueue", Queue: "Portal"}, {Time: day(12, 0, 5), Client: "203.0.113.77", Reason: "Timer_ConnectionIdle"}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		log  []byte
		want []string
	}{
		{"NCSA", inFormat(t, weblog.NCSA, oneRequest), []string{"web.request Request logged: POST /up.php from 203.0.113.77, status 200"}},
		{"IIS", inFormat(t, weblog.IIS, oneRequest), []string{"web.request Request logged, local time: POST /up.php from 203.0.113.77, status 200"}},
		{"HTTPERR", failed, []string{"web.failed Request logged: HTTP.SYS: Connection_Abandoned_By_ReqQueue: POST /up.aspx from 203.0.113.77, queue: Portal",
			"web.failed Request logged: HTTP.SYS: Timer_ConnectionIdle: a request  from 203.0.113.77"}},
	} {
		tl := collect(t, fstest.MapFS{"u_ex190614.log": {Data: tt.log}})
		for _, query := range [][]Kind{nil, {WebRequest, WebFailed}, {WebRequest}, {WebFailed}} {
			var got []string
			events := tl.Events()
			if query != nil {
				events = tl.ByKind(query...)
			}
			for e := range events {
				got = append(got, string(e.Kind)+" "+e.Desc+": "+e.Message)
			}
			kind := Kind(strings.Fields(tt.want[0])[0])
			if want := tt.want; query == nil || slices.Contains(query, kind) {
				if !slices.Equal(got, want) {
					t.Errorf("%s: got  %q\nwant %q", tt.name, got, want)
				}
			} else if got != nil {
				t.Errorf("%s: %v are also %q", tt.name, query, got)
			}
		}
	}
}

// Lines that could not be read are in the coverage with the time between which they
// were written.
func TestLostLines(t *testing.T) {
	sound := func(sec int) string {
		return string(webLog(t, weblog.Request{Time: day(12, 0, sec), Method: "GET", Path: "/", Client: "192.0.2.7"}))
	}
	const timed = "2019-06-14 12:00:%02d GET x\r\n"
	at := func(sec int) time.Time { return day(12, 0, sec) }
	for _, tt := range []struct {
		name, log string
		want      []LostLines // without offsets
	}{
		{"none", sound(1) + sound(2), nil},
		{"with times", sound(1) + fmt.Sprintf(timed, 5) + fmt.Sprintf(timed, 3) + sound(9), []LostLines{{Count: 2, From: at(3), To: at(5)}}},
		{"one without a time", sound(1) + fmt.Sprintf(timed, 5) + "x\r\n" + sound(9), []LostLines{{Count: 2, From: at(1), To: at(9)}}},
		{"before all others", "x\r\n" + sound(9), []LostLines{{Count: 1, To: at(9)}}},
		{"behind all others", sound(9) + "x\r\ny\r\n", []LostLines{{Count: 2, From: at(9)}}},
		{"in two places", sound(1) + "x\r\n" + sound(2) + sound(3) + "y\r\n" + sound(4), []LostLines{{Count: 1, From: at(1), To: at(2)}, {Count: 1, From: at(3), To: at(4)}}},
	} {
		c := covered(t, collect(t, fstest.MapFS{"u_ex190614.log": {Data: []byte(tt.log)}}), "u_ex190614.log")
		for i := range c.Lost {
			if at := tt.log[c.Lost[i].Offset:]; !strings.HasPrefix(at, "x") && !strings.HasPrefix(at, "y") && !strings.HasPrefix(at, "2019-06-14 12:00:05 GET x") {
				t.Errorf("%s: at %d there is %.20q", tt.name, c.Lost[i].Offset, at)
			}
			c.Lost[i].Offset = 0
		}
		if !slices.Equal(c.Lost, tt.want) {
			t.Errorf("%s: got %+v, want %+v", tt.name, c.Lost, tt.want)
		}
	}
	many := strings.Repeat(sound(1)+"x\r\n", maxLost+5)
	c := covered(t, collect(t, fstest.MapFS{"u_ex190614.log": {Data: []byte(many)}}), "u_ex190614.log")
	if last := c.Lost[len(c.Lost)-1]; len(c.Lost) != maxLost || last.Count != 6 || !last.To.IsZero() {
		t.Errorf("%d places, the last with %+v", len(c.Lost), last)
	}
}

func TestLostLinesWithin(t *testing.T) {
	at := func(sec int) time.Time { return day(12, 0, sec) }
	for _, tt := range []struct {
		lines    LostLines
		from, to int
		want     int
	}{
		{LostLines{Count: 3, From: at(10), To: at(20)}, 1, 9, 0}, {LostLines{Count: 3, From: at(10), To: at(20)}, 1, 10, 3}, {LostLines{Count: 3, From: at(10), To: at(20)}, 21, 30, 0},
		{LostLines{Count: 3, To: at(20)}, 1, 9, 3}, {LostLines{Count: 3, From: at(10)}, 30, 40, 3}, {LostLines{Count: 3}, 1, 2, 3},
	} {
		if got := tt.lines.Within(at(tt.from), at(tt.to)); got != tt.want {
			t.Errorf("%+v within %d and %d: %d, want %d", tt.lines, tt.from, tt.to, got, tt.want)
		}
	}
}
