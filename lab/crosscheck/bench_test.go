package main

import (
	"testing"

	rival "github.com/0xrawsec/golang-evtx/evtx"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// golang-evtx is under the GPL and only this module links it, so its benchmark is here.
// The command bench puts it into its table by its name. Both parsers read the same log
// from its file and encode each event as JSON. golang-evtx uses all processors, ours
// uses one.
func BenchmarkEVTX_from_file_to_JSON(b *testing.B) {
	name := testenv.Corpus(b, "evtx/evtx-rs/security.evtx")
	for _, reader := range []struct {
		name string
		read func() (records int, err error)
	}{
		{"birthmark", func() (records int, err error) {
			r, err := evtx.Open(name)
			if err != nil {
				return 0, err
			}
			defer r.Close()
			var text []byte
			for rec, err := range r.Records() {
				if err != nil {
					return 0, err
				}
				if text, err = rec.AppendJSON(text[:0]); err != nil {
					return 0, err
				}
				records++
			}
			return records, nil
		}},
		{"golang-evtx", func() (records int, err error) {
			f, err := rival.OpenDirty(name)
			if err != nil {
				return 0, err
			}
			defer f.Close()
			for event := range f.FastEvents() {
				rival.ToJSON(event)
				records++
			}
			return records, nil
		}},
	} {
		b.Run(reader.name, func(b *testing.B) {
			b.ReportAllocs()
			records := 0
			for b.Loop() {
				n, err := reader.read()
				if err != nil {
					b.Fatal(err)
				}
				records = n
			}
			b.ReportMetric(float64(records), "records/op")
		})
	}
}
