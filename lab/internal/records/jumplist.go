package records

import (
	"strconv"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
)

// JumpList emits a record for each entry of a jump list.
func JumpList(path string, emit func(child.Record)) (int, error) {
	r, err := jumplist.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	l := r.List()
	for i := range l.Entries {
		e := &l.Entries[i]
		var f fields
		f.set("target", e.Target())
		f.set("host", e.Host)
		f.set("category", e.Category)
		f.set("accessed", Time(e.LastAccess))
		f.number("accesses", uint64(e.Accesses))
		f.add("listed", strconv.FormatBool(e.Listed))
		if e.Link != nil {
			f.set("arguments", e.Link.Arguments)
			f.set("droid", e.Link.Droid.File.String())
		}
		emit(child.Record{Key: "entry " + e.Record, Offset: e.Offset, Fields: f})
	}
	return count(r.Problems()), nil
}
