package records

import (
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/mplog"
)

// ProtectionLog emits a record for each entry of a protection log.
func ProtectionLog(path string, emit func(child.Record)) (int, error) {
	r, err := mplog.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for e, err := range r.Entries() {
		if err != nil {
			continue
		}
		var f fields
		f.set("kind", string(e.Kind))
		f.set("path", e.Path)
		f.set("process", e.Process)
		f.number("pid", uint64(e.PID))
		f.set("sha256", e.SHA256)
		f.set("threat", e.Threat)
		f.set("command line", e.CommandLine)
		f.set("original name", e.OriginalName)
		f.set("time", Time(e.Time))
		emit(child.Record{Key: "entry", Offset: e.Offset, Fields: f})
	}
	return count(r.Problems()), nil
}
