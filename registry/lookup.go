package registry

import (
	"encoding/binary"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// OpenKey returns the key at a path below the root: names separated by
// backslashes, ignoring case, such as Microsoft\Windows\CurrentVersion\Run. The
// root's path is "". Symbolic links are not followed. If the key does not exist,
// the error is an *fs.PathError that wraps fs.ErrNotExist, and also the damage
// that may have hidden the key. A Key that comes with an error is the zero Key.
func (r *Reader) OpenKey(path string) (*Key, error) {
	k, err := r.Root()
	if err != nil {
		return k, err
	}
	for name := range strings.SplitSeq(path, `\`) {
		if name == "" {
			continue
		}
		if k, err = k.Subkey(name); err != nil {
			return k, err
		}
	}
	return k, nil
}

// Subkey returns the key of that name directly below k, ignoring case. Its
// errors are those of OpenKey.
func (k *Key) Subkey(name string) (*Key, error) {
	var found *Key
	var damaged error
	note := func(err error) {
		if damaged == nil {
			damaged = k.in(err)
		}
	}
	if to, ok := k.subkeyList(); ok {
		k.r.leaves(to, func(l leaf, err error) bool {
			if err != nil {
				note(err)
				return true
			}
			for i := 0; i < len(l.elements); i += l.step {
				to := refAt(l.elements, l.at, i)
				same, err := k.r.hasName(to, name)
				if err == nil && same {
					var sub *Key
					if sub, err = k.r.subkey(k, to); err == nil {
						found = sub
						return false
					}
				}
				if err != nil {
					note(err)
				}
			}
			return true
		})
	}
	if found != nil {
		return found, nil
	}
	return &Key{}, k.r.notFound("open key", join(k.Path(), name), damaged)
}

// hasName reports whether the key that to refers to has that name. It does not
// decode names that cannot match.
func (r *Reader) hasName(to ref, name string) (bool, error) {
	node, _, err := r.node(to)
	if err != nil {
		return false, err
	}
	n := int(binary.LittleEndian.Uint16(node[nodeNameSize:]))
	return nameIs(node[nodeName:nodeName+n], flagsOf(node)&KeyCompressedName != 0, name), nil
}

// nameIs reports whether a stored name is the same as name.
func nameIs(stored []byte, compressed bool, name string) bool {
	if compressed && len(stored) > 0 && len(name) > 0 && stored[0]|name[0] < 0x80 && winpath.Upper(rune(stored[0])) != winpath.Upper(rune(name[0])) {
		return false
	}
	return winpath.SameName(decodeName(stored, compressed), name)
}

// Value returns the value of that name, ignoring case; "" is the default value.
// If the value does not exist, the error is like that of OpenKey. A Value that
// comes with an error is the zero Value.
func (k *Key) Value(name string) (*Value, error) {
	var damaged error
	for v, err := range k.Values() {
		if err != nil {
			if damaged == nil {
				damaged = err
			}
			continue
		}
		if winpath.SameName(v.Name, name) {
			return v, nil
		}
	}
	return &Value{}, k.r.notFound("open value", join(k.Path(), name), damaged)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + `\` + name
}
