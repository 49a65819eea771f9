package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
)

// The journal of a volume, and one that is a file, become rows with paths.
func TestJournal(t *testing.T) {
	var j usnjrnltest.Journal
	at := time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)
	kit := usnjrnl.IDOf(mft.Ref{Entry: 100, Seq: 1})
	tool := usnjrnl.Record{File: usnjrnl.IDOf(mft.Ref{Entry: 101, Seq: 1}), Parent: kit, Time: at, Reason: usnjrnl.FileCreate, Name: "=cmd|calc.exe", Attributes: mft.FileArchive}
	j.Add(tool)
	j.Add(usnjrnl.Record{Major: 4, File: tool.File, Parent: kit, Reason: usnjrnl.DataExtend | usnjrnl.Close, Extents: []usnjrnl.Extent{{Length: 4096}}})
	j.Add(usnjrnl.Record{File: kit, Parent: usnjrnl.IDOf(mft.Ref{Entry: 5, Seq: 5}), Time: at, Reason: usnjrnl.RenameOldName, Name: "kit", Attributes: mft.FileDirectory})
	j.Add(usnjrnl.Record{File: kit, Parent: usnjrnl.IDOf(mft.Ref{Entry: 5, Seq: 5}), Time: at, Reason: usnjrnl.RenameNewName, Name: "Tools", Attributes: mft.FileDirectory})
	j.Add(tool)
	image, err := mfttest.Volume{Files: []mfttest.File{{Path: "Tools", Dir: true, Entry: 100},
		{Path: "$Extend/$UsnJrnl", Streams: []mfttest.Stream{{Name: "$J", Data: j.Bytes()}}}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, b := range map[string][]byte{"c.raw": image, "$J": j.Bytes(), "odd.bin": j.Bytes(), "folder/of a tool.dat": j.Bytes()} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"c.raw", "$J", "odd.bin", "folder", filepath.Join(".", "c.raw")} {
		var out, problems bytes.Buffer
		if code := run([]string{"-usn", name}, &out, &problems); code != 0 || problems.Len() > 0 {
			t.Errorf("%s: code %d, stderr %s", name, code, &problems)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 6 || !strings.HasPrefix(lines[0], "Name,Extension,EntryNumber,") ||
			!strings.HasPrefix(lines[1], `'=cmd|calc.exe,.exe,101,1,100,1,.\kit,0,2024-03-04 05:06:07.1234567,FILE_CREATE,Archive,0,`) ||
			!strings.HasSuffix(lines[2], ",4,,0+4096") || !strings.Contains(lines[5], `,.\Tools,`) {
			t.Errorf("%s: got\n%s", name, &out)
		}
	}
	var out, problems bytes.Buffer
	if code := run([]string{"-usn", "-format", "jsonl", "c.raw"}, &out, &problems); code != 0 || strings.Count(out.String(), `"UpdateReasons":"FILE_CREATE"`) != 2 {
		t.Errorf("code %d, stderr %s, got\n%s", code, &problems, &out)
	}
	if code := run([]string{"-usn", "-format", "bodyfile", "c.raw"}, &out, &problems); code != 2 {
		t.Errorf("bodyfile: code %d", code)
	}
}
