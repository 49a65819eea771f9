package evtx_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/damage"
)

// sample is a log with a typed event, one in UserData, and one with odd fields.
func sample(t testing.TB) []byte {
	t.Helper()
	log, err := evtxtest.Bytes(
		&evtx.Security4688{NewProcessName: `C:\Windows\explorer.exe`, SubjectUserSid: "S-1-5-18", SubjectLogonId: 0x3e7},
		&evtx.RDP1149{User: "admin", Address: "203.0.113.9"},
		&evtx.Event{System: evtx.System{Provider: "Demo"}, Element: "EventData", Fields: []evtx.Field{
			{Value: evtx.NewValue(evtx.StringType|evtx.ArrayFlag, []byte("a\x00\x00\x00b\x00\x00\x00"))},
			{Name: "Binary", Value: evtx.NewValue(evtx.BinaryType, []byte{1, 2, 3})},
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// Whatever the bytes: no panic, every error located, every text well-formed.
func FuzzReader(f *testing.F) {
	log := sample(f)
	f.Add(log[:4096+2048])
	f.Add(log[:200])
	f.Fuzz(func(t *testing.T, log []byte) {
		r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for range r.Problems() {
		}
		for rec, err := range r.Records() {
			if err != nil {
				if !damage.Is(err) {
					t.Fatalf("not located: %v", err)
				}
				continue
			}
			readAll(t, &rec)
		}
	})
}

// FuzzRecord puts the bytes where the binary XML of a sound record stands.
func FuzzRecord(f *testing.F) {
	log := sample(f)
	f.Add(log[4096+512+24:][:600])
	f.Add([]byte{0x0f, 1, 1, 0, 0x0c, 1, 0, 0, 0, 0, 0x22, 2, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		log := bytes.Clone(log)
		at := 4096 + 512
		n := copy(log[at+24:at+32768], data)
		size := uint32(n+28+7) &^ 7
		put := func(at int, v uint32) {
			log[at], log[at+1], log[at+2], log[at+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
		}
		put(at+4, size)
		put(at+int(size)-4, size)
		put(4096+48, 512+size)
		r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range r.Records() {
			if err == nil {
				readAll(t, &rec)
			}
		}
	})
}

func readAll(t *testing.T, rec *evtx.Record) {
	if _, err := rec.Typed(); err != nil && !damage.Is(err) {
		t.Fatalf("not located: %v", err)
	}
	if _, err := rec.Event(); err != nil && !damage.Is(err) {
		t.Fatalf("not located: %v", err)
	}
	if text, err := rec.AppendJSON(nil); err == nil && !json.Valid(text) {
		t.Fatalf("no JSON: %q", text)
	}
	text, err := rec.AppendXML(nil)
	if err != nil {
		return
	}
	for dec := xml.NewDecoder(bytes.NewReader(text)); ; {
		if _, err := dec.Token(); err == io.EOF {
			return
		} else if err != nil && len(text) > 0 {
			return // names of evidence need not be names of XML
		}
	}
}
