// Package recipes walks through the recipes of CONTRIBUTING.md: in a copy of the
// module it adds something by the steps of the text, sees that each step is missed
// by name as long as it is not done, and in the end that the addition works.
package recipes_test

import (
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
)

var whole = flag.Bool("whole", false, "also run all other tests of each copy")

// recipes are the recipes: for each the heading of its section, the file in
// testdata that walks through it, how many files that ship a hand may have to
// touch, and what the addition can do.
var recipes = []struct {
	heading, walk string
	most          int
	works         func(*scratch) error
}{
	{"How to add an event kind", "kind", 3, kindWorks},
	{"How to add an autostart location", "location", 2, locationWorks},
	{"How to add an evidence format", "container", 2, containerWorks},
	{"How to add a question", "question", 4, questionWorks},
	{"How to add a contradiction", "contradiction", 2, contradictionWorks},
	{"How to add an export format", "export", 2, exportWorks},
}

func TestRecipes(t *testing.T) {
	if testing.Short() {
		t.Skip("builds copies of the module")
	}
	text := contributing(t)
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "recipe\tships\ttests\tdocs\tby -update\tfiles that ship")
	for _, r := range recipes {
		t.Run(r.walk, func(t *testing.T) {
			body, ok := section(text, r.heading)
			if !ok {
				t.Fatalf("CONTRIBUTING.md has no section %q", r.heading)
			}
			walk, err := os.ReadFile(filepath.Join("testdata", r.walk))
			if err != nil {
				t.Fatal(err)
			}
			moves, err := parseSteps(strings.ReplaceAll(string(walk), "\r\n", "\n"))
			if err != nil {
				t.Fatal(err)
			}
			s := newScratch(t)
			if err := r.works(s); err == nil {
				t.Fatal("it works before it is added")
			}
			touched := s.walk(steps(body), moves)
			if err := r.works(s); err != nil {
				t.Errorf("it does not work: %v", err)
			}
			if *whole {
				if _, err := s.run("test", "-short=false", "-skip", "^TestRecipes$", "./..."); err != nil {
					t.Error(err)
				}
			}
			c := classify(touched)
			if len(c.ships) > r.most {
				t.Errorf("%d files that ship are touched, want at most %d: %q", len(c.ships), r.most, c.ships)
			}
			generated := slices.DeleteFunc(s.changed(), func(name string) bool { return slices.Contains(touched, name) })
			t.Logf("tests %q, docs %q, by -update %q", c.tests, c.docs, generated)
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%s\n", r.walk, len(c.ships), len(c.tests), len(c.docs), len(generated), strings.Join(c.ships, " "))
		})
	}
	w.Flush()
	t.Logf("files to touch per addition:\n%s", &table)
}

// walk takes the steps of a recipe, and returns the files that a hand touched.
func (s *scratch) walk(texts []string, steps [][]move) (touched []string) {
	t := s.t
	t.Helper()
	if len(texts) != len(steps) {
		t.Fatalf("the text has %d steps, the walk %d", len(texts), len(steps))
	}
	negatives := 0
	for i, moves := range steps {
		var files []string
		for _, m := range moves {
			if m.verb == "without" {
				negatives++
				s.fails(i+1, m)
				continue
			}
			if err := s.edit(m); err != nil {
				t.Fatalf("step %d: %v", i+1, err)
			}
			if files = append(files, m.file); !slices.Contains(touched, m.file) {
				touched = append(touched, m.file)
			}
		}
		if wrong := unlike(texts[i], files); wrong != "" {
			t.Errorf("step %d: %s", i+1, wrong)
		}
		for _, command := range commands(texts[i]) {
			if _, err := s.run(command[1:]...); err != nil {
				t.Fatalf("step %d: %v", i+1, err)
			}
		}
	}
	if negatives == 0 {
		t.Error("nothing shows that a step is needed")
	}
	// What -update wrote is what the code makes. It does not run the tests without a golden
	// file, which -whole does.
	before := s.sums()
	for _, text := range texts {
		for _, command := range commands(text) {
			if !slices.Contains(command, "-update") {
				continue
			}
			if _, err := s.run(command[1:]...); err != nil {
				t.Errorf("once more: %v", err)
			}
		}
	}
	for name, sum := range s.sums() {
		if before[name] != sum {
			t.Errorf("-update once more changes %s", name)
		}
	}
	return touched
}

// fails sees that a command fails and says what is missing.
func (s *scratch) fails(step int, m move) {
	s.t.Helper()
	out, err := s.run(m.run[1:]...)
	switch {
	case err == nil:
		s.t.Errorf("step %d: %q does not fail without it", step, m.run)
	case m.says == "" || !strings.Contains(out, m.says):
		s.t.Errorf("step %d: %q fails and does not say %q:\n%s", step, m.run, m.says, out)
	case m.run[1] == "test" && !strings.Contains(out, "--- FAIL: "+strings.Trim(m.run[3], "^$")):
		s.t.Errorf("step %d: another test than %s fails:\n%s", step, m.run[3], out)
	}
}

// classes are files by what they are.
type classes struct{ ships, tests, docs []string }

func classify(files []string) (c classes) {
	for _, name := range files {
		switch {
		case path.Ext(name) == ".md" || path.Base(name) == "doc.go":
			c.docs = append(c.docs, name)
		case strings.HasSuffix(name, "_test.go") || strings.HasSuffix(path.Dir(name), "test") || strings.Contains(name, "testdata/"):
			c.tests = append(c.tests, name)
		default:
			c.ships = append(c.ships, name)
		}
	}
	return c
}

func TestClassify(t *testing.T) {
	got := classify([]string{"README.md", "origin/doc.go", "origin/ask.go", "origin/ask_test.go", "origin/origintest/truth.go", "timeline/testdata/x.csv", "origin/report.schema.json"})
	want := classes{
		ships: []string{"origin/ask.go", "origin/report.schema.json"},
		tests: []string{"origin/ask_test.go", "origin/origintest/truth.go", "timeline/testdata/x.csv"},
		docs:  []string{"README.md", "origin/doc.go"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
