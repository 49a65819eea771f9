package timeline

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

const eve = "S-1-5-21-1-2-3-1001"

// smallVolume has a file that was downloaded, one whose times were forged, and one
// that was deleted.
func smallVolume(t *testing.T, more ...mfttest.File) *mft.Volume {
	t.Helper()
	same := func(h int) mfttest.Times {
		return mfttest.Times{Created: day(h, 0, 0), Modified: day(h, 0, 0), Changed: day(h, 0, 0), Accessed: day(h, 0, 0)}
	}
	real := same(14)
	b, err := mfttest.Volume{Created: day(0, 0, 0), Files: append([]mfttest.File{
		{Path: "Users/eve/a.exe", Data: []byte("MZ"), Owner: eve, Times: mfttest.Times{
			Created: day(12, 0, 0), Modified: day(12, 0, 1), Changed: day(12, 0, 2), Accessed: day(12, 0, 3)},
			Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://203.0.113.77/a.exe\r\n")}}},
		{Path: "Users/eve/forged-by-program.exe", ShortName: "FORGED~1.EXE", Times: same(13), FileNameTimes: &real},
		{Path: "Users/eve/gone.exe", Deleted: true, Times: same(15)},
	}, more...)}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return vol
}

// lines formats events, beginning at an hour of the day.
func lines(t *testing.T, tl *Timeline, hour int) []string {
	t.Helper()
	var got []string
	for e := range tl.Between(day(hour, 0, 0), day(23, 0, 0)) {
		got = append(got, strings.Join([]string{e.Time.Format("15:04:05"), e.Desc, e.Path, e.SID, e.Message}, " | "))
		if e.Source.Type == TypeMFT {
			rec, ok := e.Data.(*mft.Record)
			if !ok || e.Source.Record != rec.Ref.String() || e.Source.Offset < rec.Offset || e.Source.Artifact != "$MFT" {
				t.Errorf("%s: %T, source %+v", e.Message, e.Data, e.Source)
			}
		}
	}
	return got
}

func TestFileEvents(t *testing.T) {
	got := lines(t, collect(t, smallVolume(t)), 12)
	want := []string{
		`12:00:00 | Creation Time | C:\Users\eve\a.exe | S-1-5-21-1-2-3-1001 | C:\Users\eve\a.exe was created ($STANDARD_INFORMATION)`,
		`12:00:00 | $FILE_NAME Creation Time | C:\Users\eve\a.exe | S-1-5-21-1-2-3-1001 | C:\Users\eve\a.exe was created ($FILE_NAME)`,
		`12:00:00 | Creation Time | C:\Users\eve\a.exe | S-1-5-21-1-2-3-1001 | C:\Users\eve\a.exe has a mark of the web: zone 3 (internet), HostUrl: http://203.0.113.77/a.exe`,
		`12:00:01 | Content Modification Time | C:\Users\eve\a.exe | S-1-5-21-1-2-3-1001 | C:\Users\eve\a.exe was modified ($STANDARD_INFORMATION)`,
		`12:00:01 | $FILE_NAME Content Modification Time | C:\Users\eve\a.exe | S-1-5-21-1-2-3-1001 | C:\Users\eve\a.exe was modified ($FILE_NAME)`,
		`12:00:02 | Metadata Modification Time | C:\Users\eve\a.exe | S-1-5-21-1-2-3-1001 | C:\Users\eve\a.exe was changed in the $MFT ($STANDARD_INFORMATION)`,
		`12:00:02 | $FILE_NAME Metadata Modification Time | C:\Users\eve\a.exe | S-1-5-21-1-2-3-1001 | C:\Users\eve\a.exe was changed in the $MFT ($FILE_NAME)`,
		`12:00:03 | Last Access Time | C:\Users\eve\a.exe | S-1-5-21-1-2-3-1001 | C:\Users\eve\a.exe was accessed ($STANDARD_INFORMATION)`,
		`12:00:03 | $FILE_NAME Last Access Time | C:\Users\eve\a.exe | S-1-5-21-1-2-3-1001 | C:\Users\eve\a.exe was accessed ($FILE_NAME)`,
		`13:00:00 | Creation Time | C:\Users\eve\forged-by-program.exe | S-1-5-18 | C:\Users\eve\forged-by-program.exe was created ($STANDARD_INFORMATION)`,
		`13:00:00 | Content Modification Time | C:\Users\eve\forged-by-program.exe | S-1-5-18 | C:\Users\eve\forged-by-program.exe was modified ($STANDARD_INFORMATION)`,
		`13:00:00 | Metadata Modification Time | C:\Users\eve\forged-by-program.exe | S-1-5-18 | C:\Users\eve\forged-by-program.exe was changed in the $MFT ($STANDARD_INFORMATION)`,
		`13:00:00 | Last Access Time | C:\Users\eve\forged-by-program.exe | S-1-5-18 | C:\Users\eve\forged-by-program.exe was accessed ($STANDARD_INFORMATION)`,
		`14:00:00 | $FILE_NAME Creation Time | C:\Users\eve\forged-by-program.exe | S-1-5-18 | C:\Users\eve\forged-by-program.exe was created ($FILE_NAME)`,
		`14:00:00 | $FILE_NAME Content Modification Time | C:\Users\eve\forged-by-program.exe | S-1-5-18 | C:\Users\eve\forged-by-program.exe was modified ($FILE_NAME)`,
		`14:00:00 | $FILE_NAME Metadata Modification Time | C:\Users\eve\forged-by-program.exe | S-1-5-18 | C:\Users\eve\forged-by-program.exe was changed in the $MFT ($FILE_NAME)`,
		`14:00:00 | $FILE_NAME Last Access Time | C:\Users\eve\forged-by-program.exe | S-1-5-18 | C:\Users\eve\forged-by-program.exe was accessed ($FILE_NAME)`,
	}
	if n := len(want); !slices.Equal(got[:min(n, len(got))], want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, line := range got[min(len(want), len(got)):] {
		if !strings.HasPrefix(line, "15:00:00") || !strings.HasSuffix(line, ", deleted") || !strings.Contains(line, `C:\Users\eve\gone.exe`) {
			t.Errorf("unexpected %s", line)
		}
	}
	if n := len(got) - len(want); n != 8 {
		t.Errorf("the deleted file has %d events, want 8", n)
	}
}

// Each name of a file has its own path, in every format: one may be in a folder that is gone.
func TestEventsOfSeveralNames(t *testing.T) {
	at := mfttest.AllAt(day(18, 0, 0))
	tl := collect(t, smallVolume(t, mfttest.File{Path: "gone", Dir: true, Deleted: true, Overwritten: true, Entry: 100},
		mfttest.File{Path: "gone/tool.exe", Links: []string{"kept/other.exe"}, Data: []byte("MZ"), Times: at, Deleted: true, Entry: 101}))
	var got []string
	for e := range tl.KindsBetween(day(18, 0, 0), day(19, 0, 0), FileCreated) {
		if e.Source.Record == "101-2" {
			got = append(got, e.Path+": "+e.Message)
		}
	}
	want := []string{
		`C:\kept\other.exe: C:\kept\other.exe was created ($STANDARD_INFORMATION), deleted`,
		`C:\?\tool.exe: C:\?\tool.exe was created ($FILE_NAME), deleted, in a folder that is gone`,
		`C:\kept\other.exe: C:\kept\other.exe was created ($FILE_NAME), deleted`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, format := range []string{"jsonl", "bodyfile", "csv", "timesketch"} {
		var b bytes.Buffer
		if err := Write(&b, format, tl.Events()); err != nil || !strings.Contains(b.String(), "other.exe") || !strings.Contains(b.String(), "tool.exe") {
			t.Errorf("%s: %v, %s", format, err, &b)
		}
	}
}

// A bare $MFT yields the same events as its volume, except for owners, which are in
// $Secure.
func TestBareMFT(t *testing.T) {
	vol := smallVolume(t)
	content, err := fs.ReadFile(vol, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	bare := collect(t, fstest.MapFS{"$MFT": {Data: content}})
	got, want := lines(t, bare, 12), lines(t, collect(t, vol), 12)
	if len(got) != len(want) {
		t.Fatalf("%d events, %d with the volume", len(got), len(want))
	}
	for i := range got {
		g, w := strings.Split(got[i], " | "), strings.Split(want[i], " | ")
		w[3] = ""
		if !slices.Equal(g, w) {
			t.Errorf("got %q, want %q", g, w)
		}
	}
	if rec, err := bare.File(`C:\users\EVE\A.exe`); err != nil || rec.Name() != "a.exe" {
		t.Errorf("File: got %v, %v", rec, err)
	}
}

func TestFile(t *testing.T) {
	tl := collect(t, smallVolume(t))
	for _, tt := range []struct {
		path, name string
		err        error
	}{
		{`C:\Users\eve\a.exe`, "a.exe", nil},
		{`users/EVE/A.EXE`, "a.exe", nil},
		{`\Users\eve\gone.exe`, "gone.exe", nil},
		{`C:\Users\eve\none.exe`, "", fs.ErrNotExist},
		{`C:\Users\..\Users\eve\a.exe`, "", fs.ErrNotExist},
	} {
		rec, err := tl.File(tt.path)
		if !errors.Is(err, tt.err) || err == nil && rec.Name() != tt.name {
			t.Errorf("File(%q) = %v, %v, want %s, %v", tt.path, rec, err, tt.name, tt.err)
		}
	}
	if _, err := collect(t, fstest.MapFS{}).File("x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without an $MFT: %v", err)
	}
}

func TestZone(t *testing.T) {
	tl := collect(t, smallVolume(t))
	n := 0
	for e := range tl.ByKind(FileMarked) {
		n++
		zone, ok := e.Data.(*Zone)
		if !ok {
			t.Fatalf("Data is a %T", e.Data)
		}
		if zone.ZoneID != 3 || zone.HostURL != "http://203.0.113.77/a.exe" || zone.Path != `C:\Users\eve\a.exe` || zone.Record.IsZero() {
			t.Errorf("got %+v", zone)
		}
		if want := (Source{Artifact: "Users/eve/a.exe:Zone.Identifier", Record: zone.Record.String(), Offset: -1, Type: TypeZone}); e.Source != want {
			t.Errorf("source: got %+v, want %+v", e.Source, want)
		}
	}
	if n != 1 {
		t.Errorf("%d marks, want 1", n)
	}
}

func TestBodyfileIsAcceptedByMactime(t *testing.T) {
	mactime := testenv.Tool(t, "mactime")
	tl := collect(t, smallVolume(t, mfttest.File{Path: `Users/a%41.txt`}))
	var body bytes.Buffer
	if err := WriteBodyfile(&body, tl.Events()); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(name, body.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(mactime, "-b", name, "-d", "-y", "-z", "UTC")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("mactime: %v: %s", err, out)
	}
	for _, want := range []string{
		`2019-06-14T12:00:00Z,2,...b,r/rrwxrwxrwx,0,0,`,
		`"C:/Users/eve/a.exe"`,
		`2019-06-14T13:00:00Z,0,macb,`,
		`2019-06-14T14:00:00Z,0,macb,`,
		`"C:/Users/eve/forged-by-program.exe ($FILE_NAME)"`,
		`"C:/Users/eve/gone.exe (deleted)"`,
		`[file.marked] C:\\Users\\eve\\a.exe has a mark of the web`,
		`"C:/Users/a\x2541.txt"`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// A problem of a record is counted once.
func TestProblemsOfTheMFTCountOnce(t *testing.T) {
	b, err := mfttest.Volume{Files: []mfttest.File{{Path: "a.txt", Data: []byte("a")}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	rec, err := vol.Lookup("a.txt")
	if err != nil {
		t.Fatal(err)
	}
	b[rec.VolumeOffset+510]++ // a stride that was written only in part
	table, err := fs.ReadFile(vol, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]fs.FS{"volume": vol, "folder": fstest.MapFS{"$MFT": {Data: table}}} {
		tl, err := Collect(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		if c := covered(t, tl, "$MFT"); c.ProblemCount != 1 {
			t.Errorf("%s: %d problems, want 1: %v", name, c.ProblemCount, c.Problems)
		}
		if err := tl.Close(); err != nil {
			t.Error(err)
		}
	}
}
