package timeline

import (
	"bufio"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/show"
)

// writeLines writes what appendLine appends for each event. It stops at the first
// error of w.
func writeLines(w io.Writer, events iter.Seq[Event], appendLine func([]byte, *Event) []byte) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var line []byte
	for e := range events {
		line = appendLine(line[:0], &e)
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// timeText formats a time to 100 ns, the unit of Windows; "" if it is not set.
func timeText(t time.Time) string { return filetime.Text(t) }

// object appends a JSON object member by member. Members with an empty text are
// omitted.
type object struct{ b []byte }

func newObject(dst []byte) object { return object{append(dst, '{')} }

// name begins a member. Names are those of a format, and need no escapes.
func (o *object) name(name string) {
	if o.b[len(o.b)-1] != '{' {
		o.b = append(o.b, ',')
	}
	o.b = append(append(append(o.b, '"'), name...), '"', ':')
}

func (o *object) text(name, value string) {
	if value == "" {
		return
	}
	o.name(name)
	o.b = show.AppendJSON(o.b, value)
}

// A known text is one that was escaped before: events of a file follow each other, and
// repeat its path.
type knownText struct {
	text    string
	escaped []byte // with quotes
}

// textOf is object.text for a text that begins with one that may be known.
func (o *object) textOf(k *knownText, name, value, first string) {
	if first == "" || value == "" {
		o.text(name, value)
		return
	}
	if k.text != first {
		k.text, k.escaped = first, show.AppendJSON(k.escaped[:0], first)
	}
	switch rest, ok := strings.CutPrefix(value, first); {
	case ok && rest == "":
		o.name(name)
		o.b = append(o.b, k.escaped...)
	case ok && rest[0] < utf8.RuneSelf: // so the last character of first has ended
		o.name(name)
		n := len(o.b) + len(k.escaped) - 1
		o.b = show.AppendJSON(append(o.b, k.escaped[:len(k.escaped)-1]...), rest)
		o.b = append(o.b[:n], o.b[n+1:]...) // without the quote before rest
	default:
		o.text(name, value)
	}
}

func (o *object) int(name string, value int64) {
	o.name(name)
	o.b = strconv.AppendInt(o.b, value, 10)
}

func (o *object) bool(name string, value bool) {
	o.name(name)
	o.b = strconv.AppendBool(o.b, value)
}

// line closes the object and the line.
func (o *object) line() []byte { return append(o.b, "}\n"...) }
