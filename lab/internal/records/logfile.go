package records

import (
	"fmt"
	"strconv"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
)

// LogFile emits the log records of a transaction log by their LSN, and its events, with
// their paths.
func LogFile(path string, emit func(child.Record)) (int, error) {
	r, err := logfile.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for rec, err := range r.Records() {
		if err != nil {
			continue // counted below
		}
		var f fields
		f.add("redo", rec.Redo.String())
		f.add("undo", rec.Undo.String())
		f.number("transaction", uint64(rec.Transaction))
		f.add("redo data", Data(rec.RedoData))
		f.add("undo data", Data(rec.UndoData))
		f.add("attribute", rec.Attribute.File.String()+" "+rec.Attribute.Name)
		if entry, ok := rec.Entry(); ok {
			f.number("entry", entry)
		}
		emit(child.Record{Key: "LSN " + strconv.FormatUint(uint64(rec.LSN), 10), Offset: rec.Offset, Size: int64(rec.Size), Fields: f})
	}
	paths, err := logfile.NewPaths(r, nil)
	if err != nil {
		return 0, err
	}
	for e, err := range r.Events() {
		if err != nil {
			continue
		}
		file, _ := paths.File(&e)
		f := fields{{Name: "path", Value: paths.Of(&e).String()}, {Name: "file", Value: file.String()}, {Name: "state", Value: e.State.String()}}
		for _, c := range e.TimeChanges() {
			f.add(c.Name, Time(c.Old)+" to "+Time(c.New))
		}
		emit(child.Record{Key: fmt.Sprintf("%v %d %d", e.Kind, e.LSN, e.AttributeOffset), Offset: -1, Fields: f})
	}
	return count(r.Problems()), nil
}
