package esetest

import (
	"fmt"
	"math"
	"time"

	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/xpress/xpresstest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Value documents what a value of a row may be: nil for null, a bool, any integer, a
// float64, a time.Time (days, as the type has it), a [Filetime], a string, a winid.GUID, a
// []byte with the bytes themselves, and for tagged columns [Long], [Packed] or [Several].
type Value = any

// Filetime is a time that is written into a DateTime as User Access Logging does.
type Filetime time.Time

// Long is a value that is written as a long value. Values of more than a quarter of a page
// are so as well.
type Long struct{ Value Value }

// Shared is a long value of the table that another row has: its number, from 1.
type Shared uint32

// Packed is a value that is written compressed.
type Packed struct {
	Scheme Scheme
	Value  Value
}

// Several are the values of a column that has several, none of which is Packed.
type Several []Value

// Scheme is how a value is compressed.
type Scheme uint8

// The schemes.
const (
	SevenBit  Scheme = 1 // characters of ASCII, a byte each
	SevenWide Scheme = 2 // characters of ASCII in UTF-16
	XPRESS    Scheme = 3
)

// Pack compresses a value that a scheme can hold.
func (s Scheme) Pack(b []byte) []byte {
	if s == XPRESS {
		return append(append([]byte{byte(s) << 3}, byte(len(b)), byte(len(b)>>8)), xpresstest.CompressPlain(b)...)
	}
	step := int(s)
	count := len(b) / step
	out := make([]byte, 1+(7*count+7)/8)
	for i := range count {
		for bit := range 7 {
			if b[i*step]>>bit&1 != 0 {
				n := 7*i + bit
				out[1+n/8] |= 1 << (n % 8)
			}
		}
	}
	out[0] = byte(s)<<3 | byte((7*count+7)%8)
	return out
}

// bytes returns the bytes of a value that is not null.
func (c *placed) bytes(v Value) ([]byte, error) {
	number := func(n uint64) []byte {
		switch size := c.Type.Size(); size {
		case 1, 2, 4, 8:
			return le.AppendUint64(nil, n)[:size]
		}
		return le.AppendUint64(nil, n)
	}
	switch x := v.(type) {
	case bool:
		if x {
			return []byte{0xff}, nil
		}
		return []byte{0}, nil
	case int:
		return number(uint64(x)), nil
	case int64:
		return number(uint64(x)), nil
	case uint32:
		return number(uint64(x)), nil
	case uint64:
		return number(x), nil
	case float64:
		if c.Type == ese.IEEESingle {
			return le.AppendUint32(nil, math.Float32bits(float32(x))), nil
		}
		return number(math.Float64bits(x)), nil
	case time.Time:
		return number(math.Float64bits(x.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Seconds() / (24 * 60 * 60))), nil
	case Filetime:
		return number(filetime.Ticks(time.Time(x))), nil
	case winid.GUID:
		return x[:], nil
	case string:
		return text(x, c.CodePage), nil
	case []byte:
		return x, nil
	}
	return nil, fmt.Errorf("column %s: a value of type %T", c.Name, v)
}

// record returns the bytes of a row.
func record(columns []placed, values []Value, pageSize int, lvs *longValues) ([]byte, error) {
	out := []byte{0, 127, 0, 0}
	var nulls []byte
	var ends, variable []byte
	var tagged []field
	for i, c := range columns {
		v := values[i]
		switch {
		case c.id < 128:
			n := int(c.id - 1)
			if n%8 == 0 {
				nulls = append(nulls, 0)
			}
			b := make([]byte, c.Type.Size())
			if v == nil {
				nulls[n/8] |= 1 << (n % 8)
				for j := range b {
					b[j] = '*' // as the engine fills it
				}
			} else {
				given, err := c.bytes(v)
				if err != nil {
					return nil, err
				}
				if len(given) != len(b) {
					return nil, fmt.Errorf("column %s: %d bytes, not %d", c.Name, len(given), len(b))
				}
				b = given
			}
			out = append(out, b...)
			out[0] = byte(c.id)
		case c.id < 256:
			null := 0
			if v == nil {
				null = 0x8000
			} else {
				b, err := c.bytes(v)
				if err != nil {
					return nil, err
				}
				variable = append(variable, b...)
			}
			ends = le.AppendUint16(ends, uint16(len(variable)|null))
			out[1] = byte(c.id)
		case v != nil:
			f, err := c.tagged(v, pageSize, lvs)
			if err != nil {
				return nil, err
			}
			tagged = append(tagged, f)
		}
	}
	out = append(out, nulls...)
	le.PutUint16(out[2:], uint16(len(out)))
	out = append(append(out, ends...), variable...)
	return append(out, taggedBytes(tagged, pageSize > 8192)...), nil
}

// field is a value of a tagged column.
type field struct {
	id    uint16
	bits  int // of the offset
	flags byte
	data  []byte
}

// tagged encodes a value of a tagged column.
func (c *placed) tagged(v Value, pageSize int, lvs *longValues) (field, error) {
	f := field{id: uint16(c.id)}
	if c.inherited {
		f.bits = 0x8000
	}
	if c.Type == ese.LongBinary || c.Type == ese.LongText {
		f.flags = 0x01
	}
	var err error
	switch x := v.(type) {
	case Several:
		var parts [][]byte
		long := 0
		for i, one := range x {
			if l, ok := one.(Long); ok {
				b, err := c.bytes(l.Value)
				if err != nil {
					return f, err
				}
				parts, long = append(parts, lvs.add(b, nil)), long|1<<i
				continue
			}
			b, err := c.bytes(one)
			if err != nil {
				return f, err
			}
			parts = append(parts, b)
		}
		f.flags |= 0x08
		if len(parts) == 2 && long == 0 && len(parts[0]) < 256 {
			f.flags |= 0x10
			f.data = append(append([]byte{byte(len(parts[0]))}, parts[0]...), parts[1]...)
			return f, nil
		}
		at := 2 * len(parts)
		for i, p := range parts {
			f.data = le.AppendUint16(f.data, uint16(at|long>>i&1<<15))
			at += len(p)
		}
		for _, p := range parts {
			f.data = append(f.data, p...)
		}
		return f, nil
	case Packed:
		if l, ok := x.Value.(Long); ok {
			if f.data, err = c.bytes(l.Value); err == nil {
				f.data, f.flags = lvs.add(f.data, x.Scheme.Pack), f.flags|0x04
			}
			return f, err
		}
		if f.data, err = c.bytes(x.Value); err == nil {
			f.data, f.flags = x.Scheme.Pack(f.data), f.flags|0x02
		}
		return f, err
	case Shared:
		f.data, f.flags = le.AppendUint32(nil, uint32(x)), f.flags|0x04
		return f, nil
	case Long:
		if f.data, err = c.bytes(x.Value); err == nil {
			f.data, f.flags = lvs.add(f.data, nil), f.flags|0x04
		}
		return f, err
	}
	if f.data, err = c.bytes(v); err == nil && len(f.data) > pageSize/4 {
		f.data, f.flags = lvs.add(f.data, nil), f.flags|0x04
	}
	return f, err
}

// taggedBytes returns the tagged columns of a record, in the order of their identifiers.
// Those of the template come first.
func taggedBytes(fields []field, large bool) []byte {
	var list []field
	for _, inherited := range [...]bool{true, false} {
		for _, f := range fields {
			if (f.bits != 0) == inherited {
				list = append(list, f)
			}
		}
	}
	var index, data []byte
	for _, f := range list {
		at := 4*len(list) + len(data)
		if large || f.flags&^0x01 != 0 {
			data = append(data, f.flags)
			if !large {
				at |= 0x4000
			}
		}
		index = le.AppendUint16(le.AppendUint16(index, f.id), uint16(at|f.bits))
		data = append(data, f.data...)
	}
	return append(index, data...)
}
