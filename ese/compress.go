package ese

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/xpress"
)

// The first byte of a compressed value has the scheme in its high 5 bits. With 7 bits per
// character, the low 3 bits are how many bits of the last byte count, minus 1. With XPRESS,
// 2 bytes with the size follow.
const (
	schemeASCII    = 1 // 7 bits for each byte
	schemeUnicode  = 2 // 7 bits for each unit of UTF-16
	schemeXPRESS   = 3
	schemeScrub    = 4 // the value was overwritten
	schemeXPRESS9  = 5
	schemeXPRESS10 = 6
)

// decompress returns the content of a compressed value. Its memory is at most 64 KiB, or
// 16/7 of the value.
func decompress(b []byte, off int64) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	switch scheme := b[0] >> 3; scheme {
	case schemeASCII, schemeUnicode:
		return sevenBits(b, scheme == schemeUnicode), nil
	case schemeXPRESS:
		if len(b) < 3 {
			return nil, damage.Truncated("compressed value", off, 3, int64(len(b)))
		}
		size := int64(le.Uint16(b[1:]))
		if limit := xpress.MaxPlain(int64(len(b))); size > limit {
			return nil, damage.New("size of the value", off+1, size, fmt.Sprintf("≤ %d", limit))
		}
		out := make([]byte, size)
		if err := xpress.DecompressPlain(out, b[3:]); err != nil {
			return nil, &FormatError{Offset: off, What: "compressed value", Err: err}
		}
		return out, nil
	case schemeScrub, schemeXPRESS9, schemeXPRESS10:
		return nil, &FormatError{Offset: off, What: "compression of the value", Got: fmt.Sprint(scheme), Want: "1, 2 or 3", Err: ErrUnsupported}
	default:
		return nil, damage.New("compression of the value", off, scheme, "1, 2 or 3")
	}
}

// sevenBits returns characters that have 7 bits each, the low bits first.
func sevenBits(b []byte, wide bool) []byte {
	if len(b) < 2 {
		return nil
	}
	count := ((len(b)-2)*8 + int(b[0]&7) + 1) / 7
	step := 1
	if wide {
		step = 2
	}
	out := make([]byte, count*step)
	bits, have, pos := uint(0), 0, 1
	for i := range count {
		if have < 7 {
			bits |= uint(b[pos]) << have
			have, pos = have+8, pos+1
		}
		out[i*step] = byte(bits & 0x7f)
		bits, have = bits>>7, have-7
	}
	return out
}
