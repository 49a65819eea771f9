package timeline

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
)

// smallJournal records the story of a tool: it is unpacked, renamed, its times are set,
// its folder is renamed, and another file is deleted.
func smallJournal(t *testing.T) []byte {
	t.Helper()
	j := usnjrnltest.Journal{Head: 1 << 20}
	at := day(12, 0, 0)
	kit, tool := mft.Ref{Entry: 40, Seq: 3}, mft.Ref{Entry: 41, Seq: 1}
	add := func(file, parent mft.Ref, name string, dir bool, reasons ...usnjrnl.Reason) {
		for _, reason := range reasons {
			rec := usnjrnl.Record{File: usnjrnl.IDOf(file), Parent: usnjrnl.IDOf(parent), Time: at, Reason: reason, Name: name, Attributes: mft.FileArchive}
			if dir {
				rec.Attributes = mft.FileDirectory
			}
			j.Add(rec)
			at = at.Add(time.Second)
		}
	}
	root := mft.Ref{Entry: 5, Seq: 5}
	add(kit, root, "kit", true, usnjrnl.FileCreate, usnjrnl.FileCreate|usnjrnl.Close)
	add(tool, kit, "a.tmp", false, usnjrnl.FileCreate, usnjrnl.FileCreate|usnjrnl.DataExtend, usnjrnl.FileCreate|usnjrnl.DataExtend|usnjrnl.Close)
	add(tool, kit, "a.tmp", false, usnjrnl.RenameOldName)
	add(tool, kit, "sqlserver.exe", false, usnjrnl.RenameNewName, usnjrnl.RenameNewName|usnjrnl.Close)
	add(tool, kit, "sqlserver.exe", false, usnjrnl.BasicInfoChange, usnjrnl.BasicInfoChange|usnjrnl.Close)
	add(kit, root, "kit", true, usnjrnl.RenameOldName)
	add(kit, root, "Tools", true, usnjrnl.RenameNewName, usnjrnl.RenameNewName|usnjrnl.Close)
	add(tool, kit, "sqlserver.exe", false, usnjrnl.StreamChange, usnjrnl.StreamChange|usnjrnl.SecurityChange|usnjrnl.Close)
	add(mft.Ref{Entry: 50, Seq: 1}, mft.Ref{Entry: 51, Seq: 7}, "dropper.exe", false, usnjrnl.FileDelete|usnjrnl.Close)
	j.Add(usnjrnl.Record{Major: 4, File: usnjrnl.IDOf(tool), Parent: usnjrnl.IDOf(kit), Reason: usnjrnl.DataExtend, Extents: []usnjrnl.Extent{{Length: 4096}}})
	return j.Bytes()
}

var journalStory = []string{
	`12:00:00 file.created C:\kit was created (FILE_CREATE)`,
	`12:00:01 file.closed C:\kit was closed (FILE_CREATE|CLOSE)`,
	`12:00:02 file.created C:\kit\a.tmp was created (FILE_CREATE)`,
	`12:00:03 file.written C:\kit\a.tmp was written (DATA_EXTEND|FILE_CREATE)`,
	`12:00:04 file.closed C:\kit\a.tmp was closed (DATA_EXTEND|FILE_CREATE|CLOSE)`,
	`12:00:06 file.renamed C:\kit\a.tmp became C:\kit\sqlserver.exe (RENAME_NEW_NAME)`,
	`12:00:07 file.closed C:\kit\sqlserver.exe was closed (RENAME_NEW_NAME|CLOSE)`,
	`12:00:08 file.info_set C:\kit\sqlserver.exe has new times or attributes (BASIC_INFO_CHANGE)`,
	`12:00:09 file.closed C:\kit\sqlserver.exe was closed (BASIC_INFO_CHANGE|CLOSE)`,
	`12:00:11 file.renamed C:\kit became C:\Tools (RENAME_NEW_NAME)`,
	`12:00:12 file.closed C:\Tools was closed (RENAME_NEW_NAME|CLOSE)`,
	`12:00:13 stream.changed C:\Tools\sqlserver.exe has a stream that was changed (STREAM_CHANGE)`,
	`12:00:14 file.secured C:\Tools\sqlserver.exe has new permissions or another owner (SECURITY_CHANGE|STREAM_CHANGE|CLOSE)`,
	`12:00:15 file.deleted C:\?\dropper.exe was deleted (FILE_DELETE|CLOSE)`,
}

func journalLines(tl *Timeline, kinds ...Kind) (list []string) {
	events := tl.Events()
	if len(kinds) > 0 {
		events = tl.ByKind(kinds...)
	}
	for e := range events {
		if e.Source.Type == TypeUSN {
			list = append(list, e.Time.Format("15:04:05 ")+string(e.Kind)+" "+e.Message)
		}
	}
	return list
}

// The journal is read from a volume, and from folders that collectors wrote.
func TestChangeJournal(t *testing.T) {
	j := smallJournal(t)
	for name, vol := range map[string]fs.FS{
		"volume":                smallVolume(t, mfttest.File{Path: "$Extend/$UsnJrnl", Streams: []mfttest.Stream{{Name: "$J", Data: j}}}),
		"volume with Windows":   smallVolume(t, mfttest.File{Path: "Windows/System32", Dir: true}, mfttest.File{Path: "$Extend/$UsnJrnl", Streams: []mfttest.Stream{{Name: "$J", Data: j}}}),
		"CyLR":                  fstest.MapFS{"C/$Extend/$UsnJrnl$J": {Data: j}},
		"KAPE":                  fstest.MapFS{"C/$Extend/$J": {Data: j}, "C/$Extend/$Max": {Data: make([]byte, 32)}},
		"a folder of Windows":   fstest.MapFS{"Windows/System32/x": {}, "$Extend/$UsnJrnl:$J": {Data: j}},
		"a bare file":           fstest.MapFS{"$J": {Data: j}},
		"without random access": sequential{fstest.MapFS{"$UsnJrnl_$J": {Data: j}}},
	} {
		tl := collect(t, vol)
		if got := journalLines(tl); !slices.Equal(got, journalStory) {
			t.Errorf("%s: got\n%s", name, strings.Join(got, "\n"))
		}
		i := slices.IndexFunc(tl.Coverage(), func(c Coverage) bool { return c.Type == TypeUSN })
		if i < 0 {
			t.Errorf("%s: no coverage", name)
			continue
		}
		if list := tl.Journals(); len(list) != 1 || list[0].Artifact != tl.Coverage()[i].Artifact || list[0].Paths == nil {
			t.Errorf("%s: journals %+v", name, list)
		}
		if c := tl.Coverage()[i]; c.State != Parsed || c.Records != 17 || c.Name != "$UsnJrnl" || !c.First.Equal(day(12, 0, 0)) || !c.Last.Equal(day(12, 0, 15)) || c.ProblemCount > 0 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// $Max beside the journal has when it was created.
func TestJournalCreated(t *testing.T) {
	max := usnjrnltest.EncodeMax(usnjrnltest.MaxAt(day(11, 0, 0)))
	for name, vol := range map[string]fs.FS{
		"volume": smallVolume(t, mfttest.File{Path: "$Extend/$UsnJrnl", Streams: []mfttest.Stream{{Name: "$J", Data: smallJournal(t)}, {Name: "$Max", Data: max}}}),
		"CyLR":   fstest.MapFS{"C/$Extend/$UsnJrnl$J": {Data: smallJournal(t)}, "C/$Extend/$UsnJrnl$Max": {Data: max}},
		"KAPE":   fstest.MapFS{"C/$Extend/$J": {Data: smallJournal(t)}, "C/$Extend/$Max": {Data: max}},
		"bare":   fstest.MapFS{"$J": {Data: smallJournal(t)}, "$Max": {Data: max}},
	} {
		tl := collect(t, vol)
		if got := journalLines(tl, JournalCreated); !slices.Equal(got, []string{"11:00:00 journal.created the change journal was created, or got a new identifier"}) {
			t.Errorf("%s: %q", name, got)
		}
		for e := range tl.ByKind(JournalCreated) {
			if !strings.HasSuffix(e.Source.Artifact, "$Max") || e.Source.Offset != 0x10 || e.Path != `C:\$Extend\$UsnJrnl` {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
	if tl := collect(t, fstest.MapFS{"$J": {Data: smallJournal(t)}, "$Max": {Data: make([]byte, 32)}}); len(journalLines(tl, JournalCreated)) > 0 {
		t.Error("an identifier of zero is a time")
	}
	tl := collect(t, fstest.MapFS{"$J": {Data: smallJournal(t)}, "$Max": {Data: []byte("short")}})
	if i := slices.IndexFunc(tl.Coverage(), func(c Coverage) bool { return c.Type == TypeUSN }); i < 0 || tl.Coverage()[i].ProblemCount != 1 || tl.Coverage()[i].Records != 17 {
		t.Errorf("%+v", tl.Coverage())
	}
}

func TestChangeJournalByKind(t *testing.T) {
	tl := collect(t, fstest.MapFS{"$J": {Data: smallJournal(t)}})
	if got := journalLines(tl, FileRenamed); !slices.Equal(got, []string{journalStory[5], journalStory[9]}) {
		t.Errorf("got %q", got)
	}
	for e := range tl.ByKind(FileRenamed) {
		if e.Field("OldPath") != `C:\kit\a.tmp` || e.Path != `C:\kit\sqlserver.exe` {
			t.Errorf("from %q to %q", e.Field("OldPath"), e.Path)
		}
		if rec, ok := e.Data.(*usnjrnl.Record); !ok || rec.Offset != e.Source.Offset || !strings.HasPrefix(e.Source.Record, "USN ") {
			t.Errorf("%T, source %+v", e.Data, e.Source)
		}
		break
	}
}

// A file that is only named like a journal is in the coverage, as damaged.
func TestChangeJournalThatIsNone(t *testing.T) {
	tl := collect(t, fstest.MapFS{"$J": {Data: []byte(strings.Repeat("no journal ", 1000))}})
	if c := covered(t, tl, "$J"); c.State != Damaged || c.ProblemCount == 0 {
		t.Errorf("%+v", c)
	}
}
