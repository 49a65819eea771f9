package records

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/prefetch"
)

// Prefetch emits a record for a prefetch file, and for each file and volume in it.
func Prefetch(path string, emit func(child.Record)) (int, error) {
	r, err := prefetch.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	file := r.File()
	var f fields
	f.set("program", file.Executable)
	f.number("hash", uint64(file.Hash))
	f.number("runs", uint64(file.RunCount))
	for i, t := range file.LastRuns {
		f.set(fmt.Sprint("run ", i), Time(t))
	}
	program, _ := file.Path()
	f.set("path", program)
	emit(child.Record{Key: "program", Offset: 0, Fields: f})
	for i, o := range file.Files {
		var f fields
		f.set("path", o.Path)
		f.number("reference", uint64(o.Ref))
		emit(child.Record{Key: fmt.Sprint("file ", i), Offset: -1, Fields: f})
	}
	for i, v := range file.Volumes {
		var f fields
		f.set("device", v.Device)
		f.number("serial", uint64(v.Serial))
		f.set("created", Time(v.Created))
		f.number("references", uint64(len(v.Refs)))
		f.number("folders", uint64(len(v.Folders)))
		emit(child.Record{Key: fmt.Sprint("volume ", i), Offset: -1, Fields: f})
	}
	return count(r.Problems()), nil
}
