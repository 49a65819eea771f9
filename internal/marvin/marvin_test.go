package marvin

import (
	"encoding/hex"
	"testing"
)

// The vectors are those of the tests of .NET, which uses the same hash.
func TestSum64(t *testing.T) {
	const seed = 0x004fb61a001bdbcc
	for _, tt := range []struct {
		data string // in hexadecimal
		want uint64
	}{
		{"", 0x30ed35c100cd3c7d},
		{"af", 0x48e73fc77d75ddc1},
		{"e70f", 0xb5f6e1fc485dbff8},
		{"37f495", 0xf0b07c789b8cf7e8},
		{"8642dc59", 0x7008f2e87e9cf556},
		{"153fb79826", 0xe6c08c6da2afa997},
		{"0932e6246c47", 0x6f04bf1a5ea24060},
		{"ab427ea8d10fc7", 0xe11847e4f0678c41},
	} {
		data, err := hex.DecodeString(tt.data)
		if err != nil {
			t.Fatal(err)
		}
		if got := Sum64(data, seed); got != tt.want {
			t.Errorf("%s: got %#016x, want %#016x", tt.data, got, tt.want)
		}
	}
}
