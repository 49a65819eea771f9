package registry

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// A key node (specification: "Key node"). Offsets and sizes in bytes; volatile
// subkeys exist in memory only, so their fields mean nothing in a file:
//
//	 0  2  signature "nk"
//	 2  2  KeyFlags
//	 4  8  last written, FILETIME
//	16  4  cell offset of the parent's key node
//	20  4  number of subkeys
//	28  4  cell offset of the list of subkeys (li, lf, lh, ri)
//	36  4  number of values
//	40  4  cell offset of the list of values
//	44  4  cell offset of the security descriptor (sk)
//	48  4  cell offset of the class name
//	72  2  size of the name
//	74  2  size of the class name
//	76  …  name: Latin-1 if the flag KeyCompressedName is set, else UTF-16LE
const (
	nodeFlags         = 2
	nodeLastWrite     = 4
	nodeParent        = 16
	nodeSubkeyCount   = 20
	nodeSubkeyList    = 28
	nodeValueCount    = 36
	nodeValueList     = 40
	nodeSecurity      = 44
	nodeClass         = 48
	nodeNameSize      = 72
	nodeClassNameSize = 74
	nodeName          = 76

	maxNameSize = 512 // of a key, in bytes; Windows allows 255 characters
)

// KeyFlags are the flags of a key node.
type KeyFlags uint16

// The flags of a key node.
const (
	KeyVolatile         KeyFlags = 1 << iota // exists in memory only
	KeyMountPoint                            // another hive is mounted here
	KeyRoot                                  // root of this hive
	KeyNoDelete                              // cannot be deleted
	KeySymbolicLink                          // see Key.LinkTarget
	KeyCompressedName                        // the name is in Latin-1
	KeyPredefinedHandle                      // a predefined handle, such as HKEY_PERFORMANCE_DATA
	KeyVirtualSource                         // was virtualized
	KeyVirtualTarget                         // holds what was virtualized
	KeyVirtualStore                          // part of a virtual store
)

// flagsOf returns the flags of a key node.
func flagsOf(node []byte) KeyFlags { return KeyFlags(binary.LittleEndian.Uint16(node[nodeFlags:])) }

// node reads the key node that to refers to.
func (r *Reader) node(to ref) ([]byte, int64, error) {
	b, at, err := r.structure(to, "key node", "nk", nodeName)
	if err != nil {
		return nil, 0, err
	}
	switch n := int(binary.LittleEndian.Uint16(b[nodeNameSize:])); {
	case n > maxNameSize:
		return nil, 0, damage.New("key name size", at+nodeNameSize, n, fmt.Sprintf("≤ %d", maxNameSize))
	case n > len(b)-nodeName:
		return nil, 0, damage.Truncated("key name", at+nodeName, int64(n), int64(len(b)-nodeName))
	}
	return b, at, nil
}

// findRoot returns the cell of the root key: the one that the base block names,
// else the first key node that is marked as the root.
func (r *Reader) findRoot() (uint32, error) {
	r.header = 8
	named := ref{36, 0, r.base.root}
	if b, _, err := r.node(named); err == nil && b[nodeFlags]&byte(KeyRoot) != 0 {
		return named.cell, nil // format 1.1
	}
	r.header = 4
	_, _, err := r.node(named)
	if err == nil {
		return named.cell, nil
	}
	for at := uint64(binHeaderSize); at < uint64(len(r.binEnd))*pageSize; {
		if at%pageSize == 0 && at/pageSize > 0 && uint32(at) == r.binEnd[at/pageSize-1] {
			at += binHeaderSize
			continue
		}
		to := ref{-1, -1, uint32(at)}
		if b, _, err := r.node(to); err == nil && b[nodeFlags]&byte(KeyRoot) != 0 {
			return to.cell, nil
		}
		at += r.span(uint32(at))
	}
	return 0, err
}

// span returns the distance from the cell at a cell offset to the next cell:
// the cell's size if it is plausible, else the least size.
func (c *cells) span(at uint32) uint64 {
	room := int64(c.binEnd[at/pageSize]) - int64(at)
	if room < 8 {
		return 8
	}
	size := int64(int32(binary.LittleEndian.Uint32(c.data[fileOffset(at):])))
	if size < 0 {
		size = -size
	}
	if size < 8 || size%8 != 0 || size > room {
		return 8
	}
	return uint64(size)
}

// decodeName decodes the name of a key or a value.
func decodeName(b []byte, compressed bool) string {
	if !compressed {
		return wtf8.String(b)
	}
	if isASCII(b) {
		return string(b)
	}
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c)) // Latin-1 is the beginning of Unicode
	}
	return s.String()
}

func isASCII(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
