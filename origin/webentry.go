package origin

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// webServers are the programs that answer requests to a web server.
var webServers = map[string]bool{
	"w3wp.exe": true, "iisexpress.exe": true, "httpd.exe": true, "nginx.exe": true, "php-cgi.exe": true, "caddy.exe": true,
	"tomcat7.exe": true, "tomcat8.exe": true, "tomcat9.exe": true, "tomcat10.exe": true,
}

// isWebServer reports whether an image is a web server's. That of IIS is one of
// Windows' own, and only in its place.
func isWebServer(image string) bool {
	name := strings.ToLower(baseName(image))
	if name == "w3wp.exe" && strings.Contains(image, `\`) {
		return strings.HasSuffix(winpath.Fold(folder(image)), `\INETSRV`) && isSystemProgram(image)
	}
	return webServers[name]
}

// A webOrigin is the web server's process from which the writer descends, and
// when it acted: when it started the first process on the way to the writer, or
// wrote the file by itself.
type webOrigin struct {
	server *process
	child  *process // nil where the server is the writer
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

func (q *inquiry) askWebEntry() Answer {
	if q.writer == nil {
		why, text := q.because(q.created, sysmonCreate)
		return unknown(why, "Whether a request to a web server led to it is unknown, as the writer is: "+text+".")
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
	var fitting []*request
	for i := range q.web.requests {
		if r := &q.web.requests[i]; r.fits(from.at) {
			fitting = append(fitting, r)
		}
	}
	a.Answer = fmt.Sprintf("The writer descends from the web server's process %s", from.server)
	if from.child == nil {
		a.Answer = fmt.Sprintf("The web server's process %s wrote it", from.server)
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
	if best.static() {
		a.Grade = Inferred
		a.rival("a request that was not logged: %s is served without running anything", clip(best.uri))
	}
	for _, r := range fitting {
		if r != best {
			a.rival("%s %s from %s at %s", r.method, r.url(), r.client, timeText(r.at))
		}
	}
	a.Evidence = append([]Citation{best.cite()}, a.Evidence...)
	a.Answer += fmt.Sprintf("; the request at that time is %s %s from %s, answered with %s at %s", best.method, clip(best.url()), best.client, best.status, timeText(best.at))
	if best.userAgent != "" {
		a.Answer += ", user agent " + clip(best.userAgent)
	}
	a.Answer += "."
	a.fact("method", best.method)
	a.fact("url", best.url())
	a.fact("address", best.client)
	a.fact("time", best.at)
	a.fact("status", best.status)
	a.fact("user_agent", best.userAgent)
	return a
}

// likeliest returns the request that most likely made a server start a process:
// one with a body, else the one that took longest.
func likeliest(list []*request) *request {
	var best *request
	for _, r := range list {
		if best == nil || r.uploads() && !best.uploads() || r.uploads() == best.uploads() && r.taken > best.taken {
			best = r
		}
	}
	return best
}

// noRequest says why no request was found.
func (q *inquiry) noRequest(at time.Time) string {
	if len(q.web.coverage) == 0 && q.web.passed == 0 {
		return "no log of a web server is in the evidence"
	}
	for _, c := range q.web.coverage {
		if !at.Before(c.First.Add(-time.Second)) && !at.After(c.Last.Add(time.Second)) {
			return "no request in the web server's logs fits its time"
		}
	}
	return "the web server's logs do not cover its time"
}

// noWebServer is the answer where no ancestor of the writer is a web server.
func (q *inquiry) noWebServer() Answer {
	chain := q.processes.ancestors(q.writer)
	if len(chain) == 0 {
		why, text := q.because(q.writer.start, sysmonProcess, auditProcess)
		return unknown(why, "Whether a request to a web server led to it is unknown: who started the writer is not known, "+text+".")
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
		return []string{fmt.Sprintf("The way in was %s %s from %s, served by %s", a.Fact("method"), a.Fact("url"), a.Fact("address"), baseName(a.Fact("image")))}
	case a.Fact("image") != "":
		return []string{"The way in was the web server's process " + a.Fact("image")}
	}
	return nil
}
