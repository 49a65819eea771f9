package timeline

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// oneOfEach has an event of every sort of record: a file, its mark of the web, a
// typed and a generic log record, an autostart and a key, and web requests.
func oneOfEach(t *testing.T) *Timeline {
	t.Helper()
	hive := registrytest.Hive{Name: "SYSTEM"}
	hive.Set("Select", day(11, 0, 0), registrytest.DWord("Current", 1))
	hive.Set(`ControlSet001\Services\sqlsrv`, day(12, 0, 5), registrytest.SZ("ImagePath", `C:\x.exe`), registrytest.DWord("Type", 0x10), registrytest.DWord("Start", 2))
	hive.Set(`ControlSet001\Control\Half`+"\xed\xa0\x80"+`Pair`, day(12, 0, 6))
	log := logFile(t,
		&evtx.System7045{System: logged("Service Control Manager", systemChannel, 7045, day(12, 0, 5)), ServiceName: "sqlsrv", ImagePath: `C:\x.exe`, AccountName: "LocalSystem"},
		&evtx.Event{System: logged("Demo\x1b[2J", "Application", 7, day(12, 0, 6)), Element: "EventData", Fields: []evtx.Field{
			{Name: "a", Value: evtx.StringValue("=1+1")}, {Name: "a", Value: evtx.StringValue("\u202egpj.exe")}}})
	return collect(t, smallVolume(t,
		mfttest.File{Path: "Windows/System32/config/SYSTEM", Data: hiveBytes(t, hive)},
		mfttest.File{Path: "Windows/System32/winevt/Logs/System.evtx", Data: log},
		mfttest.File{Path: "inetpub/logs/LogFiles/W3SVC1/u_ex190614.log", Data: webLog(t,
			weblog.Request{Time: day(12, 0, 4), Taken: 3120 * time.Millisecond, Client: "203.0.113.77", User: `WEB1\eve`, Method: "POST", Path: "/up.aspx", Query: "id=1",
				UserAgent: "curl/8.0", Referer: "https://example.com/", Status: 200, Sent: -1, Received: -1, Port: 443},
			weblog.Request{Time: day(12, 0, 6), Taken: -1, Client: "=1+1", Method: "\x1b[2J", Path: "/\u202egpj.exe", Status: -1, Sent: -1, Received: -1, Port: -1})},
	))
}

// Every sort of record is written in every format as in the golden files.
func TestExportsOfRecords(t *testing.T) {
	tl := oneOfEach(t)
	for _, format := range Formats() {
		var out bytes.Buffer
		if err := Write(&out, format, tl.Between(day(12, 0, 0), day(12, 0, 6))); err != nil {
			t.Fatal(err)
		}
		testenv.Golden(t, "testdata/records."+format, out.Bytes())
		if i := bytes.IndexFunc(out.Bytes(), func(r rune) bool { return r != '\n' && show.Acts(r) }); i >= 0 {
			t.Errorf("%s: byte %d acts on a terminal", format, i)
		}
	}
}

func TestFieldsByName(t *testing.T) {
	for e := range oneOfEach(t).ByKind(ServiceInstalled) {
		if got := e.Field("ServiceName"); got != "sqlsrv" {
			t.Errorf("ServiceName is %q", got)
		}
		if got := e.Field("none"); got != "" {
			t.Errorf("a missing field is %q", got)
		}
		return
	}
	t.Error("no service was installed")
}

// sequential is a file system whose files can only be read from their beginning, like
// those of a zip archive.
type sequential struct{ fs.FS }

func (s sequential) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if st, err := f.Stat(); err != nil || st.IsDir() {
		return f, err
	}
	return struct{ fs.File }{f}, nil
}

func TestFilesWithoutRandomAccess(t *testing.T) {
	vol := windowsWithHives(t)
	vol["Windows/System32/winevt/Logs/System.evtx"] = &fstest.MapFile{Data: logFile(t, everyKind()...)}
	content, err := fs.ReadFile(smallVolume(t), "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	vol["$MFT"] = &fstest.MapFile{Data: content}
	vol["inetpub/logs/LogFiles/W3SVC1/u_ex190614.log"] = &fstest.MapFile{Data: webLog(t, manyRequests(1000)...)}
	want, got := messages(collect(t, vol).Events()), messages(collect(t, sequential{vol}).Events())
	if len(want) < 50 || !slices.Equal(got, want) {
		t.Errorf("%d events, with random access %d", len(got), len(want))
	}
}

// Marks of the web are read from the record and from clusters. One that cannot be
// read is a problem.
func TestZonesThatCannotBeRead(t *testing.T) {
	at := mfttest.AllAt(day(12, 0, 0))
	marked := func(name, content string) mfttest.File {
		return mfttest.File{Path: name, Times: at, Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte(content)}}}
	}
	long := "[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://192.0.2.7/" + strings.Repeat("x", 2000) + "\r\n"
	files := []mfttest.File{marked("long.exe", long), marked("nonsense.exe", "\x00\x01\x02 no mark")}
	vol := smallVolume(t, files...)
	tl := collect(t, vol)
	n := 0
	for e := range tl.ByKind(FileMarked) {
		if strings.Contains(e.Field("HostUrl"), strings.Repeat("x", 2000)) {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d marks read from clusters, want 1", n)
	}
	content, err := fs.ReadFile(vol, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	bare := covered(t, collect(t, fstest.MapFS{"$MFT": {Data: content}}), "Zone.Identifier")
	unsupported := slices.ContainsFunc(bare.Problems, func(p Problem) bool {
		return p.Kind == damage.Unsupported && p.Err.Want == "resident content, or the volume"
	})
	if !unsupported {
		t.Errorf("without the volume: %+v", bare.Problems)
	}
}

// A hive's keys have the path at which Windows mounts the hive.
func TestRootsOfHives(t *testing.T) {
	named := func(paths ...string) []byte {
		var h registrytest.Hive
		for _, p := range paths {
			h.Set(p, day(12, 0, 0))
		}
		return hiveBytes(t, h)
	}
	for artifact, tt := range map[string]struct {
		hive []byte
		want string
	}{
		"Windows/System32/config/DEFAULT":                        {named(`Software\Microsoft`), `HKU\.DEFAULT\Software`},
		"Windows/System32/config/SOFTWARE":                       {named(`Microsoft\Windows\CurrentVersion`), `HKLM\SOFTWARE\Microsoft`},
		"Windows/System32/config/SAM":                            {named(`SAM\Domains`), `HKLM\SAM\SAM`},
		"Users/eve/AppData/Local/Microsoft/Windows/UsrClass.dat": {named(`Local Settings`), `HKU\eve_Classes\Local Settings`},
		"Documents and Settings/eve/NTUSER.DAT":                  {named(`Software\Microsoft`), `HKU\eve\Software`},
		"Windows/ServiceProfiles/LocalService/NTUSER.DAT":        {named(`Software\Microsoft`), `HKU\LocalService\Software`},
		"loose/NTUSER.DAT":                                       {named(`Software\Microsoft`), `HKCU\Software`},
		"loose/UsrClass.dat":                                     {named(`Local Settings`), `HKCU\Software\Classes\Local Settings`},
		"loose/Amcache.hve":                                      {named(`Root\File`), `Root`},
	} {
		vol := fstest.MapFS{artifact: {Data: tt.hive}}
		if !strings.HasPrefix(artifact, "loose/") {
			vol["Windows/System32/cmd.exe"] = &fstest.MapFile{}
		}
		var got []string
		for e := range collect(t, vol).ByKind(RegistryKeyWritten) {
			got = append(got, e.Path)
		}
		if !slices.Contains(got, tt.want) {
			t.Errorf("%s: no %s in %q", artifact, tt.want, got)
		}
	}
}

func TestFindFile(t *testing.T) {
	vol := fstest.MapFS{"Users/Eve/A.exe": {}}
	for name, want := range map[string]string{
		`C:\users\eve\a.EXE`: "Users/Eve/A.exe", "Users/Eve/A.exe": "Users/Eve/A.exe", `\USERS\EVE`: "Users/Eve", "": ".",
		`C:\Users\Eve\b.exe`: "", `C:\..\Users`: "", `\\server\share\a.exe`: "",
	} {
		if got, ok := FindFile(vol, name); got != want || ok != (want != "") {
			t.Errorf("FindFile(%q) = %q, %v, want %q", name, got, ok, want)
		}
	}
}

// failing is a volume whose root cannot be read.
type failing struct{ fstest.MapFS }

func (failing) ReadDir(name string) ([]fs.DirEntry, error) {
	return nil, &fs.PathError{Op: "readdir", Path: path.Clean(name), Err: io.ErrUnexpectedEOF}
}

func TestVolumeThatCannotBeRead(t *testing.T) {
	if _, err := Collect(context.Background(), failing{fstest.MapFS{}}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want %v", err, io.ErrUnexpectedEOF)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Collect(ctx, windowsWithHives(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
