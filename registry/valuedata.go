package registry

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Big data (specification: "Big data"): from format 1.4 on, data of more than
// 16344 bytes is cut into segments, each in its own cell:
//
//	0  2  signature "db"
//	2  2  number of segments
//	4  4  cell offset of the list of segments, a sequence of cell offsets
//
// Each segment except the last holds 16344 bytes; its cell has four more bytes
// without meaning.
const (
	segmentSize       = 16344
	bigDataHeaderSize = 8
	bigDataMinor      = 4 // the first minor version that has big data
)

// segmentsOf returns how many segments data of a size has.
func segmentsOf(size int) int { return (size-1)/segmentSize + 1 }

// isBigData reports whether a cell that a value of size bytes refers to holds
// big data. The version alone does not decide, because the base block may be
// damaged, nor does the signature, because any data may begin with it.
func (r *Reader) isBigData(cell []byte, size int) bool {
	return size > segmentSize && len(cell) >= bigDataHeaderSize && string(cell[:2]) == "db" &&
		(r.base.minor >= bigDataMinor || len(cell) < size)
}

// cost returns how many bytes reading the value takes at most.
func (v valueCell) cost() int64 {
	size, _ := v.size()
	n := int64(len(v.b)) + int64(size)
	if size > segmentSize {
		n += bigDataHeaderSize + 4*int64(segmentsOf(size))
	}
	return n
}

// segments returns the reference to the list of segments, and that list.
func (r *Reader) segments(cell []byte, at int64) (list ref, elements []byte, listAt int64, err error) {
	n := int(binary.LittleEndian.Uint16(cell[2:]))
	list = refAt(cell, at, 4)
	elements, listAt, err = r.cell(list, "big data list")
	if err != nil {
		return list, nil, 0, err
	}
	if room := len(elements) / 4; n > room {
		err = damage.New("number of big data segments", at+2, n, fmt.Sprintf("≤ %d, given the size of the list", room))
		n = room
	}
	return list, elements[:4*n], listAt, err
}

// Data returns the value's data. The bytes may belong to the Reader and must not
// be changed. If the data is damaged, it returns the beginning that is left
// together with the *FormatError.
func (v *Value) Data() ([]byte, error) {
	switch {
	case v.left != nil:
		return v.left.data, v.left.err
	case v.key == nil:
		return nil, nil
	}
	b, err := v.read()
	if err != nil {
		err = v.in(err)
	}
	return b, err
}

func (v *Value) read() ([]byte, error) {
	c, k := v.cell(), v.key
	size, resident := c.size()
	switch {
	case resident && size > len(c.inline()):
		return c.inline(), c.residentError()
	case resident:
		return c.inline()[:size:size], nil
	case size == 0:
		return nil, nil
	}
	b, at, err := k.follow(c.data(), "value data")
	switch {
	case err != nil:
		return nil, err
	case k.r.isBigData(b, size):
		return k.bigData(b, at, size)
	case len(b) < size:
		return b, damage.Truncated("value data", at, int64(size), int64(len(b)))
	}
	return b[:size:size], nil
}

// bigData joins the segments of big data.
func (k *Key) bigData(cell []byte, at int64, size int) ([]byte, error) {
	list, elements, listAt, damaged := k.r.segments(cell, at)
	if k.refuses(list, "big data list") {
		return nil, refusal(list, "big data list")
	}
	data := make([]byte, 0, min(size, len(elements)/4*segmentSize, len(k.r.data)))
	for i := 0; i < len(elements) && len(data) < size; i += 4 {
		segment, at, err := k.follow(refAt(elements, listAt, i), "big data segment")
		if err != nil {
			return data, err
		}
		n := min(size-len(data), segmentSize)
		data = append(data, segment[:min(n, len(segment))]...)
		if n > len(segment) {
			return data, damage.Truncated("big data segment", at, int64(n), int64(len(segment)))
		}
	}
	if len(data) < size && damaged == nil {
		damaged = damage.Truncated("big data", at, int64(size), int64(len(data)))
	}
	return data, damaged
}
