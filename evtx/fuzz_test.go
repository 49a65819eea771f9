package evtx_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// sample returns a log with a typed event, one in UserData, and one with odd fields.
func sample(t testing.TB) []byte {
	t.Helper()
	log, err := evtxtest.Bytes(
		&evtx.Security4688{System: made, NewProcessName: `C:\Windows\explorer.exe`, SubjectUserSid: "S-1-5-18", SubjectLogonId: 0x3e7},
		&evtx.RDP1149{System: made, User: "admin", Address: "203.0.113.9"},
		&evtx.Event{System: generic, Element: "EventData", Fields: []evtx.Field{
			{Value: evtx.NewValue(evtx.StringType|evtx.ArrayFlag, []byte("a\x00\x00\x00b\x00\x00\x00"))},
			{Name: "Binary", Value: evtx.NewValue(evtx.BinaryType, []byte{1, 2, 3})},
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// FuzzReader reads any bytes without a panic. Every error has a place, and every text
// is well-formed.
func FuzzReader(f *testing.F) {
	log := sample(f)
	f.Add(log[:4096+2048])
	f.Add(log[:200])
	f.Fuzz(func(t *testing.T, log []byte) {
		r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("no place: %v", err)
			}
			return
		}
		for range r.Problems() {
		}
		for rec, err := range r.Records() {
			if err != nil {
				if !damage.Is(err) {
					t.Fatalf("no place: %v", err)
				}
				continue
			}
			readAll(t, &rec)
		}
	})
}

// FuzzRecord replaces the binary XML of a sound record.
func FuzzRecord(f *testing.F) {
	log := sample(f)
	f.Add(log[4096+512+24:][:600])
	f.Add([]byte{0x0f, 1, 1, 0, 0x0c, 1, 0, 0, 0, 0, 0x22, 2, 0, 0})
	for _, tt := range binXML {
		f.Add(rawLog(tt.write)[4096+512+24:][:1000])
	}
	for _, tt := range damagedRecords {
		f.Add(rawLog(tt.write)[4096+512+24:][:1000])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for rec, err := range open(t, recordOf(log, data)).Records() {
			if err == nil {
				readAll(t, &rec)
			}
		}
	})
}

// recordOf returns the log with data as the binary XML of its first record.
func recordOf(log, data []byte) []byte {
	log = bytes.Clone(log)
	at := 4096 + 512
	n := copy(log[at+24:at+32768], data)
	size := uint32(n+28+7) &^ 7
	le.PutUint32(log[at+4:], size)
	le.PutUint32(log[at+int(size)-4:], size)
	le.PutUint32(log[4096+44:], 512)
	le.PutUint32(log[4096+48:], 512+size)
	return log
}

// FuzzTyped changes a record that has a struct. If it is still read as that struct,
// writing and reading it again gives the same fields.
func FuzzTyped(f *testing.F) {
	for _, tt := range layouts {
		k, _ := evtx.KindOf(tt.kind)
		e := k.New()
		e.Sys().TimeCreated = made.TimeCreated
		log, err := evtxtest.Bytes(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(log[4096+512+24 : 4096+512+int(le.Uint32(log[4096+512+4:]))-4])
	}
	log := sample(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for rec, err := range open(t, recordOf(log, data)).Records() {
			if err != nil {
				continue
			}
			readAll(t, &rec)
			typed, err := rec.Typed()
			if _, ok := evtx.KindOf(typed); err != nil || !ok {
				continue
			}
			written := evtxtest.Log{Unchecked: true}
			if err := written.Add(typed); err != nil {
				continue // too big, or a SID that is invalid
			}
			rec := only(t, written.Bytes())
			again, err := rec.Typed()
			if _, ok := evtx.KindOf(again); err != nil || !ok {
				t.Fatalf("%+v is written, but cannot be read again: %v", typed, err)
			}
			first, err1 := evtx.EventOf(typed)
			second, err2 := evtx.EventOf(again)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			for i := range first.Fields {
				if a, b := first.Fields[i], second.Fields[i]; a.Value.String() != b.Value.String() {
					t.Errorf("%s: %v is read again as %v", a.Name, a.Value, b.Value)
				}
			}
		}
	})
}

// FuzzProgramsEqualWriters changes a value. Programs and the writers of trees produce
// the same bytes. The second log has another element after the template, so only the
// writers of trees can write it.
func FuzzProgramsEqualWriters(f *testing.F) {
	f.Add(uint8(0x01), []byte("a\x00b\x00"))
	for _, tt := range values {
		f.Add(uint8(tt.typ), []byte(tt.data))
	}
	f.Fuzz(func(t *testing.T, typ uint8, value []byte) {
		if typ == uint8(evtx.BinXMLType) || len(value) > 1000 {
			return
		}
		w := wire{evtx.ValueType(typ), value}
		body := func(a *assembler) {
			a.instance(func() {
				a.element("Event", nil, func() {
					a.element("System", nil, func() {
						a.element("Attribute", func() { a.attr("v", func() { a.slot(0) }) }, nil)
						a.element("Both", func() { a.attr("v", func() { a.slot(1) }) }, func() { a.slot(2) })
					})
					a.element("EventData", nil, func() {
						a.dependent("Data", 3, nil, func() { a.optional(3) })
						a.element("Other", nil, func() { a.slot(4) })
					})
					a.element("UserData", nil, func() {
						a.element("Named", nil, func() { named(a, "A", func() { a.slot(5) }) })
					})
				})
			}, w, w, w, w, w, w)
		}
		const extra = `,"More":null}`
		var js, xm [2]string
		for i, log := range [][]byte{
			rawLog(func(a *assembler) { a.header(); body(a); a.put(0) }),
			rawLog(func(a *assembler) { a.header(); body(a); a.element("More", nil, nil); a.put(0) }),
		} {
			rec := only(t, log)
			readAll(t, &rec)
			j, err := rec.AppendJSON(nil)
			x, err2 := rec.AppendXML(nil)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			js[i], xm[i] = string(j), string(x)
		}
		if want := strings.TrimSuffix(js[1], extra) + "}"; js[0] != want {
			t.Errorf("JSON:\n program %s\n writer  %s", js[0], want)
		}
		if want := strings.TrimSuffix(xm[1], "<More/>\n"); xm[0] != want {
			t.Errorf("XML:\n program %s\n writer  %s", xm[0], want)
		}
	})
}

// readAll reads a record in every form: errors have a place, JSON is valid, and XML
// is well-formed.
func readAll(t *testing.T, rec *evtx.Record) {
	typed, err := rec.Typed()
	if err != nil && !damage.Is(err) {
		t.Fatalf("no place: %v", err)
	}
	event, err2 := rec.Event()
	if (err == nil) != (err2 == nil) || typed.Kind() != event.Kind() {
		t.Fatalf("a %s, %v, and an event of kind %s, %v", typed.Kind(), err, event.Kind(), err2)
	}
	text, err := rec.AppendJSON(nil)
	if err != nil && !damage.Is(err) {
		t.Fatalf("no place: %v", err)
	}
	if err == nil && (!json.Valid(text) || !utf8.Valid(text) || bytes.ContainsAny(text, "\n\x1b\u009b\u202e")) {
		t.Fatalf("not JSON: %q", text)
	}
	text, err = rec.AppendXML(nil)
	if err != nil {
		if !damage.Is(err) {
			t.Fatalf("no place: %v", err)
		}
		return
	}
	for dec := xml.NewDecoder(bytes.NewReader(text)); ; {
		if _, err := dec.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v: %q", err, text)
		}
	}
}
