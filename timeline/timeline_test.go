package timeline

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// day returns a time on the day of all tests.
func day(hour, minute, sec int) time.Time {
	return time.Date(2019, 6, 14, hour, minute, sec, 0, time.UTC)
}

// fake is a source of hand-made events, found in the given order.
type fake struct {
	events []Event
	open   *int // number of makers not closed
}

func (f fake) find(w window, kinds kindSet, add func(ref)) maker {
	for i, e := range f.events {
		if ticks := filetime.Ticks(e.Time); w.holds(ticks) && kinds.holds(e.Kind) {
			add(ref{ticks: ticks, key: uint64(i)})
		}
	}
	*f.open++
	return fakeMaker(f)
}

type fakeMaker fake

func (m fakeMaker) make(r ref) Event { return m.events[r.key] }
func (m fakeMaker) close()           { *m.open-- }

func fakeTimeline(open *int, opts ...Option) *Timeline {
	event := func(kind Kind, at time.Time, message string) Event {
		return Event{Kind: kind, Time: at, Message: message}
	}
	return &Timeline{opt: newOptions(opts), sources: []source{
		fake{[]Event{
			event(Logon, day(10, 0, 2), "a0"),
			event(Logoff, day(10, 0, 1), "a1"), // a log need not be in order of time
			event(Logon, day(10, 0, 2), "a2"),
		}, open},
		fake{[]Event{
			event(FileCreated, day(10, 0, 2), "b0"),
			event(FileCreated, day(10, 0, 0), "b1"),
			event(FileCreated, day(10, 0, 2).Add(100), "b2"), // one tick later
		}, open},
	}}
}

func messages(events iter.Seq[Event]) []string {
	var got []string
	for e := range events {
		got = append(got, e.Message)
	}
	return got
}

func TestOrderAndWindows(t *testing.T) {
	var open int
	tl := fakeTimeline(&open)
	windowed := fakeTimeline(&open, WithWindow(day(10, 0, 1), day(10, 0, 2)))
	for _, tt := range []struct {
		name   string
		events iter.Seq[Event]
		want   string
	}{
		{"all, ties by source, then record", tl.Events(), "[b1 a1 a0 a2 b0 b2]"},
		{"both ends included", tl.Between(day(10, 0, 1), day(10, 0, 2)), "[a1 a0 a2 b0]"},
		{"open beginning", tl.Between(time.Time{}, day(10, 0, 1)), "[b1 a1]"},
		{"open end", tl.Between(day(10, 0, 2).Add(100), time.Time{}), "[b2]"},
		{"around", tl.Around(day(10, 0, 1), time.Second), "[b1 a1 a0 a2 b0]"},
		{"one kind", tl.ByKind(Logon), "[a0 a2]"},
		{"two kinds", tl.ByKind(Logoff, FileCreated), "[b1 a1 b0 b2]"},
		{"no kind", tl.ByKind(), "[]"},
		{"two kinds from a time on", tl.KindsBetween(day(10, 0, 2), time.Time{}, Logoff, FileCreated), "[b0 b2]"},
		{"no kind in a time", tl.KindsBetween(day(10, 0, 1), day(10, 0, 2)), "[]"},
		{"window of Collect", windowed.Events(), "[a1 a0 a2 b0]"},
		{"window in the window of Collect", windowed.Between(day(9, 0, 0), day(10, 0, 1)), "[a1]"},
		{"kinds in the window of Collect", windowed.ByKind(FileCreated), "[b0]"},
		{"empty window", tl.Between(day(10, 0, 2), day(10, 0, 1)), "[]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 { // a sequence can be ranged over again
				if got := fmt.Sprint(messages(tt.events)); got != tt.want {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			}
		})
	}
	if open != 0 {
		t.Errorf("%d sources left open", open)
	}
}

func TestEarlyBreakClosesSources(t *testing.T) {
	var open int
	for range fakeTimeline(&open).Events() {
		if open != 2 {
			t.Errorf("%d sources open while ranging, want 2", open)
		}
		break
	}
	if open != 0 {
		t.Errorf("%d sources left open", open)
	}
}

func TestCoverageCountsWhatItDoesNotList(t *testing.T) {
	var c Coverage
	for range MaxProblems + 5 {
		c.add(Problem{Err: &FormatError{What: "chunk"}})
	}
	c.saw(day(2, 0, 0))
	c.saw(time.Time{})
	c.saw(day(1, 0, 0))
	if c.ProblemCount != MaxProblems+5 || len(c.Problems) != MaxProblems {
		t.Errorf("got %d, %d listed", c.ProblemCount, len(c.Problems))
	}
	if c.First != day(1, 0, 0) || c.Last != day(2, 0, 0) {
		t.Errorf("got %v to %v", c.First, c.Last)
	}
}

// Kinds has each constant of kind.go once: a query for all kinds would miss the
// events of a kind that it lacks.
func TestKindsAreTheConstants(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "kind.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var want []Kind
	ast.Inspect(file, func(n ast.Node) bool {
		spec, _ := n.(*ast.ValueSpec)
		if spec == nil {
			return true
		}
		if typ, _ := spec.Type.(*ast.Ident); typ != nil && typ.Name == "Kind" {
			for _, v := range spec.Values {
				k, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, Kind(k))
			}
		}
		return true
	})
	slices.Sort(want)
	if got := slices.Sorted(slices.Values(Kinds())); !slices.Equal(got, want) || len(want) == 0 {
		t.Errorf("Kinds are\n%q, the constants\n%q", got, want)
	}
}

func TestMerge(t *testing.T) {
	var open int
	a, b := fakeTimeline(&open), fakeTimeline(&open)
	merged := Merge(a.ByKind(Logon, Logoff), b.ByKind(FileCreated), b.ByKind())
	if got, want := fmt.Sprint(messages(merged)), "[b1 a1 a0 a2 b0 b2]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for range merged {
		break
	}
	if open != 0 {
		t.Errorf("%d sources left open after a break", open)
	}
}

// slow finds its refs a few at a time.
type slow struct{ parts [][]Event } // each in any order, the parts in order of their first times

func (s slow) find(w window, kinds kindSet, _ func(ref)) maker { return &slowMaker{slow: s} }

type slowMaker struct {
	slow
	next int
}

func (m *slowMaker) due() (uint64, bool) {
	if m.next == len(m.parts) {
		return 0, false
	}
	first := ^uint64(0)
	for _, e := range m.parts[m.next] {
		first = min(first, filetime.Ticks(e.Time))
	}
	return first, true
}

func (m *slowMaker) more(add func(ref)) {
	for i, e := range m.parts[m.next] {
		add(ref{ticks: filetime.Ticks(e.Time), key: uint64(m.next*100 + i)})
	}
	m.next++
}

func (m *slowMaker) make(r ref) Event { return m.parts[r.key/100][r.key%100] }
func (m *slowMaker) close()           {}

// Events of sources that find them late come in the same order as if they had all been
// found at once.
func TestLateSources(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var sources []source
		type placed struct {
			at            time.Time
			source, place int
		}
		var want []placed
		for s := range 1 + draw.IntN(3) {
			var parts [][]Event
			for range draw.IntN(5) {
				var part []Event
				for range 1 + draw.IntN(6) {
					part = append(part, Event{Time: day(10, 0, draw.IntN(30))})
				}
				parts = append(parts, part)
			}
			first := func(part []Event) time.Time {
				return slices.MinFunc(part, func(a, b Event) int { return a.Time.Compare(b.Time) }).Time
			}
			slices.SortStableFunc(parts, func(a, b []Event) int { return first(a).Compare(first(b)) })
			for n, part := range parts {
				for i := range part {
					part[i].Message = fmt.Sprint(s, " ", n*100+i)
					want = append(want, placed{part[i].Time, s, n*100 + i})
				}
			}
			sources = append(sources, slow{parts})
		}
		open := 0
		sources = append(sources, fake{[]Event{{Time: day(10, 0, 15), Message: fmt.Sprint(len(sources), " ", 0)}}, &open})
		want = append(want, placed{day(10, 0, 15), len(sources) - 1, 0})
		slices.SortFunc(want, func(a, b placed) int {
			return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.source, b.source), cmp.Compare(a.place, b.place))
		})
		var list []string
		for _, p := range want {
			list = append(list, fmt.Sprint(p.source, " ", p.place))
		}
		tl := &Timeline{opt: newOptions(nil), sources: sources}
		if got := messages(tl.Events()); !slices.Equal(got, list) {
			t.Fatalf("got %q, want %q", got, list)
		}
	}
}
