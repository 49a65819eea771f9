package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

var (
	long = bytes.Repeat([]byte("content "), 2000) // 4 clusters
	mark = []byte("[ZoneTransfer]\r\nZoneId=3\r\n")
)

// extractable writes a volume with files to extract.
func extractable(t *testing.T) []byte {
	t.Helper()
	b, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Windows/System32/cmd.exe", Data: long, Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: mark}}},
		{Path: "Users/a/gone.exe", Data: long, Deleted: true, Entry: 100},
		{Path: "Users/a/small.txt", Data: []byte("small"), Deleted: true, Entry: 101},
		{Path: "Users/a/cloud.docx", Data: make([]byte, 8192), Sparse: true, Attributes: uint32(mft.FileOffline), Reparse: []byte{0x1a, 0, 0, 0x90, 0, 0, 0, 0}, Entry: 102},
		{Path: "Users/a/=cmd|calc\x1b[2J %2E", Data: []byte("hostile"), Entry: 103},
		{Path: "Users/a/sparse.bin", Data: append(make([]byte, 1<<20), 'x'), Sparse: true, Entry: 104},
		{Path: "Users/a/NUL", Data: []byte("device")},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestExtract(t *testing.T) {
	t.Chdir(t.TempDir())
	image := extractable(t)
	if err := os.WriteFile("c.raw", image, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		what  string
		files map[string][]byte // below the folder
		out   string            // in the rows
		err   string
	}{
		{"a path", `C:\windows\system32\CMD.EXE`, map[string][]byte{"C/Windows/System32/cmd.exe": long}, `"Extents":"0+16384@`, ""},
		{"a stream", `C:\Windows\System32\cmd.exe:Zone.Identifier`, map[string][]byte{"C/Windows/System32/cmd.exe%3AZone.Identifier": mark}, `"Stream":"Zone.Identifier"`, ""},
		{"a name", "gone.exe", map[string][]byte{"C/Users/a/gone.exe%~100-2": long}, `"Deleted":true,"FileSize":16000,`, ""},
		{"the state of the clusters", "100", map[string][]byte{"C/Users/a/gone.exe%~100-2": long}, ` free"`, ""},
		{"an entry with its sequence number", "101-2", map[string][]byte{"C/Users/a/small.txt%~101-2": []byte("small")}, `"Extents":"resident"`, ""},
		{"another sequence number", "101-1", nil, "", "entry 101 has the sequence number 2, not 1: it belongs to another file"},
		{"no such entry", "9999", nil, "", "9999: no $MFT has that entry"},
		{"a hash", fmt.Sprintf("%x", sha256.Sum256([]byte("hostile"))), map[string][]byte{"C/Users/a/%3Dcmd%7Ccalc%1B%5B2J %252E": []byte("hostile")}, `\u001b[2J`, ""},
		{"a wildcard", `C:\Users\a\*.txt`, map[string][]byte{"C/Users/a/small.txt%~101-2": []byte("small")}, "", ""},
		{"streams of a wildcard", `*:Zone.Identifier`, map[string][]byte{"C/Windows/System32/cmd.exe%3AZone.Identifier": mark}, "", ""},
		{"a hole", "104-1", map[string][]byte{"C/Users/a/sparse.bin": append(make([]byte, 1<<20), 'x')}, `"Extents":"0+1048576 hole; 1048576+4096@`, ""},
		{"a device", `\Users\a\NUL`, map[string][]byte{"C/Users/a/%4EUL": []byte("device")}, "", ""},
		{"a folder", `C:\Users`, nil, "", `C:\Users is a folder: name its files, as in C:\Users\*`},
		{"a placeholder", `C:\Users\a\cloud.docx`, nil, "", "mft: the content is in another place: cloud files"},
		{"no such stream", `C:\Windows\System32\cmd.exe:evil`, nil, "", `entry 66-1 has no stream evil: file does not exist`},
		{"no such file", `C:\Windows\System32\cme.exe`, nil, "", `C:\Windows\System32\cme.exe: not in the evidence; nearest: C:\Windows\System32\cmd.exe`},
		{"dots", `C:\..\..\c.raw`, nil, "", "not in the evidence"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			to := filepath.Join(t.TempDir(), "new", "folder")
			var out, problems bytes.Buffer
			code := run([]string{"-format", "jsonl", "-extract", tt.what, "-to", to, "c.raw"}, &out, &problems)
			if (code == 0) != (tt.err == "") || !strings.Contains(problems.String(), tt.err) || tt.err == "" && problems.Len() > 0 || !strings.Contains(out.String(), tt.out) {
				t.Errorf("code %d, stderr %s, want %q; stdout %s, want %s", code, &problems, tt.err, &out, tt.out)
			}
			var names []string
			filepath.WalkDir(to, func(name string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					name, _ := filepath.Rel(to, name)
					names = append(names, filepath.ToSlash(name))
				}
				return err
			})
			for name, want := range tt.files {
				got, err := os.ReadFile(filepath.Join(to, filepath.FromSlash(name)))
				if err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s: %d bytes, %v; files %q", name, len(got), err, names)
				}
				var row struct{ SHA256, SavedAs string }
				if err := json.Unmarshal(out.Bytes(), &row); err != nil || row.SHA256 != fmt.Sprintf("%x", sha256.Sum256(want)) || row.SavedAs != name {
					t.Errorf("row %+v, %v", row, err)
				}
			}
			if len(names) != len(tt.files) {
				t.Errorf("files %q", names)
			}
			// The second time, nothing is overwritten.
			if tt.files != nil {
				out.Reset()
				if code := run([]string{"-extract", tt.what, "-to", to, "c.raw"}, &out, &problems); code != 1 || !strings.Contains(problems.String(), "file exists") {
					t.Errorf("again: code %d, %s", code, &problems)
				}
			}
		})
	}
	if got, err := os.ReadFile("c.raw"); err != nil || !bytes.Equal(got, image) {
		t.Error("the evidence changed")
	}
}

// A collection has some files, and the records of the others.
func TestExtractFromCollection(t *testing.T) {
	image := extractable(t)
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	table, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, data := range map[string][]byte{"triage/C/$MFT": table, "triage/C/Windows/System32/cmd.exe": long} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, problems bytes.Buffer
	args := []string{"-to", "out", "triage"}
	for _, what := range []string{`C:\Windows\System32\cmd.exe`, "cmd.exe:Zone.Identifier", "small.txt", "gone.exe"} {
		args = append(args, "-extract", what)
	}
	if code := run(args, &out, &problems); code != 0 {
		t.Errorf("code %d", code)
	}
	for name, want := range map[string][]byte{
		"cmd.exe": nil, "C/Windows/System32/cmd.exe": long, "C/Windows/System32/cmd.exe%3AZone.Identifier": mark, "C/Users/a/small.txt%~101-2": []byte("small"),
	} {
		if got, err := os.ReadFile(filepath.Join("out", name)); !bytes.Equal(got, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if want := "entry 100-2: mft: content is outside the $MFT, on its volume"; !strings.Contains(problems.String(), want) {
		t.Errorf("stderr %s, want %s", &problems, want)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 4 {
		t.Errorf("%d lines: %s", lines, &out)
	}
}

func TestExtractUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("evidence", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"-extract", "a.exe", "evidence"},
		{"-to", "out", "evidence"},
		{"-extract", "a.exe", "-to", "evidence/out", "evidence"},
		{"-extract", "a.exe", "-to", "out", "-format", "bodyfile", "evidence"},
	} {
		var out, problems bytes.Buffer
		if code := run(args, &out, &problems); code != 2 {
			t.Errorf("%q: code %d, %s", args, code, &problems)
		}
	}
	if _, err := os.Stat("out"); err == nil {
		t.Error("the folder was made")
	}
}

func TestSafeName(t *testing.T) {
	for name, want := range map[string]string{
		"plain name.txt": "plain name.txt", "Ünal 報告.docx": "Ünal 報告.docx", "$MFT": "$MFT",
		"a:b": "a%3Ab", "%41": "%2541", "..": "%2E%2E", ".": "%2E", ".hidden": "%2Ehidden", "dot.": "dot%2E", "blank ": "blank%20", " ": "%20",
		"-rf": "%2Drf", "a/b\\c": "a%2Fb%5Cc", "a\x1b[2J": "a%1B%5B2J", "a\u202eb": "a%E2%80%AEb", "a\xed\xa0\x80": "a%ED%A0%80", "\xff": "%FF", "$(id)`;'": "$(id)%60%3B%27",
		"CON": "%43ON", "con.txt": "%63on.txt", "Nul .txt": "%4Eul .txt", "com1:stream": "%63om1%3Astream", "LPT²": "%4CPT%C2%B2", "console": "console", "COM10": "COM10", "\u3164": "%E3%85%A4",
	} {
		if got := safeName(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
	a, b := safeName(strings.Repeat("\u202e", 255)), safeName(strings.Repeat("\u202e", 254)+"a")
	if a == b || len(a) > maxSafe || !strings.HasPrefix(a, "%E2%80%AE") {
		t.Errorf("long names: %s, %s", a, b)
	}
}

// FuzzSafeName checks that names are one element of a path, and differ.
func FuzzSafeName(f *testing.F) {
	f.Add("a", "b")
	f.Add("%41", "A")
	f.Add("..", strings.Repeat("\u202e", 300))
	f.Add("NUL.txt", "/../x")
	f.Fuzz(func(t *testing.T, a, b string) {
		if a == "" || b == "" {
			return
		}
		x, y := safeName(a), safeName(b)
		if !filepath.IsLocal(x) || strings.ContainsAny(x, "/\\:\x00") || x == "." || len(x) > maxSafe || (x == y) != (a == b) {
			t.Errorf("%q: %s, %q: %s", a, x, b, y)
		}
	})
}

// Sleuthkit's icat extracts the same content.
func TestExtractPeers(t *testing.T) {
	icat := testenv.Tool(t, "icat")
	t.Chdir(t.TempDir())
	if err := os.WriteFile("c.raw", extractable(t), 0o600); err != nil {
		t.Fatal(err)
	}
	for entry, name := range map[string]string{"66": "Windows/System32/cmd.exe", "100": "Users/a/gone.exe%~100-2", "101": "Users/a/small.txt%~101-2"} {
		var out, problems bytes.Buffer
		if code := run([]string{"-extract", entry, "-to", "out", "c.raw"}, &out, &problems); code != 0 {
			t.Errorf("%s: %s", entry, &problems)
			continue
		}
		got, err := os.ReadFile(filepath.Join("out", "C", filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
		}
		if want, err := exec.Command(icat, "c.raw", entry).Output(); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, icat has %d, %v", name, len(got), len(want), err)
		}
	}
}
