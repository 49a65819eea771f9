package registry_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path"
	"strconv"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Damaged copies of hives with logs, of the corpus and of our own writer, are read in
// full: no panic, no hang, and nothing larger than the files. $BIRTHMARK_MUTANTS is how
// many of each there are.
func TestMutantsOfHivesWithLogs(t *testing.T) {
	n := 100
	if text := os.Getenv("BIRTHMARK_MUTANTS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	s0, s1, s2 := write(t, graveyard(5)), step(t, 3), step(t, 5)
	sound := map[string]func(t *testing.T) [][]byte{
		"written, new": func(*testing.T) [][]byte {
			return [][]byte{registrytest.Interrupted(s0, 8), registrytest.NewLog(7, s0, s1), registrytest.NewLog(8, s1, s2)}
		},
		"written, old": func(*testing.T) [][]byte {
			return [][]byte{registrytest.Interrupted(s1, 8), registrytest.OldLog(s1, s2), {}}
		},
	}
	for _, hive := range []string{"yarp/NewDirtyHive1/NewDirtyHive", "yarp/OldDirtyHive/OldDirtyHive"} {
		sound[path.Base(hive)] = func(t *testing.T) (files [][]byte) {
			for _, end := range []string{"", ".LOG1", ".LOG2"} {
				data, err := os.ReadFile(testenv.Corpus(t, "registry/"+hive+end))
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, data)
			}
			return files
		}
	}
	for name, load := range sound {
		t.Run(name, func(t *testing.T) {
			files := load(t)
			replayed, slowest := 0, time.Duration(0)
			for i := range n {
				r := rand.New(rand.NewPCG(1, uint64(i)))
				mutant := make([][]byte, len(files))
				given := 0
				for j := range files {
					mutant[j] = bytes.Clone(files[j])
					given += len(files[j])
				}
				for range 1 + r.IntN(3) {
					mutate(r, mutant[r.IntN(len(mutant))])
				}
				if r.IntN(4) > 0 {
					mutant[1], mutant[2] = sealedLog(mutant[1]), sealedLog(mutant[2])
				}
				start := time.Now()
				h, err := registry.NewReader(bytes.NewReader(mutant[0]), int64(len(mutant[0])), registry.WithLogs(aLog("1", mutant[1]), aLog("2", mutant[2])))
				if err != nil {
					continue
				}
				readAll(t, h, 2*given)
				slowest = max(slowest, time.Since(start))
				for _, u := range h.Logs() {
					if u.Applied {
						replayed++
						break
					}
				}
				if t.Failed() {
					t.Fatalf("mutant %d", i)
				}
			}
			t.Logf("%d mutants, of which %d were replayed; the slowest took %v", n, replayed, slowest)
		})
	}
}

// mutate changes a few bytes, near the beginning as often as anywhere.
func mutate(r *rand.Rand, b []byte) {
	if len(b) < 8 {
		return
	}
	at := r.IntN(len(b) - 4)
	if r.IntN(2) == 0 {
		at = r.IntN(min(len(b)-4, 8192))
	}
	at &^= 3
	switch r.IntN(4) {
	case 0:
		b[at] ^= byte(1 << r.IntN(8))
	case 1:
		binary.LittleEndian.PutUint32(b[at:], []uint32{0, 1, 8, 0x20, 0x1000, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff}[r.IntN(9)])
	case 2:
		binary.LittleEndian.PutUint32(b[at:], uint32(r.IntN(len(b)))&^7)
	default:
		from := r.IntN(len(b) - 4)
		copy(b[at:], b[from:from+min(64, len(b)-from)])
	}
}
