package registry

import (
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// A key value (specification: "Key value"). Offsets and sizes in bytes:
//
//	 0  2  signature "vk"
//	 2  2  size of the name, 0 for the default value
//	 4  4  size of the data; with the highest bit set, the data, at most 4
//	       bytes, is the next field itself
//	 8  4  cell offset of the data
//	12  4  ValueType
//	16  2  flags: 1 the name is Latin-1, else UTF-16LE; 2 tombstone
//	20  …  name
const (
	valueNameSize = 2
	valueDataSize = 4
	valueData     = 8
	valueType     = 12
	valueFlags    = 16
	valueName     = 20

	residentBit    = 1 << 31
	compressedName = 1
	tombstone      = 2
)

// Value is a value of a key. The zero Value, which comes with an error, has no
// name and no data.
type Value struct {
	Name      string // "" is the default value
	Type      ValueType
	Tombstone bool  // in a layered (1.6) hive: deletes the value of the hive below
	Offset    int64 // of the value's cell, in bytes from the beginning of the hive file

	key  *Key      // nil for the zero Value, and for a deleted one
	left *leftData // of a deleted value
}

// leftData is what is left of the data of a deleted value.
type leftData struct {
	data []byte
	err  error
}

// valueCell is a sound vk cell.
type valueCell struct {
	b  []byte // its content, up to the end of the name
	at int64  // file offset of b
}

// value reads the vk cell that to refers to.
func (r *Reader) value(to ref) (valueCell, error) {
	b, at, err := r.structure(to, "value", "vk", valueName)
	if err != nil {
		return valueCell{}, err
	}
	n := int(binary.LittleEndian.Uint16(b[valueNameSize:]))
	if n > len(b)-valueName {
		_, err := bin.Slice(b, at, valueName, uint64(n), "value name")
		return valueCell{}, err
	}
	return valueCell{b[:valueName+n], at}, nil
}

// cell returns the vk cell of a value that is not deleted.
func (v *Value) cell() valueCell {
	r := v.key.r
	at := v.Offset + int64(r.header)
	n := int64(binary.LittleEndian.Uint16(r.data[at+valueNameSize:]))
	return valueCell{r.data[at : at+valueName+n], at}
}

// size returns the size of the data that the value states.
func (v *Value) size() int {
	if v.key == nil {
		return 0
	}
	n, _ := v.cell().size()
	return n
}

// name returns the name as stored.
func (v valueCell) name() []byte { return v.b[valueName:] }

func (v valueCell) flags() uint16 { return binary.LittleEndian.Uint16(v.b[valueFlags:]) }

func (v valueCell) kind() ValueType { return ValueType(binary.LittleEndian.Uint32(v.b[valueType:])) }

// size returns the size of the data, and whether the data is in the value itself.
func (v valueCell) size() (n int, resident bool) {
	size := binary.LittleEndian.Uint32(v.b[valueDataSize:])
	return int(size &^ residentBit), size&residentBit != 0
}

func (v valueCell) data() ref { return refAt(v.b, v.at, valueData) }

// inline returns the field data as bytes.
func (v valueCell) inline() []byte { return v.b[valueData : valueData+4 : valueData+4] }

func (v valueCell) residentError() error {
	n, _ := v.size()
	return damage.New("value data size", v.at+valueDataSize, n, "≤ 4, because the data is in the value itself")
}

// valueCount returns how many values a key node claims to have. A predefined
// handle stores its handle in that field.
func valueCount(node []byte) int {
	n := binary.LittleEndian.Uint32(node[nodeValueCount:])
	predefined := flagsOf(node)&KeyPredefinedHandle != 0
	if n >= residentBit && predefined {
		return 0
	}
	return count(node[nodeValueCount:])
}

// Values iterates over the values of k, in the order of the hive. A *FormatError,
// which comes with a zero Value, means that a value or the list of values is
// damaged, and iteration goes on with the next. It yields no other errors.
// Breaking early and ranging again are safe.
func (k *Key) Values() iter.Seq2[*Value, error] {
	// This is short enough to become part of the loop over it, in which a Value that is
	// not kept then takes no memory.
	return func(yield func(*Value, error) bool) {
		for l := k.values(); l.more(); {
			v := new(Value)
			if err := l.read(v); !yield(v, err) {
				break
			}
		}
	}
}

// valueList is the part of a list of values that was not read yet.
type valueList struct {
	k       *Key
	b       []byte // the elements
	next    int    // offset in b of the next one
	at      int64  // file offset of b
	damaged error  // comes after the elements
}

func (k *Key) values() (l valueList) {
	n := k.ValueCount()
	if n == 0 {
		return l
	}
	l.k = k
	if l.b, l.at, l.damaged = k.follow(k.ref(nodeValueList), "value list"); l.damaged != nil {
		return l
	}
	if n > len(l.b)/4 {
		l.damaged = damage.New("number of values", k.at()+nodeValueCount, n, fmt.Sprintf("≤ %d, given the size of the list", len(l.b)/4))
		n = len(l.b) / 4
	}
	l.b = l.b[:4*n]
	return l
}

func (l *valueList) more() bool { return l.next < len(l.b) || l.damaged != nil }

// read reads the next value into v, which is zero.
func (l *valueList) read(v *Value) error {
	c, err := l.cell()
	if err != nil {
		return l.k.in(err)
	}
	l.k.value(v, c)
	return nil
}

// cell reads the next value's cell.
func (l *valueList) cell() (valueCell, error) {
	if l.next == len(l.b) {
		err := l.damaged
		l.damaged = nil
		return valueCell{}, err
	}
	to := refAt(l.b, l.at, l.next)
	l.next += 4
	if l.k.refuses(to, "value") {
		return valueCell{}, refusal(to, "value")
	}
	return l.k.r.value(to)
}

// value makes v the value of k in a cell.
func (k *Key) value(v *Value, c valueCell) {
	flags := c.flags()
	v.Name = k.r.recentName(c.name(), flags&compressedName != 0)
	v.Type = c.kind()
	v.Offset = c.at - int64(k.r.header)
	v.Tombstone = flags&tombstone != 0
	v.key = k
}

// Key returns the key that has the value. For a deleted value, whose key may be gone, and
// for the zero Value, it returns the zero Key and false.
func (v *Value) Key() (k *Key, ok bool) {
	if v.key == nil {
		return &Key{}, false
	}
	return v.key, true
}

// place returns the name of v in errors.
func (v *Value) place() string {
	name := v.Name
	if name == "" {
		name = "(default)"
	}
	return v.key.place() + `: ` + name
}

// in adds v to an error as its place.
func (v *Value) in(err error) error { return v.key.r.in(err, v.place()) }
