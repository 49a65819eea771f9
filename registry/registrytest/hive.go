// Package registrytest writes registry hives for tests.
package registrytest

import (
	"errors"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
)

// Hive is a hive to be written.
type Hive struct {
	Name        string    // file name stored in the base block
	Minor       uint32    // minor version of the format, 0 means 5
	LastWritten time.Time // of the base block
	Root        Key       // its Name may be empty
	Dirty       bool      // sequence numbers that differ
}

// Key is a key to be written.
type Key struct {
	Name      string
	LastWrite time.Time
	Class     string
	Owner     string // SID; "" means the owner of the parent, S-1-5-32-544 for the root
	Link      bool   // a symbolic link
	Values    []Value
	Keys      []Key
}

// Value is a value to be written.
type Value struct {
	Name string // "" is the default value
	Type registry.ValueType
	Data []byte
}

// Bytes returns the hive as a file's content.
func (h Hive) Bytes() ([]byte, error) { return nil, errors.New("registrytest: not built yet") }

// Set puts values at a path below the root, separated by backslashes, and makes
// the keys that are missing. It sets LastWrite of the last key, and of those it
// makes. A value of the same name, ignoring case, is replaced.
func (h *Hive) Set(path string, lastWrite time.Time, values ...Value) {}
