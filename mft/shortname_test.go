package mft_test

import (
	"bytes"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A path may have the short names (8.3) of a file and of the folders above it, also those that
// were deleted.
func TestNameAt(t *testing.T) {
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Program Data", Dir: true, ShortName: "PROGRA~3"},
		{Path: "Program Data/sqlserver.exe", ShortName: "SQLSER~1.EXE", Links: []string{"linked name.exe"}, Entry: 70},
		{Path: "Program Data/a kit", Dir: true, ShortName: "AKIT~1", Deleted: true, Entry: 80},
		{Path: "Program Data/a kit/deleted.tool.exe", ShortName: "DELETE~1.EXE", Deleted: true, Entry: 81},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		entry uint64
		path  string
		want  bool
	}{
		{70, "Program Data/sqlserver.exe", true},
		{70, "PROGRA~3/SQLSER~1.EXE", true},
		{70, "program data/sqlser~1.exe", true},
		{70, "progra~3/SQLSERVER.EXE", true},
		{70, "linked name.exe", true},
		{70, "SQLSER~1.EXE", false}, // the short name is in the folder of the long one
		{70, "PROGRA~2/SQLSER~1.EXE", false},
		{70, "sqlserver.exe", false},
		{70, "x/PROGRA~3/SQLSER~1.EXE", false},
		{70, "./SQLSER~1.EXE", false},
		{70, "", false},
		{70, ".", false},
		{81, "PROGRA~3/AKIT~1/DELETE~1.EXE", true},
		{81, "Program Data/AKIT~1/deleted.tool.exe", true},
		{81, "PROGRA~3/DELETE~1.EXE", false},
		{5, ".", true},
	} {
		rec, err := v.MFT().Record(tt.entry)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := v.MFT().NameAt(rec, tt.path)
		if ok != tt.want || ok && got.Namespace == mft.NamespaceDOS {
			t.Errorf("NameAt(%d, %q) = %q, %v", tt.entry, tt.path, got.Name, ok)
		}
	}
	if _, ok := v.MFT().NameAt(nil, "a"); ok {
		t.Error("a path without a record")
	}
	rec, err := v.MFT().Record(70)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rec.FileNames {
		fn := &rec.FileNames[i]
		want := ""
		if fn.Name == "sqlserver.exe" {
			want = "SQLSER~1.EXE"
		}
		if got := rec.ShortName(fn); got != want {
			t.Errorf("ShortName(%s) = %q, want %q", fn.Name, got, want)
		}
	}
	if rec.ShortName(nil) != "" {
		t.Error("the short name of nothing")
	}
}
