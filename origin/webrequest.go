package origin

import (
	"net/netip"
	"path"
	"regexp"
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

// ownRequests are the requests for the file itself after its creation.
type ownRequests struct {
	since time.Time // the creation
	list  []*request
	child *process // that the web server started while it answered one of them; nil if none is known
	of    *request // that one
}

// siteFolder is the folder of a site's logs.
var siteFolder = regexp.MustCompile(`(?i)(?:^|/)W3SVC(\d+)/[^/]*$`)

// siteOf returns the number of the site that answered a request, according to the
// request or to the folder of its log, and 0 if neither says it.
func siteOf(r *request) int64 {
	number := strings.TrimPrefix(strings.ToUpper(r.data.Site), "W3SVC")
	if m := siteFolder.FindStringSubmatch(r.Source.Artifact); m != nil && r.data.Site == "" {
		number = m[1]
	}
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// samePath reports whether a request asks for a path, with or without what follows it
// as path information.
func samePath(asked, path string) bool {
	return len(asked) >= len(path) && strings.EqualFold(asked[:len(path)], path) && (len(asked) == len(path) || asked[len(path)] == '/')
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
