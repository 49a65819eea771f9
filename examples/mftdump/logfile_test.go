package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// The log of a volume, and one that is a file, become rows with paths.
func TestTransactionLog(t *testing.T) {
	at := time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)
	var l logfiletest.Log
	root := mft.Ref{Entry: 5, Seq: 5}
	kit := logfiletest.File{Ref: mft.Ref{Entry: 100, Seq: 1}, Parent: root, Name: "kit", Dir: true, Times: logfiletest.AllAt(at)}
	tool := logfiletest.File{Ref: mft.Ref{Entry: 101, Seq: 1}, Parent: kit.Ref, Name: "=cmd|calc.exe", Times: logfiletest.AllAt(at)}
	l.Create(kit)
	l.Create(tool)
	moved := tool
	moved.Parent, moved.Name = root, "svchost.exe"
	l.Rename(tool, moved)
	old := logfiletest.AllAt(at.AddDate(-4, 0, 0))
	l.SetTimes(moved, old)
	l.Delete(kit)
	image, err := mfttest.Volume{Log: l.Bytes(), Files: []mfttest.File{{Path: "svchost.exe", Entry: 101}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, b := range map[string][]byte{"c.raw": image, "$LogFile": l.Bytes(), "odd.bin": l.Bytes(), "empty/$LogFile": bytes.Repeat([]byte{0xff}, 65536)} {
		if strings.Contains(name, "/") {
			if err := os.Mkdir("empty", 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"c.raw", "$LogFile", "odd.bin"} {
		var out, problems bytes.Buffer
		if code := run([]string{"-logfile", name}, &out, &problems); code != 0 || problems.Len() > 0 {
			t.Errorf("%s: code %d, stderr %s", name, code, &problems)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 6 || !strings.HasPrefix(lines[0], "Event,Name,ParentPath,OldName,") ||
			!strings.HasPrefix(lines[1], `created,kit,.,,,,100,1,2024-03-04 05:06:07.1234567,`) ||
			!strings.HasPrefix(lines[2], `created,'=cmd|calc.exe,.\kit,,,,101,1,`) ||
			!strings.HasPrefix(lines[3], `renamed,svchost.exe,.,'=cmd|calc.exe,.\kit,,101,1,`) ||
			!strings.Contains(lines[4], `,created modified changed accessed,2024-03-04 05:06:07.1234567,2020-03-04 05:06:07.1234567,`) ||
			!strings.HasPrefix(lines[5], `deleted,kit,`) {
			t.Errorf("%s: got\n%s", name, &out)
		}
	}
	var out, problems bytes.Buffer
	if code := run([]string{"-logfile", "-format", "jsonl", "c.raw"}, &out, &problems); code != 0 || strings.Count(out.String(), `"Event":"created"`) != 2 {
		t.Errorf("code %d, stderr %s, got\n%s", code, &problems, &out)
	}
	out.Reset()
	for _, name := range []string{"empty", "empty/$LogFile"} {
		if code := run([]string{"-logfile", name}, &out, &problems); code != 0 || problems.Len() > 0 {
			t.Errorf("%s: code %d, stderr %s", name, code, &problems)
		}
	}
	for _, args := range [][]string{{"-logfile", "-format", "bodyfile", "c.raw"}, {"-logfile", "-usn", "c.raw"}} {
		if code := run(args, &out, &problems); code != 2 {
			t.Errorf("%q: code %d", args, code)
		}
	}
}
