package timeline

import (
	"bufio"
	"io"
	"iter"
	"strconv"
	"time"

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

func (o *object) name(name string) {
	if o.b[len(o.b)-1] != '{' {
		o.b = append(o.b, ',')
	}
	o.b = append(show.AppendJSON(o.b, name), ':')
}

func (o *object) text(name, value string) {
	if value == "" {
		return
	}
	o.name(name)
	o.b = show.AppendJSON(o.b, value)
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
