package timeline

import (
	"fmt"
	"io"
	"iter"
	"strings"
)

// formats lists the formats of Write.
var formats = [...]struct {
	name  string
	write func(io.Writer, iter.Seq[Event]) error
}{
	{"timesketch", WriteTimesketch},
	{"csv", WriteCSV},
	{"bodyfile", WriteBodyfile},
	{"jsonl", WriteJSONL},
}

// Formats lists the formats of Write.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Write writes events in one of the Formats. For any other format it returns an error
// that lists them.
func Write(w io.Writer, format string, events iter.Seq[Event]) error {
	for _, f := range formats {
		if f.name == format {
			return f.write(w, events)
		}
	}
	return fmt.Errorf("format %q: want one of %s", format, strings.Join(Formats(), ", "))
}
