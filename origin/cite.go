package origin

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// hexID is a number that Windows writes in hexadecimal: a LogonId, a PID of the
// Security log.
type hexID uint64

func (id hexID) String() string { return fmt.Sprintf("%#x", uint64(id)) }

// maxText limits a value taken from evidence, in bytes.
const maxText = 1024

// clip cuts a text to maxText bytes, between characters.
func clip(s string) string {
	if cut := show.Cut(s, maxText); cut != s {
		return cut + "…"
	}
	return s
}

// values formats names and their values, as in "Image: C:\a.exe, ProcessId: 4". Empty
// values are omitted.
func values(pairs ...any) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		v := valueText(pairs[i+1])
		if v == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%v: %s", pairs[i], v)
	}
	return b.String()
}

func valueText(v any) string {
	switch v := v.(type) {
	case time.Time:
		return timeText(v)
	case winid.GUID:
		if v.IsZero() {
			return ""
		}
	case hexID:
		if v == 0 {
			return ""
		}
	}
	return clip(winid.Undash(fmt.Sprint(v)))
}

// oneLine joins the lines of a text, such as those of a Zone.Identifier.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' }), "; ")
}

// timeText writes a time as the facts do, clamped to the year 9999, or "" for the zero
// time.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return filetime.Clamp(t).UTC().Format(time.RFC3339Nano)
}

// cite cites an event with the given names and values of its record, else with its
// message.
func cite(e *timeline.Event, pairs ...any) Citation {
	c := Citation{Artifact: e.Source.Artifact, Record: e.Source.Record, Offset: e.Source.Offset, Time: e.Time, Text: values(pairs...)}
	if len(pairs) == 0 {
		c.Text = clip(e.Message)
	}
	return c
}

func (c Citation) same(d Citation) bool {
	return c.Artifact == d.Artifact && c.Record == d.Record && c.Offset == d.Offset
}
