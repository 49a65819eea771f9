package registry_test

import (
	"fmt"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

func TestAnyAndString(t *testing.T) {
	list := func(text string) registrytest.Value {
		return registrytest.Value{Type: registry.MultiSZ, Data: wtf8.Encode(text)}
	}
	for _, tt := range []struct {
		value registrytest.Value
		any   string // with its type
		text  string
	}{
		{registrytest.SZ("", "text"), `string "text"`, "text"},
		{registrytest.ExpandSZ("", `%a%\b`), `string "%a%\\b"`, `%a%\b`},
		{registrytest.Link(`\Registry\x`), `string "\\Registry\\x"`, `\Registry\x`},
		{registrytest.DWord("", 42), `uint32 0x2a`, "42"},
		{registrytest.Value{Type: registry.DWordBigEndian, Data: []byte{0, 0, 1, 0}}, `uint32 0x100`, "256"},
		{registrytest.QWord("", 1<<40), `uint64 0x10000000000`, "1099511627776"},
		{registrytest.Value{Type: registry.DWord, Data: []byte{1, 2}}, `[]uint8 []byte{0x1, 0x2}`, "0102"},
		{registrytest.Binary("", []byte{0xde, 0xad}), `[]uint8 []byte{0xde, 0xad}`, "dead"},
		{registrytest.Value{Type: 0xffff0012, Data: []byte("x")}, `[]uint8 []byte{0x78}`, "78"},
		{registrytest.Value{}, `[]uint8 []byte{}`, ""},
		{registrytest.MultiSZ("", "a", "b"), `[]string []string{"a", "b"}`, "a; b"},
		{registrytest.MultiSZ("", "a", "", "b", ""), `[]string []string{"a", "", "b", ""}`, "a; ; b; "},
		{list(""), `[]string []string(nil)`, ""},
		{list("\x00"), `[]string []string(nil)`, ""},
		{list("\x00\x00"), `[]string []string(nil)`, ""},
		{list("a\x00b"), `[]string []string{"a", "b"}`, "a; b"},
		{list("a\x00b\x00"), `[]string []string{"a", "b"}`, "a; b"},
		{list("a\x00\x00b\x00"), `[]string []string{"a", "", "b"}`, "a; ; b"},
	} {
		var h registrytest.Hive
		tt.value.Name = "v"
		h.Set("k", when, tt.value)
		k, err := read(t, write(t, h)).OpenKey("k")
		if err != nil {
			t.Fatal(err)
		}
		v, err := k.Value("v")
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Any()
		if err != nil {
			t.Error(err)
		}
		if b, ok := got.([]byte); ok && b == nil {
			got = []byte{}
		}
		if text := fmt.Sprintf("%T %#v", got, got); text != tt.any {
			t.Errorf("%s of %q: Any() = %s, want %s", tt.value.Type, tt.value.Data, text, tt.any)
		}
		if v.String() != tt.text {
			t.Errorf("%s of %q: String() = %q, want %q", tt.value.Type, tt.value.Data, v, tt.text)
		}
	}
}

// What is left of damaged data is marked as damaged.
func TestStringOfDamagedData(t *testing.T) {
	p := newPatient(t)
	at := p.value("B", "text")
	p.put(at+dataSize, 1<<20)
	k, err := read(t, p.data).OpenKey("B")
	if err != nil {
		t.Fatal(err)
	}
	v, err := k.Value("text")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Any(); err == nil || v.String() != "hello (damaged)" {
		t.Errorf("%v, %s", err, v)
	}
}

// Empty strings inside a list do not end it.
func TestFoundMultiSZInnerEmpty(t *testing.T) {
	for _, tt := range []struct {
		hive, set string
		strings   int
	}{
		{testenv.Found(t, "registry/multisz-inner-empty/SYSTEM"), "ControlSet001", 6},
		{testenv.Corpus(t, "registry/regipy_SYSTEM_B"), "ControlSet001", 16},
	} {
		r, err := registry.Open(tt.hive)
		if err != nil {
			t.Fatal(err)
		}
		k, err := r.OpenKey(tt.set + `\Control\Session Manager`)
		if err != nil {
			t.Fatal(err)
		}
		v, err := k.Value("PendingFileRenameOperations")
		if err != nil {
			t.Fatal(err)
		}
		if list, err := v.Strings(); err != nil || len(list) != tt.strings {
			t.Errorf("%s: %d strings, want %d: %q, %v", tt.hive, len(list), tt.strings, list, err)
		}
	}
}

// A part of a user's hive is not taken for the machine's SOFTWARE.
func TestPartOfAUserHive(t *testing.T) {
	r, err := registry.Open(testenv.Corpus(t, "registry/regipy_ntuser_software_partial"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Type() != registry.UserSoftware {
		t.Errorf("type %q", r.Type())
	}
	for a, err := range registry.Autostarts(r, registry.ForUser("bob")) {
		if err != nil || a.User != "bob" {
			t.Errorf("%+v, %v", a, err)
		}
	}
}
