package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// One disk in the containers that other programs write: all hold the same bytes.
func TestContainersHoldTheDisk(t *testing.T) {
	sum, err := os.ReadFile(testenv.Found(t, "ntfs/containers/disk.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	want, _, _ := strings.Cut(string(sum), " ")
	for _, tt := range []struct {
		file, kind string
		parts      []string
	}{
		{"split.001", "disk image", []string{"split.002", "split.003"}},
		{"split.003", "disk image", []string{"split.001", "split.002"}},
		{"fixed.vhd", "disk image", nil},
		{"dynamic.vhd", "disk image", nil},
		{"dynamic.vhdx", "disk image", nil},
		{"fixed.vhdx", "disk image", nil},
		{"dynamic.vdi", "disk image", nil},
		{"plain.qcow2", "disk image", nil},
		{"sparse.vmdk", "disk image", nil},
		{"streamOptimized.vmdk", "disk image", nil},
		{"flat.vmdk", "disk image", []string{"flat-flat.vmdk"}},
		{"ewf.E01", "disk image", nil},
		{"compressed.qcow2", "disk image", nil},
	} {
		t.Run(tt.file, func(t *testing.T) {
			e, err := Open(unpackedCase(t, tt.file, tt.parts...))
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			for p := range e.TableProblems() {
				t.Error(p)
			}
			if !strings.HasPrefix(e.Kind(), tt.kind) || len(e.Volumes()) != 1 || e.Volumes()[0].Kind != NTFS {
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
		})
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
