package evtx

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The functions of this file make values for events that are to be written.

// NumberValue returns a number, a Boolean or a pointer of the given type. It keeps the
// low bits of n that the type has room for; a pointer has 64.
func NumberValue(t ValueType, n uint64) Value { return NewValue(t, t.appendNumber(nil, n)) }

// UInt32Value returns a value of type UInt32Type.
func UInt32Value(n uint32) Value { return NumberValue(UInt32Type, uint64(n)) }

// UInt64Value returns a value of type UInt64Type.
func UInt64Value(n uint64) Value { return NumberValue(UInt64Type, n) }

// HexValue returns a value of type HexInt64Type, as logon identifiers have.
func HexValue(n uint64) Value { return NumberValue(HexInt64Type, n) }

// BoolValue returns a value of type BoolType.
func BoolValue(b bool) Value {
	if b {
		return NumberValue(BoolType, 1)
	}
	return NumberValue(BoolType, 0)
}

// BinaryValue returns a value of type BinaryType.
func BinaryValue(b []byte) Value { return NewValue(BinaryType, b) }

// GUIDValue returns a value of type GUIDType. To make a GUID from its text, use
// [winid.ParseGUID].
func GUIDValue(g GUID) Value { return NewValue(GUIDType, append([]byte(nil), g[:]...)) }

// SIDValue returns a value of type SIDType. The zero SID gives a null value. To make a
// SID from its text, use [winid.ParseSID].
func SIDValue(sid winid.SID) Value {
	b, err := sid.MarshalBinary()
	if err != nil || sid.IsZero() {
		return Value{}
	}
	return NewValue(SIDType, b)
}

// TimeValue returns a value of type FileTimeType.
func TimeValue(t time.Time) Value { return timeValue(t) }

// ParseValue returns the value of a type from its text, as String returns it. An array
// cannot be parsed, and neither can binary XML.
func ParseValue(t ValueType, text string) (Value, error) {
	v, err := parseValue(t, text)
	if err != nil {
		return Value{}, fmt.Errorf("evtx: a value of type %v: %w", t, err)
	}
	return v, nil
}

func parseValue(t ValueType, text string) (Value, error) {
	bits := 8 * t.fixedSize()
	switch t {
	case NullType:
		if text != "" {
			return Value{}, strconv.ErrSyntax
		}
		return Value{}, nil
	case StringType:
		return StringValue(text), nil
	case Int8Type, Int16Type, Int32Type, Int64Type:
		n, err := strconv.ParseInt(text, 10, bits)
		return NumberValue(t, uint64(n)), err
	case UInt8Type, UInt16Type, UInt32Type, UInt64Type:
		n, err := strconv.ParseUint(text, 10, bits)
		return NumberValue(t, n), err
	case HexInt32Type, HexInt64Type, SizeTType:
		digits, ok := strings.CutPrefix(text, "0x")
		if !ok {
			return Value{}, strconv.ErrSyntax
		}
		if bits == 0 {
			bits = 64
		}
		n, err := strconv.ParseUint(digits, 16, bits)
		return NumberValue(t, n), err
	case Real32Type:
		f, err := strconv.ParseFloat(text, 32)
		return NumberValue(t, uint64(math.Float32bits(float32(f)))), err
	case Real64Type:
		f, err := strconv.ParseFloat(text, 64)
		return NumberValue(t, math.Float64bits(f)), err
	case BoolType:
		b, err := strconv.ParseBool(text)
		return BoolValue(b), err
	case BinaryType:
		b, err := hex.DecodeString(text)
		return BinaryValue(b), err
	case GUIDType:
		g, err := winid.ParseGUID(text)
		return GUIDValue(g), err
	case SIDType:
		sid, err := winid.ParseSID(text)
		return SIDValue(sid), err
	case FileTimeType:
		at, err := time.Parse(time.RFC3339Nano, text)
		if err == nil && filetime.Ticks(at) == 0 {
			err = strconv.ErrRange
		}
		return TimeValue(at), err
	}
	return Value{}, fmt.Errorf("cannot be made from text")
}

// appendNumber appends a number in the size of its type; a pointer has eight bytes.
func (t ValueType) appendNumber(dst []byte, n uint64) []byte {
	b := le.AppendUint64(dst, n)
	if size := t.fixedSize(); size > 0 {
		return b[:len(dst)+size]
	}
	return b
}
