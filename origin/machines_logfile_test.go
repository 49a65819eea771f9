package origin_test

import (
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// transacted is a file as the transaction log has it.
func transacted(ref, parent mft.Ref, name, when string) logfiletest.File {
	return logfiletest.File{Ref: ref, Parent: parent, Name: name, Times: logfiletest.AllAt(clock(when))}
}

// logging is a machine with what a function writes into its transaction log, between files
// that come in the morning and in the evening.
func logging(w world, write func(*logfiletest.Log)) world {
	var l logfiletest.Log
	quiet := func(entry uint64, when string) {
		l.Create(transacted(mft.Ref{Entry: entry, Seq: 1}, mft.Ref{Entry: 2901, Seq: 1}, "etl.log", when))
	}
	quiet(2900, "06:00:00")
	write(&l)
	quiet(2902, "19:00:00")
	l.Checkpoint()
	w.log = l.Bytes()
	return w
}

// Machines whose volume has a transaction log, and no change journal.
func transactions() []story {
	const (
		chrome  = `C:\Program Files\Google\Chrome\Application\chrome.exe`
		setup   = `C:\Users\anna\Downloads\setup.exe`
		partial = "Unconfirmed 4711.crdownload"
		at      = "12:00:00.2134567"
		folder  = `C:\ProgramData\Cache\`
	)
	onDisk := as(subject, born(tool, at, anna))
	console := signedOn("08:01:00", anna, 2, "127.0.0.1", "WS07")
	machine := func(parts ...any) world { return box("WS07", append([]any{day(), console, foldersOf()}, parts...)...) }
	file := transacted(subject, cache, "tool.exe", at)
	found := func(more truth) truth {
		t := truth{
			origin.Appeared:     "recorded time=2026-03-02T12:00:00.2134567Z | transaction=2026-03-02T12:00:00.2134567Z",
			origin.OriginalName: "recorded path=" + tool,
			origin.Account:      `inferred user=CORP\anna | sid=` + anna.sid,
			origin.Logon:        "inferred logon_id=0x51a2c",
		}
		for asked, want := range more {
			t[asked] = want
		}
		return t
	}
	plain := found(truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.OriginalName: "unknown"})
	renamed := func(f logfiletest.File, parent mft.Ref, name string) logfiletest.File {
		f.Parent, f.Name = parent, name
		return f
	}

	return []story{
		{"a new file, in the transaction log", logging(machine(onDisk), func(l *logfiletest.Log) { l.Create(file) }),
			tool, found(nil)},

		{"the browser renames its .crdownload, and only the transaction log has it", logging(box("WS07", sysmonDay(), console, foldersOf(),
			spawned("11:58:00", 1, chrome, chrome, 2, explorer, anna), made(at, 1, chrome, `C:\Users\anna\Downloads\`+partial, anna), as(subject, born(setup, at, anna))),
			func(l *logfiletest.Log) {
				first := transacted(subject, downloaded, partial, at)
				l.Create(first)
				l.Rename(first, renamed(first, downloaded, "setup.exe"))
			}),
			setup, found(truth{
				origin.OriginalName: `recorded path=C:\Users\anna\Downloads\` + partial + ` | renamed_to=` + setup,
				origin.Writer:       "corroborated image=" + chrome + " | pid=101",
				origin.Account:      `corroborated user=CORP\anna | sid=` + anna.sid,
				origin.Logon:        "corroborated logon_id=0x51a2c | logon_type=2",
				origin.Arrival:      "inferred kind=download",
			})},

		{"all eight times were set, and the transaction log has the creation", logging(machine(as(subject, born(tool, "2019-03-19 04:45:00", anna))), func(l *logfiletest.Log) { l.Create(file) }),
			tool, found(truth{origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z"})},

		{"the transaction log has a rename, and not the creation", logging(machine(onDisk), func(l *logfiletest.Log) {
			l.Rename(renamed(file, temporary, "a.bin"), file)
		}),
			tool, found(truth{origin.Appeared: plain[origin.Appeared], origin.OriginalName: "inferred path=" + copyOfTemp + "a.bin | renamed_to=" + tool})},

		{"a first folder that is gone from the transaction log", logging(machine(onDisk), func(l *logfiletest.Log) {
			first := renamed(file, gone, "tool.exe")
			l.Create(first)
			l.Rename(first, file)
		}),
			tool, found(truth{origin.OriginalName: `inferred path=C:\?\tool.exe | renamed_to=` + tool})},

		{"the transaction log has what came with it, and is gone", logging(machine(onDisk), func(l *logfiletest.Log) {
			kit, late := transacted(another, cache, "kit.zip", "11:59:40"), transacted(mft.Ref{Entry: otherEntry + 1, Seq: 1}, cache, "late.dat", "12:30:00")
			l.Create(kit)
			l.Create(file)
			l.Create(transacted(mft.Ref{Entry: otherEntry + 2, Seq: 1}, temporary, "elsewhere.dat", "12:00:10"))
			l.Delete(kit)
			l.Create(late)
			l.Delete(late)
		}),
			tool, found(truth{origin.Companions: `inferred file=` + folder + `kit.zip`})},

		{"a dropper that removes itself, in the transaction log", logging(box("WS07", sysmonDay(), console, foldersOf(),
			spawned("11:59:58", 1, copyOfTemp+"drop.exe", `"`+copyOfTemp+`drop.exe"`, 2, explorer, anna), made(at, 1, copyOfTemp+"drop.exe", tool, anna), onDisk),
			func(l *logfiletest.Log) {
				dropper := transacted(another, temporary, "drop.exe", "11:59:50")
				l.Create(dropper)
				l.Create(file)
				l.Delete(dropper)
				l.Create(transacted(mft.Ref{Entry: otherEntry + 3, Seq: 1}, temporary, "x.log", "12:00:09"))
			}),
			tool, found(truth{
				origin.Writer:     "recorded image=" + copyOfTemp + "drop.exe",
				origin.Account:    `recorded user=CORP\anna`,
				origin.Logon:      "recorded logon_id=0x51a2c",
				origin.Arrival:    "inferred kind=dropped",
				origin.Companions: `inferred file=` + copyOfTemp + `drop.exe`,
			})},

		{"the file is gone, and its entry too, and the transaction log has it", logging(machine(), func(l *logfiletest.Log) {
			first := renamed(file, temporary, "t.exe")
			l.Create(first)
			l.Rename(first, file)
			l.Create(transacted(another, temporary, "x.log", "12:20:00"))
			l.Delete(file)
		}),
			tool, truth{
				origin.Appeared:     "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.OriginalName: "inferred path=" + copyOfTemp + "t.exe | renamed_to=" + tool,
				origin.Account:      "unknown", origin.Logon: "unknown",
			}},

		// Where the log proves nothing about the file.
		{"the transaction log has the file that had the entry before", logging(machine(as(mft.Ref{Entry: subjectEntry, Seq: 2}, born(tool, at, anna))), func(l *logfiletest.Log) {
			other := transacted(subject, temporary, "other.tmp", "09:00:00")
			l.Create(other)
			l.Delete(other)
		}),
			tool, plain},

		{"the creation in the transaction log was undone", logging(machine(onDisk), func(l *logfiletest.Log) {
			l.Undo = true
			l.Create(renamed(file, temporary, "other.tmp"))
			l.Undo = false
		}),
			tool, plain},

		{"the clock was set back while the file was created, in the transaction log", logging(machine(onDisk), func(l *logfiletest.Log) {
			l.Create(transacted(another, temporary, "first.log", "18:00:00"))
			l.Create(file)
		}),
			tool, found(truth{origin.Appeared: plain[origin.Appeared]})},

		{"the transaction log has gone round since", func() world {
			w := machine(onDisk)
			l := logfiletest.Log{Size: 64 << 10}
			l.Create(renamed(file, temporary, "other.tmp"))
			for i := range uint64(200) {
				l.Create(logfiletest.File{Ref: mft.Ref{Entry: 3000 + i, Seq: 1}, Parent: mft.Ref{Entry: 2901, Seq: 1}, Name: "etl.log", Times: logfiletest.AllAt(clock("13:00:00").Add(time.Duration(i) * time.Minute))})
			}
			l.Checkpoint()
			w.log = l.Bytes()
			return w
		}(),
			tool, plain},

		{"a collected transaction log of another volume", func() world {
			w := logging(machine(onDisk), func(l *logfiletest.Log) { l.Create(renamed(file, temporary, "other.tmp")) })
			w.collected = true
			return w
		}(),
			tool, found(truth{origin.Appeared: plain[origin.Appeared], origin.OriginalName: "unknown", origin.Account: "unknown", origin.Logon: "unknown"})},
	}
}
