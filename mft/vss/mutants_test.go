package vss_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft/vss"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// What a change of the structures makes wrong is an error or a problem, although the format has
// no checksums: most values are recorded twice. The test counts the mutants that are wrong
// without a report.
func TestMutantsAreReported(t *testing.T) {
	sound, states := damageable(t)
	reportMutants(t, sound, states, func(image []byte) ([]*vss.Snapshot, []string, error) {
		r, err := tryOpen(image)
		if err != nil {
			return nil, nil, err
		}
		return r.Snapshots(), problems(r), nil
	})
}

// The same holds of the snapshots that are carved.
func TestMutantsOfDeletedStoresAreReported(t *testing.T) {
	v, states := deletable(t)
	v.Catalog = vsstest.Zeroed
	with := vss.Carving{Files: storeFiles(t, v)}
	reportMutants(t, write(t, v), states, func(image []byte) ([]*vss.Snapshot, []string, error) {
		r, err := vss.Carve(t.Context(), bytes.NewReader(image), int64(len(image)), with)
		if err != nil {
			return nil, nil, err
		}
		return r.Carved(), problems(r), nil
	})
}

func reportMutants(t *testing.T, sound []byte, states [][]byte, open func([]byte) ([]*vss.Snapshot, []string, error)) {
	var places []int // bytes of structures that are not zero
	for kind := range uint32(7) {
		for _, at := range records(sound, kind) {
			for i := range block {
				if sound[at+i] != 0 || i < 0x38 {
					places = append(places, at+i)
				}
			}
		}
	}
	for i := range 0x60 {
		places = append(places, 0x1e00+i)
	}
	r := rand.New(rand.NewPCG(1, 2))
	mutants := 2000
	if testing.Short() {
		mutants = 200
	}
	wrong, silent := 0, map[string]int{}
	for range mutants {
		image := bytes.Clone(sound)
		at := places[r.IntN(len(places))]
		image[at] ^= byte(1 + r.IntN(255))
		snapshots, problems, err := open(image)
		if err != nil {
			continue
		}
		reported := len(problems) > 0
		differs := len(snapshots) != 3
		for i, s := range snapshots {
			b, err := content(s)
			if err != nil {
				reported = true
			}
			if n := len(states[0]); i < 3 {
				differs = differs || !bytes.Equal(b[:min(len(b), n)], states[i][:min(len(b), n)]) || err == nil && len(b) != n && !s.Carved
			}
		}
		if differs {
			wrong++
			if !reported {
				silent[structure(sound, at)]++
			}
		}
	}
	n := 0
	for what, count := range silent {
		n += count
		t.Logf("%d silent mutants of %s", count, what)
	}
	t.Logf("%d mutants, %d of them wrong, %d of these silent", mutants, wrong, n)
	if n > mutants/500 {
		t.Errorf("%d of %d mutants are wrong, and nothing reports it", n, mutants)
	}
}

// structure names what is at an offset of a volume.
func structure(b []byte, at int) string {
	if at < block {
		return "the header"
	}
	names := map[byte]string{2: "the catalog", 3: "a list of blocks", 4: "the header of a store", 5: "a list of ranges", 6: "a bitmap"}
	return names[b[at&^(block-1)+0x14]]
}
