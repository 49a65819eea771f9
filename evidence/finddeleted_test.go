package evidence

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

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
