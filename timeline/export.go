package timeline

import (
	"fmt"
	"io"
	"iter"
)

// Formats lists what Write can write.
func Formats() []string { return []string{"timesketch", "csv", "bodyfile", "jsonl"} }

// Write writes events in one of the Formats; any other format is an error that
// names them.
func Write(w io.Writer, format string, events iter.Seq[Event]) error {
	return fmt.Errorf("format %q: want one of %v", format, Formats())
}

// WriteTimesketch writes events as Timesketch JSON lines.
func WriteTimesketch(w io.Writer, events iter.Seq[Event]) error { return nil }

// WriteCSV writes events as comma-separated values.
func WriteCSV(w io.Writer, events iter.Seq[Event]) error { return nil }

// WriteBodyfile writes events as a bodyfile of format 3.
func WriteBodyfile(w io.Writer, events iter.Seq[Event]) error { return nil }

// WriteJSONL writes events as JSON lines.
func WriteJSONL(w io.Writer, events iter.Seq[Event]) error { return nil }
