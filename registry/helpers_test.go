package registry_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// when is a time that is exact to 100 ns.
var when = filetime.Time(133_000_000_123_456_789)

func write(t testing.TB, h registrytest.Hive) []byte {
	t.Helper()
	data, err := h.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(t testing.TB, data []byte, opts ...registry.Option) *registry.Reader {
	t.Helper()
	r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func problems(r *registry.Reader) []string {
	var list []string
	for p := range r.Problems() {
		list = append(list, p.String())
	}
	return list
}

// readBack returns the content of a key in the form that the writer takes. All
// its keys have their owner.
func readBack(k *registry.Key) (registrytest.Key, error) {
	class, err1 := k.Class()
	owner, err2 := k.OwnerSID()
	out := registrytest.Key{
		Name:      k.Name,
		LastWrite: k.LastWrite,
		Class:     class,
		Owner:     owner,
		Link:      k.Flags()&registry.KeySymbolicLink != 0,
	}
	errs := []error{err1, err2}
	for v, err := range k.Values() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		data, err := v.Data()
		out.Values = append(out.Values, registrytest.Value{Name: v.Name, Type: v.Type, Data: bytes.Clone(data)})
		errs = append(errs, err)
	}
	for sub, err := range k.Subkeys() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		key, err := readBack(sub)
		out.Keys = append(out.Keys, key)
		errs = append(errs, err)
	}
	return out, errors.Join(errs...)
}

// small returns a hive with one of everything.
func small(minor uint32) registrytest.Hive {
	h := registrytest.Hive{Name: `\SystemRoot\System32\Config\SOFTWARE`, Minor: minor, LastWrite: when}
	h.Root = registrytest.Key{Name: "CsiTool-{00000000}", LastWrite: when, Owner: "S-1-5-18"}
	h.Set(`Alpha`, when.Add(time.Second),
		registrytest.SZ("", "the default"),
		registrytest.SZ("text", `C:\Program Files\Ä €\x.exe`),
		registrytest.ExpandSZ("expand", `%SystemRoot%\x`),
		registrytest.MultiSZ("multi", "one", "two", "three"),
		registrytest.DWord("dword", 0xdeadbeef),
		registrytest.QWord("qword", 1<<40),
		registrytest.Binary("empty", []byte{}),
		registrytest.Binary("three", []byte{1, 2, 3}),
		registrytest.Binary("five", []byte{1, 2, 3, 4, 5}),
		registrytest.Binary("starts with db", []byte("db\x02\x00 no big data")),
		registrytest.Binary("full segment", bytes.Repeat([]byte("s"), 16344)),
		registrytest.Binary("big", pattern(16345)),
		registrytest.Binary("bigger", pattern(3*16344+7)),
		registrytest.Value{Name: "odd type", Type: 0xffff0012, Data: []byte("x")},
	)
	h.Set(`Alpha\Größe`, when, registrytest.DWord("Übermaß", 1))
	h.Set(`Alpha\日本 𝄞`, when, registrytest.DWord("語", 2))
	h.Set("Alpha\\half \xed\xa0\x80", when)
	h.Key(`Beta`, when).Class = "a class"
	h.Key(`Beta`, when).Owner = "S-1-5-21-1-2-3-1001"
	h.Set(`Beta\Deep\Deeper`, time.Time{})
	h.Set(`Link`, when, registrytest.Link(`\Registry\Machine\Alpha`))
	h.Key(`Link`, when).Link = true
	return h
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7 / 3)
	}
	return b
}
