package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// image writes a volume that fills every column of a row.
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
	name := filepath.Join(t.ArtifactDir(), "c.raw")
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

// The rows of all names with all streams of one file could fill any disk.
func TestManyNamesAndStreams(t *testing.T) {
	const names, streams = 300, 300
	f := mfttest.File{Path: "0"}
	for i := range streams {
		f.Streams = append(f.Streams, mfttest.Stream{Name: fmt.Sprintf("stream %d", i)})
	}
	for i := range names - 1 {
		f.Links = append(f.Links, fmt.Sprint(i+1))
	}
	b, err := mfttest.Volume{Files: []mfttest.File{f}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for format, want := range map[string]int{"csv": names + streams, "bodyfile": names + 1 + streams} {
		var out, problems bytes.Buffer
		if code := run([]string{"-format", format, name}, &out, &problems); code != 0 {
			t.Errorf("code %d", code)
		}
		got := 0
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(line, "64,") || strings.Contains(line, "|64-") {
				got++
			}
		}
		if got != want || !strings.Contains(problems.String(), "300 names and 301 streams: streams are listed under the best name only") {
			t.Errorf("%s: %d rows, want %d; stderr %s", format, got, want, &problems)
		}
	}
}

// Other evidence is read too: an $MFT alone, also in gzip, a disk with several
// volumes, and folders as triage tools write them.
func TestEvidence(t *testing.T) {
	b, err := os.ReadFile(image(t))
	if err != nil {
		t.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	table, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	sds, err := fs.ReadFile(v, "$Secure:$SDS")
	if err != nil {
		t.Fatal(err)
	}
	disk, err := mfttest.Disk(mfttest.Partition{Data: b}, mfttest.Partition{Data: b})
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(table)
	z.Close()
	const payload, owner = `"FileName":"payload tool.exe"`, `"OwnerSID":"S-1-5-21-1-2-3-1001"`
	for _, tt := range []struct {
		name   string
		files  map[string][]byte
		open   string
		rows   int // of the payload
		owner  bool
		source string
	}{
		{"an $MFT", map[string][]byte{"$MFT": table}, "$MFT", 1, false, "$MFT"},
		{"an $MFT in gzip", map[string][]byte{"$MFT.gz": packed.Bytes()}, "$MFT.gz", 1, false, "$MFT.gz"},
		{"a disk", map[string][]byte{"disk.raw": disk}, "disk.raw", 2, true, "disk.raw: partition 2: $MFT"},
		{"a triage folder", map[string][]byte{"C/$MFT": table, "C/Windows/win.ini": nil}, ".", 1, false, ".: $MFT"},
		{"a triage folder with $SDS", map[string][]byte{"C/$MFT": table, "C/$Secure_$SDS": sds, "C/Windows/win.ini": nil}, ".", 1, true, ".: $MFT"},
		{"two drives", map[string][]byte{"C/$MFT": table, "D/$MFT": table}, ".", 2, false, ".: D: $MFT"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name, content := range tt.files {
				if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var out, problems bytes.Buffer
			if code := run([]string{"-format", "jsonl", tt.open}, &out, &problems); code != 0 || problems.Len() > 0 {
				t.Errorf("code %d: %s", code, &problems)
			}
			if got := strings.Count(out.String(), payload); got != tt.rows {
				t.Errorf("%d rows of the payload, want %d", got, tt.rows)
			}
			if got := strings.Contains(out.String(), owner); got != tt.owner {
				t.Errorf("owner %t, want %t", got, tt.owner)
			}
			if want := `"SourceFile":"` + tt.source + `"`; !strings.Contains(out.String(), want) {
				t.Errorf("no %s in %.600s", want, &out)
			}
		})
	}
}

func TestClock(t *testing.T) {
	var c clock
	for ticks, want := range map[uint64]string{
		133540023671234567:  "2024-03-04 05:06:07.1234567",
		1:                   "1601-01-01 00:00:00.0000001",
		2650467743999999999: "9999-12-31 23:59:59.9999999",
		2650467744000000000: "9999-12-31 23:59:59.9999999", // the year 10000
		1<<64 - 1:           "9999-12-31 23:59:59.9999999", // the year 60056
	} {
		for _, sep := range []byte{' ', 'T', ' '} { // the second time, the second is known
			want := strings.Replace(want, " ", string(sep), 1)
			if got := string(c.append(nil, filetime.Time(ticks), sep)); got != want {
				t.Errorf("FILETIME %d: got %s, want %s", ticks, got, want)
			}
		}
	}
}

// Text from the evidence is made safe in a cell.
func TestCells(t *testing.T) {
	for in, want := range map[string]string{
		"plain.txt":          "plain.txt",
		"":                   "",
		"a,b":                `"a,b"`,
		`a"b`:                `"a""b"`,
		" padded ":           `" padded "`,
		"=1+1":               "'=1+1",
		"+1":                 "'+1",
		"-1":                 "'-1",
		"@SUM(A1)":           "'@SUM(A1)",
		"'quoted'":           "''quoted'",
		"＝1":                 "'＝1",
		"a\r\nb\nc\rd":       `a\u000d\u000ab\u000ac\u000dd`,
		`C:\users\x86`:       `C:\users\x86`,
		`a\u202e`:            `a\u005cu202e`,
		"a;=1":               `a;\u003d1`,
		"\x1b[2Jx":           "\\u001b[2Jx",
		"txt.\u202eexe":      "txt.\\u202eexe",
		"=\"a\",b":           `"'=""a"",b"`,
		"\xed\xa0\x80":       "\\ud800",
		"stra\u00dfe \u6587": "stra\u00dfe \u6587",
	} {
		c := &csvWriter{}
		c.text("", in)
		if got := strings.TrimSuffix(string(c.line), ","); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
		// A CSV reader finds one cell.
		if rows, err := csv.NewReader(strings.NewReader(string(c.line) + "end\n")).ReadAll(); err != nil || len(rows) != 1 || len(rows[0]) != 2 {
			t.Errorf("%q: %q, %v", in, rows, err)
		}
	}
}

func TestMarkOfTheWebIsOneLine(t *testing.T) {
	c := &csvWriter{}
	c.text(zoneContents, "[ZoneTransfer]\r\nZoneId=3\r\n")
	if got, want := string(c.line), `"[ZoneTransfer] ZoneId=3 ",`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Damage is reported, and everything else is printed.
func TestDamaged(t *testing.T) {
	name := image(t)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	rec, err := v.Lookup("Windows/System32/cmd.exe")
	if err != nil {
		t.Fatal(err)
	}
	copy(b[rec.VolumeOffset:], "XXXX")
	clear(b[:512]) // the boot sector
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if code := run([]string{name}, &out, &problems); code != 0 {
		t.Errorf("code %d", code)
	}
	for _, want := range []string{"boot sector", `entry 66: record signature at 0x10800: got "XXXX", want FILE`} {
		if !strings.Contains(problems.String(), want) {
			t.Errorf("no %q in %s", want, &problems)
		}
	}
	if strings.Contains(out.String(), "cmd.exe") || !strings.Contains(out.String(), "payload tool.exe") {
		t.Errorf("got\n%s", &out)
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
		{"not evidence", []string{noise}, 1, "", "", "noise"},
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

// The output does not depend on the number of workers.
func TestWorkers(t *testing.T) {
	name := filepath.Join(t.TempDir(), "volume.raw")
	v := mfttest.Volume{FragmentMFT: false}
	for i := range 3 * partSize {
		v.Files = append(v.Files, mfttest.File{Path: fmt.Sprintf("f%d/%d.txt", i%50, i), Data: []byte("x"), Owner: "S-1-5-32-544"})
	}
	b, err := v.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for i := 300; i < 3000; i += 499 { // some damage
		if at := bytes.Index(b, []byte("FILE0")); at >= 0 {
			at += i * 1024 // of the $MFT
			copy(b[at:], "BAAD")
		}
	}
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range formats {
		var one, problemsOne bytes.Buffer
		codeOne := run([]string{"-format", f.name, "-workers", "1", name}, &one, &problemsOne)
		for _, n := range []string{"2", "7"} {
			var many, problems bytes.Buffer
			code := run([]string{"-format", f.name, "-workers", n, name}, &many, &problems)
			if code != codeOne || !bytes.Equal(many.Bytes(), one.Bytes()) || problems.String() != problemsOne.String() {
				t.Errorf("%s: %s workers print %d bytes and %q, one %d and %q", f.name, n, many.Len(), clipped(problems.String()), one.Len(), clipped(problemsOne.String()))
			}
		}
	}
	failing := failAfter(1000)
	if code := run([]string{"-workers", "4", name}, &failing, io.Discard); code == 0 {
		t.Error("an output that fails is not reported")
	}
}

func clipped(s string) string { return s[:min(len(s), 200)] }

// failAfter is an output that takes so many bytes.
type failAfter int

func (f *failAfter) Write(b []byte) (int, error) {
	if *f -= failAfter(len(b)); *f < 0 {
		return 0, errors.New("no space")
	}
	return len(b), nil
}
