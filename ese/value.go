package ese

import (
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Type is the type of a column, JET_COLTYP.
type Type uint8

// The types of columns.
const (
	Nil              Type = 0
	Bit              Type = 1
	UnsignedByte     Type = 2
	Short            Type = 3
	Long             Type = 4
	Currency         Type = 5
	IEEESingle       Type = 6
	IEEEDouble       Type = 7
	DateTime         Type = 8
	Binary           Type = 9
	Text             Type = 10
	LongBinary       Type = 11
	LongText         Type = 12
	SLV              Type = 13
	UnsignedLong     Type = 14
	LongLong         Type = 15
	GUID             Type = 16
	UnsignedShort    Type = 17
	UnsignedLongLong Type = 18
)

// types has a row for each type: its name, and its size in bytes if that is fixed.
var types = [...]struct {
	name string
	size int
}{
	Nil: {"Nil", 0}, Bit: {"Bit", 1}, UnsignedByte: {"UnsignedByte", 1}, Short: {"Short", 2}, Long: {"Long", 4}, Currency: {"Currency", 8},
	IEEESingle: {"IEEESingle", 4}, IEEEDouble: {"IEEEDouble", 8}, DateTime: {"DateTime", 8}, Binary: {"Binary", 0}, Text: {"Text", 0},
	LongBinary: {"LongBinary", 0}, LongText: {"LongText", 0}, SLV: {"SLV", 0}, UnsignedLong: {"UnsignedLong", 4}, LongLong: {"LongLong", 8},
	GUID: {"GUID", 16}, UnsignedShort: {"UnsignedShort", 2}, UnsignedLongLong: {"UnsignedLongLong", 8},
}

// String returns the name of the type without its prefix JET_coltyp.
func (t Type) String() string {
	if int(t) < len(types) {
		return types[t].name
	}
	return fmt.Sprintf("type %d", uint8(t))
}

// Size returns the size of a value in bytes, or 0 if it is not fixed.
func (t Type) Size() int {
	if int(t) < len(types) {
		return types[t].size
	}
	return 0
}

// IsText reports whether values are text.
func (t Type) IsText() bool { return t == Text || t == LongText }

// unicode is the code page of UTF-16.
const unicode = 1200

// Value is a value of a row. The zero Value is null.
type Value struct {
	typ  Type
	page uint32 // code page
	raw  []byte // nil if the value is null
}

// IsNull reports whether the row has no value.
func (v Value) IsNull() bool { return v.raw == nil }

// Type returns the type of the column.
func (v Value) Type() Type { return v.typ }

// Bytes returns the bytes of the value as the database has them, but not compressed. They
// must not be changed.
func (v Value) Bytes() []byte { return v.raw }

// Uint returns the number of an integer, extended by its sign if its type has one, and 0
// for any other type and for null.
func (v Value) Uint() uint64 { return uint64(v.Int()) }

// Int returns the number of an integer, and 0 for any other type and for null. A DateTime
// is the integer of its 64 bits.
func (v Value) Int() int64 {
	if v.raw == nil || len(v.raw) < v.typ.Size() {
		return 0
	}
	switch v.typ {
	case Bit, UnsignedByte:
		return int64(v.raw[0])
	case Short:
		return int64(int16(le.Uint16(v.raw)))
	case UnsignedShort:
		return int64(le.Uint16(v.raw))
	case Long:
		return int64(int32(le.Uint32(v.raw)))
	case UnsignedLong:
		return int64(le.Uint32(v.raw))
	case Currency, LongLong, UnsignedLongLong, DateTime:
		return int64(le.Uint64(v.raw))
	}
	return 0
}

// Float returns the number of an IEEESingle or IEEEDouble, and 0 for any other type and for
// null.
func (v Value) Float() float64 {
	switch {
	case v.typ == IEEESingle && len(v.raw) >= 4:
		return float64(math.Float32frombits(le.Uint32(v.raw)))
	case v.typ == IEEEDouble && len(v.raw) >= 8:
		return math.Float64frombits(le.Uint64(v.raw))
	}
	return 0
}

// Time returns the time of a DateTime in UTC, and the zero time for any other type, for
// null and for 0. The type counts days since 1899-12-30, and its times are rounded to a
// microsecond. User Access Logging writes FILETIMEs into it; no number of days since 1901
// looks like one of them, so they are recognized.
func (v Value) Time() time.Time {
	if v.typ != DateTime || len(v.raw) < 8 {
		return time.Time{}
	}
	bits := le.Uint64(v.raw)
	days := math.Float64frombits(bits)
	const firstDay, lastDay = 366, 2958466 // 1901 to 9999
	if days >= firstDay && days < lastDay {
		whole := math.Floor(days)
		us := math.Round((days - whole) * 24 * 60 * 60 * 1e6)
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(whole)).Add(time.Duration(us) * time.Microsecond)
	}
	if bits < 1<<63 {
		return filetime.Time(bits)
	}
	return time.Time{}
}

// GUID returns the GUID, and the zero GUID for any other type and for null.
func (v Value) GUID() winid.GUID {
	var g winid.GUID
	if (v.typ == GUID || v.typ == Binary || v.typ == LongBinary) && len(v.raw) == len(g) {
		copy(g[:], v.raw)
	}
	return g
}

// Text returns the text of a Text or LongText, without NULs at its end, and "" for any
// other type and for null. What is not Unicode is taken for ISO 8859-1, unless it is UTF-8.
func (v Value) Text() string {
	if !v.typ.IsText() {
		return ""
	}
	b := v.raw
	if v.page == unicode {
		for len(b) >= 2 && len(b)%2 == 0 && b[len(b)-1] == 0 && b[len(b)-2] == 0 {
			b = b[:len(b)-2]
		}
		return wtf8.String(b)
	}
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	if utf8.Valid(b) {
		return string(b)
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

// Any returns the value as a Go value: nil, bool, int64, uint64, float64, time.Time,
// winid.GUID, string or []byte.
func (v Value) Any() any {
	if v.raw == nil {
		return nil
	}
	switch v.typ {
	case Bit:
		return v.Int() != 0
	case UnsignedByte, UnsignedShort, UnsignedLong, UnsignedLongLong:
		return v.Uint()
	case Short, Long, Currency, LongLong:
		return v.Int()
	case IEEESingle, IEEEDouble:
		return v.Float()
	case DateTime:
		return v.Time()
	case GUID:
		return v.GUID()
	case Text, LongText:
		return v.Text()
	}
	return v.raw
}
