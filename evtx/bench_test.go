package evtx_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// benchLogs are real logs of three kinds: few templates with many values, many
// strings, and arrays.
var benchLogs = []string{"security", "sysmon", "system"}

// benchmarkLog repeatedly runs f for every record of each log.
func benchmarkLog(b *testing.B, f func(*evtx.Record) error) {
	for _, name := range benchLogs {
		b.Run(name, func(b *testing.B) {
			log, err := os.ReadFile(testenv.Corpus(b, "evtx/evtx-rs/"+name+".evtx"))
			if err != nil {
				b.Fatal(err)
			}
			r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(log)))
			b.ReportAllocs()
			for b.Loop() {
				for rec, err := range r.Records() {
					if err == nil {
						err = f(&rec)
					}
					if err != nil && name != "sysmon" { // half of which is not a log
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkJSON(b *testing.B) {
	var buf []byte
	benchmarkLog(b, func(rec *evtx.Record) (err error) {
		buf, err = rec.AppendJSON(buf[:0])
		return err
	})
}

func BenchmarkXML(b *testing.B) {
	var buf []byte
	benchmarkLog(b, func(rec *evtx.Record) (err error) {
		buf, err = rec.AppendXML(buf[:0])
		return err
	})
}

func BenchmarkSystem(b *testing.B) {
	benchmarkLog(b, func(rec *evtx.Record) error {
		_, err := rec.System()
		return err
	})
}

func BenchmarkTyped(b *testing.B) {
	benchmarkLog(b, func(rec *evtx.Record) error {
		_, err := rec.Typed()
		return err
	})
}

func BenchmarkEvent(b *testing.B) {
	benchmarkLog(b, func(rec *evtx.Record) error {
		_, err := rec.Event()
		return err
	})
}

func BenchmarkAppendTyped(b *testing.B) {
	var buf []byte
	benchmarkLog(b, func(rec *evtx.Record) (err error) {
		buf, err = rec.AppendTyped(buf[:0])
		return err
	})
}
