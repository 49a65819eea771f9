package usnjrnl_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
)

var journalMade = time.Date(2022, 8, 21, 20, 4, 11, 326_060_000, time.UTC)

func TestDecodeMax(t *testing.T) {
	made := usnjrnl.Max{MaximumSize: 32 << 20, AllocationDelta: 8 << 20, ID: usnjrnltest.MaxAt(journalMade).ID, LowestValidUSN: 0x1000}
	with := func(change func(*usnjrnl.Max)) []byte {
		m := made
		change(&m)
		return usnjrnltest.EncodeMax(m)
	}
	for _, tt := range []struct {
		name    string
		b       []byte
		created time.Time
		err     string
	}{
		{"of Windows", usnjrnltest.EncodeMax(made), journalMade, ""},
		{"with more behind it", append(usnjrnltest.EncodeMax(made), 1, 2, 3), journalMade, ""},
		{"an identifier that is not a time", with(func(m *usnjrnl.Max) { m.ID = 7 }), time.Time{}, ""},
		{"an identifier that is later than all times", with(func(m *usnjrnl.Max) { m.ID = 1<<64 - 1 }), time.Time{}, ""},
		{"zeros", make([]byte, usnjrnl.MaxSize), time.Time{}, ""},
		{"cut off", usnjrnltest.EncodeMax(made)[:31], time.Time{}, "$UsnJrnl:$Max: $Max at 0x0: got 31 bytes, want 32 bytes"},
		{"empty", nil, time.Time{}, "$UsnJrnl:$Max: $Max at 0x0: got 0 bytes, want 32 bytes"},
		{"a negative USN", with(func(m *usnjrnl.Max) { m.LowestValidUSN = -1 }), time.Time{}, "$UsnJrnl:$Max: lowest valid USN at 0x18: got -1, want ≥ 0"},
	} {
		m, err := usnjrnl.DecodeMax(tt.b)
		if got := errorText(err); got != tt.err {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.err)
		}
		if !m.Created().Equal(tt.created) {
			t.Errorf("%s: created %v, want %v", tt.name, m.Created(), tt.created)
		}
		if err == nil && !bytes.Equal(usnjrnltest.EncodeMax(m), tt.b[:usnjrnl.MaxSize]) {
			t.Errorf("%s: %+v is not what was decoded", tt.name, m)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// $Max is found beside the journal, under the names of collectors too.
func TestMaxBeside(t *testing.T) {
	var j usnjrnltest.Journal
	j.Add(usnjrnl.Record{Name: "a", Time: journalMade, Reason: usnjrnl.FileCreate})
	max := usnjrnltest.EncodeMax(usnjrnltest.MaxAt(journalMade))
	image, err := mfttest.Volume{Files: []mfttest.File{{Path: "$Extend/$UsnJrnl", Streams: []mfttest.Stream{{Name: "$J", Data: j.Bytes()}, {Name: "$Max", Data: max}}}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, journal, max string // max is "" if the volume has it
		fsys               fs.FS
		problem            string
	}{
		{name: "a volume", journal: "$Extend/$UsnJrnl:$J", fsys: vol},
		{name: "bare files", journal: "$J", max: "$Max"},
		{name: "KAPE", journal: "C/$Extend/$J", max: "C/$Extend/$Max"},
		{name: "CyLR", journal: "C/$Extend/$UsnJrnl$J", max: "C/$Extend/$UsnJrnl$Max"},
		{name: "Velociraptor", journal: "$Extend/$UsnJrnl%3A$J", max: "$Extend/$UsnJrnl%3A$Max"},
		{name: "another name", journal: "usn.bin"},
		{name: "without it", journal: "$Extend/$J"},
	} {
		fsys := tt.fsys
		if fsys == nil {
			m := fstest.MapFS{tt.journal: {Data: j.Bytes()}}
			if tt.max != "" {
				m[tt.max] = &fstest.MapFile{Data: max}
			}
			fsys = m
		}
		r, err := usnjrnl.OpenFS(fsys, tt.journal)
		if err != nil {
			t.Fatal(err)
		}
		m, ok := r.Max()
		if want := tt.fsys != nil || tt.max != ""; ok != want || ok && !m.Created().Equal(journalMade) {
			t.Errorf("%s: %+v, %v, want %v", tt.name, m, ok, want)
		}
		for p := range r.Problems() {
			t.Errorf("%s: %v", tt.name, p)
		}
		r.Close()
	}
}

// A damaged $Max is a problem, and loses nothing of the journal.
func TestDamagedMax(t *testing.T) {
	var j usnjrnltest.Journal
	j.Add(usnjrnl.Record{Name: "a", Time: journalMade, Reason: usnjrnl.FileCreate})
	r, err := usnjrnl.OpenFS(fstest.MapFS{"$J": {Data: j.Bytes()}, "$Max": {Data: []byte("short")}}, "$J")
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	for p := range r.Problems() {
		problems = append(problems, p.String())
	}
	n := 0
	for _, err := range r.Records() {
		if err == nil {
			n++
		}
	}
	if _, ok := r.Max(); ok || n != 1 || strings.Join(problems, "\n") != "truncation: $Max: $Max at 0x0: got 5 bytes, want 32 bytes" {
		t.Errorf("%v, %d records, %q", ok, n, problems)
	}
}

// Velociraptor collected a journal together with its $Max. Its identifier is a time before
// all records.
func TestCollectedMax(t *testing.T) {
	z, err := zip.OpenReader(testenv.Sample(t, "triage/velociraptor/Collection-WIN-E5K9RC5GU23-2021-11-21T18_05_56-08_00.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	r, err := usnjrnl.OpenFS(z, "uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	m, ok := r.Max()
	if !ok || m.Created().Truncate(time.Second) != time.Date(2022, 8, 21, 20, 4, 11, 0, time.UTC) || m.MaximumSize != 32<<20 || m.AllocationDelta != 8<<20 || m.LowestValidUSN != 0 {
		t.Errorf("%+v, created %v, %v", m, m.Created(), ok)
	}
	for rec, err := range r.Records() {
		if err == nil && rec.Time.Before(m.Created()) {
			t.Errorf("%d is of %v, before the journal was created", rec.USN, rec.Time)
			break
		}
	}
}

func FuzzMax(f *testing.F) {
	f.Add(usnjrnltest.EncodeMax(usnjrnltest.MaxAt(journalMade)))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := usnjrnl.DecodeMax(b)
		if at := m.Created(); err != nil && (at != time.Time{}) {
			t.Errorf("%v with an error", at)
		}
	})
}
