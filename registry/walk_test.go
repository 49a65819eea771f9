package registry_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
)

// The first walk over a hive checks it on its way. It yields what every later walk does,
// and what a walk does after a question that needs the check at once, whatever is shared
// or overlaps.
func TestFirstWalkIsLikeTheNext(t *testing.T) {
	seeds := [][]byte{write(t, small(5)), write(t, small(3)), write(t, machineHive()), write(t, userHive()), write(t, systemHive())}
	refused := 0
	for i := range 1500 {
		rng := rand.New(rand.NewPCG(12, uint64(i)))
		bad := bytes.Clone(seeds[i%len(seeds)])
		refs := references(bad)
		for range 1 + rng.IntN(6) { // a reference to what another one refers to
			from, to := refs[rng.IntN(len(refs))], refs[rng.IntN(len(refs))]
			copy(bad[to:], bad[from:from+4])
		}
		for range rng.IntN(3) {
			bad[4096+rng.IntN(len(bad)-4096)] ^= 1 << rng.IntN(8)
		}
		r, err := registry.NewReader(bytes.NewReader(bad), int64(len(bad)))
		if err != nil {
			continue
		}
		first, second := everything(r), everything(r)
		asked := read(t, bad)
		_, _ = asked.OpenKey(`no such\key`)
		third := everything(asked)
		if first != second || first != third {
			t.Fatalf("mutant %d: the first walk yields\n%s\nthe second\n%s\nand one after a question\n%s", i, first, second, third)
		}
		if bytes.Contains([]byte(first), []byte("in use elsewhere or too deep")) {
			refused++
		}
	}
	if refused < 100 {
		t.Errorf("only %d mutants have a reference that is refused", refused)
	}
}

// references returns the offsets of what may be references.
func references(hive []byte) []int {
	var at []int
	for i := 4096; i+4 <= len(hive); i += 4 {
		if to := binary.LittleEndian.Uint32(hive[i:]); to >= 32 && to%8 == 0 && int64(to) < int64(len(hive)-4096) {
			at = append(at, i)
		}
	}
	return at
}

// everything returns all keys, values and errors of a hive.
func everything(r *registry.Reader) string {
	var out bytes.Buffer
	for k, err := range r.Keys() {
		class, err2 := k.Class()
		fmt.Fprintln(&out, k.Path(), k.Offset, class, err, err2)
		for v, err := range k.Values() {
			data, err2 := v.Data()
			fmt.Fprintln(&out, v.Name, v.Offset, len(data), err, err2)
		}
	}
	return out.String()
}
