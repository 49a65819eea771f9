package timeline

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// smallLog has the story of a tool: it is unpacked, renamed, its times are set back, it
// gets a stream, and the folder it came in is deleted.
func smallLog(t *testing.T) []byte {
	t.Helper()
	var l logfiletest.Log
	kit := logfiletest.File{Ref: mft.Ref{Entry: 40, Seq: 3}, Parent: mft.Ref{Entry: 5, Seq: 5}, Name: "kit", Dir: true, Times: logfiletest.AllAt(day(12, 0, 0))}
	tool := logfiletest.File{Ref: mft.Ref{Entry: 41, Seq: 1}, Parent: kit.Ref, Name: "a.tmp", Times: logfiletest.AllAt(day(12, 0, 1))}
	l.Create(kit)
	l.Create(tool)
	named := tool
	named.Parent, named.Name = kit.Parent, "sqlserver.exe"
	l.Rename(tool, named)
	old := logfiletest.AllAt(day(12, 0, 0).AddDate(-4, 0, 0))
	old.Changed = day(12, 0, 5)
	l.SetTimes(named, old)
	l.AddStream(named, "Zone.Identifier", []byte("[ZoneTransfer]"))
	later := tool
	later.Ref.Entry, later.Times = 42, logfiletest.AllAt(day(12, 0, 9))
	l.Create(later)
	l.Delete(later)
	l.Delete(kit)
	return l.Bytes()
}

var logStory = []string{
	`12:00:00 Creation Time file.created C:\kit was created`,
	`12:00:01 Creation Time file.created C:\kit\a.tmp was created`,
	`12:00:01 Not Before file.renamed C:\kit\a.tmp became C:\sqlserver.exe`,
	`12:00:01 Not Before stream.changed C:\sqlserver.exe got a stream: Zone.Identifier`,
	`12:00:05 Metadata Modification Time file.info_set C:\sqlserver.exe has times that were set back: created from 2019-06-14T12:00:01.0000000Z to 2015-06-14T12:00:00.0000000Z, modified from 2019-06-14T12:00:01.0000000Z to 2015-06-14T12:00:00.0000000Z`,
	`12:00:09 Creation Time file.created C:\kit\a.tmp was created`,
	`12:00:09 Not Before file.deleted C:\kit\a.tmp was deleted`,
	`12:00:09 Not Before file.deleted C:\kit was deleted`,
}

func logLines(tl *Timeline, kinds ...Kind) (list []string) {
	events := tl.Events()
	if len(kinds) > 0 {
		events = tl.ByKind(kinds...)
	}
	for e := range events {
		if e.Source.Type == TypeLogFile {
			list = append(list, e.Time.Format("15:04:05 ")+e.Desc+" "+string(e.Kind)+" "+e.Message)
		}
	}
	return list
}

// The log is read from a volume, and from folders that collectors wrote.
func TestTransactionLog(t *testing.T) {
	l := smallLog(t)
	image, err := mfttest.Volume{Files: []mfttest.File{{Path: "x"}}, Log: l}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for name, vol := range map[string]fs.FS{
		"volume":                vol,
		"KAPE":                  fstest.MapFS{"C/$LogFile": {Data: l}},
		"a folder of Windows":   fstest.MapFS{"Windows/System32/x": {}, "$LogFile": {Data: l}},
		"of another name":       fstest.MapFS{"log.bin": {Data: l}},
		"without random access": sequential{fstest.MapFS{"$LogFile": {Data: l}}},
	} {
		tl := collect(t, vol)
		if got := logLines(tl); !slices.Equal(got, logStory) {
			t.Errorf("%s: got\n%s", name, strings.Join(got, "\n"))
		}
		n := 0
		for _, c := range tl.Coverage() {
			if c.Type == TypeLogFile {
				if n++; c.State != Parsed || c.Records != 29 || c.Name != "$LogFile" || !c.First.Equal(day(12, 0, 0)) || !c.Last.Equal(day(12, 0, 9)) {
					t.Errorf("%s: %+v", name, c)
				}
			}
		}
		if n != 1 {
			t.Errorf("%s: %d logs", name, n)
		}
		if list := tl.TransactionLogs(); len(list) != 1 || list[0].Paths == nil {
			t.Errorf("%s: %v", name, list)
		}
	}
}

func TestTransactionLogByKind(t *testing.T) {
	tl := collect(t, fstest.MapFS{"$LogFile": {Data: smallLog(t)}})
	if got := logLines(tl, FileInfoSet); !slices.Equal(got, logStory[4:5]) {
		t.Errorf("got %q", got)
	}
	for e := range tl.ByKind(FileRenamed) {
		if e.Field("OldPath") != `C:\kit\a.tmp` || e.Path != `C:\sqlserver.exe` || e.Field("NotAfter") != "2019-06-14T12:00:09.0000000Z" {
			t.Errorf("%+v", e)
		}
		if d, ok := e.Data.(*logfile.Event); !ok || d.Offset != e.Source.Offset || !strings.HasPrefix(e.Source.Record, "LSN ") {
			t.Errorf("%T, source %+v", e.Data, e.Source)
		}
	}
}

// The steps by which the time of the last access is corrected are no one's doing.
func TestSetBack(t *testing.T) {
	at := time.Date(2024, 3, 4, 12, 0, 0, 0, time.UTC)
	e := logfile.Event{Kind: logfile.InfoChanged, OldInfo: &logfile.Info{Created: at, Accessed: at}, Info: &logfile.Info{Created: at, Accessed: at.Add(-time.Second)}}
	if got := SetBack(&e); len(got) > 0 {
		t.Errorf("got %v", got)
	}
	e.Info.Created = at.Add(-time.Hour)
	if got := SetBack(&e); len(got) != 1 || got[0].Name != "created" {
		t.Errorf("got %v", got)
	}
}

// An empty log, and a file that is only named like one.
func TestTransactionLogStates(t *testing.T) {
	for _, tt := range []struct {
		data  []byte
		state State
	}{
		{bytes.Repeat([]byte{0xff}, 65536), Parsed},
		{[]byte(strings.Repeat("no log ", 9000)), Damaged},
		{make([]byte, 65536), Damaged},
	} {
		if c := covered(t, collect(t, fstest.MapFS{"$LogFile": {Data: tt.data}}), "$LogFile"); c.State != tt.state || c.Records != 0 {
			t.Errorf("%+v, want %s", c, tt.state)
		}
	}
}
