package pe

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// VersionInfo holds the strings of the version resource. The named fields are from
// the first language that has them.
type VersionInfo struct {
	CompanyName      string
	FileDescription  string
	FileVersion      string
	InternalName     string
	LegalCopyright   string
	OriginalFilename string
	ProductName      string
	ProductVersion   string

	// FixedFileVersion and FixedProductVersion are the binary versions of
	// VS_FIXEDFILEINFO as "major.minor.build.revision", or empty if the resource
	// has none.
	FixedFileVersion, FixedProductVersion string

	Strings []StringPair // all strings of all languages, in the order of the file
}

// StringPair is one string of a version resource.
type StringPair struct {
	Lang  string // language and code page, eight hexadecimal digits: "040904b0"
	Name  string
	Value string
}

// Get returns the string of that name: the named field or, for any other name, the
// first of Strings. It returns "" if the resource has no such string.
func (v *VersionInfo) Get(name string) string {
	if field := v.field(name); field != nil {
		return *field
	}
	for _, s := range v.Strings {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}

// field returns the named field for the name of a string, or nil for a name
// without a field.
func (v *VersionInfo) field(name string) *string {
	switch name {
	case "CompanyName":
		return &v.CompanyName
	case "FileDescription":
		return &v.FileDescription
	case "FileVersion":
		return &v.FileVersion
	case "InternalName":
		return &v.InternalName
	case "LegalCopyright":
		return &v.LegalCopyright
	case "OriginalFilename":
		return &v.OriginalFilename
	case "ProductName":
		return &v.ProductName
	case "ProductVersion":
		return &v.ProductVersion
	}
	return nil
}

// VS_VERSIONINFO is a tree of blocks, each aligned to 32 bits:
//
//	offset 0  size 2  wLength, of the block with its children, in bytes
//	offset 2  size 2  wValueLength, in bytes or, for text, in UTF-16 units
//	offset 4  size 2  wType, 1 = text
//	offset 6          szKey, UTF-16 with a NUL; then to 32 bits
//	                  the value; then to 32 bits
//	                  the children
//
// Its root holds a VS_FIXEDFILEINFO and the children StringFileInfo (with a
// StringTable for each language, with a String for each pair) and VarFileInfo.
const (
	versionBlockHeader = 6
	fixedFileInfoSize  = 52
	fixedSignature     = 0xfeef04bd

	maxVersionStrings = 1 << 12 // of one file
)

// versionBlock is one block of the tree.
type versionBlock struct {
	key      string
	valueLen int
	rest     []byte // from the value to the end of the block
	off      int64  // of rest
	long     error  // set if the claimed length goes beyond the parent; the block then ends with it
}

// nextBlock reads the first block of b, whose offset off is on a 32-bit boundary.
func nextBlock(b []byte, off int64) (block versionBlock, next []byte, nextOff int64, err error) {
	c := bin.NewCursor(b, off)
	length, valueLen := int(c.U16("version block")), int(c.U16("version block"))
	if err := c.Err(); err != nil {
		return block, nil, 0, err
	}
	if length < versionBlockHeader+2 || length > len(b) {
		err = damage.New("version block length", off, length, fmt.Sprintf("%d to %d", versionBlockHeader+2, len(b)))
		if len(b) < length {
			length, block.long, err = len(b), err, nil
		}
		if err != nil || len(b) < versionBlockHeader+2 {
			return block, nil, 0, cmp.Or(err, block.long)
		}
	}
	body := b[versionBlockHeader:length]
	key := wtf8.Trim(body)
	block.key, block.valueLen = wtf8.String(key), valueLen
	block.rest, block.off = aligned(b[:length], off, versionBlockHeader+len(key)+2)
	next, nextOff = aligned(b, off, length)
	return block, next, nextOff, nil
}

// aligned returns the rest of b from n on, rounded up to 32 bits, and its offset.
func aligned(b []byte, off int64, n int) ([]byte, int64) {
	n = min((n+3)&^3, len(b))
	return b[n:], off + int64(n)
}

// parse adds the content of a VS_VERSIONINFO.
func (v *VersionInfo) parse(b []byte, off int64) error {
	root, _, _, err := nextBlock(b, off)
	if err != nil {
		return err
	}
	if root.key != "VS_VERSION_INFO" {
		return damage.New("version resource", off, fmt.Sprintf("%q", root.key), "VS_VERSION_INFO")
	}
	if f := root.rest; root.valueLen >= fixedFileInfoSize && len(f) >= fixedFileInfoSize &&
		binary.LittleEndian.Uint32(f) == fixedSignature && v.FixedFileVersion == "" {
		v.FixedFileVersion = fixedVersion(f[8:])
		v.FixedProductVersion = fixedVersion(f[16:])
	}
	children, off := aligned(root.rest, root.off, root.valueLen)
	return errors.Join(root.long, eachBlock(children, off, func(info versionBlock) error {
		if info.key != "StringFileInfo" {
			return nil
		}
		return eachBlock(info.rest, info.off, func(table versionBlock) error {
			if table.key == "VarFileInfo" {
				return nil // a sibling that info reaches into
			}
			return eachBlock(table.rest, table.off, func(s versionBlock) error {
				if len(v.Strings) == maxVersionStrings {
					return limitError("version strings", s.off, maxVersionStrings)
				}
				// Tools disagree on the unit of wValueLength, but the NUL is
				// certain.
				v.add(StringPair{table.key, s.key, wtf8.String(wtf8.Trim(s.rest))})
				return nil
			})
		})
	}))
}

// eachBlock calls f for the blocks that fill b. It stops at the first block that
// cannot be read, or for which f fails. A block that is too long does not stop it:
// it was the last one in any case.
func eachBlock(b []byte, off int64, f func(versionBlock) error) error {
	for len(b) >= versionBlockHeader {
		if allZero(b) {
			return nil // padding
		}
		block, next, nextOff, err := nextBlock(b, off)
		if err != nil {
			return err
		}
		if err := f(block); err != nil || block.long != nil {
			return errors.Join(block.long, err)
		}
		b, off = next, nextOff
	}
	return nil
}

func (v *VersionInfo) add(p StringPair) {
	if field := v.field(p.Name); field != nil && *field == "" {
		// No earlier language has set it.
		if !slices.ContainsFunc(v.Strings, func(q StringPair) bool { return q.Name == p.Name }) {
			*field = p.Value
		}
	}
	v.Strings = append(v.Strings, p)
}

// fixedVersion formats the most and the least significant 32 bits of a version.
func fixedVersion(b []byte) string {
	ms, ls := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	return fmt.Sprintf("%d.%d.%d.%d", ms>>16, ms&0xffff, ls>>16, ls&0xffff)
}
