package evtx_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// A FILETIME has one form as TimeCreated and as a field, in Value.String and in
// AppendTyped: RFC 3339, or nothing if it was not set.
func TestTimesHaveOneForm(t *testing.T) {
	for _, tt := range []struct {
		ticks uint64
		want  string // "" if it was not set
	}{
		{0, ""},
		{1, "1601-01-01T00:00:00.0000001Z"},
		{133_500_000_000_000_000, "2024-01-17T21:20:00.0000000Z"},
		{2_650_467_743_999_999_999, lastTime},
		{2_650_467_744_000_000_000, lastTime}, // the year 10000
		{math.MaxInt64, lastTime},             // which Windows writes for "never"
		{1 << 63, lastTime},
		{math.MaxUint64, lastTime},
	} {
		filetime := wire{evtx.FileTimeType, le.AppendUint64(nil, tt.ticks)}
		event := func(content func(*assembler), provider string) func(*assembler) {
			return func(a *assembler) {
				a.header()
				a.instance(func() {
					a.element("Event", nil, func() {
						a.element("System", nil, func() {
							a.element("Provider", func() { a.attr("Name", func() { a.text(provider) }) }, nil)
							a.element("EventID", nil, func() { a.slot(2) })
							a.element("TimeCreated", func() { a.attr("SystemTime", func() { a.slot(0) }) }, nil)
							a.element("EventRecordID", nil, func() { a.slot(1) })
						})
						a.element("EventData", nil, func() { named(a, "When", func() { a.slot(0) }); content(a) })
					})
				}, filetime, wire{evtx.UInt64Type, make([]byte, 8)}, wire{evtx.UInt16Type, []byte{11, 0}})
				a.put(0)
			}
		}
		for shape, write := range map[string]func(*assembler){
			"an event": event(func(*assembler) {}, "Demo"),
			"a kind":   event(func(*assembler) {}, "Microsoft-Windows-Sysmon"),
			"a tree":   event(func(a *assembler) { a.text("text"); a.element("X", nil, nil) }, "Demo"), // which no program writes
		} {
			rec := only(t, rawLog(write))
			e, err := rec.Event()
			if got := e.Text("When"); err != nil || got != tt.want {
				t.Errorf("%d of %s: value %q, %v; want %q", tt.ticks, shape, got, err, tt.want)
			}
			line, err := rec.AppendTyped(nil)
			var row struct {
				Time        any
				Data, Other []struct {
					Name  string
					Value any
				}
			}
			if err := errors.Join(err, json.Unmarshal(line, &row)); err != nil {
				t.Fatal(err)
			}
			values := []any{row.Time}
			for _, f := range append(row.Data, row.Other...) {
				if f.Name == "When" {
					values = append(values, f.Value)
				}
			}
			if len(values) != 2 {
				t.Errorf("%s: no When in %s", shape, line)
			}
			for _, got := range values {
				if got == nil {
					got = ""
				}
				if _, err := time.Parse(time.RFC3339, tt.want); got != tt.want || err != nil && tt.want != "" {
					t.Errorf("%d of %s: %v, want %q: %s", tt.ticks, shape, got, tt.want, line)
				}
			}
		}
	}
}
