package evidence_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

var carveDay = time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)

// deletedShadows is a volume with two shadow copies: a tool came after the first, and was
// deleted after the second.
func deletedShadows(catalog vsstest.Catalog) evidencetest.Shadows {
	state := func(version string, tool bool) mfttest.Volume {
		v := mfttest.Volume{Created: carveDay.AddDate(0, 0, -9), Files: []mfttest.File{{Path: "notes.txt", Data: []byte(version)}}}
		if tool {
			v.Files = append(v.Files, mfttest.File{Path: "Windows/Temp/nc.exe", Entry: 90, Data: bytes.Repeat([]byte("MZ tool "), 1000)})
		}
		return v
	}
	return evidencetest.Shadows{Now: state("v3", false), Catalog: catalog, Then: []evidencetest.Shadow{
		{State: state("v1", false), Created: carveDay, Machine: "WEB01"}, {State: state("v2", true), Created: carveDay.AddDate(0, 0, 1), Machine: "WEB01"},
	}}
}

func TestCarvedSnapshots(t *testing.T) {
	for _, tt := range []struct {
		name     string
		change   func(*evidencetest.Shadows)
		unlisted int
		want     []string // before and after carving
	}{
		{"nothing is deleted", func(s *evidencetest.Shadows) { s.Catalog = vsstest.Whole }, 0,
			[]string{"vss1 v1 ", "vss2 v2 MZ tool"}},
		{"all are deleted", func(*evidencetest.Shadows) {}, 2,
			[]string{"carved1 v1 ", "carved2 v2 MZ tool"}},
		{"the oldest is deleted", func(s *evidencetest.Shadows) { s.Catalog, s.Then[0].Deleted = vsstest.Whole, true }, 1,
			[]string{"carved2 v1 ", "vss1 v2 MZ tool"}},
		{"the newest is deleted", func(s *evidencetest.Shadows) { s.Catalog, s.Then[1].Deleted = vsstest.Whole, true }, 1,
			[]string{"vss1 v1 ", "carved2 v2 MZ tool"}},
		{"the newest is overwritten", func(s *evidencetest.Shadows) { s.Then[1].Overwrite = []int64{0, 1, 2, 3} }, 2,
			[]string{"carved1 v1 ", "carved2 lost"}},
		{"another file has the clusters of the newest", func(s *evidencetest.Shadows) { s.Then[1].Reused = true }, 1,
			[]string{"carved2 lost", "carved1 v1 "}},
	} {
		s := deletedShadows(vsstest.Emptied)
		tt.change(&s)
		image, err := s.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		e, err := evidence.New("disk.dd", bytes.NewReader(image), int64(len(image)))
		if err != nil {
			t.Fatal(err)
		}
		before := len(e.Snapshots())
		if got := len(e.Volumes()[0].UnlistedStores()); got != tt.unlisted {
			t.Errorf("%s: %d unlisted stores, want %d", tt.name, got, tt.unlisted)
		}
		for range 2 { // once is enough
			if err := e.CarveSnapshots(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		listed := 0
		for _, s := range e.Snapshots() {
			name := strings.TrimPrefix(s.Name, "volume/")
			if !s.Carved {
				listed++
			}
			v := s.Open()
			if v.Err != nil {
				got = append(got, name+" lost")
				continue
			}
			text, _ := fs.ReadFile(v.FS, "notes.txt")
			tool, _ := fs.ReadFile(v.FS, "Windows/Temp/nc.exe")
			got = append(got, fmt.Sprintf("%s %s %s", name, text, tool[:min(len(tool), 7)]))
		}
		if !slices.Equal(got, tt.want) || listed != before {
			t.Errorf("%s: got %q, want %q; %d listed, then %d", tt.name, got, tt.want, before, listed)
		}
	}
}
