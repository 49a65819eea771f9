package task_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// fullJob has a value in every field that a job has.
var fullJob = task.Task{
	Author: `CORP\alice`, Description: "a <b> 日本", Disabled: true, Hidden: true,
	Triggers: []task.Trigger{
		{Kind: "TimeTrigger", StartBoundary: "2026-03-02T12:05:00"},
		{Kind: "CalendarTrigger", StartBoundary: "2026-03-02T00:00:00", EndBoundary: "2027-03-02T00:00:00", Interval: "PT60M", Disabled: true},
		{Kind: "IdleTrigger"}, {Kind: "BootTrigger"}, {Kind: "LogonTrigger"}, {Kind: "Trigger9"},
	},
	Actions: []task.Action{{Kind: "Exec", Command: `C:\ü 😀.exe`, Arguments: `/q "x"`, WorkingDirectory: `C:\Windows`}},
	Job: &task.Job{ID: winid.GUID{1, 15: 9}, Windows: 0x0501, Flags: task.JobDeleteWhenDone | task.JobDisabled | task.JobHidden,
		LastRun: "2026-03-02T12:05:01", ExitCode: 3, Status: 0x41300, Instances: 1, Signed: true},
}

// What tasktest writes as a job is read back as it was.
func TestJobsAgree(t *testing.T) {
	at := task.Task{Job: &task.Job{Windows: 0x0a00, Status: 0x41303}, Actions: []task.Action{{Kind: "Exec", Command: "cmd.exe"}}}
	empty := task.Task{Job: &task.Job{Windows: 0x0400}}
	for _, want := range []task.Task{fullJob, at, empty} {
		r := open(t, written(t, tasktest.File{Task: want}))
		if got := *r.Task(); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v %+v\nwant %+v %+v", got, got.Job, want, want.Job)
		}
		for p := range r.Problems() {
			t.Error(p)
		}
	}
	for _, bad := range []task.Task{
		{Job: &task.Job{}, Actions: make([]task.Action, 2)},
		{Job: &task.Job{}, Actions: []task.Action{{Kind: "ComHandler"}}},
		{Job: &task.Job{LastRun: "yesterday"}},
		{Job: &task.Job{}, Description: strings.Repeat("x", 1<<16)},
		{Job: &task.Job{}, Triggers: []task.Trigger{{Kind: "EventTrigger"}}},
	} {
		if _, err := (tasktest.File{Task: bad}).Bytes(); err == nil {
			t.Errorf("%+v was written", bad)
		}
	}
}

// Damage costs what is behind it, and is located.
func TestDamagedJobs(t *testing.T) {
	sound := written(t, tasktest.File{Task: fullJob})
	change := func(f func(b []byte) []byte) []byte { return f(bytes.Clone(sound)) }
	for _, tt := range []struct {
		name, problem     string
		raw               []byte
		actions, triggers int
	}{
		{"cut off in the triggers", "truncation: task: days at", change(func(b []byte) []byte { return b[:len(b)-80] }), 1, 5},
		{"cut off in the texts", "truncation: task: folder at", change(func(b []byte) []byte { return b[:130] }), 1, 0},
		{"cut off in the header", "truncation: task: length of the program at", sound[:70], 0, 0},
		{"a text that is too long", "truncation: task: program at 0x48", change(func(b []byte) []byte { b[70], b[71] = 0xff, 0xff; return b }), 0, 0},
		{"another offset of the triggers", "malformed: task: offset of the triggers at 0x16: got 1", change(func(b []byte) []byte { b[22], b[23] = 1, 0; return b }), 1, 6},
		{"more triggers than are kept", "truncation: task:", change(func(b []byte) []byte {
			binary.LittleEndian.PutUint16(b[binary.LittleEndian.Uint16(b[22:]):], 0xffff)
			return b
		}), 1, 7},
		{"bytes after the triggers", "malformed: task: after the triggers at", slices.Concat(sound, []byte("more")), 1, 6},
	} {
		r := open(t, tt.raw)
		got := ""
		for p := range r.Problems() {
			got += p.String() + "\n"
		}
		if task := r.Task(); !strings.HasPrefix(got, tt.problem) || len(task.Actions) != tt.actions || len(task.Triggers) != tt.triggers {
			t.Errorf("%s: %q, %d actions, %d triggers", tt.name, got, len(task.Actions), len(task.Triggers))
		}
	}
	for name, raw := range map[string][]byte{"the header is cut off": sound[:69], "another version": change(func(b []byte) []byte { b[2] = 2; return b }), "another offset of the program": change(func(b []byte) []byte { b[20] = 71; return b })} {
		if _, err := task.NewReader(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, task.ErrNotTask) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
