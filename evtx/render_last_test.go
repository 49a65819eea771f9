package evtx_test

import (
	"bytes"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// alike returns a log of n records, all but the first of one template, whose values
// pick chooses. In each of them is an instance of the template of the first record,
// also as a value of type BinXML that pick leaves empty.
func alike(n int, pick func(record, slot int) wire) []byte {
	outer, inner := 0, 0
	shape := func(a *assembler) {
		a.element("Fixed", nil, func() { a.text("fixed") })
		a.element("Value", nil, func() { a.slot(0) })
		a.element("Attribute", func() { a.attr("v", func() { a.slot(1) }) }, nil)
		a.element("Both", func() {
			a.attr("v", func() { a.slot(2) })
			a.attr("w", func() { a.slot(3) })
		}, func() { a.slot(4) })
		a.dependent("Optional", 5, nil, func() { a.optional(5) })
		a.element("After", nil, func() { a.text("after") })
		a.element("EventData", nil, func() { a.dependent("Data", 6, nil, func() { a.optional(6) }) })
	}
	var records []func(a *assembler)
	for i := range n {
		var values []wire
		for s := range 7 {
			values = append(values, pick(i, s))
		}
		records = append(records, func(a *assembler) {
			for s := range values {
				if values[s].typ == evtx.BinXMLType && i > 0 {
					values[s] = nestedAgain(inner, []wire{str("nested")})
				}
			}
			a.header()
			definition := a.at() + 10
			switch i {
			case 0:
				inner = definition
				a.instance(func() { a.element("Inner", nil, func() { shape(a) }) }, values...)
			case 1:
				outer = definition
				a.instance(func() {
					a.element("Event", nil, func() {
						a.element("System", nil, func() { shape(a) })
						a.slot(7)
					})
				}, append(values, nestedAgain(inner, values))...)
			default:
				a.again(outer, append(values, nestedAgain(inner, values))...)
			}
			a.put(0)
		})
	}
	return rawLog(records...)
}

func nestedAgain(definition int, values []wire) wire {
	a := &assembler{bare: true}
	a.again(definition, values...)
	return wire{evtx.BinXMLType, a.buf}
}

// texts returns the records in one format after the other.
func texts(t testing.TB, records []evtx.Record) (all []string) {
	for _, form := range []func(*evtx.Record, []byte) ([]byte, error){(*evtx.Record).AppendJSON, (*evtx.Record).AppendXML} {
		for i := range records {
			text, err := form(&records[i], []byte("before"))
			if err != nil || !bytes.HasPrefix(text, []byte("before")) {
				t.Fatalf("record %d: %q, %v", i, text, err)
			}
			all = append(all, string(text))
		}
	}
	return all
}

func recordsOf(t testing.TB, log []byte) (all []evtx.Record) {
	for rec, err := range open(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec)
	}
	return all
}

// FuzzRecordsAlike chooses the values of records of one template. The text of a record
// does not depend on the records that were written before it.
func FuzzRecordsAlike(f *testing.F) {
	f.Add(uint64(0x0123456789abcdef), uint8(evtx.UInt32Type), []byte{1, 0, 0, 0})
	f.Add(uint64(0x1111222233334444), uint8(evtx.StringType|evtx.ArrayFlag), []byte("a\x00\x00\x00b\x00\x00\x00"))
	f.Add(uint64(0x6666666166666661), uint8(evtx.AnsiType), []byte("\xe4<\x81"))
	for i, tt := range values {
		f.Add(uint64(i+1)*0x9e3779b97f4a7c15, uint8(tt.typ), []byte(tt.data))
	}
	f.Fuzz(func(t *testing.T, choice uint64, typ uint8, value []byte) {
		if typ == uint8(evtx.BinXMLType) || len(value) > 500 {
			return
		}
		pool := [8]wire{
			{}, str(""), str(`C:\x.exe`), str(`C:\y.exe`), str("\x00hiddens"),
			{evtx.UInt16Type, []byte{7, 0}}, {evtx.ValueType(typ), value}, {evtx.BinXMLType, nil},
		}
		log := alike(14, func(record, slot int) wire {
			if choice>>(40+slot)&1 != 0 {
				record = 0 // the same in all records
			}
			return pool[choice*uint64(2*record+1)*uint64(2*slot+1)>>(59-slot)&7]
		})
		together := texts(t, recordsOf(t, log))
		n := len(together) / 2
		for i := range n {
			alone := texts(t, recordsOf(t, log)[i:i+1])
			if js, xm := together[i], together[n+i]; js != alone[0] || xm != alone[1] {
				t.Fatalf("record %d\n after others %s\n alone        %s\n after others %s\n alone        %s", i, js, alone[0], xm, alone[1])
			}
		}
	})
}
