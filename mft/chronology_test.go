package mft_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// The evidence beside a record shows what the record alone does not.
func TestTimestompWith(t *testing.T) {
	const day = 24 * time.Hour
	first := time.Date(2024, 3, 4, 5, 6, 7, 123_456_700, time.UTC)
	hour := func(n int) time.Time { return first.Add(time.Duration(n) * time.Hour) }
	own := hour(10)
	at := func(created time.Time) mfttest.Times {
		return mfttest.Times{Created: created, Modified: created, Changed: created, Accessed: created}
	}
	old := at(own.Add(-900 * day))
	for _, tt := range []struct {
		name     string
		times    mfttest.Times // in both attributes
		seq      uint16
		change   func(i int, f *mfttest.File)   // of the others
		self     func(f *mfttest.File)          //
		evidence func(e *mft.TimestompEvidence) //
		want     string
	}{
		{name: "a file among others", times: at(own), want: "0"},
		{name: "set back in both attributes", times: old, want: "30 entry_order older_than_folder"},
		{name: "set forward in both attributes", times: at(own.Add(90 * day)), want: "25 entry_order"},
		{name: "set back, in an entry that was used before", times: old, seq: 2, want: "5 older_than_folder"},
		{name: "an entry before whose others were used before", times: old, change: func(i int, f *mfttest.File) { f.Seq = 3 }, want: "5 older_than_folder"},
		{name: "others that are as old", times: old, change: func(i int, f *mfttest.File) {
			if i == 9 {
				f.Times = old
			}
		}, want: "5 older_than_folder"},
		{name: "written last, with old times only", times: old, seq: 2, self: func(f *mfttest.File) { f.LSN = 5000 }, want: "15 lsn_order older_than_folder"},
		{name: "written when its times say", times: at(own), seq: 2, self: func(f *mfttest.File) { f.LSN = 1095 }, want: "0"},
		{name: "older than all that share its permissions", times: old, seq: 2, self: func(f *mfttest.File) { f.Owner = "S-1-5-21-1-2-3-1001" }, want: "10 security_order older_than_folder"},
		{name: "equal in the index", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Index = &mft.FileName{Created: own} }, want: "0"},
		{name: "another time in the index", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Index = &mft.FileName{Created: own.Add(-1)} }, want: "30 index_differs"},
		{name: "an index without times", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Index = &mft.FileName{} }, want: "0"},
		{name: "created in the journal then", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Born, e.Set = own.Add(time.Second), own }, want: "0"},
		{name: "created in the journal later", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Born = own.Add(time.Hour) }, want: "30 journal_differs"},
		{name: "and its times were set", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Born, e.Set = own.Add(time.Hour), own.Add(2*time.Hour) }, want: "35 journal_differs set_in_journal"},
		{name: "created in the transaction log later", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Logged = own.Add(time.Hour) }, want: "30 log_differs"},
		{name: "created within the grain in the transaction log", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Logged = own.Add(time.Second) }, want: "0"},
		{name: "set back in the transaction log", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.SetBack = own.Add(time.Hour) }, want: "5 set_back_in_log"},
		{name: "set forward in the transaction log", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.SetBack = own.Add(-time.Hour) }, want: "0"},
		{name: "created later in both", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Born, e.Logged = own.Add(time.Hour), own.Add(time.Hour) }, want: "30 journal_differs"},
		{name: "linked before", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Linked = own.Add(-day) }, want: "0"},
		{name: "linked two days later", times: at(own), evidence: func(e *mft.TimestompEvidence) { e.Linked = own.Add(2 * day) }, want: "10 linked_after"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := []mfttest.File{{Path: "d", Dir: true, Entry: 90, Times: at(first.Add(-day))}}
			for i := range 20 {
				f := mfttest.File{Path: fmt.Sprintf("d/f%d", i), Entry: uint64(100 + i), Times: at(hour(i)), LSN: uint64(1000 + 10*i), Owner: "S-1-5-21-1-2-3-1001"}
				if i == 10 {
					f.Times, f.Seq, f.LSN, f.Owner = tt.times, tt.seq, 0, "S-1-5-21-1-2-3-1002"
					if tt.self != nil {
						tt.self(&f)
					}
				} else if tt.change != nil {
					tt.change(i, &f)
				}
				files = append(files, f)
			}
			v, _ := open(t, mfttest.Volume{Created: first.Add(-day), Files: files})
			rec, err := v.Lookup("d/f10")
			if err != nil {
				t.Fatal(err)
			}
			var e mft.TimestompEvidence
			if e.Chronology, err = v.MFT().Chronology(); err != nil {
				t.Fatal(err)
			}
			if tt.evidence != nil {
				tt.evidence(&e)
			}
			got := v.MFT().TimestompWith(rec, e)
			if describe(got) != tt.want {
				t.Errorf("got %s, want %s", describe(got), tt.want)
			}
			for _, r := range got.Reasons {
				if r.Meaning() == "" || r.Innocent() == "" {
					t.Errorf("%s has no words", r.Name)
				}
			}
			if alone := v.MFT().TimestompWith(rec, mft.TimestompEvidence{}); describe(alone) != describe(v.MFT().Timestomp(rec)) {
				t.Errorf("without evidence %s, and the record alone %s", describe(alone), describe(v.MFT().Timestomp(rec)))
			}
		})
	}
}

// What came with many others of the kind is judged by their company, and a few files are
// not a company.
func TestTimestompInBulk(t *testing.T) {
	first := time.Date(2024, 3, 4, 5, 6, 7, 123_456_700, time.UTC)
	for n, want := range map[int]string{100: "10 created_before_fn", 20: "60 created_before_fn modified_before_fn accessed_before_fn created_before_volume"} {
		var files []mfttest.File
		for i := range n {
			fn := mfttest.AllAt(first.Add(time.Duration(i) * time.Second))
			old := first.Add(-time.Duration(i+1) * 50 * time.Hour)
			files = append(files, mfttest.File{Path: fmt.Sprint("f", i), FileNameTimes: &fn, Times: mfttest.Times{Created: old, Modified: old.Add(1000), Changed: fn.Created.Add(time.Minute), Accessed: old.Add(2000)}})
		}
		v, _ := open(t, mfttest.Volume{Created: first.Add(-time.Hour), Files: files})
		rec, err := v.Lookup("f9")
		if err != nil {
			t.Fatal(err)
		}
		c, err := v.MFT().Chronology()
		if got := describe(v.MFT().TimestompWith(rec, mft.TimestompEvidence{Chronology: c})); err != nil || got != want {
			t.Errorf("%d files: got %s, want %s (%v)", n, got, want, err)
		}
	}
}

// Every file that exists on the volumes and in the tables of the corpus scores less than
// 20 with all the evidence that is there.
func TestCorpusChronology(t *testing.T) {
	judge := func(t *testing.T, r *mft.Reader, v *mft.Volume) (files int, high []string) {
		c, err := r.Chronology()
		if err != nil {
			t.Fatal(err)
		}
		index := map[mft.Ref]*mft.FileName{}
		for rec, err := range r.Records() {
			if err == nil && v != nil && rec.InUse() && rec.IsDir() {
				for ref, fn := range v.IndexNames(rec) {
					index[ref] = &fn
				}
			}
		}
		for rec, err := range r.Records() {
			if err != nil || !rec.InUse() || rec.IsOrphanExtension() {
				continue
			}
			files++
			if s := r.TimestompWith(rec, mft.TimestompEvidence{Chronology: c, Index: index[rec.Ref]}); s.Score >= 20 {
				high = append(high, rec.Name()+" "+describe(s))
			}
		}
		return files, high
	}
	for _, file := range bareTables {
		t.Run(file, func(t *testing.T) {
			if testing.Short() && strings.HasSuffix(file, ".zst") {
				t.Skip("200,000 records")
			}
			r, err := mft.Open(testenv.Unpacked(t, file))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			files, high := judge(t, r, nil)
			t.Logf("%d files, %d of them score 20 or more", files, len(high))
			if files == 0 || len(high) > 0 {
				t.Errorf("%d files: %q", files, high)
			}
		})
	}
	for _, file := range []string{"images/colinfinck_testfs1", "images/go-ntfs_test.ntfs.dd"} {
		t.Run(file, func(t *testing.T) {
			v, err := mft.OpenVolume(testenv.Unpacked(t, file))
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			files, high := judge(t, v.MFT(), v)
			t.Logf("%d files, %d of them score 20 or more", files, len(high))
			if files == 0 || len(high) > 0 {
				t.Errorf("%d files: %q", files, high)
			}
		})
	}
}
