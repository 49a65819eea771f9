package evidence

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A careless caller may call every method of evidence that did not open, or that is
// empty, without a panic.
func TestCarelessCalls(t *testing.T) {
	failed, err := Open("no such file")
	if err == nil || failed != nil {
		t.Fatalf("Open = %v, %v", failed, err)
	}
	for name, e := range map[string]*Evidence{"failed to open": failed, "zero": {}} {
		if e.Name() != "" || e.Kind() != "" || e.Size() != 0 || len(e.Volumes()) != 0 {
			t.Errorf("%s: got %q %q %d %v", name, e.Name(), e.Kind(), e.Size(), e.Volumes())
		}
		for p := range e.Problems() {
			t.Errorf("%s: %v", name, p)
		}
		v, path, err := e.Resolve(`C:\a.exe`)
		if _, stat := fs.Stat(v.FS, "a.exe"); !errors.Is(stat, fs.ErrNotExist) || v.Err != err {
			t.Errorf("%s: Resolve gives a volume with %v, %v", name, stat, v.Err)
		}
		if path != "" || !errors.Is(err, fs.ErrNotExist) || err.Error() != `C:\a.exe: not in the evidence` {
			t.Errorf("%s: Resolve = %q, %v", name, path, err)
		}
		if err := errors.Join(e.Close(), e.Close()); err != nil {
			t.Errorf("%s: Close: %v", name, err)
		}
	}
}

// A volume that cannot be read has an empty file system, and outside a partition
// table its Partition is zero.
func TestUnreadableVolume(t *testing.T) {
	image := at(make([]byte, 4096), 3, "-FVE-FS-")
	e, err := New("bitlocker.dd", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	v, name, err := e.Resolve("volume")
	if err != nil || name != "." || v.Err == nil {
		t.Fatalf("Resolve = %v, %q, %v", v, name, err)
	}
	if list, err := fs.ReadDir(v.FS, name); err != nil || len(list) != 0 {
		t.Errorf("the volume lists %v, %v", list, err)
	}
	if v.Partition.Scheme.String() != "none" || v.Partition.Number != 0 {
		t.Errorf("partition %+v", v.Partition)
	}
	if want := "bitlocker.dd: volume: BitLocker at 0x0: not supported yet; convert it first: dislocker-file -V IMAGE -O 0 -p -- OUT"; v.Err.Error() != want {
		t.Errorf("error %v, want %s", v.Err, want)
	}
}

// The evidence has a name, a kind and a size.
func TestNameKindSize(t *testing.T) {
	disk := diskOf(t, nil, nil)
	packed := zip(t, disk)
	folder, err := OpenFS("collection", fstest.MapFS{"C/Windows/win.ini": {}})
	if err != nil {
		t.Fatal(err)
	}
	image := func(name string, b []byte) *Evidence {
		e, err := New(name, bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for _, tt := range []struct {
		e          *Evidence
		name, kind string
		size       int
	}{
		{folder, "collection", "triage folder", 0},
		{image("disk.raw", disk), "disk.raw", "disk image (MBR)", len(disk)},
		{image("disk.raw.gz", packed), "disk.raw.gz", "disk image (MBR)", len(packed)},
		{image("Security.evtx", pad("ElfFile\x00", 100)), "Security.evtx", "evtx", 100},
	} {
		if tt.e.Name() != tt.name || tt.e.Kind() != tt.kind || tt.e.Size() != int64(tt.size) {
			t.Errorf("%s: %q, %q, %d; want %q, %d", tt.name, tt.e.Name(), tt.e.Kind(), tt.e.Size(), tt.kind, tt.size)
		}
	}
}

// Problems name the evidence, the volume and the artifact on it. Offsets count from
// the beginning of that artifact.
func TestProblemsNameTheirPlace(t *testing.T) {
	files := []mfttest.File{{Path: "a.exe", Data: []byte("MZ"), Entry: 70}}
	disk := diskOf(t, files, files)
	second := disk[secondPartition:]
	for at := 0; at < len(second); at += 1024 {
		if rec := second[at:]; string(rec[:4]) == "FILE" && rec[0x2c] == 70 {
			rec[0x14] = 0xff // offset of its attributes
		}
	}
	for name, image := range map[string][]byte{"disk.raw": disk, "volume.raw": second[:8<<20]} {
		e, err := New(name, bytes.NewReader(image), int64(len(image)))
		if err != nil {
			t.Fatal(err)
		}
		want := "malformed: " + name + ": $MFT: entry 70: "
		if name == "disk.raw" {
			want = "malformed: " + name + ": partition 2: $MFT: entry 70: "
		}
		var problems []string
		for p := range e.Problems() {
			problems = append(problems, p.String())
		}
		if len(problems) != 1 || !strings.HasPrefix(problems[0], want) {
			t.Errorf("problems %q, want one: %s", problems, want)
		}
	}
}

// A letter outside ASCII does not fold to one inside, as on NTFS: an attacker's
// ſqlservr beside Microsoft's sqlservr is another file.
func TestFolderNamesFoldAsNTFS(t *testing.T) {
	e, err := OpenFS("collection", fstest.MapFS{
		"C/Windows/sqlservr.exe": {Data: []byte("genuine")},
		"C/Windows/ſqlservr.exe": {Data: []byte("long s")},
		"C/Windows/Straße.exe":   {Data: []byte("street")},
		"C/Windows/ÜBUNG.exe":    {Data: []byte("umlaut")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		`C:\Windows\SQLSERVR.EXE`: "genuine",
		`C:\Windows\ſQLSERVR.EXE`: "long s",
		`C:\Windows\STRAßE.exe`:   "street",
		`C:\Windows\STRASSE.exe`:  "",
		`C:\Windows\übung.exe`:    "umlaut",
	} {
		v, name, err := e.Resolve(path)
		var got []byte
		if err == nil {
			got, err = fs.ReadFile(v.FS, name)
		}
		if string(got) != want || (err != nil) != (want == "") {
			t.Errorf("%s is %q (%v), want %q", path, got, err, want)
		}
	}
}
