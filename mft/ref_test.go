package mft_test

import (
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
)

func TestParseRefString(t *testing.T) {
	for s, want := range map[string]mft.Ref{
		"68-2": {Entry: 68, Seq: 2}, "0-0": {}, "281474976710655-65535": {Entry: 1<<48 - 1, Seq: 65535},
	} {
		if got, ok := mft.ParseRefString(s); !ok || got != want || got.String() != s {
			t.Errorf("%s: %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "-", "68", "68-", "-2", "+6-2", "068-2", "68-02", "68-2-3", "68-65536", "281474976710656-1", "68-2 ", "a-b"} {
		if got, ok := mft.ParseRefString(s); ok {
			t.Errorf("%s: %v", s, got)
		}
	}
}
