package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/winid"
)

// changes are what the flags change in every event.
type changes struct {
	maps  []textMap
	sets  []setting
	shift time.Duration
	start time.Time // of the first event, or zero
}

// textMap replaces a text.
type textMap struct {
	old  string
	find *regexp.Regexp
	new  string
	used bool
}

// setting gives a field a value.
type setting struct {
	field, value string
	used         bool
}

// addMap adds a pair of -map. Names of Windows are the same in any case.
func (c *changes) addMap(old, new string) error {
	c.maps = append(c.maps, textMap{old: old, find: regexp.MustCompile(`(?i)` + regexp.QuoteMeta(old)), new: new})
	return nil
}

func (c *changes) addSet(field, value string) error {
	c.sets = append(c.sets, setting{field: field, value: value})
	return nil
}

// apply returns the event with all changes.
func (c *changes) apply(e *evtx.Event) (*evtx.Event, error) {
	if !c.start.IsZero() {
		c.shift, c.start = c.start.Sub(e.TimeCreated), time.Time{}
	}
	if len(c.maps) == 0 && len(c.sets) == 0 && c.shift == 0 {
		return e, nil
	}
	tree := e.Tree()
	err := each(&tree, "", func(path string, v *evtx.Value) (err error) {
		if !named(path) {
			for i := range c.maps {
				if err := c.maps[i].apply(v); err != nil {
					return err
				}
			}
		}
		if c.shift != 0 {
			*v = moved(*v, c.shift)
		}
		for i := range c.sets {
			if s := &c.sets[i]; strings.HasSuffix("/"+path, "/"+s.field) {
				if err := s.apply(v); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return evtx.NewEvent(tree), err
}

// each calls f for all values of an event, with their paths. The name of a Data element
// in a path is its Name attribute.
func each(f *evtx.Field, path string, visit func(path string, v *evtx.Value) error) error {
	for i := range f.Attributes {
		a := &f.Attributes[i]
		if err := visit(path+"/@"+a.Name, &a.Value); err != nil {
			return fmt.Errorf("%s/@%s: %w", path, a.Name, err)
		}
	}
	if len(f.Fields) == 0 || !f.Value.IsNull() {
		if err := visit(path, &f.Value); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	for i := range f.Fields {
		k := &f.Fields[i]
		name := k.Name
		if name == "Data" || name == "ComplexData" {
			for _, a := range k.Attributes {
				if a.Name == "Name" {
					name = a.Value.String()
				}
			}
		}
		if err := each(k, strings.TrimPrefix(path+"/"+name, "/"), visit); err != nil {
			return err
		}
	}
	return nil
}

// named reports whether a value is a name that Windows gives.
func named(path string) bool {
	return path == "System/Channel" || strings.HasSuffix(path, "/@Name") || strings.Contains(path, "@xmlns")
}

// apply replaces the text in a value.
func (m *textMap) apply(v *evtx.Value) error {
	replaced := func(s string) string {
		out := m.find.ReplaceAllLiteralString(s, m.new)
		m.used = m.used || out != s
		return out
	}
	switch v.Type {
	case evtx.StringType, evtx.AnsiType:
		if s := v.String(); s != "" && m.find.MatchString(s) {
			*v = evtx.StringValue(replaced(s))
		}
	case evtx.StringType | evtx.ArrayFlag:
		var all []byte
		for _, s := range v.Strings() {
			all = append(append(all, evtx.StringValue(replaced(s)).Bytes()...), 0, 0)
		}
		*v = evtx.NewValue(v.Type, all)
	case evtx.SIDType:
		s := v.String()
		out := replaced(s)
		if out == s {
			return nil
		}
		sid, err := winid.ParseSID(out)
		if err != nil {
			return fmt.Errorf("-map %s=%s: %w", m.old, m.new, err)
		}
		*v = evtx.SIDValue(sid)
	}
	return nil
}

// apply gives a field the value, in the type that it has.
func (s *setting) apply(v *evtx.Value) error {
	t := v.Type
	if t == evtx.NullType || t == evtx.AnsiType {
		t = evtx.StringType
	}
	value, err := evtx.ParseValue(t, s.value)
	if err != nil {
		return fmt.Errorf("-set %s=%s: %w", s.field, s.value, err)
	}
	*v, s.used = value, true
	return nil
}

// never is a FILETIME in the year 30828, which Windows writes for a time that never comes.
const never = 1<<63 - 1

// textTime matches times that are written as text, as Sysmon and others do.
var textTime = regexp.MustCompile(`^\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(Z?)$`)

// moved returns a time moved by d, and any other value as it is.
func moved(v evtx.Value, d time.Duration) evtx.Value {
	switch v.Type {
	case evtx.FileTimeType:
		if n, ok := v.Uint64(); ok && n != 0 && n != never {
			return evtx.TimeValue(v.Time().Add(d))
		}
	case evtx.SysTimeType:
		if t := v.Time(); !t.IsZero() {
			return systemTime(t.Add(d))
		}
	case evtx.StringType:
		s := v.String()
		m := textTime.FindStringSubmatch(s)
		if m == nil {
			return v
		}
		layout := "2006-01-02" + m[1] + "15:04:05"
		if m[2] != "" {
			layout += "." + strings.Repeat("0", len(m[2]))
		}
		if t, err := time.Parse(layout+m[3], s); err == nil {
			return evtx.StringValue(t.Add(d).Format(layout + m[3]))
		}
	}
	return v
}

// systemTime returns a SYSTEMTIME.
func systemTime(t time.Time) evtx.Value {
	var b []byte
	for _, n := range []int{t.Year(), int(t.Month()), int(t.Weekday()), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1e6} {
		b = append(b, byte(n), byte(n>>8))
	}
	return evtx.NewValue(evtx.SysTimeType, b)
}
