// Package evtxtest writes Windows XML event logs for tests. Package evtx reads them
// back unchanged, and other parsers accept them.
//
// An event is a typed struct of package evtx, or an *evtx.Event for any other kind. What
// is zero in the System of a struct is what Windows writes for the kind, and a text
// without a value is "-" if Windows writes that; see [evtx.EventOf]. Events of different
// shapes have different templates, as in Windows' own logs. The same events give the
// same bytes.
package evtxtest

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

var le = binary.LittleEndian

const (
	fileHeaderSize  = 4096
	chunkSize       = 65536
	chunkHeaderSize = 512
)

// Bytes returns a complete log of the events, in order; see [Log.Add].
func Bytes(events ...any) ([]byte, error) {
	var l Log
	for i, e := range events {
		if err := l.Add(e); err != nil {
			return nil, fmt.Errorf("evtxtest: event %d: %w", i, err)
		}
	}
	return l.Bytes(), nil
}

// Log is a log that is being written. The zero Log is empty.
type Log struct {
	// Unchecked also accepts events that Windows does not write, such as those with
	// values of a wrong size and numbers that do not increase. They test how parsers
	// treat damage.
	Unchecked bool
	// Exported numbers the records from 1, and lets the events keep a RecordID that is
	// not 0, as Windows does in a log that it exports. These may then have any order.
	Exported bool

	chunks [][]byte
	chunk  *chunk // the one being filled; nil before the first event
	last   uint64 // identifier of the last record
}

// Add adds an event: a typed struct of package evtx, a pointer to one, or an *evtx.Event.
// If it fails, the log is as it was before. The error names what is wrong with the event,
// as [evtx.Event.Check] does: every event needs a TimeCreated, among others.
//
// If the RecordID of the event is 0, it gets the number after that of the event before, or
// 1 if it is the first. Numbers must increase, as in Windows' own logs. So events that
// come from several logs need a RecordID of 0.
func (l *Log) Add(event any) error {
	e, err := evtx.EventOf(event)
	if err != nil {
		return err
	}
	if !l.Unchecked {
		if err := e.Check(); err != nil {
			return err
		}
	}
	id := l.last + 1
	switch {
	case e.RecordID == 0:
		e.RecordID = id
	case l.Exported:
	case e.RecordID < id && !l.Unchecked:
		return fmt.Errorf("System.RecordID is %d, after %d", e.RecordID, l.last)
	default:
		id = e.RecordID
	}
	r := record{id: id, written: filetime.Ticks(e.TimeCreated), event: newElement(e.Tree())}
	if l.chunk != nil {
		mark := l.chunk.mark()
		if err := l.chunk.add(r); err == nil {
			l.last = id
			return nil
		}
		l.chunk.rewind(mark)
	}
	next := newChunk()
	if err := next.add(r); err != nil {
		return err
	}
	l.flush()
	l.chunk, l.last = next, id
	return nil
}

func (l *Log) flush() {
	if l.chunk != nil {
		l.chunks = append(l.chunks, l.chunk.seal(len(l.chunks)))
		l.chunk = nil
	}
}

// Bytes returns the log: the file header and the chunks. Package evtx describes the
// header. An event that is added later begins a new chunk.
func (l *Log) Bytes() []byte {
	if l.chunk == nil && len(l.chunks) == 0 {
		l.chunk = newChunk() // an empty log has one empty chunk
	}
	l.flush()
	out := make([]byte, fileHeaderSize, fileHeaderSize+len(l.chunks)*chunkSize)
	copy(out, "ElfFile\x00")
	le.PutUint64(out[16:], uint64(len(l.chunks)-1))
	le.PutUint64(out[24:], l.last+1)
	le.PutUint32(out[32:], 128)
	le.PutUint16(out[36:], 1)
	le.PutUint16(out[38:], 3)
	le.PutUint16(out[40:], fileHeaderSize)
	le.PutUint16(out[42:], uint16(len(l.chunks)))
	le.PutUint32(out[124:], crc32.ChecksumIEEE(out[:120]))
	for _, c := range l.chunks {
		out = append(out, c...)
	}
	return out
}
