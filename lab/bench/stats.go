package main

import (
	"math"
	"slices"
	"time"
)

// summary is the figures of one contender's rounds.
type summary struct {
	Rounds int           `json:"rounds"`
	Median time.Duration `json:"median_ns"`
	Min    time.Duration `json:"min_ns"`
	Max    time.Duration `json:"max_ns"`
	Peak   int64         `json:"peak_bytes"` // the largest resident set of all rounds; 0 if the system does not provide it
}

// spread returns the difference between the slowest and the fastest round, relative
// to the median.
func (s summary) spread() float64 {
	if s.Median == 0 {
		return 0
	}
	return float64(s.Max-s.Min) / float64(s.Median)
}

func summarize(rounds []round) summary {
	if len(rounds) == 0 {
		return summary{}
	}
	times := make([]time.Duration, len(rounds))
	s := summary{Rounds: len(rounds)}
	for i, r := range rounds {
		times[i] = r.wall
		s.Peak = max(s.Peak, r.peak)
	}
	slices.Sort(times)
	s.Min, s.Max = times[0], times[len(times)-1]
	mid := len(times) / 2
	s.Median = times[mid]
	if len(times)%2 == 0 {
		s.Median = (times[mid-1] + times[mid]) / 2
	}
	return s
}

// exponent fits time = c · size^e by least squares over the logarithms and
// returns e: 1 is linear. It returns NaN for fewer than two sizes.
func exponent(sizes []float64, times []time.Duration) float64 {
	if len(sizes) != len(times) || len(sizes) < 2 {
		return math.NaN()
	}
	var sx, sy, sxx, sxy float64
	for i := range sizes {
		x, y := math.Log(sizes[i]), math.Log(float64(times[i]))
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	n := float64(len(sizes))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
