package logfiletest

import (
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
)

// File is a file whose changes are written.
type File struct {
	Ref    mft.Ref
	Parent mft.Ref
	Name   string
	Dir    bool
	Times  logfile.Info // of $STANDARD_INFORMATION and $FILE_NAME
}

const transaction = 0x18 // as Windows numbers the first

// Do appends records of one transaction, which is committed or undone, and returns the last
// of them.
func (l *Log) Do(records ...logfile.Record) (last logfile.Record) {
	for _, rec := range records {
		rec.Transaction = transaction
		last = l.Add(rec)
	}
	for i := len(records) - 1; i >= 0 && l.Undo; i-- {
		rec := records[i]
		rec.Transaction, rec.Redo, rec.RedoData = transaction, rec.Undo, rec.UndoData
		rec.Undo, rec.UndoData = logfile.CompensationLogRecord, nil
		l.Add(rec)
	}
	l.Add(logfile.Record{Redo: logfile.ForgetTransaction, Undo: logfile.CompensationLogRecord, Transaction: transaction})
	return last
}

// on returns a record that changes an entry of the $MFT.
func (l *Log) on(entry uint64, rec logfile.Record) logfile.Record {
	l.start()
	off := entry * uint64(l.BlockSize)
	rec.VCN = int64(off / uint64(l.ClusterSize))
	rec.BlockOffset = uint16(off % uint64(l.ClusterSize) / stride)
	rec.BlockSize, rec.LCNs = uint16(l.BlockSize/stride), []int64{4}
	return rec
}

// first returns the offset of the first attribute of a record.
func (l *Log) first() uint16 {
	l.start()
	return uint16(0x30+2*(1+l.BlockSize/stride)+7) &^ 7
}

// Create appends what NTFS writes when it makes a file, and returns the record that proves
// it.
func (l *Log) Create(f File) logfile.Record {
	entry := l.on(f.Parent.Entry, logfile.Record{Redo: logfile.AddIndexEntryRoot, Undo: logfile.DeleteIndexEntryRoot, RedoData: f.indexEntry()})
	free := l.on(f.Ref.Entry, logfile.Record{Redo: logfile.Noop, Undo: logfile.DeallocateFileRecordSegment, UndoData: make([]byte, 8)})
	return l.Do(free, entry, l.on(f.Ref.Entry, logfile.Record{Redo: logfile.InitializeFileRecordSegment, RedoData: l.Segment(f)}))
}

// Delete appends what NTFS writes when it deletes a file.
func (l *Log) Delete(f File) logfile.Record {
	return l.Do(
		l.on(f.Parent.Entry, logfile.Record{Redo: logfile.DeleteIndexEntryRoot, Undo: logfile.AddIndexEntryRoot, UndoData: f.indexEntry()}),
		l.on(f.Ref.Entry, logfile.Record{Redo: logfile.DeleteAttribute, Undo: logfile.CreateAttribute, RecordOffset: 0x98, UndoData: f.nameAttribute()}),
		l.on(f.Ref.Entry, logfile.Record{Redo: logfile.DeallocateFileRecordSegment, Undo: logfile.InitializeFileRecordSegment, UndoData: l.Segment(f)[:0x38]}))
}

// Rename appends what NTFS writes when a file gets another name or folder.
func (l *Log) Rename(f, to File) logfile.Record {
	added := l.on(f.Ref.Entry, logfile.Record{Redo: logfile.CreateAttribute, Undo: logfile.DeleteAttribute, RecordOffset: 0x98, RedoData: to.nameAttribute()})
	added.Transaction = transaction
	l.start()
	l.Add(inTransaction(l.on(f.Parent.Entry, logfile.Record{Redo: logfile.DeleteIndexEntryRoot, Undo: logfile.AddIndexEntryRoot, UndoData: f.indexEntry()})))
	l.Add(inTransaction(l.on(f.Ref.Entry, logfile.Record{Redo: logfile.DeleteAttribute, Undo: logfile.CreateAttribute, RecordOffset: 0x98, UndoData: f.nameAttribute()})))
	rec := l.Add(added)
	l.Do(l.on(to.Parent.Entry, logfile.Record{Redo: logfile.AddIndexEntryRoot, Undo: logfile.DeleteIndexEntryRoot, RedoData: to.indexEntry()}))
	return rec
}

func inTransaction(rec logfile.Record) logfile.Record {
	rec.Transaction = transaction
	return rec
}

// SetTimes appends what NTFS writes when the times of a file are set: all bytes from the
// first to the last that changes.
func (l *Log) SetTimes(f File, to logfile.Info) logfile.Record {
	old, now := info(f.Times), info(to)
	from, end := 0, len(old)
	for from < end && old[from] == now[from] {
		from++
	}
	for end > from && old[end-1] == now[end-1] {
		end--
	}
	from &^= 7
	end = (end + 7) &^ 7
	return l.Do(l.on(f.Ref.Entry, logfile.Record{Redo: logfile.UpdateResidentValue, Undo: logfile.UpdateResidentValue,
		RecordOffset: l.first(), AttributeOffset: uint16(0x18 + from), RedoData: now[from:end], UndoData: old[from:end]}))
}

// AddStream appends what NTFS writes when a file gets a named stream.
func (l *Log) AddStream(f File, name string, content []byte) logfile.Record {
	return l.Do(l.on(f.Ref.Entry, logfile.Record{Redo: logfile.CreateAttribute, Undo: logfile.DeleteAttribute, RecordOffset: 0x120, RedoData: Attribute(mft.AttrData, name, content)}))
}

// AllAt returns an Info whose times are all t.
func AllAt(t time.Time) logfile.Info {
	return logfile.Info{Created: t, Modified: t, Changed: t, Accessed: t}
}

func info(i logfile.Info) []byte {
	var b []byte
	for _, t := range []time.Time{i.Created, i.Modified, i.Changed, i.Accessed} {
		b = binary.LittleEndian.AppendUint64(b, filetime.Ticks(t))
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(i.Attributes))
	b = append(b, make([]byte, 0x34-len(b))...)
	b = binary.LittleEndian.AppendUint32(b, i.SecurityID)
	b = append(b, make([]byte, 8)...)
	return binary.LittleEndian.AppendUint64(b, i.USN)
}

// fileName returns a $FILE_NAME.
func (f *File) fileName() []byte {
	b := binary.LittleEndian.AppendUint64(nil, f.Parent.Uint64())
	b = append(b, info(f.Times)[:0x20]...)
	b = append(b, make([]byte, 0x10)...)
	attributes := mft.FileArchive
	if f.Dir {
		attributes = 0x10000000
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(attributes))
	b = append(b, 0, 0, 0, 0)
	name := wtf8.Encode(f.Name)
	b = append(b, byte(len(name)/2), byte(mft.NamespaceWin32DOS))
	return append(b, name...)
}

// indexEntry returns the entry of the folder.
func (f *File) indexEntry() []byte {
	key := f.fileName()
	b := binary.LittleEndian.AppendUint64(nil, f.Ref.Uint64())
	b = binary.LittleEndian.AppendUint16(b, uint16(0x10+len(key)+7)&^7)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(key)))
	b = append(b, 0, 0, 0, 0)
	b = append(b, key...)
	return append(b, make([]byte, (8-len(b)%8)%8)...)
}

func (f *File) nameAttribute() []byte { return Attribute(mft.AttrFileName, "", f.fileName()) }

// Attribute returns a resident attribute with its header.
func Attribute(kind mft.AttributeType, name string, value []byte) []byte {
	le := binary.LittleEndian
	n := wtf8.Encode(name)
	at := (0x18 + len(n) + 7) &^ 7
	b := make([]byte, (at+len(value)+7)&^7)
	le.PutUint32(b, uint32(kind))
	le.PutUint32(b[4:], uint32(len(b)))
	b[9] = byte(len(n) / 2)
	le.PutUint16(b[0x0a:], 0x18)
	le.PutUint32(b[0x10:], uint32(len(value)))
	le.PutUint16(b[0x14:], uint16(at))
	copy(b[0x18:], n)
	copy(b[at:], value)
	return b
}

// Segment returns the used part of the record of a file.
func (l *Log) Segment(f File) []byte {
	l.start()
	le := binary.LittleEndian
	b := make([]byte, l.first())
	copy(b, "FILE")
	le.PutUint16(b[4:], 0x30)
	le.PutUint16(b[6:], uint16(l.BlockSize/stride+1))
	le.PutUint16(b[0x10:], f.Ref.Seq)
	le.PutUint16(b[0x12:], 1)
	le.PutUint16(b[0x14:], l.first())
	flags := mft.RecordInUse
	if f.Dir {
		flags |= mft.RecordDirectory
	}
	le.PutUint16(b[0x16:], uint16(flags))
	le.PutUint32(b[0x1c:], uint32(l.BlockSize))
	le.PutUint32(b[0x2c:], uint32(f.Ref.Entry))
	b = append(b, Attribute(mft.AttrStandardInformation, "", info(f.Times))...)
	b = append(b, f.nameAttribute()...)
	b = append(b, Attribute(mft.AttrData, "", nil)...)
	b = append(b, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)
	le.PutUint32(b[0x18:], uint32(len(b)))
	return b
}
