package mft

import "time"

// Namespace says which rules a name follows.
type Namespace uint8

// The namespaces.
const (
	NamespacePOSIX    Namespace = 0 // case matters, all characters but NUL and slash
	NamespaceWin32    Namespace = 1
	NamespaceDOS      Namespace = 2 // the 8.3 name of a file that has a Win32 name too
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

// FileName is a $FILE_NAME: a name, the directory it stands in, and what was
// known about the file when the name was last set. Its times are written by
// Windows alone.
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
