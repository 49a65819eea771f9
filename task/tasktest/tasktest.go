// Package tasktest writes scheduled tasks for tests, as the Task Scheduler writes them
// into Windows\System32\Tasks, or a job into Windows\Tasks: read by package task, a [File]
// has the task that was written.
package tasktest

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/task"
)

// File is the file of a task.
type File struct {
	Task task.Task
	UTF8 bool // instead of UTF-16LE with a byte order mark, which Windows writes
}

// Bytes returns the file: that of a job, if the task has one.
func (f File) Bytes() ([]byte, error) {
	if f.Task.Job != nil {
		return job(&f.Task)
	}
	encoding := "UTF-16"
	if f.UTF8 {
		encoding = "UTF-8"
	}
	text, err := document(&f.Task, encoding)
	if err != nil || f.UTF8 {
		return []byte(text), err
	}
	return append([]byte{0xff, 0xfe}, wtf8.Encode(text)...), nil
}

// XML returns the task as events have it.
func XML(t task.Task) (string, error) { return document(&t, "UTF-16") }

// writer writes elements, two blanks deeper for each that is open.
type writer struct {
	b     strings.Builder
	depth int
	err   error
}

func (w *writer) line(s string) {
	w.b.WriteString(strings.Repeat("  ", w.depth) + s + "\r\n")
}

// escaped escapes text. XML cannot hold all characters.
func (w *writer) escaped(s string) string {
	for _, r := range s {
		if r == utf8.RuneError || r < ' ' && !strings.ContainsRune("\t\r\n", r) || r == 0xfffe || r == 0xffff {
			w.err = fmt.Errorf("tasktest: XML cannot hold %q", s)
		}
	}
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		w.err = err
	}
	return b.String()
}

// text writes an element, unless it is empty.
func (w *writer) text(name, value string) {
	if value != "" {
		w.line("<" + name + ">" + w.escaped(value) + "</" + name + ">")
	}
}

// enabled writes whether something is enabled, if it is not.
func (w *writer) enabled(disabled bool) {
	if disabled {
		w.line("<Enabled>false</Enabled>")
	}
}

// in writes an element that holds others.
func (w *writer) in(name, attributes string, inside func()) {
	w.line("<" + name + attributes + ">")
	w.depth++
	inside()
	w.depth--
	w.line("</" + name + ">")
}

func (w *writer) attribute(name, value string) string {
	if value == "" {
		return ""
	}
	return " " + name + `="` + w.escaped(value) + `"`
}

// kind checks that the name of an element is one.
func (w *writer) kind(name string) string {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }) {
		w.err = fmt.Errorf("tasktest: %q is not the name of an element", name)
	}
	return name
}

func document(t *task.Task, encoding string) (string, error) {
	w := &writer{}
	w.line(`<?xml version="1.0" encoding="` + encoding + `"?>`)
	w.in("Task", ` version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"`, func() {
		w.in("RegistrationInfo", "", func() {
			w.text("Source", t.Source)
			w.text("Date", t.Date)
			w.text("Author", t.Author)
			w.text("Description", t.Description)
			w.text("SecurityDescriptor", t.SecurityDescriptor)
			w.text("URI", t.URI)
		})
		w.in("Triggers", "", func() {
			for i := range t.Triggers {
				w.trigger(&t.Triggers[i])
			}
		})
		w.in("Principals", "", func() {
			for _, p := range t.Principals {
				w.in("Principal", w.attribute("id", p.ID), func() {
					w.text("UserId", p.UserID)
					w.text("GroupId", p.GroupID)
					w.text("DisplayName", p.DisplayName)
					w.text("LogonType", p.LogonType)
					w.text("RunLevel", p.RunLevel)
				})
			}
		})
		w.in("Settings", "", func() {
			w.enabled(t.Disabled)
			if t.Hidden {
				w.line("<Hidden>true</Hidden>")
			}
		})
		w.in("Actions", w.attribute("Context", t.Context), func() {
			for _, a := range t.Actions {
				w.in(w.kind(a.Kind), w.attribute("id", a.ID), func() {
					w.text("Command", a.Command)
					w.text("Arguments", a.Arguments)
					w.text("WorkingDirectory", a.WorkingDirectory)
					w.text("ClassId", a.ClassID)
					w.text("Data", a.Data)
				})
			}
		})
	})
	return strings.TrimSuffix(w.b.String(), "\r\n"), w.err
}

func (w *writer) trigger(t *task.Trigger) {
	w.in(w.kind(t.Kind), "", func() {
		if t.Interval != "" {
			w.in("Repetition", "", func() { w.text("Interval", t.Interval) })
		}
		w.text("StartBoundary", t.StartBoundary)
		w.text("EndBoundary", t.EndBoundary)
		w.enabled(t.Disabled)
		w.text("Subscription", t.Subscription)
		w.text("UserId", t.UserID)
		w.text("Delay", t.Delay)
	})
}
