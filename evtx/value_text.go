package evtx

import (
	"encoding/hex"
	"math"
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

// appendScalar appends a value that is neither text nor an array. The result is ASCII
// that needs no escapes in JSON or XML. A value whose size does not fit its type is
// appended in hexadecimal, so that it is not lost.
func appendScalar(dst []byte, t ValueType, b []byte) []byte {
	if size := int(sizes[t]); size != 0 && len(b) != size {
		return appendHex(dst, b)
	}
	switch t {
	case NullType:
		return dst
	case Int8Type:
		return strconv.AppendInt(dst, int64(int8(b[0])), 10)
	case UInt8Type:
		return strconv.AppendUint(dst, uint64(b[0]), 10)
	case Int16Type:
		return strconv.AppendInt(dst, int64(int16(le.Uint16(b))), 10)
	case UInt16Type:
		return strconv.AppendUint(dst, uint64(le.Uint16(b)), 10)
	case Int32Type:
		return strconv.AppendInt(dst, int64(int32(le.Uint32(b))), 10)
	case UInt32Type:
		return strconv.AppendUint(dst, uint64(le.Uint32(b)), 10)
	case Int64Type:
		return strconv.AppendInt(dst, int64(le.Uint64(b)), 10)
	case UInt64Type:
		return strconv.AppendUint(dst, le.Uint64(b), 10)
	case Real32Type:
		return appendReal(dst, float64(math.Float32frombits(le.Uint32(b))), 32)
	case Real64Type:
		return appendReal(dst, math.Float64frombits(le.Uint64(b)), 64)
	case BoolType:
		switch n := int32(le.Uint32(b)); n {
		case 0:
			return append(dst, "false"...)
		case 1:
			return append(dst, "true"...)
		default: // some providers write other numbers
			return strconv.AppendInt(dst, int64(n), 10)
		}
	case GUIDType:
		return appendGUID(dst, b)
	case FileTimeType:
		return appendTicks(dst, le.Uint64(b))
	case SysTimeType:
		return appendSystemTime(dst, b)
	case SIDType:
		if out, err := winid.AppendSID(dst, b); err == nil {
			return out
		}
	case HexInt32Type:
		return appendHexNumber(dst, uint64(le.Uint32(b)))
	case HexInt64Type:
		return appendHexNumber(dst, le.Uint64(b))
	case SizeTType:
		switch len(b) {
		case 4:
			return appendHexNumber(dst, uint64(le.Uint32(b)))
		case 8:
			return appendHexNumber(dst, le.Uint64(b))
		}
	}
	return appendHex(dst, b)
}

func appendHexNumber(dst []byte, n uint64) []byte {
	return strconv.AppendUint(append(dst, '0', 'x'), n, 16)
}

// appendHex appends bytes in upper-case hexadecimal.
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

const lowerHex = "0123456789abcdef"

// appendGUID appends a GUID in braces and lower case. Its first three groups are
// little-endian.
func appendGUID(dst, b []byte) []byte {
	var text [38]byte
	text[0], text[37] = '{', '}'
	n := 1
	for i, at := range [16]uint8{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15} {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text[n] = '-'
			n++
		}
		text[n], text[n+1] = lowerHex[b[at]>>4], lowerHex[b[at]&15]
		n += 2
	}
	return append(dst, text[:]...)
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

const (
	ticksPerSecond = 10_000_000
	ticksPerDay    = 86400 * ticksPerSecond
	lastTick       = 2_650_467_743_999_999_999 // the last of the year 9999
)

// appendTicks appends a FILETIME with all seven decimal places, as evtx_dump does: it
// writes the last four digits of the year, and zeros for a negative time.
func appendTicks(dst []byte, ticks uint64) []byte {
	if int64(ticks) < 0 {
		return append(dst, "0000-00-00T00:00:00.0000000Z"...)
	}
	// Days since 0000-03-01, so that a leap day is the last day of its year. An era
	// of 400 years has 146097 days.
	days := ticks/ticksPerDay + 584_694
	era, day := days/146_097, days%146_097
	year := (day - day/1460 + day/36_524 - day/146_096) / 365
	day -= 365*year + year/4 - year/100
	month := (5*day + 2) / 153
	day -= (153*month+2)/5 - 1
	if month += 3; month > 12 {
		month -= 12
		year++
	}
	rest := ticks % ticksPerDay
	second := rest / ticksPerSecond
	return appendDate(dst, era*400+year, month, day, second/3600, second/60%60, second%60, rest%ticksPerSecond)
}

func appendDate(dst []byte, year, month, day, hour, minute, second, ticks uint64) []byte {
	text := [28]byte{4: '-', 7: '-', 10: 'T', 13: ':', 16: ':', 19: '.', 27: 'Z'}
	digits(text[0:4], year)
	digits(text[5:7], month)
	digits(text[8:10], day)
	digits(text[11:13], hour)
	digits(text[14:16], minute)
	digits(text[17:19], second)
	digits(text[20:27], ticks)
	return append(dst, text[:]...)
}

// digits fills b with the last digits of n.
func digits(b []byte, n uint64) {
	i := len(b) - 2
	for ; i >= 0; i -= 2 {
		pair := n % 100 * 2
		b[i], b[i+1] = pairs[pair], pairs[pair+1]
		n /= 100
	}
	if i == -1 {
		b[0] = '0' + byte(n%10)
	}
}

// pairs holds the numbers from 00 to 99.
const pairs = "0001020304050607080910111213141516171819" +
	"2021222324252627282930313233343536373839" +
	"4041424344454647484950515253545556575859" +
	"6061626364656667686970717273747576777879" +
	"8081828384858687888990919293949596979899"

// appendSystemTime appends a SYSTEMTIME. If it is not a date, 1601-01-01 is appended,
// as Windows does.
func appendSystemTime(dst, b []byte) []byte {
	t, ok := systemTime(b)
	if !ok {
		return appendTicks(dst, 0)
	}
	return appendDate(dst, uint64(t.Year()), uint64(t.Month()), uint64(t.Day()), uint64(t.Hour()), uint64(t.Minute()), uint64(t.Second()), uint64(t.Nanosecond()/100))
}
