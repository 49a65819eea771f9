package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/archive/archivetest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// One disk in the containers that other programs write: all hold the same bytes.
func TestContainersHoldTheDisk(t *testing.T) {
	sum, err := os.ReadFile(testenv.Found(t, "ntfs/containers/disk.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	want, _, _ := strings.Cut(string(sum), " ")
	for _, tt := range containerCases {
		t.Run(tt.file, func(t *testing.T) {
			holdsDisk(t, unpackedCase(t, tt.file, tt.parts...), want)
		})
	}
}

// The same containers in a zip file with their parts, and notes beside them.
func TestContainersInArchives(t *testing.T) {
	sum, err := os.ReadFile(testenv.Found(t, "ntfs/containers/disk.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	want, _, _ := strings.Cut(string(sum), " ")
	for _, tt := range containerCases {
		t.Run(tt.file, func(t *testing.T) {
			dir := filepath.Dir(unpackedCase(t, tt.file, tt.parts...))
			members := []member{{Name: "case/notes.txt", Content: []byte("notes")}}
			for _, name := range append([]string{tt.file}, tt.parts...) {
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				members = append(members, member{Name: "case/" + name, Content: b})
			}
			name := filepath.Join(dir, "case.zip")
			if err := os.WriteFile(name, archivetest.Zip(t, members...), 0o600); err != nil {
				t.Fatal(err)
			}
			holdsDisk(t, name, want)
		})
	}
}

// An OVA is a tar file with a description and a disk.
func TestOVA(t *testing.T) {
	sum, err := os.ReadFile(testenv.Found(t, "ntfs/containers/disk.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	want, _, _ := strings.Cut(string(sum), " ")
	b, err := os.ReadFile(unpackedCase(t, "streamOptimized.vmdk"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "box.ova")
	if err := os.WriteFile(name, archivetest.Tar(t, "box.ovf", "<Envelope/>", "box.mf", "SHA256", "box-disk1.vmdk", string(b)), 0o600); err != nil {
		t.Fatal(err)
	}
	holdsDisk(t, name, want)
}

// containerCases are the files of one disk.
var containerCases = []struct {
	file  string
	parts []string
}{
	{"split.001", []string{"split.002", "split.003"}},
	{"split.003", []string{"split.001", "split.002"}},
	{"fixed.vhd", nil},
	{"dynamic.vhd", nil},
	{"dynamic.vhdx", nil},
	{"fixed.vhdx", nil},
	{"dynamic.vdi", nil},
	{"plain.qcow2", nil},
	{"sparse.vmdk", nil},
	{"streamOptimized.vmdk", nil},
	{"flat.vmdk", []string{"flat-flat.vmdk"}},
	{"ewf.E01", nil},
	{"compressed.qcow2", nil},
}

// holdsDisk opens evidence and compares the disk that it holds.
func holdsDisk(t *testing.T, name, want string) {
	t.Helper()
	e, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for p := range e.TableProblems() {
		t.Error(p)
	}
	if !strings.HasPrefix(e.Kind(), "disk image") || len(e.Volumes()) != 1 || e.Volumes()[0].Kind != NTFS {
		t.Errorf("%s with %v", e.Kind(), e.Volumes())
	}
	held, err := e.unwrap(image{e.file, e.size}, e.base(), config{})
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(held.r, 0, 16<<20)); err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("SHA-256 %s, want %s", got, want)
	}
	if s, err := e.Find(t.Context(), `C:\Users\a\evil.exe`); err != nil || s.Count != 1 {
		t.Errorf("the file in it: %+v, %v", s, err)
	}
}

// unpackedCase returns the path of a file of the case, in a folder with the parts that
// belong to it.
func unpackedCase(t *testing.T, file string, parts ...string) string {
	t.Helper()
	dir, folder := t.TempDir(), testenv.Found(t, "ntfs/containers")
	for _, name := range append([]string{file}, parts...) {
		from := "ntfs/containers/" + name
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			from += ".zst"
		}
		b, err := os.ReadFile(testenv.UnpackedFound(t, from))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, file)
}

// A disk with the footer of a VHD opens without it, whatever the footer says.
func TestBrokenFooter(t *testing.T) {
	disk, err := mfttest.Volume{Files: []mfttest.File{{Path: "a.exe", Data: []byte("MZ")}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	footer := func(length int, size uint64, kind byte) []byte {
		b := make([]byte, 512)
		copy(b, "conectix")
		binary.BigEndian.PutUint64(b[0x30:], size)
		b[0x3f] = kind
		sum := uint32(0)
		for _, c := range b {
			sum += uint32(c)
		}
		binary.BigEndian.PutUint32(b[0x40:], ^sum)
		return b[:length]
	}
	size := uint64(len(disk))
	wrong := footer(512, size, 2)
	wrong[0x60] = 1
	for _, tt := range []struct {
		name   string
		footer []byte
		want   string // the problem
	}{
		{"sound", footer(512, size, 2), ""},
		{"of 511 bytes", footer(511, size, 2), ""},
		{"no size", footer(512, 0, 2), "size of the disk"},
		{"no size, of 511 bytes", footer(511, 0, 2), "size of the disk"},
		{"a larger disk", footer(512, 2*size, 2), "size of the disk"},
		{"another type", footer(512, size, 9), "type of the disk"},
		{"another checksum", wrong, "checksum of the footer"},
		{"only the mark", append([]byte("conectix"), make([]byte, 504)...), "footer"},
	} {
		b := slices.Concat(disk, tt.footer)
		e, err := New("a.vhd", bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for p := range e.TableProblems() {
			got = append(got, p.String())
		}
		if tt.want == "" != (len(got) == 0) || len(got) > 0 && !strings.Contains(got[0], tt.want) {
			t.Errorf("%s: problems %q", tt.name, got)
		}
		if v := e.Volumes(); len(v) != 1 || v[0].Kind != NTFS || v[0].Size != int64(size) {
			t.Errorf("%s: %v", tt.name, v)
		}
	}
}
