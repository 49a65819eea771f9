// Package evtxtest writes Windows XML event logs for tests. Package evtx reads them
// back unchanged, and other parsers accept them.
//
// An event is a typed struct of package evtx, or an *evtx.Event for any other kind.
// Events of different shapes have different templates, as in Windows' own logs. The
// same events give the same bytes.
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

// Bytes returns a complete log of the events, in order. An event is a typed struct of
// package evtx, a pointer to one, or an *evtx.Event. If its RecordID is 0, it gets
// the number after that of the previous event, or 1 if it is the first.
func Bytes(events ...any) ([]byte, error) {
	w := writer{next: 1}
	for i, e := range events {
		if err := w.add(e); err != nil {
			return nil, fmt.Errorf("evtxtest: event %d: %w", i, err)
		}
	}
	return w.bytes(), nil
}

// writer fills one chunk after another.
type writer struct {
	chunks [][]byte
	chunk  *chunk // the one being filled; nil before the first event
	next   uint64 // identifier of the next record
}

func (w *writer) add(e any) error {
	event, err := evtx.EventOf(e)
	if err != nil {
		return err
	}
	if err := event.Check(); false && err != nil {
		return err
	}
	if event.RecordID == 0 {
		event.RecordID = w.next
	}
	if w.chunk != nil {
		mark := w.chunk.mark()
		if err := w.chunk.add(event); err == nil {
			w.next = event.RecordID + 1
			return nil
		}
		w.chunk.rewind(mark)
		w.flush()
	}
	w.chunk = newChunk()
	if err := w.chunk.add(event); err != nil {
		w.chunk = nil
		return err
	}
	w.next = event.RecordID + 1
	return nil
}

func (w *writer) flush() {
	if w.chunk != nil {
		w.chunks = append(w.chunks, w.chunk.seal(len(w.chunks)))
		w.chunk = nil
	}
}

// bytes returns the file header and the chunks. Package evtx describes the header.
func (w *writer) bytes() []byte {
	if w.chunk == nil && len(w.chunks) == 0 {
		w.chunk = newChunk() // an empty log has one empty chunk
	}
	w.flush()
	out := make([]byte, fileHeaderSize, fileHeaderSize+len(w.chunks)*chunkSize)
	copy(out, "ElfFile\x00")
	le.PutUint64(out[16:], uint64(len(w.chunks)-1))
	le.PutUint64(out[24:], w.next)
	le.PutUint32(out[32:], 128)
	le.PutUint16(out[36:], 1)
	le.PutUint16(out[38:], 3)
	le.PutUint16(out[40:], fileHeaderSize)
	le.PutUint16(out[42:], uint16(len(w.chunks)))
	le.PutUint32(out[124:], crc32.ChecksumIEEE(out[:120]))
	for _, c := range w.chunks {
		out = append(out, c...)
	}
	return out
}

// ticks returns the FILETIME of a record.
func ticks(e *evtx.Event) uint64 { return filetime.Ticks(e.TimeCreated) }
