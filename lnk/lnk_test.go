package lnk_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
	"github.com/birthmark-dfir/birthmark/winid"
)

var when = time.Date(2026, 3, 2, 12, 0, 0, 123456700, time.UTC)

// full has a value in every field that a link without a share has.
var full = lnk.Link{
	FileAttributes: 0x20, CreationTime: when, AccessTime: when.Add(time.Hour), WriteTime: when.Add(time.Minute), FileSize: 7168, ShowCommand: 7,
	LocalPath: `C:\ProgramData\Ünï 日本\up.exe`, DriveType: 3, DriveSerial: 0xdeadbeef, VolumeLabel: "Windows",
	Name: "Updater", RelativePath: `..\up.exe`, WorkingDir: `C:\ProgramData`, Arguments: `-q "a b"`, IconLocation: `%SystemRoot%\x.dll`,
	Environment: `%ProgramData%\up.exe`, MachineID: "web01",
	IconIndex: -4, HotKey: 0x641,
}

var onShare = lnk.Link{NetworkPath: `\\srv\c$\tools\up.exe`, DeviceName: "Z:"}

func open(t testing.TB, raw []byte) *lnk.Reader {
	t.Helper()
	r, err := lnk.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func written(t testing.TB, f lnktest.File) []byte {
	t.Helper()
	raw, err := f.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// What lnktest writes is read back as it was.
func TestWriterAndReaderAgree(t *testing.T) {
	both := onShare
	both.LocalPath = `D:\shared\tools\up.exe`
	latin := full
	latin.LocalPath, latin.VolumeLabel = `C:\ProgramData\Ünï\up.exe`, ""
	for name, f := range map[string]lnktest.File{
		"empty":            {},
		"full":             {Link: full},
		"an empty list":    {Link: full, IDList: []byte{}},
		"on a share":       {Link: onShare},
		"on both":          {Link: both},
		"ANSI":             {Link: latin, ANSI: true},
		"ANSI, on a share": {Link: onShare, ANSI: true},
		"as administrator": {Link: lnk.Link{Flags: lnk.RunAsUser, LocalPath: `C:\x`}},
	} {
		r := open(t, written(t, f))
		want := f.Link
		want.Flags = f.Flags()
		if got := r.Link(); !reflect.DeepEqual(*got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, *got, want)
		}
		for p := range r.Problems() {
			t.Errorf("%s: %v", name, p)
		}
	}
	for _, bad := range []lnktest.File{
		{IDList: make([]byte, 1<<16)}, {Link: lnk.Link{Arguments: strings.Repeat("x", 1<<16)}}, {Link: lnk.Link{Environment: strings.Repeat("x", 260)}},
	} {
		if _, err := bad.Bytes(); err == nil {
			t.Error("what does not fit was written")
		}
	}
}

// The parts that links of Windows itself have, beyond those of full.
func TestExtraData(t *testing.T) {
	guid := func(s string) winid.GUID {
		g, err := winid.ParseGUID(s)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	droid := lnk.Droid{Volume: guid("A6B8F7E0-1C2D-4E3F-8A9B-0C1D2E3F4A5B"), File: guid("5B6C1E80-15D1-11F1-9C3A-000C29ABCDEF")}
	want := lnk.Link{
		Items: shellitemtest.File(`C:\ProgramData\up.exe`, func(i *shellitem.Item) { i.Ref = 7<<48 | 90 }), LocalPath: `C:\ProgramData\up.exe`, DriveType: 3,
		NetworkPath: `\\srv\data\up.exe`, NetworkProvider: 0x20000,
		IconEnvironment: `%ProgramData%\up.ico`, Darwin: "w_1^VX!!!!!!!!!MKKSkEXCELFiles>tW{~$4Q]c@II=l2xaTO5Z", ShimLayer: "WinXPSp3", MachineID: "web01",
		Droid: droid, DroidBirth: lnk.Droid{File: droid.File}, SpecialFolder: 35, KnownFolder: guid("62AB5D82-FDC1-4DC3-A9DD-070D1D495D97"),
		AlternateItems: shellitemtest.File(`C:\Data\up.exe`, nil),
		Properties:     []shellitem.Property{{Set: guid("9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3"), ID: 5, Type: 31, Value: "contoso.app"}},
		Console:        &lnk.Console{BufferX: 120, BufferY: 9001, WindowX: 120, WindowY: 30, FontSize: 16 << 16, FaceName: "Consolas", QuickEdit: true, HistoryBufferSize: 50, HistoryBuffers: 4},
		CodePage:       932, Blocks: []lnk.Block{{Signature: 0xa00000ff, Raw: []byte("more")}},
	}
	f := lnktest.File{Link: want}
	raw := written(t, f)
	r := open(t, append(bytes.Clone(raw), "appended"...))
	for p := range r.Problems() {
		t.Error(p)
	}
	got := *r.Link()
	if r.Size() != int64(len(raw)) {
		t.Errorf("size %d, want %d", r.Size(), len(raw))
	}
	if got.Property("System.AppUserModel.ID") != "contoso.app" || got.Property("System.Title") != "" || shellitem.Path(got.AlternateItems) != `C:\Data\up.exe` {
		t.Errorf("%+v", got)
	}
	if got.Droid.MAC() != "00:0c:29:ab:cd:ef" || got.Droid.Made().Format(time.RFC3339) != "2026-03-02T00:47:15Z" {
		t.Errorf("droid made by %s at %v", got.Droid.MAC(), got.Droid.Made())
	}
	last := got.Items[len(got.Items)-1]
	if last.Ref.Entry() != 90 || last.Ref.Sequence() != 7 || last.Name != "up.exe" {
		t.Errorf("%+v", last)
	}
	want.Flags = f.Flags()
	got.Blocks[0].Offset = 0
	for _, l := range []*lnk.Link{&got, &want} {
		l.Items, l.AlternateItems = nil, nil // package shellitem compares them
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// What made an object identifier is known only of version 1, and its address only if it is
// that of a network card.
func TestDroid(t *testing.T) {
	for _, tt := range []struct{ file, mac, made string }{
		{"5B6C1E80-15D1-11F1-9C3A-000C29ABCDEF", "00:0c:29:ab:cd:ef", "2026-03-02T00:47:15Z"},
		{"5B6C1E80-15D1-11F1-9C3A-010C29ABCDEF", "", "2026-03-02T00:47:15Z"},
		{"5B6C1E80-15D1-41F1-9C3A-000C29ABCDEF", "", ""},
		{"00000000-0000-1000-8000-000C29ABCDEF", "00:0c:29:ab:cd:ef", ""},
		{"00000000-0000-0000-0000-000000000000", "", ""},
	} {
		g, err := winid.ParseGUID(tt.file)
		if err != nil {
			t.Fatal(err)
		}
		d, made := lnk.Droid{File: g}, ""
		if at := d.Made(); !at.IsZero() {
			made = at.Format(time.RFC3339)
		}
		if d.MAC() != tt.mac || made != tt.made {
			t.Errorf("%s: %s at %s", tt.file, d.MAC(), made)
		}
	}
}

// A link of Windows 10 to a program on C:, written down from the specification.
func TestSpecifiedLayout(t *testing.T) {
	le := binary.LittleEndian
	raw := written(t, lnktest.File{})[:76]
	le.PutUint32(raw[20:], 0x80|0x20|0x02|0x01) // IsUnicode, HasArguments, HasLinkInfo, HasLinkTargetIDList
	raw = append(raw, 2, 0, 0, 0)               // an IDList with its terminal
	info := []byte{
		0x3c, 0, 0, 0, 0x1c, 0, 0, 0, 1, 0, 0, 0, // size, header size, flags
		0x1c, 0, 0, 0, 0x2e, 0, 0, 0, 0, 0, 0, 0, 0x37, 0, 0, 0, // VolumeID, LocalBasePath, no network, CommonPathSuffix
		0x12, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3, 4, 0x10, 0, 0, 0, 'C', 0, // VolumeID
		'C', ':', '\\', 't', 'o', 'o', 'l', 's', 0, // LocalBasePath
		'x', '.', 'e', 'x', 0, // CommonPathSuffix, cut to fit
	}
	raw = append(raw, info...)
	raw = append(raw, 2, 0, '-', 0, 'q', 0)
	got := open(t, raw).Link()
	if got.LocalPath != `C:\tools\x.ex` || got.Arguments != "-q" || got.DriveSerial != 0x04030201 || got.VolumeLabel != "C" || got.DriveType != 3 {
		t.Errorf("%+v", got)
	}
}

func TestTargets(t *testing.T) {
	for _, tt := range []struct {
		name, command string
		link          lnk.Link
		targets       []string
	}{
		{"local", `C:\x.exe -q`, lnk.Link{LocalPath: `C:\x.exe`, Arguments: "-q"}, []string{`C:\x.exe`}},
		{"all of them", `"C:\a b.exe"`, lnk.Link{LocalPath: `C:\a b.exe`, NetworkPath: `\\s\t\x`, Environment: `%x%`, RelativePath: `.\x`},
			[]string{`C:\a b.exe`, `\\s\t\x`, `%x%`, `.\x`}},
		{"in the items", `C:\y.exe -q`, lnk.Link{Items: shellitemtest.File(`C:\y.exe`, nil), LocalPath: `C:\x.exe`, Arguments: "-q"}, []string{`C:\y.exe`, `C:\x.exe`}},
		{"the same twice", `C:\X.exe`, lnk.Link{Items: shellitemtest.File(`C:\X.exe`, nil), LocalPath: `C:\x.exe`}, []string{`C:\X.exe`}},
		{"none", "", lnk.Link{Arguments: "-q"}, nil},
	} {
		if got := tt.link.Targets(); !slices.Equal(got, tt.targets) {
			t.Errorf("%s: targets %q, want %q", tt.name, got, tt.targets)
		}
		if got := tt.link.CommandLine(); got != tt.command {
			t.Errorf("%s: command line %s, want %s", tt.name, got, tt.command)
		}
	}
}

// Each kind of damage costs what it hits, and is reported with its place.
func TestDamageLosesOnlyItself(t *testing.T) {
	sound := written(t, lnktest.File{Link: full, IDList: []byte{0, 0}})
	const info = 76 + 2 + 2 // offset of LinkInfo
	put := func(at int, v uint32) func([]byte) []byte {
		return func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b[at:], v)
			return b
		}
	}
	for _, tt := range []struct {
		name    string
		damage  func([]byte) []byte
		problem string
		lost    func(*lnk.Link) // what is then empty
	}{
		{"LinkInfo is larger than the file", put(info, 1<<31), "truncation: lnk: LinkInfo at 0x54: got", func(l *lnk.Link) {
			*l = lnk.Link{Flags: l.Flags, FileAttributes: l.FileAttributes, CreationTime: l.CreationTime, AccessTime: l.AccessTime, WriteTime: l.WriteTime, FileSize: l.FileSize, IconIndex: l.IconIndex, ShowCommand: l.ShowCommand, HotKey: l.HotKey}
		}},
		{"the volume is behind LinkInfo", put(info+12, 5000), "malformed: lnk: LinkInfo/VolumeID: VolumeID at 0x13d8: got", func(l *lnk.Link) {
			l.DriveType, l.DriveSerial, l.VolumeLabel = 0, 0, ""
		}},
		{"the path is behind LinkInfo", put(info+28, 5000), "malformed: lnk: LinkInfo: offset of LocalBasePath at 0x50: got 5000, want <", func(l *lnk.Link) { l.LocalPath = "" }},
		{"the last block is cut off", func(b []byte) []byte { return b[:len(b)-20] }, "truncation: lnk: ExtraData: ExtraData at", func(l *lnk.Link) { l.MachineID = "" }},
		{"a list of items is cut off", func(b []byte) []byte { return b[:78] }, "truncation: lnk: LinkTargetIDList at 0x4e: got 0 bytes, want 2 bytes", func(l *lnk.Link) {
			*l = lnk.Link{Flags: l.Flags, FileAttributes: l.FileAttributes, CreationTime: l.CreationTime, AccessTime: l.AccessTime, WriteTime: l.WriteTime, FileSize: l.FileSize, IconIndex: l.IconIndex, ShowCommand: l.ShowCommand, HotKey: l.HotKey}
		}},
		{"no end", func(b []byte) []byte { return b[:len(b)-4] }, "", func(*lnk.Link) {}},
		{"more behind the end", func(b []byte) []byte { return append(b, "more"...) }, "", func(*lnk.Link) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := open(t, tt.damage(bytes.Clone(sound)))
			got := ""
			for p := range r.Problems() {
				if got == "" {
					got = p.String()
				}
			}
			if (got == "") != (tt.problem == "") || !strings.HasPrefix(got, tt.problem) {
				t.Errorf("problem %q, want %q", got, tt.problem)
			}
			want := *open(t, sound).Link()
			tt.lost(&want)
			if !reflect.DeepEqual(*r.Link(), want) {
				t.Errorf("got  %+v\nwant %+v", *r.Link(), want)
			}
		})
	}
}

func TestNotALink(t *testing.T) {
	for name, raw := range map[string]string{
		"an empty file": "", "text": "[InternetShortcut]", "a header cut off": string(written(t, lnktest.File{})[:75]), "zeros": strings.Repeat("\x00", 100),
	} {
		_, err := lnk.NewReader(strings.NewReader(raw), int64(len(raw)))
		if !errors.Is(err, lnk.ErrNotLink) || !damage.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCarelessCode(t *testing.T) {
	var none *lnk.Reader
	for range none.Problems() {
		t.Error("a nil Reader has problems")
	}
	if none.Close() != nil || none.Link().Target() != "" {
		t.Error("a nil Reader has something")
	}
}
