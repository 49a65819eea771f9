// Package winid formats and parses the identifiers that Windows stores in
// binary: GUIDs and security identifiers (SIDs).
package winid

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// GUID is a globally unique identifier as Windows lays it out: the first three
// groups little-endian.
type GUID [16]byte

// String returns g in upper case with hyphens, without braces.
func (g GUID) String() string {
	var b [36]byte
	return string(g.Append(b[:0]))
}

const upperHex = "0123456789ABCDEF"

// order is the sequence in which the text shows the bytes; -1 is a hyphen.
var order = [...]int8{3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15}

// Append appends g's text to dst.
func (g GUID) Append(dst []byte) []byte {
	for _, i := range order {
		if i < 0 {
			dst = append(dst, '-')
			continue
		}
		dst = append(dst, upperHex[g[i]>>4], upperHex[g[i]&15])
	}
	return dst
}

// IsZero reports whether all bytes of g are zero.
func (g GUID) IsZero() bool { return g == GUID{} }

// MarshalText returns g as String does.
func (g GUID) MarshalText() ([]byte, error) { return g.Append(nil), nil }

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
