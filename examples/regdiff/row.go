package main

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/registry"
)

// writer writes changes in a format.
type writer interface {
	header(before, after string) error
	change(c *registry.Change) error
	end() error
}

func newWriter(format string, w io.Writer) (writer, error) {
	switch format {
	case "text":
		return &textWriter{w: w}, nil
	case "jsonl":
		return jsonWriter{w}, nil
	}
	return nil, cli.Usagef("format %q: want one of text, jsonl", format)
}

// row is a change as jsonl has it.
type row struct {
	Change   string  `json:"change"`
	Key      string  `json:"key"`
	Value    *string `json:"value,omitempty"` // name; "" is the default value
	Before   *side   `json:"before,omitempty"`
	After    *side   `json:"after,omitempty"`
	Doubtful bool    `json:"doubtful,omitempty"` // damage may hide what one hive does not have
}

// side is what one hive has.
type side struct {
	LastWrite string  `json:"last_write"` // of the key: RFC 3339 in UTC with 100 ns, or "" if unset
	Class     *string `json:"class,omitempty"`
	Owner     string  `json:"owner,omitempty"`
	Security  string  `json:"security,omitempty"` // descriptor, in hexadecimal
	Type      string  `json:"type,omitempty"`
	Text      string  `json:"text,omitempty"` // of the data
	Data      *string `json:"data,omitempty"` // in hexadecimal
	Offset    int64   `json:"offset"`         // of the cell of the value, else of the key
}

func newSide(kind registry.ChangeKind, k *registry.Key, v *registry.Value, offset int64) *side {
	if k == nil || offset < 0 {
		return nil
	}
	s := &side{LastWrite: stamp(k.LastWrite), Offset: offset}
	switch { // what is damaged is reported by Diff, and what is left of it is shown
	case v != nil:
		data, _ := v.Data()
		text := hex.EncodeToString(data)
		s.Type, s.Text, s.Data = v.Type.String(), v.String(), &text
	case kind == registry.ClassChanged:
		class, _ := k.Class()
		s.Class = &class
	case kind == registry.SecurityChanged:
		descriptor, _ := k.SecurityDescriptor()
		s.Security = hex.EncodeToString(descriptor)
		s.Owner, _ = k.OwnerSID()
	}
	return s
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return filetime.Clamp(t).Format(time.RFC3339Nano)
}

type jsonWriter struct{ w io.Writer }

func (jsonWriter) header(string, string) error { return nil }
func (jsonWriter) end() error                  { return nil }

func (j jsonWriter) change(c *registry.Change) error {
	before, after := c.Offsets()
	r := row{
		Change: string(c.Kind), Key: c.Path, Doubtful: c.Doubtful,
		Before: newSide(c.Kind, c.KeyBefore, c.ValueBefore, before),
		After:  newSide(c.Kind, c.KeyAfter, c.ValueAfter, after),
	}
	for _, v := range []*registry.Value{c.ValueBefore, c.ValueAfter} {
		if v != nil {
			r.Value = &v.Name
		}
	}
	line, err := show.JSONLine(r)
	if err == nil {
		_, err = j.w.Write(line)
	}
	return err
}

// textWriter writes text as of diff -u.
type textWriter struct {
	w      io.Writer
	key    string // that the last line belongs to
	any    bool
	counts map[registry.ChangeKind]int
}

func (t *textWriter) header(before, after string) error {
	_, err := fmt.Fprintf(t.w, "--- %s\n+++ %s\n", show.Text(before), show.Text(after))
	t.counts = map[registry.ChangeKind]int{}
	return err
}

// end writes how many changes of each kind there are.
func (t *textWriter) end() error {
	if !t.any {
		_, err := fmt.Fprintln(t.w, "no difference")
		return err
	}
	for _, kind := range []registry.ChangeKind{
		registry.KeyAdded, registry.KeyRemoved, registry.TimeChanged, registry.ClassChanged, registry.SecurityChanged,
		registry.ValueAdded, registry.ValueRemoved, registry.ValueChanged,
	} {
		if n := t.counts[kind]; n > 0 {
			if _, err := fmt.Fprintf(t.w, "# %s: %d\n", kind, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *textWriter) change(c *registry.Change) error {
	t.counts[c.Kind]++
	before, after := c.Offsets()
	ofKey := c.Kind == registry.KeyAdded || c.Kind == registry.KeyRemoved
	if !ofKey && (t.key != c.Path || !t.any) && c.KeyBefore != nil && c.KeyAfter != nil {
		if _, err := fmt.Fprintf(t.w, " %s\n", path(c.Path)); err != nil {
			return err
		}
	}
	t.key, t.any = c.Path, true
	doubt := ""
	if c.Doubtful {
		doubt = " (the other hive is damaged here, and may have it)"
	}
	old, new := newSide(c.Kind, c.KeyBefore, c.ValueBefore, before), newSide(c.Kind, c.KeyAfter, c.ValueAfter, after)
	from := 0
	if old != nil && new != nil && old.Type == new.Type {
		from = firstDifference(old.Text, new.Text)
	}
	for _, s := range []struct {
		sign string
		*side
	}{{"-", old}, {"+", new}} {
		if s.side == nil {
			continue
		}
		text := ""
		switch {
		case ofKey:
			text = path(c.Path) + "  " + s.LastWrite
		case c.Kind == registry.TimeChanged:
			text = "    last written " + cmp.Or(s.LastWrite, "never")
		case c.Kind == registry.ClassChanged:
			text = "    class " + show.Text(cmp.Or(*s.Class, "none"))
		case c.Kind == registry.SecurityChanged:
			text = fmt.Sprintf("    security of owner %s: %s", s.Owner, s.Security)
		default:
			text = fmt.Sprintf("    %s %s %s", valueName(c), s.Type, shown(s.Text, from))
		}
		if _, err := fmt.Fprintf(t.w, "%s%s @%#x%s\n", s.sign, text, s.Offset, doubt); err != nil {
			return err
		}
	}
	return nil
}

// Of long data, text has maxShown bytes from shortly before what differs.
const (
	maxShown   = 400
	maxShownOf = 32 // what does not differ
)

// shown returns the data of a value, of which what begins at from differs.
func shown(text string, from int) string {
	if len(text) <= maxShown {
		return show.Text(text)
	}
	before := ""
	if from > maxShownOf {
		before = show.Cut(text, from-maxShownOf)
	}
	part := show.Cut(text[len(before):], maxShown)
	mark := ""
	if before != "" {
		mark = "…"
	}
	after := ""
	if len(before)+len(part) < len(text) {
		after = "…"
	}
	return mark + show.Text(part) + after
}

// firstDifference returns the length of the prefix that two texts share.
func firstDifference(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func path(p string) string {
	if p == "" {
		return "(root)"
	}
	return show.Text(p)
}

func valueName(c *registry.Change) string {
	v := c.ValueAfter
	if v == nil {
		v = c.ValueBefore
	}
	if v.Name == "" {
		return "(default)"
	}
	return show.Text(v.Name)
}
