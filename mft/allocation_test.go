package mft_test

import (
	"bytes"
	"fmt"
	"slices"
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

// The extents of a stream change their state where $Bitmap does.
func TestExtents(t *testing.T) {
	data := bytes.Repeat([]byte("content "), 5000) // 10 clusters
	v := volumeOf(t,
		mfttest.File{Path: "there.bin", Data: data},
		mfttest.File{Path: "small.txt", Data: []byte("resident")},
		mfttest.File{Path: "holes.bin", Data: append(make([]byte, 1<<20), data...), Sparse: true},
		mfttest.File{Path: "gone.bin", Data: data, Deleted: true, Entry: 200},
	)
	there, err := v.Lookup("there.bin")
	if err != nil {
		t.Fatal(err)
	}
	holes, err := v.Lookup("holes.bin")
	if err != nil {
		t.Fatal(err)
	}
	small, err := v.Lookup("small.txt")
	if err != nil {
		t.Fatal(err)
	}
	gone, err := v.MFT().Record(200)
	if err != nil {
		t.Fatal(err)
	}
	lcn := func(rec *mft.Record, run int) int64 { return rec.Streams[0].Runs[run].LCN * 4096 }
	both := &mft.Record{Streams: []mft.Stream{{Runs: []mft.Run{
		{LCN: lcn(there, 0)/4096 + 9, Length: 1},
		{LCN: lcn(gone, 0)/4096 - 1, Length: 3}, // the cluster before it is in use
		{LCN: 1 << 40, Length: 2},
		{LCN: mft.LCNMissing, Length: 1},
	}}}}
	for _, tt := range []struct {
		name string
		rec  *mft.Record
		want []mft.Extent
	}{
		{"a file", there, []mft.Extent{{Length: 40960, VolumeOffset: lcn(there, 0), State: mft.ExtentInUse}}},
		{"a deleted file", gone, []mft.Extent{{Length: 40960, VolumeOffset: lcn(gone, 0), State: mft.ExtentFree}}},
		{"a resident stream", small, nil},
		{"no record", nil, nil},
		{"holes", holes, []mft.Extent{
			{Length: 1 << 20, VolumeOffset: -1, State: mft.ExtentHole},
			{Offset: 1 << 20, Length: 40960, VolumeOffset: lcn(holes, 1), State: mft.ExtentInUse}}},
		{"partly reused", both, []mft.Extent{
			{Length: 4096, VolumeOffset: lcn(there, 0) + 9*4096, State: mft.ExtentInUse},
			{Offset: 4096, Length: 4096, VolumeOffset: lcn(gone, 0) - 4096, State: mft.ExtentInUse},
			{Offset: 8192, Length: 8192, VolumeOffset: lcn(gone, 0), State: mft.ExtentFree},
			{Offset: 16384, Length: 8192, VolumeOffset: -1},
			{Offset: 24576, Length: 4096, VolumeOffset: -1}}},
	} {
		var got []mft.Extent
		for x, err := range v.Extents(tt.rec, "") {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, x)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", tt.name, got, tt.want)
		}
	}
	for range v.Extents(holes, "") {
		break
	}
	if got := fmt.Sprint(mft.ExtentUnknown, mft.ExtentFree, mft.ExtentInUse, mft.ExtentHole); got != "unknown free in use hole" {
		t.Error(got)
	}
}
