package mft

import (
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Namespace identifies the rules that a name follows.
type Namespace uint8

// The namespaces.
const (
	NamespacePOSIX    Namespace = 0 // case matters; any character but NUL and slash
	NamespaceWin32    Namespace = 1
	NamespaceDOS      Namespace = 2 // the 8.3 name of a file that also has a Win32 name
	NamespaceWin32DOS Namespace = 3 // a Win32 name that fits 8.3
)

var namespaceNames = [...]string{"Posix", "Windows", "Dos", "DosWindows"}

// String returns the namespace's name as MFTECmd prints it.
func (n Namespace) String() string {
	if int(n) < len(namespaceNames) {
		return namespaceNames[n]
	}
	return "Unknown"
}

// rank orders the namespaces by how well a name describes its file.
func (n Namespace) rank() int {
	switch n {
	case NamespaceWin32:
		return 0
	case NamespaceWin32DOS:
		return 1
	case NamespacePOSIX:
		return 2
	case NamespaceDOS:
		return 3
	}
	return 4
}

// FileName is a $FILE_NAME: a name, the directory that holds it, and what was
// known about the file when the name was last set. Only Windows itself writes
// its times.
type FileName struct {
	Parent   Ref // the directory
	Created  time.Time
	Modified time.Time // content last written
	Changed  time.Time // MFT entry last changed
	Accessed time.Time

	AllocatedSize uint64 // of the unnamed stream, in bytes; often out of date
	Size          uint64 // of the unnamed stream, in bytes; often out of date
	Attributes    FileAttributes
	ReparseTag    uint32 // or the size of the extended attributes
	Namespace     Namespace
	Name          string
	Offset        int64 // of the attribute, in bytes from the beginning of the $MFT
}

// $FILE_NAME, in bytes from the beginning of its value or of an index key:
//
//	0x00  8  file reference of the directory
//	0x08  8  created           (FILETIME, as the three that follow)
//	0x10  8  modified
//	0x18  8  MFT entry changed
//	0x20  8  accessed
//	0x28  8  allocated size of the unnamed stream
//	0x30  8  size of the unnamed stream
//	0x38  4  file attributes
//	0x3c  4  reparse tag, or size of the extended attributes
//	0x40  1  length of the name in UTF-16 units
//	0x41  1  namespace
//	0x42  …  name, UTF-16LE
const fileNameLen = 0x42

// ParseFileName decodes a $FILE_NAME: the value of the attribute, or the key of an entry in
// the index of a folder. Base becomes its Offset, and the offset of the error, which is a
// *FormatError.
func ParseFileName(b []byte, base int64) (FileName, error) {
	var fn FileName
	err := fn.decode(b, base)
	return fn, err
}

// decode reads the $FILE_NAME b at offset base.
func (fn *FileName) decode(b []byte, base int64) error {
	if len(b) < fileNameLen {
		return damage.Truncated("$FILE_NAME", base, fileNameLen, int64(len(b)))
	}
	n := 2 * int(b[0x40])
	if n > len(b)-fileNameLen {
		return damage.Truncated("name of $FILE_NAME", base+fileNameLen, int64(n), int64(len(b)-fileNameLen))
	}
	le := binary.LittleEndian
	*fn = FileName{
		Parent:        refAt(b, 0x00),
		Created:       timeAt(b, 0x08),
		Modified:      timeAt(b, 0x10),
		Changed:       timeAt(b, 0x18),
		Accessed:      timeAt(b, 0x20),
		AllocatedSize: le.Uint64(b[0x28:]),
		Size:          le.Uint64(b[0x30:]),
		Attributes:    FileAttributes(le.Uint32(b[0x38:])),
		ReparseTag:    le.Uint32(b[0x3c:]),
		Namespace:     Namespace(b[0x41]),
		Name:          wtf8.String(b[fileNameLen : fileNameLen+n]),
		Offset:        base,
	}
	return nil
}
