package timeline

import (
	"io"
	"iter"
)

// WriteTimesketch writes events as Timesketch JSON lines.
func WriteTimesketch(w io.Writer, events iter.Seq[Event]) error { return nil }

// WriteBodyfile writes events as a bodyfile of format 3.
func WriteBodyfile(w io.Writer, events iter.Seq[Event]) error { return nil }
