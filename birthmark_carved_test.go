package birthmark_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// After the shadow copies were deleted, the coverage names their stores. Once they are carved,
// they show the content of a file that is gone, at grade inferred.
func TestDeletedShadowCopies(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	state := func(there bool) mfttest.Volume {
		f := mfttest.File{Path: "Data/evil.exe", Entry: 90, Data: []byte("evil"), Times: mfttest.AllAt(noon), Deleted: !there}
		if !there {
			f.Data = nil
		}
		return mfttest.Volume{Created: noon.AddDate(-1, 0, 0), Files: []mfttest.File{{Path: "Windows/System32/ntoskrnl.exe"}, f}}
	}
	image, err := evidencetest.Shadows{Now: state(false), Catalog: vsstest.Emptied, Then: []evidencetest.Shadow{
		{State: mfttest.Volume{Created: noon.AddDate(-1, 0, 0)}, Created: noon.Add(-time.Hour)}, {State: state(true), Created: noon.Add(time.Hour)},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		carve   bool
		covered []string // what coverage of shadow copies begins with
		grade   origin.Grade
	}{
		{"as they are", false, []string{"unlisted/", "unlisted/"}, origin.Unknown},
		{"carved", true, []string{"carved1 parsed", "carved2 parsed"}, origin.Inferred},
	} {
		ev, err := evidence.New("disk.dd", bytes.NewReader(image), int64(len(image)))
		if err != nil {
			t.Fatal(err)
		}
		if tt.carve {
			if err := ev.CarveSnapshots(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		r, err := birthmark.Investigate(t.Context(), ev, `C:\Data\evil.exe`, origin.ReadSnapshots())
		if err != nil {
			t.Fatal(err)
		}
		var covered []string
		for _, c := range r.Coverage {
			if strings.HasPrefix(c.Artifact, "unlisted/") || strings.HasPrefix(c.Artifact, "carved") && !strings.Contains(c.Artifact, "/") {
				covered = append(covered, c.Artifact+" "+c.State)
				if !tt.carve && (c.State != "unreadable" || !strings.Contains(c.Reason, "the catalog of the shadow copies does not list it")) {
					t.Errorf("%s: %+v", tt.name, c)
				}
			}
		}
		slices.Sort(covered)
		if !slices.EqualFunc(covered, tt.covered, strings.HasPrefix) {
			t.Errorf("%s: coverage %q, want %q", tt.name, covered, tt.covered)
		}
		if a := r.Answer(origin.What); a.Grade != tt.grade || tt.carve && (a.Fact("sha256") == "" || !slices.ContainsFunc(a.Rivals, func(s string) bool { return strings.Contains(s, "it was carved") })) {
			t.Errorf("%s: %s, rivals %q: %s", tt.name, a.Grade, a.Rivals, a.Answer)
		}
	}
}
