package registry

import (
	"encoding/binary"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Confidence is how sure it is that a deleted key or value was what it seems to be.
type Confidence string

// The grades of confidence.
const (
	// High: the structure is sound, and belongs to a key that is still there, or to a
	// deleted one of this confidence. That key was written no earlier, as a deletion
	// leaves it.
	High Confidence = "high"
	// Medium: the structure is sound, but its place in the hive is not shown in full.
	Medium Confidence = "medium"
	// Low: what is there looks like a key or a value, and some of its fields do not.
	Low Confidence = "low"
)

// Place is where a deleted key or value was found.
type Place string

// The places of deleted keys and values.
const (
	InFreeCell Place = "free cell"       // in a free cell, or behind what a cell in use holds
	Unlinked   Place = "unlinked cell"   // in a cell in use to which nothing refers
	BehindBins Place = "behind the bins" // behind the size of the bins in the base block
	InLog      Place = "transaction log" // in a transaction log, and no longer in the hive
)

// DeletedKey is a key that was deleted from the hive.
type DeletedKey struct {
	Name       string
	Path       string // from below the root, or the part of it that is known
	Rooted     bool   // Path begins below the root
	LastWrite  time.Time
	Offset     int64 // of the key's cell, in bytes from the beginning of the hive file, or of the log
	Place      Place
	Log        string // name of the log, if the place is one
	Confidence Confidence
	Values     []DeletedValue // those that its list of values still names
}

// DeletedValue is a value that was deleted from the hive. Its Offset counts from the
// beginning of the log if it was found in one.
type DeletedValue struct {
	*Value
	Path       string // of its key; see DeletedKey
	Known      bool   // whether it is known which key the value belonged to
	Rooted     bool
	Place      Place
	Log        string
	Confidence Confidence
}

// Deleted is what a hive still holds of deleted keys and values. Nothing else in this
// package shows them. A Deleted must not be used by several goroutines at once.
type Deleted struct {
	r      *Reader
	use    *usage
	keys   []remnant
	values []remnant
	cells  map[uint32]int // index in keys of the remnants in the hive file, by cell offset
	owned  bitmap         // values that belong to a key, by index in values
	vcells map[uint32]int // index in values of the remnants in the hive file, by cell offset
	of     map[int]*Key   // keys that are still there, by the index of their deleted value
	byKey  map[int][]int  // indices of values, by that of their deleted key
	spare  int64          // bytes of paths and data that may still be returned
}

// Deleted looks for deleted keys and values: in free cells, in the ends of cells, in
// cells to which nothing refers, behind the bins, and in the transaction logs that were
// given.
func (r *Reader) Deleted() *Deleted {
	d := &Deleted{r: r, use: r.usage(), cells: map[uint32]int{}, vcells: map[uint32]int{}, of: map[int]*Key{}, byKey: map[int][]int{}}
	file := &sheet{data: r.data, cell: -baseBlockSize}
	scanSheet(file, baseBlockSize, d.use, func(m remnant, key bool) {
		if cell := m.cellOf(r.header); cell < 0 || cell > none {
			return
		}
		if key {
			d.cells[uint32(m.cellOf(r.header))] = len(d.keys)
			d.keys = append(d.keys, m)
		} else {
			d.vcells[uint32(m.cellOf(r.header))] = len(d.values)
			d.values = append(d.values, m)
		}
	})
	d.keys, d.values = inLogs(r, d.use, d.keys, d.values)
	d.owned = newBitmap(int64(len(d.values)))
	d.own()
	return d
}

// spend sets the limit to what an iteration returns: remnants may share long paths and
// large data, which a sound hive does not have more than once.
func (d *Deleted) spend() { d.spare = 4 * int64(len(d.r.data)+1<<16) }

// own finds out which key each value belonged to.
func (d *Deleted) own() {
	for i, m := range d.keys {
		k := readKeyRemnant(m.bytes())
		if k.values == 0 || k.list == none {
			continue
		}
		for cell := range d.listed(m.sheet, k.list, k.values) {
			if j, ok := d.valueAt(m.sheet, cell); ok && d.owned.add(int64(j)) {
				d.byKey[i] = append(d.byKey[i], j)
			}
		}
	}
	for _, k := range d.use.keys {
		n := k.ValueCount()
		if n == 0 {
			continue
		}
		list, _, err := k.follow(k.ref(nodeValueList), "value list")
		if err != nil {
			continue
		}
		for at := 4 * n; at+4 <= len(list); at += 4 { // what the list held when it was longer
			if j, ok := d.vcells[binary.LittleEndian.Uint32(list[at:])]; ok && d.owned.add(int64(j)) {
				d.of[j] = k
			}
		}
	}
}

// valueAt returns the index of the deleted value in a cell, as it was in a sheet.
func (d *Deleted) valueAt(s *sheet, cell uint32) (int, bool) {
	if s.log != nil {
		if j, ok := s.log.values[cell]; ok {
			return j, true
		}
	}
	j, ok := d.vcells[cell]
	return j, ok
}

// listed returns the elements of a list of values that is not in use any more.
func (d *Deleted) listed(s *sheet, list uint32, n int) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		b := d.contentOf(s, list, 4*n)
		for ; len(b) >= 4; b = b[4:] {
			if !yield(binary.LittleEndian.Uint32(b)) {
				return
			}
		}
	}
}

// contentOf returns up to n bytes of the content of a cell that is not in use any more: in
// the pages of the log that the sheet is of, else in the hive up to what is in use.
func (d *Deleted) contentOf(s *sheet, cell uint32, n int) []byte {
	if cell == none {
		return nil
	}
	if s.log != nil {
		if b := s.log.content(int64(cell)+int64(d.r.header), n); b != nil {
			return b
		}
	}
	at := fileOffset(cell) + int64(d.r.header)
	if at >= int64(len(d.r.data)) {
		return nil
	}
	n = int(min(int64(n), int64(len(d.r.data))-at))
	n = d.use.freeFrom(at, n)
	return d.r.data[at : at+int64(n) : at+int64(n)]
}

// Keys iterates over the deleted keys, in the order of their places, those in logs last.
func (d *Deleted) Keys() iter.Seq[DeletedKey] {
	return func(yield func(DeletedKey) bool) {
		d.spend()
		for i := range d.keys {
			if !yield(d.key(i)) {
				return
			}
		}
	}
}

// Values iterates over the deleted values that do not belong to a deleted key: those
// that were removed from keys which are still there, and those whose key is not known.
func (d *Deleted) Values() iter.Seq[DeletedValue] {
	return func(yield func(DeletedValue) bool) {
		d.spend()
		ofDeleted := newBitmap(int64(len(d.values)))
		for _, list := range d.byKey {
			for _, j := range list {
				ofDeleted.set(int64(j))
			}
		}
		for j := range d.values {
			if ofDeleted.has(int64(j)) {
				continue
			}
			v := d.value(j)
			if k := d.of[j]; k != nil {
				v.Path, v.Known, v.Rooted = k.Path(), true, true
				if v.Confidence == Medium {
					v.Confidence = High
				}
			}
			if !yield(v) {
				return
			}
		}
	}
}

func (d *Deleted) key(i int) DeletedKey {
	m := d.keys[i]
	k := readKeyRemnant(m.bytes())
	out := DeletedKey{Name: k.name, LastWrite: k.lastWrite, Offset: m.offset(d.r.header), Place: d.place(m), Log: m.logName()}
	out.Path, out.Rooted, out.Confidence = d.path(i, k)
	for _, j := range d.byKey[i] {
		v := d.value(j)
		v.Path, v.Known, v.Rooted = out.Path, true, out.Rooted
		if v.Confidence == Medium {
			v.Confidence = out.Confidence
		}
		out.Values = append(out.Values, v)
	}
	return out
}

// path returns the path of a deleted key as far as it is known.
func (d *Deleted) path(i int, k keyRemnant) (path string, rooted bool, sure Confidence) {
	names := []string{k.name}
	sure = High
	if !k.sound || !d.aligned(d.keys[i]) {
		sure = Low
	}
	size := len(k.name)
	seen := map[int]bool{i: true}
	for written := k.lastWrite; len(names) < maxDepth && int64(size) < d.spare; {
		if parent, ok := d.use.keys[k.parent]; ok {
			if parent.LastWrite.Before(written) {
				sure = weaker(sure, Medium) // a key that took the place of the parent
			}
			if p := parent.Path(); p != "" {
				names = append(names, p)
			}
			rooted = true
			break
		}
		j, ok := d.cells[k.parent]
		if !ok {
			break
		}
		if seen[j] { // a loop
			sure = Low
			break
		}
		seen[j] = true
		k = readKeyRemnant(d.keys[j].bytes())
		if !k.sound {
			sure = Low
		}
		names = append(names, k.name)
		size += len(k.name)
	}
	if !rooted {
		sure = weaker(sure, Medium)
	}
	d.spare -= int64(size)
	slices.Reverse(names)
	return strings.Join(names, `\`), rooted, sure
}

func weaker(a, b Confidence) Confidence {
	order := []Confidence{Low, Medium, High}
	return order[min(slices.Index(order, a), slices.Index(order, b))]
}

// aligned reports whether a remnant is where cells begin.
func (d *Deleted) aligned(m remnant) bool { return m.cellOf(d.r.header)%8 == 0 }

// place returns where a remnant is.
func (d *Deleted) place(m remnant) Place {
	cell := m.cellOf(d.r.header)
	switch {
	case m.sheet.log != nil:
		return InLog
	case cell >= int64(d.r.base.binsSize) || cell >= int64(len(d.r.binEnd))*pageSize:
		return BehindBins
	case d.aligned(m) && int32(binary.LittleEndian.Uint32(d.r.data[m.at-d.r.header:])) < 0:
		return Unlinked
	}
	return InFreeCell
}

func (m remnant) logName() string {
	if m.sheet.log == nil {
		return ""
	}
	return m.sheet.log.name
}

// value decodes a deleted value, with what is left of its data.
func (d *Deleted) value(j int) DeletedValue {
	m := d.values[j]
	b := m.bytes()
	le := binary.LittleEndian
	n, flags := int(le.Uint16(b[valueNameSize:])), le.Uint16(b[valueFlags:])
	size := le.Uint32(b[valueDataSize:])
	v := &Value{
		Name: decodeName(b[valueName:valueName+n], flags&compressedName != 0), Type: ValueType(le.Uint32(b[valueType:])),
		Offset: m.offset(d.r.header), Tombstone: flags&tombstone != 0,
	}
	out := DeletedValue{Value: v, Place: d.place(m), Log: m.logName(), Confidence: Medium}
	if !soundName(v.Name) || flags&^(compressedName|tombstone) != 0 || v.Type > knownType || !d.aligned(m) {
		out.Confidence = Low
	}
	v.left = &leftData{}
	want := int(min(int64(size&^residentBit), maxHive))
	if size&residentBit != 0 {
		v.left.data = b[valueData : valueData+want : valueData+want]
		return out
	}
	if v.left.data = d.data(m.sheet, le.Uint32(b[valueData:]), want); len(v.left.data) < want {
		v.left.err = damage.Truncated("value data", -1, int64(want), int64(len(v.left.data)))
		out.Confidence = weaker(out.Confidence, Medium)
	}
	return out
}

// data returns what is left of the data of a deleted value.
func (d *Deleted) data(s *sheet, cell uint32, size int) []byte {
	if int64(size) > d.spare || size == 0 {
		return nil
	}
	head := d.contentOf(s, cell, min(size, segmentSize+bigDataHeaderSize))
	if size > segmentSize && len(head) >= bigDataHeaderSize && string(head[:2]) == "db" && d.r.base.minor >= bigDataMinor {
		var data []byte
		list := d.contentOf(s, binary.LittleEndian.Uint32(head[4:]), 4*int(binary.LittleEndian.Uint16(head[2:])))
		for ; len(list) >= 4 && len(data) < size; list = list[4:] {
			want := min(size-len(data), segmentSize)
			part := d.contentOf(s, binary.LittleEndian.Uint32(list), want)
			data = append(data, part...)
			if len(part) < want {
				break
			}
		}
		d.spare -= int64(len(data))
		return data
	}
	data := d.contentOf(s, cell, size)
	d.spare -= int64(len(data))
	return data
}
