package origin_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/wof/woftest"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/timeline"
)

func whatOf(t *testing.T, path string, files ...mfttest.File) *origin.Answer {
	t.Helper()
	img, err := mfttest.Volume{Files: files}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	ev, err := evidence.New("disk.raw", bytes.NewReader(img), int64(len(img)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := origin.Investigate(t.Context(), ev.Volumes()[0].FS, path, origin.WithDrive("C"))
	if err != nil {
		t.Fatal(err)
	}
	return r.Answer(origin.What)
}

// The hash of a compressed file is that of what Windows shows, and content that is not on
// the volume has no hash.
func TestContentIsWhatWindowsShows(t *testing.T) {
	want := []byte(strings.Repeat("not a program. ", 9000))
	sum := sha256.Sum256(want)
	hole := mfttest.File{Path: "a.exe", Sparse: true, Data: make([]byte, len(want)), Reparse: woftest.ReparsePoint(woftest.XPRESS8K)}
	packed := hole
	packed.Streams = []mfttest.Stream{{Name: "WofCompressedData", Data: woftest.Compress(woftest.XPRESS8K, want)}}
	if a := whatOf(t, `C:\a.exe`, packed); a.Grade != origin.Recorded || a.Fact("sha256") != hex.EncodeToString(sum[:]) {
		t.Errorf("compressed: %s %s", a.Grade, a.Answer)
	}
	for name, f := range map[string]mfttest.File{"without its stream": hole, "deduplicated": {Path: "a.exe", Sparse: true, Data: hole.Data, Reparse: []byte{0x13, 0, 0, 0x80, 0, 0, 0, 0}}} {
		a := whatOf(t, `C:\a.exe`, f)
		if a.Grade != origin.Unknown || a.UnknownBecause != origin.SourceUnreadable || a.Fact("sha256") != "" || !strings.Contains(a.Answer, "the content is in another place") {
			t.Errorf("%s: %s %s %s", name, a.Grade, a.UnknownBecause, a.Answer)
		}
	}
}

// The case: programs that CompactOS compressed have the hash of the program.
func TestFoundWOF(t *testing.T) {
	name := testenv.UnpackedFound(t, "ntfs/wof-xpress4k-lzx/volume.raw.zst")
	sum, err := os.ReadFile(testenv.Found(t, "ntfs/wof-xpress4k-lzx/plain.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	ev, err := evidence.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	for _, file := range []string{"wof_xpress4k.dll", "wof_lzx.dll"} {
		r, err := origin.Investigate(t.Context(), ev.Volumes()[0].FS, `C:\Windows\System32\`+file, origin.WithDrive("C"))
		if err != nil {
			t.Fatal(err)
		}
		if a := r.Answer(origin.What); a.Grade != origin.Recorded || a.Fact("sha256") != strings.TrimSpace(string(sum))[:64] || a.Fact("kind") != "Windows library" {
			t.Errorf("%s: %s %s", file, a.Grade, a.Answer)
		}
	}
}

// A log that names the file over a junction names the file.
func TestPathOverAJunction(t *testing.T) {
	junction := append([]byte{3, 0, 0, 0xa0, 26, 0, 0, 0, 0, 0, 18, 0, 0, 0, 0, 0}, wtf8.Encode(`\??\C:\Users`)...)
	binary.LittleEndian.PutUint16(junction[10:], uint16(len(junction)-16))
	w := box("WS07", sysmonDay(), spawned("11:59:30", 1, system32+"curl.exe", "curl -o x", 2, explorer, anna),
		made("12:00:00.2134567", 1, system32+"curl.exe", `C:\Documents and Settings\anna\tool.exe`, anna), born(`C:\Users\anna\tool.exe`, "12:00:00.2134567", anna),
		mfttest.File{Path: "Documents and Settings", Dir: true, Reparse: junction})
	r := story{world: w, path: `C:\Users\anna\tool.exe`}.report(t)
	if a := r.Answer(origin.Writer); a.Grade != origin.Recorded || a.Fact("pid") != "101" {
		t.Errorf("%s: %s", a.Grade, a.Answer)
	}
}

// A deleted file is what its record and its clusters still hold, if they do.
func TestDeletedContent(t *testing.T) {
	long := []byte(strings.Repeat("not a program. ", 9000))
	sum := func(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }
	for _, tt := range []struct {
		name  string
		file  mfttest.File
		grade origin.Grade
		sha   string
		says  string
	}{
		{"in the record", mfttest.File{Data: []byte("MZ resident tool")}, origin.Recorded, sum([]byte("MZ resident tool")), "read in its deleted record, which still holds it"},
		{"in free clusters", mfttest.File{Data: long}, origin.Inferred, sum(long), "read in the clusters of its deleted record, which are free now"},
		{"in clusters that the drive erased", mfttest.File{Data: make([]byte, len(long))}, origin.Unknown, "", "its clusters hold only zeros: a solid-state drive erases what is deleted (TRIM)"},
		{"zeros in the record", mfttest.File{Data: make([]byte, 16)}, origin.Recorded, sum(make([]byte, 16)), "read in its deleted record, which still holds it"},
	} {
		tt.file.Path, tt.file.Deleted, tt.file.Entry = "Users/a/tool.exe", true, 80
		a := whatOf(t, `C:\Users\a\tool.exe`, mfttest.File{Path: "Users/a/other.txt", Data: []byte("x")}, tt.file)
		if a.Grade != tt.grade || a.Fact("sha256") != tt.sha || !strings.Contains(a.Answer, tt.says) {
			t.Errorf("%s: %s %s", tt.name, a.Grade, a.Answer)
		}
	}
}

// The case: a resident file that was deleted.
func TestFoundDeletedContent(t *testing.T) {
	ev, err := evidence.Open(testenv.UnpackedFound(t, "ntfs/deleted-content/volume.raw.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	r, err := origin.Investigate(t.Context(), ev.Volumes()[0].FS, `C:\Users\a\Downloads\tool.exe`, origin.WithDrive("C"))
	if err != nil {
		t.Fatal(err)
	}
	want := sha256.Sum256([]byte("MZ resident tool"))
	if a := r.Answer(origin.What); a.Grade != origin.Recorded || a.Fact("sha256") != hex.EncodeToString(want[:]) || !strings.Contains(a.Answer, "deleted record") {
		t.Errorf("%s %s", a.Grade, a.Answer)
	}
}

// The case: a deleted file whose folder is gone too, and whose entry another folder has.
// Its path keeps the unknown part.
func TestFoundOrphan(t *testing.T) {
	ev, err := evidence.Open(testenv.UnpackedFound(t, "ntfs/orphan-path/volume.raw.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	_, err = birthmark.Investigate(t.Context(), ev, `C:\Users\a\Downloads\kit\tool.exe`)
	if err == nil || !strings.Contains(err.Error(), `C:\?\tool.exe`) {
		t.Errorf("the nearest of the path it had: %v", err)
	}
	if _, err := birthmark.Investigate(t.Context(), ev, `C:\tool.exe`); err == nil {
		t.Error("it is said to be in the root")
	}
	if _, err := birthmark.Investigate(t.Context(), ev, "68-77"); err == nil {
		t.Error("an entry with another sequence number was found")
	}
	for _, name := range []string{"68-2", `C:\?\tool.exe`} {
		r, err := birthmark.Investigate(t.Context(), ev, name)
		if err != nil {
			t.Fatal(err)
		}
		if r.Subject.Path != `C:\?\tool.exe` || r.Subject.MFTEntry != 68 || r.Answer(origin.What).Fact("sha256") == "" {
			t.Errorf("%s: %+v, %s", name, r.Subject, r.Answer(origin.What).Answer)
		}
	}
	r, err := birthmark.Investigate(t.Context(), ev, "68-2")
	if err != nil {
		t.Fatal(err)
	}
	if r.Subject.Path != `C:\?\tool.exe` || r.Subject.MFTEntry != 68 || r.Answer(origin.What).Fact("sha256") == "" {
		t.Errorf("%+v, %s", r.Subject, r.Answer(origin.What).Answer)
	}
	tl, err := timeline.Collect(t.Context(), ev.Volumes()[0].FS, timeline.WithDrive("C"))
	if err != nil {
		t.Fatal(err)
	}
	defer tl.Close()
	n := 0
	for e := range tl.Events() {
		if strings.HasSuffix(e.Path, `\tool.exe`) {
			if n++; e.Path != `C:\?\tool.exe` {
				t.Errorf("%s: %s", e.Kind, e.Path)
			}
		}
	}
	if n == 0 {
		t.Error("the timeline does not have it")
	}
}
