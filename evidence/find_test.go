package evidence

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

const upload = "<%@ page %>"

// webDisk is a disk with a volume for a web site and one that holds Windows.
func webDisk(t *testing.T) *Evidence {
	t.Helper()
	image := diskOf(t,
		[]mfttest.File{
			{Path: "inetpub/portal/upload.aspx", Data: []byte(upload)},
			{Path: "inetpub/portal/backup/upload.aspx", Data: []byte(upload), Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte(zone)}}},
			{Path: "inetpub/portal/default.aspx", Data: []byte("default")},
			{Path: "only here.txt", Data: []byte("only")},
			{Path: "deleted.aspx", Data: []byte(upload), Deleted: true},
		},
		[]mfttest.File{
			{Path: "Windows/System32/cmd.exe", Data: []byte("MZ cmd"), Links: []string{"Windows/WinSxS/amd64_cmd/cmd.exe"}},
			{Path: "Users/Ünal/Downloads/a.exe", Data: []byte("MZ a"), ShortName: "A~1.EXE"},
			{Path: "Users/Ünal/Downloads/b.exe", Data: []byte("MZ b")},
			{Path: "Users/Igor/Downloads/a.exe", Data: []byte("MZ a")},
			{Path: "Users/Igor/Desktop/report.docx"},
			{Path: "Windows/ſqlservr.exe", Data: []byte("long s")},
		})
	e, err := New("disk.raw", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func paths(matches []Match) []string {
	list := []string{}
	for _, m := range matches {
		p := m.Path()
		switch {
		case m.Deleted:
			p += " (deleted)"
		case m.Absent:
			p += " (absent)"
		}
		list = append(list, p)
	}
	return list
}

func TestFind(t *testing.T) {
	e := webDisk(t)
	both := []string{"partition 1/inetpub/portal/backup/upload.aspx", "partition 1/inetpub/portal/upload.aspx"}
	for _, tt := range []struct {
		name, pattern string
		want          []string
	}{
		{"a name", "upload.aspx", both},
		{"in any case", "UPLOAD.ASPX", both},
		{"in quotes", `"upload.aspx"`, both},
		{"in single quotes", `'upload.aspx'`, both},
		{"with a blank", "only here.txt", []string{"partition 1/only here.txt"}},
		{"a folder", "portal", nil},
		{"a deleted file", "deleted.aspx", []string{"partition 1/deleted.aspx (deleted)"}},
		{"a stream", "upload.aspx:Zone.Identifier", nil},
		{"part of a name", "upload", nil},
		{"both names of a file", "cmd.exe", []string{`C:\Windows\System32\cmd.exe`, `C:\Windows\WinSxS\amd64_cmd\cmd.exe`}},
		{"a letter outside ASCII does not match one inside", "sqlservr.exe", nil},
		{"nor the reverse", "ſqlservr.exe", []string{`C:\Windows\ſqlservr.exe`}},

		{"wildcard", "*.aspx", []string{"partition 1/deleted.aspx (deleted)", both[0], "partition 1/inetpub/portal/default.aspx", both[1]}},
		{"wildcard in the middle", "up*D.aspx", both},
		{"several wildcards", "*o*d*.as*", both},
		{"one character", "?.exe", []string{`C:\Users\Igor\Downloads\a.exe`, `C:\Users\Ünal\Downloads\a.exe`, `C:\Users\Ünal\Downloads\b.exe`}},
		{"one character is not two", "??.exe", nil},
		{"wildcard in a folder", `C:\Users\*\Downloads\a.exe`, []string{`C:\Users\Igor\Downloads\a.exe`, `C:\Users\Ünal\Downloads\a.exe`}},
		{"one character of two bytes", `C:\Users\?nal\*\*`, []string{`C:\Users\Ünal\Downloads\a.exe`, `C:\Users\Ünal\Downloads\b.exe`}},
		{"a star stays in its folder", `C:\Users\*.exe`, nil},
		{"below \\\\?\\", `\\?\c:\users\ünal\downloads\*`, []string{`C:\Users\Ünal\Downloads\a.exe`, `C:\Users\Ünal\Downloads\b.exe`}},
		{"on every volume", `*\*\upload.aspx`, both[1:]},
		{"on a volume by its name", `partition 1\*.txt`, []string{"partition 1/only here.txt"}},
		{"a root", `C:\*`, nil},
		{"a missing drive", `Q:\*.exe`, nil},
		{"%SystemRoot%", `%SystemRoot%\*\*.exe`, []string{`C:\Windows\System32\cmd.exe`}},

		{"a path", `C:\Users\Igor\Downloads\a.exe`, []string{`C:\Users\Igor\Downloads\a.exe`}},
		{"a path, relative", `users/igor/downloads/A.EXE`, []string{`C:\Users\Igor\Downloads\a.exe`}},
		{"a path out of the volume", `C:\..\..\*`, nil},
		{"nothing", "", nil},
		{"only quotes", `""`, nil},

		{"MD5", fmt.Sprintf("%x", md5.Sum([]byte(upload))), both},
		{"SHA-1", fmt.Sprintf("%X", sha1.Sum([]byte("MZ a"))), []string{`C:\Users\Igor\Downloads\a.exe`, `C:\Users\Ünal\Downloads\a.exe`}},
		{"SHA-256 in quotes", fmt.Sprintf(`"%x"`, sha256.Sum256([]byte("only"))), []string{"partition 1/only here.txt"}},
		{"SHA-256 of a file with two names", fmt.Sprintf("%x", sha256.Sum256([]byte("MZ cmd"))), []string{`C:\Windows\System32\cmd.exe`, `C:\Windows\WinSxS\amd64_cmd\cmd.exe`}},
		{"of no file", fmt.Sprintf("%x", sha256.Sum256([]byte("elsewhere"))), nil},
		{"of a stream alone", fmt.Sprintf("%x", sha256.Sum256([]byte(zone))), nil},
		{"of an empty file", "d41d8cd98f00b204e9800998ecf8427e", []string{`C:\Users\Igor\Desktop\report.docx`}},
		{"no hash has so many digits", "d41d8cd98f00b204e9800998ecf8427", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := e.Find(context.Background(), tt.pattern)
			if err != nil {
				t.Fatal(err)
			}
			got := slices.DeleteFunc(paths(s.Matches), func(p string) bool { return strings.Contains(p, "$") }) // except NTFS's own files
			if !slices.Equal(got, tt.want) || s.Pattern != tt.pattern || s.Failed != 0 || len(s.Problems) != 0 {
				t.Errorf("got  %q\nwant %q\nfailed %d: %v", got, tt.want, s.Failed, s.Problems)
			}
			for _, m := range s.Matches {
				if m.Deleted {
					continue
				}
				if _, err := fs.Stat(m.Volume.FS, m.Name); err != nil {
					t.Error(err)
				}
				if v, name, err := e.Resolve(m.Path()); err != nil || v != m.Volume || name != m.Name {
					t.Errorf("Resolve(%s) = %v, %s, %v", m.Path(), v, name, err)
				}
			}
		})
	}
}

func TestMatchName(t *testing.T) {
	for _, tt := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "", true}, {"", "A", false}, {"A", "", false}, {"*", "", true}, {"*", "A", true}, {"**", "A", true},
		{"?", "", false}, {"?", "Ü", true}, {"?", "ÜÜ", false}, {"??", "ÜÜ", true}, {"*?", "Ü", true}, {"?*?", "Ü", false},
		{"A*B", "AB", true}, {"A*B", "AXB", true}, {"A*B", "AXBX", false}, {"A*B*C", "AXBXBXC", true}, {"*B", "ABAB", true},
		{"*ÜB", "ÜÜB", true}, {"*.ASPX", "A.ASPX.TXT", false}, {"A?C", "A\xffC", true},
		{strings.Repeat("*A", 40) + "*B", strings.Repeat("A", 4000), false},
	} {
		if got := matchName(tt.pattern, tt.name); got != tt.want {
			t.Errorf("matchName(%s, %.20s) = %v", tt.pattern, tt.name, got)
		}
	}
}

func TestLocate(t *testing.T) {
	e := webDisk(t)
	none := fmt.Sprintf("%x", sha256.Sum256([]byte("elsewhere")))
	for _, tt := range []struct {
		name, path string
		want, err  string
	}{
		{"a path comes first", `C:\Users\Igor\Downloads\a.exe`, `C:\Users\Igor\Downloads\a.exe`, ""},
		{"a path in quotes, as Explorer copies it", `"C:\Users\Igor\Downloads\a.exe"`, `C:\Users\Igor\Downloads\a.exe`, ""},
		{"a short name", `C:\Users\Ünal\Downloads\A~1.EXE`, `C:\Users\Ünal\Downloads\a.exe`, ""},
		{"a name", "report.docx", `C:\Users\Igor\Desktop\report.docx`, ""},
		{"a wildcard", "*.docx", `C:\Users\Igor\Desktop\report.docx`, ""},
		{"a wildcard in a path", `C:\Users\*\Desktop\*`, `C:\Users\Igor\Desktop\report.docx`, ""},
		{"a hash", fmt.Sprintf("%x", sha256.Sum256([]byte("default"))), "partition 1/inetpub/portal/default.aspx", ""},
		{"two names of one file are one file", "cmd.exe", `C:\Windows\System32\cmd.exe`, ""},
		{"two files", "a.exe", "", `a.exe: 2 files match: C:\Users\Igor\Downloads\a.exe, C:\Users\Ünal\Downloads\a.exe`},
		{"two files of the same content", fmt.Sprintf("%x", md5.Sum([]byte("MZ a"))), "",
			fmt.Sprintf(`%x: 2 files match: C:\Users\Igor\Downloads\a.exe, C:\Users\Ünal\Downloads\a.exe`, md5.Sum([]byte("MZ a")))},
		{"a misspelled name", "raport.docx", "", `raport.docx: not in the evidence; nearest: C:\Users\Igor\Desktop\report.docx`},
		{"a path with the name of another", `C:\report.docx`, "", `C:\report.docx: not in the evidence; nearest: C:\Users\Igor\Desktop\report.docx`},
		{"a wildcard that matches nothing", "*.php", "", "*.php: not in the evidence"},
		{"a hash that matches nothing", none, "", none + ": not in the evidence; files hashed: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := e.Locate(context.Background(), tt.path)
			switch {
			case tt.err != "":
				var several *AmbiguousError
				isNotThere := errors.Is(err, fs.ErrNotExist)
				if err == nil || !strings.HasPrefix(err.Error(), tt.err) || errors.As(err, &several) == isNotThere {
					t.Errorf("%v, %v; want the error %s", m.Path(), err, tt.err)
				}
			case err != nil:
				t.Error(err)
			case m.Path() != tt.want:
				t.Errorf("got %s, want %s", m.Path(), tt.want)
			}
		})
	}
}

// A search on a volume of many files returns at most maxMatches and counts them all.
func TestFindMany(t *testing.T) {
	folder := fstest.MapFS{}
	for i := range maxMatches + 500 {
		folder[fmt.Sprintf("C/Windows/%04d/x.dll", i)] = &fstest.MapFile{Data: []byte("same")}
	}
	e, err := OpenFS("collection", folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"x.dll", "?.DLL", fmt.Sprintf("%x", sha1.Sum([]byte("same")))} {
		s, err := e.Find(context.Background(), pattern)
		if err != nil || s.Count != maxMatches+500 || s.Files != s.Count || len(s.Matches) != maxMatches || s.Matches[0].Path() != `C:\Windows\0000\x.dll` {
			t.Errorf("%s: %d of %d files, %d matches, %v", pattern, s.Count, s.Files, len(s.Matches), err)
		}
		_, err = e.Locate(context.Background(), pattern)
		several, ok := errors.AsType[*AmbiguousError](err)
		if !ok || len(several.Paths) != maxListed || several.Count != maxMatches+500 || !strings.HasSuffix(err.Error(), `C:\Windows\0049\x.dll, and 1450 more`) {
			t.Errorf("%s: %.200v", pattern, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if s, err := e.Find(ctx, "x.dll"); s != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v, %v", s, err)
	}
	if _, err := e.Locate(ctx, "x.dll"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A file that was not copied is found by its name in the $MFT of a collection, or in
// an $MFT without its volume.
func TestFindInMFT(t *testing.T) {
	image := machine(t)
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	table, err := fs.ReadFile(vol, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for name, data := range map[string][]byte{"triage/C/$MFT": table, "triage/C/Windows/System32/cmd.exe": []byte("MZ"), "$MFT": table} {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for name, e := range map[string]*Evidence{"collection": open(t, filepath.Join(root, "triage")), "$MFT": open(t, filepath.Join(root, "$MFT"))} {
		cmd := `C:\Windows\System32\cmd.exe`
		if name == "$MFT" {
			cmd += " (absent)"
		}
		for _, tt := range []struct {
			pattern string
			want    []string
		}{
			{"a.exe", []string{`C:\Users\IEUser\Downloads\a.exe (absent)`}},
			{`C:\Users\*\Downloads\?.EXE`, []string{`C:\Users\IEUser\Downloads\a.exe (absent)`}},
			{"gone.exe", []string{`C:\Users\IEUser\Downloads\gone.exe (deleted)`}},
			{"Downloads", []string{}},
			{"*.exe", []string{`C:\Users\IEUser\Downloads\a.exe (absent)`, `C:\Users\IEUser\Downloads\gone.exe (deleted)`, cmd}},
		} {
			if name == "$MFT" && strings.HasPrefix(tt.pattern, "C:") {
				continue // the volume of an artifact has no letter
			}
			s, err := e.Find(context.Background(), tt.pattern)
			if err != nil || !slices.Equal(paths(s.Matches), tt.want) || s.Failed != 0 {
				t.Errorf("%s: %s: %q, want %q (%v, %v)", name, tt.pattern, paths(s.Matches), tt.want, err, s.Problems)
			}
		}
		m, err := e.Locate(context.Background(), "a.exe")
		if err != nil || !m.Absent || m.Path() != `C:\Users\IEUser\Downloads\a.exe` {
			t.Errorf("%s: Locate = %s, %v", name, m.Path(), err)
		}
	}
}

// What cannot be read is counted and reported.
func TestFindReportsWhatItCannotRead(t *testing.T) {
	content := bytes.Repeat([]byte("upload"), 2000)
	image := diskOf(t, []mfttest.File{
		{Path: "bad sector.exe", Data: content},
		{Path: "holes.bin", Data: make([]byte, 1<<20), Sparse: true, Entry: 90},
		{Path: "upload.exe", Data: []byte("upload")},
	}, nil)
	bad := int64(bytes.Index(image, content)) + 5000
	e, err := New("disk.raw", failing{image, bad}, int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	states(image, 90, 1<<40)
	sum := fmt.Sprintf("%x", sha256.Sum256(content))
	s, err := e.Find(context.Background(), sum)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"malformed: disk.raw: partition 1/bad sector.exe: reading: " + errBadSector.Error(),
		"limit: disk.raw: partition 1/holes.bin: reading: size: got 1099511627776, want ≤ ",
	}
	var problems []string
	for _, p := range s.Problems {
		problems = append(problems, p.String())
	}
	if s.Count != 0 || s.Failed != 2 || !slices.EqualFunc(problems, want, strings.HasPrefix) {
		t.Errorf("found %d, failed %d\n%s\nwant\n%s", s.Count, s.Failed, strings.Join(problems, "\n"), strings.Join(want, "\n"))
	}
	_, err = e.Locate(context.Background(), sum)
	if want := fmt.Sprintf("%s: not in the evidence; files hashed: %d; files or folders that could not be read: 2", sum, s.Files); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// Folders nested without end cost no more than the first thousand.
func TestFindInDeepFolders(t *testing.T) {
	deep := strings.Repeat("d/", maxDepth+100)
	e, err := OpenFS("collection", fstest.MapFS{"C/" + deep + "a.exe": {}, "C/" + deep[:2*maxDepth] + "b.exe": {}, "C/" + deep[:2*maxDepth+2] + "c.exe": {}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Find(context.Background(), "*.exe")
	if err != nil || s.Count != 1 || s.Failed != 1 || !strings.HasSuffix(s.Matches[0].Path(), `\b.exe`) {
		t.Fatalf("found %d, failed %d, %v", s.Count, s.Failed, err)
	}
	if got, want := s.Problems[0].String(), "limit: collection: C:\\d\\d"; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "reading: nested folders: got 1025, want ≤ 1024, and a path of ≤ 98301 bytes") {
		t.Errorf("problem %s", got)
	}
}

// states makes the record of an entry claim a size for its content, regardless of the
// clusters that it has.
func states(image []byte, entry byte, size uint64) {
	for at := 0; at < len(image); at += 1024 {
		rec := image[at:min(at+1024, len(image))]
		if string(rec[:4]) != "FILE" || rec[0x2c] != entry {
			continue
		}
		for a := rec[binary.LittleEndian.Uint16(rec[0x14:]):]; a[0] != 0xff; a = a[binary.LittleEndian.Uint32(a[4:]):] {
			if a[0] == 0x80 {
				binary.LittleEndian.PutUint64(a[0x28:], size) // allocated
				binary.LittleEndian.PutUint64(a[0x30:], size)
				binary.LittleEndian.PutUint64(a[0x38:], size) // initialized
			}
		}
	}
}
