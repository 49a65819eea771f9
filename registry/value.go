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
	Offset    int64 // of the value's cell, in bytes from the beginning of the hive file
	Tombstone bool  // in a layered (1.6) hive: deletes the value of the hive below

	key  *Key // nil for the zero Value, and for a deleted one
	cell valueCell
	left *leftData // of a deleted value
}

// leftData is what is left of the data of a deleted value.
type leftData struct {
	data []byte
	err  error
}

// valueCell is a decoded vk cell.
type valueCell struct {
	at       int64  // file offset of the cell's content
	name     []byte // as stored
	flags    uint16
	kind     ValueType
	size     int // of the data
	resident bool
	data     ref
	inline   []byte // the field data as bytes
}

func (v *valueCell) read(r *Reader, to ref) error {
	b, at, err := r.structure(to, "value", "vk", valueName)
	if err != nil {
		return err
	}
	if v.name, err = bin.Slice(b, at, valueName, uint64(binary.LittleEndian.Uint16(b[valueNameSize:])), "value name"); err != nil {
		return err
	}
	size := binary.LittleEndian.Uint32(b[valueDataSize:])
	v.at = at
	v.flags = binary.LittleEndian.Uint16(b[valueFlags:])
	v.kind = ValueType(binary.LittleEndian.Uint32(b[valueType:]))
	v.resident = size&residentBit != 0
	v.size = int(size &^ residentBit)
	v.data = refAt(b, at, valueData)
	v.inline = b[valueData : valueData+4 : valueData+4]
	return nil
}

func (v *valueCell) residentError() error {
	return damage.New("value data size", v.at+valueDataSize, v.size, "≤ 4, because the data is in the value itself")
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
	return func(yield func(*Value, error) bool) {
		n := k.ValueCount()
		if n == 0 {
			return
		}
		to := refAt(k.node, k.at, nodeValueList)
		list, at, err := k.r.follow(to, "value list")
		if err != nil {
			yield(&Value{}, k.in(err))
			return
		}
		for i := range min(n, len(list)/4) {
			if !yield(k.value(refAt(list, at, 4*i))) {
				return
			}
		}
		if room := len(list) / 4; n > room {
			yield(&Value{}, k.in(damage.New("number of values", k.at+nodeValueCount, n, fmt.Sprintf("≤ %d, given the size of the list", room))))
		}
	}
}

func (k *Key) value(to ref) (*Value, error) {
	if k.r.refused.has(to.at / 4) {
		return &Value{}, k.in(k.r.refusal(to, "value"))
	}
	v := &Value{key: k}
	if err := v.cell.read(k.r, to); err != nil {
		return &Value{}, k.in(err)
	}
	v.Name = decodeName(v.cell.name, v.cell.flags&compressedName != 0)
	v.Type = v.cell.kind
	v.Offset = v.cell.at - int64(k.r.header)
	v.Tombstone = v.cell.flags&tombstone != 0
	return v, nil
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
