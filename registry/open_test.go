package registry_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// However a hive is opened, it has the same name in what it yields, in its
// problems and in its errors.
func TestOpen(t *testing.T) {
	h := systemHive()
	h.Name, h.Dirty = `\SystemRoot\System32\Config\SYSTEM`, true
	data := write(t, h)
	dir := t.TempDir()
	file := filepath.Join(dir, "hive")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"config/hive": {Data: data}}
	for _, tt := range []struct {
		name    string
		open    func(opts ...registry.Option) (*registry.Reader, error)
		opts    []registry.Option
		calls   string // what errors call it
		readers string // the result of Name and Autostart.Hive
	}{
		{"Open", func(opts ...registry.Option) (*registry.Reader, error) { return registry.Open(file, opts...) }, nil, file, file},
		{"OpenFS", func(opts ...registry.Option) (*registry.Reader, error) {
			return registry.OpenFS(fsys, "config/hive", opts...)
		}, nil, "config/hive", "config/hive"},
		{"NewReader", func(opts ...registry.Option) (*registry.Reader, error) {
			return registry.NewReader(bytes.NewReader(data), int64(len(data)), opts...)
		}, nil, "registry", "SYSTEM"},
		{"WithName", func(opts ...registry.Option) (*registry.Reader, error) { return registry.Open(file, opts...) },
			[]registry.Option{registry.WithName("mine")}, "mine", "mine"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := tt.open(tt.opts...)
			if err != nil {
				t.Fatal(err)
			}
			if r.Name() != tt.readers {
				t.Errorf("the name is %s, want %s", r.Name(), tt.readers)
			}
			for a := range registry.Autostarts(r) {
				if a.Hive != tt.readers {
					t.Errorf("autostart of hive %s, want %s", a.Hive, tt.readers)
				}
			}
			for p := range r.Problems() {
				if p.Err.Artifact != tt.calls {
					t.Errorf("problem of %s, want %s: %v", p.Err.Artifact, tt.calls, p)
				}
			}
			_, err = r.OpenKey("no such key")
			if want := "open key " + tt.calls + ": no such key: file does not exist"; err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
			for range 2 {
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
			if k, err := r.OpenKey("Select"); err != nil || k.Name != "Select" {
				t.Errorf("after Close: %v", err)
			}
		})
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "passwd")
	if err := os.WriteFile(file, []byte("root:x:0:0"), 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"etc/passwd": {Data: []byte("root:x:0:0")}}
	notHive := `: base block signature at 0x0: got "root", want "regf": not a registry hive`
	for _, tt := range []struct {
		name string
		open func() (*registry.Reader, error)
		is   error
		want string
	}{
		{"Open of another kind of file", func() (*registry.Reader, error) { return registry.Open(file) }, registry.ErrNotHive, file + notHive},
		{"OpenFS of another kind of file", func() (*registry.Reader, error) { return registry.OpenFS(fsys, "etc/passwd") },
			registry.ErrNotHive, "etc/passwd" + notHive},
		{"WithName", func() (*registry.Reader, error) {
			return registry.OpenFS(fsys, "etc/passwd", registry.WithName("mine"))
		},
			registry.ErrNotHive, "mine" + notHive},
		{"Open of a missing file", func() (*registry.Reader, error) { return registry.Open(filepath.Join(dir, "absent")) }, fs.ErrNotExist, ""},
		{"OpenFS of a missing file", func() (*registry.Reader, error) { return registry.OpenFS(fsys, "absent") }, fs.ErrNotExist,
			"open absent: file does not exist"},
		{"Open of a folder", func() (*registry.Reader, error) { return registry.Open(dir) }, nil, "open " + dir + ": is a directory"},
		{"OpenFS of a folder", func() (*registry.Reader, error) { return registry.OpenFS(fsys, "etc") }, nil, "open etc: is a directory"},
	} {
		r, err := tt.open()
		if r != nil || err == nil || tt.is != nil && !errors.Is(err, tt.is) || tt.want != "" && err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// Code that ignores errors gets empty keys and values.
func TestZeroKeysAndValues(t *testing.T) {
	var h registrytest.Hive
	h.Set("A", when, registrytest.SZ("text", "x"))
	data := write(t, h)
	r := read(t, data)
	a, err := r.OpenKey("A")
	if err != nil {
		t.Fatal(err)
	}
	absent, _ := r.OpenKey(`no\such\key`)
	noValue, _ := a.Value("no such value")
	copy(data[a.Offset+4:], "xx") // the signature of its key node
	r = read(t, data)
	keys := map[string]*registry.Key{"zero": {}, "absent": absent}
	for k, err := range r.Keys() {
		if err != nil {
			keys["damaged"] = k
		}
	}
	values := map[string]*registry.Value{"zero": {}, "absent": noValue}
	for name, k := range keys {
		class, err1 := k.Class()
		target, err2 := k.LinkTarget()
		owner, err3 := k.OwnerSID()
		descriptor, err4 := k.SecurityDescriptor()
		if err := errors.Join(err1, err2, err3, err4); err != nil || class+target+owner+string(descriptor) != "" {
			t.Errorf("%s key: %q %q %q %q %v", name, class, target, owner, descriptor, err)
		}
		if k.Name != "" || k.Path() != "" || k.Offset != 0 || !k.LastWrite.IsZero() || k.Flags() != 0 || k.SubkeyCount() != 0 || k.ValueCount() != 0 {
			t.Errorf("%s key is not empty: %+v", name, k)
		}
		for range k.Subkeys() {
			t.Errorf("%s key has a subkey", name)
		}
		for range k.Values() {
			t.Errorf("%s key has a value", name)
		}
		if sub, err := k.Subkey("x"); !errors.Is(err, fs.ErrNotExist) || sub.Name != "" {
			t.Errorf("%s key: subkey %v, %v", name, sub, err)
		}
		var err error
		if values["of the "+name+" key"], err = k.Value("x"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s key: value %v", name, err)
		}
	}
	if len(keys) != 3 || len(values) != 5 {
		t.Errorf("%d keys and %d values were tried", len(keys), len(values))
	}
	for name, v := range values {
		data, err := v.Data()
		if v.Name != "" || v.Offset != 0 || len(data) > 0 || err != nil {
			t.Errorf("%s value is not empty: %+v, %v", name, v, err)
		}
		for _, as := range []func() error{
			func() error { _, err := v.Text(); return err },
			func() error { _, err := v.Strings(); return err },
			func() error { _, err := v.Uint64(); return err },
		} {
			var e *registry.TypeError
			if err := as(); !errors.As(err, &e) || err.Error() != "got REG_NONE of 0 bytes, want "+e.Want {
				t.Errorf("%s value: %v", name, err)
			}
		}
	}
}

// A hive whose base block was overwritten is read by its bins. If the root key is lost too,
// what is deleted is read if that is asked for.
func TestWithoutItsBeginning(t *testing.T) {
	sound := write(t, graveyard(5))
	for _, tt := range []struct {
		name     string
		lost     int // bytes at the beginning
		keys     int
		err      string
		problems []string
		deleted  []string
	}{
		{"the base block", 4096, 3, "", []string{`malformed: registry: base block signature at 0x0: got "\x00\x00\x00\x00", want "regf": not a registry hive`}, []string{`Services\Evil`, `Services\Evil\Parameters`}},
		{"the root key", 4096 + 200, 0, `registry: base block signature at 0x0: got "\x00\x00\x00\x00", want "regf": not a registry hive`, nil, nil},
		{"everything", len(sound), 0, `registry: base block signature at 0x0: got "\x00\x00\x00\x00", want "regf": not a registry hive`, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := bytes.Clone(sound)
			clear(data[:tt.lost])
			r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)))
			if tt.err != "" {
				if err == nil || err.Error() != tt.err || !errors.Is(err, registry.ErrNotHive) {
					t.Errorf("got %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			keys := 0
			for _, err := range r.Keys() {
				if err != nil {
					t.Error(err)
				}
				keys++
			}
			var deleted []string
			for k := range r.Deleted().Keys() {
				deleted = append(deleted, k.Path)
			}
			if got := problems(r); keys != tt.keys || !slices.Equal(got, tt.problems) || !slices.Equal(deleted, tt.deleted) {
				t.Errorf("%d keys, problems %q, deleted %q", keys, got, deleted)
			}
		})
	}
}

// Of a hive without its root key, WithFragments opens what is left.
func TestFragments(t *testing.T) {
	h := graveyard(5)
	h.Set(`Large`, when, registrytest.Binary("fills the first bin", pattern(9000)))
	h.Set(`Other\Left`, when, registrytest.SZ("v", "text"))
	sound := write(t, h)
	root := 4096 + 32 + 4
	for name, lost := range map[string][]byte{"the root key": sound[root : root+80], "its bin, and the base block": sound[:8192]} {
		t.Run(name, func(t *testing.T) {
			kept := bytes.Clone(lost)
			clear(lost)
			defer copy(lost, kept)
			if _, err := registry.NewReader(bytes.NewReader(sound), int64(len(sound))); err == nil {
				t.Fatal("it is opened without being asked for")
			}
			r := read(t, sound, registry.WithFragments())
			if _, err := r.Root(); err == nil {
				t.Error("it has a root key")
			}
			var names []string
			for k := range r.Deleted().Keys() {
				names = append(names, k.Name)
			}
			if !slices.Contains(names, "Left") || len(problems(r)) == 0 {
				t.Errorf("deleted %q, problems %q", names, problems(r))
			}
		})
	}
	for _, data := range [][]byte{nil, make([]byte, 8192), bytes.Repeat([]byte("hbin"), 4096)} {
		if _, err := registry.NewReader(bytes.NewReader(data), int64(len(data)), registry.WithFragments()); !errors.Is(err, registry.ErrNotHive) {
			t.Errorf("%d bytes: %v", len(data), err)
		}
	}
}
