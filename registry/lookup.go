package registry

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
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
		s := k.r.slab()
		defer k.r.release(s)
		if sub := k.hashed(s, to, name); sub != nil {
			return sub, nil
		}
		k.leaves(to, func(l leaf, err error) bool {
			if err != nil {
				note(err)
				return true
			}
			for i := 0; i < len(l.elements); i += l.step {
				to := refAt(l.elements, l.at, i)
				same, err := k.r.hasName(to, name)
				if err == nil && same {
					var sub *Key
					if sub, err = k.subkey(s, to); err == nil {
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

// hashed returns the key of that name in the lists that have hashes, or nil. A key whose
// hash is wrong is not found, nor one that is damaged.
func (k *Key) hashed(s *slab, list ref, name string) *Key {
	var found *Key
	hash := hashOf(name)
	k.leaves(list, func(l leaf, err error) bool {
		if err != nil || l.signature != "lh" {
			return true
		}
		for i := 0; i < len(l.elements); i += l.step {
			if binary.LittleEndian.Uint32(l.elements[i+hashOffset:]) != hash {
				continue
			}
			to := refAt(l.elements, l.at, i)
			if same, err := k.r.hasName(to, name); err != nil || !same {
				continue
			}
			if sub, err := k.subkey(s, to); err == nil {
				found = sub
				return false
			}
		}
		return true
	})
	return found
}

// hashOf returns the hash of a name in a list of keys, over its UTF-16 units in upper
// case.
func hashOf(name string) uint32 {
	var sum uint32
	for len(name) > 0 {
		r, n := wtf8.DecodeRune(name)
		name = name[n:]
		if r > 0xffff {
			high, low := utf16.EncodeRune(r)
			sum, r = sum*37+uint32(high), low
		}
		sum = sum*37 + uint32(winpath.Upper(r))
	}
	return sum
}

// nameIs reports whether a stored name is the same as name.
func nameIs(stored []byte, compressed bool, name string) bool {
	if !compressed {
		return winpath.SameName(decodeName(stored, false), name)
	}
	for i, c := range stored {
		switch {
		case i == len(name):
			return false
		case c|name[i] >= utf8.RuneSelf:
			return winpath.SameName(decodeName(stored[i:], true), name[i:])
		case c != name[i] && winpath.Upper(rune(c)) != winpath.Upper(rune(name[i])):
			return false
		}
	}
	return len(stored) == len(name)
}

// Value returns the value of that name, ignoring case; "" is the default value.
// If the value does not exist, the error is like that of OpenKey. A Value that
// comes with an error is the zero Value.
func (k *Key) Value(name string) (*Value, error) {
	var damaged error
	note := func(err error) {
		if damaged == nil {
			damaged = k.in(err)
		}
	}
	for l := k.values(); l.more(); {
		c, err := l.cell()
		if err != nil {
			note(err)
		} else if nameIs(c.name(), c.flags()&compressedName != 0, name) {
			v := new(Value)
			k.value(v, c)
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
