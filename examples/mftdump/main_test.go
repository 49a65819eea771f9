package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// image writes a volume with one of everything that a row can say.
func image(t *testing.T) string {
	t.Helper()
	day := time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)
	old := time.Date(2019, 1, 1, 0, 0, 1, 0, time.UTC)
	now := mfttest.AllAt(day)
	b, err := mfttest.Volume{Created: day.Add(-time.Hour), Files: []mfttest.File{
		{Path: "Windows/System32/cmd.exe", Data: bytes.Repeat([]byte("MZ"), 2000), Times: now},
		{Path: "Users/alice/payload tool.exe", ShortName: "PAYLOA~1.EXE", Owner: "S-1-5-21-1-2-3-1001", Data: []byte("MZ"),
			Links: []string{"Windows/Temp/helper.exe"}, FileNameTimes: &now,
			Times:   mfttest.Times{Created: old, Modified: old, Changed: day, Accessed: day},
			Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://198.51.100.7/\"a\"\r\n")}}},
		{Path: "Users/alice/=cmd|calc\x1b[2J,x", Times: now},
		{Path: "gone/lost.txt", Deleted: true, Data: bytes.Repeat([]byte("x"), 5000), Times: now},
		{Path: "gone/again", Deleted: true, Dir: true, Times: now},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestFormats(t *testing.T) {
	name := image(t)
	t.Chdir(filepath.Dir(name))
	root := testenv.Root(t)
	for _, format := range []string{"csv", "jsonl", "bodyfile"} {
		var out, problems bytes.Buffer
		if code := run([]string{"-format", format, "c.raw"}, &out, &problems); code != 0 || problems.Len() > 0 {
			t.Errorf("%s: code %d, stderr %s", format, code, &problems)
		}
		if i := bytes.IndexFunc(out.Bytes(), func(r rune) bool { return r < ' ' && r != '\n' }); i >= 0 {
			t.Errorf("%s: a control character at %d", format, i)
		}
		testenv.Golden(t, filepath.Join(root, "examples/mftdump/testdata/all."+format), out.Bytes())
	}
}

func TestRun(t *testing.T) {
	name := image(t)
	noise := filepath.Join(t.TempDir(), "noise")
	if err := os.WriteFile(noise, []byte("no evidence"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		args     []string
		code     int
		out      string
		not      string
		problems string
	}{
		{"deleted only", []string{"-deleted", "-format", "jsonl", name}, 0, `"FileName":"lost.txt"`, `"InUse":true`, ""},
		{"no evidence", []string{noise}, 1, "", "", "noise"},
		{"no $MFT", []string{t.TempDir()}, 1, "", "", "no $MFT found"},
		{"unknown format", []string{"-format", "xml", name}, 2, "", "", `format "xml": want one of csv, jsonl, bodyfile`},
		{"no argument", nil, 2, "", "", "want one $MFT or EVIDENCE, got 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out, problems bytes.Buffer
			if code := run(tt.args, &out, &problems); code != tt.code {
				t.Errorf("code %d, want %d; stderr %s", code, tt.code, &problems)
			}
			if !strings.Contains(out.String(), tt.out) || tt.not != "" && strings.Contains(out.String(), tt.not) {
				t.Errorf("got\n%s\nwant %q without %q", &out, tt.out, tt.not)
			}
			if !strings.Contains(problems.String(), tt.problems) || tt.problems == "" && problems.Len() > 0 {
				t.Errorf("stderr %q, want %q", &problems, tt.problems)
			}
		})
	}
}
