package main

import (
	"math/rand/v2"
	"slices"
)

// weights is a matrix: w[a][b] is how much a uses of b, and so the cost of putting
// b above a.
type weights [][]int

func newWeights(n int) weights {
	w := make(weights, n)
	for i := range w {
		w[i] = make([]int, n)
	}
	return w
}

// kicks is how often search restarts from a disturbed order. Ten times as many do
// not change any figure of this module.
const kicks = 300

// search returns the order, from the top down, in which the least runs back up. It
// improves the greedy order, then repeatedly disturbs and improves the best order so
// far, always with the same random numbers.
func (w weights) search() []int {
	best := w.improve(w.greedy())
	if w.up(best) == 0 {
		return best
	}
	random := rand.New(rand.NewPCG(1, 1))
	for range kicks {
		order := slices.Clone(best)
		for range 2 + random.IntN(4) {
			i, j := random.IntN(len(order)), random.IntN(len(order))
			order[i], order[j] = order[j], order[i]
		}
		if order = w.improve(order); w.up(order) <= w.up(best) {
			best = order
		}
	}
	return best
}

// up returns the weight of everything that runs back up in an order.
func (w weights) up(order []int) int {
	sum := 0
	for i, a := range order {
		for _, b := range order[:i] {
			sum += w[a][b]
		}
	}
	return sum
}

// greedy is the heuristic of Eades, Lin and Smyth (1993). It places one file after
// the other. A file that uses no remaining file goes to the bottom. A file that no
// remaining file uses goes to the top. Otherwise the file with the greatest excess
// of what it uses over what is used of it goes to the top.
func (w weights) greedy() []int {
	left := make([]int, len(w))
	for i := range left {
		left[i] = i
	}
	var top, bottom []int
	for len(left) > 0 {
		pick, most, toBottom := 0, 0, false
		for i, a := range left {
			uses, used := 0, 0
			for _, b := range left {
				uses += w[a][b]
				used += w[b][a]
			}
			if uses == 0 || used == 0 {
				pick, toBottom = i, uses == 0
				break
			}
			if i == 0 || uses-used > most {
				pick, most = i, uses-used
			}
		}
		if toBottom {
			bottom = append(bottom, left[pick])
		} else {
			top = append(top, left[pick])
		}
		left = slices.Delete(left, pick, pick+1)
	}
	slices.Reverse(bottom)
	return append(top, bottom...)
}

// improve moves each file to its best place until no move helps.
func (w weights) improve(order []int) []int {
	order = slices.Clone(order)
	for moved := true; moved; {
		moved = false
		for f := range w {
			from := slices.Index(order, f)
			if to := w.bestPlace(order, from); to != from {
				order = slices.Insert(slices.Delete(order, from, from+1), to, f)
				moved = true
			}
		}
	}
	return order
}

// bestPlace returns the place for the file at from with which the least runs back
// up. It returns from unless another place is better.
func (w weights) bestPlace(order []int, from int) int {
	f, to, most := order[from], from, 0
	saved := 0
	for i := from - 1; i >= 0; i-- { // f passes order[i] on its way up
		saved += w[f][order[i]] - w[order[i]][f]
		if saved > most {
			to, most = i, saved
		}
	}
	saved = 0
	for i := from + 1; i < len(order); i++ {
		saved += w[order[i]][f] - w[f][order[i]]
		if saved > most {
			to, most = i, saved
		}
	}
	return to
}
