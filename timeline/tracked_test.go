package timeline

import (
	"bytes"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A link names the file that its target is now, by the object identifier that NTFS keeps of it,
// if the identifier of the volume is that of the link.
func TestTracked(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	own, other := mft.GUID{0x40, 1}, mft.GUID{0x60, 1}
	file := mft.GUID{9}
	for _, tt := range []struct {
		name   string
		volume mft.GUID
		droid  lnk.Droid
		file   mfttest.File
		want   string // TrackedEntry TrackedPath, and what follows in the message
	}{
		{"renamed", own, lnk.Droid{Volume: own, File: file}, mfttest.File{Path: "Data/tool.exe", Entry: 90, ObjectID: file}, `90-1 C:\Data\tool.exe; that file is now C:\Data\tool.exe`},
		{"where it was", own, lnk.Droid{Volume: own, File: file}, mfttest.File{Path: "Users/eve/setup.exe", Entry: 90, ObjectID: file}, `90-1 C:\Users\eve\setup.exe`},
		{"with the flag of a move", own, lnk.Droid{Volume: mft.GUID{0x41, 1}, File: file}, mfttest.File{Path: "Data/tool.exe", Entry: 90, ObjectID: file}, `90-1 C:\Data\tool.exe; that file is now C:\Data\tool.exe`},
		{"a link of another volume", own, lnk.Droid{Volume: other, File: file}, mfttest.File{Path: "Data/tool.exe", ObjectID: file}, " "},
		{"a volume without an identifier", mft.GUID{}, lnk.Droid{Volume: own, File: file}, mfttest.File{Path: "Data/tool.exe", ObjectID: file}, " "},
		{"a link without the identifier of a volume", mft.GUID{}, lnk.Droid{File: file}, mfttest.File{Path: "Data/tool.exe", ObjectID: file}, " "},
		{"a file of another identifier", own, lnk.Droid{Volume: own, File: mft.GUID{8}}, mfttest.File{Path: "Data/tool.exe", ObjectID: file}, " "},
		{"a file that was deleted", own, lnk.Droid{Volume: own, File: file}, mfttest.File{Path: "Data/tool.exe", ObjectID: file, Deleted: true}, " "},
		{"a link without identifiers", own, lnk.Droid{}, mfttest.File{Path: "Data/tool.exe", ObjectID: file}, " "},
	} {
		link, err := lnktest.File{Link: lnk.Link{LocalPath: `C:\Users\eve\setup.exe`, MachineID: "web01", Droid: tt.droid}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		image, err := mfttest.Volume{ObjectID: tt.volume, Files: []mfttest.File{
			{Path: "Windows/System32/x"}, tt.file,
			{Path: "Users/eve/AppData/Roaming/Microsoft/Windows/Recent/setup.lnk", Data: link, Times: mfttest.AllAt(at)},
		}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for e := range collect(t, vol).ByKind(FileOpened) {
			n++
			_, says, _ := bytes.Cut([]byte(e.Message), []byte(" on web01"))
			if got := e.Field("TrackedEntry") + " " + e.Field("TrackedPath") + string(says); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d events", tt.name, n)
		}
	}
}
