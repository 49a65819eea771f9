// Package registrytest writes registry hives for tests. A [Hive] is a small Go
// value; package registry reads its bytes back equal, and other tools accept
// them. Writing the same Hive twice gives the same bytes.
//
//	h := registrytest.Hive{Name: `\SystemRoot\System32\Config\SOFTWARE`}
//	h.Set(`Microsoft\Windows\CurrentVersion\Run`, t, registrytest.SZ("Updater", `C:\Users\Public\u.exe`))
//	data, err := h.Bytes()
package registrytest

import (
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// Hive is a hive to be written.
type Hive struct {
	Name      string    // file name in the base block; only its last 31 characters are kept
	Minor     uint32    // minor version of the format, 1 to 6; 0 means 5
	LastWrite time.Time // of the base block
	Root      Key       // its Name may be empty
	Dirty     bool      // write sequence numbers that differ

	Lists  ListKind // of the lists of subkeys of all keys that do not have one of their own
	Unused [][]byte // each is the content of the one free cell of a bin of its own
	Behind []byte   // what is behind the bins, whose size in the base block does not count it
}

// ListKind is a kind of list of subkeys.
type ListKind string

// The kinds of lists of subkeys. By default a list has the newest kind that the version of
// the format allows, and one of many keys is an index root with several lists.
const (
	IndexLeaf ListKind = "li"
	FastLeaf  ListKind = "lf" // from format 1.3 on
	HashLeaf  ListKind = "lh" // from format 1.5 on
	IndexRoot ListKind = "ri" // lists of the kind of the version, also if there are few keys
)

// Key is a key to be written.
type Key struct {
	Name      string // without backslashes
	LastWrite time.Time
	Class     string
	Owner     string // SID; "" means the parent's owner, for the root S-1-5-32-544
	Security  []byte // its security descriptor, as Descriptor returns it; nil means that of its owner
	Link      bool   // a symbolic link; its target is a REG_LINK value named SymbolicLinkValue
	Values    []Value
	Keys      []Key // in any order; a hive keeps them sorted by name
	Deleted   bool  // the key, all below it and its values are in free cells

	List  ListKind // of the list of its subkeys; "" is that of the hive
	Slack []byte   // behind the name in its cell
}

// Value is a value to be written.
type Value struct {
	Name string // "" is the default value
	Type registry.ValueType
	Data []byte

	Deleted bool   // the value and its data are in free cells
	Slack   []byte // behind the data in its cell; only if the data has a cell, which is for 5 to 16,344 bytes
}

// Set puts values into the key at a path below the root (names separated by
// backslashes, ignoring case), and makes the keys that are missing. It sets the
// LastWrite of that key, and of the keys that it makes. A value replaces an
// existing value of the same name.
func (h *Hive) Set(path string, lastWrite time.Time, values ...Value) {
	k := h.Key(path, lastWrite)
	k.LastWrite = lastWrite
	for _, v := range values {
		i := slices.IndexFunc(k.Values, func(old Value) bool { return winpath.SameName(old.Name, v.Name) })
		if i < 0 {
			k.Values = append(k.Values, v)
		} else {
			k.Values[i] = v
		}
	}
}

// Key returns the key at a path below the root, and makes the keys that are
// missing with that LastWrite. The pointer is valid until the next key is made.
func (h *Hive) Key(path string, lastWrite time.Time) *Key {
	k := &h.Root
	for name := range strings.SplitSeq(path, `\`) {
		if name == "" {
			continue
		}
		i := slices.IndexFunc(k.Keys, func(sub Key) bool { return winpath.SameName(sub.Name, name) })
		if i < 0 {
			i = len(k.Keys)
			k.Keys = append(k.Keys, Key{Name: name, LastWrite: lastWrite})
		}
		k = &k.Keys[i]
	}
	return k
}
