package evtx_test

import (
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/winid"
)

func TestValuesAreMade(t *testing.T) {
	guid, err := winid.ParseGUID("54849625-5478-4994-a5ba-3e3b0328c30d")
	if err != nil {
		t.Fatal(err)
	}
	sid, err := winid.ParseSID("S-1-5-18")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 13, 42, 9, 123456700, time.UTC)
	for _, tt := range []struct {
		value evtx.Value
		typ   evtx.ValueType
		text  string
	}{
		{evtx.StringValue("a"), evtx.StringType, "a"},
		{evtx.UInt32Value(7), evtx.UInt32Type, "7"},
		{evtx.UInt64Value(1 << 40), evtx.UInt64Type, "1099511627776"},
		{evtx.HexValue(0x3e7), evtx.HexInt64Type, "0x3e7"},
		{evtx.NumberValue(evtx.Int8Type, ^uint64(0)), evtx.Int8Type, "-1"},
		{evtx.NumberValue(evtx.UInt16Type, 0x10007), evtx.UInt16Type, "7"},
		{evtx.NumberValue(evtx.SizeTType, 0x1a4), evtx.SizeTType, "0x1a4"},
		{evtx.BoolValue(true), evtx.BoolType, "true"},
		{evtx.BoolValue(false), evtx.BoolType, "false"},
		{evtx.BinaryValue([]byte{0xca, 0xfe}), evtx.BinaryType, "CAFE"},
		{evtx.GUIDValue(guid), evtx.GUIDType, "{54849625-5478-4994-a5ba-3e3b0328c30d}"},
		{evtx.SIDValue(sid), evtx.SIDType, "S-1-5-18"},
		{evtx.SIDValue(winid.SID{}), evtx.NullType, ""},
		{evtx.TimeValue(at), evtx.FileTimeType, "2026-03-02T13:42:09.1234567Z"},
	} {
		if tt.value.Type != tt.typ || tt.value.String() != tt.text {
			t.Errorf("%v: type %v, %q; want %v, %q", tt.value, tt.value.Type, tt.value.String(), tt.typ, tt.text)
		}
		again, err := evtx.ParseValue(tt.typ, tt.text)
		if err != nil || again.Type != tt.typ || string(again.Bytes()) != string(tt.value.Bytes()) {
			t.Errorf("%q of type %v: %v, %v", tt.text, tt.typ, again, err)
		}
	}
}

func TestParseValueErrors(t *testing.T) {
	for _, tt := range []struct {
		typ  evtx.ValueType
		text string
	}{
		{evtx.NullType, "x"}, {evtx.UInt8Type, "256"}, {evtx.UInt32Type, "-1"}, {evtx.UInt32Type, "0x7"}, {evtx.UInt32Type, ""}, {evtx.Int8Type, "128"},
		{evtx.HexInt32Type, "7"}, {evtx.HexInt32Type, "0x100000000"}, {evtx.HexInt64Type, "0x"}, {evtx.SizeTType, "x"},
		{evtx.Real64Type, "x"}, {evtx.BoolType, "yes"}, {evtx.BinaryType, "C"}, {evtx.GUIDType, "{}"}, {evtx.SIDType, "SYSTEM"},
		{evtx.FileTimeType, "yesterday"}, {evtx.FileTimeType, "1601-01-01T00:00:00Z"}, {evtx.SysTimeType, "2026-03-02T13:42:09Z"},
		{evtx.StringType | evtx.ArrayFlag, "a,b"}, {evtx.BinXMLType, ""}, {0x7f, ""},
	} {
		if v, err := evtx.ParseValue(tt.typ, tt.text); err == nil || !strings.Contains(err.Error(), tt.typ.String()) {
			t.Errorf("%q of type %v: %v, %v", tt.text, tt.typ, v, err)
		}
	}
}
