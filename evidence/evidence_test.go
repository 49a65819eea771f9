package evidence

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"
)

// pad returns a file of n bytes that begins with head.
func pad(head string, n int) []byte {
	b := make([]byte, n)
	copy(b, head)
	return b
}

func at(b []byte, off int, s string) []byte {
	copy(b[off:], s)
	return b
}

func TestOpenTells(t *testing.T) {
	mbr := newDisk(64, 512).entry(0, 0, 0, 7, 8, 16).entry(0, 1, 0, 7, 24, 8).entry(0, 2, 0, 0x0c, 32, 8)
	at(mbr.at(8), 3, "-FVE-FS-")
	at(mbr.at(24), 3, "EXFAT   ")
	lost := at(at(make([]byte, 512), 3, "-FVE-FS-"), 510, "\x55\xaa")
	lost[0x0c] = 2                     // 512 bytes a sector
	at(lost, 0x28, "\xff\x07\x00\x00") // 2047 sectors and the copy of the boot sector
	for _, tt := range []struct {
		name    string
		content []byte
		want    string // kind, then volumes as NAME KIND FILESYSTEM OFFSET+SIZE
	}{
		{"log.bin", pad("ElfFile\x00", 100), "evtx; log.bin artifact  0+100"},
		{"lost header", at(make([]byte, 0x2000), 0x1000, "ElfChnk\x00"), "evtx; lost header artifact  0+8192"},
		{"chunks", pad("ElfChnk\x00", 0x2000), "evtx; chunks artifact  0+8192"},
		{"lost first MiB of a log", at(make([]byte, 2<<20), 4096+20<<16, "ElfChnk\x00"), "evtx; lost first MiB of a log artifact  0+2097152"},
		{"chunks in no place of a log", at(make([]byte, 0x2000), 1000, "ElfChnk\x00"), "evtx; chunks in no place of a log artifact  0+8192"},
		{"hive", pad("regf", 100), "registry; hive artifact  0+100"},
		{"lost base block", at(make([]byte, 0x2000), 0x1000, "hbin"), "registry; lost base block artifact  0+8192"},
		{"$MFT", pad("FILE0", 2048), "mft; $MFT artifact  0+2048"},
		{"lost first record", at(make([]byte, 4096), 1024, "FILE0\x00"), "mft; lost first record artifact  0+4096"},
		{"lost first page", at(make([]byte, 8192), 4096, "FILE0\x00"), "mft; lost first page artifact  0+8192"},
		{"lost first MiB", append(make([]byte, 1<<20), bytes.Repeat(pad("FILE0", 1024), 2<<10)...), "mft; lost first MiB artifact  0+3145728"},
		{"marked.log", []byte("\xef\xbb\xbf#Start-Date: x\n#Fields: date time cs-uri-stem\n"), "weblog; marked.log artifact  0+49"},
		{"continued.log", append(bytes.Repeat([]byte("2026-03-02 GET /\r\n"), 1000), "#Fields: date time cs-uri-stem\r\n"...), "weblog; continued.log artifact  0+18032"},
		{"a.exe", pad("MZ", 64), "pe; a.exe artifact  0+64"},
		{"two letters", []byte("MZ"), "pe; two letters artifact  0+2"},
		{"bitlocker.dd", at(make([]byte, 4096), 3, "-FVE-FS-"), "volume image; volume bitlocker BitLocker 0+4096"},
		{"fat.dd", at(make([]byte, 4096), 0x52, "FAT32   "), "volume image; volume unknown FAT32 0+4096"},
		{"to go", at(at(make([]byte, 4096), 0x52, "FAT32   "), 0x1a8, fileSystems[2].magic), "volume image; volume bitlocker BitLocker 0+4096"},
		{"disk.dd", mbr.b, "disk image (MBR); partition 1 bitlocker BitLocker 4096+8192; partition 2 unknown exFAT 12288+4096; partition 3 unknown  16384+4096"},
		{"wiped.dd", at(make([]byte, 4<<20), 1<<20, string(lost)), "disk image (no partition table); volume at 0x100000 bitlocker BitLocker 1048576+1048576"},
		{"wiped old.dd", at(make([]byte, 4<<20), 63*512, string(lost)), "disk image (no partition table); volume at 0x7e00 bitlocker BitLocker 32256+1048576"},
		{"deleted.dd", at(newDisk(4<<11, 512).entry(0, 0, 0, 7, 8, 16).b, 2<<20, string(lost)),
			"disk image (MBR); partition 1 unknown  4096+8192; volume at 0x200000 bitlocker BitLocker 2097152+1048576"},
		{"covered.dd", at(newDisk(4<<11, 512).entry(0, 0, 0, 7, 8, 6000).b, 2<<20, string(lost)), "disk image (MBR); partition 1 unknown  4096+3072000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, content := range inEachContainer(t, tt.name, tt.content) {
				e, err := New(name, bytes.NewReader(content), int64(len(content)))
				if err != nil {
					t.Fatal(err)
				}
				if got := describe(e); got != tt.want {
					t.Errorf("%s: got\n%s\nwant\n%s", name, got, tt.want)
				}
				for _, v := range e.Volumes() {
					if err := fstest.TestFS(v.FS); v.Kind != Artifact && err != nil {
						t.Error(err)
					}
					if (v.Kind == Artifact) != (v.Err == nil) || v.Err != nil && !errors.Is(v.Err, ErrUnsupported) {
						t.Errorf("%s: error %v", v.Name, v.Err)
					}
				}
			}
		})
	}
}

// writers write the containers that may hold any file, by name.
var writers = map[string]func(testing.TB, []byte) []byte{
	"gzip":      zip,
	"zstandard": zstandard,
}

// ofDisks are the containers that hold disks only: the tests of their packages, below
// internal/disk, write them.
var ofDisks = map[string]bool{
	"EnCase image (E01)": true, "EnCase image (Ex01)": true, "QEMU image (qcow2)": true, "VMware image (VMDK)": true, "VMware image descriptor (VMDK)": true,
	"Virtual Hard Disk v2 (VHDX)": true, "Virtual Hard Disk (VHD)": true, "VirtualBox image (VDI)": true,
}

// inEachContainer returns a file as it is and in each container that is read, by
// the name that the file then has.
func inEachContainer(t testing.TB, name string, content []byte) map[string][]byte {
	t.Helper()
	files := map[string][]byte{name: content}
	for _, c := range containers {
		if c.open == nil {
			continue
		}
		write := writers[c.name]
		switch {
		case write != nil:
			files[name+c.ext] = write(t, content)
		case !ofDisks[c.name]:
			t.Fatalf("the container %q is read, and none of the writers of this test writes it", c.name)
		}
	}
	return files
}

func describe(e *Evidence) string {
	s := e.Kind()
	for _, v := range e.Volumes() {
		s += fmt.Sprintf("; %s %v %s %d+%d", v.Name, v.Kind, v.FileSystem, v.Offset, v.Size)
	}
	return s
}

func zip(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zstandard(t testing.TB, b []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(b, nil)
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		content []byte
		cause   error
		want    string
	}{
		{"notes.txt", []byte("buy milk"), ErrUnknown, "notes.txt: content: got 62 75 79 20 6d 69 6c 6b, want the image of a disk or volume, a folder, an $MFT, an event log, a registry hive, an executable, an IIS log or another artifact of Windows: unrecognized evidence format"},
		{"empty", nil, ErrUnknown, "empty: content: got an empty file, want the image of a disk"},
		{"zeros", make([]byte, 1<<20), ErrUnknown, "zeros: content: got zeros, want the image of a disk"},
		{"a.E01", pad("EVF\x09\x0d\x0a\xff\x00", 100), nil, "a.E01: number of the segment at 0x9: got 0, want ≥ 1"},
		{"a.Ex01", pad("EVF2\x0d\x0a\x81\x00", 100), nil, "a.Ex01: number of the segment at 0x9: got 0, want ≥ 1"},
		{"a.qcow2", pad("QFI\xfb", 100), nil, "a.qcow2: version at 0x4: got 0, want 2 or 3"},
		{"a.vmdk", pad("KDMV", 100), nil, "a.vmdk: header at 0x0: got 100 bytes, want 512 bytes"},
		{"a.vmdk", []byte("# Disk DescriptorFile\nversion=1"), nil, "a.vmdk: descriptor: got no extent, want at least one"},
		{"a.vhdx", pad("vhdxfile", 100), nil, "a.vhdx: header at 0x10000: "},
		{"dynamic.vhd", pad("conectix", 2000), nil, "dynamic.vhd: size of the disk at 0x30: got 0, want 1 to 2⁵⁰"},
		{"a.zip", pad("PK\x03\x04", 100), nil, "a.zip: end of the central directory at 0x64: got nothing, want PK 05 06; the file may be cut off"},
		{"a.tar", at(make([]byte, 1024), 257, "ustar"), nil, "a.tar: checksum of a tar header at 0x94: got another one"},
		{"SecEvent.Evt", pad("\x30\x00\x00\x00LfLe", 100), ErrUnsupported, "SecEvent.Evt: event log of Windows XP or older (.evt): not supported yet"},
		{"cut.gz", []byte("\x1f\x8b\x08\x00\x00"), nil, "cut.gz: gzip header at 0x0: unexpected EOF"},
		{"cut.zst", []byte("\x28\xb5\x2f\xfd\x00\x00\x00"), nil, "cut.zst: frame at 0x0: got 7 bytes, want 8 bytes"},
		{"bomb.zst", append([]byte("\x28\xb5\x2f\xfd\x00\x58"), append(bytes.Repeat([]byte("\x02\x00\x10a"), 9000), "\x03\x00\x10a"...)...), ErrUnsupported, "bomb.zst: frame at 0x0: got "},
		{"a.E01.gz", zip(t, pad("EVF\x09\x0d\x0a\xff\x00", 100)), nil, "a.E01: number of the segment at 0x9: got 0, want ≥ 1"},
		{"four times.gz", zip(t, zip(t, zip(t, zip(t, pad("ElfFile\x00", 100))))), ErrUnsupported, "four times.gz: gzip: got 4 nested containers, want ≤ 3: not supported yet"},
		{"notes.txt.gz", zip(t, []byte("buy milk")), ErrUnknown, "notes.txt.gz: content: got 62 75"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.name, bytes.NewReader(tt.content), int64(len(tt.content)))
			var fe *FormatError
			if !errors.As(err, &fe) || !strings.HasPrefix(err.Error(), tt.want) || tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("got  %v\nwant %s …", err, tt.want)
			}
		})
	}
	for _, size := range []int64{-1, 1, 520} {
		if _, err := New("disk.dd", bytes.NewReader(nil), 0, WithSectorSize(size)); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("disk.dd: WithSectorSize: got %d, want 0, 512 or 4096", size)) {
			t.Errorf("sectors of %d bytes: %v", size, err)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Open(os.DevNull); !errors.Is(err, ErrUnknown) || !strings.HasSuffix(err.Error(), "file type: got device, want a folder, a regular file or a block device: "+ErrUnknown.Error()) {
		t.Errorf("%s: %v", os.DevNull, err)
	}
}

// The error about a file that is not evidence is short enough to be read.
func TestUnknownIsShort(t *testing.T) {
	_, err := New("notes.txt", strings.NewReader("buy milk, and some more"), 23)
	if n := len(fmt.Sprint(err)); err == nil || n > 250 {
		t.Errorf("%d bytes: %v", n, err)
	}
}

// What a reader of the documentation can open.
func TestDocNamesTheContainers(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range containers {
		// The name of a format may be in parentheses behind what it is.
		name := c.name
		if _, format, ok := strings.Cut(strings.TrimSuffix(name, ")"), "("); ok {
			name = format
		}
		if !strings.Contains(string(doc), name) {
			t.Errorf("doc.go does not name the container %q", name)
		}
	}
}

// A container is recognized by its content; the name that its files usually have
// comes off the name of the artifact inside.
func TestNamesInContainers(t *testing.T) {
	log := pad("ElfFile\x00", 100)
	for _, tt := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"Security.evtx", log, "Security.evtx"},
		{"Security.evtx.gz", zip(t, log), "Security.evtx"},
		{"Security.evtx.gz.gz", zip(t, zip(t, log)), "Security.evtx"},
		{"Security.evtx", zip(t, log), "Security.evtx"},
		{"Security.gz", log, "Security.gz"},
	} {
		e, err := New(tt.name, bytes.NewReader(tt.content), int64(len(tt.content)))
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Volumes()[0].Name; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestSingleArtifact(t *testing.T) {
	name := filepath.Join(t.TempDir(), "Security.evtx")
	if err := os.WriteFile(name, pad("ElfFile\x00", 8192), 0o644); err != nil {
		t.Fatal(err)
	}
	e := open(t, name)
	v := e.Volumes()[0]
	if err := fstest.TestFS(v.FS, "Security.evtx"); err != nil {
		t.Error(err)
	}
	f, err := v.FS.Open("SECURITY.EVTX")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := f.(io.ReaderAt); !ok {
		t.Error("an artifact cannot be read at offsets")
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.Read(make([]byte, 1)); err == nil {
		t.Error("the file is still open after Close")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(newDisk(64, 512).entry(0, 0, 0, 7, 8, 16).ntfs(8).b)
	f.Add(newDisk(128, 512).gpt(1, 127, 2, gptPart{40, 79, "a"}).b)
	for _, content := range inEachContainer(f, "disk", newDisk(64, 512).entry(0, 0, 0, 7, 8, 16).b) {
		f.Add(content)
	}
	f.Add(at(make([]byte, 1024), 3, "NTFS    "))
	f.Add(pad("ElfFile\x00", 100))
	f.Add(slices.Concat(pad("MZ", 600), inZip(f, "C/Windows/win.ini")))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := New("fuzz", bytes.NewReader(b), int64(len(b)))
		if err != nil {
			var fe *FormatError
			if !errors.As(err, &fe) {
				t.Errorf("no FormatError: %v", err)
			}
			return
		}
		for _, v := range e.Volumes() {
			if v.FS == nil || v.Size < 0 || v.Offset < 0 {
				t.Errorf("unusable volume %+v", v)
			}
			n := 0
			fs.WalkDir(v.FS, ".", func(string, fs.DirEntry, error) error {
				if n++; n > 1000 {
					return fs.SkipAll
				}
				return nil
			})
		}
		for range e.Problems() {
		}
		e.Resolve(`C:\Windows\notepad.exe`)
		for _, pattern := range []string{"?*.e*", "d41d8cd98f00b204e9800998ecf8427e"} {
			if s, err := e.Find(t.Context(), pattern); err != nil || s.Count < len(s.Matches) || s.Failed < len(s.Problems) {
				t.Errorf("Find(%s) = %+v, %v", pattern, s, err)
			}
		}
	})
}
