package evtx_test

import (
	"bytes"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// FuzzRecovered changes a chunk of a log that has records to recover. They are recovered
// from the log, and from the same bytes as if they were not a log. Every text is
// well-formed.
func FuzzRecovered(f *testing.F) {
	ok := edited(f)
	log := written(f, logons(1, 8)...)
	for _, log := range [][]byte{
		log,
		ok(evtxtest.Hide(log, 4)),
		ok(evtxtest.CutOff(log, 2)),
		ok(evtxtest.Refill(written(f, demos(1, 9, "First", "Second")...), written(f, demos(10, 2, "First", "Third")...), true)),
		evtxtest.Behind(log, written(f, processes(500, 2)...)),
	} {
		f.Add(log[4096+512:][:4096], uint16(512), uint32(le.Uint32(log[4096+48:])))
	}
	f.Add(log[4096:][:2048], uint16(100), uint32(512))
	sound := written(f, logons(1, 12)...)
	f.Fuzz(func(t *testing.T, data []byte, at uint16, free uint32) {
		log := bytes.Clone(sound)
		copy(log[4096+int(at):], data)
		le.PutUint32(log[4096+48:], free)
		r := open(t, log)
		for range r.Problems() {
		}
		for _, found := range []func(func(evtx.Recovered, error) bool){
			r.Recovered(), evtx.Carve(bytes.NewReader(log[1:]), int64(len(log)-1)),
		} {
			for rec, err := range found {
				if err != nil {
					t.Fatal(err)
				}
				readAll(t, &rec.Record)
				rec.Typed()
				rec.AppendTyped(nil)
			}
		}
	})
}
