// Package logfiletest writes logs of NTFS for tests.
package logfiletest

import (
	"encoding/binary"
	"math/bits"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
)

// The layout of a log, in bytes.
const (
	PageSize     = 4096
	headerSize   = 0x30 // of a log record
	dataOffset   = 0x40 // in a page
	stride       = 512
	arrayOffset  = 0x28
	restartArray = 0x1e
	clientSize   = 0xa0
)

// Log is a log to be written. The zero value is an empty one of version 1.1 and 256 KiB.
type Log struct {
	Major       uint16 // 2 for version 2.0; 0 means 1.1
	Size        int64  // of the file, a multiple of PageSize; 0 means 256 KiB
	ClusterSize int    // in bytes; 0 means 4096
	BlockSize   int    // of a record of the $MFT, in bytes; 0 means 1024
	Undo        bool   // what Do and what calls it append is undone at once
	OnlyCopy    bool   // the last page is not in its place yet, but only in a copy

	ring     []byte // the file
	page     int64  // offset of the page that is written
	at       int    // in that page
	turn     uint64
	last     logfile.LSN
	restart  logfile.LSN            // of the last checkpoint
	previous map[uint32]logfile.LSN // by transaction
	written  map[int64]int64        // offsets of pages
	shift    int
}

func (l *Log) start() {
	if l.ring != nil {
		return
	}
	if l.Size == 0 {
		l.Size = 256 << 10
	}
	if l.ClusterSize == 0 {
		l.ClusterSize = 4096
	}
	if l.BlockSize == 0 {
		l.BlockSize = 1024
	}
	l.ring = make([]byte, l.Size)
	for i := range l.ring {
		l.ring[i] = 0xff
	}
	l.previous, l.written = map[uint32]logfile.LSN{}, map[int64]int64{}
	l.shift, l.turn = bits.Len64(uint64(l.Size-1)>>3), 1
	l.page = l.Ring()
	l.clearPage()
}

// Ring returns the offset of the first page of the ring.
func (l *Log) Ring() int64 {
	if l.Major >= 2 {
		return (2 + 32) * PageSize
	}
	return (2 + 2) * PageSize
}

// Page returns the offset of the page that the next record is written to, if it fits.
func (l *Log) Page() int64 {
	l.start()
	return l.page
}

func (l *Log) clearPage() {
	b := l.ring[l.page : l.page+PageSize]
	clear(b)
	copy(b, "RCRD")
	le := binary.LittleEndian
	le.PutUint16(b[4:], arrayOffset)
	le.PutUint16(b[6:], PageSize/stride+1)
	le.PutUint16(b[0x14:], 1)
	le.PutUint16(b[0x16:], 1)
	l.at = dataOffset
	l.written[l.page] = l.page
}

func (l *Log) nextPage() {
	if l.page += PageSize; l.page >= l.Size {
		l.page = l.Ring()
		l.turn++
	}
	l.clearPage()
}

// Add appends a log record, and returns it as a Reader yields it: with its LSN, offset and
// size, and with the previous LSN of its transaction. Type 0 means ClientRecord.
func (l *Log) Add(rec logfile.Record) logfile.Record {
	l.start()
	if rec.Type == 0 {
		rec.Type = logfile.ClientRecord
	}
	data := Encode(&rec)
	if l.at+headerSize > PageSize {
		l.nextPage()
	}
	rec.LSN = logfile.LSN(l.turn<<l.shift | uint64(l.page+int64(l.at))>>3)
	rec.Previous = l.previous[rec.Transaction]
	l.previous[rec.Transaction] = rec.LSN
	if rec.Redo == logfile.ForgetTransaction || rec.Type == logfile.ClientRestart {
		delete(l.previous, rec.Transaction)
	}
	rec.Offset, rec.Size = l.page+int64(l.at), headerSize+len(data)
	if l.at+rec.Size > PageSize {
		rec.Flags |= logfile.FlagManyPages
	}
	if rec.Type == logfile.ClientRestart {
		l.restart = rec.LSN
	}
	le := binary.LittleEndian
	h := l.ring[rec.Offset:]
	le.PutUint64(h, uint64(rec.LSN))
	le.PutUint64(h[8:], uint64(rec.Previous))
	le.PutUint64(h[0x10:], uint64(rec.UndoNext))
	le.PutUint32(h[0x18:], uint32(len(data)))
	le.PutUint32(h[0x1c:], rec.Client>>16|rec.Client<<16)
	le.PutUint32(h[0x20:], uint32(rec.Type))
	le.PutUint32(h[0x24:], rec.Transaction)
	le.PutUint16(h[0x28:], uint16(rec.Flags))
	start := l.at
	l.at += headerSize
	for {
		n := copy(l.ring[l.page+int64(l.at):l.page+PageSize], data)
		data = data[n:]
		p := l.ring[l.page:]
		le.PutUint64(p[8:], uint64(rec.LSN))
		if len(data) == 0 {
			l.at = (l.at + n + 7) &^ 7
			le.PutUint32(p[0x10:], 1)
			le.PutUint16(p[0x18:], uint16(l.at))
			le.PutUint64(p[0x20:], uint64(rec.LSN))
			break
		}
		le.PutUint16(p[0x18:], uint16(start))
		l.nextPage()
		start = PageSize
	}
	l.last = rec.LSN
	return rec
}

// Skip leaves out the rest of the page.
func (l *Log) Skip() {
	l.start()
	l.nextPage()
}

// Encode returns the data of a log record. It writes what it is given, right or wrong.
func Encode(rec *logfile.Record) []byte {
	le := binary.LittleEndian
	if rec.Type == logfile.ClientRestart {
		c := rec.Checkpoint
		b := le.AppendUint32(nil, c.Major)
		b = le.AppendUint32(b, c.Minor)
		for _, lsn := range []logfile.LSN{c.Start, c.OpenAttributes, c.AttributeNames, c.DirtyPages, c.Transactions} {
			b = le.AppendUint64(b, uint64(lsn))
		}
		b = append(b, make([]byte, 0x50-len(b))...)
		b = le.AppendUint32(b, c.BytesPerCluster)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, c.Journal.Uint64())
		b = le.AppendUint64(b, uint64(c.JournalBase))
		return append(b, make([]byte, 8)...)
	}
	redo := (0x20 + 8*len(rec.LCNs))
	undo := (redo + len(rec.RedoData) + 7) &^ 7
	var b []byte
	for _, v := range []int{int(rec.Redo), int(rec.Undo), redo, len(rec.RedoData), undo, len(rec.UndoData), int(rec.Target), len(rec.LCNs),
		int(rec.RecordOffset), int(rec.AttributeOffset), int(rec.BlockOffset), int(rec.BlockSize)} {
		b = le.AppendUint16(b, uint16(v))
	}
	b = le.AppendUint64(b, uint64(rec.VCN))
	for _, lcn := range rec.LCNs {
		b = le.AppendUint64(b, uint64(lcn))
	}
	b = append(b, rec.RedoData...)
	b = append(b, make([]byte, undo-len(b))...)
	b = append(b, rec.UndoData...)
	return append(b, make([]byte, (8-len(b)%8)%8)...)
}

// Checkpoint appends the record of a checkpoint.
func (l *Log) Checkpoint() logfile.Record {
	l.start()
	major := uint32(0)
	if l.Major >= 2 {
		major = 1
	}
	return l.Add(logfile.Record{Type: logfile.ClientRestart, Checkpoint: &logfile.Checkpoint{Major: major, BytesPerCluster: uint32(l.ClusterSize)}})
}

// Bytes returns the log as a file.
func (l *Log) Bytes() []byte {
	l.start()
	b := append([]byte(nil), l.ring...)
	le := binary.LittleEndian
	if l.OnlyCopy {
		at := int64(2 * PageSize)
		p := b[at : at+PageSize]
		copy(p, b[l.page:])
		if l.Major >= 2 {
			le.PutUint32(p[0x3c:], uint32(l.page))
		} else {
			le.PutUint64(p[8:], uint64(l.page))
		}
		for i := range b[l.page : l.page+PageSize] {
			b[l.page+int64(i)] = 0xff
		}
		protect(p, arrayOffset, 2)
	}
	for page := range l.written {
		if !l.OnlyCopy || page != l.page {
			protect(b[page:page+PageSize], arrayOffset, uint16(page/PageSize))
		}
	}
	for i := range int64(2) {
		l.restartPage(b[i*PageSize : (i+1)*PageSize])
	}
	return b
}

func (l *Log) restartPage(b []byte) {
	clear(b)
	le := binary.LittleEndian
	copy(b, "RSTR")
	le.PutUint16(b[4:], restartArray)
	le.PutUint16(b[6:], PageSize/stride+1)
	le.PutUint32(b[0x10:], PageSize)
	le.PutUint32(b[0x14:], PageSize)
	le.PutUint16(b[0x18:], 0x30)
	major, minor := uint16(1), uint16(1)
	if l.Major >= 2 {
		major, minor = l.Major, 0
	}
	le.PutUint16(b[0x1a:], minor)
	le.PutUint16(b[0x1c:], major)
	a := b[0x30:]
	le.PutUint64(a, uint64(l.last))
	le.PutUint16(a[8:], 1)
	le.PutUint16(a[0x0a:], 0xffff)
	le.PutUint32(a[0x10:], uint32(64-l.shift))
	le.PutUint16(a[0x14:], 0x40+clientSize)
	le.PutUint16(a[0x16:], 0x40)
	le.PutUint64(a[0x18:], uint64(l.Size))
	le.PutUint16(a[0x24:], headerSize)
	le.PutUint16(a[0x26:], dataOffset)
	c := a[0x40:]
	le.PutUint64(c[8:], uint64(l.restart))
	le.PutUint32(c[0x10:], 0xffffffff)
	name := wtf8.Encode("NTFS")
	le.PutUint32(c[0x1c:], uint32(len(name)))
	copy(c[0x20:], name)
	protect(b, restartArray, 1)
}

// protect replaces the end of every stride by a number, and keeps what was there.
func protect(b []byte, array int, number uint16) {
	le := binary.LittleEndian
	le.PutUint16(b[array:], number)
	for i := range len(b) / stride {
		end := (i+1)*stride - 2
		copy(b[array+2+2*i:], b[end:end+2])
		le.PutUint16(b[end:], number)
	}
}
