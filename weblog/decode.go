package weblog

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
)

// decoder makes requests of lines, under the directives that it has met.
type decoder struct {
	reader *Reader
	layout *layout
	day    int64 // see Place
	spans  []span
	date   string // the last that was read, and its midnight
	unix   int64
}

// directive takes in a directive.
func (d *decoder) directive(l line) {
	switch name, value := directive(d.reader.encoding.text(l.text)); name {
	case "Fields":
		d.layout = newLayout(value)
		d.layout.offset = l.offset
	case "Date":
		date, _, _ := strings.Cut(value, " ")
		d.day, _ = midnight(date)
	}
}

// resume makes the directives hold that hold at a place.
func (d *decoder) resume(p Place) error {
	d.day = p.day
	at := p.fields - 1
	if at < 0 || d.layout != nil && d.layout.offset == at {
		return nil
	}
	d.layout = nil
	w := window{encoding: d.reader.encoding, r: d.reader.r, size: d.reader.size}
	l, err := w.line(at)
	if err != nil {
		return d.reader.in(err, "")
	}
	if name, value := directive(d.reader.encoding.text(l.text)); name == "Fields" {
		d.layout = newLayout(value)
		d.layout.offset = at
	}
	return nil
}

// request makes the request of a line. With an error it has only what identifies the
// line, and its time.
func (d *decoder) request(l line) (Request, error) {
	req := Request{
		Format: d.reader.format,
		Taken:  -1, Status: -1, Substatus: -1, Win32Status: -1, Sent: -1, Received: -1, Port: -1,
		Offset: l.offset, Line: l.number + 1, Text: d.reader.encoding.text(l.text), layout: d.layout, day: d.day,
	}
	if l.long {
		return d.lost(&req), d.damaged(l, damage.New("line", l.offset, nil, fmt.Sprintf("≤ %d bytes", maxLine)))
	}
	spans, err := d.split(&req)
	if spans == nil {
		return d.lost(&req), d.damaged(l, err)
	} else if err != nil {
		req.Problems = append(req.Problems, d.reader.note(damage.Malformed, err, lineName(l.number)))
	}
	if err := d.fill(&req, spans); err != nil {
		return d.lost(&req), d.damaged(l, err)
	}
	if l.cut {
		err := damage.New("end of the line", l.offset+int64(len(l.text)), nil, "CR LF")
		req.Problems = append(req.Problems, d.reader.note(damage.Truncation, err, lineName(l.number)))
	}
	return req, nil
}

// split finds the values of a line, and sets the layout that they have. Err says which
// of them are unknown; without values, why the line cannot be read.
func (d *decoder) split(req *Request) (values []span, err *damage.Error) {
	switch d.reader.format {
	case NCSA:
		d.layout, req.spans = ncsaLine(req.Text, d.layout)
		if req.layout = d.layout; req.spans == nil {
			return nil, damage.New("line", req.Offset, quoted(req.Text), `client ident user [time] "request" status bytes`)
		}
		return req.spans, nil
	case IIS:
		req.layout = iisLayout
		req.spans, err = iisLine(req.Text, req.Offset)
		return req.spans, d.inText(req, err)
	}
	if d.layout == nil {
		return nil, damage.New("fields", req.Offset, quoted(req.Text), "#Fields before it")
	}
	req.Format = d.layout.format()
	if d.reader.quotes {
		if req.spans = quotedParts(req.Text); len(req.spans) == len(d.layout.names) {
			return req.spans, nil
		}
		req.spans = nil
	}
	values, simple := d.layout.simple(req.Text, d.spans)
	if simple {
		d.spans = values
		return values, nil
	}
	req.spans, err = d.layout.align(req.Text, req.Offset)
	return req.spans, err
}

// inText gives an error about a value its offset in a log that is not stored in bytes.
func (d *decoder) inText(req *Request, err *damage.Error) *damage.Error {
	if err != nil && err.Offset > req.Offset {
		err.Offset = d.offset(req, int(err.Offset-req.Offset))
	}
	return err
}

// offset returns the offset in the log of a byte of the text of a line.
func (d *decoder) offset(req *Request, i int) int64 {
	return req.Offset + d.reader.encoding.size(req.Text, i)
}

// lost returns what is known of a line that cannot be read. Most that is damaged is
// behind the time.
func (d *decoder) lost(req *Request) Request {
	kept := Request{Format: req.Format, Offset: req.Offset, Line: req.Line, Text: req.Text}
	kept.Time, kept.Local = d.timeIn(req.Text, req.Format)
	return kept
}

// timeIn returns the time that a line begins with, or zero.
func (d *decoder) timeIn(text string, f Format) (at time.Time, local bool) {
	day, since, ok := int64(0), time.Duration(0), false
	switch f {
	case NCSA:
		s := stampIn(text)
		at, _ = stampTime(text[s.start:s.end])
		return at, false
	case IIS:
		parts := strings.SplitN(text, ",", 5)
		if len(parts) == 5 {
			day, local = usMidnight(strings.TrimSpace(parts[2]))
			since, ok = sinceMidnight(strings.TrimSpace(parts[3]))
		}
		ok = ok && local
	default:
		parts := append(strings.SplitN(text, " ", 3), "")
		isDay := false
		day, isDay = midnight(parts[0])
		if since, ok = sinceMidnight(parts[1]); !isDay {
			day = d.day
			since, ok = sinceMidnight(parts[0])
			ok = ok && day != 0
		}
	}
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(day, 0).UTC().Add(since), local
}

func (d *decoder) damaged(l line, err *damage.Error) error {
	return d.reader.in(err, lineName(l.number))
}

// fill sets the fields of a request from the values of its line.
func (d *decoder) fill(req *Request, spans []span) *damage.Error {
	var date, clock, localDate, localClock span
	for i, s := range spans {
		v := s.of(req.Text)
		if v == "" {
			continue
		}
		switch column := req.layout.columns[i]; column {
		case colDate:
			date = s
		case colTime:
			clock = s
		case colDateLocal:
			localDate = s
		case colTimeLocal:
			localClock = s
		case colStamp:
			req.Time, _ = stampTime(v)
		case colURI:
			req.Path, req.Query, _ = strings.Cut(v, "?")
		case colRequestLine:
			req.Method, req.Path, req.Query, req.Version = requestLine(v)
		case colTaken:
			var ms int64
			if d.number(req, i, s, math.MaxInt64/int64(time.Millisecond), &ms) {
				req.Taken = time.Duration(ms) * time.Millisecond
			}
		case colTakenSeconds:
			req.Taken, _ = time.ParseDuration(v + "s")
		default:
			if text := column.text(req); text != nil {
				if *text == "" || column != colForwardedFor { // several headers may be logged
					*text = v
				}
			} else if n := column.number(req); n != nil {
				d.number(req, i, s, math.MaxInt64, n)
			}
		}
	}
	if !req.Time.IsZero() {
		return nil
	}
	if clock == (span{}) && localClock != (span{}) {
		date, clock, req.Local = localDate, localClock, true
	}
	return d.time(req, date, clock)
}

// requestLine splits the first line of a request. What is not one has no parts.
func requestLine(line string) (method, path, query, version string) {
	method, rest, ok := strings.Cut(line, " ")
	if !ok || method == "" {
		return "", "", "", ""
	}
	if i := strings.LastIndex(rest, " HTTP/"); i >= 0 {
		rest, version = rest[:i], rest[i+1:]
	}
	path, query, _ = strings.Cut(rest, "?")
	return method, path, query, version
}

// number reads the number of field i into n, which stays if it is not a number up
// to most.
func (d *decoder) number(req *Request, i int, s span, most int64, n *int64) bool {
	got, err := strconv.ParseUint(s.of(req.Text), 10, 63)
	if err != nil || got > uint64(most) {
		wrong := damage.New(req.layout.names[i], d.offset(req, s.start), quoted(s.of(req.Text)), "a number")
		req.Problems = append(req.Problems, d.reader.note(damage.Malformed, wrong, lineName(req.Line-1)))
		return false
	}
	*n = int64(got)
	return true
}

// time sets the time of a request.
func (d *decoder) time(req *Request, date, clock span) *damage.Error {
	day := d.day
	if text := date.of(req.Text); text != "" {
		if text != d.date {
			unix, ok, form := int64(0), false, "YYYY-MM-DD"
			if req.Format == IIS {
				unix, ok = usMidnight(text)
				form = "M/D/YY"
			} else {
				unix, ok = midnight(text)
			}
			if !ok {
				return damage.New("date", d.offset(req, date.start), quoted(text), form)
			}
			d.date, d.unix = strings.Clone(text), unix
		}
		day = d.unix
	} else if day == 0 {
		return damage.New("date", req.Offset, nil, "a date, or #Date before it")
	}
	since, ok := sinceMidnight(clock.of(req.Text))
	if !ok {
		return damage.New("time", d.offset(req, clock.start), quoted(clock.of(req.Text)), "HH:MM:SS")
	}
	req.Time = time.Unix(day, 0).UTC().Add(since)
	req.Local = req.Local || req.Format == IIS
	return nil
}
