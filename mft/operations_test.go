package mft_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// What each operation leaves, and what could be taken for it.
func TestOperations(t *testing.T) {
	at := func(text string) time.Time {
		t.Helper()
		when, err := time.Parse("2006-01-02 15:04:05.9999999", text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	now := at("2026-03-02 12:00:00.1234567")
	later := now.Add(time.Minute + 700)
	old := at("2024-05-06 07:08:09.7654321")
	older := at("2023-05-06 07:08:09.7654321")
	ten, two := at("2011-05-29 19:45:29.84"), at("2011-05-29 19:45:32")
	first := map[mft.Operation]bool{}
	for _, tt := range []struct {
		name                                 string
		created, modified, changed, accessed time.Time
		want                                 string
	}{
		{"written here", now, now, now, now, "[created]"},
		{"written here, and again later", now, later, later, later, "[created]"},
		{"in place of another", old, now, now, now, "[tunnelled]"},
		{"copied", now, old, now, now, "[copied]"},
		{"copied with the time of change, as some versions do", now, old, old, now, "[copied]"},
		{"copied from FAT", now, two, now, now, "[copied_from_fat fetched copied]"},
		{"fetched with the time of the server", now, two.Add(time.Second), now, now, "[fetched copied]"},
		{"moved from another volume", older, old, now.Add(time.Second), now, "[moved]"},
		{"moved from FAT", ten, two, now.Add(time.Second), now, "[moved_from_fat moved_from_exfat moved]"},
		{"moved from FAT, and read later", ten, two, now.Add(time.Second), later, "[moved_from_fat moved_from_exfat moved]"},
		{"moved from exFAT", ten, ten.Add(10 * time.Millisecond), now, now, "[moved_from_exfat moved]"},
		{"unpacked with all times", two, two, now, now, "[extracted moved]"},
		{"three times were set", older, older, now, older, "[]"},
		{"two times were set to whole seconds", two.Add(time.Second), two.Add(time.Second), now, now, "[moved]"},
		{"all four times were set", older, older, older, older, "[]"},
		{"created after it was changed", later, now, now, now, "[]"},
	} {
		times := mfttest.AllAt(now)
		times.Created, times.Modified, times.Changed, times.Accessed = tt.created, tt.modified, tt.changed, tt.accessed
		name := mfttest.AllAt(now)
		rec := recordOf(t, mfttest.File{Path: "f.exe", Data: []byte("f"), Times: times, FileNameTimes: &name})
		got := rec.Operations()
		if text := fmt.Sprint(got); text != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, text, tt.want)
		}
		if len(got) > 0 {
			first[got[0]] = true
		}
	}
	for _, row := range mft.OperationRows() {
		if !first[row] {
			t.Errorf("no times are those of %s before any other operation", row)
		}
	}
	for name, rec := range map[string]*mft.Record{"nil": nil, "empty": {}} {
		if got := rec.Operations(); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// recordOf returns the record of the only file of a volume.
func recordOf(t *testing.T, f mfttest.File) *mft.Record {
	t.Helper()
	image, err := mfttest.Volume{Files: []mfttest.File{f}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range vol.MFT().Records() {
		if err == nil && rec.Name() == f.Path {
			return rec
		}
	}
	t.Fatalf("no %s on the volume", f.Path)
	return nil
}
