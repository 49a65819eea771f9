package registry_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// benchHive returns a large hive of the corpus, or the one that $BIRTHMARK_HIVE names.
func benchHive(b *testing.B) string {
	if name := os.Getenv("BIRTHMARK_HIVE"); name != "" {
		return name
	}
	return testenv.Corpus(b, "registry/regipy_SYSTEM_B")
}

// walkAll reads every key, and every value with its data.
func walkAll(tb testing.TB, r *registry.Reader) (keys, values int) {
	for k, err := range r.Keys() {
		if err != nil {
			tb.Fatal(err)
		}
		keys++
		for v, err := range k.Values() {
			if err != nil {
				tb.Fatal(err)
			}
			if _, err := v.Data(); err != nil {
				tb.Fatal(err)
			}
			values++
		}
	}
	return keys, values
}

func open(tb testing.TB, name string, opts ...registry.Option) *registry.Reader {
	r, err := registry.Open(name, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func BenchmarkOpen(b *testing.B) {
	name := benchHive(b)
	b.Run("alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			open(b, name)
		}
	})
	b.Run("with logs", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			open(b, name, registry.WithLogsBeside())
		}
	})
}

func BenchmarkWalk(b *testing.B) {
	name := benchHive(b)
	info, err := os.Stat(name)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	keys := 0
	for b.Loop() {
		keys, _ = walkAll(b, open(b, name))
	}
	b.ReportMetric(float64(keys), "keys/op")
}

func BenchmarkOpenKey(b *testing.B) {
	r := open(b, benchHive(b))
	for _, path := range []string{`ControlSet001\Services\Tcpip\Parameters`, `ControlSet001\Services\no such service`} {
		b.Run(filepath.Base(path), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = r.OpenKey(path)
			}
		})
	}
}

func BenchmarkDeleted(b *testing.B) {
	r := open(b, benchHive(b))
	b.ReportAllocs()
	for b.Loop() {
		for range r.Deleted().Keys() {
		}
	}
}

// A walk over all keys and values allocates in pieces, not for each of them.
func TestWalkAllocates(t *testing.T) {
	h := small(5)
	for i := range 500 {
		h.Set(`Many\`+string(rune('a'+i%26))+string(rune('a'+i/26)), when,
			registrytest.SZ("ImagePath", "x"), registrytest.DWord("Start", 2), registrytest.DWord("Type", 16))
	}
	data := write(t, h)
	var keys int
	n := testing.AllocsPerRun(5, func() {
		keys, _ = walkAll(t, read(t, data))
	})
	if most := 40 + 0.1*float64(keys); n > most {
		t.Errorf("%v allocations for %d keys, want at most %v", n, keys, most)
	}
}
