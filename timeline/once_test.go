package timeline

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A record that several logs have is one event, that of the first log. Records that differ are
// several, even if they have the same identifier.
func TestOnce(t *testing.T) {
	at := day(12, 0, 0)
	rec := func(artifact, record, image string, change ...func(*evtx.Security4688)) Event {
		d := &evtx.Security4688{System: logged(securityProvider, securityChannel, 4688, at), NewProcessName: image}
		e := Event{Time: at, Source: Source{Artifact: artifact, Record: record, Type: TypeEVTX}, Data: d}
		for _, set := range change {
			set(d)
		}
		return e
	}
	for _, tt := range []struct {
		name   string
		events []Event
		want   string // the artifacts of what is yielded
	}{
		{"a log and its export", []Event{rec("Security.evtx", "7", "a.exe"), rec("export.evtx", "7", "a.exe")}, "Security.evtx"},
		{"three copies", []Event{rec("a", "7", "a.exe"), rec("b", "7", "a.exe"), rec("c", "7", "a.exe")}, "a"},
		{"another record", []Event{rec("a", "7", "a.exe"), rec("b", "8", "a.exe")}, "a b"},
		{"a copy that was changed", []Event{rec("a", "7", "a.exe"), rec("b", "7", "b.exe")}, "a b"},
		{"twice in one log", []Event{rec("a", "7", "a.exe"), rec("a", "7", "a.exe")}, "a a"},
		{"another machine", []Event{rec("a", "7", "a.exe"), rec("b", "7", "a.exe", func(d *evtx.Security4688) { d.Computer = "WEB2" })}, "a b"},
		{"another channel", []Event{rec("a", "7", "a.exe"), rec("b", "7", "a.exe", func(d *evtx.Security4688) { d.Channel = "System" })}, "a b"},
		{"the case of the machine's name", []Event{rec("a", "7", "a.exe"), rec("b", "7", "a.exe", func(d *evtx.Security4688) { d.Computer = "web1" })}, "a"},
		{"another time", []Event{rec("a", "7", "a.exe"), func() Event { e := rec("b", "7", "a.exe"); e.Time = day(12, 0, 1); return e }()}, "a b"},
		{"of other types", []Event{{Time: at, Source: Source{Artifact: "a", Type: TypeMFT}}, {Time: at, Source: Source{Artifact: "b", Type: TypeMFT}}}, "a b"},
	} {
		var got []string
		for e := range Once(slices.Values(tt.events)) {
			got = append(got, e.Source.Artifact)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
		}
	}
	for range Once(slices.Values([]Event{rec("a", "7", ""), rec("a", "8", "")})) {
		break // a caller may stop
	}
}

// What is in a folder several times is read once: copies of artifacts, and records that logs of
// different content both have.
func TestCopies(t *testing.T) {
	write := func(n int) []byte {
		var records []any
		for i := range n {
			records = append(records, &evtx.Security4688{System: logged(securityProvider, securityChannel, 4688, day(12, 0, i)), NewProcessName: "a.exe"})
		}
		return logFile(t, records...)
	}
	log, earlier := write(3), write(2)
	hive := hiveBytes(t, registrytest.Hive{Name: "SYSTEM", Root: registrytest.Key{LastWrite: day(9, 0, 0)}})
	other := hiveBytes(t, registrytest.Hive{Name: "SYSTEM", Root: registrytest.Key{LastWrite: day(10, 0, 0)}})
	const line = "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time cs-method cs-uri-stem\r\n2019-06-14 12:00:00 GET /a\r\n"
	for _, tt := range []struct {
		name         string
		files        map[string][]byte
		first        map[string][]byte // of another timeline, which Beside names
		events, rows int               // rows of the coverage that are not absent
	}{
		{"one log", map[string][]byte{"Security.evtx": log}, nil, 3, 1},
		{"a copy of it", map[string][]byte{"Security.evtx": log, "b/Security.evtx": log}, nil, 3, 2},
		{"an earlier copy", map[string][]byte{"Security.evtx": log, "b/Security.evtx": earlier}, nil, 3, 2},
		{"the earlier copy comes first", map[string][]byte{"Security.evtx": log, "A/Security.evtx": earlier}, nil, 3, 2},
		{"a hive", map[string][]byte{"SYSTEM": hive}, nil, 1, 1},
		{"a copy of the hive", map[string][]byte{"SYSTEM": hive, "b/SYSTEM": hive}, nil, 1, 2},
		{"another hive", map[string][]byte{"SYSTEM": hive, "b/SYSTEM": other}, nil, 2, 2},
		{"a copy with a log that the first does not have", map[string][]byte{"SYSTEM": hive, "b/SYSTEM": hive, "b/SYSTEM.LOG1": []byte("x")}, nil, 2, 2},
		{"hives of two accounts", map[string][]byte{"Users/a/NTUSER.DAT": hive, "Users/b/NTUSER.DAT": hive}, nil, 2, 2},
		{"a web log and its copy", map[string][]byte{"a.log": []byte(line), "b.log": []byte(line)}, nil, 1, 2},
		{"a log that another timeline has", map[string][]byte{"Security.evtx": log}, map[string][]byte{"x.evtx": log}, 0, 1},
		{"a web log that another timeline has", map[string][]byte{"a.log": []byte(line)}, map[string][]byte{"Windows/System32/x": nil, "inetpub/logs/LogFiles/W3SVC1/a.log": []byte(line)}, 0, 1},
		{"on a volume with Windows", map[string][]byte{"Windows/System32/config/SYSTEM": hive}, map[string][]byte{"SYSTEM": hive}, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var opts []Option
			if tt.first != nil {
				opts = append(opts, Beside(collect(t, filesOf(tt.first), WithWebLogsOnDemand())))
			}
			tl := collect(t, filesOf(tt.files), opts...)
			events, rows := 0, 0
			for range tl.Events() {
				events++
			}
			for _, c := range tl.Coverage() {
				if c.State != Absent && c.Type != TypeZone {
					rows++
				}
			}
			if events != tt.events || rows != tt.rows {
				t.Errorf("%d events, %d artifacts, want %d and %d", events, rows, tt.events, tt.rows)
			}
		})
	}
}

func filesOf(files map[string][]byte) fs.FS {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return fsys
}
