package origin

import (
	"bufio"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// A request is a line of the log of a web server.
type request struct {
	method, uri, query, client, userAgent, user, status string
	at                                                  time.Time // logged when it had been answered, to the second
	taken                                               time.Duration
	timed                                               bool // taken was logged
	artifact                                            string
	line                                                int
	offset                                              int64
	text                                                string
}

// webLogs are the W3C logs of IIS on the volume.
type webLogs struct {
	requests []request // around the subject's creation
	coverage []Coverage
	passed   int // logs that were not read: their names are those of other days
}

// webLogFolder is where IIS writes its logs unless told otherwise.
const webLogFolder = "inetpub/logs/LogFiles"

// webWindow is how far from the creation of the subject requests are kept.
const webWindow = 10 * time.Minute

// maxRequests bounds the requests kept, whatever the log holds.
const maxRequests = 1 << 16

// readWebLogs reads the logs of IIS, and keeps the requests around a time.
func (q *inquiry) readWebLogs(around time.Time) {
	q.readWebLogsOf(q.vol, around, func(name string) string { return name })
	for _, other := range q.others {
		q.readWebLogsOf(other.vol, around, other.artifact)
	}
}

func (q *inquiry) readWebLogsOf(vol fs.FS, around time.Time, artifact func(string) string) {
	root, ok := timeline.FindFile(vol, webLogFolder)
	if !ok {
		return
	}
	sites, _ := fs.ReadDir(vol, root)
	for _, site := range sites {
		if !site.IsDir() || q.ctx.Err() != nil {
			continue
		}
		dir := path.Join(root, site.Name())
		files, _ := fs.ReadDir(vol, dir)
		for _, file := range files {
			if !file.IsDir() && strings.EqualFold(path.Ext(file.Name()), ".log") {
				if !mayCover(file.Name(), around) {
					q.web.passed++
					continue
				}
				name := path.Join(dir, file.Name())
				q.readWebLog(vol, name, artifact(name), around)
			}
		}
	}
}

// dayOfLog is the name that IIS gives a log: u_exYYMMDD.log, or ex without u_ in
// older versions; YYMM for a month, YYMMWW for a week of it, YYMMDDHH for an hour.
var dayOfLog = regexp.MustCompile(`(?i)^(?:u_)?ex(\d\d)(\d\d)(?:(\d\d)(?:\d\d)?)?(?:_x)?\.log$`)

// mayCover reports whether a log may hold requests around a time, by its name.
// There may be a log for every day of many years. Days may be those of the
// server's time zone, so a day is granted on either side.
func mayCover(name string, around time.Time) bool {
	m := dayOfLog.FindStringSubmatch(name)
	if m == nil || around.IsZero() {
		return true
	}
	const weeks = 6 // what could be the number of a week is not taken for a day
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	from := time.Date(2000+year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 1, 0)
	if day > weeks {
		from = from.AddDate(0, 0, day-1)
		to = from.AddDate(0, 0, 1)
	}
	const margin = 24*time.Hour + webWindow
	return !around.Before(from.Add(-margin)) && !around.After(to.Add(margin))
}

func (q *inquiry) readWebLog(vol fs.FS, name, artifact string, around time.Time) {
	c := Coverage{Artifact: artifact, State: string(timeline.Parsed)}
	f, err := vol.Open(name)
	if err != nil {
		c.State, c.Problems = string(timeline.Damaged), 1
		q.web.coverage = append(q.web.coverage, c)
		return
	}
	defer f.Close()
	lines := w3cLines{r: bufio.NewReaderSize(reader{q.ctx, f}, 64<<10)}
	for {
		req, ok, err := lines.next()
		if err != nil {
			if err != io.EOF {
				c.State = string(timeline.Damaged)
				c.Problems++
			}
			break
		}
		if !ok {
			c.Problems++
			continue
		}
		c.Records++
		if c.First.IsZero() || req.at.Before(c.First) {
			c.First = req.at
		}
		if req.at.After(c.Last) {
			c.Last = req.at
		}
		if !around.IsZero() && req.at.Sub(around).Abs() <= webWindow && len(q.web.requests) < maxRequests {
			req.artifact = artifact
			q.web.requests = append(q.web.requests, req)
		}
	}
	q.web.coverage = append(q.web.coverage, c)
}

// w3cLines reads the lines of a log in the W3C extended format. The fields may
// change within a file: each #Fields line holds for those after it.
type w3cLines struct {
	r      *bufio.Reader
	fields []string
	date   string // of the last #Date line, for lines without one
	line   int
	offset int64
}

// maxLine limits a line, in bytes; HTTP.SYS takes requests of up to 16 KiB.
const maxLine = 64 << 10

// next returns the next request; ok is false for a line that is none.
func (l *w3cLines) next() (req request, ok bool, err error) {
	for {
		text, n, err := l.read()
		if err != nil {
			return request{}, false, err
		}
		start := l.offset
		l.offset += n
		l.line++
		text = strings.Trim(text, "\r\n\x00")
		switch {
		case text == "":
			continue
		case strings.HasPrefix(text, "#Fields:"):
			l.fields = strings.Fields(text[len("#Fields:"):])
			continue
		case strings.HasPrefix(text, "#Date:"):
			l.date, _, _ = strings.Cut(strings.TrimSpace(text[len("#Date:"):]), " ")
			continue
		case text[0] == '#':
			continue
		}
		req, ok = l.parse(text)
		req.line, req.offset = l.line, start
		return req, ok, nil
	}
}

// read returns a line, cut at maxLine, and how many bytes of the file it is.
func (l *w3cLines) read() (string, int64, error) {
	var b []byte
	var n int64
	for {
		part, err := l.r.ReadSlice('\n')
		n += int64(len(part))
		b = append(b, part[:min(len(part), maxLine-len(b))]...)
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && n > 0, err == nil:
			return string(b), n, nil
		default:
			return "", n, err
		}
	}
}

func (l *w3cLines) parse(text string) (request, bool) {
	parts := strings.Split(text, " ")
	if len(parts) != len(l.fields) {
		return request{}, false
	}
	req := request{text: text}
	date, clock := l.date, ""
	for i, name := range l.fields {
		v := undash(parts[i])
		switch strings.ToLower(name) {
		case "date":
			date = v
		case "time":
			clock = v
		case "cs-method":
			req.method = v
		case "cs-uri-stem":
			req.uri = v
		case "cs-uri-query":
			req.query = v
		case "cs-username":
			req.user = v
		case "c-ip":
			req.client = v
		case "cs(user-agent)":
			req.userAgent = v
		case "sc-status":
			req.status = v
		case "time-taken":
			if ms, err := strconv.ParseUint(v, 10, 31); err == nil {
				req.taken, req.timed = time.Duration(ms)*time.Millisecond, true
			}
		}
	}
	at, err := time.Parse("2006-01-02 15:04:05", date+" "+clock)
	req.at = at
	return req, err == nil
}

// url returns what was asked for, with its query.
func (r *request) url() string {
	if r.query != "" {
		return r.uri + "?" + r.query
	}
	return r.uri
}

// fits reports whether a request may have been at work at a time. It is logged
// when it has been answered; without the time taken, half a minute is granted.
func (r *request) fits(at time.Time) bool {
	const grain = time.Second // of the log
	taken := r.taken
	if !r.timed {
		taken = 30 * time.Second
	}
	return !at.Before(r.at.Add(-taken-grain)) && at.Before(r.at.Add(2*grain))
}

func (r *request) cite() Citation {
	return Citation{Artifact: r.artifact, Record: "line " + strconv.Itoa(r.line), Offset: r.offset, Time: r.at, Text: clip(r.text)}
}

// staticFiles are what a web server sends as it is.
var staticFiles = map[string]bool{
	".css": true, ".js": true, ".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".ico": true, ".svg": true, ".webp": true,
	".woff": true, ".woff2": true, ".ttf": true, ".map": true, ".txt": true, ".htm": true, ".html": true,
}

// static reports whether a request asks for a file that is sent as it is.
func (r *request) static() bool {
	return !r.uploads() && staticFiles[strings.ToLower(path.Ext(r.uri))]
}

// uploads reports whether a request carries a body.
func (r *request) uploads() bool {
	return strings.EqualFold(r.method, "POST") || strings.EqualFold(r.method, "PUT")
}
