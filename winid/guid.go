package winid

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// GUID is a globally unique identifier as Windows lays it out: the first three
// groups little-endian.
type GUID [16]byte

// ParseGUID reads the text form, with or without braces, in either case.
func ParseGUID(s string) (GUID, error) {
	t := s
	if len(t) == 38 && t[0] == '{' && t[37] == '}' {
		t = t[1:37]
	}
	if len(t) != 36 || t[8] != '-' || t[13] != '-' || t[18] != '-' || t[23] != '-' {
		return GUID{}, fmt.Errorf("GUID %q: want 8-4-4-4-12 hexadecimal digits", s)
	}
	var raw [16]byte
	if _, err := hex.Decode(raw[:], []byte(t[:8]+t[9:13]+t[14:18]+t[19:23]+t[24:])); err != nil {
		return GUID{}, fmt.Errorf("GUID %q: %w", s, err)
	}
	var g GUID
	binary.LittleEndian.PutUint32(g[0:], binary.BigEndian.Uint32(raw[0:]))
	binary.LittleEndian.PutUint16(g[4:], binary.BigEndian.Uint16(raw[4:]))
	binary.LittleEndian.PutUint16(g[6:], binary.BigEndian.Uint16(raw[6:]))
	copy(g[8:], raw[8:])
	return g, nil
}

// IsZero reports whether all bytes of g are zero.
func (g GUID) IsZero() bool { return g == GUID{} }

// String returns g in upper case with hyphens, without braces.
func (g GUID) String() string {
	var b [36]byte
	return string(g.append(b[:0]))
}

// AppendText appends what String returns. It implements
// [encoding.TextAppender]; the error is always nil.
func (g GUID) AppendText(dst []byte) ([]byte, error) { return g.append(dst), nil }

// MarshalText returns what String returns.
func (g GUID) MarshalText() ([]byte, error) { return g.append(nil), nil }

// UnmarshalText reads what [ParseGUID] reads.
func (g *GUID) UnmarshalText(text []byte) error {
	parsed, err := ParseGUID(string(text))
	if err == nil {
		*g = parsed
	}
	return err
}

const upperHex = "0123456789ABCDEF"

// order is the sequence in which the text shows the bytes; -1 is a hyphen.
var order = [...]int8{3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15}

func (g GUID) append(dst []byte) []byte {
	for _, i := range order {
		if i < 0 {
			dst = append(dst, '-')
			continue
		}
		dst = append(dst, upperHex[g[i]>>4], upperHex[g[i]&15])
	}
	return dst
}
