package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// disk writes a disk with a volume of Windows, one of data, and one that is encrypted.
func disk(t *testing.T) string {
	t.Helper()
	at := mfttest.AllAt(time.Date(2026, 3, 2, 13, 42, 11, 0, time.UTC))
	const logs = "Windows/System32/winevt/Logs/"
	system, err := mfttest.Volume{Files: []mfttest.File{
		{Path: logs + "Security.evtx", Data: make([]byte, 3000), Times: at},
		{Path: logs + "System.evtx", Data: make([]byte, 2000)},
		{Path: logs + "Archive/Old.EVTX", Data: make([]byte, 5000)},
		{Path: "Windows/System32/config/SAM", Data: []byte("regf")},
		{Path: "Windows/System32/config/SOFTWARE", Data: []byte("regf")},
		{Path: "Users/Ünal/NTUSER.DAT", Data: []byte("regf")},
		{Path: "Windows/Prefetch/CMD.EXE-01234567.pf", Data: []byte("MAM")},
		{Path: "Windows/System32/Tasks/Microsoft/Windows/x", Data: []byte("task")},
		{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	data, err := mfttest.Volume{Files: []mfttest.File{{Path: "inetpub/logs/LogFiles/W3SVC1/u_ex260302.log", Data: []byte("#Fields: date\r\n")}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	locked := make([]byte, 1<<20)
	copy(locked[3:], "-FVE-FS-")
	b, err := mfttest.Disk(mfttest.Partition{Data: system}, mfttest.Partition{Data: data}, mfttest.Partition{Data: locked})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.ArtifactDir(), "disk.raw")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestFormats(t *testing.T) {
	root := testenv.Root(t)
	t.Chdir(filepath.Dir(disk(t)))
	for format := range formats {
		var out, problems bytes.Buffer
		if code := run([]string{"-format", format, "disk.raw"}, &out, &problems); code != 0 || problems.Len() > 0 {
			t.Errorf("%s: code %d, stderr %s", format, code, &problems)
		}
		testenv.Golden(t, filepath.Join(root, "examples/evidence/testdata/disk."+format), out.Bytes())
	}
}

// A container that is not read is an error that names the command.
func TestUnreadContainer(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, data := range map[string][]byte{"image.7z": []byte("7z\xbc\xaf\x27\x1c rest"), "log.evtx": append([]byte("ElfFile\x00"), make([]byte, 5000)...)} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, problems bytes.Buffer
	if code := run([]string{"image.7z"}, &out, &problems); code != 1 || !strings.Contains(problems.String(), "7z x -oFOLDER") {
		t.Errorf("code %d, %s", code, &problems)
	}
	out.Reset()
	if code := run([]string{"-format", "jsonl", "image.7z", "log.evtx"}, &out, &problems); code != 0 || strings.Count(out.String(), "\n") != 3 || !strings.Contains(out.String(), `"name":"evtx"`) {
		t.Errorf("code %d, %s", code, &out)
	}
	if code := run(nil, &out, &problems); code != 2 {
		t.Errorf("no arguments: code %d", code)
	}
}

// Shadow copies are listed with their times, by vshadowinfo's account of the corpus.
func TestShadowCopies(t *testing.T) {
	var out, problems bytes.Buffer
	if code := run([]string{"-format", "jsonl", testenv.Corpus(t, "images/vsstest.qcow2")}, &out, &problems); code != 0 {
		t.Fatalf("code %d: %s", code, &problems)
	}
	var created []string
	for line := range strings.Lines(out.String()) {
		var r row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.Type == "snapshot" {
			created = append(created, r.Created)
		}
	}
	if got := strings.Join(created, " "); got != "2013-12-03T06:35:09.7363787Z 2013-12-03T06:37:48.9190583Z" {
		t.Errorf("shadow copies of %s", got)
	}
}

// Every kind has a path that no kind before it takes.
func TestKinds(t *testing.T) {
	for i, k := range kinds {
		name := "Users/a/" + strings.ReplaceAll(k.pattern, "*", "x")
		if got := kindOf(name); got < 0 || kinds[got].name != k.name {
			t.Errorf("row %d, %s: kind %d", i, name, got)
		}
	}
	for _, name := range []string{"Windows/System32/cmd.exe", "Users/a/system", "Windows/Prefetch/Layout.ini", "a.pf", ""} {
		if got := kindOf(name); got >= 0 {
			t.Errorf("%s is of kind %s", name, kinds[got].name)
		}
	}
}

func TestCommon(t *testing.T) {
	for _, tt := range [][3]string{
		{"a/b/x", "a/b", "a/b"}, {"a/b", "a/b/c", "a/b"}, {"a/bc", "a/b", "a"}, {"a", "b", "."}, {".", "a", "."}, {"x", ".", "."},
	} {
		if got := common(tt[0], tt[1]); got != tt[2] {
			t.Errorf("common(%s, %s) = %s, want %s", tt[0], tt[1], got, tt[2])
		}
	}
}

// The stores of deleted shadow copies are named, and with -carved they are shadow copies.
func TestDeletedShadowCopies(t *testing.T) {
	image, err := evidencetest.Shadows{Catalog: vsstest.Emptied, Then: []evidencetest.Shadow{{Created: time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"shadow copy  ", "2026-03-02T02:59:59.75Z", "of a shadow copy is not in the catalog: -carved reads what is left of it"}},
		{[]string{"-carved"}, []string{"volume/carved1", "shadow copy, carved", "2026-03-02T02:59:59.75Z"}},
	} {
		var out, problems bytes.Buffer
		if code := run(append(tt.args, "-q", name), &out, &problems); code != 0 || problems.Len() > 0 {
			t.Errorf("%q: code %d, stderr %s", tt.args, code, &problems)
		}
		for _, want := range tt.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q: want %q in\n%s", tt.args, want, &out)
			}
		}
		if got := strings.Contains(out.String(), "NOT READ"); got != (tt.args == nil) {
			t.Errorf("%q: a store is not read: %v", tt.args, got)
		}
	}
}
