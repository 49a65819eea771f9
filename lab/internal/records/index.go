package records

import (
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Index emits a record for each name in an index $I30 that is a file.
func Index(path string, emit func(child.Record)) (int, error) {
	x, err := mft.OpenIndex(path)
	if err != nil {
		return 0, err
	}
	defer x.Close()
	problems := 0
	for e, err := range x.Entries() {
		if err != nil {
			problems++
			continue
		}
		var f fields
		f.set("name", e.Name)
		f.set("file", e.File.String())
		f.set("parent", e.Parent.String())
		f.set("state", e.State.String())
		f.set("created", Time(e.Created))
		f.number("size", e.Size)
		emit(child.Record{Key: "name", Offset: e.Offset, Fields: f})
	}
	return problems, nil
}
