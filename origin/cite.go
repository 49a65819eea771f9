package origin

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
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

// values formats names and their values, as in "Image: C:\a.exe, ProcessId: 4".
// Empty values are left out.
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
	return clip(undash(fmt.Sprint(v)))
}

// timeText writes a time as the facts do, "" for none.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// cite cites an event with names and values of its record, or without any with
// its message.
func cite(e *timeline.Event, pairs ...any) Citation {
	c := Citation{Artifact: e.Source.Artifact, Record: e.Source.Record, Offset: e.Source.Offset, Time: e.Time, Text: values(pairs...)}
	if len(pairs) == 0 {
		c.Text = clip(e.Message)
	}
	return c
}

// citeRecord cites an $MFT record, or a part of it at an offset.
func (q *inquiry) citeRecord(rec *mft.Record, offset int64, at time.Time, pairs ...any) Citation {
	return Citation{Artifact: q.mftArtifact, Record: rec.Ref.String(), Offset: offset, Time: at, Text: values(pairs...)}
}

// undash returns "" for the dash that Windows logs where there is nothing.
func undash(s string) string {
	return winid.Undash(s)
}

// account returns DOMAIN\user, or as much of it as is known.
func account(domain, user string) string {
	return winid.Account(domain, user)
}

// named returns a program with its PID.
func named(image string, pid uint32) string {
	if image == "" {
		image = "a process"
	}
	if pid == 0 {
		return image
	}
	return fmt.Sprintf("%s (PID %d)", image, pid)
}

// baseName returns the last part of a Windows path.
func baseName(path string) string {
	return winpath.Base(path)
}

// folder returns a Windows path without its last part and the backslash.
func folder(path string) string {
	return winpath.Dir(path)
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
