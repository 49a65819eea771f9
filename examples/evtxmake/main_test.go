package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 123_000_000, time.UTC)

// logon is Sysmon 11 and 4624 of a story, n minutes after noon.
func story(n int) (file, logon evtx.TypedEvent) {
	at := noon.Add(time.Duration(n) * time.Minute)
	system := evtx.System{TimeCreated: at, Computer: "WEB01.example.com"}
	return &evtx.Sysmon11{System: system, Image: `C:\Users\eve\a.exe`, TargetFilename: fmt.Sprintf(`C:\Users\EVE\%d.txt`, n), CreationUtcTime: at.Add(-time.Hour)},
		&evtx.Security4624{System: system, TargetUserName: "eve", TargetUserSid: "S-1-5-21-1-2-3-1001", LogonType: 3}
}

// lines returns events as evtxdump prints them.
func lines(t *testing.T, typed bool, events ...any) string {
	t.Helper()
	log, err := evtxtest.Bytes(events...)
	if err != nil {
		t.Fatal(err)
	}
	return printed(t, log, typed)
}

func printed(t *testing.T, log []byte, typed bool) string {
	t.Helper()
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	for p := range r.Problems() {
		t.Errorf("the log has a problem: %v", p)
	}
	var out []byte
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		form := rec.AppendJSON
		if typed {
			form = rec.AppendTyped
		}
		if out, err = form(out); err != nil {
			t.Fatal(err)
		}
		out = append(out, '\n')
	}
	return string(out)
}

// evtxmake runs the program on standard input.
func evtxmake(t *testing.T, in string, args ...string) (code int, log []byte, problems string) {
	t.Helper()
	var out, stderr bytes.Buffer
	code = run(args, strings.NewReader(in), &out, &stderr)
	return code, out.Bytes(), stderr.String()
}

func made(t *testing.T, in string, args ...string) (js string) {
	t.Helper()
	code, log, problems := evtxmake(t, in, args...)
	if code != 0 || problems != "" {
		t.Fatalf("exit code %d: %s", code, problems)
	}
	return printed(t, log, false)
}

// The lines of a log give the log again, in both formats.
func TestFixedPoint(t *testing.T) {
	var events []any
	for n := range 300 { // several chunks
		a, b := story(n)
		events = append(events, a, b)
	}
	js := lines(t, false, events...)
	if got := made(t, js); got != js {
		t.Error("jsonl gives another log")
	}
	if got := made(t, lines(t, true, events...)); got != js {
		t.Error("typed gives another log")
	}
	if got := made(t, strings.ReplaceAll(js, "\n", "\r\n\n"), "-"); got != js {
		t.Error("other ends of lines give another log")
	}
}

func TestNumbers(t *testing.T) {
	file, logon := story(0)
	file.Sys().RecordID, logon.Sys().RecordID = 70, 71
	js := lines(t, false, file, logon)
	for _, tt := range []struct {
		args []string
		want string
	}{{nil, "1 2"}, {[]string{"-keep-ids"}, "70 71"}} {
		var ids []string
		for line := range strings.Lines(made(t, js, tt.args...)) {
			_, id, _ := strings.Cut(line, `"EventRecordID":`)
			id, _, _ = strings.Cut(id, ",")
			ids = append(ids, id)
		}
		if got := strings.Join(ids, " "); got != tt.want {
			t.Errorf("%v: numbers %s, want %s", tt.args, got, tt.want)
		}
	}
	if got := made(t, js+js, "-keep-ids"); got != js+js {
		t.Errorf("numbers that repeat: %s", got)
	}
}

// Changes apply to all events, and to all values that they are about.
func TestChanges(t *testing.T) {
	file, logon := story(0)
	js := lines(t, false, file, logon)
	for _, tt := range []struct {
		name  string
		args  []string
		want  []string // in the lines
		never []string
	}{
		{"a name, in any case and in any text", []string{"-map", "eve=user1", "-map", "web01.example.com=HOST"},
			[]string{`"Computer":"HOST"`, `C:\\Users\\user1\\a.exe`, `C:\\Users\\user1\\0.txt`, `"TargetUserName":"user1"`}, []string{`"eve"`, `\\eve\\`, `EVE`, "WEB01"}},
		{"a SID", []string{"-map", "S-1-5-21-1-2-3-=S-1-5-21-9-9-9-"}, []string{`"TargetUserSid":"S-1-5-21-9-9-9-1001"`}, []string{"1-2-3"}},
		{"names of Windows stay", []string{"-map", "Target=X", "-map", "Security=Y", "-map", "eve=Sysmon"}, nil, nil},
		{"a field", []string{"-set", "TargetUserName=root", "-set", "LogonType=10", "-set", "Computer=A=B"}, []string{`"TargetUserName":"root"`, `"LogonType":10,`, `"Computer":"A=B"`}, []string{"WEB01"}},
		{"a field by its path", []string{"-set", "System/Level=2", "-set", "Provider/@Guid={00000000-0000-0000-0000-000000000001}", "-set", "EventData/LogonType=7"},
			[]string{`"Level":2,`, `"Guid":"{00000000-0000-0000-0000-000000000001}"`, `"LogonType":7,`}, nil},
		{"all times", []string{"-shift", "-24h"}, []string{`"SystemTime":"2026-03-01T12:00:00.1230000Z"`, `"UtcTime":"2026-03-01 12:00:00.123"`, `"CreationUtcTime":"2026-03-01 11:00:00.123"`}, []string{"2026-03-02"}},
		{"the first event", []string{"-start", "2020-01-01T00:00:00.5"}, []string{`"SystemTime":"2020-01-01T00:00:00.5000000Z"`, `"CreationUtcTime":"2019-12-31 23:00:00.500"`}, []string{"2026-"}},
		{"the first event on a day", []string{"-start", "2020-01-01"}, []string{`"UtcTime":"2020-01-01 00:00:00.000"`}, []string{"2026-"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, log, problems := evtxmake(t, js, tt.args...)
			if tt.want == nil { // the texts are not there
				if got := printed(t, log, false); code != 0 || strings.Count(problems, "no event has the text") != 2 || !strings.Contains(got, `"TargetUserName":"Sysmon"`) {
					t.Errorf("exit code %d: %s\n%s", code, problems, got)
				}
				return
			}
			if code != 0 {
				t.Fatal(problems)
			}
			got := printed(t, log, false)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %s in\n%s", want, got)
				}
			}
			for _, never := range tt.never {
				if strings.Contains(got, never) {
					t.Errorf("%s in\n%s", never, got)
				}
			}
		})
	}
}

// Times of all forms move, and what only looks like one does not.
func TestTimesMove(t *testing.T) {
	text := evtx.StringValue
	for _, tt := range []struct {
		name     string
		from, to evtx.Value
	}{
		{"FILETIME", evtx.TimeValue(noon), evtx.TimeValue(noon.Add(time.Hour))},
		{"FILETIME 0", evtx.NumberValue(evtx.FileTimeType, 0), evtx.NumberValue(evtx.FileTimeType, 0)},
		{"never", evtx.NumberValue(evtx.FileTimeType, never), evtx.NumberValue(evtx.FileTimeType, never)},
		{"SYSTEMTIME", systemTime(noon), systemTime(noon.Add(time.Hour))},
		{"Sysmon", text("2026-03-02 23:30:00.123"), text("2026-03-03 00:30:00.123")},
		{"RFC 3339", text("2026-03-02T12:00:00.1234567Z"), text("2026-03-02T13:00:00.1234567Z")},
		{"no decimal places", text("2026-03-02T12:00:00"), text("2026-03-02T13:00:00")},
		{"no date", text("2026-13-02 12:00:00.000"), text("2026-13-02 12:00:00.000")},
		{"inside a text", text("at 2026-03-02 12:00:00.000"), text("at 2026-03-02 12:00:00.000")},
		{"a number", evtx.UInt64Value(7), evtx.UInt64Value(7)},
	} {
		if got := moved(tt.from, time.Hour); got.Type != tt.to.Type || got.String() != tt.to.String() {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.to)
		}
	}
}

// Several files are merged by time; events at one time keep the order of the files.
func TestMerge(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i, minutes := range [][]int{{0, 5, 3, 9}, {1, 5, 6}} {
		var events []any
		for _, n := range minutes {
			file, _ := story(n)
			file.Sys().Computer = fmt.Sprint("PC", i)
			events = append(events, file)
		}
		name := filepath.Join(dir, fmt.Sprint(i, ".jsonl"))
		if err := os.WriteFile(name, []byte(lines(t, i == 1, events...)), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	var got []string
	for line := range strings.Lines(made(t, "", names...)) {
		_, minute, _ := strings.Cut(line, `"SystemTime":"2026-03-02T12:0`)
		_, pc, _ := strings.Cut(line, `"Computer":"PC`)
		got = append(got, minute[:1]+pc[:1])
	}
	if want := "00 11 50 30 51 61 90"; strings.Join(got, " ") != want {
		t.Errorf("order %v, want %s", got, want)
	}
}

// What is wrong is said with the file and the event, and no log is written.
func TestErrors(t *testing.T) {
	file, _ := story(0)
	js := lines(t, false, file)
	for _, tt := range []struct {
		name string
		in   string
		args []string
		code int
		want string
	}{
		{"nothing", "", nil, 1, "there is no event"},
		{"text", "hello", nil, 1, "-: event 1: invalid character"},
		{"cut off", js + js[:200], nil, 1, "-: event 2: unexpected EOF"},
		{"a number", "7", nil, 1, `want an object with the member "Event"`},
		{"an unknown member", js + strings.Replace(js, `"EventData"`, `"winlog"`, 1), nil, 1, "-: event 2: evtx: JSON of an event: winlog:"},
		{"an unknown member of a typed line", `{"kind":"sysmon-11","host":"a"}`, nil, 1, `-: event 1: evtx: typed line: member "host"`},
		{"no time", strings.Replace(js, "2026-03-02T12:00:00.123", "1601-01-01T00:00:00.000", 1), nil, 1, "-: event 1"},
		{"no provider", strings.Replace(js, `"Name":"Microsoft-Windows-Sysmon"`, `"Name":""`, 1), nil, 1, "System: no name of the provider"},
		{"an event that is too big", strings.Replace(js, "a.exe", strings.Repeat("x", 40000), 1), nil, 1, "event 1 of the log: the event does not fit"},
		{"a value that does not fit", js, []string{"-set", "ProcessId=x"}, 1, "-set ProcessId=x"},
		{"a field that is not there", js, []string{"-set", "Nothing=x"}, 1, `-set: no event has the field "Nothing"`},
		{"a pair that is none", js, []string{"-map", "x"}, 2, "want two texts"},
		{"two moves", js, []string{"-shift", "1h", "-start", "2026-03-02"}, 2, "want -shift or -start"},
		{"a time that is none", js, []string{"-start", "yesterday"}, 2, "is not a time"},
		{"standard input twice", js, []string{"-", "-"}, 2, "named twice"},
		{"a file that is not there", js, []string{"absent.jsonl"}, 1, "absent.jsonl"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, out, problems := evtxmake(t, tt.in, tt.args...)
			if code != tt.code || !strings.Contains(problems, tt.want) || code != 0 && len(out) > 0 {
				t.Errorf("exit code %d, %d bytes, %s; want %d, %s", code, len(out), problems, tt.code, tt.want)
			}
		})
	}
}
