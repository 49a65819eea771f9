package evtx

import (
	"bytes"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// structField maps a field of a typed event to a field of the binary XML.
//
// Its tag is `evtx:"name,option,…"`. The name is the one in the log, if it differs
// from that of the field: a name, the path of an element or attribute below UserData
// (A/B/@x), or #0, #1, … for Data elements without a name. A second name after a |
// is the one that other versions of Windows write. The options are
//
//	sid, hex, pointer, filetime  the form of the value
//	dash                         Windows writes "-", or the null SID, if there is no value
//	since=N                      the number of the layout that introduced the field
//	until=N                      the number of the last layout that has the field
//
// This file is the only one that computes addresses in structs. The offsets and types
// come from package reflect when the kind is first used.
type structField struct {
	name     string // in the log
	also     string // in the logs of other versions, or ""
	goName   string // in the struct
	key      string // the name as a further member in JSON; it needs no escape
	position int    // of an unnamed Data element, or -1
	offset   uintptr
	form     form
	wire     ValueType
	dash     bool
	since    int
	until    int
	typ      reflect.Type
}

// structPointer points to a struct of a kind.
type structPointer = unsafe.Pointer

// at returns a pointer to the field of the struct at p.
func (f *structField) at(p structPointer) unsafe.Pointer { return unsafe.Add(p, f.offset) }

// uint64 returns a field that is stored as such.
func (f *structField) uint64(p structPointer) uint64 { return *(*uint64)(f.at(p)) }

// extraOf returns the Extra field of the struct at p.
func (k *Kind) extraOf(p structPointer) *[]Field { return (*[]Field)(unsafe.Add(p, k.extra)) }

// following returns the struct after the one at p.
func (k *Kind) following(p structPointer) structPointer { return unsafe.Add(p, k.typ.Size()) }

// form is how a field is stored in its struct.
type form uint8

const (
	formText form = iota
	formBool
	formUint8
	formUint16
	formUint32
	formUint64
	formInt32
	formInt64
	formFloat64
	formGUID
	formTime
	formBytes
	formTexts
)

// forms lists the types that fields may have. A type with one of these as its
// underlying type may also be used.
var forms = []struct {
	typ  reflect.Type
	form form
	wire ValueType // without an option in the tag
}{
	{reflect.TypeFor[GUID](), formGUID, GUIDType},
	{reflect.TypeFor[time.Time](), formTime, StringType}, // Sysmon's times
	{reflect.TypeFor[[]byte](), formBytes, BinaryType},
	{reflect.TypeFor[[]string](), formTexts, StringType | ArrayFlag},
	{reflect.TypeFor[string](), formText, StringType},
	{reflect.TypeFor[bool](), formBool, BoolType},
	{reflect.TypeFor[uint8](), formUint8, UInt8Type},
	{reflect.TypeFor[uint16](), formUint16, UInt16Type},
	{reflect.TypeFor[uint32](), formUint32, UInt32Type},
	{reflect.TypeFor[uint64](), formUint64, UInt64Type},
	{reflect.TypeFor[int32](), formInt32, Int32Type},
	{reflect.TypeFor[int64](), formInt64, Int64Type},
	{reflect.TypeFor[float64](), formFloat64, Real64Type},
}

func fieldName(f reflect.StructField) (name, also string) {
	name, _, _ = strings.Cut(f.Tag.Get("evtx"), ",")
	if name, also, _ = strings.Cut(name, "|"); name == "" {
		name = f.Name
	}
	return name, also
}

// fieldOf reads the type and the tag of a field.
func fieldOf(f reflect.StructField) structField {
	name, also := fieldName(f)
	s := structField{name: name, also: also, goName: f.Name, key: `,"` + name + `":`, position: -1, offset: f.Offset, until: math.MaxInt, typ: f.Type}
	for _, name := range []string{name, also} {
		if number, ok := strings.CutPrefix(name, "#"); ok {
			s.position, _ = strconv.Atoi(number)
		}
	}
	known := false
	for _, t := range forms {
		if f.Type == t.typ || f.Type.Kind() == t.typ.Kind() && f.Type.Kind() <= reflect.Float64 ||
			f.Type.Kind() == reflect.String && t.form == formText {
			s.form, s.wire, known = t.form, t.wire, true
			break
		}
	}
	if !known {
		panic("evtx: field " + f.Name + " has type " + f.Type.String() + ", which no value has")
	}
	_, options, _ := strings.Cut(f.Tag.Get("evtx"), ",")
	for option := range strings.SplitSeq(options, ",") {
		switch name, number, _ := strings.Cut(option, "="); {
		case name == "since":
			s.since, _ = strconv.Atoi(number)
		case name == "until":
			s.until, _ = strconv.Atoi(number)
		case option == "sid":
			s.wire = SIDType
		case option == "pointer":
			s.wire = SizeTType
		case option == "filetime":
			s.wire = FileTimeType
		case option == "hex" && s.form == formUint32:
			s.wire = HexInt32Type
		case option == "hex":
			s.wire = HexInt64Type
		case option == "dash":
			s.dash = true
		}
	}
	return s
}

// set sets the field of the struct at p to a value. Text is kept in t. It returns false
// for text that is not a time in a field that holds one.
func (f *structField) set(p structPointer, v *Value, t *texts) bool {
	p = f.at(p)
	switch f.form {
	case formText:
		*(*string)(p) = t.text(v)
	case formBool:
		n, ok := v.Uint64()
		*(*bool)(p) = n != 0 || !ok && strings.EqualFold(v.String(), "true")
	case formUint8:
		*(*uint8)(p) = uint8(v.number())
	case formUint16:
		*(*uint16)(p) = uint16(v.number())
	case formUint32:
		*(*uint32)(p) = uint32(v.number())
	case formUint64:
		*(*uint64)(p) = v.number()
	case formInt32:
		*(*int32)(p) = int32(v.signed())
	case formInt64:
		*(*int64)(p) = v.signed()
	case formFloat64:
		*(*float64)(p) = v.real()
	case formGUID:
		*(*GUID)(p) = guidOf(*v)
	case formTime:
		at := v.Time()
		*(*time.Time)(p) = at
		return !at.IsZero() || v.Type != StringType || v.isEmpty() || f.dash
	case formBytes:
		*(*[]byte)(p) = append([]byte(nil), v.Bytes()...) // nil if there are none
	case formTexts:
		if *(*[]string)(p) = nil; len(v.Bytes()) > 0 { // no bytes would be one empty text
			*(*[]string)(p) = v.Strings()
		}
	}
	return true
}

// setSlot sets the field of the struct at p from a value in a chunk that is of the type
// of the field. It returns false for any other value.
func (f *structField) setSlot(p structPointer, c *Chunk, s slot) bool {
	at, b := f.at(p), c.data(s)
	switch f.form {
	case formText:
		switch {
		case s.typ == StringType:
			*(*string)(at) = c.memory.utf16(b)
			return true
		case s.typ == SIDType && len(b) > 0:
			*(*string)(at) = c.memory.scalar(s.typ, b)
			return true
		}
	case formUint32:
		if (s.typ == UInt32Type || s.typ == HexInt32Type) && len(b) == 4 {
			*(*uint32)(at) = le.Uint32(b)
			return true
		}
	case formUint64:
		if (s.typ == HexInt64Type || s.typ == UInt64Type || s.typ == SizeTType) && len(b) == 8 {
			*(*uint64)(at) = le.Uint64(b)
			return true
		}
	case formGUID:
		if s.typ == GUIDType && len(b) == 16 {
			*(*GUID)(at) = GUID(b)
			return true
		}
	case formTime:
		if s.typ == StringType {
			t, ok := sysmonTimeOf(b)
			if ok {
				*(*time.Time)(at) = t
			}
			return ok
		}
	}
	return false
}

// empty reports whether the field of the struct at p has no value. A decimal number
// always has one, and so has a type that names what its numbers mean.
func (f *structField) empty(p structPointer) bool {
	p = f.at(p)
	switch f.form {
	case formText:
		s := *(*string)(p)
		return s == "" || s == "-" || f.wire == SIDType && s == nullSID
	case formGUID:
		return (*(*GUID)(p)).IsZero()
	case formTime:
		return (*(*time.Time)(p)).IsZero()
	case formBytes:
		return len(*(*[]byte)(p)) == 0
	case formTexts:
		return len(*(*[]string)(p)) == 0
	case formUint32:
		return f.hexadecimal() && *(*uint32)(p) == 0 && !f.typ.Implements(stringer)
	case formUint64:
		return f.hexadecimal() && *(*uint64)(p) == 0
	}
	return false
}

// zero reports whether the field of the struct at p has its zero value.
func (f *structField) zero(p structPointer) bool {
	return reflect.NewAt(f.typ, f.at(p)).Elem().IsZero()
}

// in reports whether the events of a layout have the field.
func (f *structField) in(layout int) bool { return f.since <= layout && layout <= f.until }

// hexadecimal reports whether Windows shows the number in hexadecimal.
func (f *structField) hexadecimal() bool {
	return f.wire == HexInt32Type || f.wire == HexInt64Type || f.wire == SizeTType
}

// nullSID is what Windows logs in place of a missing SID.
const nullSID = "S-1-0-0"

// value returns the field of the struct at p as a log holds it. Dashes asks for "-" in
// place of an empty text, and for the null SID, if Windows writes that.
func (f *structField) value(p structPointer, dashes bool) (Value, error) {
	p = f.at(p)
	wire := f.wire
	if wire == SizeTType {
		wire = HexInt64Type // in which 64-bit Windows writes a pointer
	}
	number := func(n uint64) (Value, error) { return NewValue(wire, wire.appendNumber(nil, n)), nil }
	switch f.form {
	case formText:
		s := *(*string)(p)
		if s == "" && f.dash && dashes {
			s = "-"
			if f.wire == SIDType {
				s = nullSID
			}
		}
		switch {
		case f.wire == SIDType && s == "":
			return Value{}, nil
		case f.wire == SIDType:
			sid, err := winid.ParseSID(s)
			if err != nil {
				return Value{}, err
			}
			b, err := sid.MarshalBinary()
			return NewValue(SIDType, b), err
		}
		return StringValue(s), nil
	case formBool:
		return number(uint64(*(*uint8)(p)))
	case formUint8:
		return number(uint64(*(*uint8)(p)))
	case formUint16:
		return number(uint64(*(*uint16)(p)))
	case formUint32:
		return number(uint64(*(*uint32)(p)))
	case formUint64:
		return number(*(*uint64)(p))
	case formInt32:
		return number(uint64(*(*int32)(p)))
	case formInt64:
		return number(uint64(*(*int64)(p)))
	case formFloat64:
		return number(math.Float64bits(*(*float64)(p)))
	case formGUID:
		return NewValue(GUIDType, bytes.Clone((*(*GUID)(p))[:])), nil
	case formBytes:
		return NewValue(BinaryType, bytes.Clone(*(*[]byte)(p))), nil
	case formTexts:
		var all []byte
		for _, s := range *(*[]string)(p) {
			all = append(append(all, wtf8.Encode(s)...), 0, 0)
		}
		return NewValue(StringType|ArrayFlag, all), nil
	}
	switch at := *(*time.Time)(p); {
	case f.wire == FileTimeType:
		return timeValue(at), nil
	case at.IsZero() && f.dash && dashes:
		return StringValue("-"), nil
	case at.IsZero():
		return StringValue(""), nil
	default:
		return StringValue(at.UTC().Format(sysmonTime)), nil
	}
}

// time returns a field that holds a time.
func (f *structField) time(p structPointer) time.Time { return *(*time.Time)(f.at(p)) }

// own copies the memory that the field of the struct at p shares with other events.
func (f *structField) own(p structPointer) {
	if f.form == formText {
		s := (*string)(f.at(p))
		*s = strings.Clone(*s)
	}
}
