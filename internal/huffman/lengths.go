package huffman

import (
	"cmp"
	"slices"
)

// Lengths returns the lengths of the codewords of a complete code, none longer than
// limit, that is good for symbols with these frequencies. A code has at least two
// codewords: if fewer symbols occur, others get one as well.
func Lengths(freqs []int, limit int) []uint8 {
	freqs = slices.Clone(freqs)
	used := 0
	for _, f := range freqs {
		if f > 0 {
			used++
		}
	}
	for i := 0; used < 2 && i < len(freqs); i++ {
		if freqs[i] == 0 {
			freqs[i] = 1
			used++
		}
	}
	for {
		lens := lengths(freqs)
		if int(slices.Max(lens)) <= limit {
			return lens
		}
		for i, f := range freqs { // flatter frequencies make shorter codewords
			if f > 0 {
				freqs[i] = f/2 + 1
			}
		}
	}
}

// lengths builds a Huffman tree.
func lengths(freqs []int) []uint8 {
	type node struct{ weight, left, right int } // left and right are negative in a leaf
	var nodes []node
	var open []int // the roots so far
	for sym, f := range freqs {
		if f > 0 {
			open = append(open, len(nodes))
			nodes = append(nodes, node{f, -1, sym})
		}
	}
	for len(open) > 1 {
		slices.SortStableFunc(open, func(a, b int) int { return cmp.Compare(nodes[b].weight, nodes[a].weight) })
		a, b := open[len(open)-1], open[len(open)-2]
		open = append(open[:len(open)-2], len(nodes))
		nodes = append(nodes, node{nodes[a].weight + nodes[b].weight, a, b})
	}
	lens := make([]uint8, len(freqs))
	depth := make([]uint8, len(nodes))
	for i := len(nodes) - 1; i >= 0; i-- { // children come before their parent
		n := nodes[i]
		if n.left < 0 {
			lens[n.right] = depth[i]
			continue
		}
		depth[n.left], depth[n.right] = depth[i]+1, depth[i]+1
	}
	return lens
}

// Codewords returns the codeword of each symbol, in the low bits.
func Codewords(lens []uint8) []uint32 {
	var count, next [MaxLen + 2]uint32
	for _, n := range lens {
		if n > 0 {
			count[n]++
		}
	}
	for n := 1; n <= MaxLen; n++ {
		next[n+1] = (next[n] + count[n]) << 1
	}
	words := make([]uint32, len(lens))
	for sym, n := range lens {
		if n > 0 {
			words[sym] = next[n]
			next[n]++
		}
	}
	return words
}
