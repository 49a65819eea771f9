package winid

import (
	"encoding/binary"
	"fmt"
	"slices"
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
	sidRevision   = 1
)

// SID is a security identifier: it names an account, a group or a session. The
// text S-1-5-21-A-B-C-1000 shows its revision (always 1), its authority (5) and
// its sub-authorities. The last one is the relative identifier (RID) of an
// account in the domain that the others name.
//
// The zero SID is none. Its text and its binary form are empty.
type SID struct {
	revision  uint8 // 0 in the zero SID
	n         uint8 // how many sub-authorities there are; the others are 0
	authority uint64
	sub       [maxSubAuth]uint32
}

// ParseSID reads the text form, as in S-1-5-18. The authority may be decimal, or
// hexadecimal after 0x.
func ParseSID(text string) (SID, error) {
	parts := strings.Split(text, "-")
	if len(parts) < 3 || len(parts) > 3+maxSubAuth || !strings.EqualFold(parts[0], "S") || parts[1] != "1" {
		return SID{}, fmt.Errorf("SID %q: want S-1-authority[-subauthority…]", text)
	}
	s := SID{revision: sidRevision, n: uint8(len(parts) - 3)}
	digits, base := parts[2], 10
	if hex, ok := strings.CutPrefix(strings.ToLower(digits), "0x"); ok {
		digits, base = hex, 16
	}
	var err error
	if s.authority, err = strconv.ParseUint(digits, base, 48); err != nil {
		return SID{}, fmt.Errorf("SID %q: authority: %w", text, err)
	}
	for i, p := range parts[3:] {
		n, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			return SID{}, fmt.Errorf("SID %q: sub-authority: %w", text, err)
		}
		s.sub[i] = uint32(n)
	}
	return s, nil
}

// DecodeSID returns the SID at the beginning of b, which may go on after it: see
// [SID.Size]. Where in b it is damaged says a [*damage.Error], which counts from
// the beginning of b.
func DecodeSID(b []byte) (SID, error) {
	if len(b) >= sidHeaderSize && b[0] != sidRevision {
		return SID{}, damage.New("SID revision", 0, b[0], sidRevision)
	}
	if err := checkSID(b); err != nil {
		return SID{}, err
	}
	s := SID{revision: b[0], n: b[1], authority: decodeAuthority(b)}
	for i := range int(s.n) {
		s.sub[i] = binary.LittleEndian.Uint32(b[sidHeaderSize+4*i:])
	}
	return s, nil
}

// checkSID checks that b holds as much as a SID at its beginning says.
func checkSID(b []byte) error {
	switch {
	case len(b) < sidHeaderSize:
		return damage.Truncated("SID", 0, sidHeaderSize, int64(len(b)))
	case b[1] > maxSubAuth:
		return damage.New("SID sub-authority count", 1, b[1], "≤ 15")
	case len(b) < sidHeaderSize+4*int(b[1]):
		return damage.Truncated("SID sub-authorities", sidHeaderSize, 4*int64(b[1]), int64(len(b)-sidHeaderSize))
	}
	return nil
}

func decodeAuthority(b []byte) uint64 {
	return uint64(binary.BigEndian.Uint16(b[2:]))<<32 | uint64(binary.BigEndian.Uint32(b[4:]))
}

// AppendSID appends the text of the SID at the beginning of b, whatever its
// revision: for printing what a record holds, be it damaged.
func AppendSID(dst, b []byte) ([]byte, error) {
	if err := checkSID(b); err != nil {
		return dst, err
	}
	dst = appendSIDStart(dst, b[0], decodeAuthority(b))
	for i := range int(b[1]) {
		dst = append(dst, '-')
		dst = strconv.AppendUint(dst, uint64(binary.LittleEndian.Uint32(b[sidHeaderSize+4*i:])), 10)
	}
	return dst, nil
}

func appendSIDStart(dst []byte, revision uint8, authority uint64) []byte {
	dst = strconv.AppendUint(append(dst, "S-"...), uint64(revision), 10)
	if authority < 1<<32 {
		return strconv.AppendUint(append(dst, '-'), authority, 10)
	}
	return fmt.Appendf(dst, "-0x%012x", authority)
}

// IsZero reports whether s is the zero SID, which names nothing.
func (s SID) IsZero() bool { return s.revision == 0 }

// Authority returns the identifier authority, a number of 48 bits. It is 5 for
// the accounts and groups of Windows NT.
func (s SID) Authority() uint64 { return s.authority }

// SubAuthorities returns the sub-authorities, at most 15.
func (s SID) SubAuthorities() []uint32 { return slices.Clone(s.sub[:s.n]) }

// RID returns the relative identifier, which is the last sub-authority: 500 for a
// domain's Administrator, from 1000 on for accounts that somebody made. It is 0
// if there is no sub-authority.
func (s SID) RID() uint32 {
	if s.n == 0 {
		return 0
	}
	return s.sub[s.n-1]
}

// Domain returns s without its relative identifier: for an account the SID of its
// machine or domain.
func (s SID) Domain() SID {
	if s.n > 0 {
		s.n--
		s.sub[s.n] = 0
	}
	return s
}

// WithRID returns the SID of the account in the domain s that has a relative identifier.
// It is zero if s is zero, or has no room for another sub-authority.
func (s SID) WithRID(rid uint32) SID {
	if s.IsZero() || s.n == maxSubAuth {
		return SID{}
	}
	s.sub[s.n] = rid
	s.n++
	return s
}

// String returns the text of s, as in S-1-5-18. An authority beyond 32 bits is
// hexadecimal.
func (s SID) String() string {
	var b [192]byte
	return string(s.append(b[:0]))
}

func (s SID) append(dst []byte) []byte {
	if s.IsZero() {
		return dst
	}
	dst = appendSIDStart(dst, s.revision, s.authority)
	for _, sub := range s.sub[:s.n] {
		dst = strconv.AppendUint(append(dst, '-'), uint64(sub), 10)
	}
	return dst
}

// AppendText appends what String returns. It implements
// [encoding.TextAppender]; the error is always nil.
func (s SID) AppendText(dst []byte) ([]byte, error) { return s.append(dst), nil }

// MarshalText returns what String returns.
func (s SID) MarshalText() ([]byte, error) { return s.append(nil), nil }

// UnmarshalText reads what [ParseSID] reads; no text gives the zero SID.
func (s *SID) UnmarshalText(text []byte) error {
	parsed := SID{}
	if len(text) > 0 {
		var err error
		if parsed, err = ParseSID(string(text)); err != nil {
			return err
		}
	}
	*s = parsed
	return nil
}

// Size returns the size of the binary form in bytes, 0 for the zero SID.
func (s SID) Size() int {
	if s.IsZero() {
		return 0
	}
	return sidHeaderSize + 4*int(s.n)
}

// AppendBinary appends the binary form of s. It implements
// [encoding.BinaryAppender]; the error is always nil.
func (s SID) AppendBinary(dst []byte) ([]byte, error) {
	if s.IsZero() {
		return dst, nil
	}
	a := s.authority
	dst = append(dst, s.revision, s.n, byte(a>>40), byte(a>>32), byte(a>>24), byte(a>>16), byte(a>>8), byte(a))
	for _, sub := range s.sub[:s.n] {
		dst = binary.LittleEndian.AppendUint32(dst, sub)
	}
	return dst, nil
}

// MarshalBinary returns the binary form of s.
func (s SID) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

// UnmarshalBinary reads the binary form, of which data must be all; no data gives
// the zero SID.
func (s *SID) UnmarshalBinary(data []byte) error {
	parsed := SID{}
	if len(data) > 0 {
		var err error
		if parsed, err = DecodeSID(data); err != nil {
			return err
		}
		if parsed.Size() != len(data) {
			return damage.New("SID size", 0, len(data), parsed.Size())
		}
	}
	*s = parsed
	return nil
}
