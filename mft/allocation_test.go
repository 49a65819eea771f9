package mft_test

import (
	"bytes"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

func TestAllocation(t *testing.T) {
	data := bytes.Repeat([]byte("content "), 5000) // 10 clusters
	v := volumeOf(t,
		mfttest.File{Path: "there.bin", Data: data},
		mfttest.File{Path: "small.txt", Data: []byte("resident")},
		mfttest.File{Path: "holes.bin", Data: append(make([]byte, 1<<20), data...), Sparse: true},
		mfttest.File{Path: "gone.bin", Data: data, Deleted: true, Entry: 200},
	)
	for name, want := range map[string]mft.Allocation{
		"there.bin": {InUse: 40960}, "small.txt": {}, "holes.bin": {InUse: 40960}, "gone.bin": {Free: 40960},
	} {
		var rec *mft.Record
		for r, err := range v.MFT().Records() {
			if err != nil {
				t.Fatal(err)
			}
			if fn, ok := r.FileName(); ok && fn.Name == name {
				rec = r
			}
		}
		if got, err := v.Allocation(rec, ""); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
	broken := &mft.Record{Streams: []mft.Stream{{Size: 1 << 40, Runs: []mft.Run{{LCN: 1 << 40, Length: 5}, {LCN: mft.LCNMissing, Length: 3}, {LCN: 0, Length: 1 << 60}}}}}
	if got, err := v.Allocation(broken, ""); err != nil || got.Unknown <= 0 || got.Free+got.InUse > 1<<30 {
		t.Errorf("runs outside the volume: %+v, %v", got, err)
	}
	if got, err := v.Allocation(nil, ""); err != nil || got != (mft.Allocation{}) {
		t.Errorf("no record: %+v, %v", got, err)
	}
}
