package timeline_test

import (
	"bytes"
	"context"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// collectFolder opens a triage folder.
func collectFolder(t *testing.T, dir string) *timeline.Timeline {
	t.Helper()
	ev, err := evidence.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ev.Close() })
	tl, err := timeline.Collect(context.Background(), ev.Volumes()[0].FS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tl.Close() })
	return tl
}

// The owners of the files of a copied $MFT come from $Secure:$SDS, if that was copied
// too, under any of its names.
func TestOwnersOfATriageFolder(t *testing.T) {
	const owner = "S-1-5-21-1-2-3-1004"
	at := mfttest.AllAt(time.Date(2026, 3, 2, 13, 42, 9, 0, time.UTC))
	image, err := mfttest.Volume{Files: []mfttest.File{{Path: "Users/a/x.exe", Owner: owner, Times: at, Data: []byte("MZ")}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		dir  string
		want string
	}{
		"KAPE":         {evidencetest.KAPE(t, vol, "$MFT", "$Secure:$SDS", "Users/"), owner},
		"Velociraptor": {evidencetest.Velociraptor(t, vol, "$MFT", "$Secure:$SDS", "Users/"), owner},
		"$MFT alone":   {evidencetest.KAPE(t, vol, "$MFT", "Users/"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			for e := range collectFolder(t, tt.dir).ByKind(timeline.FileCreated) {
				if e.Path != `C:\Users\a\x.exe` {
					continue
				}
				if n++; e.SID != tt.want {
					t.Errorf("%s belongs to %q, want %q", e.Desc, e.SID, tt.want)
				}
			}
			if n != 2 {
				t.Errorf("%d times of creation, want those of $STANDARD_INFORMATION and $FILE_NAME", n)
			}
		})
	}
}

// A mark of the web without a time does not become an event, but it is not lost.
func TestUndatedZones(t *testing.T) {
	ev, err := evidence.OpenFS("triage", fstest.MapFS{
		"uploads/auto/C%3A/Users/a/x.exe":                   {Data: []byte("MZ")},
		"uploads/ntfs/C%3A/Users/a/x.exe%3AZone.Identifier": {Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://192.0.2.7/x.exe\r\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	tl, err := timeline.Collect(context.Background(), ev.Volumes()[0].FS)
	if err != nil {
		t.Fatal(err)
	}
	defer tl.Close()
	for e := range tl.Events() {
		t.Errorf("an event at %v: %s", e.Time, e.Message)
	}
	list := tl.UndatedZones()
	if len(list) != 1 {
		t.Fatalf("%d undated marks, want 1", len(list))
	}
	if z := list[0]; z.HostURL != "http://192.0.2.7/x.exe" || z.Path != `C:\Users\a\x.exe` || z.Artifact != "Users/a/x.exe:Zone.Identifier" || !z.Record.IsZero() {
		t.Errorf("got %+v", z)
	}
}

// Real archives of collectors have the events of the folders that were packed.
func TestEventsOfTriageSamples(t *testing.T) {
	for name, want := range map[string]int{
		"velociraptor/Collection-WIN-E5K9RC5GU23-2021-11-21T18_05_56-08_00.zip": 157,
		"cylr/cylr-shape.zip": 834,
	} {
		n := 0
		for range collectFolder(t, testenv.Sample(t, "triage/"+name)).Events() {
			n++
		}
		if n != want {
			t.Errorf("%s: %d events, want %d", name, n, want)
		}
	}
}
