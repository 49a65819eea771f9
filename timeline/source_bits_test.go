package timeline

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/bits/bitstest"
)

// bitsJob is a download of two files, of which one is there, that runs a command.
func bitsJob(at time.Time) bits.Job {
	return bits.Job{
		ID: bitstest.ID(1), State: bits.Transferred, Name: "up", Owner: "S-1-5-18", Command: `C:\Windows\System32\cmd.exe`, Arguments: `cmd.exe /c C:\Data\a.exe`, Notify: bits.NotifyTransferred,
		Created: at, Modified: at.Add(time.Minute), Completed: at.Add(30 * time.Second), Expires: at.AddDate(0, 3, 0), Program: `C:\Windows\System32\bitsadmin.exe`, Method: "GET",
		Files: []*bits.File{
			{URL: "http://203.0.113.9/a.exe", Path: `C:\Data\a.exe`, Temp: `C:\Data\BIT1.tmp`, Transferred: 7168, Total: 7168, Drive: `C:\`, Modified: at.AddDate(0, -1, 0)},
			{URL: "http://203.0.113.9/b.exe", Path: `C:\Data\b.exe`, Temp: `C:\Data\BIT2.tmp`, Total: bits.Unknown, Drive: `C:\`},
		},
	}
}

// The queue of BITS is found in the places of Windows and in any folder, by its name or by
// its content, in both formats. A damaged one is in the coverage.
func TestQueueOfBITS(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	old := bitsJob(at.Add(-time.Hour))
	old.ID, old.Name, old.Command = bitstest.ID(2), "old", ""
	old.Files = []*bits.File{{URL: "http://203.0.113.9/old.exe", Path: `C:\Data\old.exe`, Temp: `C:\Data\BIT0.tmp`, Transferred: 7, Total: 7}}
	lost := bits.File{URL: "http://203.0.113.9/lost.exe", Path: `C:\Data\lost.exe`, Transferred: 7, Total: 7}
	q := bitstest.Queue{Jobs: []bits.Job{bitsJob(at)}, Deleted: []bits.Job{old}, Lost: []bits.File{lost}}
	db, err := bitstest.Database(q)
	if err != nil {
		t.Fatal(err)
	}
	const by = ` by C:\Windows\System32\bitsadmin.exe`
	for _, tt := range []struct {
		artifact string
		data     []byte
		by       string
		records  int
	}{
		{"ProgramData/Microsoft/Network/Downloader/qmgr.db", db, by, 3},
		{"ProgramData/Microsoft/Network/Downloader/qmgr0.dat", bitstest.List(q), "", 2},
		{"Documents and Settings/All Users/Application Data/Microsoft/Network/Downloader/qmgr1.dat", bitstest.List(q), "", 2},
		{"x/QMGR.DB", db, by, 3},
		{"x/renamed.edb", db, by, 3},
		{"x/renamed.bin", bitstest.List(q), "", 2},
	} {
		vol := fstest.MapFS{tt.artifact: {Data: tt.data}}
		if !strings.HasPrefix(tt.artifact, "x/") {
			vol["Windows/System32/x"] = &fstest.MapFile{}
		}
		tl := collect(t, vol)
		want := []string{
			"11:00:00 bits.job: S-1-5-18 created the BITS job old" + tt.by + " (carved)",
			"11:00:30 bits.transfer: BITS transferred http://203.0.113.9/old.exe to C:\\Data\\old.exe for the job old of S-1-5-18: 7 of 7 bytes (carved)",
			"11:01:00 bits.job: the BITS job old of S-1-5-18 changed for the last time, to the state transferred (carved)",
			"12:00:00 bits.job: S-1-5-18 created the BITS job up" + tt.by + `, notify command: "C:\Windows\System32\cmd.exe" /c C:\Data\a.exe`,
			"12:00:30 bits.transfer: BITS transferred http://203.0.113.9/a.exe to C:\\Data\\a.exe for the job up of S-1-5-18: 7168 of 7168 bytes",
			"12:01:00 bits.job: the BITS job up of S-1-5-18 changed for the last time, to the state transferred",
			"12:01:00 bits.transfer: BITS has not transferred http://203.0.113.9/b.exe to C:\\Data\\b.exe for the job up of S-1-5-18: 0 of unknown bytes",
		}
		n := 0
		for e := range tl.Events() {
			if e.Source.Type != TypeBITS {
				continue
			}
			got := e.Time.Format("15:04:05 ") + string(e.Kind) + ": " + e.Message
			if n < len(want) && got != want[n] || e.SID != "S-1-5-18" || e.Source.Record == "" || e.Data == nil {
				t.Errorf("%s: got  %s\nwant %s", tt.artifact, got, want[min(n, len(want)-1)])
			}
			n++
		}
		c := covered(t, tl, tt.artifact)
		if n != len(want) || c.State != Parsed || c.Records != tt.records || c.Type != TypeBITS || !c.First.Equal(at.Add(-time.Hour)) || !c.Last.Equal(at.Add(time.Minute)) {
			t.Errorf("%s: %d events, %+v", tt.artifact, n, c)
		}
		jobs, files := tl.QueuedJobs(), tl.QueuedFiles()
		if len(jobs) != 2 || len(files) != 1+tt.records {
			t.Errorf("%s: %d jobs, %d files", tt.artifact, len(jobs), len(files))
		}
		if tt.records == 3 && (files[3].Job != nil || files[3].URL != lost.URL || !files[3].At().IsZero()) {
			t.Errorf("%s: %+v", tt.artifact, files[3])
		}
		if strings.Contains(tt.artifact, "renamed") {
			continue
		}
		vol[tt.artifact] = &fstest.MapFile{Data: tt.data[:9]}
		if c := covered(t, collect(t, vol), tt.artifact); c.State != Damaged || c.ProblemCount == 0 {
			t.Errorf("%s, cut: %+v", tt.artifact, c)
		}
		broken := append([]byte(nil), bitstest.List(q)...)
		broken[16+16+16] = 9 // jobs
		vol[tt.artifact] = &fstest.MapFile{Data: broken}
		if c := covered(t, collect(t, vol), tt.artifact); c.State != Partly || c.ProblemCount == 0 {
			t.Errorf("%s, with too many jobs: %+v", tt.artifact, c)
		}
	}
}

// An upload is worded as one: nothing came by it.
func TestQueuedUpload(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	job := bitsJob(at)
	job.Type, job.Files = bits.Upload, job.Files[:1]
	tl := collect(t, fstest.MapFS{"qmgr0.dat": {Data: bitstest.List(bitstest.Queue{Jobs: []bits.Job{job}})}})
	for e := range tl.Events() {
		if e.Kind == BITSTransfer && !strings.HasPrefix(e.Message, `BITS transferred C:\Data\a.exe to http://203.0.113.9/a.exe for`) {
			t.Error(e.Message)
		}
	}
}
