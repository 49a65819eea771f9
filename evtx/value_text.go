package evtx

import (
	"math"
	"slices"
	"strconv"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// appendText appends the value in its XML form, without escapes. Only its times may
// differ from those of String.
func (v Value) appendText(dst []byte) []byte {
	switch {
	case v.text != nil:
		return append(dst, *v.text...)
	case v.Type&ArrayFlag != 0:
		for i, e := range v.Elements() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.appendText(dst)
		}
		return dst
	case v.Type == StringType:
		return wtf8.Append(dst, wtf8.Trim(v.data))
	case v.Type == AnsiType:
		return v.ansi.append(dst, v.data)
	}
	return appendScalar(dst, v.Type, v.data)
}

// appendPlain appends a value as appendScalar does, but a time as String returns it:
// always RFC 3339, or nothing if it was not set.
func appendPlain(dst []byte, t ValueType, b []byte) []byte {
	switch {
	case t == FileTimeType && len(b) == 8:
		if ticks := le.Uint64(b); ticks != 0 {
			return appendTicks(dst, min(ticks, lastTick))
		}
		return dst
	case t == SysTimeType && len(b) == 16:
		if at, ok := systemTime(b); ok {
			return appendTicks(dst, min(filetime.Ticks(at), lastTick))
		}
		return dst
	}
	return appendScalar(dst, t, b)
}

// appendScalar appends a value that is neither text nor an array.
func appendScalar(dst []byte, t ValueType, b []byte) []byte {
	const most = 68 // the size of the largest SID
	if len(b) > most {
		dst = slices.Grow(dst, scalarRoom+4*len(b))
		return dst[:putScalar(dst[:cap(dst)], len(dst), t, b)]
	}
	var text [scalarRoom + 4*most]byte
	return append(dst, text[:putScalar(text[:], 0, t, b)]...)
}

// scalarRoom is the room that putScalar needs, besides four bytes for each of the
// value's.
const scalarRoom = 64

// putScalar writes a value that is neither text nor an array at out[n:], and returns
// the offset of its end. The result is ASCII that needs no escapes in JSON or XML. A
// value whose size does not fit its type is written in hexadecimal, so that it is not
// lost.
func putScalar(out []byte, n int, t ValueType, b []byte) int {
	if size := int(sizes[t]); size != 0 && len(b) != size {
		return putHex(out, n, b)
	}
	switch t {
	case NullType:
		return n
	case Int8Type:
		return putInt(out, n, int64(int8(b[0])))
	case UInt8Type:
		return putUint(out, n, uint64(b[0]))
	case Int16Type:
		return putInt(out, n, int64(int16(le.Uint16(b))))
	case UInt16Type:
		return putUint(out, n, uint64(le.Uint16(b)))
	case Int32Type:
		return putInt(out, n, int64(int32(le.Uint32(b))))
	case UInt32Type:
		return putUint(out, n, uint64(le.Uint32(b)))
	case Int64Type:
		return putInt(out, n, int64(le.Uint64(b)))
	case UInt64Type:
		return putUint(out, n, le.Uint64(b))
	case Real32Type:
		return len(appendReal(out[:n], float64(math.Float32frombits(le.Uint32(b))), 32))
	case Real64Type:
		return len(appendReal(out[:n], math.Float64frombits(le.Uint64(b)), 64))
	case BoolType:
		switch v := int32(le.Uint32(b)); v {
		case 0:
			return n + copy(out[n:], "false")
		case 1:
			return n + copy(out[n:], "true")
		default: // some providers write other numbers
			return putInt(out, n, int64(v))
		}
	case GUIDType:
		return putGUID(out, n, b)
	case FileTimeType:
		return putTicks(out, n, le.Uint64(b))
	case SysTimeType:
		return putSystemTime(out, n, b)
	case SIDType:
		if text, err := winid.AppendSID(out[:n], b); err == nil {
			return len(text)
		}
	case HexInt32Type:
		return putHexNumber(out, n, uint64(le.Uint32(b)))
	case HexInt64Type:
		return putHexNumber(out, n, le.Uint64(b))
	case SizeTType:
		switch len(b) {
		case 4:
			return putHexNumber(out, n, uint64(le.Uint32(b)))
		case 8:
			return putHexNumber(out, n, le.Uint64(b))
		}
	}
	return putHex(out, n, b)
}

// appendReal appends the shortest text that parses as the same number. It has a
// decimal point unless the number is very large or very small.
func appendReal(dst []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "inf"...)
	case math.IsInf(f, -1):
		return append(dst, "-inf"...)
	}
	if a := math.Abs(f); a != 0 && (a < 1e-5 || a >= 1e16) {
		dst = strconv.AppendFloat(dst, f, 'e', -1, bits)
		if n := len(dst); dst[n-4] == 'e' && dst[n-2] == '0' { // e-07, which others write e-7
			dst = append(dst[:n-2], dst[n-1])
		}
		return dst
	}
	n := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, bits)
	for _, c := range dst[n:] {
		if c == '.' {
			return dst
		}
	}
	return append(dst, ".0"...)
}
