package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
)

// stompedVolume has a file whose times were set in both attributes by a raw write, one that
// an archive left, and ordinary ones.
func stompedVolume(t *testing.T) string {
	t.Helper()
	at := time.Date(2024, 3, 4, 5, 6, 7, 123_456_700, time.UTC)
	old := time.Date(2019, 6, 1, 10, 20, 30, 0, time.UTC)
	files := []mfttest.File{{Path: "d", Dir: true, Entry: 90, Times: mfttest.AllAt(at)}}
	for i, name := range []string{"a", "b", "c", "e", "=tool.exe", "g", "h", "unpacked"} {
		f := mfttest.File{Path: "d/" + name, Entry: uint64(100 + i), Times: mfttest.AllAt(at.Add(time.Duration(i) * time.Hour))}
		switch born := f.Times; name {
		case "=tool.exe":
			f.Times, f.IndexTimes = mfttest.AllAt(old.Add(123)), &born
		case "unpacked":
			f.FileNameTimes, f.Times.Created, f.Times.Modified = &born, old, old
		}
		files = append(files, f)
	}
	var j usnjrnltest.Journal
	rec := usnjrnl.Record{File: usnjrnl.IDOf(mft.Ref{Entry: 104, Seq: 1}), Time: at.Add(4 * time.Hour), Reason: usnjrnl.FileCreate, Name: "=tool.exe", Attributes: mft.FileArchive}
	j.Add(rec)
	rec.Reason, rec.Time = usnjrnl.BasicInfoChange|usnjrnl.Close, at.Add(5*time.Hour)
	j.Add(rec)
	files = append(files, mfttest.File{Path: "$Extend/$UsnJrnl", Streams: []mfttest.Stream{{Name: "$J", Data: j.Bytes()}}})
	var l logfiletest.Log
	unpacked := logfiletest.File{Ref: mft.Ref{Entry: 107, Seq: 1}, Parent: mft.Ref{Entry: 90, Seq: 1}, Name: "unpacked", Times: logfiletest.AllAt(at.Add(7 * time.Hour))}
	l.Create(unpacked)
	set := unpacked.Times
	set.Created, set.Modified = old, old
	l.SetTimes(unpacked, set)
	l.Checkpoint()
	image, err := mfttest.Volume{Created: at.Add(-time.Hour), Log: l.Bytes(), Files: files}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := t.TempDir() + "/stomped.raw"
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// The rows have the score, its reasons with their words, and the times that were compared.
func TestTimestomp(t *testing.T) {
	name := stompedVolume(t)
	var out, problems bytes.Buffer
	if code := run([]string{"-timestomp", "20", "-format", "jsonl", name}, &out, &problems); code != 0 || problems.Len() > 0 {
		t.Fatalf("code %d: %s", code, &problems)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		var row struct {
			FileName, TimestompReasons, Explanation string
			TimestompScore                          int
			Created0x10, Created0x30                time.Time
			CreatedIndex, CreatedJournal            time.Time
			CreatedLog, SetBackInLog                time.Time
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		got = append(got, row.FileName+" "+row.TimestompReasons)
		if want := row.Created0x30; row.FileName == "unpacked" && (!row.CreatedLog.Equal(want) || !row.SetBackInLog.Equal(want)) {
			t.Errorf("in the transaction log: %+v", row)
		}
		if row.FileName == "=tool.exe" {
			if row.TimestompScore != 95 || row.CreatedIndex.Hour() != 9 || !row.CreatedIndex.Equal(row.CreatedJournal) || !row.Created0x10.Equal(row.Created0x30) || row.Created0x10.Year() != 2019 {
				t.Errorf("%+v", row)
			}
			if strings.Count(row.Explanation, "(otherwise ") != 5 || !strings.HasPrefix(row.Explanation, "the entry is in its first use") {
				t.Errorf("explanation %q", row.Explanation)
			}
		}
	}
	want := []string{"=tool.exe entry_order:25|older_than_folder:5|index_differs:30|journal_differs:30|set_in_journal:5", "unpacked created_before_fn:20|whole_seconds:10|log_differs:5|set_back_in_log:5"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}

	out.Reset()
	if code := run([]string{"-timestomp", "50", name}, &out, &problems); code != 0 {
		t.Fatalf("code %d: %s", code, &problems)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "EntryNumber,SequenceNumber,InUse,") || strings.Contains(lines[1], ",=tool.exe") {
		t.Errorf("got %q", lines)
	}
}

func TestTimestompUsage(t *testing.T) {
	for _, args := range [][]string{{"-timestomp", "101", "x"}, {"-timestomp", "-1", "x"}, {"-timestomp", "20", "-format", "bodyfile", "x"}, {"-timestomp", "x"}, {"-timestomp", "20", "-usn", "x"}} {
		var out, problems bytes.Buffer
		if code := run(args, &out, &problems); code != 2 || out.Len() > 0 {
			t.Errorf("%q: code %d", args, code)
		}
	}
}
