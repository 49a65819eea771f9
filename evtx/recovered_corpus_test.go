package evtx_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// layoutOf returns what identifies the fields of an event: what wrote it, and their
// names.
func layoutOf(e *evtx.Event) (kind, names string) {
	var b strings.Builder
	for _, f := range e.Fields {
		b.WriteString(f.Name + " ")
	}
	return fmt.Sprintf("%s %d version %d", e.Provider, e.EventID, e.Version), e.Element + ": " + b.String()
}

// Recovered records of the corpus have no fields of another event: whatever is whole
// has a layout that a live record of its kind has, too.
func TestRecoveredHaveTheirOwnFields(t *testing.T) {
	logs := append(testenv.CorpusGlob(t, "evtx/*/*.evtx"), filepath.SplitList(os.Getenv("BIRTHMARK_FACTS"))...)
	layouts := map[string]map[string]bool{}
	each := func(visit func(r *evtx.Reader)) {
		for _, name := range logs {
			r, err := evtx.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			visit(r)
			r.Close()
		}
	}
	each(func(r *evtx.Reader) {
		for rec, err := range r.Records() {
			if err != nil {
				continue
			}
			if e, err := rec.Event(); err == nil {
				kind, names := layoutOf(e)
				if layouts[kind] == nil {
					layouts[kind] = map[string]bool{}
				}
				layouts[kind][names] = true
			}
		}
	})
	grades := map[evtx.Grade]int{}
	compared, unknown := 0, 0
	each(func(r *evtx.Reader) {
		for rec, err := range r.Recovered() {
			if err != nil {
				t.Fatal(err)
			}
			grades[rec.Grade]++
			e, err := rec.Event()
			if rec.Grade == evtx.Torn {
				continue
			}
			if err != nil {
				t.Errorf("record at %#x is %v, but %v", rec.Offset, rec.Grade, err)
			}
			if rec.Grade != evtx.Whole {
				continue
			}
			kind, names := layoutOf(e)
			switch same := layouts[kind]; {
			case same == nil, !slices.ContainsFunc(e.Fields, func(f evtx.Field) bool { return f.Name != "" && f.Name != "Binary" }):
				unknown++ // or fields without names
			case !same[names]:
				t.Errorf("record at %#x: a %s with %s; live ones have %v", rec.Offset, kind, names, same)
			default:
				compared++
			}
		}
	})
	t.Logf("%v; of the whole ones %d have the fields of live records of their kind, and %d are of kinds that no live record is of, or have no names", grades, compared, unknown)
}
