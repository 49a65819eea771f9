package weblog

import (
	"iter"
	"strconv"
	"strings"
	"time"
)

// Request is one line of a log. A text is "" and a number -1 if the log does not
// have that field, or has a dash in it. In brackets the names in #Fields. What is part of a
// value of another format is in the fields that it is part of.
type Request struct {
	Format Format

	Time  time.Time     // of the answer, in UTC; in a log of Apache, of the request [date time]
	Local bool          // Time is what the server's clock showed: the log does not name its time zone
	Taken time.Duration // from the first byte of the request to the last of the answer, to the millisecond [time-taken]

	Client       string // address at the other end of the connection [c-ip]
	ForwardedFor string // what a proxy says about whom it asks for, and the client before it [x-forwarded-for]
	User         string // who authenticated [cs-username]
	Method       string // [cs-method]
	Path         string // of the URL, decoded by IIS [cs-uri-stem]
	Query        string // of the URL, without the question mark [cs-uri-query]
	Version      string // of the protocol [cs-version]
	Host         string // the Host header [cs-host]
	UserAgent    string // [cs(User-Agent)]
	Referer      string // [cs(Referer)]
	Cookie       string // [cs(Cookie)]

	Status      int64 // of HTTP [sc-status]
	Substatus   int64 // of IIS [sc-substatus]
	Win32Status int64 // error code of Windows [sc-win32-status]
	Sent        int64 // bytes of the answer [sc-bytes]
	Received    int64 // bytes of the request, its head included [cs-bytes]

	Site     string // instance of the service, such as W3SVC1 [s-sitename]
	Computer string // name of the server [s-computername]
	Server   string // address of the server [s-ip]
	Port     int64  // of the server [s-port]

	Reason string // why HTTP.SYS logged it in HTTPERR [s-reason]
	Queue  string // of the application pool, in HTTPERR [s-queuename]

	Offset int64  // of the line in the log, in bytes
	Line   int64  // its number, from 1
	Text   string // the line as logged, without its end; that of UTF-16 in UTF-8

	Problems []Problem // values that cannot be read; nil for a sound line

	layout *layout
	spans  []span // of the values in Text; nil if they follow from the layout alone
	day    int64
}

// URL returns what was asked for, with its query.
func (r *Request) URL() string {
	if r.Query == "" {
		return r.Path
	}
	return r.Path + "?" + r.Query
}

// Fields yields the names in #Fields and the values of the line, in the order of
// the log. Values of other formats have the names of the same fields in the W3C format,
// as far as there is one. Fields without a value are left out.
func (r *Request) Fields() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		if r.layout == nil {
			return
		}
		spans := r.spans
		if spans == nil {
			spans, _ = r.layout.simple(r.Text, nil)
		}
		for i, s := range spans {
			if v := s.of(r.Text); v != "" && !yield(r.layout.names[i], v) {
				return
			}
		}
	}
}

// Field returns the value of a field by its name in #Fields, ignoring case; "" if
// there is none.
func (r *Request) Field(name string) string {
	for n, v := range r.Fields() {
		if strings.EqualFold(n, name) {
			return v
		}
	}
	return ""
}

// Place returns where r can be read again.
func (r *Request) Place() Place {
	p := Place{Offset: r.Offset, Line: r.Line - 1, day: r.day}
	if r.layout != nil {
		p.fields = r.layout.offset + 1
	}
	return p
}

// A Place is where the reading of a log can begin: the beginning of a line, and
// what the directives before it say. A Place of one line is also good for another
// line with its Offset and Line, if no directive is between them. Places can be
// compared; the zero Place is the beginning of the log.
type Place struct {
	Offset int64 // in bytes from the beginning of the log
	Line   int64 // number of lines before it

	fields int64 // one more than the offset of the #Fields that holds, 0 if none does
	day    int64 // in seconds since 1970: midnight of the #Date that holds, 0 if none does
}

// line names the line of a place for errors.
func lineName(number int64) string { return "line " + strconv.FormatInt(number+1, 10) }
