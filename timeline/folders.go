package timeline

import (
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
