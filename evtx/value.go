package evtx

import (
	"bytes"
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// ValueType is the type of a value in binary XML.
type ValueType uint8

// The types. ArrayFlag turns a type into an array of it.
const (
	NullType     ValueType = 0x00
	StringType   ValueType = 0x01 // UTF-16
	AnsiType     ValueType = 0x02 // in the code page of the machine; see WithANSI
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
	BoolType     ValueType = 0x0d // 4 bytes
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

// sizes holds the size in bytes of a value of each type, or 0 if it varies.
var sizes = [256]uint8{
	Int8Type: 1, UInt8Type: 1, Int16Type: 2, UInt16Type: 2, Int32Type: 4, UInt32Type: 4, Int64Type: 8, UInt64Type: 8,
	Real32Type: 4, Real64Type: 8, BoolType: 4, GUIDType: 16, FileTimeType: 8, SysTimeType: 16, HexInt32Type: 4, HexInt64Type: 8,
}

// fixedSize returns the size in bytes of one value, or 0 if it varies.
func (t ValueType) fixedSize() int { return int(sizes[t&^ArrayFlag]) }

// Value is one value of an event.
type Value struct {
	Type ValueType

	at     uint32 // of data, in its chunk
	data   []byte
	text   *string // set if the value does not come from one slot
	offset int64   // of data, in its log; 0 if it does not come from a log
	ansi   *ansi   // the code page of data of type AnsiType
}

// NewValue returns a value of the given type from its bytes in the log.
func NewValue(t ValueType, data []byte) Value { return Value{Type: t, data: data} }

// StringValue returns a value of type StringType.
func StringValue(s string) Value { return Value{Type: StringType, data: wtf8.Encode(s)} }

// textValue returns a value that has only text.
func textValue(s string) Value { return Value{Type: StringType, text: &s} }

// IsNull reports whether v is null: the event has no value there.
func (v Value) IsNull() bool { return v.Type == NullType }

// Bytes returns the value as the log holds it. The caller must not modify it.
func (v Value) Bytes() []byte {
	if v.text != nil {
		return wtf8.Encode(*v.text)
	}
	return v.data
}

// String returns the value as Windows writes it in XML: the elements of an array
// separated by commas, and text up to its first NUL. Bytes also returns what follows
// the NUL. Only a time has a form of its own, which is always RFC 3339: see the
// package documentation.
func (v Value) String() string {
	switch t := v.Type &^ ArrayFlag; {
	case v.text != nil:
		return *v.text
	case t != FileTimeType && t != SysTimeType:
		return string(v.appendText(nil))
	case v.Type != t:
		return strings.Join(v.Strings(), ",")
	}
	return string(appendPlain(nil, v.Type, v.data))
}

// Uint64 returns the value of a number, a pointer, a Boolean, or text that is a
// number. It returns false for any other value.
func (v Value) Uint64() (uint64, bool) {
	if v.text != nil {
		n, err := strconv.ParseUint(*v.text, 0, 64)
		return n, err == nil
	}
	switch t := v.Type; {
	case t == BinaryType, t == GUIDType, t == SIDType, t == SysTimeType, t&ArrayFlag != 0, t >= HandleType:
		return 0, false
	case t == StringType:
		n, err := strconv.ParseUint(wtf8.String(wtf8.Trim(v.data)), 0, 64)
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

// number returns the value of a number, or 0.
func (v *Value) number() uint64 {
	if v.text == nil {
		switch {
		case v.Type == HexInt64Type && len(v.data) == 8:
			return le.Uint64(v.data)
		case (v.Type == UInt32Type || v.Type == HexInt32Type) && len(v.data) == 4:
			return uint64(le.Uint32(v.data))
		}
	}
	n, ok := v.Uint64()
	if !ok {
		return uint64(v.signed())
	}
	return n
}

// signed returns the value of a number that may be negative, or 0.
func (v *Value) signed() int64 {
	if v.Type == StringType {
		n, _ := strconv.ParseInt(v.String(), 0, 64)
		return n
	}
	n, _ := v.Uint64()
	switch v.Type {
	case Int8Type:
		return int64(int8(n))
	case Int16Type:
		return int64(int16(n))
	case Int32Type:
		return int64(int32(n))
	}
	return int64(n)
}

// real returns the value of a number with decimal places, or 0.
func (v *Value) real() float64 {
	switch {
	case v.Type == Real64Type && len(v.data) == 8:
		return math.Float64frombits(le.Uint64(v.data))
	case v.Type == Real32Type && len(v.data) == 4:
		return float64(math.Float32frombits(le.Uint32(v.data)))
	}
	f, _ := strconv.ParseFloat(v.String(), 64)
	return f
}

// timeValue returns a value of type FileTimeType.
func timeValue(t time.Time) Value {
	return Value{Type: FileTimeType, data: le.AppendUint64(nil, filetime.Ticks(t))}
}

// Time returns a point in time in UTC: a FILETIME, a SYSTEMTIME, or text as Sysmon
// writes it. For any other value it returns the zero time.
func (v Value) Time() time.Time {
	switch {
	case v.Type == FileTimeType && len(v.data) == 8:
		return filetime.Time(le.Uint64(v.data))
	case v.Type == SysTimeType && len(v.data) == 16:
		t, _ := systemTime(v.data)
		return t
	case v.Type != StringType:
		return time.Time{}
	}
	if t, ok := sysmonTimeOf(v.data); ok && v.text == nil {
		return t
	}
	s := v.String()
	for _, layout := range []string{"2006-01-02 15:04:05.999999999", time.RFC3339Nano} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// sysmonTime is the layout of a time that Sysmon writes.
const sysmonTime = "2006-01-02 15:04:05.000"

// sysmonTimeOf decodes a time as Sysmon writes it, in UTF-16. It returns false for
// anything else.
func sysmonTimeOf(b []byte) (time.Time, bool) {
	b = wtf8.Trim(b)
	if len(b) != 2*len(sysmonTime) {
		return time.Time{}, false
	}
	var n [7]int // year, month, day, hour, minute, second, millisecond
	part := 0
	for i := range len(sysmonTime) {
		c, want := le.Uint16(b[2*i:]), sysmonTime[i]
		switch digit := want >= '0' && want <= '9'; {
		case digit && c >= '0' && c <= '9':
			n[part] = 10*n[part] + int(c-'0')
		case !digit && c == uint16(want):
			part++
		default:
			return time.Time{}, false
		}
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], n[6]*int(time.Millisecond), time.UTC)
	return t, t.Day() == n[2] && int(t.Month()) == n[1] && n[3] < 24 && n[4] < 60 && n[5] < 60
}

// Strings returns the elements of an array as text, or only the value itself if it is
// not an array.
func (v Value) Strings() []string {
	elements := v.Elements()
	s := make([]string, len(elements))
	for i, e := range elements {
		s[i] = e.String()
	}
	return s
}

// Elements returns the elements of an array. In an array, strings end with a NUL,
// SIDs hold their own length, and values of other types have a fixed size. An array
// of size 0 has one empty element. A value that is not an array is its own only
// element.
func (v Value) Elements() []Value {
	n := 0
	for range v.elements() {
		n++
	}
	all := make([]Value, 0, n)
	for e := range v.elements() {
		all = append(all, e)
	}
	return all
}

// elements yields what Elements returns. An array may have as many as it has bytes.
func (v Value) elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.text != nil || v.Type&ArrayFlag == 0 {
			yield(v)
			return
		}
		t := v.Type &^ ArrayFlag
		if t == BoolType && !boolsOnly(v.data) {
			t = Int32Type
		}
		if len(v.data) == 0 {
			yield(Value{Type: t})
		}
		for rest := v.data; len(rest) > 0; {
			n, skip := len(rest), len(rest)
			switch size := t.fixedSize(); {
			case t == StringType:
				first, after := cutString(rest)
				n, skip = len(first), len(rest)-len(after)
			case t == AnsiType:
				n = indexNUL(rest)
				skip = min(n+1, len(rest))
			case t == SIDType:
				if sid, err := winid.DecodeSID(rest); err == nil {
					n, skip = sid.Size(), sid.Size()
				}
			case size > 0 && size <= len(rest):
				n, skip = size, size
			}
			if !yield(Value{Type: t, data: rest[:n], ansi: v.ansi}) {
				return
			}
			rest = rest[skip:]
		}
	}
}

// cutString cuts UTF-16 text after its first NUL.
func cutString(b []byte) (text, rest []byte) {
	text = wtf8.Trim(b)
	return text, b[min(len(text)+2, len(b)):]
}

// boolsOnly reports whether an array of Booleans holds only 0 and 1.
func boolsOnly(b []byte) bool {
	for ; len(b) >= 4; b = b[4:] {
		if le.Uint32(b) > 1 {
			return false
		}
	}
	return true
}

func indexNUL(b []byte) int {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return i
	}
	return len(b)
}

// isEmpty reports whether the value is written as nothing: it is null, or it is text,
// binary data or an array of length 0.
func (v Value) isEmpty() bool {
	if v.text != nil {
		return *v.text == ""
	}
	return emptyValue(v.Type, v.data)
}

func emptyValue(t ValueType, b []byte) bool {
	switch t {
	case NullType:
		return true
	case StringType:
		return len(b) < 2 || b[0] == 0 && b[1] == 0
	case AnsiType:
		return len(b) == 0 || b[0] == 0
	}
	return len(b) == 0
}

// systemTime decodes a SYSTEMTIME: year, month, day of the week, day, hour, minute,
// second and millisecond, of 2 bytes each. It returns false if that is not a date.
func systemTime(b []byte) (time.Time, bool) {
	f := func(i int) int { return int(le.Uint16(b[2*i:])) }
	t := time.Date(f(0), time.Month(f(1)), f(3), f(4), f(5), f(6), f(7)*int(time.Millisecond), time.UTC)
	if f(0) < 1601 || f(0) > 30827 || int(t.Month()) != f(1) || t.Day() != f(3) || f(4) > 23 || f(5) > 59 || f(6) > 59 || f(7) > 999 {
		return time.Time{}, false
	}
	return t, true
}
