package origin

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

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

// fits reports whether a request may have been in progress at a time. Most servers log
// it after it has been answered, Apache with the time at which it began.
func fits(r *weblog.Request, at time.Time) bool {
	taken, after := r.Taken, 2*logGrain
	if taken < 0 {
		taken = usualTaken
	}
	if r.Format == weblog.NCSA {
		after += usualTaken
	}
	return !at.Before(r.Time.Add(-taken-logGrain)) && at.Before(r.Time.Add(after))
}

// requestsAt returns the requests that may have been in progress at a time.
func (q *inquiry) requestsAt(at time.Time) []*request {
	if at.IsZero() || q.tl == nil {
		return nil
	}
	var list []*request
	for r := range q.requestsBetween(at.Add(-usualTaken-2*logGrain), at.Add(maxTaken)) {
		if len(list) == maxRequests {
			break
		}
		if fits(r.data, at) {
			list = append(list, r)
		}
	}
	q.coverage = q.tl.Coverage() // with the logs that were read for this
	return list
}

// requestsBetween yields the requests to web servers that were logged between two
// times. Those whose times are of an unknown zone are left out, and those to FTP
// servers.
func (q *inquiry) requestsBetween(from, to time.Time) func(func(*request) bool) {
	return func(yield func(*request) bool) {
		for e := range q.tl.KindsBetween(from, to, timeline.WebRequest) {
			if q.ctx.Err() != nil {
				return
			}
			if r, ok := e.Data.(*weblog.Request); ok && !r.Local && !isFTP(r) {
				e.Fields = nil // r has them
				if !yield(&request{e, r}) {
					return
				}
			}
		}
	}
}

// isFTP reports whether a request is a command to an FTP server, whose logs have the
// form of web logs.
func isFTP(r *weblog.Request) bool {
	if strings.HasPrefix(strings.ToUpper(r.Site), "FTPSVC") {
		return true
	}
	method := r.Method[strings.LastIndexByte(r.Method, ']')+1:] // [1]USER in older versions
	return slices.Contains(ftpCommands[:], strings.ToUpper(method))
}

var ftpCommands = [...]string{"USER", "PASS", "STOR", "RETR", "APPE", "QUIT", "LIST", "NLST", "CWD", "DELE", "RNFR", "RNTO", "PASV", "EPSV", "PORT", "TYPE", "AUTH", "PBSZ", "PROT",
	"SENT", "CREATED", "CLOSED", "CONTROLCHANNELOPENED", "CONTROLCHANNELCLOSED", "DATACHANNELOPENED", "DATACHANNELCLOSED"}

// notSeenAt returns what web logs hold that a search for requests in progress at a time
// did not see, and whether lines that could not be read were logged soon after it.
func (q *inquiry) notSeenAt(at time.Time) (clauses []string, soon bool) {
	for _, c := range q.coverage {
		if c.Local {
			clauses = append(clauses, fmt.Sprintf("%s has times of an unknown time zone", c.Artifact))
		}
		n, from := 0, int64(-1)
		for i := range c.Lost {
			l := &c.Lost[i]
			if lines := l.Within(at.Add(-2*logGrain), at.Add(maxTaken)); lines > 0 {
				n += lines
				soon = soon || l.Within(at.Add(-2*logGrain), at.Add(usualTaken)) > 0
				if from < 0 {
					from = l.Offset
				}
			}
		}
		if n > 0 {
			clauses = append(clauses, fmt.Sprintf("%s of %s at that time, the first at offset %#x, could not be read", count(n, "line", "lines"), c.Artifact, from))
		}
	}
	for _, s := range unreadWebLogs {
		if state, clause := q.searched(s, span{from: at}); state == notReadYet {
			clauses = append(clauses, clause)
		}
	}
	return clauses, soon
}

// unreadWebLogs would name requests too.
var unreadWebLogs = []*source{packedWebLogs, binaryWebLogs, failedRequests, exchangeLogs}

// failedAt returns the requests that HTTP.SYS ended around a time, and that no site has
// logged: the worker process may have died of one.
func (q *inquiry) failedAt(at time.Time) []*request {
	var list []*request
	for e := range q.tl.KindsBetween(at.Add(-2*logGrain), at.Add(usualTaken), timeline.WebFailed) {
		if r, ok := e.Data.(*weblog.Request); ok && r.Path != "" && len(list) < maxRivals {
			e.Fields = nil // r has them
			list = append(list, &request{e, r})
		}
	}
	return list
}

// lostLines returns how many lines of a web log could not be read that may have been
// logged in a span.
func lostLines(c *timeline.Coverage, at span) int {
	n := 0
	for i := range c.Lost {
		switch l := &c.Lost[i]; {
		case at.from.IsZero():
			n += l.Count
		case at.to.IsZero():
			n += l.Within(at.from.Add(-2*logGrain), at.from.Add(maxTaken))
		default:
			n += l.Within(at.from.Add(-2*logGrain), at.to.Add(maxTaken))
		}
	}
	return n
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

// refused reports whether the server did not do what a request asked for.
func refused(r *weblog.Request) bool { return r.Status >= 400 && r.Status < 500 }

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

// asked is how a text names a request.
func asked(r *request) string {
	text := r.data.Method + " " + clip(r.data.URL()) + " from " + peer(r.data)
	if client, _ := forwardedFor(r.data); client != "" {
		text += ", forwarded for " + client
	}
	return text
}

// peer names the other end of a connection.
func peer(r *weblog.Request) string {
	if r.Client == "" {
		return "an address that is not logged"
	}
	return r.Client
}

// forwardedFor returns the client that proxies forwarded a request for: the last
// address in the header that is not one of theirs. Each proxy adds the address that it
// sees at the end, and the client can write what is before. So a private address is
// passed over only if a public one is before it, and returned too.
func forwardedFor(r *weblog.Request) (client string, passed []string) {
	var list []netip.Addr
	for part := range strings.FieldsFuncSeq(r.ForwardedFor, func(c rune) bool { return c == ',' || c == '+' || c == ' ' || c == '"' }) {
		if a, err := netip.ParseAddr(part); err == nil {
			list = append(list, a.Unmap())
		} else if a, err := netip.ParseAddrPort(part); err == nil {
			list = append(list, a.Addr().Unmap())
		}
	}
	for _, a := range slices.Backward(list) {
		switch {
		case a.String() == plainAddress(r.Client), a.String() == plainAddress(r.Server), a.IsLoopback():
		case isPrivate(a):
			passed = append(passed, a.String())
		default:
			return a.String(), passed
		}
	}
	if len(passed) > 0 {
		return passed[0], nil
	}
	return "", nil
}

// carrierGrade are the addresses between a provider's customers and its translation.
var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

func isPrivate(a netip.Addr) bool {
	return a.IsPrivate() || a.IsLinkLocalUnicast() || carrierGrade.Contains(a)
}

// checkers are the agents of programs that check whether a server is up, in lower
// case.
var checkers = [...]string{
	"elb-healthchecker", "googlehc", "amazon-route53-health-check", "kube-probe", "azure traffic manager", "edge health probe", "load balancer agent", "haproxy",
	"check_http", "uptimerobot", "pingdom", "statuscake", "zabbix", "prtg", "nagios", "alwayson", "readyforrequest", "iis application initialization", "site24x7",
	"newrelicpinger", "datadog", "envoy/hc", "blackbox", "cloudflare-traffic-manager", "activemonitor", "amprobe", "msexchmon", "f5 monitor", "slb-healthcheck",
}

const (
	regularSpan  = time.Hour // before and after a request, in which others of its form are counted
	regularSeen  = 1 << 18   // requests that are compared
	regularLeast = 6         // requests that show an interval
)

// regular returns which requests are of a form that comes at regular intervals, as
// checks of a server's health do: they say nothing about one time. An agent that says
// that it checks a server counts if others with it came before: anyone can send one.
func (q *inquiry) regular(list []*request, at time.Time) map[*request]bool {
	type form struct{ method, path, agent string }
	formOf := func(r *weblog.Request) form {
		return form{strings.ToUpper(r.Method), strings.ToLower(r.Path), r.UserAgent}
	}
	times := map[form][]time.Time{}
	for _, r := range list {
		times[formOf(r.data)] = nil
	}
	if len(times) == 0 || q.tl == nil {
		return nil
	}
	n := 0
	for r := range q.requestsBetween(at.Add(-regularSpan), at.Add(regularSpan)) {
		if n++; n > regularSeen {
			break
		}
		f := formOf(r.data)
		if _, wanted := times[f]; wanted {
			times[f] = append(times[f], r.Time)
		}
	}
	found := map[*request]bool{}
	for _, r := range list {
		f := formOf(r.data)
		checks := !uploads(r.data) && slices.ContainsFunc(checkers[:], func(s string) bool { return strings.Contains(strings.ToLower(f.agent), s) })
		before := 0
		for _, t := range times[f] {
			if t.Before(at) {
				before++
			}
		}
		if before >= 2 && (checks || atIntervals(times[f])) {
			found[r] = true
		}
	}
	return found
}

// atIntervals reports whether times follow each other at the same interval, but for a
// few.
func atIntervals(times []time.Time) bool {
	if len(times) < regularLeast {
		return false
	}
	var gaps []time.Duration
	for i := range times[1:] {
		gaps = append(gaps, times[i+1].Sub(times[i]))
	}
	slices.Sort(gaps)
	usual := gaps[len(gaps)/2]
	if usual <= 2*logGrain {
		return false
	}
	same := 0
	for _, g := range gaps {
		if (g - usual).Abs() <= max(2*logGrain, usual/10) {
			same++
		}
	}
	return 5*same >= 4*len(gaps)
}
