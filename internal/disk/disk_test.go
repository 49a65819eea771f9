package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

type names []string

func (n names) Open(name string) (File, error) { return File{Name: name, Beside: n}, nil }
func (n names) Names() ([]string, error)       { return n, nil }

func TestSibling(t *testing.T) {
	f := File{Name: "disk.vhd", Beside: names{"disk.vhd", "base.vhd"}}
	for _, tt := range []struct{ name, want string }{
		{"base.vhd", "base.vhd"},
		{`C:\images\base.vhd`, "base.vhd"},
		{"../../etc/passwd", "passwd"},
		{`.\base.vhd`, "base.vhd"},
		{"file:///tmp/base.vhd", "base.vhd"},
		{"disk:stream", "stream"},
	} {
		if got, err := f.Sibling(tt.name); err != nil || got.Name != tt.want {
			t.Errorf("Sibling(%q) = %q, %v; want %q", tt.name, got.Name, err, tt.want)
		}
	}
	for _, name := range []string{"", ".", "..", "/", "a/..", `a\`, "a\x00b"} {
		if _, err := f.Sibling(name); !errors.Is(err, ErrOutside) {
			t.Errorf("Sibling(%q): %v", name, err)
		}
	}
	if _, err := (File{Name: "disk.vhd"}).Sibling("base.vhd"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a folder: %v", err)
	}
}

// A name that Windows wrote in another case than that of the file.
func TestSiblingInAnotherCase(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"Base.VHD", "two.vhd", "TWO.vhd"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	folder := NewFolder(dir)
	defer folder.Close()
	f := File{Name: "disk.vhd", Beside: folder}
	for _, name := range []string{"base.vhd", `C:\VM\BASE.VHD`} {
		if got, err := f.Sibling(name); err != nil || got.Name != "Base.VHD" {
			t.Errorf("Sibling(%q) = %q, %v", name, got.Name, err)
		}
	}
	if got, err := f.Sibling("two.vhd"); err != nil || got.Name != "two.vhd" {
		t.Errorf("the name itself: %q, %v", got.Name, err)
	}
	if list, err := os.ReadDir(dir); err == nil && len(list) == 3 { // the disk of this machine tells them apart
		if got, err := f.Sibling("Two.vhd"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("two of them: %q, %v", got.Name, err)
		}
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside.vhd")
	for _, name := range []string{filepath.Join(dir, "base.vhd"), outside} {
		if err := os.WriteFile(name, []byte("disk"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	folder := NewFolder(dir)
	defer folder.Close()
	f, err := folder.Open("base.vhd")
	if err != nil || f.Size != 4 || f.Name != "base.vhd" || f.Beside == nil {
		t.Errorf("got %v, %v", f, err)
	}
	if list, err := folder.Names(); err != nil || !slices.Equal(list, []string{"base.vhd"}) {
		t.Errorf("names: %q, %v", list, err)
	}
	for _, name := range []string{"folder", "missing.vhd"} {
		if _, err := folder.Open(name); err == nil {
			t.Errorf("%s was opened", name)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.vhd")); err == nil { // not on every system
		if _, err := folder.Open("link.vhd"); err == nil {
			t.Error("a link out of the folder was followed")
		}
	}
}
