package weblog

import (
	"bytes"
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

// directive splits the text of a directive, "" for another line.
func directive(text []byte) (name string, value []byte) {
	if len(text) == 0 || text[0] != '#' {
		return "", nil
	}
	before, after, ok := bytes.Cut(text[1:], []byte(":"))
	if !ok {
		return "", nil
	}
	return string(before), bytes.TrimSpace(after)
}

// directive takes in a directive.
func (d *decoder) directive(l line) {
	switch name, value := directive(l.text); name {
	case "Fields":
		d.layout = newLayout(value)
		d.layout.offset = l.offset
	case "Date":
		date, _, _ := strings.Cut(string(value), " ")
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
	w := window{r: d.reader.r, size: d.reader.size}
	l, err := w.line(at)
	if err != nil {
		return d.reader.in(err, "")
	}
	if name, value := directive(l.text); name == "Fields" {
		d.layout = newLayout(value)
		d.layout.offset = at
	}
	return nil
}

// request makes the request of a line.
func (d *decoder) request(l line) (Request, error) {
	req := Request{
		Taken: -1, Status: -1, Substatus: -1, Win32Status: -1, Sent: -1, Received: -1, Port: -1,
		Offset: l.offset, Line: l.number + 1, layout: d.layout, day: d.day,
	}
	if l.long {
		return Request{}, d.damaged(l, damage.New("line", l.offset, nil, fmt.Sprintf("≤ %d bytes", maxLine)))
	}
	if d.layout == nil {
		return Request{}, d.damaged(l, damage.New("fields", l.offset, quoted(string(l.text)), "#Fields before it"))
	}
	req.Text = string(l.text)
	spans, simple := d.layout.simple(req.Text, d.spans)
	if simple {
		d.spans = spans
	} else {
		var err *damage.Error
		if spans, err = d.layout.align(req.Text, l.offset); spans == nil {
			return Request{}, d.damaged(l, err)
		} else if err != nil {
			req.Problems = append(req.Problems, d.reader.note(damage.Malformed, err, lineName(l.number)))
		}
		req.spans = spans
	}
	if err := d.fill(&req, spans); err != nil {
		return Request{}, d.damaged(l, err)
	}
	if l.cut {
		err := damage.New("end of the line", l.offset+int64(len(l.text)), nil, "CR LF")
		req.Problems = append(req.Problems, d.reader.note(damage.Truncation, err, lineName(l.number)))
	}
	return req, nil
}

func (d *decoder) damaged(l line, err *damage.Error) error {
	return d.reader.in(err, lineName(l.number))
}

// fill sets the fields of a request from the values of its line.
func (d *decoder) fill(req *Request, spans []span) *damage.Error {
	date, clock := span{}, span{}
	for i, s := range spans {
		v := s.of(req.Text)
		if v == "" {
			continue
		}
		switch column := d.layout.columns[i]; column {
		case colDate:
			date = s
		case colTime:
			clock = s
		case colTaken:
			var ms int64
			if d.number(req, i, s, math.MaxInt64/int64(time.Millisecond), &ms) {
				req.Taken = time.Duration(ms) * time.Millisecond
			}
		default:
			if text := column.text(req); text != nil {
				*text = v
			} else if n := column.number(req); n != nil {
				d.number(req, i, s, math.MaxInt64, n)
			}
		}
	}
	return d.time(req, date, clock)
}

// number reads the number of field i into n, which stays if it is not a number up
// to most.
func (d *decoder) number(req *Request, i int, s span, most int64, n *int64) bool {
	got, err := strconv.ParseUint(s.of(req.Text), 10, 63)
	if err != nil || got > uint64(most) {
		wrong := damage.New(d.layout.names[i], req.Offset+int64(s.start), quoted(s.of(req.Text)), "a number")
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
			unix, ok := midnight(text)
			if !ok {
				return damage.New("date", req.Offset+int64(date.start), quoted(text), "YYYY-MM-DD")
			}
			d.date, d.unix = strings.Clone(text), unix
		}
		day = d.unix
	} else if day == 0 {
		return damage.New("date", req.Offset, nil, "a date, or #Date before it")
	}
	since, ok := sinceMidnight(clock.of(req.Text))
	if !ok {
		return damage.New("time", req.Offset+int64(clock.start), quoted(clock.of(req.Text)), "HH:MM:SS")
	}
	req.Time = time.Unix(day, 0).UTC().Add(since)
	return nil
}

// midnight returns the beginning of a day in seconds since 1970. IIS may leave out
// the zeros of month and day. No web log is older than 1990.
func midnight(date string) (int64, bool) {
	year, rest, _ := strings.Cut(date, "-")
	month, day, _ := strings.Cut(rest, "-")
	y, ok1 := digits(year, 4, 4)
	m, ok2 := digits(month, 1, 2)
	d, ok3 := digits(day, 1, 2)
	if !ok1 || !ok2 || !ok3 || y < 1990 {
		return 0, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t.Unix(), t.Month() == time.Month(m) && t.Day() == d
}

// sinceMidnight reads the time of a day. Some writers add fractions of a second.
func sinceMidnight(clock string) (time.Duration, bool) {
	clock, fraction, fractional := strings.Cut(clock, ".")
	hour, rest, _ := strings.Cut(clock, ":")
	minute, second, _ := strings.Cut(rest, ":")
	h, ok1 := digits(hour, 1, 2)
	m, ok2 := digits(minute, 1, 2)
	s, ok3 := digits(second, 1, 2)
	if !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || s > 59 {
		return 0, false
	}
	since := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second
	if fractional {
		n, ok := digits(fraction, 1, 9)
		if !ok {
			return 0, false
		}
		for range 9 - len(fraction) {
			n *= 10
		}
		since += time.Duration(n)
	}
	return since, true
}

// digits reads a number of least to most decimal digits.
func digits(s string, least, most int) (n int, ok bool) {
	if len(s) < least || len(s) > most {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
