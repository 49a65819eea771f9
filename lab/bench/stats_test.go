package main

import (
	"math"
	"testing"
	"time"
)

func TestSummarize(t *testing.T) {
	ms := time.Millisecond
	tests := []struct {
		name   string
		rounds []round
		want   summary
		spread float64
	}{
		{name: "none"},
		{"odd", []round{{9 * ms, 1}, {3 * ms, 7}, {4 * ms, 2}}, summary{3, 4 * ms, 3 * ms, 9 * ms, 7}, 1.5},
		{"even", []round{{2 * ms, 0}, {4 * ms, 0}, {8 * ms, 0}, {6 * ms, 0}}, summary{4, 5 * ms, 2 * ms, 8 * ms, 0}, 1.2},
	}
	for _, tt := range tests {
		got := summarize(tt.rounds)
		if got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
		if s := got.spread(); math.Abs(s-tt.spread) > 1e-9 {
			t.Errorf("%s: spread %v, want %v", tt.name, s, tt.spread)
		}
	}
}

func TestExponent(t *testing.T) {
	sizes := []float64{1, 4, 16}
	for _, want := range []float64{0, 1, 2} {
		var times []time.Duration
		for _, s := range sizes {
			times = append(times, time.Duration(1e6*math.Pow(s, want)))
		}
		if got := exponent(sizes, times); math.Abs(got-want) > 1e-6 {
			t.Errorf("exponent = %v, want %v", got, want)
		}
	}
	if got := exponent([]float64{1}, []time.Duration{1}); !math.IsNaN(got) {
		t.Errorf("one size: %v, want NaN", got)
	}
}
