package mft

import (
	"encoding/binary"
	"strings"

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

// Others that name a file. What has no specification is what Windows 10 writes.
const (
	reparseAppExec   uint32 = 0x8000001b // an alias of a program of the Store
	reparseContainer uint32 = 0x80000018 // a file of a lower layer of a Windows container
	reparseLinux     uint32 = 0xa000001d // a symbolic link of WSL
)

// ReparseTarget returns the place that a junction, a mounted volume or a
// symbolic link leads to, as Windows stores it: "\??\C:\Users"; the program that an alias of
// the Store starts; the layer of a Windows container and the path in it, "{GUID}\Files\a.dll";
// and the target of a symbolic link of WSL, as Linux writes it. It returns ""
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

// isLink reports whether Windows follows a reparse point when it opens a path.
func isLink(tag uint32) bool { return tag == ReparseMountPoint || tag == ReparseSymlink }

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
	case reparseAppExec:
		return appExecTarget(b)
	case reparseContainer:
		return containerTarget(b)
	case reparseLinux:
		end := min(len(b), reparseHeader+int(le.Uint16(b[4:])))
		return strings.ToValidUTF8(string(b[min(0x0c, end):end]), "\ufffd")
	default:
		return ""
	}
	off, n := names+int(le.Uint16(b[0x08:])), int(le.Uint16(b[0x0a:]))
	if off > len(b) || n > len(b)-off {
		return ""
	}
	return wtf8.String(b[off : off+n])
}

// appExecTarget returns the program of an alias:
//
//	0x08  4  version, 3
//	0x0c  …  the package, the app and its program, UTF-16LE, each ended by NUL
func appExecTarget(b []byte) string {
	const program = 2
	for i, at := 0, 0x0c; ; i++ {
		end := at
		for ; end+2 <= len(b) && (b[end] != 0 || b[end+1] != 0); end += 2 {
		}
		switch {
		case end+2 > len(b):
			return ""
		case i == program:
			return wtf8.String(b[at:end])
		}
		at = end + 2
	}
}

// containerTarget returns a path in a layer:
//
//	0x08  4  version, 1
//	0x10 16  identifier of the layer
//	0x20  2  length of the path in bytes
//	0x22  …  the path, UTF-16LE
func containerTarget(b []byte) string {
	if len(b) < 0x22 || int(binary.LittleEndian.Uint16(b[0x20:])) > len(b)-0x22 {
		return ""
	}
	layer := GUID(b[0x10:0x20])
	return "{" + layer.String() + `}\` + wtf8.String(b[0x22:0x22+int(binary.LittleEndian.Uint16(b[0x20:]))])
}
