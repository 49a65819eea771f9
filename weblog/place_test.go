package weblog_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/weblog"
)

// changing is a log whose directives change, with damage in between, over several
// reads of the file.
func changing() string {
	var b strings.Builder
	for range 500 {
		b.WriteString(short + upload + later + "damaged\r\n" + later)
		b.WriteString("#Date: 2026-03-03 00:00:00\n#Fields: time cs-uri-stem\r\n13:42:11 /a\r\n\x00\x00\x0013:42:12 /b\n")
		b.WriteString("#Date: 2026-03-04 00:00:00\n13:42:11 /c\n")
	}
	return b.String()
}

func all(t testing.TB, r *weblog.Reader) []weblog.Request {
	t.Helper()
	var list []weblog.Request
	for req, err := range r.Requests() {
		if err == nil {
			list = append(list, req)
		}
	}
	return list
}

// From its place a request is read again as it was, and so are those behind it.
func TestPlaces(t *testing.T) {
	r := open(t, changing())
	list := all(t, r)
	if len(list) != 3000 {
		t.Fatalf("%d requests", len(list))
	}
	for i := 0; i < len(list); i += 97 {
		n := i
		for req, err := range r.From(list[i].Place()) {
			if err != nil {
				continue
			}
			if !reflect.DeepEqual(req, list[n]) {
				t.Fatalf("from request %d on, request %d: got %+v, want %+v", i, n, req, list[n])
			}
			if n++; n > i+20 {
				break
			}
		}
	}
	last := list[len(list)-1]
	for range r.From(weblog.Place{Offset: last.Offset + int64(len(last.Text)) + 1}) {
		t.Error("a request behind the last")
	}
}

// A cursor reads requests in any order.
func TestCursor(t *testing.T) {
	r := open(t, changing())
	list := all(t, r)
	backwards := slices.Clone(list)
	slices.Reverse(backwards)
	var scattered []weblog.Request
	for i := range list {
		scattered = append(scattered, list[i*1009%len(list)])
	}
	for name, order := range map[string][]weblog.Request{"forwards": list, "backwards": backwards, "scattered": scattered} {
		c := r.Cursor()
		for _, want := range order {
			got, err := c.Request(want.Place())
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: got %+v, %v, want %+v", name, got, err, want)
			}
		}
	}
}

// A place of one request is good for another, if no directive is between them.
func TestPlaceOfAnother(t *testing.T) {
	log := short + upload + later
	r := open(t, log)
	list := all(t, r)
	p := list[0].Place()
	p.Offset, p.Line = list[1].Offset, 2
	if got, err := r.Cursor().Request(p); err != nil || !reflect.DeepEqual(got, list[1]) || p != list[1].Place() {
		t.Errorf("got %+v, %v, want %+v", got, err, list[1])
	}
}

// A cursor says so if there is no request at a place.
func TestCursorElsewhere(t *testing.T) {
	log := short + upload + "\r\n" + strings.Repeat("x", 200_000)
	r := open(t, log)
	first := all(t, r)[0].Place()
	for _, tt := range []struct {
		name string
		at   func(p *weblog.Place)
		want string
	}{
		{"a directive", func(p *weblog.Place) { *p = weblog.Place{} }, `weblog: line 1: request at 0x0: got "#Fields: date time cs-method cs-"…`},
		{"an empty line", func(p *weblog.Place) { p.Offset += int64(len(upload)) }, `weblog: line 2: request at 0xa7: got ""`},
		{"the middle of a line", func(p *weblog.Place) { p.Offset += 3 }, `weblog: line 2: date at 0x63: got "6-03-02", want YYYY-MM-DD`},
		{"a long line", func(p *weblog.Place) { p.Offset += int64(len(upload)) + 2 }, `weblog: line 2: line at 0xa9: want ≤ 65536 bytes`},
		{"behind the end", func(p *weblog.Place) { p.Offset = 1 << 40 }, `weblog: line 2: request at 0x10000000000: got ""`},
		{"before the beginning", func(p *weblog.Place) { p.Offset = -1 }, `weblog: line 2: request: got ""`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := first
			tt.at(&p)
			_, err := r.Cursor().Request(p)
			var located *weblog.FormatError
			if !errors.As(err, &located) || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
	broken, err := weblog.NewReader(failing{strings.NewReader(log + log), int64(len(log))}, 2*int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	first.Offset = int64(len(log)) + 10
	if _, err := broken.Cursor().Request(first); err != errBroken {
		t.Errorf("got %v, want %v", err, errBroken)
	}
}
