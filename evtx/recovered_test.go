package evtx_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// demos returns n events with two fields of the given names and a provider that no store
// has. Their templates have the same size, whatever the names.
func demos(first, n int, a, b string) (all []any) {
	for i := range n {
		all = append(all, &evtx.Event{
			System:  evtx.System{Provider: "Demo", EventID: 7, Channel: "Demo", Computer: "WEB01", RecordID: uint64(first + i), TimeCreated: noon},
			Element: "EventData",
			Fields:  []evtx.Field{{Name: a, Value: evtx.StringValue(fmt.Sprint("one", first+i))}, {Name: b, Value: evtx.StringValue("two")}},
		})
	}
	return all
}

// summary describes a recovered record: identifier, grade, reason, and its fields.
func summary(t testing.TB, rec *evtx.Recovered) string {
	t.Helper()
	e, err := rec.Event()
	if err != nil {
		t.Errorf("record %d: %v", rec.ID, err)
	}
	borrowed := ""
	if rec.Borrowed {
		borrowed = ", borrowed"
	}
	var fields []string
	for _, name := range []string{"TargetUserName", "NewProcessName", "First", "Second", "Third", ""} {
		for _, f := range e.Fields {
			if text := f.Value.String(); f.Name == name && text != "-" && (name != "" || strings.HasPrefix(text, "one")) {
				fields = append(fields, name+"="+f.Value.String())
			}
		}
	}
	return fmt.Sprintf("%d: %v, %v%s: %s", rec.ID, rec.Grade, rec.Reason, borrowed, strings.Join(fields, " "))
}

func recovered(t *testing.T, r *evtx.Reader) (all []string) {
	t.Helper()
	for rec, err := range r.Recovered() {
		if err != nil {
			t.Fatal(err)
		}
		readAll(t, &rec.Record)
		all = append(all, summary(t, &rec))
	}
	return all
}

// pageLost returns the log with zeros in place of the first page of a chunk.
func pageLost(log []byte, chunk int) []byte {
	log = bytes.Clone(log)
	clear(log[4096+chunk*65536:][:4096])
	return log
}

// A record is recovered with the fields of its own definition, wherever that is, or
// with values that have no names; never with those of another.
func TestRecovered(t *testing.T) {
	ok := edited(t)
	log := written(t, logons(1, 60)...)
	three := written(t, logons(1, 200)...)
	second := 0 // the first record of the second chunk
	for c := range open(t, three).Chunks() {
		if c.Number == 1 {
			second = int(c.FirstRecord)
		}
	}
	for _, tt := range []struct {
		name string
		log  []byte
		want []string
	}{
		{"sound", three, nil},
		{"hidden", ok(evtxtest.Hide(log, 30)), []string{"30: whole, inside another record: TargetUserName=user30"}},
		{"two hidden in one", ok(evtxtest.Hide(ok(evtxtest.Hide(log, 31)), 30)),
			[]string{"30: whole, inside another record: TargetUserName=user30", "31: whole, inside another record: TargetUserName=user31"}},
		{"cut off", ok(evtxtest.CutOff(log, 2)),
			[]string{"59: whole, cut off: TargetUserName=user59", "60: whole, cut off: TargetUserName=user60"}},
		{"left from before the log was cleared", ok(evtxtest.Refill(written(t, demos(1, 4, "First", "Second")...), written(t, demos(5, 2, "First", "Second")...), true)),
			[]string{"3: whole, slack: First=one3 Second=two", "4: whole, slack: First=one4 Second=two"}},
		{"copies of live records", ok(evtxtest.Refill(written(t, demos(1, 4, "First", "Second")...), written(t, demos(1, 2, "First", "Second")...), false)),
			[]string{"3: whole, cut off: First=one3 Second=two", "4: whole, cut off: First=one4 Second=two"}},
		{"another template in the place of its own", ok(evtxtest.Refill(written(t, demos(1, 4, "First", "Second")...), written(t, demos(5, 2, "First", "Third")...), true)),
			[]string{"3: values only, slack, borrowed: =one3", "4: values only, slack, borrowed: =one4"}},
		{"the template overwritten, but in another chunk", ok(evtxtest.Refill(
			written(t, demos(1, 300, "First", "Second")...),
			evtxtest.Dirty(slices.Concat(written(t, demos(301, 50, "First", "Third")...), written(t, demos(351, 10, "First", "Second")...)[4096:])), false)), nil},
		{"behind the log", evtxtest.Behind(log, written(t, processes(500, 2)...)),
			[]string{`500: whole, behind the log: NewProcessName=C:\tools\500.exe`, `501: whole, behind the log: NewProcessName=C:\tools\501.exe`}},
		{"the page with the template lost", pageLost(three, 1), nil},
		{"the page with the template lost, and no other chunk", pageLost(log, 0), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := recovered(t, open(t, tt.log))
			switch tt.name {
			case "the template overwritten, but in another chunk":
				// One at the end of what was written anew is lost.
				n := 0
				for _, s := range got {
					if !strings.Contains(s, ": whole, slack, borrowed: First=one") && !strings.Contains(s, ": whole, slack: First=one") {
						t.Errorf("got %s", s)
					} else {
						n++
					}
				}
				if n < 200 {
					t.Errorf("%d records", n)
				}
				return
			case "the page with the template lost":
				if len(got) == 0 {
					t.Fatal("no record")
				}
				for i, s := range got {
					id := 200 - len(got) + 1 + i
					if want := fmt.Sprintf("%d: whole, without template, borrowed: TargetUserName=user%d", id, id); s != want {
						t.Errorf("got %s, want %s", s, want)
					}
				}
				if first := 200 - len(got) + 1; first < second || first > second+20 {
					t.Errorf("from record %d on, want from one soon after %d", first, second)
				}
				return
			case "the page with the template lost, and no other chunk":
				if len(got) == 0 || slices.ContainsFunc(got, func(s string) bool { return !strings.Contains(s, ": values only, without template, borrowed:") }) {
					t.Errorf("got %q", got)
				}
				return
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(tt.want, "\n\t"))
			}
		})
	}
}

// A store gives the names that the log has lost, and a filter selects as it does among
// live records.
func TestRecoveredWithOptions(t *testing.T) {
	ok := edited(t)
	older := written(t, demos(1, 4, "First", "Second")...)
	log := ok(evtxtest.Refill(older, written(t, demos(5, 2, "First", "Third")...), true))
	var store evtx.Definitions
	if err := store.Add(open(t, older)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		opts []evtx.Option
		want []string
	}{
		{"no store", nil, []string{"3: values only, slack, borrowed: =one3", "4: values only, slack, borrowed: =one4"}},
		{"an empty store", []evtx.Option{evtx.WithDefinitions(new(evtx.Definitions))}, []string{"3: values only, slack, borrowed: =one3", "4: values only, slack, borrowed: =one4"}},
		{"the store of another log", []evtx.Option{evtx.WithDefinitions(&store)},
			[]string{"3: whole, slack, borrowed: First=one3 Second=two", "4: whole, slack, borrowed: First=one4 Second=two"}},
		{"a filter", []evtx.Option{evtx.WithDefinitions(&store), evtx.WithFilter(evtx.Filter{FirstRecord: 4})},
			[]string{"4: whole, slack, borrowed: First=one4 Second=two"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)), tt.opts...)
			if err != nil {
				t.Fatal(err)
			}
			if got := recovered(t, r); !slices.Equal(got, tt.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(tt.want, "\n\t"))
			}
		})
	}
}

// Chunks and single records are found in bytes that are not a log, at any offset.
func TestCarve(t *testing.T) {
	log := written(t, logons(1, 30)...)
	chunk := log[4096:]
	free := int(le.Uint32(chunk[48:]))
	second := 512 + int(le.Uint32(chunk[512+4:])) // the place of the second record
	junk := func(n int) []byte {
		return bytes.Repeat([]byte{0x2a, 0x2a, 0, 0, 'j', 'u', 'n', 'k', 'E', 'l', 'f'}, n/11+1)[:n]
	}
	for _, tt := range []struct {
		name         string
		image        []byte
		want         int
		grade        evtx.Grade
		definedAfter bool
	}{
		{"a log", log, 30, evtx.Whole, false},
		{"a chunk at an odd offset", slices.Concat(junk(1001), chunk), 30, evtx.Whole, false},
		{"two chunks, the first of them cut off", slices.Concat(junk(77), chunk[:512+40], written(t, processes(100, 30)...)[4096:]), 30, evtx.Whole, false},
		{"single records, one of them with its definition", slices.Concat(junk(70000), chunk[512:free], junk(5000)), 30, evtx.Whole, false},
		{"single records, and the definition elsewhere", slices.Concat(chunk[second:free], junk(2<<20), written(t, logons(1, 1)...)[4096:]), 30, evtx.Whole, true},
		{"single records without a definition", slices.Concat(junk(30), chunk[second:free]), 29, evtx.ValuesOnly, false},
		{"a record across two windows", slices.Concat(make([]byte, 1<<20-100), chunk[512:free]), 30, evtx.Whole, false},
		{"nothing", junk(200000), 0, 0, false},
		{"empty", nil, 0, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for rec, err := range evtx.Carve(bytes.NewReader(tt.image), int64(len(tt.image))) {
				if err != nil {
					t.Fatal(err)
				}
				n++
				readAll(t, &rec.Record)
				if rec.Grade != tt.grade || rec.Reason != evtx.Stray {
					t.Errorf("record %d: %v, %v", rec.ID, rec.Grade, rec.Reason)
				}
				if le.Uint64(tt.image[rec.Offset+8:]) != rec.ID {
					t.Errorf("record %d is not at %#x", rec.ID, rec.Offset)
				}
				typed, err := rec.Typed()
				if _, struct4624 := typed.(*evtx.Security4624); err != nil || rec.Grade != evtx.Whole && struct4624 {
					t.Errorf("record %d: a %T, %v", rec.ID, typed, err)
				}
			}
			if n != tt.want {
				t.Errorf("%d records, want %d", n, tt.want)
			}
		})
	}
}

// What recovers is said in words, also what does not exist.
func TestRecoveredNames(t *testing.T) {
	for v, want := range map[fmt.Stringer]string{
		evtx.Whole: "whole", evtx.ValuesOnly: "values only", evtx.Torn: "torn", evtx.Grade(0): "unknown (0)", evtx.Grade(9): "unknown (9)",
		evtx.InSlack: "slack", evtx.InRecord: "inside another record", evtx.CutOff: "cut off", evtx.BehindLog: "behind the log",
		evtx.Stray: "stray", evtx.WithoutTemplate: "without template", evtx.Reason(0): "unknown (0)",
	} {
		if got := v.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
