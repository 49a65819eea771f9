package registry

import "encoding/binary"

// usage is what the keys of a hive use of it. The rest is free cells, the ends of cells
// that are larger than what they hold, cells in use that nothing refers to, and what
// lies behind the last bin.
type usage struct {
	used bitmap          // by file offset / 2
	keys map[uint32]*Key // by cell offset
}

// usage walks over the whole hive.
func (r *Reader) usage() *usage {
	u := &usage{used: newBitmap(int64(len(r.data))/2 + 1), keys: map[uint32]*Key{}}
	for page := 0; page < len(r.binEnd); {
		at := fileOffset(uint32(page) * pageSize)
		u.mark(at, binHeaderSize)
		page = int((uint64(r.binEnd[page]) + pageSize - 1) / pageSize)
	}
	for k, err := range r.Keys() {
		if err == nil {
			u.key(k)
		}
	}
	return u
}

// mark marks n bytes from an offset on as used.
func (u *usage) mark(at int64, n int) {
	for i := at / 2; i < (at+int64(n)+1)/2; i++ {
		u.used.set(i)
	}
}

// free reports whether n bytes from an offset on are not used.
func (u *usage) free(at int64, n int) bool { return u.freeFrom(at, n) == n }

// freeFrom returns how many of n bytes from an offset on come before the first that is
// used.
func (u *usage) freeFrom(at int64, n int) int {
	for i := at / 2; i < (at+int64(n)+1)/2; i++ {
		if u.used.has(i) {
			return max(0, int(2*i-at))
		}
	}
	return n
}

// cell marks the header of a cell, and n bytes of its content, which begins at an
// offset.
func (u *usage) cell(r *Reader, at int64, n int) { u.mark(at-int64(r.header), r.header+n) }

func (u *usage) key(k *Key) {
	r := k.r
	u.keys[uint32(k.Offset-baseBlockSize)] = k
	u.cell(r, k.at(), nodeName+int(binary.LittleEndian.Uint16(k.node()[nodeNameSize:])))
	if size := int(binary.LittleEndian.Uint16(k.node()[nodeClassNameSize:])); size > 0 {
		if b, at, err := k.follow(k.ref(nodeClass), "class name"); err == nil {
			u.cell(r, at, min(size, len(b)))
		}
	}
	if sd, at, err := r.security(k.ref(nodeSecurity)); err == nil {
		u.cell(r, at-securityDescriptor, securityDescriptor+len(sd))
	}
	if to, ok := k.subkeyList(); ok {
		if elements, at, _, _, err := k.followList(to); err == nil {
			u.cell(r, at-listHeaderSize, listHeaderSize+len(elements))
		}
		k.leaves(to, func(l leaf, err error) bool {
			if err == nil {
				u.cell(r, l.at-listHeaderSize, listHeaderSize+len(l.elements))
			}
			return true
		})
	}
	if n := k.ValueCount(); n > 0 {
		if list, at, err := k.follow(k.ref(nodeValueList), "value list"); err == nil {
			u.cell(r, at, min(4*n, len(list)))
		}
	}
	for v, err := range k.Values() {
		if err == nil {
			u.value(v)
		}
	}
}

func (u *usage) value(of *Value) {
	k, v := of.key, of.cell()
	r := k.r
	u.cell(r, v.at, valueName+len(v.name()))
	size, resident := v.size()
	if resident || size == 0 {
		return
	}
	b, at, err := k.follow(v.data(), "value data")
	switch {
	case err != nil:
		return
	case !r.isBigData(b, size):
		u.cell(r, at, min(size, len(b)))
		return
	}
	u.cell(r, at, bigDataHeaderSize)
	list, elements, listAt, err := r.segments(b, at)
	if k.refuses(list, "big data list") || err != nil {
		return
	}
	u.cell(r, listAt, len(elements))
	left := size
	for i := 0; i < len(elements) && left > 0; i += 4 {
		segment, at, err := k.follow(refAt(elements, listAt, i), "big data segment")
		if err != nil {
			return
		}
		u.cell(r, at, min(left, segmentSize, len(segment)))
		left -= segmentSize
	}
}
