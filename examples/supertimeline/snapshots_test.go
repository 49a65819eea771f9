package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// withSnapshots writes the image of a volume from which a file, a service and a line of a
// web log were removed after its newer shadow copy was made.
func withSnapshots(t *testing.T) string { return writeSnapshots(t, false) }

func writeSnapshots(t *testing.T, deleted bool) string {
	t.Helper()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 123456700, time.UTC)
	state := func(tool bool, lines ...int) mfttest.Volume {
		hive := registrytest.Hive{Name: "SYSTEM"}
		hive.Set("Select", noon.Add(-time.Hour), registrytest.DWord("Current", 1))
		files := []mfttest.File{{Path: "Windows/System32/ntoskrnl.exe", Times: mfttest.AllAt(noon.Add(-time.Hour))}}
		if tool {
			hive.Set(`ControlSet001\Services\nc`, noon.Add(time.Minute), registrytest.SZ("ImagePath", `C:\nc.exe`))
			files = append(files, mfttest.File{Path: "nc.exe", Entry: 90, Data: []byte("tool"), Times: mfttest.AllAt(noon)})
		}
		system, err := hive.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		log := "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time cs-method cs-uri-stem\r\n"
		for _, line := range lines {
			log += fmt.Sprintf("2026-03-02 12:00:0%d POST /%d.aspx\r\n", line, line)
		}
		files = append(files, mfttest.File{Path: "Windows/System32/config/SYSTEM", Entry: 91, Data: system, Times: mfttest.AllAt(noon)},
			mfttest.File{Path: "inetpub/logs/LogFiles/W3SVC1/u_ex260302.log", Entry: 92, Data: []byte(log), Times: mfttest.AllAt(noon)})
		return mfttest.Volume{Created: noon.Add(-time.Hour), Files: files}
	}
	catalog := vsstest.Whole
	if deleted {
		catalog = vsstest.Emptied
	}
	image, err := evidencetest.Shadows{Now: state(false, 1, 3), Catalog: catalog, Then: []evidencetest.Shadow{
		{State: state(true, 1), Created: noon.Add(2 * time.Minute)}, {State: state(true, 1, 2), Created: noon.Add(time.Hour)},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// What only a shadow copy has is marked with its time; what the volume has too is shown once.
func TestSnapshots(t *testing.T) {
	image := withSnapshots(t)
	for _, tt := range []struct {
		args []string
		want map[string]int // number of lines that have all of the words
	}{
		{nil, map[string]int{"nc.exe": 0, "/1.aspx": 1, "/2.aspx": 0, "2026-03-02T13:00:00": 0}},
		{[]string{"-snapshots"}, map[string]int{
			`C:\nc.exe was created ($STANDARD_INFORMATION)|vss2/$MFT|2026-03-02T13:00:00.1234567Z`: 1,
			`autostart service nc|vss2/Windows/System32/config/SYSTEM|2026-03-02T13:00:00`:         1,
			"/1.aspx": 1, "/2.aspx|vss2/inetpub": 1, "/3.aspx|vss": 0, "/3.aspx": 1, "vss1/": 0, `C:\nc.exe was created`: 2, "ntoskrnl.exe was created": 2,
		}},
		{[]string{"-snapshots", "-around", `C:\Windows\System32\ntoskrnl.exe`, "-window", "61m"}, map[string]int{"/2.aspx|vss2/": 1, "/3.aspx": 1, "nc.exe was created ($STANDARD": 1}},
	} {
		var out, problems bytes.Buffer
		if code := run(context.Background(), append(tt.args, "-q", "-format", "csv", image), &out, &problems); code != 0 || problems.Len() > 0 {
			t.Fatalf("%q: code %d: %s", tt.args, code, &problems)
		}
		for words, want := range tt.want {
			got := 0
			for line := range strings.Lines(out.String()) {
				has := true
				for word := range strings.SplitSeq(words, "|") {
					has = has && strings.Contains(line, word)
				}
				if has {
					got++
				}
			}
			if got != want {
				t.Errorf("%q: %d lines with %q, want %d, in\n%s", tt.args, got, words, want, &out)
			}
		}
	}
}

// After the shadow copies were deleted, -carved has their events all the same.
func TestDeletedSnapshots(t *testing.T) {
	image := writeSnapshots(t, true)
	for _, tt := range []struct {
		args     []string
		want     int // rows of the tool that only the shadow copies have
		problems string
	}{
		{nil, 0, ""},
		{[]string{"-snapshots"}, 0, "2 stores of shadow copies that the catalog does not list"},
		{[]string{"-snapshots", "-carved"}, 1, ""},
	} {
		var out, problems bytes.Buffer
		if code := run(context.Background(), append(tt.args, "-format", "csv", image), &out, &problems); code != 0 || !strings.Contains(problems.String(), tt.problems) || tt.problems == "" && problems.Len() > 0 {
			t.Fatalf("%q: code %d: %s", tt.args, code, &problems)
		}
		if got := strings.Count(out.String(), `C:\nc.exe was created ($STANDARD_INFORMATION)`); got != tt.want {
			t.Errorf("%q: %d rows of the tool, want %d", tt.args, got, tt.want)
		}
		if got := strings.Contains(out.String(), "carved2/$MFT"); got != (tt.want > 0) {
			t.Errorf("%q: the carved shadow copy is named: %v", tt.args, got)
		}
	}
}

// The older of two shadow copies has a file that was deleted since.
func TestSnapshotsOfARealVolume(t *testing.T) {
	image := testenv.Corpus(t, "images/vsstest.qcow2")
	var out, problems bytes.Buffer
	if code := run(context.Background(), []string{"-snapshots", "-q", "-format", "csv", image}, &out, &problems); code != 0 {
		t.Fatalf("code %d: %s", code, &problems)
	}
	for file, want := range map[string]string{`C:\another_file`: "", `C:\syslog`: "2013-12-03T06:35:09.7363787Z", `C:\password.txt`: ""} {
		rows := 0
		for line := range strings.Lines(out.String()) {
			if strings.Contains(line, file+" was created ($STANDARD_INFORMATION)") {
				if rows++; !strings.HasSuffix(line, ","+want+"\n") {
					t.Errorf("%s: %s, want the snapshot %q", file, line, want)
				}
			}
		}
		if rows != 1 {
			t.Errorf("%s: %d rows, want 1", file, rows)
		}
	}
}
