package mfttest

import (
	"encoding/binary"
	"math/bits"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
)

// The layouts are described in package mft.

var le = binary.LittleEndian

// attribute is an attribute before it is written.
type attribute struct {
	typ     mft.AttributeType
	name    string
	flags   mft.AttributeFlags
	value   []byte // of a resident attribute
	indexed bool

	nonResident bool
	runs        []mft.Run
	startVCN    uint64
	clusters    uint64 // in runs
	size        uint64 // in bytes, as the next two
	initialized uint64
	allocated   uint64
	stored      uint64 // without the holes
	unit        uint8  // of compression
}

func align(n, to int) int { return (n + to - 1) &^ (to - 1) }

// headerLen returns the offset of the name.
func (a *attribute) headerLen() int {
	switch {
	case !a.nonResident:
		return 0x18
	case a.hasStored():
		return 0x48
	}
	return 0x40
}

// hasStored reports whether the header has a field for the size allocated without
// holes.
func (a *attribute) hasStored() bool {
	return a.flags&(mft.AttributeSparse|mft.AttributeCompressed) != 0 && a.startVCN == 0
}

// encode appends the attribute with the given number to b.
func (a *attribute) encode(b []byte, id uint16) []byte {
	start := len(b)
	units := wtf8.Encode(a.name)
	nameOff := a.headerLen()
	off := align(nameOff+len(units), 8)
	b = append(b, make([]byte, off)...)
	h := b[start:]
	le.PutUint32(h, uint32(a.typ))
	h[0x09] = byte(len(units) / 2)
	le.PutUint16(h[0x0a:], uint16(nameOff))
	le.PutUint16(h[0x0c:], uint16(a.flags))
	le.PutUint16(h[0x0e:], id)
	copy(h[nameOff:], units)
	if a.nonResident {
		h[0x08] = 1
		le.PutUint64(h[0x10:], a.startVCN)
		le.PutUint64(h[0x18:], a.startVCN+a.clusters-1)
		le.PutUint16(h[0x20:], uint16(off))
		h[0x22] = a.unit
		if a.startVCN == 0 {
			le.PutUint64(h[0x28:], a.allocated)
			le.PutUint64(h[0x30:], a.size)
			le.PutUint64(h[0x38:], a.initialized)
		}
		if a.hasStored() {
			le.PutUint64(h[0x40:], a.stored)
		}
		b = appendRuns(b, a.runs)
	} else {
		le.PutUint32(h[0x10:], uint32(len(a.value)))
		le.PutUint16(h[0x14:], uint16(off))
		if a.indexed {
			h[0x16] = 1
		}
		b = append(b, a.value...)
	}
	b = append(b, make([]byte, align(len(b)-start, 8)-(len(b)-start))...)
	le.PutUint32(b[start+4:], uint32(len(b)-start))
	return b
}

// len returns the encoded length in bytes.
func (a *attribute) len() int {
	n := align(a.headerLen()+len(wtf8.Encode(a.name)), 8)
	if a.nonResident {
		return align(n+len(appendRuns(nil, a.runs)), 8)
	}
	return align(n+len(a.value), 8)
}

// appendRuns appends a run list.
func appendRuns(b []byte, runs []mft.Run) []byte {
	var lcn int64
	for _, run := range runs {
		n := signedLen(int64(run.Length))
		if run.LCN == mft.LCNSparse {
			b = appendSigned(append(b, byte(n)), int64(run.Length), n)
			continue
		}
		m := signedLen(run.LCN - lcn)
		b = appendSigned(append(b, byte(m<<4|n)), int64(run.Length), n)
		b = appendSigned(b, run.LCN-lcn, m)
		lcn = run.LCN
	}
	return append(b, 0)
}

// signedLen returns how many bytes a two's complement number needs.
func signedLen(n int64) int {
	if n < 0 {
		n = ^n
	}
	return bits.Len64(uint64(n))/8 + 1
}

func appendSigned(b []byte, n int64, size int) []byte {
	for range size {
		b = append(b, byte(n))
		n >>= 8
	}
	return b
}

// split cuts an attribute whose run list is longer than room into parts. The
// length of the first part is at most first.
func (a *attribute) split(first, room int) []*attribute {
	if !a.nonResident || a.len() <= first {
		return []*attribute{a}
	}
	var parts []*attribute
	for vcn, runs := uint64(0), a.runs; len(runs) > 0; {
		part := *a
		part.startVCN = vcn
		n, room := len(runs), room
		if vcn == 0 {
			room = first
		}
		for part.runs = runs[:n]; part.len() > room; part.runs = runs[:n] {
			n = n * 3 / 4
		}
		part.clusters = length(part.runs)
		vcn += part.clusters
		runs = runs[n:]
		parts = append(parts, &part)
	}
	return parts
}

func length(runs []mft.Run) (clusters uint64) {
	for _, run := range runs {
		clusters += run.Length
	}
	return clusters
}
