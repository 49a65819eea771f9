package evtx

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winid"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// ValueType is the type of a value in binary XML.
type ValueType uint8

// The types. ArrayFlag makes an array of one.
const (
	NullType     ValueType = 0x00
	StringType   ValueType = 0x01 // UTF-16
	AnsiType     ValueType = 0x02 // in the code page of the machine
	Int8Type     ValueType = 0x03
	UInt8Type    ValueType = 0x04
	Int16Type    ValueType = 0x05
	UInt16Type   ValueType = 0x06
	Int32Type    ValueType = 0x07
	UInt32Type   ValueType = 0x08
	Int64Type    ValueType = 0x09
	UInt64Type   ValueType = 0x0a
	Real32Type   ValueType = 0x0b
	Real64Type   ValueType = 0x0c
	BoolType     ValueType = 0x0d // of 4 bytes
	BinaryType   ValueType = 0x0e
	GUIDType     ValueType = 0x0f
	SizeTType    ValueType = 0x10 // a pointer: 4 or 8 bytes
	FileTimeType ValueType = 0x11
	SysTimeType  ValueType = 0x12 // SYSTEMTIME, 16 bytes
	SIDType      ValueType = 0x13
	HexInt32Type ValueType = 0x14
	HexInt64Type ValueType = 0x15
	HandleType   ValueType = 0x20
	BinXMLType   ValueType = 0x21
	EvtXMLType   ValueType = 0x23

	ArrayFlag ValueType = 0x80
)

// String returns the type in hexadecimal.
func (t ValueType) String() string { return fmt.Sprintf("%#02x", uint8(t)) }

// fixedSize returns the size in bytes of one value, 0 where it varies.
func (t ValueType) fixedSize() int {
	switch t &^ ArrayFlag {
	case Int8Type, UInt8Type:
		return 1
	case Int16Type, UInt16Type:
		return 2
	case Int32Type, UInt32Type, Real32Type, BoolType, HexInt32Type:
		return 4
	case Int64Type, UInt64Type, Real64Type, FileTimeType, HexInt64Type:
		return 8
	case GUIDType, SysTimeType:
		return 16
	}
	return 0
}

// Value is one value of an event.
type Value struct {
	Type ValueType

	data   []byte
	text   *string // set when the value was put together from several parts
	at     int     // of data, in its chunk
	offset int64   // of data, in its log; 0 when it comes from none
}

// NewValue returns a value of the given type from its bytes in the log.
func NewValue(t ValueType, data []byte) Value { return Value{Type: t, data: data} }

// StringValue returns a value of type StringType.
func StringValue(s string) Value { return Value{Type: StringType, data: wtf8.Encode(s)} }

// textValue returns a value of which only the text is known.
func textValue(s string) Value { return Value{Type: StringType, text: &s} }

// IsNull reports whether there is no value.
func (v Value) IsNull() bool { return v.Type == NullType }

// Bytes returns the value as it stands in the log. It must not be changed.
func (v Value) Bytes() []byte {
	if v.text != nil {
		return wtf8.Encode(*v.text)
	}
	return v.data
}

// String returns the value as Windows writes it in XML.
func (v Value) String() string {
	if v.text != nil {
		return *v.text
	}
	return string(v.appendText(nil))
}

// Uint64 returns a number, a pointer or a truth value; false for what is none.
func (v Value) Uint64() (uint64, bool) {
	if v.text != nil {
		n, err := strconv.ParseUint(*v.text, 0, 64)
		return n, err == nil
	}
	switch t := v.Type; {
	case t == BinaryType, t == GUIDType, t == SIDType, t == SysTimeType, t&ArrayFlag != 0, t >= HandleType:
		return 0, false
	case t == StringType:
		n, err := strconv.ParseUint(wtf8.String(trimNUL(v.data)), 0, 64)
		return n, err == nil
	}
	switch len(v.data) {
	case 1:
		return uint64(v.data[0]), true
	case 2:
		return uint64(le.Uint16(v.data)), true
	case 4:
		return uint64(le.Uint32(v.data)), true
	case 8:
		return le.Uint64(v.data), true
	}
	return 0, false
}

// Time returns a point in time in UTC: a FILETIME, a SYSTEMTIME, or text as
// Sysmon writes it. It is zero for anything else.
func (v Value) Time() time.Time {
	switch {
	case v.Type == FileTimeType && len(v.data) == 8:
		return filetime.Time(le.Uint64(v.data))
	case v.Type == SysTimeType && len(v.data) == 16:
		return systemTime(v.data)
	case v.Type != StringType:
		return time.Time{}
	}
	s := v.String()
	for _, layout := range []string{"2006-01-02 15:04:05.999999999", time.RFC3339Nano} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// Strings returns the elements of an array, or the value alone.
func (v Value) Strings() []string {
	elements := v.Elements()
	s := make([]string, len(elements))
	for i, e := range elements {
		s[i] = e.String()
	}
	return s
}

// Elements returns the elements of an array: strings end with a NUL, other
// types follow each other. An array of size 0 is one empty element. A value that
// is no array is its own only element.
func (v Value) Elements() []Value {
	if v.text != nil || v.Type&ArrayFlag == 0 {
		return []Value{v}
	}
	t := v.Type &^ ArrayFlag
	if t == StringType {
		var all []Value
		for rest := v.data; ; {
			n := 0
			for n+1 < len(rest) && (rest[n] != 0 || rest[n+1] != 0) {
				n += 2
			}
			all = append(all, Value{Type: t, data: rest[:n]})
			if n+2 >= len(rest) {
				return all
			}
			rest = rest[n+2:]
		}
	}
	size := t.fixedSize()
	if size == 0 || len(v.data) == 0 {
		return []Value{{Type: t, data: v.data}}
	}
	all := make([]Value, 0, len(v.data)/size)
	for rest := v.data; len(rest) >= size; rest = rest[size:] {
		all = append(all, Value{Type: t, data: rest[:size]})
	}
	return all
}

// appendText appends the value in its XML form. A value whose size does not
// fit its type is appended in hexadecimal: better odd than lost.
func (v Value) appendText(dst []byte) []byte {
	if v.text != nil {
		return append(dst, *v.text...)
	}
	if v.Type&ArrayFlag != 0 {
		for i, e := range v.Elements() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.appendText(dst)
		}
		return dst
	}
	b := v.data
	if size := v.Type.fixedSize(); size != 0 && len(b) != size {
		if v.Type == BoolType && len(b) > 0 {
			return strconv.AppendBool(dst, b[0] != 0)
		}
		return appendHex(dst, b)
	}
	switch v.Type {
	case NullType:
		return dst
	case StringType:
		return wtf8.Append(dst, trimNUL(b))
	case AnsiType:
		return appendAnsi(dst, b)
	case Int8Type:
		return strconv.AppendInt(dst, int64(int8(b[0])), 10)
	case Int16Type:
		return strconv.AppendInt(dst, int64(int16(le.Uint16(b))), 10)
	case Int32Type:
		return strconv.AppendInt(dst, int64(int32(le.Uint32(b))), 10)
	case Int64Type:
		return strconv.AppendInt(dst, int64(le.Uint64(b)), 10)
	case UInt8Type, UInt16Type, UInt32Type, UInt64Type:
		n, _ := v.Uint64()
		return strconv.AppendUint(dst, n, 10)
	case Real32Type:
		return appendReal(dst, float64(math.Float32frombits(le.Uint32(b))), 32)
	case Real64Type:
		return appendReal(dst, math.Float64frombits(le.Uint64(b)), 64)
	case BoolType:
		return strconv.AppendBool(dst, le.Uint32(b) != 0)
	case GUIDType:
		dst = append(dst, '{')
		n := len(dst)
		dst = winid.GUID(b).Append(dst)
		for i := n; i < len(dst); i++ {
			dst[i] |= 0x20 // digits and hyphens have the bit already
		}
		return append(dst, '}')
	case FileTimeType:
		return appendTime(dst, filetime.Time(le.Uint64(b)))
	case SysTimeType:
		return appendTime(dst, systemTime(b))
	case SIDType:
		if out, err := winid.AppendSID(dst, b); err == nil {
			return out
		}
		return appendHex(dst, b)
	case SizeTType, HexInt32Type, HexInt64Type:
		if n, ok := v.Uint64(); ok {
			return strconv.AppendUint(append(dst, "0x"...), n, 16)
		}
	}
	return appendHex(dst, b)
}

func appendHex(dst, b []byte) []byte {
	n := len(dst)
	dst = hex.AppendEncode(dst, b)
	for i := n; i < len(dst); i++ {
		if dst[i] >= 'a' {
			dst[i] -= 'a' - 'A'
		}
	}
	return dst
}

// appendAnsi takes the bytes for Windows-1252, the code page of most machines
// that wrote such values.
func appendAnsi(dst, b []byte) []byte {
	for _, c := range b {
		if c == 0 {
			break
		}
		dst = append(dst, string(rune(c))...)
	}
	return dst
}

func appendReal(dst []byte, f float64, bits int) []byte {
	return strconv.AppendFloat(dst, f, 'g', -1, bits)
}

// appendTime appends a time with all seven digits of a FILETIME.
func appendTime(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		t = time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t.AppendFormat(dst, "2006-01-02T15:04:05.0000000Z")
}

// systemTime decodes a SYSTEMTIME: year, month, day of the week, day, hour,
// minute, second and millisecond, of 2 bytes each.
func systemTime(b []byte) time.Time {
	f := func(i int) int { return int(le.Uint16(b[2*i:])) }
	if f(0) == 0 || f(1) == 0 {
		return time.Time{}
	}
	return time.Date(f(0), time.Month(f(1)), f(3), f(4), f(5), f(6), f(7)*int(time.Millisecond), time.UTC)
}

// trimNUL cuts NULs behind UTF-16 text.
func trimNUL(b []byte) []byte {
	for len(b) >= 2 && b[len(b)-2] == 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-2]
	}
	return b
}
