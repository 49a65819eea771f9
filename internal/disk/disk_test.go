package disk

import (
	"errors"
	"io/fs"
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
