package origin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/bits/bitstest"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// Machines on which the queue of BITS records who downloaded the file from where, or what
// runs it.
func queued() []story {
	const temp = `C:\ProgramData\Cache\BIT1A2B.tmp`
	const size = 19 // of the content of files of these machines
	server := clock("2026-02-20 07:00:00")
	console := signedOn("08:01:00", anna, 2, "127.0.0.1", "WS07")
	group := born(tool, "12:00:00.2134567", admins)
	dated := func(path string) mfttest.File {
		return mfttest.File{Path: inVolume(path), Data: []byte("content of tool.exe"), Owner: admins.sid,
			Times: mfttest.Times{Created: clock("12:00:00.2134567"), Modified: server, Changed: clock("12:00:05"), Accessed: clock("12:00:05")}}
	}
	job := func(change func(j *bits.Job, f *bits.File)) bits.Job {
		f := bits.File{URL: depotURL, Path: tool, Temp: temp, Transferred: size, Total: size, Drive: `C:\`, DriveType: 3, Serial: volumeSerial & 0xffffffff, Modified: server}
		j := bits.Job{ID: bitstest.ID(1), State: bits.Transferred, Name: "j1", Owner: anna.sid, Notify: bits.NotifyTransferred | bits.NotifyError, Created: clock("11:59:58"), Modified: clock("12:00:04"),
			Completed: clock("12:00:03"), Expires: clock("12:00:04").AddDate(0, 3, 0), Program: system32 + "bitsadmin.exe", Method: "GET", Files: []*bits.File{&f}}
		if change != nil {
			change(&j, &f)
		}
		return j
	}
	db := func(q bitstest.Queue) mfttest.File {
		b, err := bitstest.Database(q)
		if err != nil {
			panic(err)
		}
		return mfttest.File{Path: "ProgramData/Microsoft/Network/Downloader/qmgr.db", Data: b, Times: mfttest.AllAt(clock("12:00:04"))}
	}
	has := func(change func(j *bits.Job, f *bits.File)) mfttest.File {
		return db(bitstest.Queue{Jobs: []bits.Job{job(change)}})
	}
	had := func(change func(j *bits.Job, f *bits.File)) mfttest.File {
		return db(bitstest.Queue{Deleted: []bits.Job{job(change)}})
	}
	lost := func(at time.Time) mfttest.File {
		f := *job(nil).Files[0]
		f.Modified = at
		return db(bitstest.Queue{Lost: []bits.File{f}})
	}
	list := mfttest.File{Path: "ProgramData/Microsoft/Network/Downloader/qmgr1.dat", Data: bitstest.List(bitstest.Queue{Jobs: []bits.Job{job(nil)}}), Times: mfttest.AllAt(clock("12:00:04"))}
	runs := func(change func(j *bits.Job, f *bits.File)) bits.Job {
		return job(func(j *bits.Job, f *bits.File) {
			f.URL, f.Path, j.Command, j.Arguments = "http://203.0.113.66/u/list.txt", `C:\ProgramData\Cache\list.txt`, tool, "tool.exe -q"
			if change != nil {
				change(j, f)
			}
		})
	}
	on := func(parts ...any) world { return box("WS07", day(), console, parts) }
	from := " kind=download | url=" + depotURL + " | address=" + depot
	who := ` user=CORP\anna | sid=` + anna.sid
	of := func(account, arrival, autostart string) truth {
		t := truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "unknown sid=" + admins.sid}
		if account != "" {
			t[origin.Account] = account
		}
		if arrival != "" {
			t[origin.Arrival] = arrival
		}
		if autostart != "" {
			t[origin.Autostart] = autostart
		}
		return t
	}
	starts := func(grade, state string) string {
		return grade + " category=bits | name=j1 | state=" + state + " | role=starts"
	}

	return []story{
		{"the queue of BITS has its job", on(dated(tool), has(nil)), tool, of("corroborated"+who, "recorded"+from, "")},
		{"qmgr1.dat has its job", on(group, list), tool, of("corroborated"+who, "recorded"+from, "")},
		{"the queue of BITS has it under its temporary name", on(dated(temp), has(nil)), temp, of("corroborated"+who, "recorded"+from, "")},
		{"its job left the queue of BITS", on(group, had(nil)), tool, of("corroborated"+who, "corroborated"+from, "")},
		{"its file left the queue of BITS, and has the time of the server", on(dated(tool), lost(server)), tool, of("", "corroborated"+from, "")},
		{"its file left the queue of BITS", on(group, lost(server)), tool, of("", "inferred"+from, "")},

		{"a job of BITS for its path, of another size", on(group, has(func(j *bits.Job, f *bits.File) { f.Total, f.Transferred = 40, 40 })), tool,
			of("inferred"+who, "inferred"+from, "")},
		{"a job of BITS for its path, which has a part of it", on(group, has(func(j *bits.Job, f *bits.File) {
			f.Transferred, j.State, j.Completed = 7, bits.Transferring, time.Time{}
		})), tool,
			of("inferred"+who, "inferred"+from, "")},
		{"a job of BITS for its path, of before", on(group, has(func(j *bits.Job, f *bits.File) {
			j.Created, j.Modified, j.Completed = clock("09:00:00"), clock("09:00:04"), clock("09:00:03")
		})), tool, of("inferred"+who, "inferred"+from, "")},
		{"a job of BITS for its path, which has transferred nothing", on(group, has(func(j *bits.Job, f *bits.File) {
			f.Transferred, f.Total, j.State, j.Completed = 0, bits.Unknown, bits.Suspended, time.Time{}
		})), tool, of("", "unknown kind=none", "")},
		{"BITS uploads it", on(group, has(func(j *bits.Job, f *bits.File) { j.Type = bits.Upload })), tool, of("", "unknown kind=none", "")},
		{"a job of BITS for a file of its name in another folder", on(group, has(func(j *bits.Job, f *bits.File) { f.Path, f.Temp = `C:\Users\anna\tool.exe`, `C:\Users\anna\BIT1.tmp` })), tool,
			of("", "unknown kind=none", "")},
		{"the queue of BITS is of another machine", on(group, has(func(j *bits.Job, f *bits.File) { f.Serial++ })), tool, of("", "unknown kind=none", "")},

		{"a shadow copy has its job of BITS", func() world {
			w := on(group, db(bitstest.Queue{}))
			w.past = []moment{{created: clock("12:10:00"), world: on(group, has(nil))}}
			return w
		}(), tool, of("corroborated"+who, "recorded"+from, "")},

		{"a job of BITS runs it", on(group, db(bitstest.Queue{Jobs: []bits.Job{runs(nil)}})), tool, of("", "", starts("recorded", "held"))},
		{"a job of BITS would run it, and does not notify", on(group, db(bitstest.Queue{Jobs: []bits.Job{runs(func(j *bits.Job, f *bits.File) { j.Notify = bits.NotifyDisabled })}})), tool,
			of("", "", starts("recorded", "disabled"))},
		{"a job of BITS ran it, and left the queue", on(group, db(bitstest.Queue{Deleted: []bits.Job{runs(nil)}})), tool, of("", "", starts("inferred", "removed"))},
		{"a job of BITS runs another program", on(group, db(bitstest.Queue{Jobs: []bits.Job{runs(func(j *bits.Job, f *bits.File) { j.Command, j.Arguments = system32+"cmd.exe", "cmd.exe /c dir C:\\" })}})), tool,
			of("", "", "unknown state=none")},
		{"a job of BITS deletes it", on(group, db(bitstest.Queue{Jobs: []bits.Job{runs(func(j *bits.Job, f *bits.File) { j.Command, j.Arguments = system32+"cmd.exe", "cmd.exe /c del "+tool })}})), tool,
			of("", "", "unknown role=deletes")},

		{"the log and the queue of BITS have its job", on(dated(tool), has(nil),
			on59(server, size)), tool, of("corroborated"+who, "recorded"+from, "")},
	}
}

// on59 is the record of the begin of a transfer.
func on59(modified time.Time, size uint64) evtx.TypedEvent {
	return on("11:59:59", &evtx.BITS59{TransferId: guid(8), JobTitle: "j1", JobId: guid(9), URL: depotURL, FileTime: modified, FileLength: size, BytesTotal: size})
}

// What the queue of BITS records is graded as it deserves, and not better: a record that
// was left from before is worth less, and one that does not fit the file still less.
func TestGradesOfTheQueueOfBITS(t *testing.T) {
	for _, s := range queued() {
		r := s.report(t)
		for _, asked := range [...]origin.Question{origin.Account, origin.Arrival, origin.Autostart} {
			want, _, told := strings.Cut(s.truth[asked], " ")
			if got := r.Answer(asked).Grade; told && asked != origin.Account && string(got) != want || told && want == "corroborated" && got == origin.Recorded {
				t.Errorf("%s: %s is %s, want %s: %s", s.name, asked, got, want, r.Answer(asked).Answer)
			}
		}
	}
}
