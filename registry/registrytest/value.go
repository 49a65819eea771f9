package registrytest

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
)

// SZ returns a REG_SZ value: text and its terminating NUL.
func SZ(name, s string) Value {
	return Value{Name: name, Type: registry.SZ, Data: wtf8.Encode(s + "\x00")}
}

// ExpandSZ returns a REG_EXPAND_SZ value.
func ExpandSZ(name, s string) Value {
	return Value{Name: name, Type: registry.ExpandSZ, Data: wtf8.Encode(s + "\x00")}
}

// MultiSZ returns a REG_MULTI_SZ value.
func MultiSZ(name string, list ...string) Value {
	var data []byte
	for _, s := range list {
		data = append(data, wtf8.Encode(s+"\x00")...)
	}
	return Value{Name: name, Type: registry.MultiSZ, Data: append(data, 0, 0)}
}

// Link returns a REG_LINK value, which has no NUL, under the name that makes it
// the target of its key.
func Link(target string) Value {
	return Value{Name: "SymbolicLinkValue", Type: registry.Link, Data: wtf8.Encode(target)}
}

// DWord returns a REG_DWORD value.
func DWord(name string, n uint32) Value {
	return Value{Name: name, Type: registry.DWord, Data: binary.LittleEndian.AppendUint32(nil, n)}
}

// QWord returns a REG_QWORD value.
func QWord(name string, n uint64) Value {
	return Value{Name: name, Type: registry.QWord, Data: binary.LittleEndian.AppendUint64(nil, n)}
}

// Binary returns a REG_BINARY value.
func Binary(name string, data []byte) Value {
	return Value{Name: name, Type: registry.Binary, Data: data}
}
