package jumplist_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/ole"
	"github.com/birthmark-dfir/birthmark/internal/ole/oletest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist/jumplisttest"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/winid"
)

var when = time.Date(2026, 3, 2, 12, 0, 0, 123456700, time.UTC)

// sample is the list of Notepad: a pinned entry, one without a link, one of which only the
// link is left.
func sample(version uint32) jumplist.List {
	droid := lnk.Droid{Volume: winid.GUID{1}, File: winid.GUID{2, 7: 0x11, 8: 0x80}}
	l := jumplist.List{AppID: "9b9cdc69c1c24e2b", Version: version, Entries: []jumplist.Entry{
		{Record: "1", Listed: true, Number: 1, Path: `C:\Users\anna\Ünï 日本.txt`, Host: "web01", Droid: droid, DroidBirth: droid, LastAccess: when, Pinned: true, Accesses: 3,
			Link: &lnk.Link{LocalPath: `C:\Users\anna\Ünï 日本.txt`, DriveType: 3, Droid: droid}},
		{Record: "1a", Listed: true, Number: 0x1a, Path: `E:\tools\run.bat`, Host: "web01", LastAccess: when.Add(time.Hour), Accesses: 1,
			Properties: []shellitem.Property{{Set: winid.GUID{3}, ID: 30, Type: 31, Value: "run.bat"}, {Set: winid.GUID{3}, ID: 12, Type: 21, Value: "77"}},
			Link:       &lnk.Link{LocalPath: `E:\tools\run.bat`, DriveType: 2, DriveSerial: 7, VolumeLabel: "STICK", Arguments: strings.Repeat("x", 5000)}},
		{Record: "3", Number: 3, Link: &lnk.Link{NetworkPath: `\\srv\c$\old.txt`}},
	}}
	if version < 2 {
		for i := range l.Entries {
			l.Entries[i].Accesses, l.Entries[i].Properties = 0, nil
		}
	}
	return l
}

// tasks is the list of a program with categories of its own.
var tasks = jumplist.List{AppID: "5d696d521de238c3", Version: 2, Custom: true, Entries: []jumplist.Entry{
	{Record: "0", Listed: true, Category: "Favourites ü", Link: &lnk.Link{LocalPath: `C:\a.txt`}},
	{Record: "1", Listed: true, Category: "Favourites ü", Link: &lnk.Link{LocalPath: `C:\b.txt`, Arguments: "-x"}},
	{Record: "2", Listed: true, Category: "tasks", Link: &lnk.Link{LocalPath: `C:\c.exe`, Arguments: "--new"}},
}}

func written(t testing.TB, l jumplist.List) []byte {
	t.Helper()
	raw, err := jumplisttest.Bytes(l)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func open(t testing.TB, l jumplist.List, raw []byte) *jumplist.Reader {
	t.Helper()
	r, err := jumplist.NewReader(bytes.NewReader(raw), int64(len(raw)), jumplist.WithName(jumplisttest.Name(l)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// plain returns a list without what follows from how it is written.
func plain(l jumplist.List) jumplist.List {
	l.Entries = slices.Clone(l.Entries)
	for i := range l.Entries {
		l.Entries[i].Offset = 0
		if link := l.Entries[i].Link; link != nil {
			c := *link
			c.Flags = 0
			l.Entries[i].Link = &c
		}
	}
	return l
}

// What jumplisttest writes is read back as it was.
func TestWriterAndReaderAgree(t *testing.T) {
	for _, want := range []jumplist.List{sample(1), sample(3), sample(4), sample(6), tasks, {AppID: "1"}, {AppID: "1", Version: 4}, {AppID: "1", Version: 2, Custom: true}} {
		raw := written(t, want)
		r := open(t, want, raw)
		got := r.List()
		for _, e := range got.Entries {
			if e.Link != nil && !bytes.HasPrefix(raw[e.Offset:], []byte("L\x00\x00\x00")) {
				t.Errorf("the link of %s is not at %#x", e.Record, e.Offset)
			}
		}
		if a, b := plain(*got), plain(want); !reflect.DeepEqual(a, b) {
			t.Errorf("got  %+v\nwant %+v", a, b)
		}
		for p := range r.Problems() {
			t.Errorf("version %d: %v", want.Version, p)
		}
	}
	for _, bad := range []jumplist.Entry{{Listed: true, Host: strings.Repeat("x", 16)}, {Listed: true, Path: strings.Repeat("x", 1<<16)}, {Link: &lnk.Link{Name: strings.Repeat("x", 1<<16)}}} {
		if _, err := jumplisttest.Bytes(jumplist.List{Version: 4, Entries: []jumplist.Entry{bad}}); err == nil {
			t.Errorf("%+v was written", bad)
		}
	}
}

// Each kind of damage costs what it hits, and is reported.
func TestDamageLosesOnlyItself(t *testing.T) {
	le := binary.LittleEndian
	streams, _, err := ole.Streams(written(t, sample(4)))
	if err != nil {
		t.Fatal(err)
	}
	change := func(n int, f func([]byte) []byte) []byte {
		list := slices.Clone(streams)
		list[n].Data = f(bytes.Clone(list[n].Data))
		b, err := oletest.Bytes(list...)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	without := func(n int) []byte {
		b, err := oletest.Bytes(slices.Delete(slices.Clone(streams), n, n+1)...)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	own := written(t, tasks)
	patch := func(at int, v uint32) []byte {
		b := bytes.Clone(own)
		le.PutUint32(b[at:], v)
		return b
	}
	for _, tt := range []struct {
		name, problem string
		raw           []byte
		list          jumplist.List
		entries       int // of which links have one
		links         int
	}{
		{"DestList is cut off", "truncation: F: DestList: ", change(0, func(b []byte) []byte { return b[:len(b)-30] }), sample(4), 3, 3},
		{"more entries than there are", "malformed: F: DestList: number of entries at 0x4: got 9, want 2", change(0, func(b []byte) []byte { le.PutUint32(b[4:], 9); return b }), sample(4), 3, 3},
		{"a path that is too long", "truncation: F: DestList: path at", change(0, func(b []byte) []byte { b[32+128], b[32+129] = 0xff, 0xff; return b }), sample(4), 3, 3},
		{"a property store that is damaged", "malformed: F: DestList: version of a property storage at", change(0, func(b []byte) []byte { return bytes.Replace(b, []byte("1SPS"), []byte("2SPS"), 1) }), sample(4), 3, 3},
		{"no DestList", "malformed: F: stream DestList: got no such stream, want one", without(0), sample(4), 3, 3},
		{"an entry without its link", "malformed: F: DestList: stream of an entry: got no such stream, want 1", without(1), sample(4), 3, 2},
		{"what is not a link", "malformed: F: 1: header at 0x0: got", change(1, func(b []byte) []byte { b[4] = 9; return b }), sample(4), 3, 2},
		{"a link that is cut off", "truncation: F: 1a: COMMAND_LINE_ARGUMENTS at", change(2, func(b []byte) []byte { return b[:5000] }), sample(4), 3, 3},
		{"a type of category that does not exist", "malformed: F: type of the category at 0xc: got 7, want 0, 1 or 2", patch(12, 7), tasks, 3, 3},
		{"fewer categories than it says", "malformed: F: number of categories at 0x4: got 9, want 2", patch(4, 9), tasks, 3, 3},
		{"fewer links than it says", "malformed: F: Favourites ü: number of entries at 0x2a: got 7, want 2", patch(42, 7), tasks, 3, 3},
		{"a list of a program that is cut off", "truncation: F: link 2: COMMAND_LINE_ARGUMENTS", own[:len(own)-9], tasks, 3, 3},
	} {
		r := open(t, tt.list, tt.raw)
		got := ""
		for p := range r.Problems() {
			got += strings.ReplaceAll(p.String(), jumplisttest.Name(tt.list), "F") + "\n"
		}
		if want := tt.problem; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", tt.name, got, want)
		}
		links := 0
		for _, e := range r.List().Entries {
			if e.Link != nil {
				links++
			}
		}
		if n := len(r.List().Entries); n != tt.entries || links != tt.links {
			t.Errorf("%s: %d entries and %d links", tt.name, n, links)
		}
	}
	other, err := oletest.Bytes(ole.Stream{Name: "WordDocument", Data: []byte("x")})
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"empty": nil, "text": []byte("[InternetShortcut]"), "another compound file": other, "a header alone": other[:100]} {
		if _, err := jumplist.NewReader(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, jumplist.ErrNotJumpList) || !damage.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	big := bytes.NewReader(nil)
	if _, err := jumplist.NewReader(big, 64<<20+1); !errors.Is(err, jumplist.ErrNotJumpList) {
		t.Errorf("a large file: %v", err)
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]string{
		"x/9b9cdc69c1c24e2b.automaticDestinations-ms": "9b9cdc69c1c24e2b", `x\5D696D521DE238C3.customDestinations-ms`: "5d696d521de238c3",
		"012dc1ea8e34b5a6.automaticDestinations-ms": "12dc1ea8e34b5a6",
		"x.automaticDestinations-ms":                "", ".automaticDestinations-ms": "", "9b9cdc69c1c24e2b": "", "19b9cdc69c1c24e2b.automaticDestinations-ms": "",
	} {
		if got, ok := jumplist.Named(name); got != want || ok != (want != "") {
			t.Errorf("%s: %s, %t", name, got, ok)
		}
	}
}

// The AppIDs of well-known programs, as lists of them have them.
func TestAppIDs(t *testing.T) {
	for _, tt := range []struct{ id, path, name string }{
		{"9b9cdc69c1c24e2b", `C:\Windows\System32\notepad.exe`, "Notepad"},
		{"918e0ecb43d17e23", `C:\WINDOWS\SysWOW64\notepad.exe`, "Notepad (32 bits)"},
		{"12dc1ea8e34b5a6", `C:\Windows\System32\mspaint.exe`, "Paint"},
		{"469e4a7982cea4d4", `C:\Program Files\Windows NT\Accessories\wordpad.exe`, "WordPad"},
		{"5c450709f7ae4396", `C:\Program Files (x86)\Mozilla Firefox\firefox.exe`, "Mozilla Firefox (32 bits)"},
		{"9fda41b86ddcf1db", `D:\Program Files (x86)\VideoLAN\VLC\vlc.exe`, "VLC media player (32 bits)"},
		{"590aee7bdd69b59b", `C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`, "Windows PowerShell"},
		{"7e4dca80246863e3", "Microsoft.Windows.ControlPanel", "Control Panel"},
		{"f01b4d95cf55d32a", "Microsoft.Windows.Explorer", "Explorer"},
		{"28c8b86deab549a1", "Microsoft.InternetExplorer.Default", "Internet Explorer"},
		{"5d696d521de238c3", "Chrome", "Google Chrome"},
		{"fb3b0dbfee58fac8", "Microsoft.Office.WINWORD.EXE.15", "Microsoft Word"},
		{"766c6474ef2adc83", `C:\Windows\regedit.exe`, ""},
		{"1b4dd67f29cb1962", "", "Explorer (Windows 7)"},
	} {
		if tt.path != "" && !slices.Contains(jumplist.AppIDs(tt.path), tt.id) {
			t.Errorf("%s: %v, want %s", tt.path, jumplist.AppIDs(tt.path), tt.id)
		}
		if got := jumplist.Application(tt.id); got != tt.name {
			t.Errorf("%s: %q, want %q", tt.id, got, tt.name)
		}
	}
}

func TestTarget(t *testing.T) {
	link := &lnk.Link{LocalPath: `C:\x.txt`}
	for _, tt := range []struct {
		want string
		e    jumplist.Entry
	}{
		{`C:\a.txt`, jumplist.Entry{Path: `C:\a.txt`, Link: link}}, {`C:\x.txt`, jumplist.Entry{Path: "::{20D04FE0-3AEA-1069-A2D8-08002B30309D}", Link: link}},
		{`C:\x.txt`, jumplist.Entry{Link: link}}, {"knownfolder:{X}", jumplist.Entry{Path: "knownfolder:{X}", Link: &lnk.Link{}}}, {"", jumplist.Entry{}},
	} {
		if got := tt.e.Target(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.e, got, tt.want)
		}
	}
}

// What is known of real lists: one of the shell with folders and libraries, and one of a
// program with tasks.
func TestSamples(t *testing.T) {
	for name, want := range map[string]struct {
		app     string
		version uint32
		entries int
		first   string
	}{
		"1b4dd67f29cb1962.automaticDestinations-ms": {"Explorer (Windows 7)", 1, 7, `7  C:\Users\bperry\Downloads student-pc1 2015-08-29 15:32:44.0343008 +0000 UTC false`},
		"5afe4de1b92fc382.customDestinations-ms":    {"", 2, 9, `0 tasks C:\Windows\System32\GettingStarted.exe  0001-01-01 00:00:00 +0000 UTC false`},
	} {
		r, err := jumplist.Open(testenv.Sample(t, "traces/lnk-jumplist/"+name))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for p := range r.Problems() {
			t.Errorf("%s: %v", name, p)
		}
		l := r.List()
		if l.Version != want.version || jumplist.Application(l.AppID) != want.app || len(l.Entries) != want.entries {
			t.Fatalf("%s: %+v", name, l)
		}
		for i, e := range l.Entries {
			got := fmt.Sprintf("%s %s %s %s %v %t", e.Record, e.Category, e.Target(), e.Host, e.LastAccess, e.Pinned)
			if i == 0 && got != want.first || !e.Listed || e.Link == nil {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

// Libolecf and liblnk read the same links, and a reading of the specification of DestList
// in Python the same entries.
func TestAnotherReaderReadsTheSame(t *testing.T) {
	python := testenv.Python(t, "pyolecf")
	var names []string
	for _, version := range []uint32{1, 3, 4} {
		name := filepath.Join(t.TempDir(), jumplisttest.Name(sample(version)))
		if err := os.WriteFile(name, written(t, sample(version)), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if os.Getenv("BIRTHMARK_SAMPLES") != "" {
		names = append(names, testenv.Sample(t, "traces/lnk-jumplist/1b4dd67f29cb1962.automaticDestinations-ms"))
	}
	const script = `
import struct, sys, pyolecf, pylnk
sys.stdout.reconfigure(encoding='utf-8')
for name in sys.argv[1:]:
    f = pyolecf.file(); f.open(name)
    streams = {i.name: i for i in f.root_item.sub_items}
    links = {}
    for n, i in streams.items():
        if n == 'DestList': continue
        l = pylnk.file(); l.open_file_object(i)
        links[n] = (l.local_path or l.network_path or '').rstrip('\0')
    d = streams['DestList'].read(streams['DestList'].size)
    version, count = struct.unpack_from('<II', d)
    at = 32
    for _ in range(count):
        host = d[at+72:at+88].split(b'\0')[0].decode()
        number, = struct.unpack_from('<I', d, at+88)
        ticks, pin = struct.unpack_from('<Qi', d, at+100)
        accesses = struct.unpack_from('<I', d, at+116)[0] if version > 1 else 0
        at += 112 if version == 1 else 128
        n, = struct.unpack_from('<H', d, at)
        path = d[at+2:at+2+2*n].decode('utf-16-le')
        at += 2+2*n + (0 if version == 1 else 4)
        print('%x|%s|%s|%d|%s|%d|%s' % (number, path, host, ticks, pin >= 0, accesses, links.pop('%x' % number)))
    for n in sorted(links): print('%s only|%s' % (n, links[n]))
`
	out, err := exec.Command(python, append([]string{"-c", script}, names...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got, n := "", 0
	for _, name := range names {
		r, err := jumplist.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for _, e := range r.List().Entries {
			target := e.Link.LocalPath + e.Link.NetworkPath
			n++
			if !e.Listed {
				got += fmt.Sprintf("%s only|%s\n", e.Record, target)
				continue
			}
			pinned := map[bool]string{true: "True", false: "False"}[e.Pinned]
			got += fmt.Sprintf("%s|%s|%s|%d|%s|%d|%s\n", e.Record, e.Path, e.Host, (e.LastAccess.Unix()+11644473600)*1e7+int64(e.LastAccess.Nanosecond()/100), pinned, e.Accesses, target)
		}
	}
	if got != string(out) {
		t.Errorf("got\n%s\nwant\n%s", got, out)
	}
	t.Logf("%d entries of %d lists are the same", n, len(names))
}

// Whatever the bytes: no panic, every error located, and a second reading gives the same.
func FuzzReader(f *testing.F) {
	f.Add(written(f, sample(1)))
	f.Add(written(f, sample(4)))
	f.Add(written(f, tasks))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := jumplist.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for p := range r.Problems() {
			_ = p.String()
		}
		for _, e := range r.List().Entries {
			_ = e.Target()
			if e.Offset >= int64(len(raw)) || e.Record == "" {
				t.Fatalf("%+v", e)
			}
		}
	})
}

func ExampleNewReader() {
	l := jumplist.List{AppID: jumplist.AppID(`{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\notepad.exe`), Version: 4, Entries: []jumplist.Entry{
		{Listed: true, Number: 1, Path: `E:\notes.txt`, Host: "lab-pc", LastAccess: when.Truncate(time.Second), Accesses: 2, Link: &lnk.Link{LocalPath: `E:\notes.txt`, DriveType: 2}}}}
	raw, err := jumplisttest.Bytes(l)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := jumplist.NewReader(bytes.NewReader(raw), int64(len(raw)), jumplist.WithName(jumplisttest.Name(l)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	for _, e := range r.List().Entries {
		fmt.Println(jumplist.Application(r.List().AppID), "opened", e.Target(), "on", e.LastAccess)
	}
	// Output: Notepad opened E:\notes.txt on 2026-03-02 12:00:00 +0000 UTC
}
