package main

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// most is the upper limit for the figures of a package.
type most struct{ pairs, up, namesUp int }

// The figures of this module may fall but not grow. A change that lowers a figure
// lowers its limit here.
var (
	mostRoomsUp = 0

	mostInPackage = map[string]most{
		"evidence":             {10, 11, 16},
		"evtx":                 {48, 50, 109},
		"lab/internal/hostile": {7, 7, 20},
		"mft":                  {12, 12, 31},
		"origin":               {0, 0, 0},
		"pe":                   {4, 4, 8},
		"registry":             {7, 9, 9},
		"timeline":             {5, 5, 8},
	}
	mostInOther = most{6, 6, 18}

	// Lines per 1,000, in code but not in tests.
	mostWithPattern = map[string]float64{
		"where as condition": 2,
		"is/are no, none":    3,
		"tell, told":         0.5,
		"stand, lie, bear":   0.5,
	}
)

func TestFiguresDoNotGrow(t *testing.T) {
	if testing.Short() {
		t.Skip("reads and checks the whole module")
	}
	h, err := measure("../..")
	if err != nil {
		t.Fatal(err)
	}
	up := 0
	for _, a := range h.rooms {
		if a.up {
			up++
			t.Logf("%s → %s runs back up, drawn by %s", a.from, a.to, a.by)
		}
	}
	if up > mostRoomsUp {
		t.Errorf("%d arrows between rooms run back up, at most %d may", up, mostRoomsUp)
	}
	seen := map[string]bool{}
	for _, p := range h.packages {
		seen[p.name] = true
		limit, ok := mostInPackage[p.name]
		if !ok {
			limit = mostInOther
		}
		f := p.graph.figures()
		if got := (most{f.pairs, f.up, f.namesUp}); got.pairs > limit.pairs || got.up > limit.up || got.namesUp > limit.namesUp {
			t.Errorf("%s: two-way pairs, arrows up, names up are %v, at most %v: go run ./lab/house -up ./%s", p.name, got, limit, p.name)
		}
	}
	for name := range mostInPackage {
		if !seen[name] {
			t.Errorf("a limit names %s, which is not a package", name)
		}
	}
	for i, p := range patterns {
		limit, ok := mostWithPattern[p.name]
		if got := h.code.per1000(i); ok && got > limit {
			t.Errorf("%q is in %.1f of 1,000 comment lines, at most %.1f", p.name, got, limit)
		}
	}
}

// TestMeasure measures a whole module.
func TestMeasure(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                 "module example.com/m\n\ngo 1.26\n",
		"mft/a.go":               "package mft\n\n// A is where it begins.\nfunc A() { b(); c() }\n",
		"mft/b.go":               "package mft\n\nfunc b() { A() }\n\nfunc c() {}\n",
		"mft/b_test.go":          "package mft\n\n// If this counts.\n",
		"internal/up/up.go":      "package up\n\nimport \"example.com/m/mft\"\n\nvar Up = mft.A\n",
		"examples/one/main.go":   "package main\n\nimport \"example.com/m/internal/up\"\n\nfunc main() { up.Up() }\n",
		"lab/other/go.mod":       "module example.com/m/lab/other\n\ngo 1.26\n",
		"lab/other/main.go":      "package main\n\nimport _ \"example.com/m/mft\"\n\nfunc main() {}\n",
		"testdata/unfinished.go": "package",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// Measuring from any folder of the module covers all of its rooms.
	h, err := measure(filepath.Join(dir, "mft"), "example.com/m/...")
	if err != nil {
		t.Fatal(err)
	}
	var got [][][]string
	for _, table := range h.tables(nil, true) {
		got = append(got, table.rows)
	}
	want := [][][]string{
		{
			{"all", "", "3"},
			{"back up", "", "1"},
			{"  internal → mft", "internal/up", "1"},
		},
		{
			{"mft", "0", "2", "2", "1", "1", "3", "1"},
		},
		{
			{"mft", "0", "1", "0", "1", "0", "0", "0", "1"},
		},
		{
			{"this module", "1", "0", "0.0", "0", "0.0", "0", "0.0", "0", "0.0", "0", "0.0"},
			{"its tests", "1", "0", "0.0", "0", "0.0", "0", "0.0", "0", "0.0", "1", "1000.0"},
			{"these models", "0", "0", "0.0", "0", "0.0", "0", "0.0", "0", "0.0", "0", "0.0"},
		},
		{
			{"mft/b.go → a.go", "1"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if levels := []int{h.packages[0].level, h.packages[1].level, h.packages[2].level}; !reflect.DeepEqual(levels, []int{0, 1, 2}) {
		t.Errorf("levels are %v", levels)
	}
}

func TestUnknownFormat(t *testing.T) {
	err := run([]string{"-format", "xml"}, nil)
	if want := `format "xml": want text or markdown`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
