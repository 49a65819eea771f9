package origin_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist/jumplisttest"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// Machines on which links and jump lists have what a user opened.
func opened() []story {
	const recent = "Users/anna/AppData/Roaming/Microsoft/Windows/Recent/"
	const here = volumeSerial & 0xffffffff
	file := born(tool, "12:00:00.2134567", lee)
	file.Entry = 90
	copied := file // with the time of modification of its source
	copied.Times.Modified = clock("09:00:00")
	size := uint32(len(file.Data))

	link := func(when string, l lnk.Link) mfttest.File {
		data, err := lnktest.File{Link: l}.Bytes()
		if err != nil {
			panic(err)
		}
		return mfttest.File{Path: recent + "tool.lnk", Data: data, Times: mfttest.AllAt(clock(when))}
	}
	list := func(appID string, entries ...jumplist.Entry) mfttest.File {
		l := jumplist.List{AppID: appID, Version: 4, Entries: entries}
		data, err := jumplisttest.Bytes(l)
		if err != nil {
			panic(err)
		}
		return mfttest.File{Path: recent + "AutomaticDestinations/" + jumplisttest.Name(l), Data: data, Times: mfttest.AllAt(clock("15:00:00"))}
	}
	entry := func(path, when string, l lnk.Link) jumplist.Entry {
		e := jumplist.Entry{Listed: true, Number: 1, Path: path, Link: &l}
		if when != "" {
			e.LastAccess = clock(when)
		}
		return e
	}
	items := func(path string, ref shellitem.Ref) []shellitem.Item {
		return shellitemtest.File(path, func(i *shellitem.Item) { i.Ref = ref })
	}
	const mine = shellitem.Ref(1<<48 | 90)
	own := lnk.Link{Items: items(tool, mine), LocalPath: tool, DriveType: 3, DriveSerial: here, MachineID: "srv02"}
	other := func(change func(*lnk.Link)) lnk.Link {
		l := own
		change(&l)
		return l
	}
	stick := lnk.Link{LocalPath: `E:\kit\tool.exe`, DriveType: 2, DriveSerial: 0xcafe0001, VolumeLabel: "STICK", FileSize: size, WriteTime: clock("09:00:00").Add(time.Second), MachineID: "srv02"}
	away := stick
	away.LocalPath, away.DriveType, away.NetworkPath, away.MachineID = "", 0, `\\203.0.113.77\kit\tool.exe`, "lab-pc"
	otherTime := stick
	otherTime.WriteTime = clock("08:00:00")
	appID := jumplist.AppIDs(tool)[0]

	thisVolume, stickVolume := mft.GUID{0x40, 1}, mft.GUID{0x60, 2}
	tracked := file // the service that tracks links gave it an identifier
	tracked.ObjectID = mft.GUID{0: 0x77, 7: 0x11, 8: 0x80, 10: 0x00, 11: 0x0c, 12: 0x29, 13: 1, 14: 2, 15: 3}
	moved := tracked
	moved.BirthVolume, moved.BirthObject = stickVolume, tracked.ObjectID
	moved.BirthVolume[0] |= 1 // it was moved
	stays := tracked
	stays.BirthVolume = thisVolume
	neighbor := func(n byte, birth mft.GUID) mfttest.File {
		return mfttest.File{Path: "Data/" + string('a'+rune(n)) + ".txt", ObjectID: mft.GUID{n + 1}, BirthVolume: birth}
	}
	setup := func(volume mft.GUID, machine string) mfttest.File {
		return link("12:01:00", lnk.Link{LocalPath: `C:\Users\lee\Downloads\setup.tmp`, DriveType: 3, MachineID: machine, Droid: lnk.Droid{Volume: volume, File: tracked.ObjectID}})
	}

	of := func(q origin.Question, answer string) truth {
		t := truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "inferred sid=" + lee.sid, origin.Executed: "unknown"}
		t[q] = answer
		return t
	}
	on := func(f mfttest.File, parts ...any) world { return box("SRV02", day(), f, parts) }
	ran := func(when string) string { return "inferred proves=execution | last=2026-03-02T" + when + "Z" }

	return []story{
		{"a user opened it by way of the shell", on(file, link("12:05:00", own)), tool, of(origin.Executed, ran("12:05:00"))},

		{"a user opened the path's earlier file", on(file, link("12:05:00", other(func(l *lnk.Link) { l.Items = items(tool, 7<<48|91) }))), tool, of(origin.Executed, "inferred")},

		{"a user opened its path before it was there", on(file, link("11:05:00", own)), tool, of(origin.Executed, "unknown")},

		{"a user opened its path on another machine", on(file, link("12:05:00", other(func(l *lnk.Link) { l.MachineID = "lab-pc" }))), tool, of(origin.Executed, "unknown not=opened")},

		{"a user opened its path on another volume", on(file, link("12:05:00", other(func(l *lnk.Link) { l.DriveSerial++ }))), tool, of(origin.Executed, "unknown not=opened")},

		{"a user opened it with Notepad", on(file, list("9b9cdc69c1c24e2b", entry(tool, "12:05:00", own))), tool, of(origin.Executed, "unknown not=It ran")},

		{"a user opened a file with it", on(file, list(appID, entry(`C:\Data\list.txt`, "12:05:00", lnk.Link{LocalPath: `C:\Data\list.txt`, DriveType: 3, DriveSerial: here}))), tool, of(origin.Executed, ran("12:05:00"))},

		{"its jump list has no times", on(file, list(appID, entry(`C:\Data\list.txt`, "", lnk.Link{LocalPath: `C:\Data\list.txt`}))), tool, of(origin.Executed, "inferred proves=execution")},

		{"a user had opened the same file on a stick", on(copied, link("11:55:00", stick)), tool, of(origin.Arrival, `inferred kind=copied | via=E:\kit\tool.exe`)},

		{"a user opened the same file on a stick later", on(copied, link("12:55:00", stick)), tool, of(origin.Arrival, "inferred kind=copied")},

		{"a user had opened another file of its name on a stick", on(copied, link("11:55:00", otherTime)), tool, of(origin.Arrival, "unknown")},

		{"a user had opened the same file on a share of another machine", on(copied, link("11:55:00", away)), tool, of(origin.Arrival, `inferred kind=smb | address=203.0.113.77 | via=\\203.0.113.77\kit\tool.exe`)},

		{"a link has it under its former name", on(file, link("12:01:00", other(func(l *lnk.Link) {
			l.Items, l.LocalPath = items(`C:\ProgramData\Cache\setup.tmp`, mine), `C:\ProgramData\Cache\setup.tmp`
		}))), tool,
			of(origin.OriginalName, `inferred path=C:\ProgramData\Cache\setup.tmp`)},

		{"a link without a volume has its entry under another name", on(file, link("12:01:00", other(func(l *lnk.Link) {
			l.Items, l.LocalPath, l.DriveSerial = items(`C:\ProgramData\Cache\setup.tmp`, mine), "", 0
		}))), tool, of(origin.OriginalName, `inferred path=C:\ProgramData\Cache\setup.tmp`)},

		{"a link has its identifier under its former path", on(tracked, thisVolume, setup(thisVolume, "srv02")), tool, of(origin.OriginalName, `inferred path=C:\Users\lee\Downloads\setup.tmp`)},

		{"a link has its identifier, on another volume", on(tracked, thisVolume, setup(stickVolume, "srv02")), tool, of(origin.OriginalName, `inferred path=C:\Users\lee\Downloads\setup.tmp`)},

		{"a link has its identifier, and its volume has none", on(tracked, setup(thisVolume, "srv02")), tool, of(origin.OriginalName, `inferred path=C:\Users\lee\Downloads\setup.tmp`)},

		{"a link of another machine has its identifier, of a copy of its volume", on(tracked, thisVolume, setup(thisVolume, "lab-pc")), tool, of(origin.OriginalName, "unknown")},

		{"a link has another identifier", on(stays, thisVolume, link("12:01:00", lnk.Link{LocalPath: `C:\Users\lee\setup.tmp`, Droid: lnk.Droid{Volume: thisVolume, File: mft.GUID{1}}})), tool, of(origin.OriginalName, "unknown")},

		{"it was moved from another volume", on(moved, thisVolume, neighbor(0, thisVolume), neighbor(1, thisVolume), neighbor(2, stickVolume)), tool,
			of(origin.Arrival, "inferred kind=moved | volume="+stickVolume.String())},

		{"it was born on its volume", on(stays, thisVolume, neighbor(0, thisVolume)), tool, of(origin.Arrival, "unknown")},

		{"all files were moved from another volume: it has another identifier now", on(moved, thisVolume, neighbor(0, stickVolume), neighbor(1, stickVolume), neighbor(2, thisVolume)), tool, of(origin.Arrival, "unknown")},

		{"it was moved from another volume, and its own has no identifier", on(moved, neighbor(0, thisVolume)), tool, of(origin.Arrival, "unknown")},

		{"a link of another volume has its entry under another name", on(file, link("12:01:00", other(func(l *lnk.Link) {
			l.Items, l.LocalPath, l.DriveSerial = items(`C:\ProgramData\Cache\setup.tmp`, mine), `C:\ProgramData\Cache\setup.tmp`, here+1
		}))), tool, of(origin.OriginalName, "unknown")},
	}
}

// In a collection without an $MFT a link has the time of its copy: that it was opened is
// inferred, and when is not stated.
func TestOpenedByTheTimeOfACopy(t *testing.T) {
	link, err := lnktest.File{Link: lnk.Link{LocalPath: `C:\Data\tool.exe`, DriveType: 3}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	r, err := origin.Investigate(t.Context(), fstest.MapFS{
		"Windows/System32/x": {},
		"Data/tool.exe":      {Data: []byte("MZ"), ModTime: at},
		"Users/lee/AppData/Roaming/Microsoft/Windows/Recent/tool.lnk": {Data: link, ModTime: at},
	}, `C:\Data\tool.exe`)
	if err != nil {
		t.Fatal(err)
	}
	a := r.Answer(origin.Executed)
	if a.Grade != origin.Inferred || !strings.Contains(a.Answer, "at a time that is not known") {
		t.Errorf("%s: %s", a.Grade, a.Answer)
	}
	if last := a.Fact("last"); last != "" {
		t.Errorf("the last run is dated %s", last)
	}
}
