package origin_test

import (
	"bytes"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// journalSource is the change journal among the sources of a machine.
const journalSource = "$Extend/$UsnJrnl:$J"

// A change is a record of the change journal.
type change struct {
	when         string
	file, parent mft.Ref
	name         string
	reason       usnjrnl.Reason
	lost         int // bytes of records that are missing in front of it
}

// journalOf is a journal whose old part has been freed.
func journalOf(list []change) []byte {
	j := usnjrnltest.Journal{Head: 1 << 16}
	for _, c := range list {
		if c.lost > 0 {
			j.Skip(c.lost)
		}
		attributes := mft.FileArchive
		if c.file.Entry < subjectEntry {
			attributes = mft.FileDirectory
		}
		j.Add(usnjrnl.Record{File: usnjrnl.IDOf(c.file), Parent: usnjrnl.IDOf(c.parent), Time: clock(c.when), Reason: c.reason, Name: c.name, Attributes: attributes})
	}
	return j.Bytes()
}

// collectedFrom is what a collector copies of a volume: files, the $MFT, the journal and the log.
func collectedFrom(t testing.TB, vol fs.FS, files []mfttest.File, journal, log []byte) fs.FS {
	t.Helper()
	table, err := fs.ReadFile(vol, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{"$MFT": {Data: table}, "$J": {Data: bytes.TrimLeft(journal, "\x00")}}
	if log != nil {
		folder["$LogFile"] = &fstest.MapFile{Data: log}
	}
	for _, f := range files {
		if !f.Dir && f.Data != nil {
			folder[f.Path] = &fstest.MapFile{Data: f.Data}
		}
	}
	return folder
}

// The entries of the machines with a journal.
const (
	subjectEntry = 2000 // folders are below
	otherEntry   = 2100
)

var (
	rootFolder = mft.Ref{Entry: 5, Seq: 5}
	profile    = mft.Ref{Entry: 1000, Seq: 1}
	downloaded = mft.Ref{Entry: 1001, Seq: 1}
	temporary  = mft.Ref{Entry: 1002, Seq: 1}
	cache      = mft.Ref{Entry: 1003, Seq: 1}
	gone       = mft.Ref{Entry: 1004, Seq: 7}
	prefetches = mft.Ref{Entry: 1006, Seq: 1}
	inTemp     = mft.Ref{Entry: 1005, Seq: 1}
	subject    = mft.Ref{Entry: subjectEntry, Seq: 1}
	another    = mft.Ref{Entry: otherEntry, Seq: 1}
)

// foldersOf are the folders that the journals refer to.
func foldersOf() []any {
	dir := func(path string, ref mft.Ref) mfttest.File {
		return mfttest.File{Path: path, Dir: true, Entry: ref.Entry, Times: mfttest.AllAt(clock("2025-01-01 00:00:00"))}
	}
	return []any{dir("Users/anna", profile), dir("Users/anna/Downloads", downloaded), dir("Users/anna/AppData/Local/Temp", temporary), dir("ProgramData/Cache", cache)}
}

// as gives a file an entry.
func as(ref mft.Ref, f mfttest.File) mfttest.File {
	f.Entry, f.Seq = ref.Entry, ref.Seq
	return f
}

// newFile are the changes of a program that writes a new file and closes it a second
// later.
func newFile(when string, file, parent mft.Ref, name string) []any {
	const written = usnjrnl.FileCreate | usnjrnl.DataExtend
	return []any{
		change{when, file, parent, name, usnjrnl.FileCreate, 0},
		change{when, file, parent, name, written, 0},
		change{when, file, parent, name, written | usnjrnl.Close, 0},
	}
}

// moved are the changes of a rename.
func moved(when string, file, from mft.Ref, old string, to mft.Ref, name string) []any {
	return []any{
		change{when, file, from, old, usnjrnl.RenameOldName, 0},
		change{when, file, to, name, usnjrnl.RenameNewName, 0},
		change{when, file, to, name, usnjrnl.RenameNewName | usnjrnl.Close, 0},
	}
}

// erased is the deletion of a file.
func erased(when string, file, parent mft.Ref, name string) change {
	return change{when, file, parent, name, usnjrnl.FileDelete | usnjrnl.Close, 0}
}

// reset are the changes of a program that sets the times of a file.
func reset(when string, file, parent mft.Ref, name string) []any {
	return []any{
		change{when, file, parent, name, usnjrnl.BasicInfoChange, 0},
		change{when, file, parent, name, usnjrnl.BasicInfoChange | usnjrnl.Close, 0},
	}
}

// allAt are four times that are the same.
func allAt(when string) *mfttest.Times {
	t := mfttest.AllAt(clock(when))
	return &t
}

// quiet are changes of other files, at a time.
func quiet(when string) []any {
	return newFile(when, mft.Ref{Entry: 2900, Seq: 1}, mft.Ref{Entry: 2901, Seq: 1}, "etl.log")
}

// Machines whose volume has a change journal.
func journals() []story {
	const (
		chrome  = `C:\Program Files\Google\Chrome\Application\chrome.exe`
		setup   = `C:\Users\anna\Downloads\setup.exe`
		partial = "Unconfirmed 4711.crdownload"
		copyOf  = `C:\Users\anna\AppData\Local\Temp\`
	)
	console := signedOn("08:01:00", anna, 2, "127.0.0.1", "WS07")
	at := "12:00:00.2134567"
	onDisk := as(subject, born(tool, at, anna))
	found := func(more truth) truth {
		t := truth{
			origin.Appeared:     "recorded time=2026-03-02T12:00:00.2134567Z | journal=2026-03-02T12:00:00.2134567Z",
			origin.OriginalName: "recorded path=" + tool,
			origin.Account:      `inferred user=CORP\anna | sid=` + anna.sid,
			origin.Logon:        "inferred logon_id=0x51a2c",
		}
		for asked, want := range more {
			t[asked] = want
		}
		return t
	}
	machine := func(parts ...any) world { return box("WS07", append([]any{day(), console, foldersOf()}, parts...)...) }

	return []story{
		{"a new file, in the journal too", machine(onDisk, quiet("06:00:00"), newFile(at, subject, cache, "tool.exe"), quiet("19:00:00")),
			tool, found(nil)},

		// The journal ties Sysmon's record of the first name to the file.
		{"the browser renames its .crdownload, and the journal has it", box("WS07", sysmonDay(), console, foldersOf(),
			spawned("11:58:00", 1, chrome, chrome, 2, explorer, anna),
			made(at, 1, chrome, `C:\Users\anna\Downloads\`+partial, anna),
			newFile(at, subject, downloaded, partial), moved("12:00:03", subject, downloaded, partial, downloaded, "setup.exe"),
			as(subject, born(setup, at, anna))),
			setup, found(truth{
				origin.OriginalName: `recorded path=C:\Users\anna\Downloads\` + partial + ` | renamed_to=` + setup,
				origin.Writer:       "corroborated image=" + chrome + " | pid=101",
				origin.Account:      `corroborated user=CORP\anna | sid=` + anna.sid,
				origin.Logon:        "corroborated logon_id=0x51a2c | logon_type=2",
				origin.Arrival:      "inferred kind=download",
			})},

		{"two processes had the first name", box("WS07", sysmonDay(), console, foldersOf(),
			spawned("11:58:00", 1, chrome, chrome, 2, explorer, anna), spawned("11:58:00", 3, system32+"curl.exe", "curl.exe", 2, explorer, anna),
			made("12:00:00.1134567", 3, system32+"curl.exe", `C:\Users\anna\Downloads\`+partial, anna),
			made(at, 1, chrome, `C:\Users\anna\Downloads\`+partial, anna),
			newFile("12:00:00.1134567", another, downloaded, partial), erased("12:00:00.2", another, downloaded, partial),
			newFile(at, subject, downloaded, partial), moved("12:00:03", subject, downloaded, partial, downloaded, "setup.exe"),
			as(subject, born(setup, at, anna))),
			setup, found(truth{
				origin.OriginalName: `recorded path=C:\Users\anna\Downloads\` + partial,
				origin.Writer:       "inferred image=" + chrome + " | image=" + system32 + "curl.exe",
				origin.Account:      `inferred user=CORP\anna`,
				origin.Arrival:      "inferred kind=download",
			})},

		// SetFileTime, a rename, and SetFileTime again.
		{"all eight times were set, and the journal has the creation", machine(as(subject, born(tool, "2019-03-19 04:45:00", anna)),
			quiet("06:00:00"), newFile(at, subject, cache, "t.exe"), reset("12:00:02", subject, cache, "t.exe"), moved("12:00:03", subject, cache, "t.exe", cache, "tool.exe"),
			reset("12:00:04", subject, cache, "tool.exe")),
			tool, found(truth{
				origin.Appeared:     "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.OriginalName: `recorded path=C:\ProgramData\Cache\t.exe | renamed_to=` + tool,
			})},

		{"the entry was another file's", machine(as(mft.Ref{Entry: subjectEntry, Seq: 2}, born(tool, at, anna)),
			newFile("09:00:00", subject, temporary, "other.tmp"), erased("11:00:00", subject, temporary, "other.tmp"),
			newFile(at, mft.Ref{Entry: subjectEntry, Seq: 2}, cache, "tool.exe")),
			tool, found(nil)},

		{"the journal has only the file that had the entry before", machine(as(mft.Ref{Entry: subjectEntry, Seq: 2}, born(tool, at, anna)),
			newFile("09:00:00", subject, cache, "tool.exe"), erased("11:00:00", subject, cache, "tool.exe")),
			tool, found(truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "unknown"})},

		{"the journal begins after the creation", machine(onDisk, quiet("15:00:00"), quiet("19:00:00")),
			tool, found(truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "unknown because=outside_retention"})},

		{"the journal begins while the file is written", machine(onDisk,
			change{"12:00:05", subject, cache, "tool.exe", usnjrnl.FileCreate | usnjrnl.DataExtend | usnjrnl.Close, 0}, quiet("19:00:00")),
			tool, found(truth{origin.Appeared: "inferred time=2026-03-02T12:00:05Z | time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "unknown"})},

		{"the journal begins before a rename", machine(onDisk, quiet("12:30:00"), moved("13:00:00", subject, temporary, "a.bin", cache, "tool.exe")),
			tool, found(truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "inferred path=" + copyOf + "a.bin | renamed_to=" + tool})},

		{"a first folder that is gone", machine(onDisk, quiet("06:00:00"), newFile(at, subject, gone, "tool.exe"), moved("12:00:09", subject, gone, "tool.exe", cache, "tool.exe")),
			tool, found(truth{origin.OriginalName: `inferred path=C:\?\tool.exe | renamed_to=` + tool})},

		{"out of an archive, by way of a folder that is gone", machine(onDisk, quiet("06:00:00"),
			change{"11:59:59", inTemp, temporary, "7zO4A1B2C3D", usnjrnl.FileCreate | usnjrnl.Close, 0},
			newFile(at, subject, inTemp, "tool.exe"), moved("12:00:09", subject, inTemp, "tool.exe", cache, "tool.exe"),
			erased("12:00:10", inTemp, temporary, "7zO4A1B2C3D")),
			tool, found(truth{
				origin.OriginalName: "recorded path=" + copyOf + `7zO4A1B2C3D\tool.exe | renamed_to=` + tool,
				origin.Arrival:      "inferred kind=extracted",
			})},

		{"a further name of the file", machine(mfttest.File{Path: inVolume(tool), Links: []string{"Users/anna/Downloads/readme.exe"}, Data: []byte("content"), Times: mfttest.AllAt(clock(at)), Owner: anna.sid, Entry: subjectEntry},
			newFile(at, subject, downloaded, "readme.exe"), change{"13:00:00", subject, cache, "tool.exe", usnjrnl.HardLinkChange, 0}, change{"13:00:00", subject, cache, "tool.exe", usnjrnl.HardLinkChange | usnjrnl.Close, 0}),
			tool, found(truth{origin.OriginalName: `recorded path=C:\Users\anna\Downloads\readme.exe`})},

		{"the clock was set back before the file was written", machine(onDisk,
			quiet("18:00:00"), newFile(at, subject, cache, "tool.exe"), quiet("12:10:00"), quiet("18:30:00")),
			tool, found(truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z"})},

		// The USNs in the $MFT are not those of the files in the journal.
		{"a journal of another volume", machine(
			mfttest.File{Path: inVolume(tool), Data: []byte("content"), Times: mfttest.AllAt(clock(at)), Owner: anna.sid, Entry: subjectEntry, USN: 1 << 16},
			quiet("06:00:00"), newFile("09:00:00", subject, rootFolder, "swap.dat"), quiet("19:00:00")),
			tool, found(truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "unknown because=source_unreadable"})},

		{"what came with it, and is gone", machine(onDisk, quiet("06:00:00"),
			newFile("11:59:40", another, cache, "kit.zip"), newFile(at, subject, cache, "tool.exe"),
			newFile("12:00:00.3", mft.Ref{Entry: 2101, Seq: 4}, cache, "x.tmp"), moved("12:00:01", mft.Ref{Entry: 2101, Seq: 4}, cache, "x.tmp", cache, "config.dat"),
			newFile("12:00:02", mft.Ref{Entry: 2103, Seq: 4}, temporary, "elsewhere.dat"),
			erased("12:04:00", another, cache, "kit.zip"), newFile("12:30:00", mft.Ref{Entry: 2102, Seq: 4}, cache, "late.dat")),
			tool, found(truth{origin.Companions: `inferred file=C:\ProgramData\Cache\kit.zip | file=C:\ProgramData\Cache\config.dat | deleted=2026-03-02T12:04:00Z`})},

		{"a dropper that removes itself and its archive", box("WS07", sysmonDay(), console, foldersOf(),
			spawned("11:59:58", 1, copyOf+"drop.exe", `"`+copyOf+`drop.exe" C:\Users\anna\Downloads\kit.iso`, 2, explorer, anna),
			made(at, 1, copyOf+"drop.exe", tool, anna), quiet("06:00:00"),
			newFile(at, subject, cache, "tool.exe"),
			erased("12:00:02", another, temporary, "drop.exe"), erased("12:00:03", mft.Ref{Entry: 2101, Seq: 4}, downloaded, "kit.iso"),
			erased("12:00:04", mft.Ref{Entry: 2102, Seq: 4}, downloaded, "tool.zip"), erased("12:00:05", mft.Ref{Entry: 2103, Seq: 4}, downloaded, "report.zip"),
			erased("13:00:00", mft.Ref{Entry: 2104, Seq: 4}, downloaded, "tool.rar"), onDisk),
			tool, found(truth{
				origin.Writer:     "recorded image=" + copyOf + "drop.exe",
				origin.Account:    `recorded user=CORP\anna`,
				origin.Logon:      "recorded logon_id=0x51a2c",
				origin.Arrival:    "inferred kind=dropped",
				origin.Companions: `inferred file=` + copyOf + `drop.exe | file=C:\Users\anna\Downloads\kit.iso | file=C:\Users\anna\Downloads\tool.zip | not=report.zip | not=tool.rar`,
			})},

		// As programs that remove traces do.
		{"it ran, and its prefetch file was removed", machine(onDisk, quiet("06:00:00"),
			newFile("11:00:00", mft.Ref{Entry: 2105, Seq: 1}, prefetches, "TOOL.EXE-0A0B0C0D.pf"), newFile(at, subject, cache, "tool.exe"),
			newFile("12:05:10", another, prefetches, "TOOL.EXE-1A2B3C4D.pf"), newFile("12:06:00", mft.Ref{Entry: 2106, Seq: 1}, temporary, "TOOL.EXE-1A2B3C4E.pf"),
			newFile("12:06:30", mft.Ref{Entry: 2107, Seq: 1}, prefetches, "TOOL2.EXE-1A2B3C4D.pf"),
			erased("12:30:00", another, prefetches, "TOOL.EXE-1A2B3C4D.pf"), mfttest.File{Path: "Windows/Prefetch", Dir: true, Entry: prefetches.Entry, Times: mfttest.AllAt(clock("2025-01-01 00:00:00"))}),
			tool, found(truth{origin.Executed: "inferred proves=execution | last=2026-03-02T12:05:10Z"})},

		{"the file is gone, and its entry too", machine(quiet("06:00:00"),
			newFile(at, subject, temporary, "t.exe"), moved("12:00:03", subject, temporary, "t.exe", cache, "tool.exe"), erased("12:20:00", subject, cache, "tool.exe"), quiet("19:00:00")),
			tool, truth{
				origin.Appeared:     "inferred time=2026-03-02T12:00:00.2134567Z | deleted=2026-03-02T12:20:00Z",
				origin.OriginalName: "inferred path=" + copyOf + "t.exe | renamed_to=" + tool,
				origin.Account:      "unknown", origin.Logon: "unknown",
			}},

		{"two files had the path, and both are gone", machine(quiet("06:00:00"),
			newFile("09:00:00", another, cache, "tool.exe"), erased("09:20:00", another, cache, "tool.exe"),
			newFile(at, subject, cache, "tool.exe"), erased("12:20:00", subject, cache, "tool.exe"), quiet("19:00:00")),
			tool, truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "inferred path=" + tool}},

		// An old file, whose times are set into the time of an incident or of an update.
		{"the times were set to a later day", machine(onDisk, quiet("06:00:00"), reset("14:00:00", subject, cache, "tool.exe"), quiet("19:00:00")),
			tool, found(truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "unknown"})},

		{"it was moved here from another volume with its times", machine(mfttest.File{Path: inVolume(tool), Entry: subjectEntry, Data: []byte("content"), Owner: anna.sid,
			Times:         mfttest.Times{Created: clock("2024-05-06 07:08:09.1234567"), Modified: clock("2024-05-05 07:08:09.7654321"), Changed: clock(at), Accessed: clock(at)},
			FileNameTimes: allAt(at)},
			quiet("06:00:00"), newFile(at, subject, cache, "tool.exe"), reset("12:00:01", subject, cache, "tool.exe"), quiet("19:00:00")),
			tool, found(truth{origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z"})},

		{"it replaced a file of its name, whose creation time it has", machine(mfttest.File{Path: inVolume(tool), Entry: subjectEntry, Data: []byte("content"), Owner: anna.sid,
			Times: mfttest.Times{Created: clock("2025-05-06 07:08:09.1234567"), Modified: clock(at), Changed: clock(at), Accessed: clock(at)}, FileNameTimes: allAt(at)},
			quiet("06:00:00"), newFile("11:59:59", subject, cache, "tool.new"), erased("12:00:00", another, cache, "tool.exe"), moved("12:00:00.2134567", subject, cache, "tool.new", cache, "tool.exe")),
			tool, found(truth{origin.Appeared: "corroborated time=2026-03-02T11:59:59Z", origin.OriginalName: `recorded path=C:\ProgramData\Cache\tool.new`})},

		{"collected files, whose USNs tie the journal", func() world {
			w := machine(mfttest.File{Path: inVolume(tool), Data: []byte("content"), Times: mfttest.AllAt(clock(at)), Entry: subjectEntry, USN: 1 << 16},
				newFile(at, subject, cache, "tool.exe"), quiet("19:00:00"))
			w.collected = true
			return w
		}(), tool, truth{origin.Appeared: "recorded time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "recorded path=" + tool}},

		{"collected files, and nothing that ties the journal", func() world {
			w := machine(onDisk, newFile(at, subject, cache, "tool.exe"), quiet("19:00:00"))
			w.collected = true
			return w
		}(), tool, truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "inferred path=" + tool}},
	}
}
