package evtx_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// Ranging over records and chunks may be repeated, and stopped at any time.
func TestIterationIsSafe(t *testing.T) {
	r := open(t, several())
	for stop := range 7 {
		for range 2 {
			n := 0
			for rec, err := range r.Records() {
				if err != nil || int(rec.ID) != n+1 {
					t.Fatalf("record %d: %v", rec.ID, err)
				}
				if n++; n == stop {
					break
				}
			}
			if want := stop; stop > 0 && n != want || stop == 0 && n != 6 {
				t.Errorf("%d records, want %d", n, want)
			}
		}
	}
	for range 2 {
		n := 0
		for c, err := range r.Chunks() {
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				for rec, err := range c.Records() {
					if err != nil || rec.ID < c.FirstRecord || rec.ID > c.LastRecord {
						t.Fatalf("record %d: %v", rec.ID, err)
					}
				}
			}
			n++
		}
		if n != 3 {
			t.Errorf("%d chunks", n)
		}
	}
	for range r.Problems() {
		t.Error("a problem")
	}
}

// A record that is kept does not change while others are read.
func TestRecordsAreOwned(t *testing.T) {
	r := open(t, several())
	var kept []evtx.Record
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, rec)
	}
	for _, rec := range kept {
		if text, err := rec.AppendJSON(nil); err != nil || string(text) != `{"Event":{"EventData":"x"}}` || rec.Chunk().FirstRecord > rec.ID {
			t.Errorf("record %d: %s, %v", rec.ID, text, err)
		}
	}
}

// Results come in the order of the chunks, whatever the number of workers and however
// early the range stops.
func TestMapChunks(t *testing.T) {
	log := several()
	log[120] = 1 // dirty: its header may have fewer chunks than it has
	for range 4 {
		log = append(log, log[4096:4096+3*65536]...)
	}
	for _, workers := range []int{0, 1, 2, 3, 16} {
		r, err := evtx.NewReader(strings.NewReader(string(log)), int64(len(log)), evtx.WithWorkers(workers))
		if err != nil {
			t.Fatal(err)
		}
		for _, stop := range []int{1, 3, 14, 99} {
			var running, most atomic.Int32
			want := 0
			for n, err := range evtx.MapChunks(r, func(c *evtx.Chunk) int {
				for now := running.Add(1); ; {
					if old := most.Load(); now <= old || most.CompareAndSwap(old, now) {
						break
					}
				}
				defer running.Add(-1)
				for rec, err := range c.Records() {
					if _, err2 := rec.AppendJSON(nil); err != nil || err2 != nil {
						t.Error(err, err2)
					}
				}
				return c.Number
			}) {
				if err != nil || n != want {
					t.Fatalf("%d workers: chunk %d, %v; want %d", workers, n, err, want)
				}
				if want++; want == stop {
					break
				}
			}
			if running.Load() != 0 {
				t.Errorf("%d workers: %d still run after the range", workers, running.Load())
			}
			if int(most.Load()) > max(1, workers) {
				t.Errorf("%d workers: %d ran at a time", workers, most.Load())
			}
			if want != min(stop, 15) {
				t.Errorf("%d workers: %d chunks, want %d", workers, want, min(stop, 15))
			}
		}
	}
}

// The caller can recover a panic of its function.
func TestMapChunksPanics(t *testing.T) {
	log := several()
	for _, workers := range []int{1, 2} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); got != "chunk 1" {
					t.Errorf("%d workers: got %s", workers, got)
				}
			}()
			r, err := evtx.NewReader(strings.NewReader(string(log)), int64(len(log)), evtx.WithWorkers(workers))
			if err != nil {
				t.Fatal(err)
			}
			for range evtx.MapChunks(r, func(c *evtx.Chunk) int {
				if c.Number == 1 {
					panic("chunk 1")
				}
				return 0
			}) {
			}
			t.Error("no panic")
		}()
	}
}

// Deeper fields and attributes are named by their path.
func TestDeepFields(t *testing.T) {
	rec := only(t, rawLog(func(a *assembler) {
		a.header()
		a.element("Event", nil, func() {
			a.element("UserData", nil, func() {
				a.element("Chain", func() { a.attr("xmlns", func() { a.text("urn:x") }) }, func() {
					a.element("Certificate", func() { a.attr("name", func() { a.text("CN=a") }) }, func() {
						a.element("Hash", nil, func() { a.text("00") })
					})
					a.element("Empty", nil, nil)
				})
			})
		})
		a.put(0)
	}))
	e, err := rec.Event()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for name, v := range e.Leaves() {
		got = append(got, name+"="+v.String())
	}
	if want := "[Certificate/@name=CN=a Certificate/Hash=00 Empty=]"; fmt.Sprint(got) != want || e.Element != "Chain" || e.Namespace != "urn:x" || !e.UserData {
		t.Errorf("got %v of %+v, want %s", got, e, want)
	}
}
