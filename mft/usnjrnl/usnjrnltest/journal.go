// Package usnjrnltest writes change journals for tests.
package usnjrnltest

import (
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
)

// PageSize is the size of a page of the journal, which no record crosses.
const PageSize = 0x1000

// Journal is a journal to be written. The zero value is an empty journal.
type Journal struct {
	Head int64 // bytes of zeros in front of the first record, a multiple of PageSize: what Windows has freed

	b []byte // from Head on
}

// Next returns the USN of the next record, if it fits into the page.
func (j *Journal) Next() int64 { return j.Head + int64(len(j.b)) }

// Add appends a record, and returns it as a Reader yields it: with its USN, offset and
// size. Major 0 means version 2.
func (j *Journal) Add(rec usnjrnl.Record) usnjrnl.Record {
	if rec.Major == 0 {
		rec.Major = 2
	}
	rec.Size = len(Encode(rec))
	if in := len(j.b) % PageSize; in+rec.Size > PageSize {
		j.b = append(j.b, make([]byte, PageSize-in)...)
	}
	rec.USN = j.Next()
	rec.Offset = rec.USN
	j.b = append(j.b, Encode(rec)...)
	return rec
}

// Skip loses n bytes: what would follow is zeros.
func (j *Journal) Skip(n int) { j.b = append(j.b, make([]byte, n)...) }

// Bytes returns the journal with its head.
func (j *Journal) Bytes() []byte { return append(make([]byte, j.Head), j.b...) }

// Tail returns the journal without its head, as collectors copy it.
func (j *Journal) Tail() []byte { return append([]byte(nil), j.b...) }

// Encode returns the bytes of a record. It writes what it is given, right or wrong; the
// size is that of the content.
func Encode(rec usnjrnl.Record) []byte {
	le := binary.LittleEndian
	name := wtf8.Encode(rec.Name)
	b := le.AppendUint32(nil, 0) // set below
	b = le.AppendUint16(b, rec.Major)
	b = le.AppendUint16(b, rec.Minor)
	b = le.AppendUint64(b, rec.File.Low)
	if rec.Major > 2 {
		b = le.AppendUint64(b, rec.File.High)
	}
	b = le.AppendUint64(b, rec.Parent.Low)
	if rec.Major > 2 {
		b = le.AppendUint64(b, rec.Parent.High)
	}
	b = le.AppendUint64(b, uint64(rec.USN))
	if rec.Major != 4 {
		b = le.AppendUint64(b, filetime.Ticks(rec.Time))
	}
	b = le.AppendUint32(b, uint32(rec.Reason))
	b = le.AppendUint32(b, uint32(rec.Source))
	if rec.Major == 4 {
		b = le.AppendUint32(b, rec.Remaining)
		b = le.AppendUint16(b, uint16(len(rec.Extents)))
		b = le.AppendUint16(b, 16)
		for _, x := range rec.Extents {
			b = le.AppendUint64(b, uint64(x.Offset))
			b = le.AppendUint64(b, uint64(x.Length))
		}
	} else {
		b = le.AppendUint32(b, rec.SecurityID)
		b = le.AppendUint32(b, uint32(rec.Attributes))
		b = le.AppendUint16(b, uint16(len(name)))
		b = le.AppendUint16(b, uint16(len(b)+2))
		b = append(b, name...)
	}
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	le.PutUint32(b, uint32(len(b)))
	return b
}

// EncodeMax returns the content of the stream $Max.
func EncodeMax(m usnjrnl.Max) []byte {
	le := binary.LittleEndian
	b := le.AppendUint64(nil, m.MaximumSize)
	b = le.AppendUint64(b, m.AllocationDelta)
	b = le.AppendUint64(b, m.ID)
	return le.AppendUint64(b, uint64(m.LowestValidUSN))
}

// MaxAt returns what Windows writes into $Max when it creates a journal of 32 MiB.
func MaxAt(created time.Time) usnjrnl.Max {
	return usnjrnl.Max{MaximumSize: 32 << 20, AllocationDelta: 8 << 20, ID: filetime.Ticks(created)}
}
