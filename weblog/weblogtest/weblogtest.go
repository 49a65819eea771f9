// Package weblogtest writes logs of web servers for tests: read by package weblog, the
// requests of a [Log] are those that were written.
package weblogtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/birthmark-dfir/birthmark/weblog"
)

// Fields are the fields that IIS logs by default.
const Fields = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) " +
	"sc-status sc-substatus sc-win32-status time-taken"

// Log is a log, or what a server wrote between two starts: the bytes of several
// make one log.
type Log struct {
	Format   weblog.Format // the default is weblog.W3C
	Software string        // the default is that of IIS 10
	Fields   string        // names with blanks between them; the default is Fields
	UTF16    bool          // little-endian, with a mark
	Requests []weblog.Request
}

// Bytes returns the log. In the formats that name no fields it writes what they have,
// with times in UTC. In the others it writes of a request the fields that Fields names; those
// of another name than package weblog knows get a dash. Blanks are written as plus
// signs, as IIS does.
func (l Log) Bytes() ([]byte, error) {
	text, err := l.text()
	if err != nil || !l.UTF16 {
		return text, err
	}
	wide := []byte("\xff\xfe")
	for _, u := range utf16.Encode([]rune(string(text))) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	return wide, nil
}

func (l Log) text() ([]byte, error) {
	if line := lines[l.Format]; line != nil {
		var b bytes.Buffer
		for i := range l.Requests {
			s := line(&l.Requests[i])
			if strings.ContainsAny(s, "\r\n\x00") {
				return nil, fmt.Errorf("weblogtest: request %d: %q holds the end of a line", i, s)
			}
			b.WriteString(s + "\r\n")
		}
		return b.Bytes(), nil
	}
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

// lines write a request in the formats whose lines have no fields of their choice.
var lines = map[weblog.Format]func(*weblog.Request) string{
	weblog.NCSA: func(r *weblog.Request) string {
		size := number(r.Sent)
		return fmt.Sprintf(`%s - %s [%s] "%s %s %s" %03d %s "%s" "%s"`, text(r.Client), text(r.User), r.Time.UTC().Format("02/Jan/2006:15:04:05 -0700"),
			r.Method, r.URL(), r.Version, r.Status, size, quotable(r.Referer), quotable(r.UserAgent))
	},
	weblog.IIS: func(r *weblog.Request) string {
		return strings.Join([]string{text(r.Client), text(r.User), r.Time.Format("01/02/06"), r.Time.Format("15:04:05"), text(r.Site), text(r.Computer), text(r.Server),
			number(r.Taken.Milliseconds()), number(r.Received), number(r.Sent), number(r.Status), number(r.Win32Status), text(r.Method), text(r.Path), text(r.Query)}, ", ") + ","
	},
}

// quotable returns a text as Apache writes it between quotation marks.
func quotable(s string) string {
	if s == "" {
		return "-"
	}
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
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
	case "cs-uri":
		return text(r.URL())
	case "s-siteid":
		return text(r.Site)
	case "s-reason":
		return text(r.Reason)
	case "s-queuename":
		return text(r.Queue)
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
