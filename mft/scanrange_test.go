package mft_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// Ranges together yield what Scan yields, wherever they are cut.
func TestScanRange(t *testing.T) {
	v := mfttest.Volume{}
	for i := range 1500 { // more than are read at a time
		v.Files = append(v.Files, mfttest.File{Path: fmt.Sprintf("%d/%d.txt", i%7, i), Data: []byte("x")})
	}
	img, err := v.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(img), int64(len(img)))
	if err != nil {
		t.Fatal(err)
	}
	r := vol.MFT()
	list := func(first, end uint64) (all []string) {
		for rec, err := range r.ScanRange(first, end) {
			all = append(all, fmt.Sprint(rec.Ref, len(rec.FileNames), err))
		}
		return all
	}
	var want []string
	for rec, err := range r.Scan() {
		want = append(want, fmt.Sprint(rec.Ref, len(rec.FileNames), err))
	}
	for _, step := range []uint64{1, 7, 1000, 1024, 5000} {
		var got []string
		for first := uint64(0); first < r.Len(); first += step {
			got = append(got, list(first, first+step)...)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("in steps of %d: %d records, want %d", step, len(got), len(want))
		}
	}
	for _, tt := range [][2]uint64{{5, 5}, {9, 3}, {r.Len(), r.Len() + 9}, {1 << 63, 1<<64 - 1}} {
		if got := list(tt[0], tt[1]); len(got) != 0 {
			t.Errorf("from %d to %d: %v", tt[0], tt[1], got)
		}
	}
}

// What several goroutines find is what one finds: paths, and which records belong together.
func TestPrepare(t *testing.T) {
	v := mfttest.Volume{FragmentMFT: true}
	for i := range 9000 { // more than one range
		v.Files = append(v.Files, mfttest.File{Path: fmt.Sprintf("%d/%d/%d.txt", i%3, i%701, i), Data: []byte("x")})
	}
	img, err := v.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	list := func(workers int) (all []string) {
		vol, err := mft.NewVolume(bytes.NewReader(img), int64(len(img)))
		if err != nil {
			t.Fatal(err)
		}
		r := vol.MFT()
		if err := r.Prepare(workers); err != nil {
			t.Fatal(err)
		}
		for rec, err := range r.Scan() {
			all = append(all, fmt.Sprint(rec.Ref, r.Path(rec), rec.ExtensionRefs, err))
		}
		return all
	}
	want := list(1)
	if len(want) < 9000 {
		t.Fatalf("%d records", len(want))
	}
	for _, workers := range []int{0, 2, 3, 1000} {
		if got := list(workers); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("with %d workers: %d records that differ from %d", workers, len(got), len(want))
		}
	}
}
