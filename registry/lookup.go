package registry

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// OpenKey returns the key at a path below the root: names separated by
// backslashes, in any case, such as Microsoft\Windows\CurrentVersion\Run. The
// root's path is "". Symbolic links are not followed. The error for a key that
// is not there is an *fs.PathError that wraps fs.ErrNotExist, and also the
// damage that may have hidden the key.
func (r *Reader) OpenKey(path string) (*Key, error) {
	k, err := r.Root()
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(path, `\`) {
		if name == "" {
			continue
		}
		if k, err = k.Subkey(name); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// Subkey returns the key of that name directly below k, in any case. Errors are
// those of OpenKey.
func (k *Key) Subkey(name string) (*Key, error) {
	var found *Key
	var damaged error
	note := func(err error) {
		if damaged == nil {
			damaged = k.r.in(err, k.place())
		}
	}
	to := refAt(k.node, k.at, nodeSubkeyList)
	if k.SubkeyCount() > 0 && to.cell != none {
		k.r.leaves(to, func(l leaf, err error) bool {
			if err != nil {
				note(err)
				return true
			}
			for i := 0; i < len(l.elements); i += l.step {
				to := refAt(l.elements, l.at, i)
				same, err := k.r.hasName(to, name)
				if err == nil && same {
					if found, err = k.r.subkey(k, to); err == nil {
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
	return nil, notFound("open key", k.r.name, join(k.Path(), name), damaged)
}

// hasName reports whether the key that to names has that name, without decoding
// names that cannot be it.
func (r *Reader) hasName(to ref, name string) (bool, error) {
	node, _, err := r.node(to)
	if err != nil {
		return false, err
	}
	n := int(binary.LittleEndian.Uint16(node[nodeNameSize:]))
	return nameIs(node[nodeName:nodeName+n], KeyFlags(binary.LittleEndian.Uint16(node[nodeFlags:]))&KeyCompressedName != 0, name), nil
}

// nameIs reports whether a name as stored is the same as name.
func nameIs(stored []byte, compressed bool, name string) bool {
	if compressed && len(stored) > 0 && len(name) > 0 && stored[0]|name[0] < 0x80 && winpath.Upper(rune(stored[0])) != winpath.Upper(rune(name[0])) {
		return false
	}
	return winpath.SameName(decodeName(stored, compressed), name)
}

// Value returns the value of that name, in any case; "" names the default value.
// The error for a value that is not there is like that of OpenKey.
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
	return nil, notFound("open value", k.r.name, join(k.Path(), name), damaged)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + `\` + name
}

// notFound returns the error for what is not there, as far as the damage allows
// to tell.
func notFound(op, hive, path string, damaged error) error {
	err := fs.ErrNotExist
	if damaged != nil {
		err = fmt.Errorf("%w, or hidden by damage: %w", err, damaged)
	}
	if hive != "" {
		path = hive + ": " + path
	}
	return &fs.PathError{Op: op, Path: path, Err: err}
}

// isDamage reports whether err is damage, be it that of something looked for
// and not found.
func isDamage(err error) bool {
	var e *FormatError
	return errors.As(err, &e)
}
