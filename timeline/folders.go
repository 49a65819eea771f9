package timeline

import (
	"slices"
	"strconv"

	"github.com/birthmark-dfir/birthmark/damage"
)

// folders collects the coverage of files of which there are many in a folder: each
// folder has one.
type folders struct {
	sourceType, name string
	order            []*Coverage
}

func newFolders(sourceType, name string) *folders {
	return &folders{sourceType: sourceType, name: name}
}

// of returns the coverage of a folder.
func (f *folders) of(artifact string) *Coverage {
	for _, c := range f.order {
		if c.Artifact == artifact {
			return c
		}
	}
	c := &Coverage{Artifact: artifact, Name: f.name, Type: f.sourceType, State: Parsed}
	f.order = append(f.order, c)
	return c
}

// list returns what was collected. A folder of which not everything was read is read
// in part.
func (f *folders) list() []Coverage {
	var list []Coverage
	for _, c := range f.order {
		switch {
		case c.ProblemCount > 0 && c.Records > 0:
			c.State = Partly
		case c.ProblemCount > 0 && c.State == Parsed:
			c.State = Damaged
		}
		list = append(list, *c)
	}
	return list
}

// tooMany is the problem of a folder with more files than are read.
func tooMany(artifact string, most int) Problem {
	return damage.Note(damage.Limit, damage.New("number of files", -1, "more", strconv.Itoa(most)), artifact, "")
}

// readySource yields events of one kind that are kept.
type readySource struct {
	kind Kind
	ready
}

func (s readySource) find(w window, kinds kindSet, add func(ref)) maker {
	return s.ready.find(s.kind, w, kinds, add)
}

// addReady adds events of several kinds that are kept, sorted by time.
func (t *Timeline) addReady(events []Event) {
	byKind := map[Kind][]Event{}
	var kinds []Kind
	for _, e := range events {
		if byKind[e.Kind] == nil {
			kinds = append(kinds, e.Kind)
		}
		byKind[e.Kind] = append(byKind[e.Kind], e)
	}
	for _, kind := range kinds {
		list := byKind[kind]
		slices.SortStableFunc(list, func(a, b Event) int { return a.Time.Compare(b.Time) })
		t.sources = append(t.sources, readySource{kind, list})
	}
}
