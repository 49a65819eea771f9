package records

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"os"
	"strconv"
	"unicode/utf16"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/registry"
)

// Registry emits a hive's keys, by their path, and its values, by the path and the
// name in brackets. The data of a value is a separate record, since it has its own
// cell. Each record has the offset of its cell, unless it is in several cells.
func Registry(path string, emit func(child.Record)) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r, err := registry.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	damaged := count(r.Problems())
	for key, err := range r.Keys() {
		if err != nil {
			damaged++
			continue
		}
		emitKey(key, emit)
		for v, err := range key.Values() {
			if err != nil {
				damaged++
				continue
			}
			if err := emitValue(f, key.Path(), v, emit); err != nil {
				damaged++
			}
		}
	}
	return damaged, nil
}

// A key node has 4 bytes of cell size and 76 bytes before its name, a key value
// 4 and 20.
const (
	keyNodeSize  = 4 + 76
	keyValueSize = 4 + 20
)

func emitKey(key *registry.Key, emit func(child.Record)) {
	var f fields
	f.set("last_write", Time(key.LastWrite))
	f.number("flags", uint64(key.Flags()))
	f.number("subkeys", uint64(key.SubkeyCount()))
	f.number("values", uint64(key.ValueCount()))
	size := len([]rune(key.Name))
	if key.Flags()&registry.KeyCompressedName == 0 {
		size = 2 * len(utf16.Encode([]rune(key.Name)))
	}
	emit(child.Record{Key: key.Path(), Offset: key.Offset, Size: int64(keyNodeSize + size), Fields: f})
	// Class and owner are in other cells.
	var far fields
	class, err := key.Class()
	far.set("class", class)
	owner, ownerErr := key.OwnerSID()
	far.set("owner", owner)
	if len(far) > 0 || err != nil || ownerErr != nil {
		emit(child.Record{Key: key.Path() + " [] far", Offset: -1, Fields: far})
	}
}

func emitValue(hive io.ReaderAt, path string, v *registry.Value, emit func(child.Record)) error {
	name := path + " [" + v.Name + "]"
	var f fields
	f.number("type", uint64(v.Type))
	at, nameSize, resident := place(hive, v)
	emit(child.Record{Key: name, Offset: v.Offset, Size: keyValueSize + nameSize, Fields: f})
	data, err := v.Data()
	size := int64(4 + len(data))
	if resident {
		at, size = v.Offset, keyValueSize+nameSize
	}
	emit(child.Record{Key: name + " data", Offset: at, Size: size, Fields: fields{{Name: "data", Value: Data(data)}}})
	return err
}

// place reads a key value's cell and returns the offset of its data, or −1 if the
// data is in several cells, and the size of its name, both in bytes. Resident reports
// whether the cell itself holds the data.
func place(hive io.ReaderAt, v *registry.Value) (data, nameSize int64, resident bool) {
	var cell [keyValueSize]byte
	if _, err := hive.ReadAt(cell[:], v.Offset); err != nil {
		return -1, 0, false
	}
	nameSize = int64(binary.LittleEndian.Uint16(cell[4+2:]))
	size := binary.LittleEndian.Uint32(cell[4+4:])
	if size&(1<<31) != 0 {
		return v.Offset, nameSize, true
	}
	data = 4096 + int64(binary.LittleEndian.Uint32(cell[4+8:]))
	var head [4 + 2]byte
	if _, err := hive.ReadAt(head[:], data); err != nil || size > 16344 && string(head[4:]) == "db" {
		return -1, nameSize, false
	}
	return data, nameSize, false
}

// Data returns data as text that can be compared: in hexadecimal or, for more than
// 256 bytes, as its size and SHA-256.
func Data(b []byte) string {
	if len(b) <= 256 {
		return hex.EncodeToString(b)
	}
	sum := sha256.Sum256(b)
	return strconv.Itoa(len(b)) + " bytes, SHA-256 " + hex.EncodeToString(sum[:])
}
