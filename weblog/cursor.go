package weblog

import (
	"os"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Cursor reads single requests of a log again. It keeps what it read last, so that
// requests that are near each other cost one read. It is not for use by several
// goroutines.
type Cursor struct {
	decoder decoder
	window  window
}

// Cursor returns a Cursor over the log.
func (r *Reader) Cursor() *Cursor {
	if !r.isOpen() {
		return &Cursor{}
	}
	return &Cursor{decoder: decoder{reader: r}, window: window{encoding: r.encoding, r: r.r, size: r.size}}
}

// Request returns the request at a place. A *FormatError means that there is no
// request there.
func (c *Cursor) Request(p Place) (Request, error) {
	r := c.decoder.reader
	if !r.isOpen() {
		return Request{}, os.ErrInvalid
	}
	if err := c.decoder.resume(p); err != nil {
		return Request{}, err
	}
	l, err := c.window.line(p.Offset)
	if err != nil {
		return Request{}, r.in(err, "")
	}
	l.number = p.Line
	if text := r.encoding.text(l.text); r.isDirective(text) || text == "" {
		return Request{}, c.decoder.damaged(l, damage.New("request", p.Offset, quoted(text), nil))
	}
	return c.decoder.request(l)
}
