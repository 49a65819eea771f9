package registry

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// Every category has a row in categories, and every row a location. A driver is a
// service by its Type.
func TestCategoriesAreThoseOfTheTable(t *testing.T) {
	located := map[string]bool{"driver": true}
	for _, l := range locations {
		located[l.category] = true
	}
	for c := range Categories() {
		if !located[c.Name] || c.Group == "" || c.Meaning == "" {
			t.Errorf("%+v: want a location, a group and a meaning", c)
		}
		delete(located, c.Name)
	}
	for name := range located {
		t.Errorf("categories lacks %s", name)
	}
	if !slices.IsSortedFunc(categories[:], func(a, b Category) int { return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Name, b.Name)) }) {
		t.Error("categories are not sorted")
	}
}

// The tables of readings and of what turns off are in the order of their constants.
func TestTablesOfLocations(t *testing.T) {
	for i, r := range readings {
		if int(r.reading) != i || r.use == "" || r.says == "" {
			t.Errorf("reading %d: %+v", i, r)
		}
		if !slices.ContainsFunc(locations, func(l location) bool { return l.read == r.reading }) {
			t.Errorf("no location is read as %s", r.says)
		}
	}
	for i, o := range offs {
		if o.off != 1<<i || o.says == "" || o.why == nil {
			t.Errorf("off %d: %+v", i, o)
		}
		if !slices.ContainsFunc(locations, func(l location) bool { return l.off&o.off != 0 }) {
			t.Errorf("no location is turned off by %s", o.says)
		}
	}
	for _, l := range locations {
		if l.since == "" || l.in == 0 || l.path == "" {
			t.Errorf("%+v: want hives, a path and the Windows that reads it", l)
		}
	}
}

// The documentation of the package has the categories by group. With -update the test
// writes them there.
func TestCategoriesAreDocumented(t *testing.T) {
	const begins, ends = "what each means:\n//\n", "//\n// The locations are rows"
	var list strings.Builder
	line, group := "", ""
	for c := range Categories() {
		switch {
		case c.Group != group:
			list.WriteString(line)
			group, line = c.Group, fmt.Sprintf("//\t%-19s%s\n", c.Group, c.Name)
		case len(line)+len(c.Name) > 85:
			list.WriteString(strings.TrimSuffix(line, "\n") + ",\n")
			line = fmt.Sprintf("//\t%-19s%s\n", "", c.Name)
		default:
			line = strings.TrimSuffix(line, "\n") + ", " + c.Name + "\n"
		}
	}
	list.WriteString(line)
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), begins)
	got, after, ok2 := strings.Cut(rest, ends)
	if !ok || !ok2 {
		t.Fatalf("doc.go has no place for the categories between %q and %q", begins, ends)
	}
	switch {
	case got == list.String():
	case testenv.Updating():
		if err := os.WriteFile("doc.go", []byte(before+begins+list.String()+ends+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("doc.go has\n%swant\n%s(go test ./registry -update writes it)", got, &list)
	}
}
