package registry_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// wanted returns a key as readBack should return it: owners inherited, keys
// sorted.
func wanted(k registrytest.Key, owner string) registrytest.Key {
	if k.Owner == "" {
		k.Owner = owner
	}
	var values []registrytest.Value
	for _, v := range k.Values {
		if len(v.Data) == 0 {
			v.Data = bytes.Clone(v.Data[:0])
		}
		values = append(values, v)
	}
	k.Values = values
	var keys []registrytest.Key
	for _, sub := range k.Keys {
		keys = append(keys, wanted(sub, k.Owner))
	}
	slices.SortFunc(keys, func(a, b registrytest.Key) int {
		return strings.Compare(strings.ToUpper(a.Name), strings.ToUpper(b.Name))
	})
	k.Keys = keys
	return k
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for minor := range uint32(7) {
		if minor == 0 {
			continue
		}
		t.Run(fmt.Sprintf("1.%d", minor), func(t *testing.T) {
			h := small(minor)
			data := write(t, h)
			if again := write(t, h); !bytes.Equal(data, again) {
				t.Error("writing twice gives different bytes")
			}
			r := read(t, data)
			if p := problems(r); p != nil {
				t.Errorf("problems: %q", p)
			}
			root, err := r.Root()
			if err != nil {
				t.Fatal(err)
			}
			got, err := readBack(root)
			if err != nil {
				t.Fatal(err)
			}
			diffKeys(t, got, wanted(h.Root, ""))
			if major, m := r.Version(); major != 1 || m != minor || r.Dirty() || !r.LastWrite().Equal(when) {
				t.Errorf("version %d.%d, dirty %v, last written %v", major, m, r.Dirty(), r.LastWrite())
			}
			if want := `emRoot\System32\Config\SOFTWARE`; r.FileName() != want {
				t.Errorf("file name %q, want %q", r.FileName(), want)
			}
			if r.Name() != "SOFTWARE" {
				t.Errorf("name %q", r.Name())
			}
		})
	}
}

func diffKeys(t *testing.T, got, want registrytest.Key) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	for i := range min(len(got.Keys), len(want.Keys)) {
		diffKeys(t, got.Keys[i], want.Keys[i])
	}
	for i := range min(len(got.Values), len(want.Values)) {
		if !reflect.DeepEqual(got.Values[i], want.Values[i]) {
			t.Errorf("key %q value %d:\n got %.200q\nwant %.200q", got.Name, i, fmt.Sprint(got.Values[i]), fmt.Sprint(want.Values[i]))
		}
	}
	gotKeys, wantKeys := len(got.Keys), len(want.Keys)
	gotValues, wantValues := len(got.Values), len(want.Values)
	got.Keys, got.Values, want.Keys, want.Values = nil, nil, nil, nil
	if !reflect.DeepEqual(got, want) || gotKeys != wantKeys || gotValues != wantValues {
		t.Errorf("got %+v with %d keys and %d values, want %+v with %d and %d", got, gotKeys, gotValues, want, wantKeys, wantValues)
	}
}

// Many keys need an index root over several lists.
func TestManySubkeys(t *testing.T) {
	const n = 3000
	for _, minor := range []uint32{1, 3, 5} {
		h := registrytest.Hive{Minor: minor}
		for i := range n {
			h.Root.Keys = append(h.Root.Keys, registrytest.Key{Name: fmt.Sprintf("key %d", i), LastWrite: when})
		}
		r := read(t, write(t, h))
		if p := problems(r); p != nil {
			t.Fatalf("1.%d: problems: %q", minor, p)
		}
		seen := 0
		for _, err := range r.Keys() {
			if err != nil {
				t.Fatal(err)
			}
			seen++
		}
		if seen != n+1 {
			t.Errorf("1.%d: %d keys, want %d", minor, seen, n+1)
		}
		for _, i := range []int{0, 1, n / 2, n - 1} {
			if _, err := r.OpenKey(fmt.Sprintf("KEY %d", i)); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestTypedValues(t *testing.T) {
	r := read(t, write(t, small(5)))
	k, err := r.OpenKey("alpha")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, text, list, number string }{
		{"", "the default", "[the default]", `registry: Alpha: (default): got REG_SZ of 24 bytes, want number`},
		{"TEXT", `C:\Program Files\Ä €\x.exe`, `[C:\Program Files\Ä €\x.exe]`, `registry: Alpha: text: got REG_SZ of 54 bytes, want number`},
		{"expand", `%SystemRoot%\x`, `[%SystemRoot%\x]`, `registry: Alpha: expand: got REG_EXPAND_SZ of 30 bytes, want number`},
		{"multi", "one", "[one two three]", `registry: Alpha: multi: got REG_MULTI_SZ of 30 bytes, want number`},
		{"dword", "registry: Alpha: dword: got REG_DWORD of 4 bytes, want text", "registry: Alpha: dword: got REG_DWORD of 4 bytes, want text", "3735928559"},
		{"qword", "registry: Alpha: qword: got REG_QWORD of 8 bytes, want text", "registry: Alpha: qword: got REG_QWORD of 8 bytes, want text", "1099511627776"},
		{"odd type", "registry: Alpha: odd type: got 0xffff0012 of 1 bytes, want text", "registry: Alpha: odd type: got 0xffff0012 of 1 bytes, want text",
			"registry: Alpha: odd type: got 0xffff0012 of 1 bytes, want number"},
	} {
		v, err := k.Value(tt.name)
		if err != nil {
			t.Error(err)
			continue
		}
		text, err := v.Text()
		if got := orError(text, err); got != tt.text {
			t.Errorf("%s: Text() = %s, want %s", tt.name, got, tt.text)
		}
		list, err := v.Strings()
		if got := orError(list, err); got != tt.list {
			t.Errorf("%s: Strings() = %s, want %s", tt.name, got, tt.list)
		}
		n, err := v.Uint64()
		if got := orError(n, err); got != tt.number {
			t.Errorf("%s: Uint64() = %s, want %s", tt.name, got, tt.number)
		}
	}
}

func orError(x any, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(x)
}

func TestLink(t *testing.T) {
	r := read(t, write(t, small(5)))
	for path, want := range map[string]string{"Link": `\Registry\Machine\Alpha`, "Alpha": ""} {
		k, err := r.OpenKey(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.LinkTarget(); got != want || err != nil {
			t.Errorf("%s: target %q, %v; want %q", path, got, err, want)
		}
	}
}

func TestDirty(t *testing.T) {
	h := small(5)
	h.Dirty = true
	data := write(t, h)
	if r := read(t, data); !r.Dirty() {
		t.Error("not dirty")
	} else if got, want := fmt.Sprint(problems(r)),
		"[unclean: registry: secondary sequence number at 0x8: got 1, want 2, equal to the primary: the newest changes are in the transaction logs]"; got != want {
		t.Errorf("problems %s, want %s", got, want)
	}
	data[508] ^= 1
	if r := read(t, data); !r.Dirty() || len(problems(r)) != 2 {
		t.Errorf("wrong checksum: dirty %v, problems %q", r.Dirty(), problems(r))
	}
}

func TestPathsFindTheirKeys(t *testing.T) {
	r := read(t, write(t, small(5)), registry.WithName("test.hive"))
	n := 0
	for k, err := range r.Keys() {
		if err != nil {
			t.Fatal(err)
		}
		n++
		paths := []string{k.Path(), `\` + k.Path() + `\`}
		if utf8.ValidString(k.Path()) {
			paths = append(paths, strings.ToLower(k.Path()))
		}
		for _, path := range paths {
			found, err := r.OpenKey(path)
			if err != nil {
				t.Errorf("%q: %v", path, err)
			} else if found.Offset != k.Offset {
				t.Errorf("%q is at %#x, want %#x", path, found.Offset, k.Offset)
			}
		}
	}
	if n != 9 {
		t.Errorf("%d keys, want 9", n)
	}
}
