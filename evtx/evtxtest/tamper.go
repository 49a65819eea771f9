package evtxtest

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// The functions of this file change a log that Bytes returned, as log editors, crashes
// and the reuse of chunks do. They return a changed copy. Its checksums are right, so
// nothing but the change is wrong with it.

// Hide makes a record a part of the one before it: that one gets the size of both, and
// ends as it. The chunk then has one record fewer.
func Hide(log []byte, id uint64) ([]byte, error) {
	return edit(log, func(log []byte) error {
		c, i, err := find(log, id)
		if err != nil {
			return err
		}
		if i == 0 {
			return fmt.Errorf("evtxtest: record %d is the first of its chunk", id)
		}
		outer, inner := c.records[i-1], c.records[i]
		size := inner.at + inner.size - outer.at
		le.PutUint32(c.buf[outer.at+4:], uint32(size))
		le.PutUint32(c.buf[outer.at+size-4:], uint32(size))
		if i == len(c.records)-1 {
			c.setLast(outer)
		}
		return nil
	})
}

// CutOff makes the last n records of the last chunk a part of its free space.
func CutOff(log []byte, n int) ([]byte, error) {
	return edit(log, func(log []byte) error {
		chunks := chunksOf(log)
		c := chunks[len(chunks)-1]
		if n < 1 || n >= len(c.records) {
			return fmt.Errorf("evtxtest: %d of the %d records of the last chunk", n, len(c.records))
		}
		first := c.records[len(c.records)-n]
		last := c.records[len(c.records)-n-1]
		c.setLast(last)
		le.PutUint32(c.buf[48:], uint32(first.at))
		le.PutUint64(log[24:], last.id+1)
		return nil
	})
}

// Renumber gives the header of a record another identifier, and changes the headers of
// chunk and file accordingly. Its event keeps its own.
func Renumber(log []byte, id, to uint64) ([]byte, error) {
	return edit(log, func(log []byte) error {
		c, i, err := find(log, id)
		if err != nil {
			return err
		}
		le.PutUint64(c.buf[c.records[i].at+8:], to)
		if i == 0 {
			le.PutUint64(c.buf[8:], to)
			le.PutUint64(c.buf[24:], to)
		}
		if i == len(c.records)-1 {
			le.PutUint64(c.buf[16:], to)
			le.PutUint64(c.buf[32:], to)
			if le.Uint64(log[24:]) == id+1 {
				le.PutUint64(log[24:], to+1)
			}
		}
		return nil
	})
}

// Redate gives the header of a record another time, and its event, too, if it has the
// same.
func Redate(log []byte, id uint64, to time.Time) ([]byte, error) {
	return edit(log, func(log []byte) error {
		c, i, err := find(log, id)
		if err != nil {
			return err
		}
		record := c.buf[c.records[i].at:][:c.records[i].size]
		copy(record, bytes.ReplaceAll(record, record[16:24], le.AppendUint64(nil, filetime.Ticks(to))))
		return nil
	})
}

// Wrap moves the chunks of a log by n places, as a log that has reached its full size
// has them: the oldest one is then in place n.
func Wrap(log []byte, n int) ([]byte, error) {
	return edit(log, func(log []byte) error {
		chunks := chunksOf(log)
		if n < 0 || n >= len(chunks) {
			return fmt.Errorf("evtxtest: %d places in a log of %d chunks", n, len(chunks))
		}
		body := log[fileHeaderSize:]
		copy(body, slices.Concat(body[len(body)-n*chunkSize:], bytes.Clone(body[:len(body)-n*chunkSize])))
		le.PutUint64(log[8:], uint64(n))
		le.PutUint64(log[16:], uint64((n+len(chunks)-1)%len(chunks)))
		return nil
	})
}

// Refill returns a log that was written over an older one: what the chunks of the
// newer one do not use is left of the older one. If cleared is set, the older one was
// cleared before, so the numbers of the records start again.
func Refill(older, newer []byte, cleared bool) ([]byte, error) {
	return edit(newer, func(log []byte) error {
		number := uint64(1)
		for n, c := range chunksOf(log) {
			if base := fileHeaderSize + n*chunkSize; base < len(older) {
				free := int(le.Uint32(c.buf[48:]))
				copy(c.buf[free:], older[base+free:base+chunkSize])
			}
			if cleared {
				le.PutUint64(c.buf[8:], number)
				number += uint64(len(c.records))
				le.PutUint64(c.buf[16:], number-1)
			}
		}
		return nil
	})
}

// Behind appends the chunks of another log behind those that the header counts.
func Behind(log, other []byte) []byte { return slices.Concat(log, other[fileHeaderSize:]) }

// Dirty returns the log as a crash leaves it: its header has not been written since it
// had one chunk.
func Dirty(log []byte) []byte {
	log, _ = edit(log, func(log []byte) error {
		chunks := chunksOf(log)
		le.PutUint64(log[8:], 0)
		le.PutUint64(log[16:], 0)
		le.PutUint16(log[42:], 1)
		if first := chunks[0].records; len(first) > 0 {
			le.PutUint64(log[24:], first[0].id)
		}
		le.PutUint32(log[120:], 1)
		return nil
	})
	return log
}

// sealed is a chunk of a finished log.
type sealed struct {
	buf     []byte
	records []place
}

// place is the place of a record in its chunk.
type place struct {
	at, size int
	id       uint64
}

func chunksOf(log []byte) (chunks []sealed) {
	for at := fileHeaderSize; at+chunkSize <= len(log); at += chunkSize {
		c := sealed{buf: log[at : at+chunkSize]}
		for at := chunkHeaderSize; at < int(le.Uint32(c.buf[48:])); {
			p := place{at, int(le.Uint32(c.buf[at+4:])), le.Uint64(c.buf[at+8:])}
			c.records = append(c.records, p)
			at += p.size
		}
		chunks = append(chunks, c)
	}
	return chunks
}

// setLast makes a record the last one in the header of the chunk.
func (c sealed) setLast(p place) {
	le.PutUint64(c.buf[16:], le.Uint64(c.buf[8:])+p.id-le.Uint64(c.buf[24:]))
	le.PutUint64(c.buf[32:], p.id)
	le.PutUint32(c.buf[44:], uint32(p.at))
}

// find returns the chunk of a record, and its index there.
func find(log []byte, id uint64) (sealed, int, error) {
	for _, c := range chunksOf(log) {
		if i := slices.IndexFunc(c.records, func(p place) bool { return p.id == id }); i >= 0 {
			return c, i, nil
		}
	}
	return sealed{}, 0, fmt.Errorf("evtxtest: no record %d", id)
}

// edit changes a copy of a log, and corrects its checksums.
func edit(log []byte, change func(log []byte) error) ([]byte, error) {
	log = bytes.Clone(log)
	if err := change(log); err != nil {
		return nil, err
	}
	le.PutUint32(log[124:], crc32.ChecksumIEEE(log[:120]))
	for _, c := range chunksOf(log) {
		le.PutUint32(c.buf[52:], crc32.ChecksumIEEE(c.buf[chunkHeaderSize:le.Uint32(c.buf[48:])]))
		le.PutUint32(c.buf[124:], crc32.Update(crc32.ChecksumIEEE(c.buf[:120]), crc32.IEEETable, c.buf[128:chunkHeaderSize]))
	}
	return log, nil
}
