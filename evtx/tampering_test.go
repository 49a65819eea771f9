package evtx_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// logons returns n events with the identifiers from first on, a minute apart.
func logons(first, n int) (all []any) {
	for i := range n {
		all = append(all, &evtx.Security4624{
			System:         evtx.System{RecordID: uint64(first + i), TimeCreated: noon.Add(time.Duration(first+i) * time.Minute), Computer: "WEB01"},
			TargetUserName: fmt.Sprintf("user%d", first+i), LogonType: 3,
		})
	}
	return all
}

// processes is logons for events of another kind.
func processes(first, n int) (all []any) {
	for i := range n {
		all = append(all, &evtx.Security4688{
			System:         evtx.System{RecordID: uint64(first + i), TimeCreated: noon.Add(time.Duration(first+i) * time.Minute), Computer: "WEB01"},
			NewProcessName: fmt.Sprintf(`C:\tools\%d.exe`, first+i),
		})
	}
	return all
}

func written(t testing.TB, events ...any) []byte {
	t.Helper()
	log := evtxtest.Log{Unchecked: true} // also with numbers that repeat
	for _, e := range events {
		if err := log.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	return log.Bytes()
}

// edited returns what one of the editors of evtxtest returns.
func edited(t testing.TB) func(log []byte, err error) []byte {
	return func(log []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return log
	}
}

func problems(t testing.TB, log []byte) (all []string) {
	t.Helper()
	for p := range open(t, log).Problems() {
		all = append(all, p.String())
	}
	return all
}

// What an editor of logs leaves behind is reported with its place and its record. What
// exports, wrapped logs, crashes and clocks do is not.
func TestTampering(t *testing.T) {
	ok := edited(t)
	log := written(t, logons(1, 60)...)
	three := written(t, logons(1, 300)...)
	exported := func(from int, ids ...int) []byte {
		log := written(t, logons(from, len(ids))...)
		for i, id := range ids {
			log = ok(evtxtest.Renumber(log, uint64(from+i), uint64(id)))
		}
		return log
	}
	late := func(log []byte, id int, t time.Time) []byte { return ok(evtxtest.Redate(log, uint64(id), t)) }
	for _, tt := range []struct {
		name string
		log  []byte
		want []string // the beginnings of the problems
	}{
		{"sound", log, nil},
		{"several chunks", three, nil},
		{"hidden", ok(evtxtest.Hide(log, 30)), []string{
			"gap: evtx: chunk 0 record 31: record identifier at 0x",
			"hidden: evtx: chunk 0 record 30: record inside another at 0x",
		}},
		{"two hidden in one", ok(evtxtest.Hide(ok(evtxtest.Hide(log, 31)), 30)), []string{
			"gap: evtx: chunk 0 record 32", "hidden: evtx: chunk 0 record 30: record inside another", "hidden: evtx: chunk 0 record 31: record inside another",
		}},
		{"the last one hidden", ok(evtxtest.Hide(log, 60)), []string{
			"conflict: evtx: identifier of the next record at 0x18: got 61, want 60, as in the chunks",
			"hidden: evtx: chunk 0 record 60: record inside another",
		}},
		{"cut off", ok(evtxtest.CutOff(log, 2)), []string{
			"hidden: evtx: chunk 0 record 59: record behind the free space offset at 0x", "hidden: evtx: chunk 0 record 60: record behind",
		}},
		{"a record is missing", written(t, append(logons(1, 30), logons(32, 30)...)...), []string{
			"gap: evtx: chunk 0 record 32: record identifier at 0x",
		}},
		{"a record repeats", ok(evtxtest.Renumber(log, 31, 30)), []string{
			"gap: evtx: chunk 0 record 30: record identifier at 0x", "gap: evtx: chunk 0 record 32: record identifier at 0x",
			"conflict: evtx: chunk 0 record 30: EventRecordID at 0x",
		}},
		{"renumbered", ok(evtxtest.Renumber(log, 40, 400)), []string{
			"gap: evtx: chunk 0 record 400: record identifier at 0x", "gap: evtx: chunk 0 record 41: record identifier at 0x",
			"conflict: evtx: chunk 0 record 400: EventRecordID at 0x",
		}},
		{"deleted, and those behind renumbered", func() []byte {
			log := written(t, append(logons(1, 50), logons(52, 2)...)...)
			return ok(evtxtest.Renumber(ok(evtxtest.Renumber(log, 52, 51)), 53, 52))
		}(), []string{
			"conflict: evtx: chunk 0 record 51: EventRecordID at 0x", "conflict: evtx: chunk 0 record 52: EventRecordID at 0x",
		}},
		{"a record dated back", late(log, 40, noon.Add(-24*time.Hour)), []string{
			"conflict: evtx: chunk 0 record 40: time of the record at 0x",
		}},
		{"the first one dated back", late(log, 1, noon.Add(-24*time.Hour)), nil},
		{"the clock was set back", func() []byte {
			events := logons(1, 60)
			for i := 40; i < 60; i++ {
				events[i].(*evtx.Security4624).TimeCreated = noon.Add(time.Duration(i)*time.Minute - 10*time.Hour)
			}
			return written(t, events...)
		}(), nil},
		{"noted before sleep, written after it", func() []byte {
			events := logons(1, 60)
			for i := 40; i < 60; i++ {
				events[i].(*evtx.Security4624).TimeCreated = noon.Add(time.Duration(i)*time.Minute + 9*time.Hour)
			}
			events[42].(*evtx.Security4624).TimeCreated = noon.Add(40*time.Minute + time.Second)
			return written(t, events...)
		}(), nil},
		{"exported", exported(4000, 1, 2, 3, 4, 5, 6), nil},
		{"wrapped", ok(evtxtest.Wrap(three, 1)), nil},
		{"dirty", evtxtest.Dirty(three), []string{"unclean: evtx: file flags"}},
		{"cleared", ok(evtxtest.Refill(written(t, logons(1, 60)...), written(t, logons(61, 5)...), true)), []string{
			"cleared: evtx: chunk 0: number of the first record at 0x1008: got 1, want 61",
		}},
		{"behind the log", evtxtest.Behind(log, written(t, processes(500, 3)...)), []string{
			"hidden: evtx: chunk 1: chunk behind the number of chunks at 0x11000: got records 500 to 502, want 1 chunks",
		}},
		{"behind a dirty log", evtxtest.Behind(evtxtest.Dirty(log), written(t, logons(61, 3)...)), []string{"unclean: evtx: file flags"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := problems(t, tt.log)
			if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(tt.want, "\n\t"))
			}
		})
	}
}
