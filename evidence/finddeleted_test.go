package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// Deleted files are found by the path that they had, by their name and by their entry.
func TestFindDeleted(t *testing.T) {
	image := diskOf(t, []mfttest.File{{Path: "data.txt"}}, []mfttest.File{
		{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")},
		{Path: "Users/a/kit", Dir: true, Deleted: true, Entry: 100},
		{Path: "Users/a/kit/tool.exe", Data: []byte("MZ"), Deleted: true, Entry: 101},
		{Path: "Users/a/again.exe", Data: []byte("first"), Deleted: true, Entry: 102},
		{Path: "Users/a/again.exe", Data: []byte("second"), Deleted: true, Entry: 103},
		{Path: "Users/a/new.exe", Data: []byte("old"), Deleted: true, Entry: 104},
		{Path: "Users/a/new.exe", Data: []byte("new"), Entry: 105},
	})
	e, err := New("disk.raw", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path   string
		found  []string // by Find
		locate string   // the path and the entry that Locate finds, or
		err    string
	}{
		{"tool.exe", []string{`C:\Users\a\kit\tool.exe (deleted)`}, `C:\Users\a\kit\tool.exe 101-2`, ""},
		{`C:\Users\a\kit\tool.exe`, []string{`C:\Users\a\kit\tool.exe (deleted)`}, `C:\Users\a\kit\tool.exe 101-2`, ""},
		{`c:/users/*/KIT/*`, []string{`C:\Users\a\kit\tool.exe (deleted)`}, `C:\Users\a\kit\tool.exe 101-2`, ""},
		{"101-2", []string{`C:\Users\a\kit\tool.exe (deleted)`}, `C:\Users\a\kit\tool.exe 101-2`, ""},
		{"101-1", nil, "", "101-1: not in the evidence"},
		{"100-2", nil, "", "100-2: not in the evidence"}, // a folder
		{"105-1", []string{`C:\Users\a\new.exe`}, `C:\Users\a\new.exe 0-0`, ""},
		{"new.exe", []string{`C:\Users\a\new.exe`, `C:\Users\a\new.exe (deleted)`}, `C:\Users\a\new.exe 0-0`, ""},
		{"again.exe", []string{`C:\Users\a\again.exe (deleted)`, `C:\Users\a\again.exe (deleted)`}, "",
			`again.exe: 2 files match: 102-2 (deleted: C:\Users\a\again.exe), 103-2 (deleted: C:\Users\a\again.exe)`},
		{`C:\Users\a\again.exe`, []string{`C:\Users\a\again.exe (deleted)`, `C:\Users\a\again.exe (deleted)`}, "",
			`C:\Users\a\again.exe: not in the evidence; nearest: 102-2 (deleted: C:\Users\a\again.exe), 103-2 (deleted: C:\Users\a\again.exe)`},
	} {
		s, err := e.Find(t.Context(), tt.path)
		if err != nil || !slices.Equal(paths(s.Matches), tt.found) {
			t.Errorf("Find(%s) = %q, %v; want %q", tt.path, paths(s.Matches), err, tt.found)
		}
		m, err := e.Locate(t.Context(), tt.path)
		switch {
		case tt.err != "":
			if err == nil || !strings.HasPrefix(err.Error(), tt.err) {
				t.Errorf("Locate(%s): error %v, want %s", tt.path, err, tt.err)
			}
		case err != nil || m.Path()+" "+m.Ref.String() != tt.locate || m.Deleted != (m.Ref.Entry != 0):
			t.Errorf("Locate(%s) = %s %s, %v; want %s", tt.path, m.Path(), m.Ref, err, tt.locate)
		}
	}
}

// A file whose folder is gone may have been anywhere, and is in no folder that exists.
func TestFindOrphan(t *testing.T) {
	image := diskOf(t, []mfttest.File{
		{Path: "Users/a/kit", Dir: true, Deleted: true, Entry: 100},
		{Path: "Users/a/kit/tool.exe", Data: []byte("MZ"), Deleted: true, Entry: 101},
		{Path: "Windows/System32/another", Dir: true, Entry: 102},
	}, nil)
	// The entry of the folder is used again.
	i := bytes.Index(image, []byte("k\x00i\x00t\x00"))
	record := image[i&^1023 : i&^1023+1024]
	record[16] += 3
	e, err := New("disk.raw", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Locate(t.Context(), "tool.exe")
	if err != nil || m.Path() != `partition 1/?/tool.exe` && m.Path() != `C:\?\tool.exe` || !m.Deleted {
		t.Errorf("Locate = %s, %v", m.Path(), err)
	}
	if _, err := e.Locate(t.Context(), `C:\tool.exe`); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in the root: %v", err)
	}
}

// A path and a name may be short ones (8.3), of files that exist, were deleted, or were not
// collected. One that several files had in turn is that of the file that exists.
func TestFindShortName(t *testing.T) {
	files := []mfttest.File{
		{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")},
		{Path: "Program Data", Dir: true, ShortName: "PROGRA~3"},
		{Path: "Program Data/USO Shared", Dir: true, ShortName: "USOSHA~1"},
		{Path: "Program Data/USO Shared/sqlserver.exe", ShortName: "SQLSER~1.EXE", Data: []byte("MZ live"), Entry: 110},
		{Path: "Program Data/USO Shared/sqlserver.exe.config", ShortName: "SQLSER~1.CON", Data: []byte("text"), Deleted: true, Entry: 111},
		{Path: "Program Data/USO Shared/sqlservice.exe", ShortName: "SQLSER~1.EXE", Data: []byte("MZ before"), Deleted: true, Entry: 112},
		{Path: "Program Data/another.exe", ShortName: "SQLSER~1.EXE", Data: []byte("MZ"), Entry: 113},
		{Path: "Program Data/kit for Windows", Dir: true, ShortName: "KITFOR~1", Deleted: true, Entry: 114},
		{Path: "Program Data/kit for Windows/long tool name.exe", ShortName: "LONGTO~1.EXE", Data: []byte("MZ tool"), Deleted: true, Entry: 115},
	}
	image := diskOf(t, []mfttest.File{{Path: "data.txt"}}, files)
	e, err := New("disk.raw", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	const live, former = `C:\Program Data\USO Shared\sqlserver.exe`, `C:\Program Data\USO Shared\sqlservice.exe (deleted)`
	const tool = `C:\Program Data\kit for Windows\long tool name.exe`
	for _, tt := range []struct {
		path   string
		found  []string
		locate string // the path and the entry that Locate finds, or
		err    string
	}{
		{`C:\PROGRA~3\USOSHA~1\sqlser~1.exe`, []string{live, former}, live + " 0-0", ""},
		{`C:\Program Data\USOSHA~1\sqlserver.exe`, []string{live}, live + " 0-0", ""},
		{`C:\PROGRA~3\SQLSER~1.EXE`, []string{`C:\Program Data\another.exe`}, `C:\Program Data\another.exe 0-0`, ""},
		{`C:\PROGRA~3\USOSHA~1\SQLSER~1.CON`, []string{`C:\Program Data\USO Shared\sqlserver.exe.config (deleted)`}, `C:\Program Data\USO Shared\sqlserver.exe.config 111-2`, ""},
		{`C:\PROGRA~3\KITFOR~1\LONGTO~1.EXE`, []string{tool + " (deleted)"}, tool + " 115-2", ""},
		{`C:\Program Data\KITFOR~1\long tool name.exe`, []string{tool + " (deleted)"}, tool + " 115-2", ""},
		{`longto~1.exe`, []string{tool + " (deleted)"}, tool + " 115-2", ""},
		{`SQLSER~1.EXE`, []string{`C:\Program Data\USO Shared\sqlserver.exe`, former, `C:\Program Data\another.exe`}, "", "SQLSER~1.EXE: 2 files match"},
		{`C:\PROGRA~3\USOSHA~2\sqlser~1.exe`, nil, "", "not in the evidence"},
		{`C:\USOSHA~1\sqlser~1.exe`, nil, "", "not in the evidence"},
		{`*~1.EXE`, nil, "", "not in the evidence"}, // a wildcard is for long names
	} {
		s, err := e.Find(t.Context(), tt.path)
		slices.Sort(tt.found)
		got := paths(s.Matches)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, tt.found) {
			t.Errorf("Find(%s) = %q, %v; want %q", tt.path, got, err, tt.found)
		}
		m, err := e.Locate(t.Context(), tt.path)
		switch {
		case tt.err != "":
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("Locate(%s): %s, error %v, want %s", tt.path, m.Path(), err, tt.err)
			}
		case err != nil || m.Path()+" "+m.Ref.String() != tt.locate || m.Deleted != (m.Ref.Entry != 0):
			t.Errorf("Locate(%s) = %s %s, %v; want %s", tt.path, m.Path(), m.Ref, err, tt.locate)
		}
	}
	// A collection has no short names of its own: its $MFT has.
	table, err := fs.ReadFile(e.Volumes()[1].FS, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	e, err = OpenFS("collection", fstest.MapFS{"C/$MFT": {Data: table}, "C/Program Data/USO Shared/sqlserver.exe": {Data: []byte("MZ live")}, "C/Windows/win.ini": {}})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		`C:\PROGRA~3\USOSHA~1\sqlser~1.exe`: live + " false false",
		`C:\PROGRA~3\SQLSER~1.EXE`:          `C:\Program Data\another.exe true false`,
		`C:\PROGRA~3\KITFOR~1\LONGTO~1.EXE`: tool + " true true",
	} {
		m, err := e.Locate(t.Context(), path)
		if got := fmt.Sprintf("%s %v %v", m.Path(), m.Absent, m.Deleted); err != nil || got != want {
			t.Errorf("collection: Locate(%s) = %s, %v; want %s", path, got, err, want)
		}
	}
}
