package mft

import (
	"fmt"
	"strings"
)

// FileAttributes are the FILE_ATTRIBUTE_ flags of Windows, with two that only
// NTFS itself uses.
type FileAttributes uint32

// The file attributes.
const (
	FileReadOnly           FileAttributes = 0x00000001
	FileHidden             FileAttributes = 0x00000002
	FileSystem             FileAttributes = 0x00000004
	FileDirectory          FileAttributes = 0x00000010
	FileArchive            FileAttributes = 0x00000020
	FileDevice             FileAttributes = 0x00000040
	FileNormal             FileAttributes = 0x00000080
	FileTemporary          FileAttributes = 0x00000100
	FileSparse             FileAttributes = 0x00000200
	FileReparsePoint       FileAttributes = 0x00000400
	FileCompressed         FileAttributes = 0x00000800
	FileOffline            FileAttributes = 0x00001000
	FileNotContentIndexed  FileAttributes = 0x00002000
	FileEncrypted          FileAttributes = 0x00004000
	FileIntegrityStream    FileAttributes = 0x00008000
	FileVirtual            FileAttributes = 0x00010000
	FileNoScrubData        FileAttributes = 0x00020000
	FileRecallOnOpen       FileAttributes = 0x00040000
	FilePinned             FileAttributes = 0x00080000
	FileUnpinned           FileAttributes = 0x00100000
	FileRecallOnDataAccess FileAttributes = 0x00400000
	FileHasI30Index        FileAttributes = 0x10000000 // in $FILE_NAME: a directory
	FileHasViewIndex       FileAttributes = 0x20000000 // in $FILE_NAME: an index other than $I30
)

var fileAttributeNames = []struct {
	flag FileAttributes
	name string
}{
	{FileReadOnly, "ReadOnly"}, {FileHidden, "Hidden"}, {FileSystem, "System"},
	{FileDirectory, "Directory"}, {FileArchive, "Archive"}, {FileDevice, "Device"},
	{FileNormal, "Normal"}, {FileTemporary, "Temporary"}, {FileSparse, "SparseFile"},
	{FileReparsePoint, "ReparsePoint"}, {FileCompressed, "Compressed"}, {FileOffline, "Offline"},
	{FileNotContentIndexed, "NotContentIndexed"}, {FileEncrypted, "Encrypted"},
	{FileIntegrityStream, "IntegrityStream"}, {FileVirtual, "Virtual"}, {FileNoScrubData, "NoScrubData"},
	{FileRecallOnOpen, "RecallOnOpen"}, {FilePinned, "Pinned"}, {FileUnpinned, "Unpinned"},
	{FileRecallOnDataAccess, "RecallOnDataAccess"},
	{FileHasI30Index, "IsDirectory"}, {FileHasViewIndex, "IsIndexView"},
}

// String returns the names of the flags that are set, separated by "|", with the
// unnamed ones as a number, or "None" if no flag is set.
func (a FileAttributes) String() string {
	if a == 0 {
		return "None"
	}
	if a == FileArchive {
		return "Archive"
	}
	var names []string
	for _, n := range fileAttributeNames {
		if a&n.flag != 0 {
			names = append(names, n.name)
			a &^= n.flag
		}
	}
	if a != 0 {
		names = append(names, fmt.Sprintf("%#x", uint32(a)))
	}
	return strings.Join(names, "|")
}
