package evtx

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// Every line of the facts is a definition, and is written as that again.
func TestFacts(t *testing.T) {
	lines := slices.Collect(strings.Lines(definitionFacts))
	if !slices.IsSorted(lines) || len(slices.Compact(slices.Clone(lines))) != len(lines) {
		t.Error("the lines are not in order, or repeat")
	}
	seen := map[GUID]bool{}
	for _, line := range lines {
		line = strings.TrimSuffix(line, "\n")
		k := parseFact(line)
		if k == nil {
			t.Errorf("not a definition: %s", line)
			continue
		}
		if again, ok := k.fact(); again != line || !ok {
			t.Errorf("written as\n%s\nwant\n%s", again, line)
		}
		if seen[k.guid] {
			t.Errorf("%s has two lines", k.guid)
		}
		seen[k.guid] = true
	}
	if n := len(facts()); n != len(lines) || n < 300 {
		t.Errorf("%d definitions in %d lines", n, len(lines))
	}
}

// The definitions of data in the corpus are those of the facts. With -update, those of
// the corpus are added to the file.
func TestFactsAreMeasured(t *testing.T) {
	logs := append(testenv.CorpusGlob(t, "evtx/*/*.evtx"), filepath.SplitList(os.Getenv("BIRTHMARK_FACTS"))...)
	var found Definitions
	for _, name := range logs {
		r, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := found.Add(r); err != nil {
			t.Error(err)
		}
		r.Close()
	}
	known := map[GUID]*definition{}
	for _, k := range facts() {
		known[k.guid] = k
	}
	lines := slices.Collect(strings.Lines(definitionFacts))
	data, described := 0, 0
	for _, same := range found.known {
		for _, k := range same {
			if k.template.root().name == "Event" || !k.live {
				continue
			}
			data++
			line, ok := k.fact()
			if !ok {
				continue
			}
			described++
			switch f := known[k.guid]; {
			case f == nil && testenv.Updating():
				lines = append(lines, line+"\n")
			case f == nil:
				t.Errorf("not in the facts (go test -update adds it): %s", line)
			case !slices.Equal(f.types, k.types) || !equalNodes(f.template.nodes, k.template.nodes):
				was, _ := f.fact()
				t.Errorf("the facts have\n%s\nbut a log has\n%s", was, line)
			}
		}
	}
	t.Logf("%d definitions of data in %d logs, %d of them have a line", data, len(logs), described)
	if described*10 < data*9 {
		t.Errorf("only %d of %d definitions of data have a line", described, data)
	}
	if testenv.Updating() {
		slices.Sort(lines)
		if err := os.WriteFile("facts.tsv", []byte(strings.Join(lines, "")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
