package registry

import (
	"cmp"
	"slices"
	"testing"
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
		if int(o.off) != i || o.says == "" {
			t.Errorf("off %d: %+v", i, o)
		}
		if !slices.ContainsFunc(locations, func(l location) bool { return l.off == o.off }) {
			t.Errorf("no location is turned off by %s", o.says)
		}
	}
	for _, l := range locations {
		if l.since == "" || l.in == 0 || l.path == "" {
			t.Errorf("%+v: want hives, a path and the Windows that reads it", l)
		}
	}
}
