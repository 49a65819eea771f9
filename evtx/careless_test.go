package evtx_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// Code that ignores errors does not panic: values that accompany an error, and zero
// values, can be used.
func TestCarelessCode(t *testing.T) {
	var none *evtx.Reader
	records := func(r *evtx.Reader) (n int, last error) {
		for rec, err := range r.Records() {
			rec.Chunk().Problems()
			rec.System()
			e, _ := rec.Event()
			typed, _ := rec.Typed()
			_, _, _ = e.Text("a"), typed.Kind(), typed.Sys().EventID
			n, last = n+1, err
		}
		return n, last
	}
	for name, r := range map[string]*evtx.Reader{"a nil Reader": none, "a zero Reader": {}} {
		t.Run(name, func(t *testing.T) {
			r.Dirty()
			r.Version()
			for range r.Problems() {
			}
			for range r.HeaderProblems() {
			}
			if n, err := records(r); n != 1 || !errors.Is(err, os.ErrInvalid) {
				t.Errorf("%d records, %v", n, err)
			}
			for c, err := range r.Chunks() {
				if err == nil || c.Number != 0 {
					t.Errorf("chunk %d, %v", c.Number, err)
				}
				for range c.Records() {
					t.Error("a record")
				}
				for range c.Problems() {
					t.Error("a problem")
				}
			}
			for _, err := range evtx.MapChunks(r, func(*evtx.Chunk) int { return 1 }) {
				if err == nil {
					t.Error("no error")
				}
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("a Reader that is closed", func(t *testing.T) {
		name := t.TempDir() + "/a.evtx"
		if err := os.WriteFile(name, several(), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := evtx.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		if n, err := records(r); n != 1 || !errors.Is(err, os.ErrClosed) {
			t.Errorf("%d records, %v", n, err)
		}
	})
	t.Run("a damaged record", func(t *testing.T) {
		log := several()
		log[4096+512] = 0 // the signature of the first record
		resealed(log)
		if n, err := records(open(t, log)); n != 6 || err != nil {
			t.Errorf("%d records, %v", n, err)
		}
	})
	t.Run("a zero Record", func(t *testing.T) {
		const want = "record: got a zero Record, want one that a log yielded"
		var rec evtx.Record
		_, err1 := rec.System()
		event, err2 := rec.Event()
		typed, err3 := rec.Typed()
		js, err4 := rec.AppendJSON([]byte("a"))
		xm, err5 := rec.AppendXML([]byte("a"))
		for i, err := range []error{err1, err2, err3, err4, err5} {
			if !damage.Is(err) || err.Error() != want {
				t.Errorf("%d: got %v, want %s", i, err, want)
			}
		}
		if event == nil || typed == nil || typed.Kind() != "event" || string(js) != "a" || string(xm) != "a" || rec.Chunk() == nil {
			t.Errorf("got %v, %v, %q, %q", event, typed, js, xm)
		}
	})
	t.Run("a nil Event", func(t *testing.T) {
		var e *evtx.Event
		if v, ok := e.Lookup("a"); ok || !v.IsNull() || e.Text("a") != "" {
			t.Errorf("got %v, %v", v, ok)
		}
		if typed := evtx.TypedOf(e); typed.Kind() != "event" {
			t.Errorf("got %v", typed)
		}
		for _, v := range []any{e, nil, (*evtx.Sysmon1)(nil), 42} {
			if _, err := evtx.EventOf(v); err == nil {
				t.Errorf("EventOf %T: no error", v)
			}
			if _, err := evtxtest.Bytes(v); err == nil {
				t.Errorf("Bytes of %T: no error", v)
			}
		}
	})
	t.Run("more workers than chunks", func(t *testing.T) {
		log := several()
		for _, n := range []int{-1, math.MaxInt} {
			r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)), evtx.WithWorkers(n))
			if err != nil {
				t.Fatal(err)
			}
			chunks := 0
			for range evtx.MapChunks(r, func(*evtx.Chunk) int { return 1 }) {
				chunks++
			}
			if chunks != 3 {
				t.Errorf("%d workers: %d chunks", n, chunks)
			}
		}
	})
	t.Run("values of any type and size", func(t *testing.T) {
		for typ := range 256 {
			for size := range 20 {
				v := evtx.NewValue(evtx.ValueType(typ), make([]byte, size))
				_, _, _, _ = v.String(), v.Time(), v.Strings(), v.Bytes()
				v.Uint64()
			}
		}
	})
}

// An error is accompanied by what was read before the damage: here, the System
// element and the field before the damaged one.
func TestEventWithAnError(t *testing.T) {
	rec := only(t, rawLog(func(a *assembler) {
		a.header()
		a.instance(func() {
			a.element("Event", nil, func() {
				a.element("System", nil, func() {
					a.element("Provider", func() { a.attr("Name", func() { a.text("Microsoft-Windows-Sysmon") }) }, nil)
					a.element("EventID", nil, func() { a.text("11") })
				})
				a.element("EventData", nil, func() {
					named(a, "Image", func() { a.text("a.exe") })
					named(a, "TargetFilename", func() { a.slot(0) })
				})
			})
		}, wire{evtx.BinXMLType, []byte{0x7f}})
		a.put(0)
	}))
	const want = "evtx: chunk 0 record 1: token at 0x"
	event, err := rec.Event()
	typed, err2 := rec.Typed()
	for _, err := range []error{err, err2} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s…", err, want)
		}
	}
	if event.Kind() != "sysmon-11" || event.Text("Image") != "a.exe" {
		t.Errorf("got %+v", event)
	}
	if _, ok := typed.(*evtx.Event); !ok || typed.Kind() != "sysmon-11" {
		t.Errorf("got a %T of kind %s", typed, typed.Kind()) // a struct would show empty fields
	}
}
