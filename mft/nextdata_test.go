package mft_test

import (
	"bytes"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A file says where its holes end.
func TestNextData(t *testing.T) {
	data := make([]byte, 10*4096)
	copy(data[3*4096:], "data")
	copy(data[8*4096+100:], "data")
	image, err := mfttest.Volume{Files: []mfttest.File{{Path: "sparse", Data: data, Sparse: true}, {Path: "small", Data: []byte("data")}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		off, want int64
	}{
		{"sparse", 0, 3 * 4096}, {"sparse", -1, 3 * 4096}, {"sparse", 3*4096 + 7, 3*4096 + 7}, {"sparse", 4 * 4096, 8 * 4096},
		{"sparse", 9 * 4096, 10 * 4096}, {"sparse", 99 * 4096, 10 * 4096}, {"small", 0, 0}, {"small", 2, 2}, {"small", 9, 4},
	} {
		f, err := vol.Open(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.(interface{ NextData(int64) int64 }).NextData(tt.off); got != tt.want {
			t.Errorf("%s: NextData(%d) = %d, want %d", tt.name, tt.off, got, tt.want)
		}
	}
}
