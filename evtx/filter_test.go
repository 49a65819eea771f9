package evtx_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// filtered writes a log of five records and returns the identifiers of those that a
// filter selects.
func filtered(t *testing.T, f evtx.Filter) string {
	t.Helper()
	at := func(minute int) evtx.System {
		return evtx.System{TimeCreated: time.Date(2026, 3, 4, 5, minute, 0, 0, time.UTC), Computer: "PC"}
	}
	other := at(4)
	other.Provider, other.EventID, other.Channel = "Demo", 11, "Application"
	log, err := evtxtest.Bytes(
		&evtx.Security4624{System: at(0)}, &evtx.Security4688{System: at(1)}, &evtx.Sysmon11{System: at(2)},
		&evtx.Security4624{System: at(3)}, &evtx.Event{System: other, Element: "EventData"},
	)
	if err != nil {
		t.Fatal(err)
	}
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)), evtx.WithFilter(f))
	if err != nil {
		t.Fatal(err)
	}
	var ids, mapped []uint64
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, rec.ID)
	}
	for chunk, err := range evtx.MapChunks(r, func(c *evtx.Chunk) (ids []uint64) {
		for rec := range c.Records() {
			ids = append(ids, rec.ID)
		}
		return ids
	}) {
		if err != nil {
			t.Fatal(err)
		}
		mapped = append(mapped, chunk...)
	}
	if !slices.Equal(ids, mapped) {
		t.Errorf("Records yields %d, MapChunks %d", ids, mapped)
	}
	return fmt.Sprint(ids)
}

func TestFilter(t *testing.T) {
	minute := func(n int) time.Time { return time.Date(2026, 3, 4, 5, n, 0, 0, time.UTC) }
	for _, tt := range []struct {
		name   string
		filter evtx.Filter
		want   string
	}{
		{"nothing", evtx.Filter{}, "[1 2 3 4 5]"},
		{"a kind", evtx.Filter{Kinds: []string{"security-4624"}}, "[1 4]"},
		{"two kinds", evtx.Filter{Kinds: []string{"security-4688", "sysmon-11"}}, "[2 3]"},
		{"a provider, in any case", evtx.Filter{Providers: []string{"microsoft-windows-SYSMON"}}, "[3]"},
		{"an identifier of any provider", evtx.Filter{EventIDs: []uint16{11}}, "[3 5]"},
		{"a channel, in any case", evtx.Filter{Channels: []string{"security", "Other"}}, "[1 2 4]"},
		{"from a record", evtx.Filter{FirstRecord: 4}, "[4 5]"},
		{"up to a record", evtx.Filter{LastRecord: 2}, "[1 2]"},
		{"from a time", evtx.Filter{From: minute(3)}, "[4 5]"},
		{"up to a time, without it", evtx.Filter{To: minute(1)}, "[1]"},
		{"all conditions together", evtx.Filter{Kinds: []string{"security-4624"}, From: minute(1), To: minute(9), Channels: []string{"Security"}}, "[4]"},
		{"none", evtx.Filter{Providers: []string{"Nobody"}}, "[]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := filtered(t, tt.filter); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestFilterByUnknownKind(t *testing.T) {
	log, err := evtxtest.Bytes(&evtx.Security4624{System: made})
	if err != nil {
		t.Fatal(err)
	}
	_, err = evtx.NewReader(bytes.NewReader(log), int64(len(log)), evtx.WithFilter(evtx.Filter{Kinds: []string{"security-1"}}))
	if want := `evtx: filter: no kind of event is called "security-1"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A filter does not hide a record whose System element cannot be read.
func TestFilterKeepsDamagedRecords(t *testing.T) {
	log := rawLog(func(a *assembler) {
		a.header()
		a.put(0x7f)
	})
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)), evtx.WithFilter(evtx.Filter{EventIDs: []uint16{1}}))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rec.Typed(); err == nil {
			t.Error("the damaged record decodes")
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d records, want 1", n)
	}
}

// A chunk whose memory was used for another one before yields its own events: here the
// only record of each chunk is in the same place.
func TestTypedOfReusedChunks(t *testing.T) {
	var events []any
	for _, name := range []string{"a.exe", "longer.exe", "c.exe"} {
		events = append(events, &evtx.Security4688{
			System: evtx.System{TimeCreated: time.Unix(1, 0)}, NewProcessName: name, CommandLine: strings.Repeat("x", 30_000),
		})
	}
	log, err := evtxtest.Bytes(events...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)), evtx.WithFilter(evtx.Filter{Kinds: []string{"security-4688"}}))
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for names, err := range evtx.MapChunks(r, func(c *evtx.Chunk) (names string) {
		for rec, err := range c.Records() {
			if err != nil {
				t.Fatal(err)
			}
			e, err := rec.Typed()
			if err != nil {
				t.Fatal(err)
			}
			names += e.(*evtx.Security4688).NewProcessName + " "
		}
		return names
	}) {
		if err != nil {
			t.Fatal(err)
		}
		got += names
	}
	if got != "a.exe longer.exe c.exe " {
		t.Errorf("got %s", got)
	}
}
