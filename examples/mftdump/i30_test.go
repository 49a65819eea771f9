package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// The names in indexes and in slack become rows with paths, of a volume, of an $MFT and of
// an index that is a file.
func TestIndexes(t *testing.T) {
	at := mfttest.AllAt(time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC))
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "kit", Dir: true, Entry: 100},
		{Path: "kit/here.txt", Times: at, Entry: 101},
		{Path: "kit/=cmd|calc.exe", Times: at, Entry: 102, Deleted: true, IndexSlack: mft.EntryWhole},
		{Path: "kit/reused.exe", Times: at, Entry: 103, Deleted: true, Overwritten: true, IndexSlack: mft.EntryWhole},
		{Path: "kit/header.exe", Times: at, Entry: 104, Deleted: true, IndexSlack: mft.EntryNoFile},
		{Path: "photo.jpg", Times: at, Entry: 103, Seq: 2, FormerNames: []string{"kit/reused.exe"}},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if code := run([]string{"-i30", "-deleted", name}, &out, &problems); code != 0 || problems.Len() > 0 {
		t.Fatalf("code %d, stderr %s", code, &problems)
	}
	const times = ",2024-03-04 05:06:07.1234567,2024-03-04 05:06:07.1234567,2024-03-04 05:06:07.1234567,2024-03-04 05:06:07.1234567,"
	want := []string{
		"Name,Extension,EntryNumber,SequenceNumber,ParentEntryNumber,ParentSequenceNumber,ParentPath,InUse,State,Copied,File,",
		`'=cmd|calc.exe,.exe,102,1,100,1,.\kit,False,whole,False,deleted,Windows,Archive,0,0` + times + "100,1,,",
		`reused.exe,.exe,103,1,100,1,.\kit,False,whole,False,overwritten,DosWindows,Archive,0,0` + times + "100,1,,",
		`header.exe,.exe,0,0,100,1,.\kit,False,no_file,False,,DosWindows,Archive,0,0` + times + "100,1,,",
		`reused.exe,.exe,0,0,100,1,.\kit,False,record_whole,False,,Windows,Archive,0,0` + times + "103,2,,",
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got\n%s", &out)
	}
	for i := range want {
		if !strings.HasPrefix(lines[i], want[i]) {
			t.Errorf("got\n%s\nwant\n%s", lines[i], want[i])
		}
	}
	out.Reset()
	if code := run([]string{"-i30", "-format", "jsonl", name}, &out, &problems); code != 0 ||
		!strings.Contains(out.String(), `{"Name":"here.txt","Extension":".txt","EntryNumber":101,`) || !strings.Contains(out.String(), `"InUse":true,"State":"in_use"`) {
		t.Errorf("code %d, stderr %s, got\n%s", code, &problems, &out)
	}
	for _, args := range [][]string{{"-i30", "-format", "bodyfile", name}, {"-i30", "-usn", name}} {
		if code := run(args, &out, &problems); code != 2 {
			t.Errorf("%q: code %d", args, code)
		}
	}
}

// Indexes that are files, alone and in a folder.
func TestIndexFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"i30_Start.bin", "i30_SecondDelete.bin"} {
		b, err := os.ReadFile(testenv.Corpus(t, "mft/"+name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+"_$I30"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name  string
		lines int
	}{{filepath.Join(dir, "i30_Start.bin_$I30"), 1 + 50 + 51}, {dir, 1 + 2*101}} {
		var out, problems bytes.Buffer
		if code := run([]string{"-i30", tt.name}, &out, &problems); code != 0 || problems.Len() > 0 {
			t.Errorf("%s: code %d, stderr %s", tt.name, code, &problems)
		}
		if n := strings.Count(out.String(), "\n"); n != tt.lines || !strings.Contains(out.String(), `,.\PathUnknown\Directory with ID 0x0001D044-00000012,`) {
			t.Errorf("%s: %d lines, want %d:\n%.500s", tt.name, n, tt.lines, &out)
		}
	}
}
