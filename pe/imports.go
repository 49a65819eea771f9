package pe

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	saferwall "github.com/saferwall/pe"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Import is what an image imports from one DLL.
type Import struct {
	DLL       string   // as written in the file
	Functions []string // names as written; "#12" is the ordinal 12
}

const (
	// IMAGE_IMPORT_DESCRIPTOR; all fields are 32-bit RVAs or numbers:
	//
	//	offset 0   OriginalFirstThunk, the import lookup table
	//	offset 4   TimeDateStamp
	//	offset 8   ForwarderChain
	//	offset 12  Name, of the DLL
	//	offset 16  FirstThunk, the import address table
	importDescriptorSize = 20

	maxImportName = 512     // in bytes, of a DLL or a function; other tools have the same limit
	maxImports    = 1 << 16 // functions of one file: descriptors may share a table
)

// imports reads the import directory.
func (img *image) imports() ([]Import, error) {
	dir := img.directory(importDirectory)
	if dir.rva == 0 {
		return nil, nil
	}
	descriptors, off, err := img.tail(dir.rva, "import directory")
	if err != nil {
		return nil, err
	}
	var all []Import
	budget := maxImports
	for ; ; descriptors, off = descriptors[importDescriptorSize:], off+importDescriptorSize {
		if len(descriptors) < importDescriptorSize {
			return all, damage.Truncated("import descriptor", off, importDescriptorSize, int64(len(descriptors)))
		}
		d := descriptors[:importDescriptorSize]
		if allZero(d) {
			return all, nil
		}
		if budget--; budget < 0 {
			return all, limitError("imported functions", off, maxImports)
		}
		dll, err := img.cstring(binary.LittleEndian.Uint32(d[12:]), maxImportName, "imported DLL's name")
		if err != nil {
			return all, err
		}
		functions, err := img.importedFunctions(binary.LittleEndian.Uint32(d), binary.LittleEndian.Uint32(d[16:]), &budget)
		if len(functions) > 0 {
			all = append(all, Import{dll, functions})
		}
		if err != nil {
			return all, err
		}
	}
}

// importedFunctions reads one import lookup table or, if that is not usable,
// the import address table.
func (img *image) importedFunctions(lookup, address uint32, budget *int) ([]string, error) {
	width := 4
	if img.pe32plus {
		width = 8
	}
	var table []byte
	var off int64
	var err error
	for _, rva := range []uint32{lookup, address} {
		if rva == 0 {
			continue
		}
		table, off, err = img.tail(rva, "import lookup table")
		if err == nil && len(table) >= width && !allZero(table[:width]) {
			break
		}
		table = nil
	}
	var functions []string
	for ; ; table, off = table[width:], off+int64(width) {
		if len(table) < width || allZero(table[:width]) {
			return functions, nil
		}
		if *budget--; *budget < 0 {
			return functions, limitError("imported functions", off, maxImports)
		}
		entry := uint64(binary.LittleEndian.Uint32(table))
		byOrdinal := entry>>31 != 0
		if img.pe32plus {
			entry = binary.LittleEndian.Uint64(table)
			byOrdinal = entry>>63 != 0
		}
		if byOrdinal {
			functions = append(functions, "#"+strconv.Itoa(int(entry&0xffff)))
			continue
		}
		const hint = 2 // a 16-bit hint precedes the name
		name, err := img.cstring(uint32(entry)+hint, maxImportName, "imported function's name")
		if err != nil {
			return functions, err
		}
		if name != "" && isFunctionName(name) {
			functions = append(functions, name)
		}
	}
}

// isFunctionName reports whether other tools accept s as a name. They skip the
// rest, so that hostile entries do not change the import hash.
func isFunctionName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("._?@$()<>", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// impHash returns the MD5 of "dll.function,dll.function,…" in lower case. The
// extensions ocx, sys and dll are dropped, and the ordinals of a few old
// libraries become names.
func impHash(imports []Import) string {
	if len(imports) == 0 {
		return ""
	}
	h := md5.New()
	sep := ""
	for _, imp := range imports {
		dll := strings.ToLower(imp.DLL)
		name := dll
		for _, ext := range []string{".ocx", ".sys", ".dll"} {
			if stem, ok := strings.CutSuffix(dll, ext); ok {
				name = stem
				break
			}
		}
		for _, function := range imp.Functions {
			if ordinal, ok := strings.CutPrefix(function, "#"); ok {
				n, _ := strconv.ParseUint(ordinal, 10, 16)
				function = saferwall.OrdLookup(dll, n, true)
			}
			fmt.Fprint(h, sep, name, ".", strings.ToLower(function))
			sep = ","
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func allZero(b []byte) bool { return len(bytes.TrimLeft(b, "\x00")) == 0 }
