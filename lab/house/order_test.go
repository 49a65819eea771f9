package main

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The search finds the same minimum as trying every order.
func TestSearchFindsTheMinimum(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for range 60 {
		n := 2 + random.IntN(6)
		w := newWeights(n)
		for a := range w {
			for b := range w {
				if a != b && random.IntN(2) == 0 {
					w[a][b] = random.IntN(5)
				}
			}
		}
		order := w.search()
		if sorted := slices.Sorted(slices.Values(order)); !slices.Equal(sorted, upTo(n)) {
			t.Fatalf("%v: the order %v does not have every file once", w, order)
		}
		if got, want := w.up(order), w.minimum(nil); got != want {
			t.Errorf("%v: %d run back up in %v, want %d", w, got, order, want)
		}
		if again := w.search(); !slices.Equal(order, again) {
			t.Errorf("%v: two searches give %v and %v", w, order, again)
		}
	}
}

func TestSearchOfNothing(t *testing.T) {
	if got := newWeights(0).search(); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// minimum tries every order that begins with top.
func (w weights) minimum(top []int) int {
	if len(top) == len(w) {
		return w.up(top)
	}
	least := 1 << 30
	for f := range w {
		if !slices.Contains(top, f) {
			least = min(least, w.minimum(append(slices.Clone(top), f)))
		}
	}
	return least
}
