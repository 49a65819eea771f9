package mft_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// Names that are not valid for io/fs get another form, under which they can be
// opened.
func TestNamesThatAreNotPaths(t *testing.T) {
	names := []string{"a slash", "back slash", "half a pair", "dot", "dots"}
	var files []mfttest.File
	for _, n := range names {
		files = append(files, mfttest.File{Path: n, Data: []byte(n)})
	}
	_, image := open(t, mfttest.Volume{Files: files})
	// NTFS itself allows any UTF-16 unit: write some into the names and the index.
	rename := func(from string, units ...uint16) {
		old := make([]byte, 0, 2*len(from))
		for _, c := range []byte(from) {
			old = append(old, c, 0)
		}
		now := slices.Clone(old)
		for i, u := range units {
			le.PutUint16(now[2*i:], u)
		}
		if bytes.Count(image, old) < 2 {
			t.Fatalf("%q is not there", from)
		}
		copy(image, bytes.ReplaceAll(image, old, now))
	}
	rename("a slash", 'a', '/')
	rename("back slash", 'b', '\\')
	rename("half a pair", 'h', 0xd800)
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := v.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "$") {
			got = append(got, e.Name())
			if _, err := fs.ReadFile(v, e.Name()); err != nil || !fs.ValidPath(e.Name()) {
				t.Errorf("%q: %v", e.Name(), err)
			}
		}
	}
	want := []string{"a\u2215slash", "b\u2216ck slash", "dot", "dots", "h\ufffdD800lf a pair"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestReparseTarget(t *testing.T) {
	const junction = "\x03\x00\x00\xa0\x1c\x00\x00\x00\x00\x00\x0e\x00\x10\x00\x04\x00" +
		"\\\x00?\x00?\x00\\\x00C\x00:\x00\\\x00" + "\x00\x00" + "C\x00:\x00\x00\x00"
	link := "\x0c\x00\x00\xa0\x20" + junction[5:16] + "\x00\x00\x00\x00" + junction[16:]
	utf16 := func(s string) string { return string(wtf8.Encode(s)) }
	alias := "\x1b\x00\x00\x80\x00\x00\x00\x00\x03\x00\x00\x00" + utf16("Pkg_1\x00Pkg_1!App\x00C:\\Program Files\\WindowsApps\\app.exe\x000\x00")
	layer := "\x18\x00\x00\x80\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x78\x56\x34\x12" + strings.Repeat("\x00", 12) + "\x16\x00" + utf16("Files\\a.dll")
	linux := "\x1d\x00\x00\xa0\x0c\x00\x00\x00\x02\x00\x00\x00../etc/x slack"
	for in, want := range map[string]string{
		alias:                             `C:\Program Files\WindowsApps\app.exe`,
		alias[:60]:                        "",
		layer:                             `{12345678-0000-0000-0000-000000000000}\Files\a.dll`,
		layer[:40]:                        "",
		linux:                             "../etc/x",
		junction:                          `\??\C:\`,
		link:                              `\??\C:\`,
		junction[:20]:                     "", // the name is beyond the end
		junction[:10]:                     "",
		"":                                "",
		"\x17\x00\x00\x80" + junction[4:]: "", // another tag: WOF
	} {
		if got := mft.ReparseTarget([]byte(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := (&mft.Record{}).ReparseTarget(); got != "" {
		t.Errorf("no reparse point leads to %q", got)
	}
}

func TestStrings(t *testing.T) {
	for got, want := range map[string]string{
		mft.FileAttributes(0).String(): "None",
		mft.FileArchive.String():       "Archive",
		(mft.FileHidden | mft.FileSystem | mft.FileDirectory | mft.FileArchive).String(): "Hidden|System|Directory|Archive",
		(mft.FileReadOnly | 1<<30).String():                                              "ReadOnly|0x40000000",
		mft.NamespaceWin32DOS.String():                                                   "DosWindows",
		mft.Namespace(9).String():                                                        "Unknown",
		mft.AttrData.String():                                                            "$DATA",
		mft.AttributeType(0x1234).String():                                               "0x1234",
		mft.Ref{Entry: 5, Seq: 5}.String():                                               "5-5",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for typ := mft.AttrStandardInformation; typ <= mft.AttrEA; typ += 0x10 {
		if s := typ.String(); !strings.HasPrefix(s, "$") {
			t.Errorf("%#x is %s", uint32(typ), s)
		}
	}
}

// An fs.FileInfo has what packages above look for.
func TestFileInfo(t *testing.T) {
	v, _ := open(t, machine())
	info, err := v.Stat("Users/alice/Downloads/payload tool.exe")
	if err != nil {
		t.Fatal(err)
	}
	i := info.(*mft.FileInfo)
	want := machine().Files[1]
	if !i.BirthTime().Equal(want.Times.Created) || !i.ModTime().Equal(want.Times.Modified) ||
		!i.ChangeTime().Equal(want.Times.Changed) || !i.AccessTime().Equal(want.Times.Accessed) {
		t.Errorf("times %v %v %v %v, want %+v", i.BirthTime(), i.ModTime(), i.ChangeTime(), i.AccessTime(), want.Times)
	}
	if i.Size() != int64(len(want.Data)) || i.Mode() != 0o444 || !slices.Equal(i.Streams(), []string{"big", "Zone.Identifier"}) {
		t.Errorf("size %d, mode %v, streams %q", i.Size(), i.Mode(), i.Streams())
	}
	dir, err := v.Open("Users")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dir.Read(make([]byte, 1)); err == nil {
		t.Error("a directory was read")
	}
	if err := dir.Close(); err != nil {
		t.Error(err)
	}
	if err := dir.Close(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
	f, err := v.Open("empty.txt")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := f.Read(make([]byte, 1)); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("read after closing: %v", err)
	}
	if _, err := f.(io.ReaderAt).ReadAt(make([]byte, 1), 0); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("read after closing: %v", err)
	}
	if _, err := v.ReadDir("empty.txt"); err == nil {
		t.Error("a file was listed")
	}
	if _, err := v.ReadFile("Users"); err == nil {
		t.Error("a directory was read")
	}
}
