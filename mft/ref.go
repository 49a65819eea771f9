package mft

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// Ref is a file reference: the number of an entry of the $MFT and a count of how
// often that entry has been used. If the sequence number is not that of the
// entry, the file is gone.
type Ref struct {
	Entry uint64 // 48 bits on disk
	Seq   uint16 // 1 for the first file that used the entry
}

// The entries whose content is fixed.
const (
	EntryMFT     = 0
	EntryMFTMirr = 1
	EntryLogFile = 2
	EntryVolume  = 3
	EntryAttrDef = 4
	EntryRoot    = 5
	EntryBitmap  = 6
	EntryBoot    = 7
	EntryBadClus = 8
	EntrySecure  = 9
	EntryUpCase  = 10
	EntryExtend  = 11
)

// firstUserEntry is the first entry that NTFS does not keep for itself.
const firstUserEntry = 24

// root is the reference of the root directory, the same on every volume.
var root = Ref{EntryRoot, EntryRoot}

const entryBits = 48

// ParseRef splits a file reference as it is stored: the entry in the low 48
// bits, the sequence number in the high 16.
func ParseRef(u uint64) Ref {
	return Ref{Entry: u & (1<<entryBits - 1), Seq: uint16(u >> entryBits)}
}

// ParseRefString parses what Ref.String returns, such as "68-2", and reports whether s is
// that.
func ParseRefString(s string) (Ref, bool) {
	entry, seq, ok := strings.Cut(s, "-")
	e, err1 := strconv.ParseUint(entry, 10, entryBits)
	q, err2 := strconv.ParseUint(seq, 10, 16)
	r := Ref{e, uint16(q)}
	return r, ok && err1 == nil && err2 == nil && r.String() == s
}

func refAt(b []byte, off int) Ref { return ParseRef(binary.LittleEndian.Uint64(b[off:])) }

// Uint64 returns r as it is stored.
func (r Ref) Uint64() uint64 { return r.Entry&(1<<entryBits-1) | uint64(r.Seq)<<entryBits }

// IsZero reports whether r refers to nothing, as the base reference of a base
// record does.
func (r Ref) IsZero() bool { return r == Ref{} }

// String returns the entry and the sequence number, as in "5-5".
func (r Ref) String() string {
	var buf [26]byte
	b := strconv.AppendUint(buf[:0], r.Entry, 10)
	b = append(b, '-')
	return string(strconv.AppendUint(b, uint64(r.Seq), 10))
}
