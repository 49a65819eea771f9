package timeline

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// An event of the same record is yielded once, whatever has changed around it.
func TestMergeSnapshots(t *testing.T) {
	at := day(12, 0, 0)
	event := func(typ, artifact, record, message string) Event {
		return Event{Time: at, Source: Source{Artifact: artifact, Record: record, Type: typ}, Message: message}
	}
	logRecord := func(artifact, channel string) Event {
		e := event(TypeEVTX, artifact, "7", "m")
		e.Data = &evtx.Event{System: logged("p", channel, 1, at)}
		return e
	}
	file := func(entry string, flags mft.RecordFlags, seq uint16) Event {
		e := event(TypeMFT, "$MFT", entry, "")
		e.Data, e.Path = &mft.Record{Ref: mft.Ref{Entry: 68, Seq: seq}, Flags: flags}, `C:\a.exe`
		return e
	}
	later := func(e Event) Event { e.Time = e.Time.Add(time.Second); return e }
	elsewhere := func(e Event, path string) Event { e.Path = path; return e }
	request := func(line int) Event {
		return event(TypeWebLog, "u_ex.log", fmt.Sprintf("line %d", line), "GET /a")
	}
	for _, tt := range []struct {
		name             string
		live, vss2, vss1 []Event
		want             []string // artifacts of what is yielded
	}{
		{"nothing has changed", []Event{event(TypeRegistry, "SYSTEM", "key", "m")}, []Event{event(TypeRegistry, "SYSTEM", "key", "m")}, []Event{event(TypeRegistry, "SYSTEM", "key", "m")},
			[]string{"SYSTEM"}},
		{"only the older shadow copy has it", nil, nil, []Event{event(TypeRegistry, "SYSTEM", "key", "m")}, []string{"vss1/SYSTEM"}},
		{"both shadow copies have it", nil, []Event{event(TypeRegistry, "SYSTEM", "key", "m")}, []Event{event(TypeRegistry, "SYSTEM", "key", "m")}, []string{"vss2/SYSTEM"}},
		{"at another time", []Event{later(event(TypeRegistry, "SYSTEM", "key", "m"))}, nil, []Event{event(TypeRegistry, "SYSTEM", "key", "m")}, []string{"vss1/SYSTEM", "SYSTEM"}},
		{"another value at the same time", []Event{event(TypeRegistry, "SYSTEM", "key", "a.exe")}, nil, []Event{event(TypeRegistry, "SYSTEM", "key", "b.exe")}, []string{"SYSTEM", "vss1/SYSTEM"}},
		{"a log was archived", []Event{logRecord("Archive-Security.evtx", "Security")}, []Event{logRecord("Security.evtx", "Security")}, nil, []string{"Archive-Security.evtx"}},
		{"a record of another channel", []Event{logRecord("a.evtx", "System")}, []Event{logRecord("a.evtx", "Security")}, nil, []string{"a.evtx", "vss2/a.evtx"}},
		{"the file was deleted since", []Event{file("68-2", 0, 2)}, []Event{file("68-1", mft.RecordInUse, 1)}, nil, []string{"$MFT"}},
		{"the entry is another file's", []Event{file("68-2", mft.RecordInUse, 2)}, []Event{file("68-1", mft.RecordInUse, 1)}, nil, []string{"$MFT", "vss2/$MFT"}},
		{"the file was renamed since", []Event{file("68-1", mft.RecordInUse, 1)}, nil, []Event{elsewhere(file("68-1", mft.RecordInUse, 1), `C:\b.exe`)}, []string{"$MFT", "vss1/$MFT"}},
		{"lines of a web log were removed", []Event{request(3)}, []Event{request(3), request(9)}, []Event{request(5), request(7), request(8)}, []string{"u_ex.log", "vss2/u_ex.log", "vss1/u_ex.log"}},
		{"the program ran again since", []Event{event(TypePrefetch, "A.pf", "A", "2 times")}, []Event{event(TypePrefetch, "A.pf", "A", "1 times")}, nil, []string{"A.pf"}},
	} {
		var got []string
		for e := range MergeSnapshots(slices.Values(tt.live), Snapshot{"vss2", day(14, 0, 0), slices.Values(tt.vss2)}, Snapshot{"vss1", day(13, 0, 0), slices.Values(tt.vss1)}) {
			got = append(got, e.Source.Artifact)
			made := map[string]time.Time{"vss1": day(13, 0, 0), "vss2": day(14, 0, 0)}[strings.Split(e.Source.Artifact, "/")[0]]
			if !e.Source.Snapshot.Equal(made) {
				t.Errorf("%s: snapshot of %s is %v", tt.name, e.Source.Artifact, e.Source.Snapshot)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	for range MergeSnapshots(slices.Values([]Event{request(1)}), Snapshot{"vss1", at, slices.Values([]Event{request(1), request(2)})}) {
		break // a caller may stop
	}
}

// A volume and its shadow copy of the same state have the same events.
func TestMergeSnapshotsOfTheSameState(t *testing.T) {
	tl := oneOfEach(t)
	n := 0
	for range tl.Events() {
		n++
	}
	got := 0
	for e := range MergeSnapshots(tl.Events(), Snapshot{"vss1", day(13, 0, 0), tl.Events()}, Snapshot{"vss0", day(13, 0, 0), tl.Events()}) {
		if got++; !e.Source.Snapshot.IsZero() {
			t.Errorf("only in the shadow copy: %+v", e)
		}
	}
	if got != n || n < 20 {
		t.Errorf("%d events, want %d", got, n)
	}
}

// Every format marks what was read in a shadow copy.
func TestExportsMarkSnapshots(t *testing.T) {
	past := collect(t, smallVolume(t, mfttest.File{Path: "gone.exe", Times: mfttest.AllAt(day(11, 0, 0))}))
	for _, format := range Formats() {
		var out bytes.Buffer
		if err := Write(&out, format, MergeSnapshots(slices.Values([]Event{}), Snapshot{"vss1", day(13, 0, 0), past.Between(day(11, 0, 0), day(11, 0, 0))})); err != nil {
			t.Fatal(err)
		}
		marked := 0
		for line := range strings.Lines(out.String()) {
			if strings.Contains(line, "gone.exe") && strings.Contains(line, "2019-06-14T13:00:00.0000000Z") {
				marked++
			}
		}
		if marked == 0 || format != "bodyfile" && marked != 8 {
			t.Errorf("%s: %d lines are marked in\n%s", format, marked, &out)
		}
	}
}
