package main

// none is the index of a value that one side lacks.
const none = -1

// align pairs the values of a field that repeats. It pairs as many equal values as
// possible, in their order, and then the values between them one by one. So a value
// that one side lacks does not shift all values after it.
func align(n, m int, equal func(i, j int) bool) (pairs [][2]int) {
	const most = 1 << 20 // comparisons
	if n == m || n == 0 || m == 0 || n > most/m {
		return inStep(nil, 0, n, 0, m)
	}
	// best[i][j] is the largest number of equal pairs from i and j on.
	best := make([][]int32, n+1)
	for i := range best {
		best[i] = make([]int32, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if equal(i, j) {
				best[i][j] = max(best[i][j], best[i+1][j+1]+1)
			}
		}
	}
	i, j := 0, 0
	for fromI, fromJ := 0, 0; ; {
		switch {
		case i == n || j == m:
			return inStep(pairs, fromI, n, fromJ, m)
		case equal(i, j) && best[i][j] == best[i+1][j+1]+1:
			pairs = append(inStep(pairs, fromI, i, fromJ, j), [2]int{i, j})
			i, j = i+1, j+1
			fromI, fromJ = i, j
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
}

// inStep pairs the values from i to n with those from j to m one by one.
func inStep(pairs [][2]int, i, n, j, m int) [][2]int {
	for ; i < n || j < m; i, j = i+1, j+1 {
		p := [2]int{i, j}
		if i >= n {
			p[0] = none
		}
		if j >= m {
			p[1] = none
		}
		pairs = append(pairs, p)
	}
	return pairs
}
