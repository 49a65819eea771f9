package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// writeSnapshots writes c.raw, a volume with two shadow copies. Nc.exe is in the second only,
// with a journal of one record.
func writeSnapshots(t *testing.T) {
	t.Helper()
	day := time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC)
	var j usnjrnltest.Journal
	j.Add(usnjrnl.Record{Time: day, Reason: usnjrnl.FileCreate, Name: "nc.exe"})
	var states [][]byte
	for _, files := range [][]mfttest.File{nil, {{Path: "nc.exe", Data: []byte("MZ")}, {Path: "$Extend/$UsnJrnl", Streams: []mfttest.Stream{{Name: "$J", Data: j.Bytes()}}}}, nil} {
		b, err := mfttest.Volume{Size: 2 << 20, Files: files}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, b)
	}
	image, err := vsstest.Volume{Current: states[2], Snapshots: []vsstest.Snapshot{
		{State: states[0], Created: day, Machine: "=cmd|x"}, {State: states[1], Created: day.Add(time.Hour + 123456700), Machine: "WEB01"},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("c.raw", image, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotsAreListed(t *testing.T) {
	writeSnapshots(t)
	for _, tt := range []struct {
		args []string
		code int
		want []string // each is in the output
	}{
		{[]string{"-snapshots", "c.raw"}, 0, []string{
			"Number,Name,Created,ShadowCopyID,ShadowCopySetID,StoreID,OriginatingMachine,ServiceMachine,Attributes,VolumeSize,Offset,Carved,SourceFile\n",
			"\n1,volume/vss1,2024-03-04 05:06:07.0000000,", ",'=cmd|x,'=cmd|x,\"persistent, no auto release, differential, auto recovered\",2097152,",
			"\n2,volume/vss2,2024-03-04 06:06:07.1234567,", ",WEB01,WEB01,",
		}},
		{[]string{"-snapshots", "-format", "jsonl", "c.raw"}, 0, []string{`{"Number":1,"Name":"volume/vss1","Created":"2024-03-04`, `"OriginatingMachine":"WEB01"`}},
		{[]string{"-snapshots", "-format", "bodyfile", "c.raw"}, 2, nil},
		{[]string{"-snapshot", "2", "-format", "bodyfile", "c.raw"}, 0, []string{"|/nc.exe|"}},
		{[]string{"-snapshot", "2", "c.raw"}, 0, []string{",.,nc.exe,.exe,", ",c.raw: volume/vss2: $MFT,"}},
		{[]string{"-snapshot", "2", "-usn", "c.raw"}, 0, []string{"\nnc.exe,.exe,"}},
		{[]string{"-snapshot", "1", "-usn", "c.raw"}, 1, nil},
		{[]string{"-snapshot", "3", "c.raw"}, 1, nil},
		{[]string{"-snapshot", "-1", "c.raw"}, 2, nil},
	} {
		var out, problems bytes.Buffer
		if code := run(tt.args, &out, &problems); code != tt.code || code == 0 && problems.Len() > 0 {
			t.Errorf("%q: code %d, stderr %s", tt.args, code, &problems)
		}
		for _, want := range tt.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q: want %q in\n%s", tt.args, want, &out)
			}
		}
	}
	var out, problems bytes.Buffer
	if run([]string{"-snapshot", "1", "c.raw"}, &out, &problems); strings.Contains(out.String(), "nc.exe") {
		t.Error("nc.exe is in the first shadow copy already")
	}
}

func TestEvidenceWithoutSnapshots(t *testing.T) {
	b, err := mfttest.Volume{}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("c.raw", b, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if code := run([]string{"-snapshots", "c.raw"}, &out, &problems); code != 0 || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("code %d, got %q", code, &out)
	}
}

// After the shadow copies were deleted, -carved lists and reads what is left of them, and
// without it their stores are named.
func TestDeletedSnapshots(t *testing.T) {
	day := time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC)
	image, err := evidencetest.Shadows{Catalog: vsstest.Emptied, Then: []evidencetest.Shadow{
		{Created: day, Machine: "WEB01"},
		{Created: day.Add(time.Hour), Machine: "WEB01", State: mfttest.Volume{Files: []mfttest.File{{Path: "nc.exe", Data: []byte("MZ")}}}},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("c.raw", image, 0o600); err != nil {
		t.Fatal(err)
	}
	const unlisted = "volume: 2 stores of shadow copies that the catalog does not list: -carved reads what is left of them"
	for _, tt := range []struct {
		args     []string
		code     int
		want     string // is in the output
		problems string
	}{
		{[]string{"-snapshots", "c.raw"}, 0, "SourceFile\n", unlisted},
		{[]string{"-snapshots", "-carved", "c.raw"}, 0, "\n2,volume/carved2,2024-03-04 06:06:06.7500000,", ""},
		{[]string{"-snapshots", "-carved", "c.raw"}, 0, ",True,c.raw\n", ""},
		{[]string{"-snapshot", "2", "-carved", "c.raw"}, 0, ",.,nc.exe,.exe,", ""},
		{[]string{"-snapshot", "2", "c.raw"}, 1, "", unlisted},
		{[]string{"-carved", "c.raw"}, 2, "", "want -snapshots or -snapshot N too"},
	} {
		var out, problems bytes.Buffer
		if code := run(tt.args, &out, &problems); code != tt.code || !strings.Contains(problems.String(), tt.problems) || code == 0 && tt.problems == "" && problems.Len() > 0 {
			t.Errorf("%q: code %d, stderr %s", tt.args, code, &problems)
		}
		if !strings.Contains(out.String(), tt.want) {
			t.Errorf("%q: want %q in\n%s", tt.args, tt.want, &out)
		}
	}
}
