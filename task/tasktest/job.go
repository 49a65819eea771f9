package tasktest

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/task"
)

var le = binary.LittleEndian

// job returns the file of a job.
func job(t *task.Task) ([]byte, error) {
	j := t.Job
	b := le.AppendUint16(nil, j.Windows)
	b = append(le.AppendUint16(b, 1), j.ID[:]...)
	b = append(b, 70, 0, 0, 0)                           // the offset of the triggers comes later
	for _, v := range [...]uint16{0, 0, 60, 10, 32, 0} { // retries, waiting for idle, priority
		b = le.AppendUint16(b, v)
	}
	for _, v := range [...]uint32{259_200_000, j.ExitCode, j.Status, uint32(flagsOf(t))} {
		b = le.AppendUint32(b, v)
	}
	run, err := numbers("%04d-%02d-%02dT%02d:%02d:%02d", j.LastRun, 6)
	if err != nil {
		return nil, err
	}
	for _, v := range [...]uint16{run[0], run[1], 0, run[2], run[3], run[4], run[5], 0, j.Instances} {
		b = le.AppendUint16(b, v)
	}
	var a task.Action
	if len(t.Actions) > 0 {
		a = t.Actions[0]
	}
	if len(t.Actions) > 1 || len(t.Actions) == 1 && a.Kind != "Exec" {
		return nil, fmt.Errorf("tasktest: a job has one action, which executes a program")
	}
	for _, text := range [...]string{a.Command, a.Arguments, a.WorkingDirectory, t.Author, t.Description} {
		if b, err = appendText(b, text); err != nil {
			return nil, err
		}
	}
	b = append(b, 0, 0)                         // no user data
	b = append(b, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0) // reserved data
	le.PutUint16(b[22:], uint16(len(b)))
	b = le.AppendUint16(b, uint16(len(t.Triggers)))
	for i := range t.Triggers {
		if b, err = appendTrigger(b, &t.Triggers[i]); err != nil {
			return nil, err
		}
	}
	if j.Signed {
		b = append(append(b, 1, 0, 1, 0), make([]byte, 64)...)
	}
	return b, nil
}

// flagsOf returns the flags of a job with what its task has.
func flagsOf(t *task.Task) task.JobFlags {
	f := t.Job.Flags &^ (task.JobDisabled | task.JobHidden)
	if t.Disabled {
		f |= task.JobDisabled
	}
	if t.Hidden {
		f |= task.JobHidden
	}
	return f
}

// appendText appends a text with its length, which counts the NUL at its end.
func appendText(b []byte, s string) ([]byte, error) {
	if s == "" {
		return append(b, 0, 0), nil
	}
	text := wtf8.Encode(s + "\x00")
	if len(text) > 2*0xffff {
		return nil, fmt.Errorf("tasktest: a text of %d bytes", len(text))
	}
	return append(le.AppendUint16(b, uint16(len(text)/2)), text...), nil
}

// kinds are the elements that triggers of a job would be, by their types.
var kinds = []string{"TimeTrigger", "CalendarTrigger", "", "", "", "IdleTrigger", "BootTrigger", "LogonTrigger"}

func appendTrigger(b []byte, t *task.Trigger) ([]byte, error) {
	var interval, flags, kind uint32
	if i := slices.Index(kinds, t.Kind); i >= 0 {
		kind = uint32(i)
	} else if _, err := fmt.Sscanf(t.Kind, "Trigger%d", &kind); err != nil {
		return nil, fmt.Errorf("tasktest: a job has no trigger of the kind %q", t.Kind)
	}
	begin, err := numbers("%04d-%02d-%02dT%02d:%02d:00", t.StartBoundary, 5)
	if err != nil {
		return nil, err
	}
	end, err := numbers("%04d-%02d-%02dT00:00:00", t.EndBoundary, 3)
	if err != nil {
		return nil, err
	}
	if t.EndBoundary != "" {
		flags |= 1
	}
	if t.Disabled {
		flags |= 4
	}
	if t.Interval != "" {
		if _, err := fmt.Sscanf(t.Interval, "PT%dM", &interval); err != nil {
			return nil, fmt.Errorf("tasktest: interval %q: %w", t.Interval, err)
		}
	}
	for _, v := range [...]uint16{0x30, 0, begin[0], begin[1], begin[2], end[0], end[1], end[2], begin[3], begin[4]} {
		b = le.AppendUint16(b, v)
	}
	for _, v := range [...]uint32{0, interval, flags, kind} {
		b = le.AppendUint32(b, v)
	}
	return append(b, make([]byte, 12)...), nil
}

// numbers reads n numbers of a time; all are 0 if it is empty.
func numbers(form, text string, n int) (v [6]uint16, err error) {
	if text == "" {
		return v, nil
	}
	var to []any
	for i := range n {
		to = append(to, &v[i])
	}
	if _, err := fmt.Sscanf(text, form, to...); err != nil {
		return v, fmt.Errorf("tasktest: %q: %w", text, err)
	}
	return v, nil
}
