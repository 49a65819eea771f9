package origin

import (
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// A trace is what a record holds about a running program: the program, what it did,
// and to what. A trace without a kind only shows that the program ran.
type trace struct {
	guid   winid.GUID // of the process; zero if the record has none
	image  string
	kind   ActionKind
	target string
}

// deeds are what the records hold about runs of the subject, beside their starts.
type deeds struct {
	ran     []timeline.Event // records that have the subject as running program, in order of time
	loads   []timeline.Event // Sysmon 7 and 6 about the subject as a library or driver
	actions []Action
}

// maxDeeds limits how many records of each kind are kept.
const maxDeeds = 50

// keepEvent returns an event that shares no memory with others.
func keepEvent(e *timeline.Event, d evtx.TypedEvent) timeline.Event {
	own := *e
	own.Data = evtx.Clone(d)
	return own
}

// add adds a record of the running subject.
func (all *deeds) add(e *timeline.Event, t trace, at map[[2]string]int) {
	if len(all.ran) < maxDeeds {
		all.ran = append(all.ran, keepEvent(e, e.Data.(evtx.TypedEvent)))
	}
	if t.kind == "" || winid.Undash(t.target) == "" {
		return
	}
	key := [2]string{string(t.kind), winpath.Fold(t.target)}
	i, known := at[key]
	if !known {
		n := 0
		for _, a := range all.actions {
			if a.Kind == t.kind {
				n++
			}
		}
		if n == maxDeeds {
			return
		}
		i = len(all.actions)
		at[key] = i
		all.actions = append(all.actions, Action{Kind: t.kind, Target: clip(t.target), Time: e.Time})
	}
	a := &all.actions[i]
	if a.Count++; a.Count <= 3 {
		a.Evidence = append(a.Evidence, cite(e, "Image", t.image, string(t.kind), t.target))
	}
}
