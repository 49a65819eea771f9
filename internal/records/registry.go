package records

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/birthmark-dfir/birthmark/internal/child"
	"github.com/birthmark-dfir/birthmark/registry"
)

// Registry gives a hive's keys, by their path, with their values: name, type
// and the data in hexadecimal (of long data its SHA-256).
func Registry(path string, emit func(child.Record)) (int, error) {
	r, err := registry.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	damaged := 0
	for key, err := range r.Keys() {
		if err != nil {
			damaged++
			continue
		}
		var f fields
		f.set("last_write", Time(key.LastWrite()))
		class, err := key.Class()
		if err != nil {
			damaged++
		}
		f.set("class", class)
		for v, err := range key.Values() {
			if err != nil {
				damaged++
				continue
			}
			data, err := v.Data()
			if err != nil {
				damaged++
			}
			f.add("value "+v.Name, strconv.FormatUint(uint64(v.Type), 10)+" "+Data(data))
		}
		emit(child.Record{Key: key.Path(), Offset: key.Offset(), Fields: f})
	}
	return damaged + count(r.Problems()), nil
}

// Data is data as text that can be compared: hexadecimal, or for more than 256
// bytes its SHA-256.
func Data(b []byte) string {
	if len(b) <= 256 {
		return hex.EncodeToString(b)
	}
	sum := sha256.Sum256(b)
	return strconv.Itoa(len(b)) + " bytes, SHA-256 " + hex.EncodeToString(sum[:])
}
