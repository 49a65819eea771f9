package registry_test

import (
	"bytes"
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
)

// Every iteration may be stopped anywhere, over sound hives and over damaged
// ones: Go panics if an iterator goes on after that. Ranging again yields the
// same.
func TestBreakOffAnywhere(t *testing.T) {
	base := write(t, small(5))
	machine, user, system := write(t, machineHive()), write(t, userHive()), write(t, systemHive())
	tasks := write(t, hiveOfTasks(t, aTask(1), aTask(2)))
	rng := rand.New(rand.NewPCG(7, 7))
	for i := range 300 {
		data := [][]byte{base, machine, user, system, tasks}[i%5]
		bad := bytes.Clone(data)
		for range i / 5 {
			bad[4096+rng.IntN(len(bad)-4096)] ^= 1 << rng.IntN(8)
		}
		r, err := registry.NewReader(bytes.NewReader(bad), int64(len(bad)), registry.WithName("hive"))
		if err != nil {
			continue
		}
		breakOff(t, "Problems", single(r.Problems()))
		breakOff(t, "Keys", r.Keys())
		breakOff(t, "Autostarts", registry.Autostarts(r))
		breakOff(t, "CachedTasks", registry.CachedTasks(r))
		n := 0
		for k, err := range r.Keys() {
			if err != nil {
				continue
			}
			breakOff(t, "Values of "+k.Path(), k.Values())
			breakOff(t, "Subkeys of "+k.Path(), k.Subkeys())
			if n++; n == 20 {
				break
			}
		}
	}
}

// single makes a Seq2 of a Seq.
func single[T any](seq iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v := range seq {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// breakOff ranges over a sequence to its end, then over only its first n items
// for every small n.
func breakOff[T any](t *testing.T, what string, seq iter.Seq2[T, error]) {
	t.Helper()
	var all []string
	for _, err := range seq {
		all = append(all, fmt.Sprint(err))
	}
	for n := range min(len(all), 40) {
		seen := 0
		for _, err := range seq {
			if got := fmt.Sprint(err); got != all[seen] {
				t.Errorf("%s: item %d: %s, before %s", what, seen, got, all[seen])
			}
			if seen == n {
				break
			}
			seen++
		}
		if seen != n {
			t.Errorf("%s: ended after %d items, before there were %d", what, seen, len(all))
		}
	}
}
