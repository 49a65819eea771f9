package registry

import "encoding/binary"

// inLogs adds the keys and values in logs that are neither in the hive nor deleted in it.
func inLogs(r *Reader, use *usage, keys, values []remnant) ([]remnant, []remnant) {
	if len(r.logFiles) == 0 {
		return keys, values
	}
	names := map[nameBelow]bool{} // of the keys that are in the hive
	for _, k := range use.keys {
		names[nameBelow{binary.LittleEndian.Uint32(k.node()[nodeParent:]), k.Name}] = true
	}
	for _, m := range keys {
		k := readKeyRemnant(m.bytes())
		names[nameBelow{k.parent, k.name}] = true
	}
	heads := map[string]bool{} // of the values that are in the hive, or deleted in it
	for _, k := range use.keys {
		for v, err := range k.Values() {
			if err == nil {
				heads[headOf(r.data[v.cell().at:])] = true
			}
		}
	}
	for _, m := range values {
		heads[headOf(m.bytes())] = true
	}
	for _, f := range r.logFiles {
		for _, e := range writesIn(f) {
			l := remainsOf(f, e)
			for _, s := range l.sheets {
				scanSheet(s, 0, nil, func(m remnant, key bool) {
					if key {
						k := readKeyRemnant(m.bytes())
						if id := (nameBelow{k.parent, k.name}); !names[id] {
							names[id] = true
							keys = append(keys, m)
						}
						return
					}
					if head := headOf(m.bytes()); !heads[head] {
						heads[head] = true
						l.values[uint32(m.cellOf(r.header))] = len(values)
						values = append(values, m)
					}
				})
			}
		}
	}
	return keys, values
}

// nameBelow identifies a key by its parent's cell and its name.
type nameBelow struct {
	parent uint32
	name   string
}

// headOf returns the bytes of a value without its data: the same value has the same.
func headOf(b []byte) string {
	return string(b[:valueName+int(binary.LittleEndian.Uint16(b[valueNameSize:]))])
}
