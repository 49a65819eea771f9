package timeline

import (
	"io"
	"iter"
)

const maxTimesketchValue = 32766

// WriteTimesketch writes events as Timesketch JSON lines.
func WriteTimesketch(w io.Writer, events iter.Seq[Event]) error { return nil }
