package registry_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// FuzzReader reads everything in a hive. Whatever the bytes, the size of the
// input bounds what comes out.
func FuzzReader(f *testing.F) {
	for minor := uint32(1); minor <= 6; minor++ {
		f.Add(write(f, tiny(minor)))
	}
	dirty := tiny(5)
	dirty.Dirty = true
	f.Add(write(f, dirty))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		var keys, size int
		for k, err := range r.Keys() {
			if err != nil {
				continue
			}
			keys++
			if k.Path(); k.LastWrite.Location() == nil {
				t.Error("no time zone")
			}
			_, _ = k.Class()
			_, _ = k.OwnerSID()
			_, _ = k.LinkTarget()
			for v, err := range k.Values() {
				if err != nil {
					continue
				}
				b, _ := v.Data()
				size += len(b)
				_, _ = v.Text()
				_, _ = v.Strings()
				_, _ = v.Uint64()
			}
		}
		if keys > len(data)/76 || size > 4*len(data) {
			t.Errorf("%d keys and %d bytes of data out of %d bytes", keys, size, len(data))
		}
		n := 0
		for range r.Problems() {
			n++
		}
		if n > len(data) {
			t.Errorf("%d problems in %d bytes", n, len(data))
		}
		for range registry.Autostarts(r) {
		}
	})
}

// tiny returns a hive with little data, so that mutations hit structures.
func tiny(minor uint32) registrytest.Hive {
	h := registrytest.Hive{Minor: minor}
	h.Set(`Software\Microsoft\Windows\CurrentVersion\Run`, when, registrytest.SZ("a", `"C:\a b.exe" -x`))
	h.Set(`ControlSet001\Services\svc`, when, registrytest.ExpandSZ("ImagePath", `%SystemRoot%\x.exe`), registrytest.DWord("Start", 2))
	h.Set(`ControlSet001\Services\svc\Parameters`, when, registrytest.MultiSZ("ServiceDll", "x", "y"))
	h.Set(`Select`, when, registrytest.DWord("Current", 1))
	h.Set(`日本`, when, registrytest.Link(`\x`))
	h.Key(`日本`, when).Link = true
	h.Key(`Select`, when).Class = "class"
	return h
}

func FuzzExecutablePath(f *testing.F) {
	for _, tt := range commandTests {
		f.Add(tt.command)
	}
	f.Fuzz(func(t *testing.T, command string) {
		path := registry.ExecutablePath(command)
		if len(path) > len(command)+len(`%SystemRoot%\`) {
			t.Errorf("ExecutablePath(%q) = %q", command, path)
		}
		registry.HostedPath(command)
	})
}

func BenchmarkWalk(b *testing.B) {
	name := os.Getenv("BIRTHMARK_HIVE")
	var data []byte
	if name == "" {
		data = write(b, small(5))
	} else {
		var err error
		if data, err = os.ReadFile(name); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		countAll(b, read(b, data))
	}
}
