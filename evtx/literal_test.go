package evtx_test

import (
	"fmt"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// literals are values that are part of the tree, of every type whose size is known.
var literals = []struct {
	typ       evtx.ValueType
	data      string
	json, xml string // as the content of a Data element
}{
	{evtx.NullType, "", `""`, ""},
	{evtx.Int8Type, "\xff", "-1", "-1"},
	{evtx.UInt8Type, "\xff", "255", "255"},
	{evtx.Int16Type, "\xfe\xff", "-2", "-2"},
	{evtx.UInt16Type, "\xfe\xff", "65534", "65534"},
	{evtx.Int32Type, "\xfd\xff\xff\xff", "-3", "-3"},
	{evtx.UInt32Type, "\x05\x00\x00\x00", "5", "5"},
	{evtx.Int64Type, "\xfc\xff\xff\xff\xff\xff\xff\xff", "-4", "-4"},
	{evtx.UInt64Type, "\x06\x00\x00\x00\x00\x00\x00\x00", "6", "6"},
	{evtx.Real32Type, "\x00\x00\xc0\x3f", `"1.5"`, "1.5"},
	{evtx.Real64Type, "\x00\x00\x00\x00\x00\x00\xf8\x3f", `"1.5"`, "1.5"},
	{evtx.BoolType, "\x01\x00\x00\x00", "true", "true"},
	{evtx.GUIDType, "0123456789abcdef", `"{33323130-3534-3736-3839-616263646566}"`, "{33323130-3534-3736-3839-616263646566}"},
	{evtx.FileTimeType, "\x07\xa4\x2f\x2a\x8f\xab\xdc\x01", `"2026-03-04T04:27:09.0710535Z"`, "2026-03-04T04:27:09.0710535Z"},
	{evtx.SysTimeType, "\xea\x07\x03\x00\x03\x00\x04\x00\x05\x00\x06\x00\x07\x00\x08\x00", `"2026-03-04T05:06:07.0080000Z"`, "2026-03-04T05:06:07.0080000Z"},
	{evtx.SIDType, "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00", `"S-1-5-32-544"`, "S-1-5-32-544"},
	{evtx.HexInt32Type, "\x05\x00\x00\x00", `"0x5"`, "0x5"},
	{evtx.HexInt64Type, "\x06\x00\x00\x00\x00\x00\x00\x00", `"0x6"`, "0x6"},
}

// literalRecords returns a record with each of the literals in a template, and one
// without a template. What follows the literal is still read.
func literalRecords() (all []rendered) {
	for _, l := range literals {
		content := func(a *assembler) {
			named(a, "N", func() { a.put(0x05, byte(l.typ)); a.put([]byte(l.data)...) })
			named(a, "After", func() { a.text("x") })
		}
		json := fmt.Sprintf(`{"EventData":{"N":%s,"After":"x"}}`, l.json)
		xml := fmt.Sprintf(`<EventData> <Data Name="N">%s</Data> <Data Name="After">x</Data> </EventData>`, l.xml)
		all = append(all, rendered{fmt.Sprintf("a literal of type %v in a template", l.typ), data(content), json, xml, ""},
			rendered{fmt.Sprintf("a literal of type %v", l.typ), untemplated(content), json, xml, ""})
	}
	return all
}

// A literal of type null costs its element the value, and nothing else.
func TestLiteralNull(t *testing.T) {
	rec := only(t, rawLog(untemplated(func(a *assembler) {
		named(a, "N", func() { a.put(0x05, byte(evtx.NullType)) })
		named(a, "After", func() { a.text("x") })
	})))
	e, err := rec.Event()
	if err != nil {
		t.Fatal(err)
	}
	n, ok := e.Lookup("N")
	if !ok || !n.IsNull() || e.Text("After") != "x" {
		t.Errorf("got %v, %v, %q; want null and the field after it", n, ok, e.Text("After"))
	}
}

// The values of literals that are not text stay valid after their chunk is gone.
func TestLiteralsOutliveTheirChunk(t *testing.T) {
	write := data(func(a *assembler) { named(a, "N", func() { a.put(0x05, byte(evtx.UInt32Type), 5, 0, 0, 0) }) })
	log := rawLog(write)
	second := append([]byte(nil), log[4096:]...)
	log = append(log, second...)
	log[120] = 1 // dirty: the header does not count all chunks
	var got []string
	for c, err := range open(t, log).Chunks() {
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range c.Records() {
			if err != nil {
				t.Fatal(err)
			}
			e, err := rec.Event()
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.Text("N"))
		}
	}
	if len(got) != 2 || got[0] != "5" || got[1] != "5" {
		t.Errorf("got %q", got)
	}
}

// The size of a literal of any other type is not recorded: the record is damaged.
func TestLiteralOfUnknownSize(t *testing.T) {
	for _, typ := range []evtx.ValueType{evtx.AnsiType, evtx.BinaryType, evtx.SizeTType, evtx.HandleType, evtx.BinXMLType, evtx.EvtXMLType, evtx.UInt16Type | evtx.ArrayFlag, 0x7f} {
		rec := only(t, rawLog(untemplated(func(a *assembler) {
			named(a, "N", func() { a.put(0x05, byte(typ), 1, 0, 0, 0) })
		})))
		_, err := rec.AppendJSON(nil)
		if want := fmt.Sprintf("evtx: chunk 0 record 1: type of a literal value at 0x129e: got %v, want one of known size", typ); err == nil || err.Error() != want {
			t.Errorf("%v: got %v, want %s", typ, err, want)
		}
	}
}
