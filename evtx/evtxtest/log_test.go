package evtxtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

var when = time.Date(2026, 3, 4, 5, 6, 7, 123456700, time.UTC)

// full fills every field of a typed event with a different value.
func full(e evtx.TypedEvent, n int) evtx.TypedEvent {
	kind, _ := evtx.KindOf(e)
	*e.Sys() = evtx.System{
		Provider: kind.Provider, EventID: kind.EventID, Channel: kind.Channel, Version: 2, Level: 4, Opcode: 1, Task: 12544,
		Keywords: 0x8020000000000000, TimeCreated: when.Add(time.Duration(n) * time.Second), RecordID: uint64(100 + n),
		ProviderGUID: evtx.GUID{1, 2, 3, 4, 15: 9}, ActivityID: evtx.GUID{7, 15: 1}, ProcessID: 4, ThreadID: 77,
		Computer: "WEB01.example.com", UserSID: "S-1-5-18",
	}
	v := reflect.ValueOf(e).Elem()
	for i := 1; i < v.NumField(); i++ {
		switch f := v.Field(i).Addr().Interface().(type) {
		case *string:
			*f = fmt.Sprintf("%s <%d> & \u202e𝄞", v.Type().Field(i).Name, n)
			if strings.Contains(v.Type().Field(i).Tag.Get("evtx"), ",sid") {
				*f = fmt.Sprintf("S-1-5-21-1-2-3-%d", 1000+i)
			}
		case *bool:
			*f = true
		case *evtx.GUID:
			*f = evtx.GUID{byte(i), byte(n), 15: 0xfe}
		case *time.Time:
			*f = when.Truncate(time.Millisecond).Add(time.Duration(i) * time.Minute)
		case *uint16:
			*f = uint16(1000 + i)
		case *uint32:
			*f = uint32(100000 + i)
		case *uint64:
			*f = 1<<40 + uint64(i)
		}
	}
	return e
}

// allTyped returns one event of each kind.
func allTyped() []any {
	var all []any
	for k := range evtx.Kinds() {
		all = append(all, full(k.New(), len(all)))
	}
	return all
}

func read(t *testing.T, log []byte) *evtx.Reader {
	t.Helper()
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	for p := range r.Problems() {
		t.Errorf("a written log has a problem: %v", p)
	}
	return r
}

func TestTypedEventsReadBackEqual(t *testing.T) {
	want := allTyped()
	log, err := evtxtest.Bytes(want...)
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for rec, err := range read(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		got, err := rec.Typed()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want[i]) {
			t.Errorf("%s:\n got  %+v\n want %+v", want[i].(evtx.TypedEvent).Kind(), got, want[i])
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%d events read, %d written", i, len(want))
	}
}

func TestEventsReadBackEqual(t *testing.T) {
	want := &evtx.Event{
		System:  evtx.System{Provider: "Demo", EventSourceName: "Old", EventID: 6008, Qualifiers: 0x8000, Level: 2, Channel: "System", Computer: "PC", TimeCreated: when, RecordID: 1},
		Element: "EventData",
		Fields: []evtx.Field{
			{Name: "", Value: evtx.StringValue("first")},
			{Name: "Again", Value: evtx.StringValue("one")},
			{Name: "Again", Value: evtx.StringValue("two")},
			{Name: "Raw", Value: evtx.NewValue(evtx.BinaryType, []byte{0xca, 0xfe})},
		},
	}
	log, err := evtxtest.Bytes(want)
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range read(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		got, err := rec.Event()
		if err != nil {
			t.Fatal(err)
		}
		if got.System != want.System || got.Element != want.Element || len(got.Fields) != len(want.Fields) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		for i, f := range want.Fields {
			g := got.Fields[i]
			if g.Name != f.Name || g.Value.Type != f.Value.Type || !bytes.Equal(g.Value.Bytes(), f.Value.Bytes()) {
				t.Errorf("field %d: got %s=%v, want %s=%v", i, g.Name, g.Value, f.Name, f.Value)
			}
		}
	}
}

// many returns events that fill several chunks.
func many(n int) []any {
	var all []any
	for i := range n {
		all = append(all, full(&evtx.Security4688{}, 1900+i))
	}
	return all
}

// everything returns one event of each kind, and many.
func everything() []any {
	all := append(allTyped(), many(300)...)
	for _, e := range all {
		e.(evtx.TypedEvent).Sys().RecordID = 0
	}
	return all
}

func TestSeveralChunks(t *testing.T) {
	log, err := evtxtest.Bytes(many(500)...)
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, log)
	chunks, next := 0, uint64(2000)
	for c, err := range r.Chunks() {
		if err != nil {
			t.Fatal(err)
		}
		chunks++
		for rec, err := range c.Records() {
			if err != nil {
				t.Fatal(err)
			}
			if rec.ID != next {
				t.Fatalf("record %d, want %d", rec.ID, next)
			}
			next++
		}
	}
	if chunks < 3 || next != 2500 {
		t.Errorf("%d chunks, %d records", chunks, next-2000)
	}
	again, _ := evtxtest.Bytes(many(500)...)
	if !bytes.Equal(log, again) {
		t.Error("the same events give other bytes")
	}
}

func TestTooBig(t *testing.T) {
	_, err := evtxtest.Bytes(&evtx.Event{System: evtx.System{Provider: "Demo", Channel: "Application", TimeCreated: when}, Element: "EventData", Fields: []evtx.Field{{Name: "Big", Value: evtx.StringValue(strings.Repeat("x", 40000))}}})
	if err == nil || !strings.Contains(err.Error(), "does not fit") {
		t.Errorf("got %v", err)
	}
	if _, err := evtxtest.Bytes(42); err == nil {
		t.Error("no error for a number")
	}
}

func writeTemp(t *testing.T, log []byte) string {
	name := filepath.Join(t.TempDir(), "written.evtx")
	if err := os.WriteFile(name, log, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Rust's evtx_dump reads the same values from a written log.
func TestEvtxDumpAccepts(t *testing.T) {
	tool := testenv.Tool(t, "evtx_dump")
	log, err := evtxtest.Bytes(everything()...)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tool, "-t", "1", "-o", "jsonl", writeTemp(t, log))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("evtx_dump: %v: %s", err, &stderr)
	}
	theirs := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	i := 0
	for rec, err := range read(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		ours, err := rec.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		if i >= len(theirs) {
			t.Fatalf("evtx_dump has %d records only", len(theirs))
		}
		var a, b any
		if json.Unmarshal(ours, &a) != nil || json.Unmarshal(theirs[i], &b) != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("record %d:\n ours   %s\n theirs %s", rec.ID, ours, theirs[i])
		}
		i++
	}
	if i != len(theirs) {
		t.Errorf("%d records, evtx_dump has %d", i, len(theirs))
	}
}

// libevtx reads a written log, and does not call any of it corrupted.
func TestEvtxexportAccepts(t *testing.T) {
	tool := testenv.Tool(t, "evtxexport")
	log, err := evtxtest.Bytes(everything()...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, writeTemp(t, log)).CombinedOutput()
	if err != nil {
		t.Fatalf("evtxexport: %v: %s", err, out)
	}
	if n, want := bytes.Count(out, []byte("Event number\t\t\t:")), len(everything()); n != want {
		t.Errorf("evtxexport sees %d records, want %d", n, want)
	}
	for _, bad := range []string{"orrupt", "nable to ", "rror:"} {
		if bytes.Contains(out, []byte(bad)) {
			t.Errorf("evtxexport says %q", bad)
		}
	}
}
