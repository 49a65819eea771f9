package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// event is what the kind of an event is recognized by.
type event struct {
	provider string
	id       uint16
}

func eventOf(s evtx.System) event { return event{s.Provider, s.EventID} }

// survey is what was seen of each kind of event.
type survey map[event]*kind

// kind is what was seen of the events of one kind.
type kind struct {
	event
	name    string // of the kind in package evtx, or "" if it has no struct
	records int
	system  map[string]counts // fields of System that are constant for most kinds
	layouts map[string]*layout
	fields  map[string]*field
}

// layout is a sequence of field names.
type layout struct {
	names    []string
	records  int
	versions counts // System.Version
}

// version returns the version that most records of the layout have.
func (l *layout) version() int {
	n, _ := strconv.Atoi(l.versions.most())
	return n
}

// field is what was seen of a field in all layouts.
type field struct {
	types             map[evtx.ValueType]int // without null values
	null, dash, empty int
	times             int // text in the form of Sysmon's times
	examples          []string
}

const maxExamples = 4

// add adds an event.
func (s survey) add(e *evtx.Event) {
	k := s[eventOf(e.System)]
	if k == nil {
		k = &kind{event: eventOf(e.System), system: map[string]counts{}, layouts: map[string]*layout{}, fields: map[string]*field{}}
		if declared, ok := evtx.KindOf(evtx.TypedOf(&evtx.Event{System: e.System})); ok {
			k.name = declared.Name
		}
		s[k.event] = k
	}
	k.records++
	for name, value := range constants(e) {
		if k.system[name] == nil {
			k.system[name] = counts{}
		}
		k.system[name][value]++
	}
	names := namesOf(e)
	id := strings.Join(names, "\x00")
	l := k.layouts[id]
	if l == nil {
		l = &layout{names: names, versions: counts{}}
		k.layouts[id] = l
	}
	l.records++
	l.versions[fmt.Sprint(e.Version)]++
	i := 0
	for _, value := range e.Leaves() {
		name := names[i]
		if k.fields[name] == nil {
			k.fields[name] = &field{types: map[evtx.ValueType]int{}}
		}
		k.fields[name].add(value)
		i++
	}
}

// namesOf returns the names of the fields as a struct names them in its tags: fields
// without a name by their position, and a name that repeats with a number.
func namesOf(e *evtx.Event) []string {
	unnamed, seen := 0, map[string]int{}
	var names []string
	for name := range e.Leaves() {
		switch seen[name]++; {
		case name == "":
			name = fmt.Sprintf("#%d", unnamed)
			unnamed++
		case seen[name] > 1:
			name = fmt.Sprintf("%s, repeated (%d)", name, seen[name])
		}
		names = append(names, name)
	}
	return names
}

func (f *field) add(v evtx.Value) {
	if v.IsNull() {
		f.null++
		return
	}
	f.types[v.Type]++
	text := v.String()
	switch {
	case text == "":
		f.empty++
	case text == "-":
		f.dash++
	case v.Type == evtx.StringType && !v.Time().IsZero():
		f.times++
	}
	if text != "" && text != "-" && len(f.examples) < maxExamples && !slices.Contains(f.examples, text) {
		f.examples = append(f.examples, text)
	}
}

// constants returns the fields of System, and of the element with the data, that
// Windows writes alike in all events of most kinds.
func constants(e *evtx.Event) map[string]string {
	c := map[string]string{
		"guid": e.ProviderGUID.String(), "eventSource": e.EventSourceName, "channel": e.Channel,
		"level": fmt.Sprint(e.Level), "task": fmt.Sprint(e.Task), "opcode": fmt.Sprint(e.Opcode),
		"qualifiers": fmt.Sprint(e.Qualifiers), "keywords": fmt.Sprintf("%#x", e.Keywords),
	}
	switch {
	case e.UserData:
		c["element"], c["namespace"] = e.Element, e.Namespace
	case e.Element != "EventData":
		c["element"] = cmp.Or(e.Element, "(no data)")
	}
	return c
}

// sorted returns the kinds by provider and identifier.
func (s survey) sorted() []*kind {
	return slices.SortedFunc(maps.Values(s), func(a, b *kind) int {
		return cmp.Or(strings.Compare(a.provider, b.provider), cmp.Compare(a.id, b.id))
	})
}

// sortedLayouts returns the layouts from the oldest to the newest. A newer one has a
// higher version, or more fields.
func (k *kind) sortedLayouts() []*layout {
	return slices.SortedFunc(maps.Values(k.layouts), func(a, b *layout) int {
		return cmp.Or(cmp.Compare(a.version(), b.version()), cmp.Compare(len(a.names), len(b.names)), slices.Compare(a.names, b.names))
	})
}

// order returns all field names in the order of the newest layout, and the number of
// the first layout that has each. A field that the newest lacks follows the field that
// it follows in its own.
func order(layouts []*layout) (names []string, since map[string]int) {
	since = map[string]int{}
	for i := len(layouts) - 1; i >= 0; i-- {
		at := 0
		for _, name := range layouts[i].names {
			if j := slices.Index(names, name); j >= 0 {
				at = j + 1
			} else {
				names = slices.Insert(names, at, name)
				at++
			}
			since[name] = i
		}
	}
	return names, since
}

// counts is how often values were seen.
type counts map[string]int

// byFrequency returns the values, the most frequent first.
func (c counts) byFrequency() []string {
	return slices.SortedFunc(maps.Keys(c), func(a, b string) int { return cmp.Or(c[b]-c[a], strings.Compare(a, b)) })
}

func (c counts) most() string {
	if len(c) == 0 {
		return ""
	}
	return c.byFrequency()[0]
}

func (c counts) String() string {
	var all []string
	for _, v := range c.byFrequency() {
		all = append(all, fmt.Sprintf("%q in %d", v, c[v]))
	}
	return strings.Join(all, ", ")
}
