package logfile

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
)

// openAttributes is the open attribute table as of a log record. Log records refer to it
// by the offset of an entry in it, in bytes.
type openAttributes struct {
	version uint32 // of the checkpoint: since 1 entries are shorter
	open    map[uint16]Attribute
	pending map[uint16]Attribute // of a dump whose names have not come yet
}

// An entry of the open attribute table, in bytes from its beginning:
//
//	v0    v1
//	0x00  0x00  4  0xffffffff if it is in use
//	0x08  0x10  8  file reference
//	0x10  0x18  8  LSN of the record that opened it
//	0x1c  0x08  4  type of the attribute
//	0x28  0x04  4  size of a block of an index
//
// A dump is such a table, in bytes from its beginning:
//
//	0x00  2  size of an entry
//	0x02  2  number of entries
//	0x18     entries
//
// A dump of names has, for each name:
//
//	0x00  2  offset of the entry in the table
//	0x02  2  size of the name in bytes
//	0x04     name (UTF-16LE), two zeros
const (
	entryLenV0, entryLenV1 = 0x2c, 0x28
	tableHeaderLen         = 0x18
	entryInUse             = 0xffffffff
)

// decodeEntry decodes an entry.
func (t *openAttributes) decodeEntry(b []byte) (a Attribute, ok bool) {
	le := binary.LittleEndian
	if t.version == 0 {
		if len(b) < entryLenV0 || le.Uint32(b) != entryInUse {
			return a, false
		}
		return Attribute{File: mft.ParseRef(le.Uint64(b[8:])), Opened: LSN(le.Uint64(b[0x10:])),
			Type: mft.AttributeType(le.Uint32(b[0x1c:])), BlockBytes: le.Uint32(b[0x28:])}, true
	}
	if len(b) < entryLenV1 || le.Uint32(b) != entryInUse {
		return a, false
	}
	return Attribute{File: mft.ParseRef(le.Uint64(b[0x10:])), Opened: LSN(le.Uint64(b[0x18:])),
		Type: mft.AttributeType(le.Uint32(b[8:])), BlockBytes: le.Uint32(b[4:])}, true
}

// follow changes the table as a log record says, and sets its attribute.
func (t *openAttributes) follow(rec *Record) {
	if rec.Type == ClientRestart {
		t.version = rec.Checkpoint.Major
		return
	}
	switch rec.Redo {
	case OpenNonresidentAttribute:
		if a, ok := t.decodeEntry(rec.RedoData); ok {
			a.Name = wtf8.String(rec.UndoData[:len(rec.UndoData)&^1])
			t.set(rec.Target, a)
		}
	case OpenAttributeTableDump:
		t.dump(rec.RedoData)
		return
	case AttributeNamesDump:
		t.names(rec.RedoData)
		return
	}
	if rec.Redo.target() == changesAttribute || rec.Undo.target() == changesAttribute || rec.Redo == OpenNonresidentAttribute {
		rec.Attribute = t.open[rec.Target]
	}
}

func (t *openAttributes) set(target uint16, a Attribute) {
	if t.open == nil {
		t.open = map[uint16]Attribute{}
	}
	t.open[target] = a
}

// dump takes the table at a checkpoint, whose names follow.
func (t *openAttributes) dump(b []byte) {
	if len(b) < tableHeaderLen {
		return
	}
	size, n := int(binary.LittleEndian.Uint16(b)), int(binary.LittleEndian.Uint16(b[2:]))
	if size != entryLenV0 && size != entryLenV1 {
		return
	}
	t.version = 1
	if size == entryLenV0 {
		t.version = 0
	}
	t.pending = map[uint16]Attribute{}
	for i := 0; i < n && tableHeaderLen+(i+1)*size <= min(len(b), 1<<16); i++ {
		at := tableHeaderLen + i*size
		a, ok := t.decodeEntry(b[at:])
		if !ok {
			continue
		}
		if old := t.open[uint16(at)]; old.Opened == a.Opened {
			a.Name = old.Name
		}
		t.pending[uint16(at)] = a
	}
	for target, a := range t.pending { // unnamed attributes have no name in the other dump
		t.set(target, a)
	}
}

// names takes the names of the table at a checkpoint.
func (t *openAttributes) names(b []byte) {
	le := binary.LittleEndian
	for len(b) >= 4 {
		target, n := le.Uint16(b), int(le.Uint16(b[2:]))
		if target == 0 || n%2 != 0 || 4+n > len(b) {
			break
		}
		if a, ok := t.pending[target]; ok {
			a.Name = wtf8.String(b[4 : 4+n])
			t.set(target, a)
		}
		b = b[min(4+n+2, len(b)):]
	}
	t.pending = nil
}
