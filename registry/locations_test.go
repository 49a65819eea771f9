package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Every row of the table of locations is used: for each hive, key and value of a row, a
// hive with nothing but a marker there yields the marker, in a row of that category with
// that key. AutostartCategory knows the value by its path in Windows.
func TestEveryLocationIsRead(t *testing.T) {
	n := 0
	mark := func() string { n++; return fmt.Sprintf("mark%04d", n) }
	for i, s := range registry.SamplesForTest(mark) {
		mark := fmt.Sprintf("mark%04d", i+1)
		var h registrytest.Hive
		h.Set(s.Key, when, registrytest.Value{Name: s.Value, Type: s.Type, Data: s.Data})
		if s.Category == "service" && s.Value != "ImagePath" {
			h.Set(s.Key, when, registrytest.SZ("ImagePath", "host.exe"))
		}
		r := read(t, write(t, h), registry.WithName(s.File))
		var rows []string
		listed := false
		for a, err := range registry.Autostarts(r, registry.WithAllLocations()) {
			if err != nil {
				if s.Category != "task" { // whose value is not text
					t.Errorf("%s %s: %v", s.Key, s.Value, err)
				}
				continue
			}
			rows = append(rows, fmt.Sprintf("%+v", a))
			listed = listed || a.Category == s.Category && a.Use != "" && a.Location == s.Key && strings.Contains(a.Location+" "+a.Name+" "+a.Command+a.ServiceDll+a.FailureCommand, mark)
		}
		if listed == s.Marks {
			t.Errorf("%s: %s %q %q: listed %v; got\n%s", s.File, s.Category, s.Key, s.Value, listed, strings.Join(rows, "\n"))
		}
		if s.All {
			for a := range registry.Autostarts(r) {
				if a.Category == s.Category {
					t.Errorf("%s: %s %s: listed without WithAllLocations", s.File, s.Key, s.Value)
				}
			}
		}
		if got := registry.AutostartCategory(s.Root+`\`+s.Key, s.Value); got != s.Category {
			t.Errorf("AutostartCategory(%s, %s) = %q, want %s", s.Root+`\`+s.Key, s.Value, got, s.Category)
		}
	}
	if n < 500 {
		t.Errorf("%d samples, want more than 500", n)
	}
}
