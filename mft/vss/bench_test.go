package vss_test

import (
	"bytes"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft/vss"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// The volume of the benchmarks has 64 MiB, and three snapshots that keep every fourth block.
func benchmarkImage(b *testing.B) []byte {
	b.Helper()
	states := [][]byte{pattern(1, 64<<20)}
	for i := range 3 {
		next := bytes.Clone(states[i])
		for at := i * block; at < len(next); at += 4 * block {
			next[at]++
		}
		states = append(states, next)
	}
	v := vsstest.Volume{Current: states[3]}
	for _, s := range states[:3] {
		v.Snapshots = append(v.Snapshots, vsstest.Snapshot{State: s, Created: day})
	}
	return write(b, v)
}

func BenchmarkOldestSnapshot(b *testing.B) {
	image := benchmarkImage(b)
	r, err := vss.NewReader(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		b.Fatal(err)
	}
	s := r.Snapshots()[0]
	buf := make([]byte, 1<<20)
	b.SetBytes(s.Size)
	for b.Loop() {
		for off := int64(0); off < s.Size; off += int64(len(buf)) {
			if _, err := s.ReadAt(buf, off); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// Opening reads the catalog and the header of each store.
func BenchmarkOpen(b *testing.B) {
	image := benchmarkImage(b)
	for b.Loop() {
		if _, err := vss.NewReader(bytes.NewReader(image), int64(len(image))); err != nil {
			b.Fatal(err)
		}
	}
}
