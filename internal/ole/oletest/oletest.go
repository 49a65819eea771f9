// Package oletest writes OLE compound files for tests: read by package ole, the streams
// are those that were written.
package oletest

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/ole"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

const (
	sectorSize = 512
	miniSize   = 64
	cutoff     = 4096
	none       = 0xffffffff
	end        = 0xfffffffe
	fatMark    = 0xfffffffd
)

var le = binary.LittleEndian

// Bytes returns a compound file of version 3 with these streams, of which only the names
// and the data count.
func Bytes(streams ...ole.Stream) ([]byte, error) {
	w := &writer{}
	var starts []uint32
	for _, s := range streams {
		switch {
		case len(wtf8.Encode(s.Name)) > 62:
			return nil, fmt.Errorf("oletest: a name of %d bytes", len(s.Name))
		case len(s.Data) == 0:
			starts = append(starts, end)
		case len(s.Data) < cutoff:
			first := uint32(len(w.mini) / miniSize)
			w.mini = append(w.mini, pad(s.Data, miniSize)...)
			w.miniFAT = link(w.miniFAT, first, uint32(len(w.mini)/miniSize))
			starts = append(starts, first)
		default:
			starts = append(starts, w.add(s.Data))
		}
	}
	miniStart, miniFATStart, miniFATs := uint32(end), uint32(end), 0
	if len(w.mini) > 0 {
		miniStart = w.add(w.mini)
		table := words(w.miniFAT)
		miniFATStart, miniFATs = w.add(table), len(pad(table, sectorSize))/sectorSize
	}
	directory := w.add(directory(streams, starts, miniStart, len(w.mini)))
	fats := 1
	for fats*sectorSize/4 < len(w.fat)+fats {
		fats++
	}
	if fats > 109 {
		return nil, fmt.Errorf("oletest: a FAT of %d sectors", fats)
	}
	first := uint32(len(w.fat))
	for range fats {
		w.fat = append(w.fat, fatMark)
	}
	w.data = append(w.data, pad(words(w.fat), sectorSize)...)

	h := make([]byte, sectorSize)
	copy(h, ole.Magic)
	for at, v := range map[int]uint16{24: 0x3e, 26: 3, 28: 0xfffe, 30: 9, 32: 6} {
		le.PutUint16(h[at:], v)
	}
	for at, v := range map[int]uint32{44: uint32(fats), 48: directory, 56: cutoff, 60: miniFATStart, 64: uint32(miniFATs), 68: end} {
		le.PutUint32(h[at:], v)
	}
	for i := range 109 {
		v := uint32(none)
		if i < fats {
			v = first + uint32(i)
		}
		le.PutUint32(h[76+4*i:], v)
	}
	return append(h, w.data...), nil
}

type writer struct {
	data    []byte
	fat     []uint32
	mini    []byte
	miniFAT []uint32
}

// add appends a chain of sectors, and returns the first one.
func (w *writer) add(data []byte) uint32 {
	first := uint32(len(w.fat))
	w.data = append(w.data, pad(data, sectorSize)...)
	w.fat = link(w.fat, first, uint32(len(w.data)/sectorSize))
	return first
}

// link appends a chain of the sectors from first up to, but without, last.
func link(table []uint32, first, last uint32) []uint32 {
	for s := first; s+1 < last; s++ {
		table = append(table, s+1)
	}
	return append(table, end)
}

func pad(b []byte, to int) []byte {
	return append(slices.Clone(b), make([]byte, (to-len(b)%to)%to)...)
}

// words returns a table with unused numbers up to the end of its last sector.
func words(table []uint32) []byte {
	var b []byte
	for _, v := range table {
		b = le.AppendUint32(b, v)
	}
	for len(b)%sectorSize != 0 {
		b = le.AppendUint32(b, none)
	}
	return b
}

// directory returns the entries: the root, then the streams. Their tree is a list to the
// right, in the order that the format requires.
func directory(streams []ole.Stream, starts []uint32, mini uint32, miniLength int) []byte {
	order := make([]int, len(streams))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := streams[a].Name, streams[b].Name
		return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(strings.ToUpper(x), strings.ToUpper(y)))
	})
	right := make([]uint32, len(streams))
	child := uint32(none)
	for i, n := range slices.Backward(order) {
		right[n] = none
		if i+1 < len(order) {
			right[n] = uint32(order[i+1] + 1)
		}
		child = uint32(n + 1)
	}
	b := entry("Root Entry", 5, none, child, mini, miniLength)
	for i, s := range streams {
		b = append(b, entry(s.Name, 2, right[i], none, starts[i], len(s.Data))...)
	}
	return b
}

func entry(name string, kind byte, right, child, start uint32, size int) []byte {
	e := make([]byte, 128)
	text := wtf8.Encode(name)
	copy(e, text)
	le.PutUint16(e[64:], uint16(len(text)+2))
	e[66], e[67] = kind, 1
	le.PutUint32(e[68:], none)
	le.PutUint32(e[72:], right)
	le.PutUint32(e[76:], child)
	le.PutUint32(e[116:], start)
	le.PutUint64(e[120:], uint64(size))
	return e
}
