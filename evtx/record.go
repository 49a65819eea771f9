package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Record is one record of a log. It shares the memory of its chunk, so keeping a
// record keeps the whole chunk. The zero Record, which accompanies an error, holds no
// event.
type Record struct {
	// ID and Written come from the record's header. In exported logs they are
	// those of the copy; System has those of the event itself.
	ID      uint64
	Written time.Time
	Offset  int64 // in bytes from the beginning of the log
	Size    int   // in bytes, including header and trailing size

	chunk *Chunk
	at    int // in the chunk
	root  *fragment
}

// Chunk returns the chunk that holds the record, or an empty one for the zero Record.
func (r *Record) Chunk() *Chunk {
	if r.chunk == nil {
		return new(Chunk)
	}
	return r.chunk
}

func (r *Record) in(err error) error {
	return damage.In(err, r.chunk.log, r.chunk.recordPath(r.ID))
}
