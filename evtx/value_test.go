package evtx_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

const (
	lastTime = "9999-12-31T23:59:59.9999999Z"
	none     = "none" // the text is empty
)

// values holds a value of each type, and its output in JSON and as text.
var values = []struct {
	name    string
	typ     evtx.ValueType
	data    string
	json    string
	text    string // of Value.String, if it is not that of JSON
	rust    string // why evtx_dump prints something else; empty if it does not
	libevtx string // what evtxexport prints, if it is something else; the comment has the reason
}{
	{"null", evtx.NullType, "", `""`, "", "", "-"},
	{"string", evtx.StringType, "a\x00\xe4\x00", `"aä"`, "", "", ""},
	{"empty string", evtx.StringType, "", `""`, "", "", ""},
	{"ANSI", evtx.AnsiType, "caf\xe9 \x80", `"café €"`, "", "", ""},
	{"ANSI with NUL", evtx.AnsiType, "a\x00", `"a"`, "", "", ""},
	// libevtx reads negative numbers as sign and magnitude; Windows writes two's complement.
	{"int8", evtx.Int8Type, "\xff", `-1`, "", "", "-127"},
	{"uint8", evtx.UInt8Type, "\xff", `255`, "", "", ""},
	{"int16", evtx.Int16Type, "\xfe\xff", `-2`, "", "", "-32766"},
	{"uint16", evtx.UInt16Type, "\xfe\xff", `65534`, "", "", ""},
	{"int32", evtx.Int32Type, "\xfd\xff\xff\xff", `-3`, "", "", "-2147483645"},
	{"uint32", evtx.UInt32Type, "\xfd\xff\xff\xff", `4294967293`, "", "", ""},
	{"int64", evtx.Int64Type, "\xfc\xff\xff\xff\xff\xff\xff\xff", `-4`, "", "", "-9223372036854775804"},
	{"uint64", evtx.UInt64Type, "\xfc\xff\xff\xff\xff\xff\xff\xff", `18446744073709551612`, "", "", ""},
	{"real32", evtx.Real32Type, "\x00\x00\xc0\x3f", `"1.5"`, "", "", "1.500000e+000"}, // libevtx writes an exponent in any case
	{"real64", evtx.Real64Type, "\x9a\x99\x99\x99\x99\x99\xb9\x3f", `"0.1"`, "", "", "1.000000e-001"},
	{"whole real64", evtx.Real64Type, "\x00\x00\x00\x00\x00\x00\x10\x40", `"4.0"`, "", "", "4.000000e+000"},
	{"big real64", evtx.Real64Type, "\x9c\x75\x00\x88\x3c\xe4\x37\x7e", `"1e+300"`, "", "", "1.000000e+300"},
	{"small real64", evtx.Real64Type, "\x48\xaf\xbc\x9a\xf2\xd7\x7a\x3e", `"1e-7"`, "", "", "-"},
	{"bool true", evtx.BoolType, "\x01\x00\x00\x00", `true`, "", "", ""},
	{"bool false", evtx.BoolType, "\x00\x00\x00\x00", `false`, "", "", ""},
	{"bool neither", evtx.BoolType, "\x07\x00\x00\x00", `7`, "", "", "true"}, // anything but 0
	{"binary", evtx.BinaryType, "\xca\xfe\x00", `"CAFE00"`, "", "", ""},
	{"GUID", evtx.GUIDType, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10", `"{04030201-0605-0807-090a-0b0c0d0e0f10}"`, "", "", "{04030201-0605-0807-090A-0B0C0D0E0F10}"}, // Windows up to 8 wrote capitals
	{"pointer of 32 bits", evtx.SizeTType, "\xe7\x03\x00\x00", `"0x3e7"`, "", "", "-"},                                                                                                        // libevtx lacks the type
	{"pointer of 64 bits", evtx.SizeTType, "\xe7\x03\x00\x00\x00\x00\x00\x00", `"0x3e7"`, "", "", "-"},
	{"FILETIME", evtx.FileTimeType, "\x07\xa4\x2f\x2a\x8f\xab\xdc\x01", `"2026-03-04T04:27:09.0710535Z"`, "", "", "2026-03-04T04:27:09.071053500Z"}, // nine digits
	{"FILETIME 0", evtx.FileTimeType, "\x00\x00\x00\x00\x00\x00\x00\x00", `"1601-01-01T00:00:00.0000000Z"`, none, "", "1601-01-01T00:00:00.000000000Z"},
	{"negative FILETIME", evtx.FileTimeType, "\x00\x00\x00\x00\x00\x00\x00\x80", `"0000-00-00T00:00:00.0000000Z"`, lastTime, "", "-"},
	{"FILETIME of the year 30828", evtx.FileTimeType, "\xff\xff\xff\xff\xff\xff\xff\x7f", `"0828-09-14T02:48:05.4775807Z"`, lastTime, "", "-"},
	{"FILETIME of the year 10000", evtx.FileTimeType, "\x00\x40\xc0\xd1\x5e\x5a\xc8\x24", `"0000-01-01T00:00:00.0000000Z"`, lastTime, "", "-"},
	{"last FILETIME of the year 9999", evtx.FileTimeType, "\xff\x3f\xc0\xd1\x5e\x5a\xc8\x24", `"9999-12-31T23:59:59.9999999Z"`, lastTime, "", "-"},
	{"SYSTEMTIME of the year 30827", evtx.SysTimeType, "\x6b\x78\x01\x00\x00\x00\x01\x00\x01\x00\x02\x00\x03\x00\x04\x00", `"0827-01-01T01:02:03.0040000Z"`, lastTime, "", "-"},
	{"SYSTEMTIME", evtx.SysTimeType, "\xea\x07\x03\x00\x03\x00\x04\x00\x05\x00\x06\x00\x07\x00\x15\x03", `"2026-03-04T05:06:07.7890000Z"`, "", "", "2026-03-04T05:06:07.789Z"},
	{"SYSTEMTIME of no day", evtx.SysTimeType, strings.Repeat("\x00", 16), `"1601-01-01T00:00:00.0000000Z"`, none, "", "-"},
	{"SID", evtx.SIDType, "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00", `"S-1-5-32-544"`, "", "", ""},
	{"SID of a high authority", evtx.SIDType, "\x01\x01\x01\x00\x00\x00\x00\x05\x01\x00\x00\x00", `"S-1-0x010000000005-1"`, "", "[MS-DTYP] 2.4.2.1 writes authorities from 2^32 on in hexadecimal", "-"},
	{"hex32", evtx.HexInt32Type, "\xef\xbe\xad\xde", `"0xdeadbeef"`, "", "", ""},
	{"small hex32", evtx.HexInt32Type, "\x2a\x00\x00\x00", `"0x2a"`, "", "", "0x0000002a"},
	{"hex64", evtx.HexInt64Type, "\x2a\x00\x00\x00\x00\x00\x00\x00", `"0x2a"`, "", "", "0x000000000000002a"},
	{"int8 array", evtx.Int8Type | evtx.ArrayFlag, "\xff\x01", `[-1,1]`, "-1,1", "", "-"}, // libevtx has few arrays
	{"uint16 array", evtx.UInt16Type | evtx.ArrayFlag, "\xff\x00\x01\x00", `[255,1]`, "255,1", "", "-"},
	{"uint64 array", evtx.UInt64Type | evtx.ArrayFlag, "\xff\x00\x00\x00\x00\x00\x00\x00", `"255"`, "", "", "-"},
	{"bool array", evtx.BoolType | evtx.ArrayFlag, "\x01\x00\x00\x00\x00\x00\x00\x00", `[true,false]`, "true,false", "", "-"},
	{"bool array of other numbers", evtx.BoolType | evtx.ArrayFlag, "\x01\x00\x00\x00\x02\x00\x00\x00", `[1,2]`, "1,2", "", "-"},
	{"GUID array", evtx.GUIDType | evtx.ArrayFlag, strings.Repeat("\x00", 32), `["{00000000-0000-0000-0000-000000000000}","{00000000-0000-0000-0000-000000000000}"]`,
		"{00000000-0000-0000-0000-000000000000},{00000000-0000-0000-0000-000000000000}", "", "-"},
	{"SID array", evtx.SIDType | evtx.ArrayFlag, "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00\x05\x13\x00\x00\x00", `["S-1-5-18","S-1-5-19"]`, "S-1-5-18,S-1-5-19", "", "-"},
	{"FILETIME array", evtx.FileTimeType | evtx.ArrayFlag, strings.Repeat("\x00", 8), `"1601-01-01T00:00:00.0000000Z"`, none, "", "-"},
	{"FILETIME array of late times", evtx.FileTimeType | evtx.ArrayFlag, "\x07\xa4\x2f\x2a\x8f\xab\xdc\x01" + strings.Repeat("\xff", 8),
		`["2026-03-04T04:27:09.0710535Z","0000-00-00T00:00:00.0000000Z"]`, "2026-03-04T04:27:09.0710535Z," + lastTime, "", "-"},
	{"hex32 array", evtx.HexInt32Type | evtx.ArrayFlag, "\x01\x00\x00\x00\x02\x00\x00\x00", `["0x1","0x2"]`, "0x1,0x2", "", "-"},
	{"ANSI array", evtx.AnsiType | evtx.ArrayFlag, "a\x00b\x00", `["a","b"]`, "a,b", "", "-"},
	{"string array", evtx.StringType | evtx.ArrayFlag, "a\x00\x00\x00b\x00\x00\x00", `["a","b"]`, "a,b", "", "-"},
	{"uint32 of odd size", evtx.UInt32Type, "\x01\x02", `"0102"`, "", "evtx_dump reads the rest of the value from the bytes after it", "-"},
	{"pointer of odd size", evtx.SizeTType, "\x01\x02", `"0102"`, "", "evtx_dump loses the record", "-"},
	{"broken SID", evtx.SIDType, "\x01\x05\x00", `"010500"`, "", "evtx_dump loses the record", "-"},
	{"unknown type", 0x7f, "\x01", `"01"`, "", "evtx_dump loses the record", "-"},
	{"handle", evtx.HandleType, "\x01\x00\x00\x00", `"01000000"`, "", "evtx_dump loses the record", "-"},
}

// made is what an event needs that is made by hand, and generic that of one without a
// struct.
var (
	made    = evtx.System{TimeCreated: time.Date(2026, 3, 2, 13, 42, 9, 0, time.UTC), Computer: "PC"}
	generic = evtx.System{Provider: "Demo", Channel: "Application", TimeCreated: made.TimeCreated, Computer: "PC"}
)

// valueLog returns a log with one value in one event.
func valueLog(t *testing.T, v evtx.Value) []byte {
	t.Helper()
	log := evtxtest.Log{Unchecked: true} // also values of a wrong size
	if err := log.Add(&evtx.Event{System: generic, Element: "EventData", Fields: []evtx.Field{{Name: "V", Value: v}}}); err != nil {
		t.Fatal(err)
	}
	return log.Bytes()
}

var fieldV = regexp.MustCompile(`"EventData":\{"V":(.*)\}\}\}$`)

func TestValues(t *testing.T) {
	for _, tt := range values {
		t.Run(tt.name, func(t *testing.T) {
			v := evtx.NewValue(tt.typ, []byte(tt.data))
			rec := only(t, valueLog(t, v))
			js, err := rec.AppendJSON(nil)
			m := fieldV.FindSubmatch(js)
			if err != nil || m == nil || string(m[1]) != tt.json {
				t.Errorf("got %s, %v; want %s", js, err, tt.json)
			}
			text := tt.text
			if text == "" {
				text = strings.Trim(tt.json, `"`)
			}
			if text == none {
				text = ""
			}
			e, err := rec.Event()
			if err != nil {
				t.Fatal(err)
			}
			if have, _ := e.Lookup("V"); len(e.Fields) == 1 && (have.String() != text || have.Type != tt.typ && tt.typ&evtx.ArrayFlag == 0 || !bytes.Equal(have.Bytes(), v.Bytes())) {
				t.Errorf("got %q of type %v, want %q of %v", have, have.Type, text, tt.typ)
			}
		})
	}
}

func TestValuesOfEvtxDump(t *testing.T) {
	tool := testenv.Tool(t, "evtx_dump")
	for _, tt := range values {
		name := filepath.Join(t.TempDir(), "log.evtx")
		if err := os.WriteFile(name, valueLog(t, evtx.NewValue(tt.typ, []byte(tt.data))), 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := exec.Command(tool, "-t", "1", "-o", "jsonl", name).Output()
		got := ""
		if m := fieldV.FindSubmatch(bytes.TrimSpace(out)); m != nil {
			got = string(m[1])
		}
		if (got == tt.json) != (tt.rust == "") {
			t.Errorf("%s: evtx_dump has %s, we have %s; the reason is %q", tt.name, out, tt.json, tt.rust)
		}
	}
}

var dataV = regexp.MustCompile(`(?s)<Data Name="V">(.*?)</Data>|<Data Name="V"/>`)

func TestValuesOfEvtxexport(t *testing.T) {
	tool := testenv.Tool(t, "evtxexport")
	for _, tt := range values {
		if tt.libevtx == "-" {
			continue // it has no form for the value
		}
		name := filepath.Join(t.TempDir(), "log.evtx")
		if err := os.WriteFile(name, valueLog(t, evtx.NewValue(tt.typ, []byte(tt.data))), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(tool, "-f", "xml", name)
		cmd.Dir = t.TempDir()
		out, _ := cmd.Output()
		want := tt.libevtx
		if want == "" {
			want = strings.Trim(tt.json, `"`)
		}
		m := dataV.FindSubmatch(out)
		if m == nil || string(m[1]) != want {
			t.Errorf("%s: evtxexport has %s, want %s", tt.name, out, want)
		}
	}
}

func TestValueUint64(t *testing.T) {
	for _, tt := range []struct {
		typ  evtx.ValueType
		data string
		want string
	}{
		{evtx.UInt8Type, "\x07", "7 true"},
		{evtx.UInt16Type, "\x07\x01", "263 true"},
		{evtx.HexInt64Type, "\xe7\x03\x00\x00\x00\x00\x00\x00", "999 true"},
		{evtx.SizeTType, "\xe7\x03\x00\x00", "999 true"},
		{evtx.BoolType, "\x01\x00\x00\x00", "1 true"},
		{evtx.StringType, "4\x002\x00", "42 true"},
		{evtx.StringType, "0\x00x\x002\x00a\x00", "42 true"},
		{evtx.StringType, "-\x00", "0 false"},
		{evtx.GUIDType, strings.Repeat("\x01", 16), "0 false"},
		{evtx.UInt32Type | evtx.ArrayFlag, "\x01\x00\x00\x00", "0 false"},
		{evtx.UInt32Type, "", "0 false"},
	} {
		n, ok := evtx.NewValue(tt.typ, []byte(tt.data)).Uint64()
		if got := fmt.Sprint(n, ok); got != tt.want {
			t.Errorf("%v %x: got %s, want %s", tt.typ, tt.data, got, tt.want)
		}
	}
}

func TestValueTime(t *testing.T) {
	for _, tt := range []struct {
		v    evtx.Value
		want string
	}{
		{evtx.NewValue(evtx.FileTimeType, []byte("\x07\xa4\x2f\x2a\x8f\xab\xdc\x01")), "2026-03-04T04:27:09.0710535Z"},
		{evtx.NewValue(evtx.FileTimeType, make([]byte, 8)), "0001-01-01T00:00:00Z"},
		{evtx.NewValue(evtx.SysTimeType, []byte("\xea\x07\x03\x00\x03\x00\x04\x00\x05\x00\x06\x00\x07\x00\x15\x03")), "2026-03-04T05:06:07.789Z"},
		{evtx.NewValue(evtx.SysTimeType, make([]byte, 16)), "0001-01-01T00:00:00Z"},
		{evtx.StringValue("2026-03-04 05:06:07.123"), "2026-03-04T05:06:07.123Z"},
		{evtx.StringValue("2026-03-04T05:06:07.1234567Z"), "2026-03-04T05:06:07.1234567Z"},
		{evtx.StringValue("-"), "0001-01-01T00:00:00Z"},
		{evtx.NewValue(evtx.UInt64Type, make([]byte, 8)), "0001-01-01T00:00:00Z"},
	} {
		if got := tt.v.Time().Format(time.RFC3339Nano); got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.v, got, tt.want)
		}
	}
}
