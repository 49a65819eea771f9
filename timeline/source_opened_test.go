package timeline

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/detectionhistory/detectionhistorytest"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist/jumplisttest"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/prefetch/prefetchtest"
)

// Links and jump lists where Windows has them say when a file was opened, by whom, and
// where it was; a link elsewhere only that it was made. What is damaged is in the coverage.
func TestOpened(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	first, last := at.Add(-time.Hour), at.Add(time.Hour)
	link := func(l lnk.Link) []byte {
		b, err := lnktest.File{Link: l}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	stick := lnk.Link{
		LocalPath: `E:\tools\run.bat`, DriveType: 2, DriveSerial: 0xCAFE0001, VolumeLabel: "STICK", MachineID: "lab-pc", FileSize: 77, WriteTime: first,
		Items: shellitemtest.File(`E:\tools\run.bat`, func(i *shellitem.Item) { i.Ref = 7<<48 | 90 }),
	}
	list := jumplist.List{AppID: "9b9cdc69c1c24e2b", Version: 4, Entries: []jumplist.Entry{
		{Listed: true, Number: 1, Path: `C:\Data\a.txt`, Host: "web01", LastAccess: at, Pinned: true, Accesses: 3, Link: &lnk.Link{LocalPath: `C:\Data\a.txt`, DriveType: 3, DriveSerial: 7}},
		{Number: 2, Link: &lnk.Link{NetworkPath: `\\srv\data\b.txt`}},
	}}
	own := jumplist.List{AppID: "5d696d521de238c3", Custom: true, Version: 2, Entries: []jumplist.Entry{{Category: "tasks", Link: &lnk.Link{LocalPath: `C:\c.exe`}}, {Category: "x"}}}
	jumps := func(l jumplist.List) []byte {
		b, err := jumplisttest.Bytes(l)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	times := func(created, modified time.Time) mfttest.Times {
		ts := mfttest.AllAt(modified)
		ts.Created = created
		return ts
	}
	const recent = "Users/eve/AppData/Roaming/Microsoft/Windows/Recent/"
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Windows/System32/x"},
		{Path: recent + "run.lnk", Data: link(stick), Times: times(first, last)},
		{Path: recent + "once.lnk", Data: link(lnk.Link{LocalPath: `C:\Data\once.txt`}), Times: times(at, at)},
		{Path: recent + "bad.lnk", Data: []byte("bad"), Times: times(at, at)},
		{Path: "Users/eve/AppData/Roaming/Microsoft/Office/Recent/doc.lnk", Data: link(lnk.Link{LocalPath: `C:\Data\doc.docx`}), Times: times(at, at)},
		{Path: "Users/Public/Desktop/app.lnk", Data: link(lnk.Link{RelativePath: `..\..\..\Data\app.exe`}), Times: times(first, last)},
		{Path: "Users/eve/Desktop/note.txt", Data: []byte("x")},
		{Path: recent + "AutomaticDestinations/" + jumplisttest.Name(list), Data: jumps(list), Times: times(first, last)},
		{Path: recent + "CustomDestinations/" + jumplisttest.Name(own), Data: jumps(own), Times: times(first, last)},
		{Path: recent + "CustomDestinations/5d696d521de238c4.customDestinations-ms", Data: []byte("bad"), Times: times(first, last)},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	tl := collect(t, vol, WithDrive("C"))
	var got []string
	for e := range tl.ByKind(FileOpened, FileLinked) {
		o, ok := e.Data.(*Opening)
		if !ok || o.User != e.User {
			t.Errorf("%+v", e)
		}
		got = append(got, fmt.Sprintf("%s %s %s: %s", e.Time.Format("15:04"), e.Kind, e.Path, e.Message))
		if e.Source.Record == "run.lnk" {
			for name, want := range map[string]string{"DriveType": "removable", "VolumeSerial": "CAFE0001", "VolumeLabel": "STICK", "Machine": "lab-pc", "Entry": "90-7", "TargetSize": "77"} {
				if e.Field(name) != want {
					t.Errorf("%s: %q, want %q", name, e.Field(name), want)
				}
			}
			if i := o.Item(); i == nil || i.Name != "run.bat" || o.Machine() != "lab-pc" {
				t.Errorf("%+v", o)
			}
		}
		if e.Field("Accesses") == "3" && (e.Field("Pinned") != "true" || e.Field("AppID") != "9b9cdc69c1c24e2b" || o.Program != "Notepad" || o.Machine() != "web01") {
			t.Errorf("%+v", e)
		}
	}
	want := []string{
		`11:00 file.linked C:\Data\app.exe: C:\Data\app.exe was linked to`,
		`11:00 file.opened E:\tools\run.bat: E:\tools\run.bat was opened by way of the shell, for the first time under that name by eve on lab-pc`,
		`12:00 file.opened C:\Data\a.txt: C:\Data\a.txt was last opened with Notepad by eve on web01`,
		`12:00 file.opened C:\Data\doc.docx: C:\Data\doc.docx was opened by way of the shell, for the last time under that name by eve`,
		`12:00 file.opened C:\Data\once.txt: C:\Data\once.txt was opened by way of the shell, for the last time under that name by eve`,
		`13:00 file.linked : an unknown file was in the list of Google Chrome by eve`,
		`13:00 file.linked C:\c.exe: C:\c.exe was in the list of Google Chrome by eve`,
		`13:00 file.linked \\srv\data\b.txt: \\srv\data\b.txt had been in the list of Notepad, and only its link was left, by eve`,
		`13:00 file.opened E:\tools\run.bat: E:\tools\run.bat was opened by way of the shell, for the last time under that name by eve on lab-pc`,
	}
	slices.Sort(got)
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	for artifact, state := range map[string]State{recent + "bad.lnk": Damaged, recent + "run.lnk": Parsed, recent + "CustomDestinations/5d696d521de238c4.customDestinations-ms": Damaged} {
		if c := covered(t, tl, artifact); c.State != state {
			t.Errorf("%s: %+v", artifact, c)
		}
	}
}

// A machine without them has them in the coverage, as absent.
func TestOpenedAbsent(t *testing.T) {
	tl := collect(t, fstest.MapFS{"Windows/System32/x": {}})
	for _, sourceType := range []string{TypeJumpList, TypeLink} {
		if !slices.ContainsFunc(tl.Coverage(), func(c Coverage) bool { return c.Type == sourceType && c.State == Absent }) {
			t.Errorf("%s is not absent", sourceType)
		}
	}
}

// Every place of links and jump lists in the table is searched.
func TestOpenedPlaces(t *testing.T) {
	link, err := lnktest.File{Link: lnk.Link{LocalPath: `C:\Data\a.exe`}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	list, err := jumplisttest.Bytes(jumplist.List{Version: 4, Entries: []jumplist.Entry{{Number: 1, Link: &lnk.Link{LocalPath: `C:\Data\a.exe`}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range wholeFiles {
		data, name := link, "a.lnk"
		switch row.sourceType {
		case TypeJumpList:
			data, name = list, "9b9cdc69c1c24e2b.automaticDestinations-ms"
		case TypeLink:
		default:
			continue
		}
		artifact := strings.ReplaceAll(row.folder, "*", "eve") + "/" + name
		tl := collect(t, fstest.MapFS{"Windows/System32/x": {}, artifact: {Data: data, ModTime: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}})
		n := 0
		for e := range tl.ByKind(FileOpened, FileLinked) {
			if n++; e.Path != `C:\Data\a.exe` || e.User != "eve" {
				t.Errorf("%s: %+v", artifact, e)
			}
		}
		if c := covered(t, tl, artifact); n != 1 || c.State != Parsed || c.Records != 1 || c.Type != row.sourceType {
			t.Errorf("%s: %d events, %+v", artifact, n, c)
		}
	}
}

// A folder with nothing but links and jump lists has their events.
func TestOpenedInAnyFolder(t *testing.T) {
	b, err := lnktest.File{Link: lnk.Link{LocalPath: `C:\Data\a.exe`}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	n := 0
	for e := range collect(t, fstest.MapFS{"x/a.lnk": {Data: b, ModTime: at}, "y/Recent/a.lnk": {Data: b, ModTime: at}, "z/a.lnk": {Data: b}}).ByKind(FileOpened, FileLinked) {
		if n++; e.Path != `C:\Data\a.exe` || !e.Time.Equal(at) || (e.Kind == FileOpened) != inRecent(e.Source.Artifact) {
			t.Errorf("%+v", e)
		}
	}
	if n != 2 {
		t.Errorf("%d events", n)
	}
}

// The time of a copy is not that of the file: the event says so.
func TestOpenedByTheTimeOfACopy(t *testing.T) {
	link, err := lnktest.File{Link: lnk.Link{LocalPath: `C:\Data\a.exe`}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	list, err := jumplisttest.Bytes(jumplist.List{Version: 4, Entries: []jumplist.Entry{
		{Listed: true, Number: 1, Path: `C:\Data\dated.txt`, LastAccess: at.Add(-time.Hour), Link: &lnk.Link{LocalPath: `C:\Data\dated.txt`}},
		{Number: 2, Link: &lnk.Link{LocalPath: `C:\Data\undated.txt`}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"Recent/a.lnk": link, "b.lnk": link, "9b9cdc69c1c24e2b.automaticDestinations-ms": list}
	loose := fstest.MapFS{}
	onVolume := mfttest.Volume{}
	for name, data := range files {
		loose[name] = &fstest.MapFile{Data: data, ModTime: at}
		onVolume.Files = append(onVolume.Files, mfttest.File{Path: name, Data: data, Times: mfttest.AllAt(at)})
	}
	image, err := onVolume.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		vol  fs.FS
		want bool
	}{{"copies", loose, true}, {"a volume", vol, false}} {
		n := 0
		for e := range collect(t, tt.vol).ByKind(FileOpened, FileLinked) {
			n++
			o := e.Data.(*Opening)
			want := tt.want && o.Path != `C:\Data\dated.txt`
			if o.OfCopy != want || (e.Field("TimeOf") == "copy") != want || strings.Contains(e.Message, "time of the copy") != want {
				t.Errorf("%s: %s: %+v", tt.name, e.Message, e.Fields)
			}
		}
		if n != 4 {
			t.Errorf("%s: %d events", tt.name, n)
		}
	}
}

// A link whose file has no times was made at the last of the times of its target, or later.
func TestOpenedWithoutTimes(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		link lnk.Link
		want string
	}{
		"accessed last": {lnk.Link{LocalPath: `C:\a.exe`, CreationTime: at, WriteTime: at.Add(time.Hour), AccessTime: at.Add(2 * time.Hour)}, "14:00"},
		"created last":  {lnk.Link{LocalPath: `C:\a.exe`, CreationTime: at.Add(time.Hour), WriteTime: at}, "13:00"},
		"no times":      {lnk.Link{LocalPath: `C:\a.exe`}, ""},
	} {
		b, err := lnktest.File{Link: tt.link}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		list, err := jumplisttest.Bytes(jumplist.List{Version: 4, Entries: []jumplist.Entry{{Number: 1, Link: &tt.link}}})
		if err != nil {
			t.Fatal(err)
		}
		for file, data := range map[string][]byte{"Recent/a.lnk": b, "9b9cdc69c1c24e2b.automaticDestinations-ms": list} {
			got := ""
			for e := range collect(t, fstest.MapFS{file: {Data: data}}).ByKind(FileOpened, FileLinked) {
				got += e.Time.Format("15:04")
				if e.Kind != FileLinked || e.Field("TimeOf") != "target" || e.Data.(*Opening).OfCopy || !strings.Contains(e.Message, "then or later") {
					t.Errorf("%s: %s: %s %+v", name, file, e.Message, e.Fields)
				}
			}
			if got != tt.want {
				t.Errorf("%s: %s: %q, want %q", name, file, got, tt.want)
			}
		}
	}
}

// What Windows writes about a file is found by its content too, in any folder and under any
// name, and alone.
func TestTracesByContent(t *testing.T) {
	link, err := lnktest.File{Link: lnk.Link{LocalPath: `C:\Data\a.exe`}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	run, err := prefetchtest.Bytes(prefetchtest.Program(30, `\VOLUME{1}\DATA\A.EXE`, prefetch.Volume{Device: `\VOLUME{1}`, Serial: 1}, []time.Time{time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}))
	if err != nil {
		t.Fatal(err)
	}
	found := detectionhistorytest.Bytes(detectionhistory.Detection{Threat: "Trojan:Win32/Test", Detected: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)})
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{{"loose/1.bin", link, TypeLink}, {"loose/2.bin", run, TypePrefetch}, {"loose/3.bin", found, TypeDetection}} {
		c := covered(t, collect(t, fstest.MapFS{tt.name: {Data: tt.data, ModTime: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}}), tt.name)
		if c.Type != tt.want || c.State != Parsed || c.Records != 1 {
			t.Errorf("%s: %+v", tt.name, c)
		}
	}
}
