package records

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// WebLog gives the requests of a web log by their offset. Their number of a line is
// not among the fields: damage elsewhere may change it.
func WebLog(path string, emit func(child.Record)) (int, error) {
	r, err := weblog.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	damaged := count(r.Problems())
	for req, err := range r.Requests() {
		if err != nil {
			damaged++
			continue
		}
		damaged += len(req.Problems)
		var f fields
		f.add("at", Time(req.Time))
		f.add("taken", req.Taken.String())
		for name, value := range req.Fields() {
			f.add(name, value)
		}
		emit(child.Record{Key: fmt.Sprintf("request %#x", req.Offset), Offset: req.Offset, Size: int64(len(req.Text)), Fields: f})
	}
	return damaged, nil
}
