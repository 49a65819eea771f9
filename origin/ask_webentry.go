package origin

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// A request is a line of a web server log.
type request = entry[*weblog.Request]

const (
	logGrain   = time.Second      // of the times in web logs
	maxTaken   = 10 * time.Minute // of a request that caused something while it was served
	usualTaken = 30 * time.Second // of a request whose log does not record it

	// maxRequests bounds the requests kept, whatever the logs hold.
	maxRequests = 1 << 16
)

// fits reports whether a request may have been in progress at a time. It is logged
// after it has been answered.
func fits(r *weblog.Request, at time.Time) bool {
	taken := r.Taken
	if taken < 0 {
		taken = usualTaken
	}
	return !at.Before(r.Time.Add(-taken-logGrain)) && at.Before(r.Time.Add(2*logGrain))
}

// requestsAt returns the requests that may have been in progress at a time.
func (q *inquiry) requestsAt(at time.Time) []*request {
	if at.IsZero() || q.tl == nil {
		return nil
	}
	var list []*request
	for e := range q.tl.KindsBetween(at.Add(-2*logGrain), at.Add(maxTaken), timeline.WebRequest) {
		if len(list) == maxRequests || q.ctx.Err() != nil {
			break
		}
		if r, ok := e.Data.(*weblog.Request); ok && fits(r, at) {
			e.Fields = nil // r has them
			list = append(list, &request{e, r})
		}
	}
	q.coverage = q.tl.Coverage() // with the logs that were read for this
	return list
}

// staticFiles are the files that a web server sends unchanged.
var staticFiles = map[string]bool{
	".css": true, ".js": true, ".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".ico": true, ".svg": true, ".webp": true,
	".woff": true, ".woff2": true, ".ttf": true, ".map": true, ".txt": true, ".htm": true, ".html": true,
}

// static reports whether a request asks for a file that is sent unchanged.
func static(r *weblog.Request) bool {
	return !uploads(r) && staticFiles[strings.ToLower(path.Ext(r.Path))]
}

// uploads reports whether a request has a body.
func uploads(r *weblog.Request) bool {
	return strings.EqualFold(r.Method, "POST") || strings.EqualFold(r.Method, "PUT")
}

// status returns the status of the response, or "" if it was not logged.
func status(r *weblog.Request) string {
	if r.Status < 0 {
		return ""
	}
	return strconv.FormatInt(r.Status, 10)
}

func citeRequest(r *request) Citation {
	c := cite(&r.Event)
	c.Text = clip(r.data.Text)
	return c
}

// webServers are the programs that answer requests to a web server.
var webServers = map[string]bool{
	"w3wp.exe": true, "iisexpress.exe": true, "httpd.exe": true, "nginx.exe": true, "php-cgi.exe": true, "caddy.exe": true,
	"tomcat7.exe": true, "tomcat8.exe": true, "tomcat9.exe": true, "tomcat10.exe": true,
}

// isWebServer reports whether an image is that of a web server. The one of IIS is
// part of Windows, and only counts in its place.
func isWebServer(image string) bool {
	name := strings.ToLower(winpath.Base(image))
	if name == "w3wp.exe" && strings.Contains(image, `\`) {
		return strings.HasSuffix(winpath.Fold(winpath.Dir(image)), `\INETSRV`) && isSystemProgram(image)
	}
	return webServers[name]
}

// A webOrigin is the web server's process that the writer descends from, and the time
// at which it acted: when it started the first process on the way to the writer, or
// wrote the file itself.
type webOrigin struct {
	server *process
	child  *process // nil if the server is the writer
	at     time.Time
}

// webOrigin returns the nearest web server among the writer and its ancestors.
func (q *inquiry) webOrigin() *webOrigin {
	if isWebServer(q.writer.image) {
		return &webOrigin{server: q.writer, at: q.created}
	}
	child := q.writer
	for _, p := range q.processes.ancestors(q.writer) {
		if isWebServer(p.image) {
			return &webOrigin{server: p, child: child, at: child.start}
		}
		child = p
	}
	return nil
}

var webEntryProcess = &rule{
	name: "web_entry.process", question: WebEntry, best: Corroborated,
	after: []Question{Writer},
	finds: "a web server among the writer and its ancestors, and the one request that was in progress when it acted",
	reads: []*source{sysmonProcess, auditProcess},
	also:  []*source{webLog},
	traps: []trap{
		{"no_request", "no request that was logged fits the time"},
		{"several", "several requests fit the time"},
		{"static", "the request that fits asks for a file that runs nothing"},
	},
	against: "another request, which was not logged or is in a log that is not in the evidence",
	apart:   "a web server log with the sizes of requests, or the log of a proxy before it",
	find:    (*inquiry).findWebServer,
}

func (q *inquiry) findWebServer() []candidate {
	if q.writer == nil {
		return nil
	}
	from := q.webOrigin()
	if from == nil {
		return q.noWebServer()
	}
	a := candidate{Answer: Answer{Grade: Corroborated}, rests: []Question{Writer}}
	a.fact("image", from.server.image)
	if from.server.pid != 0 {
		a.fact("pid", from.server.pid)
	}
	if from.child != nil {
		a.cite(from.child.cite()...)
	}
	a.cite(from.server.cite()...)
	a.cite(q.citeCreation()...)
	fitting := q.requestsAt(from.at)
	a.Answer.Answer = fmt.Sprintf("The writer descends from the web server process %s", from.server)
	if from.child == nil {
		a.Answer.Answer = fmt.Sprintf("The web server process %s wrote it", from.server)
	}
	best := likeliest(fitting)
	if best == nil {
		a.caught("no_request", "")
		a.Answer.Answer += "; " + q.noRequest(from.at) + "."
	} else {
		q.describeRequest(&a, best, fitting)
	}
	a.leaves = webRequest{a.Answer}
	return []candidate{a}
}

// describeRequest adds the request that most likely led to the file, and those that
// fit as well.
func (q *inquiry) describeRequest(a *candidate, best *request, fitting []*request) {
	if static(best.data) {
		a.caught("static", "a request that was not logged: %s is served without running anything", clip(best.data.Path))
	}
	for _, r := range fitting {
		if r != best {
			a.caught("several", "%s %s from %s at %s", r.data.Method, r.data.URL(), r.data.Client, timeText(r.Time))
		}
	}
	a.Evidence = append([]Citation{citeRequest(best)}, a.Evidence...)
	r := best.data
	a.Answer.Answer += fmt.Sprintf("; the request at that time was %s %s from %s, answered with status %s at %s", r.Method, clip(r.URL()), r.Client, status(r), timeText(r.Time))
	if r.UserAgent != "" {
		a.Answer.Answer += ", user agent " + clip(r.UserAgent)
	}
	a.Answer.Answer += "."
	a.fact("method", r.Method)
	a.fact("url", r.URL())
	a.fact("address", r.Client)
	a.fact("time", r.Time)
	a.fact("status", status(r))
	a.fact("user_agent", r.UserAgent)
}

// likeliest returns the request that most likely made a server start a process: one
// with a body, else the one that took longest.
func likeliest(list []*request) *request {
	var best *request
	for _, r := range list {
		if best == nil || uploads(r.data) && !uploads(best.data) || uploads(r.data) == uploads(best.data) && r.data.Taken > best.data.Taken {
			best = r
		}
	}
	return best
}

// noRequest returns why no request was found.
func (q *inquiry) noRequest(at time.Time) string {
	found := false
	for _, c := range q.coverage {
		if c.Type != timeline.TypeWebLog || c.State == timeline.Absent {
			continue
		}
		found = true
		if !at.Before(c.First.Add(-time.Second)) && !at.After(c.Last.Add(time.Second)) {
			return "no request in the web server's logs fits its time"
		}
	}
	if !found {
		return "no web server log is available"
	}
	return "the web server's logs do not cover its time"
}

// noWebServer is the lead if no ancestor of the writer is a web server.
func (q *inquiry) noWebServer() []candidate {
	a := lead()
	chain := q.processes.ancestors(q.writer)
	if len(chain) == 0 {
		a.missed = append(a.missed, "the ancestors of the writer, whose start was not logged")
		return []candidate{a}
	}
	a.Answer.Answer = "No web server is among the ancestors of the writer: " + q.writer.String()
	for _, p := range chain {
		a.Answer.Answer += " ← " + p.String()
	}
	a.Answer.Answer += "."
	a.cite(q.writer.cite()...)
	for _, p := range chain {
		a.cite(p.cite()...)
	}
	return []candidate{a}
}

func sayWebEntry(a retold) []string {
	switch {
	case a.Fact("method") != "":
		return []string{fmt.Sprintf("The way in was %s %s from %s, served by %s", a.Fact("method"), a.Fact("url"), a.Fact("address"), winpath.Base(a.Fact("image")))}
	case a.Fact("image") != "":
		return []string{"The way in was the web server process " + a.Fact("image")}
	}
	return nil
}
