package evidence

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

const (
	zone = "[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://203.0.113.77/a.exe\r\n"
	user = "S-1-5-21-3583694148-1414552638-2922671848-1000"
)

func when(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

var downloaded = mfttest.Times{
	Created:  when("2019-06-14T22:22:17.1234567Z"),
	Modified: when("2019-06-14T22:22:18Z"),
	Changed:  when("2019-06-14T22:22:19Z"),
	Accessed: when("2019-06-14T22:22:20Z"),
}

// machine is a volume with a downloaded file on it.
func machine(t testing.TB) []byte {
	t.Helper()
	b, err := mfttest.Volume{Label: "machine", Files: []mfttest.File{
		{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")},
		{Path: "Users/IEUser/Downloads/a.exe", Data: []byte("MZ downloaded"), Times: downloaded, Owner: user,
			Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte(zone)}}},
		{Path: "Users/IEUser/Downloads/gone.exe", Data: []byte("MZ"), Times: downloaded, Deleted: true},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// mark formats the information in a FileInfo beyond fs.FileInfo.
func mark(i fs.FileInfo) string {
	m := i.(interface {
		BirthTime() time.Time
		AccessTime() time.Time
		ChangeTime() time.Time
		OwnerSID() string
		Streams() []string
	})
	const ticks = "15:04:05.0000000"
	return fmt.Sprintf("%s b %s m %s c %s a %s %s %v", i.Name(), m.BirthTime().Format(ticks), i.ModTime().Format(ticks),
		m.ChangeTime().Format(ticks), m.AccessTime().Format(ticks), m.OwnerSID(), m.Streams())
}

const downloadedMark = "a.exe b 22:22:17.1234567 m 22:22:18.0000000 c 22:22:19.0000000 a 22:22:20.0000000 " + user + " [Zone.Identifier]"

func TestImage(t *testing.T) {
	volume := machine(t)
	disk, err := mfttest.Disk(mfttest.Partition{Type: 7, Data: volume})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		image []byte
		kind  string
	}{
		{"machine.dd", volume, "volume image"},
		{"disk.dd", disk, "disk image (MBR)"},
		{"disk.dd.gz", zip(t, disk), "disk image (MBR)"},
	} {
		e, err := New(tt.name, bytes.NewReader(tt.image), int64(len(tt.image)))
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind() != tt.kind {
			t.Errorf("%s: kind %s", tt.name, e.Kind())
		}
		v, p, err := e.Resolve(`C:\users\ieuser\downloads\A.EXE`)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if _, ok := v.FS.(*mft.Volume); !ok || v.Kind != NTFS || p != "Users/IEUser/Downloads/a.exe" {
			t.Errorf("%s: %v %T %s", tt.name, v.Kind, v.FS, p)
		}
		i, err := fs.Stat(v.FS, p)
		if err != nil {
			t.Fatal(err)
		}
		if got := mark(i); got != downloadedMark {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, downloadedMark)
		}
		for p := range e.Problems() {
			t.Errorf("%s: problem: %v", tt.name, p)
		}
	}
}

// If a folder holds the $MFT of its volume, its files have the times, owners and
// streams that they had there.
func TestFolderWithMFT(t *testing.T) {
	volume := machine(t)
	vol, err := mft.NewVolume(bytes.NewReader(volume), int64(len(volume)))
	if err != nil {
		t.Fatal(err)
	}
	table, err := fs.ReadFile(vol, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	root := write(t,
		"uploads/auto/C%3A/Users/IEUser/Downloads/a.exe",
		"uploads/auto/C%3A/Users/IEUser/Downloads/not-on-the-volume.exe",
		"uploads/ntfs/%5C%5C.%5CC%3A/$MFT",
		"uploads/ntfs/%5C%5C.%5CC%3A/$Secure%3A$SDS")
	descriptors, err := fs.ReadFile(vol, "$Secure:$SDS")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"$MFT": table, "$Secure%3A$SDS": descriptors} {
		if err := os.WriteFile(filepath.Join(root, "uploads/ntfs/%5C%5C.%5CC%3A", name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	e := open(t, root)
	v, p, err := e.Resolve(`C:\Users\IEUSER\Downloads\a.exe`)
	if err != nil {
		t.Fatal(err)
	}
	i, err := fs.Stat(v.FS, p)
	if err != nil {
		t.Fatal(err)
	}
	if got := mark(i); got != downloadedMark {
		t.Errorf("got\n%s\nwant\n%s", got, downloadedMark)
	}
	if rec, ok := i.Sys().(*mft.Record); !ok || rec.Name() != "a.exe" {
		t.Errorf("Sys() = %v", i.Sys())
	}
	// The stream was not copied, but it is in the $MFT.
	v, p, err = e.Resolve(`C:\Users\IEUSER\Downloads\a.exe:Zone.Identifier`)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := fs.ReadFile(v.FS, p); err != nil || string(b) != zone {
		t.Errorf("Zone.Identifier: %q, %v", b, err)
	}
	if i, err = fs.Stat(v.FS, "Users/IEUser/Downloads/not-on-the-volume.exe"); err != nil {
		t.Fatal(err)
	}
	if m := i.(fileInfo); !m.BirthTime().IsZero() || m.OwnerSID() != "" || m.ModTime().IsZero() || m.Sys() != nil {
		t.Errorf("a file without a record in the $MFT: %s", mark(i))
	}
	if err := fstest.TestFS(v.FS, "Users/IEUser/Downloads/a.exe", "$MFT"); err != nil {
		t.Error(err)
	}
	for p := range e.Problems() {
		t.Errorf("problem: %v", p)
	}
}

// A volume whose boot sector is lost is recognized and read by its copy.
func TestBootSectorCopy(t *testing.T) {
	disk, err := mfttest.Disk(mfttest.Partition{Type: 7, Data: machine(t)})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := New("disk.dd", bytes.NewReader(disk), int64(len(disk)))
	if err != nil {
		t.Fatal(err)
	}
	off := whole.Volumes()[0].Offset
	clear(disk[off : off+512])
	e, err := New("disk.dd", bytes.NewReader(disk), int64(len(disk)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.Resolve(`C:\Users\IEUser\Downloads\a.exe`); err != nil {
		t.Error(err)
	}
	for p := range e.Problems() {
		if want := fmt.Sprintf("malformed: disk.dd: partition 1: NTFS boot sector at %#x: got none, want the contents of its copy at the end of the volume", off); p.String() == want {
			return
		}
	}
	t.Error("no problem names the lost boot sector")
}

// The boot sector is lost, and its copy is behind the end of the partition, which is too small.
func TestBootSectorCopyBeyondThePartition(t *testing.T) {
	disk, err := mfttest.Disk(mfttest.Partition{Type: 7, Data: machine(t)})
	if err != nil {
		t.Fatal(err)
	}
	entry := disk[partitionTableOff+12:]
	off := int64(binary.LittleEndian.Uint32(disk[partitionTableOff+8:])) * 512
	sectors := binary.LittleEndian.Uint32(entry)
	binary.LittleEndian.PutUint32(entry, sectors-8)
	clear(disk[off : off+512])
	e, err := New("disk.dd", bytes.NewReader(disk), int64(len(disk)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.Resolve(`C:\Users\IEUser\Downloads\a.exe`); err != nil {
		t.Error(err)
	}
	want := fmt.Sprintf("malformed: disk.dd: partition 1: partition size at %#x: got %d, want %d, as the copy of the NTFS boot sector behind its end says", off, int64(sectors-8)*512, int64(sectors)*512)
	problems := slices.Collect(e.TableProblems())
	if len(problems) != 2 || problems[0].String() != want {
		t.Errorf("problems %v\nwant %s", problems, want)
	}
	clear(disk[off+int64(sectors-1)*512:][:512]) // the copy is gone too
	e, err = New("disk.dd", bytes.NewReader(disk), int64(len(disk)))
	if err != nil || e.Volumes()[0].FileSystem != "" {
		t.Errorf("without the copy: %v, %s", err, describe(e))
	}
}
