// Package vsstest writes shadow copies onto the image of a volume, for tests.
package vsstest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft/vss"
)

// BlockSize is the size of the blocks that a snapshot keeps.
const BlockSize = 0x4000

// Volume is a volume with snapshots to be written.
type Volume struct {
	Current   []byte     // the volume as it is now
	Snapshots []Snapshot // the oldest first
	// Room is where in Current the catalog and the stores are written, RoomSize how many
	// bytes they may take there: multiples of BlockSize. The snapshots do not keep what was
	// there. 0 means behind the volume: the image is then larger than its file system.
	Room, RoomSize int64
	Catalog        Catalog // what is left of it
}

// Catalog is what is left of the catalog after the shadow copies were deleted.
type Catalog int

// The states of a catalog.
const (
	Whole   Catalog = iota // only the snapshots that are Deleted are not in it
	Emptied                // no entry is left
	Zeroed                 // its blocks are zeros, and the header names none
	Lost                   // the header of the shadow copies is overwritten too
)

// Snapshot is a snapshot to be written.
type Snapshot struct {
	State      []byte // the volume as it was then, at most as long as it is now
	Created    time.Time
	Attributes vss.Attributes // 0 means those of a restore point of Windows
	Machine    string
	ID, SetID  vss.GUID     // zero means one made from the number of the snapshot
	Sectors    bool         // changed sectors are kept, by overlays, instead of whole blocks
	Unused     []int64      // numbers of the blocks that were not in use
	Before     []int64      // those that the snapshot before did not use; nil means that it is not recorded
	Extra      []Descriptor // behind those of the blocks that differ
	Elsewhere  bool         // its store is not on the volume
	Deleted    bool         // it is not in the catalog, and its store is still on the volume
	At         int64        // where in the room the store begins; 0 means behind what is written before it, the newer one
	Overwrite  []int64      // blocks of the store, from 0 on, that were overwritten
}

// Descriptor says where a store keeps a block. It is written as it is, right or wrong.
type Descriptor struct {
	Original uint64 // offset of the block in the volume
	Relative uint64 // offset of its content in the store
	Offset   uint64 // offset of its content in the volume
	Flags    uint32
	Sectors  uint32 // that an overlay has
	Data     []byte // if not nil, this is its content, and sets Relative (unless it is 1) and Offset
}

// The flags of a Descriptor.
const (
	Forwarder = 1
	Overlay   = 2
	NotUsed   = 4
)

// FormatName is the name of the file of the catalog.
const FormatName = "{3808876b-c176-4e48-b7ae-04046e6cc752}"

// StoreName returns the name of the file of the store of a snapshot, the first of which is 0.
func StoreName(snapshot int) string {
	return strings.ToLower("{"+vss.GUID(guid(0xb0, snapshot)).String()+"}") + FormatName
}

const (
	headerLen      = 128
	descriptorLen  = 32
	restorePoint   = 0x420009
	identifier     = "\x6b\x87\x08\x38\x76\xc1\x48\x4e\xb7\xae\x04\x04\x6e\x6c\xc7\x52"
	headerOffset   = 0x1e00
	entriesInBlock = (BlockSize - headerLen) / 128
)

var le = binary.LittleEndian

// Bytes returns the image of the volume.
func (v Volume) Bytes() ([]byte, error) {
	w := &writer{image: bytes.Clone(v.Current), at: v.Room, room: v.Room, end: v.Room + v.RoomSize}
	switch size := int64(len(v.Current)); {
	case size < 0x2000 || v.Room%BlockSize != 0 || v.RoomSize%BlockSize != 0 || v.Room < 0 || v.RoomSize < 0 || v.Room > size || v.RoomSize > size-v.Room:
		return nil, errors.New("vsstest: the volume is too small, or the room is not whole blocks of it")
	case v.Room == 0:
		w.image = append(w.image, make([]byte, -size&(BlockSize-1))...)
		w.at = int64(len(w.image))
	}
	catalog := w.blocks(max(1, (2*len(v.Snapshots)+entriesInBlock-1)/entriesInBlock))
	w.header(catalog)
	var entries [][]byte
	newer := bytes.Clone(w.image[:len(v.Current)])
	for i := len(v.Snapshots) - 1; i >= 0; i-- { // the newest first: an older one keeps what differs from it
		s := v.Snapshots[i]
		if len(s.State) > len(v.Current) {
			return nil, fmt.Errorf("vsstest: snapshot %d is larger than the volume", i+1)
		}
		if s.At != 0 && s.At < w.at {
			return nil, fmt.Errorf("vsstest: the store of snapshot %d begins in what is written before it", i+1)
		}
		w.at = max(w.at, s.At)
		written := w.store(i, s, newer)
		if !s.Deleted && v.Catalog == Whole {
			entries = append(entries, written...)
		}
	}
	w.catalog(catalog, entries)
	switch v.Catalog {
	case Zeroed:
		clear(w.image[catalog:][:BlockSize])
		le.PutUint64(w.image[headerOffset+0x30:], 0)
	case Lost:
		clear(w.image[catalog:][:BlockSize])
		clear(w.image[headerOffset:][:512])
	}
	if v.Room != 0 && w.at > w.end {
		return nil, fmt.Errorf("vsstest: the room has %d bytes, and %d are needed", v.RoomSize, w.at-v.Room)
	}
	return w.image, nil
}

type writer struct {
	image     []byte
	at        int64 // of the next free block
	room, end int64 // of what the snapshots do not keep
}

// blocks returns the offset of n new blocks of zeros.
func (w *writer) blocks(n int) int64 {
	at := w.at
	w.at += int64(n) * BlockSize
	if int64(len(w.image)) < w.at {
		w.image = append(w.image, make([]byte, w.at-int64(len(w.image)))...)
	}
	clear(w.image[at:w.at])
	return at
}

// header writes the header in the boot sectors.
func (w *writer) header(catalog int64) {
	b := w.image[headerOffset : headerOffset+512]
	clear(b)
	copy(b, identifier)
	le.PutUint32(b[0x10:], 1)
	le.PutUint32(b[0x14:], 1)
	le.PutUint64(b[0x18:], headerOffset)
	le.PutUint64(b[0x20:], headerOffset)
	le.PutUint64(b[0x30:], uint64(catalog))
	copy(b[0x40:], guid(0xa0, 0))
	copy(b[0x50:], guid(0xa0, 0))
}

// record writes content into a chain of blocks of a kind, as many as have their place
// there. Start is where the store or the catalog begins.
func (w *writer) record(at, start int64, kind uint32, content []byte, each, n int) {
	for i := range n {
		b := w.image[at+int64(i)*BlockSize:][:BlockSize]
		copy(b, identifier)
		le.PutUint32(b[0x10:], 1)
		le.PutUint32(b[0x14:], kind)
		le.PutUint64(b[0x18:], uint64(at+int64(i)*BlockSize-start))
		le.PutUint64(b[0x20:], uint64(at+int64(i)*BlockSize))
		if i+1 < n {
			le.PutUint64(b[0x28:], uint64(at+int64(i+1)*BlockSize))
		}
		content = content[copy(b[headerLen:headerLen+each], content):]
	}
}

func (w *writer) catalog(at int64, entries [][]byte) {
	n := max(1, (len(entries)+entriesInBlock-1)/entriesInBlock)
	w.record(at, at, 2, bytes.Join(entries, nil), entriesInBlock*128, n)
}

// store writes the store of a snapshot, which keeps the blocks that differ in newer, and
// returns its entries of the catalog.
func (w *writer) store(number int, s Snapshot, newer []byte) [][]byte {
	id := guid(0xb0, number)
	entry := make([]byte, 128)
	le.PutUint64(entry, 2)
	le.PutUint64(entry[8:], uint64(len(s.State)))
	copy(entry[0x10:], id)
	le.PutUint64(entry[0x20:], uint64(number+1))
	le.PutUint64(entry[0x28:], 0x40)
	le.PutUint64(entry[0x30:], filetime.Ticks(s.Created))
	if s.Elsewhere {
		return [][]byte{entry}
	}
	start := w.blocks(1)
	descriptors := w.changes(s, newer)
	const inBlock = (BlockSize - headerLen) / descriptorLen
	lists := max(1, (len(descriptors)+inBlock-1)/inBlock)
	list := w.blocks(lists)
	ranges := w.blocks(1)
	bitmapBlocks := (len(w.image)/BlockSize/8 + 1 + BlockSize - headerLen - 1) / (BlockSize - headerLen)
	current := w.blocks(bitmapBlocks)
	previous := int64(0)
	if s.Before != nil {
		previous = w.blocks(bitmapBlocks)
	}
	var raw []byte
	for _, d := range descriptors {
		if d.Data != nil {
			at := w.blocks(1)
			copy(w.image[at:at+BlockSize], d.Data)
			d.Offset = uint64(at)
			if d.Relative != 1 {
				d.Relative = uint64(at - start)
			}
		}
		raw = le.AppendUint64(raw, d.Original)
		raw = le.AppendUint64(raw, d.Relative)
		raw = le.AppendUint64(raw, d.Offset)
		raw = le.AppendUint32(raw, d.Flags)
		raw = le.AppendUint32(raw, d.Sectors)
	}
	w.record(start, start, 4, s.info(number), BlockSize-headerLen, 1)
	le.PutUint64(w.image[start+0x30:], uint64(len(s.info(number))))
	w.record(list, start, 3, raw, inBlock*descriptorLen, lists)
	var part []byte
	for _, word := range []int64{start, 0, w.at - start} {
		part = le.AppendUint64(part, uint64(word))
	}
	w.record(ranges, start, 5, part, BlockSize-headerLen, 1)
	w.record(current, start, 6, bitmap(s.Unused, bitmapBlocks), BlockSize-headerLen, bitmapBlocks)
	if s.Before != nil {
		w.record(previous, start, 6, bitmap(s.Before, bitmapBlocks), BlockSize-headerLen, bitmapBlocks)
	}
	for _, n := range s.Overwrite {
		b := w.image[start+n*BlockSize:][:BlockSize]
		for i := range b {
			b[i] = byte(0x5a + i%7)
		}
	}
	where := make([]byte, 128)
	le.PutUint64(where, 3)
	le.PutUint64(where[8:], uint64(list))
	copy(where[0x10:], id)
	for i, at := range []int64{start, ranges, current, 1<<48 | int64(64+number), 0, previous, 0} {
		le.PutUint64(where[0x20+8*i:], uint64(at))
	}
	return [][]byte{entry, where}
}

// changes returns the descriptors of the blocks that differ in newer. It makes newer what
// an older snapshot finds, which does not have the overlays.
func (w *writer) changes(s Snapshot, newer []byte) []Descriptor {
	var all []Descriptor
	for at := 0; at < len(s.State); at += BlockSize {
		old, now := s.State[at:min(at+BlockSize, len(s.State))], newer[at:min(at+BlockSize, len(newer))]
		if bytes.Equal(old, now[:len(old)]) || int64(at) >= w.room && int64(at) < w.end {
			continue
		}
		d := Descriptor{Original: uint64(at), Data: old}
		for i := 0; s.Sectors && i < len(old); i += 512 {
			if end := min(i+512, len(old)); !bytes.Equal(old[i:end], now[i:end]) {
				d.Flags, d.Sectors = Overlay, d.Sectors|1<<(i/512)
			}
		}
		if d.Flags == 0 {
			d.Data = bytes.Clone(old)
			copy(now, old)
		}
		all = append(all, d)
	}
	return append(all, s.Extra...)
}

// info returns what follows the header of the first block of a store.
func (s Snapshot) info(number int) []byte {
	b := make([]byte, 0x40)
	copy(b, guid(0xc0, number))
	for at, id := range map[int]vss.GUID{0x10: s.ID, 0x20: s.SetID} {
		if id.IsZero() {
			id = vss.GUID(guid(byte(at), number))
		}
		copy(b[at:], id[:])
	}
	attributes := s.Attributes
	if attributes == 0 {
		attributes = restorePoint
	}
	le.PutUint32(b[0x30:], 9)
	le.PutUint32(b[0x34:], 1)
	le.PutUint32(b[0x38:], uint32(attributes))
	name := wtf8.Encode(s.Machine)
	for range 2 {
		b = le.AppendUint16(b, uint16(len(name)))
		b = append(b, name...)
	}
	return b
}

// bitmap returns a bitmap with the bits of the blocks set.
func bitmap(blocks []int64, n int) []byte {
	b := make([]byte, n*(BlockSize-headerLen))
	for _, i := range blocks {
		b[i/8] |= 1 << (i % 8)
	}
	return b
}

func guid(first byte, number int) []byte {
	b := make([]byte, 16)
	b[0], b[6], b[8] = first, 0x10, 0x80
	le.PutUint32(b[12:], uint32(number))
	return b
}
