package mft

import "testing"

func TestBudget(t *testing.T) {
	b := budget{what: "lists", limit: 100}
	for _, tt := range []struct {
		entry uint64
		n     int64
		want  bool
	}{
		{1, 60, true},
		{1, 60, true}, // again: nothing more
		{1, 30, true},
		{2, 41, false}, // 101 together
		{2, 40, true},
		{3, 1, false},
		{1, 61, false},
		{3, 0, true},
	} {
		if err := b.spend(tt.entry, tt.n, -1); (err == nil) != tt.want {
			t.Errorf("%d bytes for entry %d: %v, want granted %t", tt.n, tt.entry, err, tt.want)
		}
	}
	if got, want := b.spend(9, 1, 0x30).Error(), "lists of all files together at 0x30: got more than 100 bytes, want at most the size of the volume"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
