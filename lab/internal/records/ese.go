package records

import (
	"encoding/hex"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// Database emits a record for each row of a database of the Extensible Storage Engine.
func Database(path string, emit func(child.Record)) (int, error) {
	r, err := ese.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	lost := 0
	for _, table := range r.Tables() {
		columns := table.Columns()
		for row, err := range table.Rows() {
			if err != nil {
				if !damage.Is(err) {
					return 0, err
				}
				lost++
				continue
			}
			var f fields
			for _, c := range columns {
				values, err := row.Values(c)
				if err != nil {
					lost++
				}
				for i, v := range values {
					name := c.Name
					if i > 0 {
						name = fmt.Sprint(c.Name, " ", i)
					}
					if b, ok := v.Any().([]byte); ok {
						f.set(name, hex.EncodeToString(b[:min(len(b), 64)]))
					} else {
						f.set(name, fmt.Sprint(v.Any()))
					}
				}
			}
			emit(child.Record{Key: fmt.Sprint(table.Name(), " ", row.Page, " ", row.Node), Offset: row.Offset, Fields: f})
		}
	}
	return lost + count(r.Problems()), nil
}
