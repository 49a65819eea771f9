package records

import (
	"strconv"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/task"
)

// Task emits a record for the task of a file, and one for each of its actions.
func Task(path string, emit func(child.Record)) (int, error) {
	r, err := task.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	t := r.Task()
	var f fields
	f.set("author", t.Author)
	f.set("date", t.Date)
	f.set("uri", t.URI)
	f.set("runs as", t.RunsAs().UserID)
	f.number("triggers", uint64(len(t.Triggers)))
	f.add("disabled", strconv.FormatBool(t.Disabled))
	emit(child.Record{Key: "task", Offset: -1, Fields: f})
	for i := range t.Actions {
		a := &t.Actions[i]
		emit(child.Record{Key: "action " + strconv.Itoa(i), Offset: -1, Fields: fields{{Name: "kind", Value: a.Kind}, {Name: "command", Value: a.CommandLine()}, {Name: "class", Value: a.ClassID}}})
	}
	return count(r.Problems()), nil
}

// Link emits a record for a link.
func Link(path string, emit func(child.Record)) (int, error) {
	r, err := lnk.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	l := r.Link()
	var f fields
	for _, target := range l.Targets() {
		f.add("target", target)
	}
	f.set("arguments", l.Arguments)
	f.set("working directory", l.WorkingDir)
	f.set("machine", l.MachineID)
	f.set("written", Time(l.WriteTime))
	f.set("droid", l.Droid.File.String())
	f.set("items", shellitem.Display(l.Items))
	emit(child.Record{Key: "link", Offset: -1, Fields: f})
	for i := range l.Items {
		item := &l.Items[i]
		var f fields
		f.set("kind", string(item.Kind))
		f.set("name", item.Text())
		f.set("created", Time(item.Created))
		f.number("reference", uint64(item.Ref))
		emit(child.Record{Key: "item " + strconv.Itoa(i), Offset: item.Offset, Fields: f})
	}
	for i := range l.Properties {
		emit(child.Record{Key: "property " + strconv.Itoa(i), Offset: -1, Fields: fields{{Name: l.Properties[i].Key(), Value: l.Properties[i].Value}}})
	}
	return count(r.Problems()), nil
}
