package records

import (
	"bytes"
	"fmt"
	"os"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
)

// MaxPage is how much of a file that Journal reads is the stream $Max, in bytes.
const MaxPage = 4096

// Journal reads a file that has the stream $Max in its first page, and the change journal
// behind it.
func Journal(path string, emit func(child.Record)) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	n := min(len(data), MaxPage)
	max, journal := data[:min(n, usnjrnl.MaxSize)], data[n:]
	r, err := usnjrnl.NewReader(bytes.NewReader(journal), int64(len(journal)), usnjrnl.WithMax(max))
	if err != nil {
		return 0, err
	}
	if m, ok := r.Max(); ok {
		emit(child.Record{Key: "$Max", Fields: []child.Field{{Name: "created", Value: m.Created().String()}, {Name: "size", Value: fmt.Sprint(m.MaximumSize)}}})
	}
	paths, err := usnjrnl.NewPaths(r, nil)
	if err != nil {
		return 0, err
	}
	for rec, err := range r.Records() {
		if err != nil {
			continue // counted below
		}
		emit(child.Record{Key: fmt.Sprint("USN ", rec.USN), Offset: MaxPage + rec.Offset, Size: int64(rec.Size), Fields: []child.Field{
			{Name: "path", Value: paths.Of(&rec).String()}, {Name: "file", Value: rec.File.String()}, {Name: "reason", Value: rec.Reason.String()}}})
	}
	for range usnjrnl.Carve(bytes.NewReader(journal), int64(len(journal))) {
	}
	return count(r.Problems()), nil
}
