package timeline_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// Events that goroutines make ahead are those that are made when they are asked for, in
// the same order.
func TestWithWorkers(t *testing.T) {
	v := mfttest.Volume{}
	start := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)
	for i := range 700 {
		at := start.Add(time.Duration(i*7919%701) * time.Minute)
		v.Files = append(v.Files, mfttest.File{Path: fmt.Sprintf("%d/%d.txt", i%7, i), Data: []byte("x"),
			Times: mfttest.Times{Created: at, Modified: at.Add(time.Hour), Changed: at.Add(time.Hour), Accessed: at}})
	}
	img, err := v.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	collect := func(workers int) *timeline.Timeline {
		vol, err := mft.NewVolume(bytes.NewReader(img), int64(len(img)))
		if err != nil {
			t.Fatal(err)
		}
		all, err := timeline.Collect(context.Background(), vol, timeline.WithWorkers(workers))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { all.Close() })
		return all
	}
	list := func(events iter.Seq[timeline.Event]) (all []string) {
		for e := range events {
			all = append(all, fmt.Sprint(e.Time, e.Source, e.Desc, e.Message, e.Fields, e.Data != nil))
		}
		return all
	}
	want := list(collect(0).Events())
	if len(want) < 4*700 {
		t.Fatalf("%d events", len(want))
	}
	for _, workers := range []int{1, 2, 5} {
		all := collect(workers)
		for range 2 {
			got := list(all.Events())
			if len(got) != len(want) {
				t.Fatalf("with %d workers: %d events, want %d", workers, len(got), len(want))
			}
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("with %d workers, event %d is\n%s, want\n%s", workers, i, got[i], want[i])
				}
			}
		}
		for n := range 3 { // an early end leaves nothing behind that later ranges notice
			for range all.Events() {
				if n--; n < 0 {
					break
				}
			}
		}
	}
}
