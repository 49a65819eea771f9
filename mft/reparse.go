package mft

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// The tags of reparse points that lead to another place ([MS-FSCC] 2.1.2).
const (
	ReparseMountPoint uint32 = 0xa0000003 // a junction or a mounted volume
	ReparseSymlink    uint32 = 0xa000000c
)

// A reparse point with one of these tags ([MS-FSCC] 2.1.2.4 and 2.1.2.5), in
// bytes from the beginning of the attribute's value:
//
//	0x00  4  tag
//	0x04  2  length of what follows the header of 8 bytes
//	0x08  2  offset of the substitute name from the beginning of the names
//	0x0a  2  its length in bytes
//	0x0c  2  offset of the name to show
//	0x0e  2  its length in bytes
//	0x10  4  flags; symbolic links only
//	…        names, UTF-16LE
const (
	mountPointNames = 0x10
	symlinkNames    = 0x14
)

// ReparseTarget returns the place that a junction, a mounted volume or a
// symbolic link leads to, as Windows stores it: "\??\C:\Users". It returns ""
// for any other file, and if the record does not hold the reparse point itself.
func (r *Record) ReparseTarget() string {
	if r.types.lacks(AttrReparsePoint) {
		return ""
	}
	for i := range r.Attributes {
		if a := &r.Attributes[i]; a.Type == AttrReparsePoint {
			return reparseTarget(a.Value)
		}
	}
	return ""
}

func reparseTarget(b []byte) string {
	if len(b) < mountPointNames {
		return ""
	}
	le := binary.LittleEndian
	names := mountPointNames
	switch le.Uint32(b) {
	case ReparseMountPoint:
	case ReparseSymlink:
		names = symlinkNames
	default:
		return ""
	}
	off, n := names+int(le.Uint16(b[0x08:])), int(le.Uint16(b[0x0a:]))
	if off > len(b) || n > len(b)-off {
		return ""
	}
	return wtf8.String(b[off : off+n])
}
