package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

func all(event) bool { return true }

func text(s string) evtx.Value { return evtx.StringValue(s) }

func number(t evtx.ValueType, size int, n byte) evtx.Value {
	return evtx.NewValue(t, append([]byte{n}, make([]byte, size-1)...))
}

// demo returns an event of a provider without structs.
func demo(version uint8, level uint8, fields ...evtx.Field) *evtx.Event {
	return &evtx.Event{
		System:  evtx.System{Provider: "Contoso-Door", EventID: 7, Version: version, Level: level, Task: 12, Keywords: 0x8000000000000000, Channel: "Doors", TimeCreated: time.Unix(0, 0)},
		Element: "EventData", Fields: fields,
	}
}

// surveyOf writes the events into a log and reads it.
func surveyOf(t *testing.T, events ...any) survey {
	t.Helper()
	log, err := evtxtest.Bytes(events...)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.evtx"), log, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), log, 0o600); err != nil {
		t.Fatal(err)
	}
	s := survey{}
	if err := s.addFolder(dir, all); err != nil {
		t.Fatal(err)
	}
	return s
}

func draft(t *testing.T, s survey) string {
	t.Helper()
	var b bytes.Buffer
	for _, k := range s.sorted() {
		printKind(&b, k)
	}
	return b.String()
}

// The draft of a kind with two layouts: the field that the newer one has in the middle
// is placed there.
func TestDraft(t *testing.T) {
	door := evtx.Field{Name: "Door", Value: text("front")}
	by := evtx.Field{Name: "By", Value: text("-")}
	s := surveyOf(t,
		demo(0, 4, door, by),
		demo(1, 4, door, evtx.Field{Name: "Key", Value: number(evtx.HexInt32Type, 4, 9)}, by),
		demo(1, 2, evtx.Field{Name: "Door", Value: evtx.Value{}}, evtx.Field{Name: "Key", Value: number(evtx.HexInt32Type, 4, 9)}, by),
	)
	want := "// Door7: 3 records of Contoso-Door.\n" +
		"//\tlayout 0: 2 fields in 1 records, Version \"0\" in 1\n" +
		"//\tlayout 1: 3 fields in 2 records, Version \"1\" in 2\n" +
		"type Door7 struct {\n\tSystem\n" +
		"\tDoor string // null 1; \"front\"\n" +
		"\tKey uint32 `evtx:\",hex,since=1\"` // \"0x9\"\n" +
		"\tBy string `evtx:\",dash\"` // \"-\" 3\n" +
		"\tExtra []Field\n}\n\n" +
		"var _ = declare[Door7](door, 7, written{channel: \"Doors\", level: 4 /* \"4\" in 2, \"2\" in 1 */, task: 12, keywords: 0x8000000000000000, versions: []uint8{0, 1}},\n\t``)\n\n"
	if got := draft(t, s); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Go types and tags follow from the values.
func TestFields(t *testing.T) {
	for _, tt := range []struct {
		name   string
		values []evtx.Value
		want   string
	}{
		{"text", []evtx.Value{text("a")}, "string"},
		{"nothing", []evtx.Value{{}}, "string"},
		{"a time of Sysmon", []evtx.Value{text("2026-01-02 03:04:05.678"), text("-")}, "time.Time `evtx:\",dash\"`"},
		{"not only times", []evtx.Value{text("2026-01-02 03:04:05.678"), text("never")}, "string"},
		{"a SID", []evtx.Value{evtx.NewValue(evtx.SIDType, []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0})}, "string `evtx:\",sid\"`"},
		{"a Boolean", []evtx.Value{number(evtx.BoolType, 4, 1)}, "bool"},
		{"a number of 8 bits", []evtx.Value{number(evtx.UInt8Type, 1, 1)}, "uint8"},
		{"a number with a sign", []evtx.Value{number(evtx.Int32Type, 4, 1)}, "int32"},
		{"a pointer", []evtx.Value{number(evtx.SizeTType, 8, 1)}, "uint64 `evtx:\",pointer\"`"},
		{"a pointer that arrives as numbers", []evtx.Value{number(evtx.HexInt32Type, 4, 1), number(evtx.HexInt64Type, 8, 1)}, "uint64 `evtx:\",pointer\"`"},
		{"a SID, and its text without a template", []evtx.Value{text("S-1-5-18"), text("S-1-5-19"), evtx.NewValue(evtx.SIDType, []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0})}, "string `evtx:\",sid\"`"},
		{"hexadecimal", []evtx.Value{number(evtx.HexInt64Type, 8, 1)}, "uint64 `evtx:\",hex\"`"},
		{"a FILETIME", []evtx.Value{number(evtx.FileTimeType, 8, 1)}, "time.Time `evtx:\",filetime\"`"},
		{"bytes", []evtx.Value{evtx.NewValue(evtx.BinaryType, []byte{1})}, "[]byte"},
		{"a GUID", []evtx.Value{number(evtx.GUIDType, 16, 1)}, "GUID"},
		{"an array", []evtx.Value{evtx.NewValue(evtx.StringType|evtx.ArrayFlag, []byte{'a', 0, 0, 0, 'b', 0, 0, 0})}, "[]string"},
	} {
		var events []any
		for _, v := range tt.values {
			events = append(events, demo(0, 4, evtx.Field{Name: "F", Value: v}))
		}
		got := draft(t, surveyOf(t, events...))
		if want := "\tF " + tt.want + " // "; !strings.Contains(got, want) {
			t.Errorf("%s: want %q in\n%s", tt.name, want, got)
		}
	}
}

// Whatever the names in a log, the draft is a struct that Go can parse.
func TestNames(t *testing.T) {
	s := survey{}
	s.add(&evtx.Event{
		System: evtx.System{Provider: "…", EventID: 1}, UserData: true, Element: "Ev", Namespace: "urn:x",
		Fields: []evtx.Field{{Value: text("a")}, {Value: text("b")}, {Name: "param1"}, {Name: "A/B/@c"}, {Name: "Id"}, {Name: "Id"}, {Name: "名"}, {Name: "two words"}},
	})
	got := draft(t, s)
	f, err := parser.ParseFile(token.NewFileSet(), "a.go", "package evtx\n"+got, 0)
	if err != nil {
		t.Fatalf("%v in\n%s", err, got)
	}
	var fields []string
	for _, d := range f.Decls[0].(*ast.GenDecl).Specs[0].(*ast.TypeSpec).Type.(*ast.StructType).Fields.List[1:] {
		tag := ""
		if d.Tag != nil {
			tag = " " + d.Tag.Value
		}
		fields = append(fields, d.Names[0].Name+tag)
	}
	want := []string{"Param0 `evtx:\"#0\"`", "Param1 `evtx:\"#1\"`", "Param1 `evtx:\"param1\"`", "ABC `evtx:\"A/B/@c\"`", "Id", "IdRepeated2 `evtx:\"Id, repeated (2)\"`", "Field名 `evtx:\"名\"`", "TwoWords `evtx:\"two words\"`", "Extra"}
	if !slices.Equal(fields, want) {
		t.Errorf("got  %q\nwant %q", fields, want)
	}
	if want := `declare[Unknown1](unknown, 1, written{element: "Ev", namespace: "urn:x"}`; !strings.Contains(got, want) {
		t.Errorf("want %s in\n%s", want, got)
	}
}

func TestList(t *testing.T) {
	s := surveyOf(t, demo(0, 4), demo(0, 4), &evtx.Security4688{System: evtx.System{TimeCreated: time.Unix(0, 0)}})
	mapped, err := readMaps(fstest.MapFS{
		"a.map":  {Data: []byte("\ufeffAuthor: A\r\nEventId: 7\r\nProvider: Contoso-Door\r\nMaps:\r\n  - EventId: x\r\n")},
		"b.map":  {Data: []byte("EventId: 8\nProvider: \"Contoso-Door\"\n")},
		"c.text": {Data: []byte("EventId: many\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	printList(&b, s, mapped)
	want := "2\t-\tmap\tContoso-Door\t7\n1\tsecurity-4688\t-\tMicrosoft-Windows-Security-Auditing\t4688\n3 records, 1 typed, 2 with a map, 0 both\n"
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := readMaps(fstest.MapFS{"a.map": {Data: []byte("EventId: many\n")}}); err == nil || !strings.Contains(err.Error(), "a.map") {
		t.Errorf("got %v, want an error that names a.map", err)
	}
}

// A provider that has kinds keeps their names.
func TestSources(t *testing.T) {
	for _, tt := range []struct{ provider, want string }{
		{"Microsoft-Windows-Sysmon", "sysmon Sysmon"},
		{"Microsoft-Windows-TerminalServices-LocalSessionManager", "rdp RDP"},
		{"Contoso-FrontDoor/Open", "open Open"},
		{"", "unknown Unknown"},
	} {
		if name, prefix := sourceOf(tt.provider); name+" "+prefix != tt.want {
			t.Errorf("%s: got %s %s, want %s", tt.provider, name, prefix, tt.want)
		}
	}
}

func TestFilter(t *testing.T) {
	for _, tt := range []struct {
		provider, ids string
		want          bool
	}{
		{"", "", true}, {"Door", "", true}, {"Window", "", false}, {"", "6,7", true}, {"", "6", false}, {"Door", "7", true},
	} {
		f, err := filter(tt.provider, tt.ids)
		if err != nil || f(event{"Contoso-Door", 7}) != tt.want {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	if _, err := filter("", "70000"); err == nil {
		t.Error("70000 is taken for an identifier")
	}
}
