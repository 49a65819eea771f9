// Package weblogtest writes logs of web servers for tests, as IIS writes them in
// the W3C extended format: read by package weblog, the requests of a [Log] are those
// that were written.
package weblogtest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/weblog"
)

// Fields are the fields that IIS logs by default.
const Fields = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) " +
	"sc-status sc-substatus sc-win32-status time-taken"

// Log is a log, or what a server wrote between two starts: the bytes of several
// make one log.
type Log struct {
	Software string // the default is that of IIS 10
	Fields   string // names with blanks between them; the default is Fields
	Requests []weblog.Request
}

// Bytes returns the log. Of a request it writes the fields that Fields names; those
// of another name than package weblog knows get a dash. Blanks are written as plus
// signs, as IIS does.
func (l Log) Bytes() ([]byte, error) {
	if l.Software == "" {
		l.Software = "Microsoft Internet Information Services 10.0"
	}
	if l.Fields == "" {
		l.Fields = Fields
	}
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if len(l.Requests) > 0 {
		begin = l.Requests[0].Time.UTC()
	}
	var b bytes.Buffer
	for _, directive := range [...]string{"Software: " + l.Software, "Version: 1.0", "Date: " + begin.Format(time.DateTime), "Fields: " + l.Fields} {
		if strings.ContainsAny(directive, "\r\n\x00") {
			return nil, fmt.Errorf("weblogtest: %q holds the end of a line", directive)
		}
		b.WriteString("#" + directive + "\r\n")
	}
	names := strings.Fields(l.Fields)
	for i := range l.Requests {
		for j, name := range names {
			if j > 0 {
				b.WriteByte(' ')
			}
			v := value(name, &l.Requests[i])
			if strings.ContainsAny(v, "\r\n\x00") {
				return nil, fmt.Errorf("weblogtest: request %d: %s: %q holds the end of a line", i, name, v)
			}
			b.WriteString(v)
		}
		b.WriteString("\r\n")
	}
	return b.Bytes(), nil
}

// value returns the value of a field as IIS writes it.
func value(name string, r *weblog.Request) string {
	switch strings.ToLower(name) {
	case "date":
		return r.Time.UTC().Format(time.DateOnly)
	case "time":
		return r.Time.UTC().Format(time.TimeOnly)
	case "time-taken":
		if r.Taken < 0 {
			return "-"
		}
		return number(r.Taken.Milliseconds())
	case "c-ip":
		return text(r.Client)
	case "x-forwarded-for":
		return text(r.ForwardedFor)
	case "cs-username":
		return text(r.User)
	case "cs-method":
		return text(r.Method)
	case "cs-uri-stem":
		return text(r.Path)
	case "cs-uri-query":
		return text(r.Query)
	case "cs-version":
		return text(r.Version)
	case "cs-host":
		return text(r.Host)
	case "cs(user-agent)":
		return text(r.UserAgent)
	case "cs(referer)":
		return text(r.Referer)
	case "cs(cookie)":
		return text(r.Cookie)
	case "sc-status":
		return number(r.Status)
	case "sc-substatus":
		return number(r.Substatus)
	case "sc-win32-status":
		return number(r.Win32Status)
	case "sc-bytes":
		return number(r.Sent)
	case "cs-bytes":
		return number(r.Received)
	case "s-sitename":
		return text(r.Site)
	case "s-computername":
		return text(r.Computer)
	case "s-ip":
		return text(r.Server)
	case "s-port":
		return number(r.Port)
	}
	return "-"
}

func text(s string) string {
	if s == "" {
		return "-"
	}
	return strings.ReplaceAll(s, " ", "+")
}

func number(n int64) string {
	if n < 0 {
		return "-"
	}
	return strconv.FormatInt(n, 10)
}
