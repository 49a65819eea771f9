package origin_test

import (
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// leftIn is a name that only the slack of its folder's index has, with the reference and the
// times that its file had.
func leftIn(path, when string, ref mft.Ref, state mft.EntryState) mfttest.File {
	return mfttest.File{Path: inVolume(path), Times: mfttest.AllAt(clock(when)), Entry: ref.Entry, Seq: ref.Seq, Deleted: true, Overwritten: true, IndexSlack: state}
}

// Machines whose volume has names in slack, and no journal.
func slacks() []story {
	const (
		at     = "12:00:00.2134567"
		folder = `C:\ProgramData\Cache\`
		old    = "2019-03-19 04:45:00"
		before = "2025-11-11 11:11:11.1111111"
	)
	onDisk := as(subject, born(tool, at, anna))
	whole := mft.EntryWhole
	plain := truth{
		origin.Appeared:     "inferred time=2026-03-02T12:00:00.2134567Z",
		origin.OriginalName: "unknown",
		origin.Account:      `inferred user=CORP\anna | sid=` + anna.sid,
		origin.Logon:        "inferred logon_id=0x51a2c",
	}
	found := func(more truth) truth {
		t := truth{}
		for _, from := range []truth{plain, more} {
			for asked, want := range from {
				t[asked] = want
			}
		}
		return t
	}
	console := signedOn("08:01:00", anna, 2, "127.0.0.1", "WS07")
	machine := func(parts ...any) world { return box("WS07", append([]any{day(), console, foldersOf()}, parts...)...) }
	formerly := func(f mfttest.File, when string, paths ...string) mfttest.File {
		for _, p := range paths {
			f.FormerNames = append(f.FormerNames, inVolume(p))
		}
		f.FormerTimes = allAt(when)
		return f
	}
	again := mft.Ref{Entry: subjectEntry, Seq: 2}

	return []story{
		{"slack of the index has the name that the file had in its folder", machine(onDisk, leftIn(folder+"t.tmp", at, subject, whole)),
			tool, found(truth{origin.OriginalName: "inferred path=" + folder + "t.tmp"})},

		{"slack of another folder has the file", machine(onDisk, leftIn(`C:\Users\anna\Downloads\invoice.exe`, at, subject, whole)),
			tool, found(truth{origin.OriginalName: `inferred path=C:\Users\anna\Downloads\invoice.exe`})},

		{"slack of its record has a former name", machine(formerly(onDisk, at, folder+"before.exe")),
			tool, found(truth{origin.OriginalName: "inferred path=" + folder + "before.exe"})},

		{"slack has the name with the creation time before both were set", machine(as(subject, born(tool, old, anna)), leftIn(folder+"t.exe", at, subject, whole)),
			tool, found(truth{
				origin.OriginalName: "inferred path=" + folder + "t.exe",
				origin.Account:      `inferred user=CORP\anna`,
			})},

		// SetFileTime, a rename that copies the times, and SetFileTime again.
		{"slack of its record has the creation time before all eight were set", machine(formerly(as(subject, born(tool, old, anna)), at, folder+"t.exe")),
			tool, found(truth{
				origin.OriginalName: "inferred path=" + folder + "t.exe",
				origin.Account:      `inferred user=CORP\anna`,
			})},

		{"an older copy of the file's own index entry has another creation time", machine(as(subject, born(tool, old, anna)), leftIn(tool, at, subject, whole)),
			tool, found(truth{origin.Account: `inferred user=CORP\anna`})},

		{"what came with it is only in slack", machine(onDisk,
			leftIn(folder+"kit.zip", "11:59:40", mft.Ref{Entry: otherEntry, Seq: 3}, whole), leftIn(folder+"x.cmd", "12:00:20", mft.Ref{Entry: otherEntry + 1, Seq: 3}, mft.EntryNoFile),
			leftIn(folder+"late.dat", "12:30:00", mft.Ref{Entry: otherEntry + 2, Seq: 3}, whole), leftIn(copyOfTemp+"other.dat", "12:00:00", mft.Ref{Entry: otherEntry + 3, Seq: 3}, whole)),
			tool, found(truth{origin.Companions: `inferred file=` + folder + `kit.zip | file=` + folder + `x.cmd`})},

		{"what came with it was moved away", machine(onDisk,
			leftIn(folder+"kit.dat", "11:59:40", another, whole), as(another, born(copyOfTemp+"kit.dat", "11:59:40", anna))),
			tool, found(truth{origin.Companions: `inferred file=` + folder + `kit.dat`})},

		// Where slack proves nothing about the file.
		{"slack has the file that had the entry before", machine(as(again, born(tool, at, anna)), leftIn(folder+"other.exe", before, subject, whole)),
			tool, plain},
		{"slack of the record has the file that had the entry before", machine(formerly(as(again, born(tool, at, anna)), before, folder+"other.exe")),
			tool, plain},
		{"slack has another file of the same name", machine(onDisk, leftIn(tool, before, mft.Ref{Entry: otherEntry, Seq: 3}, whole)),
			tool, plain},
		{"slack has the name of the file, for a file that is not known", machine(onDisk, leftIn(tool, before, subject, mft.EntryNoFile)),
			tool, plain},
		{"slack has the file's own entry once more", machine(onDisk, leftIn(tool, at, subject, whole)),
			tool, plain},
		{"slack has an entry that is older than its folder", machine(onDisk, leftIn(folder+"t.exe", "2024-12-12 12:12:12", subject, whole)),
			tool, plain},
		{"slack is that of an earlier volume in the same clusters", machine(onDisk, leftIn(folder+"t.exe", "2025-02-02 02:02:02", subject, whole)),
			tool, plain},
		{"slack has a short name beside the former name", machine(onDisk, func() mfttest.File {
			f := leftIn(folder+"a long name.exe", at, subject, whole)
			f.ShortName = "ALONGN~1.EXE"
			return f
		}()),
			tool, found(truth{origin.OriginalName: "inferred path=" + folder + "a long name.exe | renamed_to=none"})},
		{"slack has the name of the file with another creation time, of a file that is not known", machine(formerly(as(again, born(tool, at, anna)), before, tool)),
			tool, plain},
		{"slack has the former name with other times than the file", machine(onDisk, leftIn(folder+"t.exe", before, subject, whole)),
			tool, found(truth{origin.Appeared: "inferred time=2025-11-11T11:11:11.1111111Z", origin.OriginalName: "inferred path=" + folder + "t.exe", origin.Logon: "unknown"})},
		{"the creation time in slack was set, and has been corrected since", machine(onDisk, func() mfttest.File {
			f := leftIn(folder+"t.exe", before, subject, whole)
			f.Times.Changed = clock("13:00:00")
			return f
		}()),
			tool, found(truth{origin.OriginalName: "inferred path=" + folder + "t.exe"})},
		{"the folder of the former name is gone", machine(formerly(onDisk, at, `C:\Drop\t.exe`), mfttest.File{Path: "Drop", Dir: true, Entry: 1500, Deleted: true, Overwritten: true, Times: mfttest.AllAt(clock("2025-04-01 00:00:00"))},
			mfttest.File{Path: "ProgramData/Cache/sub", Dir: true, Entry: 1500, Seq: 3, Times: mfttest.AllAt(clock("2026-01-01 00:00:00"))}),
			tool, found(truth{origin.OriginalName: `inferred path=C:\?\t.exe`})},
	}
}

const copyOfTemp = `C:\Users\anna\AppData\Local\Temp\`
