package records

import (
	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// Queue emits a record for each job of a queue of BITS, and for each of its files.
func Queue(path string, emit func(child.Record)) (int, error) {
	r, err := bits.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	file := func(f *bits.File) {
		var set fields
		set.set("url", f.URL)
		set.set("path", f.Path)
		set.number("transferred", f.Transferred)
		set.set("modified", Time(f.Modified))
		emit(child.Record{Key: f.Record, Offset: f.Offset, Fields: set})
	}
	for j, err := range r.Jobs() {
		if err != nil {
			continue
		}
		var set fields
		set.set("name", j.Name)
		set.set("owner", j.Owner)
		set.set("command", j.CommandLine())
		set.set("state", j.State.String())
		set.set("created", Time(j.Created))
		set.set("program", j.Program)
		emit(child.Record{Key: j.Record, Offset: j.Offset, Fields: set})
		for _, f := range j.Files {
			file(f)
		}
	}
	for f := range r.Files() {
		file(f)
	}
	return count(r.Problems()), nil
}
