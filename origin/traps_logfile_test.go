package origin_test

import (
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// logTraps are machines whose transaction log has times that were set.
func logTraps() []trap {
	subject := logfiletest.File{Ref: mft.Ref{Entry: 90, Seq: 1}, Parent: mft.Ref{Entry: 80, Seq: 1}, Name: "trap-with-a-long-name.exe", Times: logfiletest.AllAt(noon)}
	old := noon.AddDate(-3, 0, 0)
	stomped := mfttest.AllAt(old)
	stomped.Changed = noon.Add(time.Hour)
	honest := mfttest.AllAt(noon)
	file := mfttest.File{Path: trapPath, Entry: 90, Data: []byte("trap"), Times: stomped, FileNameTimes: &honest, Owner: owner}
	set := func(f logfiletest.File, created time.Time, undone bool) []byte {
		var l logfiletest.Log
		l.Create(f)
		to := f.Times
		to.Created, to.Changed = created, noon.Add(time.Hour)
		l.Undo = undone
		l.SetTimes(f, to)
		l.Checkpoint()
		return l.Bytes()
	}
	other := subject
	other.Ref.Seq = 7
	loose := mfttest.File{Path: trapPath, Entry: 90, Data: []byte("trap"), Times: honest, Owner: owner}
	appeared := findings{origin.Appeared: "corroborated time=" + noon.Format("2006-01-02T15:04:05.999999999Z")}
	return []trap{
		{"the transaction log has the creation time before it was set back", world{files: []mfttest.File{file}, log: set(subject, old, false)},
			appeared, kinds{origin.TimesSetBack, origin.LogDiffers}},
		{"the transaction log has a creation time that was set forward", world{files: []mfttest.File{loose}, log: set(subject, noon.Add(time.Minute), false)},
			nil, kinds{absent(origin.TimesSetBack), absent(origin.LogDiffers)}},
		{"the transaction that set the time back was rolled back", world{files: []mfttest.File{loose}, log: set(subject, old, true)},
			nil, kinds{absent(origin.TimesSetBack)}},
		{"the time was set back of an earlier file with the same entry", world{files: []mfttest.File{loose}, log: set(other, old, false)},
			nil, kinds{absent(origin.TimesSetBack)}},
		{"a collected log is of another volume", world{files: []mfttest.File{loose}, log: set(subject, old, false), collected: true},
			nil, kinds{absent(origin.TimesSetBack)}},
	}
}
