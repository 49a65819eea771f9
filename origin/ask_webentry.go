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

func (q *inquiry) askWebEntry() (Answer, webRequest) {
	a := q.webEntry()
	return a, webRequest{a}
}

func (q *inquiry) webEntry() Answer {
	if q.writer == nil {
		why, text := q.because(q.created, sysmonCreate)
		return unknown(why, "Whether a web request led to it is unknown, because the writer is unknown: "+text+".")
	}
	from := q.webOrigin()
	if from == nil {
		return q.noWebServer()
	}
	a := Answer{Grade: weakest(Corroborated, q.writerBy)}
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
	a.Answer = fmt.Sprintf("The writer descends from the web server process %s", from.server)
	if from.child == nil {
		a.Answer = fmt.Sprintf("The web server process %s wrote it", from.server)
	}
	best := likeliest(fitting)
	if best == nil {
		a.Grade = Inferred
		a.Answer += "; " + q.noRequest(from.at) + "."
		return a
	}
	if len(fitting) > 1 {
		a.Grade = Inferred
	}
	if static(best.data) {
		a.Grade = Inferred
		a.rival("a request that was not logged: %s is served without running anything", clip(best.data.Path))
	}
	for _, r := range fitting {
		if r != best {
			a.rival("%s %s from %s at %s", r.data.Method, r.data.URL(), r.data.Client, timeText(r.Time))
		}
	}
	a.Evidence = append([]Citation{citeRequest(best)}, a.Evidence...)
	r := best.data
	a.Answer += fmt.Sprintf("; the request at that time was %s %s from %s, answered with status %s at %s", r.Method, clip(r.URL()), r.Client, status(r), timeText(r.Time))
	if r.UserAgent != "" {
		a.Answer += ", user agent " + clip(r.UserAgent)
	}
	a.Answer += "."
	a.fact("method", r.Method)
	a.fact("url", r.URL())
	a.fact("address", r.Client)
	a.fact("time", r.Time)
	a.fact("status", status(r))
	a.fact("user_agent", r.UserAgent)
	return a
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

// noWebServer is the answer if no ancestor of the writer is a web server.
func (q *inquiry) noWebServer() Answer {
	chain := q.processes.ancestors(q.writer)
	if len(chain) == 0 {
		why, text := q.because(q.writer.start, sysmonProcess, auditProcess)
		return unknown(why, "Whether a web request led to it is unknown: who started the writer is not known; "+text+".")
	}
	a := unknown(SearchedEmpty, "No web server is among the ancestors of the writer: "+q.writer.String())
	for _, p := range chain {
		a.Answer += " ← " + p.String()
	}
	a.Answer += "."
	a.cite(q.writer.cite()...)
	for _, p := range chain {
		a.cite(p.cite()...)
	}
	return a
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
