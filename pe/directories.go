package pe

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/internal/bin"
)

const (
	// IMAGE_EXPORT_DIRECTORY: the RVA of the DLL's name is at offset 12.
	exportDirectorySize = 40
	exportNameOffset    = 12

	// IMAGE_DEBUG_DIRECTORY:
	//
	//	offset 12  size 4  Type
	//	offset 16  size 4  SizeOfData, in bytes
	//	offset 20  size 4  AddressOfRawData, RVA
	//	offset 24  size 4  PointerToRawData, from the beginning of the file
	debugEntrySize = 28

	debugCodeView = 2  // IMAGE_DEBUG_TYPE_CODEVIEW
	debugRepro    = 16 // IMAGE_DEBUG_TYPE_REPRO

	maxDebugEntries = 64
	maxPath         = 4096 // bytes of a PDB path or an export name that are kept
)

// exportName returns the name of the DLL in the export directory.
func (img *image) exportName() (string, error) {
	dir := img.directory(exportDirectory)
	if dir.rva == 0 {
		return "", nil
	}
	b, _, err := img.bytes(dir.rva, exportDirectorySize, "export directory")
	if err != nil {
		return "", err
	}
	rva := binary.LittleEndian.Uint32(b[exportNameOffset:])
	if rva == 0 {
		return "", nil
	}
	return img.cstring(rva, maxPath, "export name")
}

// debug returns the path in the first CodeView record, and whether the linker
// marked the build as reproducible.
func (img *image) debug() (pdb string, reproducible bool, err error) {
	dir := img.directory(debugDirectory)
	if dir.rva == 0 || dir.size < debugEntrySize {
		return "", false, nil
	}
	n := min(int64(dir.size/debugEntrySize), maxDebugEntries)
	b, off, err := img.bytes(dir.rva, n*debugEntrySize, "debug directory")
	if err != nil {
		return "", false, err
	}
	for ; len(b) >= debugEntrySize; b, off = b[debugEntrySize:], off+debugEntrySize {
		switch binary.LittleEndian.Uint32(b[12:]) {
		case debugRepro:
			reproducible = true
		case debugCodeView:
			if pdb != "" {
				continue
			}
			size, pointer := binary.LittleEndian.Uint32(b[16:]), binary.LittleEndian.Uint32(b[24:])
			data, cause := bin.Slice(img.data, 0, uint64(pointer), uint64(size), "CodeView record")
			if cause != nil {
				err = cause
				continue
			}
			pdb = codeViewPath(data)
		}
	}
	return pdb, reproducible, err
}

// codeViewPath returns the path of the program database in a CodeView record:
//
//	PDB 7.0: "RSDS", GUID (16 bytes), age (4), path
//	PDB 2.0: "NB10", offset (4), time (4), age (4), path
//
// The path ends with a NUL and is UTF-8 in the first and ANSI in the second.
func codeViewPath(b []byte) string {
	header := 0
	if len(b) >= 4 {
		switch string(b[:4]) {
		case "RSDS":
			header = 24
		case "NB10":
			header = 16
		}
	}
	if header == 0 || len(b) < header {
		return ""
	}
	b = b[header:min(len(b), header+maxPath)]
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}
