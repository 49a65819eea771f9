package winid

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A SID in binary ([MS-DTYP] 2.4.2.2):
//
//	offset 0  size 1  revision, 1
//	offset 1  size 1  number of sub-authorities n, at most 15
//	offset 2  size 6  identifier authority, big-endian
//	offset 8  size 4n sub-authorities, little-endian
const (
	sidHeaderSize = 8
	maxSubAuth    = 15
)

// SIDSize returns the size in bytes of the SID at the beginning of b, 0 if b
// holds none.
func SIDSize(b []byte) int {
	if len(b) < sidHeaderSize || b[0] != 1 || b[1] > maxSubAuth {
		return 0
	}
	if n := sidHeaderSize + 4*int(b[1]); n <= len(b) {
		return n
	}
	return 0
}

// AppendSID appends the text ("S-1-5-18") of the SID at the beginning of b,
// whatever its revision. The error's offset counts from the beginning of b.
func AppendSID(dst, b []byte) ([]byte, error) {
	switch {
	case len(b) < sidHeaderSize:
		return dst, damage.Truncated("SID", 0, sidHeaderSize, int64(len(b)))
	case b[1] > maxSubAuth:
		return dst, damage.New("SID sub-authority count", 1, b[1], "≤ 15")
	case len(b) < sidHeaderSize+4*int(b[1]):
		return dst, damage.Truncated("SID sub-authorities", sidHeaderSize, 4*int64(b[1]), int64(len(b)-sidHeaderSize))
	}
	dst = append(dst, "S-"...)
	dst = append(strconv.AppendUint(dst, uint64(b[0]), 10), '-')
	auth := uint64(binary.BigEndian.Uint16(b[2:]))<<32 | uint64(binary.BigEndian.Uint32(b[4:]))
	if auth < 1<<32 {
		dst = strconv.AppendUint(dst, auth, 10)
	} else {
		dst = fmt.Appendf(dst, "0x%012x", auth)
	}
	for i := range int(b[1]) {
		dst = append(dst, '-')
		dst = strconv.AppendUint(dst, uint64(binary.LittleEndian.Uint32(b[sidHeaderSize+4*i:])), 10)
	}
	return dst, nil
}

// SID returns the text of the SID at the beginning of b, which must be of
// revision 1.
func SID(b []byte) (string, error) {
	if len(b) >= sidHeaderSize && b[0] != 1 {
		return "", damage.New("SID revision", 0, b[0], 1)
	}
	var buf [192]byte
	s, err := AppendSID(buf[:0], b)
	if err != nil {
		return "", err
	}
	return string(s), nil
}

// EncodeSID returns the binary form of a SID's text.
func EncodeSID(s string) ([]byte, error) {
	parts := strings.Split(s, "-")
	if len(parts) < 3 || len(parts) > 3+maxSubAuth || !strings.EqualFold(parts[0], "S") || parts[1] != "1" {
		return nil, fmt.Errorf("SID %q: want S-1-authority[-subauthority…]", s)
	}
	auth, err := strconv.ParseUint(parts[2], 0, 48)
	if err != nil {
		return nil, fmt.Errorf("SID %q: authority: %w", s, err)
	}
	b := []byte{1, byte(len(parts) - 3), byte(auth >> 40), byte(auth >> 32), byte(auth >> 24), byte(auth >> 16), byte(auth >> 8), byte(auth)}
	for _, p := range parts[3:] {
		n, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("SID %q: sub-authority: %w", s, err)
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return b, nil
}
