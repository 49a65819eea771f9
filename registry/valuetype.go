package registry

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// ValueType identifies the meaning of a value's data. It may be any number:
// Windows does not check it.
type ValueType uint32

// The types of values.
const (
	None                     ValueType = iota // no defined meaning
	SZ                                        // UTF-16LE text that ends in NUL
	ExpandSZ                                  // like SZ, with %variables%
	Binary                                    // bytes
	DWord                                     // 32-bit number, little-endian
	DWordBigEndian                            // 32-bit number, big-endian
	Link                                      // UTF-16LE path of a symbolic link's target
	MultiSZ                                   // UTF-16LE texts, each ending in NUL, then one more NUL
	ResourceList                              // hardware resources in use
	FullResourceDescriptor                    // hardware resources
	ResourceRequirementsList                  // hardware resources requested
	QWord                                     // 64-bit number, little-endian
)

var typeNames = [...]string{
	"REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_LINK",
	"REG_MULTI_SZ", "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTOR", "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD",
}

// String returns Windows' name of the type, such as REG_SZ, or its number in
// hexadecimal if it has none.
func (t ValueType) String() string {
	if uint64(t) < uint64(len(typeNames)) {
		return typeNames[t]
	}
	return fmt.Sprintf("%#x", uint32(t))
}

// A TypeError reports that a value's type, or the size of its data, does not fit
// what was requested.
type TypeError struct {
	Value string // hive, path of the key, and name of the value; "" for the zero Value
	Type  ValueType
	Size  int    // of the data in bytes
	Want  string // what was requested
}

// Error names the value, its type and size, and what was requested.
func (e *TypeError) Error() string {
	text := fmt.Sprintf("got %s of %d bytes, want %s", e.Type, e.Size, e.Want)
	if e.Value != "" {
		text = e.Value + ": " + text
	}
	return text
}

func (v *Value) typeError(size int, want string) error {
	e := &TypeError{Type: v.Type, Size: size, Want: want}
	if v.key != nil {
		e.Value = v.key.r.artifact() + ": " + v.place()
	}
	return e
}

// Text returns the data of a REG_SZ, REG_EXPAND_SZ or REG_LINK value up to the
// first NUL, with the %variables% as they are, or the first string of a
// REG_MULTI_SZ. Other types give a *TypeError. If the data is damaged, it
// returns the text that is left together with the *FormatError.
func (v *Value) Text() (string, error) {
	switch v.Type {
	case SZ, ExpandSZ, Link, MultiSZ:
		b, err := v.Data()
		return wtf8.String(wtf8.Trim(b)), err
	}
	return "", v.typeError(v.size(), "text")
}

// Strings returns the strings of a REG_MULTI_SZ value, also empty ones between others
// (as in PendingFileRenameOperations, in which an empty target means deletion), or the
// one string of a REG_SZ or REG_EXPAND_SZ value. The string that ends the list is not
// one of them. Other types give a *TypeError. If the data is damaged, it returns the
// strings that are left together with the *FormatError.
func (v *Value) Strings() ([]string, error) {
	if v.Type != MultiSZ {
		s, err := v.Text()
		if s == "" {
			return nil, err
		}
		return []string{s}, err
	}
	b, err := v.Data()
	var list []string
	ended := true // the last string has its NUL
	for len(b) > 1 {
		s := wtf8.Trim(b)
		list = append(list, wtf8.String(s))
		ended = len(s)+2 <= len(b)
		b = b[min(len(s)+2, len(b)):]
	}
	if n := len(list); n > 0 && ended && list[n-1] == "" {
		list = list[:n-1] // what ends the list
	}
	if len(list) == 0 || len(list) == 1 && list[0] == "" { // some programs write an empty list with two NULs
		return nil, err
	}
	return list, err
}

// Uint64 returns the number in a REG_DWORD, REG_DWORD_BIG_ENDIAN or REG_QWORD
// value. Other types, and data of another size, give a *TypeError.
func (v *Value) Uint64() (uint64, error) {
	b, err := v.Data()
	switch {
	case err != nil:
		return 0, err
	case v.Type == DWord && len(b) == 4:
		return uint64(binary.LittleEndian.Uint32(b)), nil
	case v.Type == DWordBigEndian && len(b) == 4:
		return uint64(binary.BigEndian.Uint32(b)), nil
	case v.Type == QWord && len(b) == 8:
		return binary.LittleEndian.Uint64(b), nil
	}
	return 0, v.typeError(len(b), "number")
}
