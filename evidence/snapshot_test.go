package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// withSnapshots returns an NTFS volume with two shadow copies: a tool came after the first,
// and was deleted after the second.
func withSnapshots(t testing.TB) []byte {
	t.Helper()
	note := mfttest.File{Path: "notes.txt", Data: []byte("v0")}
	tool := mfttest.File{Path: "Windows/Temp/nc.exe", Data: bytes.Repeat([]byte("MZ tool "), 1000)}
	var states [][]byte
	for i, files := range [][]mfttest.File{{note}, {note, tool}, {note}} {
		files = slices.Clone(files)
		files[0].Data = []byte{'v', byte('1' + i)}
		b, err := mfttest.Volume{Size: 2 << 20, Files: files}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, b)
	}
	day := time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)
	image, err := vsstest.Volume{Current: states[2], Snapshots: []vsstest.Snapshot{
		{State: states[0], Created: day, Machine: "WEB01"}, {State: states[1], Created: day.AddDate(0, 0, 1), Machine: "WEB01"},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return image
}

func TestSnapshotsAreVolumesOfTheirOwn(t *testing.T) {
	volume := withSnapshots(t)
	disk := newDisk(len(volume)/512+64, 512).entry(0, 0, 0, 7, 8, uint32(len(volume)/512))
	copy(disk.at(8), volume)
	for name, image := range map[string][]byte{"volume": volume, "partition 1": disk.b} {
		for _, image := range inEachContainer(t, "disk.dd", image) {
			e, err := New("disk.dd", bytes.NewReader(image), int64(len(image)))
			if err != nil {
				t.Fatal(err)
			}
			if len(e.Volumes()) != 1 || e.Volumes()[0].Snapshot != nil {
				t.Errorf("%s: the shadow copies are among the volumes", name)
			}
			var got []string
			for _, s := range e.Snapshots() {
				v := s.Open()
				if v.Err != nil || v.Snapshot != s || v.Kind != NTFS || s.Volume != e.Volumes()[0] || v.Size != 2<<20 {
					t.Errorf("%s: volume %+v", name, v)
				}
				text, err := fs.ReadFile(v.FS, "notes.txt")
				tool, _ := fs.ReadFile(v.FS, "windows/temp/NC.exe")
				got = append(got, strings.Join([]string{v.WindowsPath("notes.txt"), s.Created.Format(time.DateOnly), s.Machine, string(text), string(tool[:min(len(tool), 7)])}, " "))
				if err != nil {
					t.Error(err)
				}
			}
			want := []string{name + "/vss1/notes.txt 2026-03-02 WEB01 v1 ", name + "/vss2/notes.txt 2026-03-03 WEB01 v2 MZ tool"}
			if !slices.Equal(got, want) {
				t.Errorf("got %q\nwant %q", got, want)
			}
			for p := range e.Problems() {
				t.Errorf("problem: %v", p)
			}
		}
	}
}

// counted counts what is read.
type counted struct {
	io.ReaderAt
	n *int
}

func (c counted) ReadAt(b []byte, off int64) (int, error) {
	*c.n += len(b)
	return c.ReaderAt.ReadAt(b, off)
}

// The lists of the stores are read when a snapshot is opened, not with the evidence.
func TestSnapshotsAreReadWhenOpened(t *testing.T) {
	image := withSnapshots(t)
	read := func(image []byte) int {
		n := 0
		if _, err := New("disk.dd", counted{bytes.NewReader(image), &n}, int64(len(image))); err != nil {
			t.Fatal(err)
		}
		return n
	}
	plain := slices.Clone(image)
	clear(plain[0x1e00:0x2000])
	// A block of the catalog, and the header of each store.
	if more := read(image) - read(plain); more > 3*vsstest.BlockSize+0x200 {
		t.Errorf("opening reads %d bytes more because of the shadow copies", more)
	}
}

func TestDamagedSnapshots(t *testing.T) {
	for _, tt := range []struct {
		name    string
		damage  func(image []byte)
		problem string
		opened  string // error of the snapshots
	}{
		{"catalog", func(b []byte) { binary.LittleEndian.PutUint64(b[0x1e30:], 1<<40) },
			"malformed: disk.dd: offset of a block of the catalog: got 0x10000000000", ""},
		{"list of blocks", func(b []byte) {
			for at := 2 << 20; at < len(b); at += vsstest.BlockSize {
				if b[at+0x14] == 3 && bytes.HasPrefix(b[at:], b[0x1e00:0x1e10]) {
					b[at+0x20]++
				}
			}
		}, "", "disk.dd: shadow copy "},
	} {
		image := withSnapshots(t)
		tt.damage(image)
		e, err := New("disk.dd", bytes.NewReader(image), int64(len(image)))
		if err != nil {
			t.Fatal(err)
		}
		var problems []string
		for p := range e.TableProblems() {
			problems = append(problems, p.String())
		}
		if got := strings.Join(problems, "; "); !strings.HasPrefix(got, tt.problem) || (tt.problem == "") != (got == "") {
			t.Errorf("%s: problems %q", tt.name, got)
		}
		for _, s := range e.Snapshots() {
			v := s.Open()
			if v.Err == nil || !damage.Is(v.Err) || !strings.HasPrefix(v.Err.Error(), tt.opened) {
				t.Errorf("%s: %v", tt.name, v.Err)
			}
			if _, err := fs.Stat(v.FS, "notes.txt"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	}
	if v := (&Snapshot{}).Open(); v.Err == nil {
		t.Error("no snapshot can be opened")
	}
}

// The public image vsstest.qcow2 opens as it is. What is in its shadow copies is in its
// documentation.
func TestSnapshotsOfWindows(t *testing.T) {
	e, err := Open(testenv.Corpus(t, "images/vsstest.qcow2"))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	names := func(fsys fs.FS) (list []string) {
		for _, name := range []string{"syslog", "another_file", "password.txt"} {
			if _, err := fs.Stat(fsys, name); err == nil {
				list = append(list, name)
			}
		}
		return list
	}
	got := [][]string{names(e.Volumes()[0].FS)}
	for _, s := range e.Snapshots() {
		v := s.Open()
		got = append(got, names(v.FS))
		if v.Err != nil {
			t.Error(v.Err)
		}
		for p := range v.FS.(*mft.Volume).Problems() {
			t.Errorf("%s: %v", s.Name, p)
		}
	}
	if len(got) != 3 || !slices.Contains(got[1], "syslog") || slices.Contains(got[1], "another_file") || !slices.Contains(got[2], "another_file") || slices.Contains(got[2], "password.txt") {
		t.Errorf("files now and in the shadow copies: %q", got)
	}
}
