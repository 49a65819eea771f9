package evidence

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/disk/ewf/ewftest"
)

// An image of files is opened as the drives that it holds, from any of its segments, with the
// times, streams and hashes that it stores.
func TestLogicalImage(t *testing.T) {
	const at = 1_700_000_000
	large := bytes.Repeat([]byte("birthmark "), 10_000)
	text, data := ewftest.Text(ewftest.Types7, "LogicalEntries", []ewftest.Item{{Name: "HOST", Folder: true, Inside: []ewftest.Item{
		{Name: "C:", Folder: true, Inside: []ewftest.Item{
			{Name: "Windows", Folder: true, Inside: []ewftest.Item{{Name: "win.ini", Content: []byte("[fonts]"), Created: at}}},
			{Name: "tool.exe", Content: large, Created: at},
			{Name: "tool.exe·Zone.Identifier", Content: []byte("[ZoneTransfer]\r\nZoneId=3\r\n"), Flags: 0x2000},
			{Name: "gone.exe", Content: []byte("MZ"), Flags: 0x80},
			{Name: "..", Folder: true, Inside: []ewftest.Item{{Name: "../a\\b", Content: []byte("no way out")}}},
			{Name: "damaged.bin", Content: []byte("x"), Extents: "1 ffffff 1"},
			{Name: "changed.bin", Content: []byte("x"), Hash: strings.Repeat("ab", 16)},
		}},
	}}})
	dir := t.TempDir()
	all := ewftest.Bytes(text, data, 1)
	for name, b := range all {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name := range all {
		e := open(t, filepath.Join(dir, name))
		v := e.Volumes()[0]
		if e.Kind() != "triage archive" || v.Letter != "C" || len(e.Volumes()) != 1 {
			t.Fatalf("%s: %s, %d volumes", e.Kind(), v.Name, len(e.Volumes()))
		}
		want := []string{"%2E%2E/..%2Fa%5Cb", "Windows/win.ini", "changed.bin", "damaged.bin", "gone.exe (deleted)", "tool.exe [Zone.Identifier]"}
		if got := tree(t, v); !slices.Equal(got, want) {
			t.Errorf("files %q", got)
		}
		if err := fstest.TestFS(v.FS, "Windows/win.ini"); err != nil && !strings.Contains(err.Error(), "damaged.bin") {
			t.Error(err)
		}
		if b, err := fs.ReadFile(v.FS, "tool.exe"); err != nil || !bytes.Equal(b, large) {
			t.Errorf("%d bytes, %v", len(b), err)
		}
		info, err := fs.Stat(v.FS, "tool.exe")
		if err != nil {
			t.Fatal(err)
		}
		times := info.(acquiredTimes)
		for i, got := range []time.Time{times.BirthTime(), info.ModTime(), times.AccessTime(), times.ChangeTime()} {
			if !got.Equal(time.Unix(at+int64(i), 0)) {
				t.Errorf("time %d is %s", i, got)
			}
		}
		if _, err := fs.ReadFile(v.FS, "damaged.bin"); err == nil || !strings.Contains(err.Error(), "an extent of 1 bytes at 0xffffff") {
			t.Errorf("damaged.bin: %v", err)
		}
		if _, err := fs.Stat(v.FS, "gone.exe"); err == nil {
			t.Error("a deleted file exists")
		}
		var problems []string
		for p := range e.TableProblems() {
			problems = append(problems, p.Err.Path)
		}
		if !slices.Equal(problems, []string{"HOST/C:/damaged.bin"}) {
			t.Errorf("problems %q", problems)
		}
		hashes, err := e.VerifyImage(t.Context(), 1)
		if err != nil || len(hashes) != 6 {
			t.Fatalf("%d hashes, %v", len(hashes), err)
		}
		for _, h := range hashes {
			if h.Matches() == strings.HasSuffix(h.Image, "changed.bin") || h.Algorithm != "MD5" {
				t.Errorf("%s", h)
			}
		}
	}
	// A folder of such images has a machine for each.
	if e := open(t, dir); e.Kind() != "folder of images" || len(e.Volumes()) != 1 {
		t.Errorf("%s, %s", e.Kind(), fmt.Sprint(e.Volumes()))
	}
}
