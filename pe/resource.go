package pe

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

const (
	rtVersion = 16 // RT_VERSION

	// IMAGE_RESOURCE_DIRECTORY: at offset 12 the number of named entries, at 14
	// the number of entries with an id, two bytes each; the entries follow.
	resourceDirectorySize = 16

	// IMAGE_RESOURCE_DIRECTORY_ENTRY: at offset 0 the id (bit 31: the offset of
	// a name), at offset 4 an offset from the beginning of the resource section
	// (bit 31: of a directory, otherwise of a data entry).
	resourceEntrySize = 8
	highBit           = 1 << 31

	// IMAGE_RESOURCE_DATA_ENTRY: at offset 0 the RVA of the data, at offset 4
	// its size in bytes.
	resourceDataSize = 16

	// Directories may be shared, so that a small tree can have many leaves.
	maxResourceEntries  = 1 << 16 // looked at in one file
	maxVersionResources = 64      // read in one file
)

// resources walks a resource tree of three levels: type, name, language.
type resources struct {
	img  *image
	tree []byte
	off  int64 // of tree in the file
	left int   // entries that may still be looked at
}

// version reads all version resources, of all languages.
func (img *image) version() (VersionInfo, error) {
	var v VersionInfo
	dir := img.directory(resourceDirectory)
	if dir.rva == 0 {
		return v, nil
	}
	tree, off, err := img.tail(dir.rva, "resource directory")
	if err != nil {
		return v, err
	}
	r := resources{img, tree, off, maxResourceEntries}
	left := maxVersionResources
	var failed error // the first damage; the other resources are still read
	keep := func(err error) {
		if failed == nil {
			failed = err
		}
	}
	keep(r.entries(0, func(id, types uint32) error {
		if id != rtVersion || types&highBit == 0 {
			return nil
		}
		return r.entries(types&^highBit, func(_, names uint32) error {
			if names&highBit == 0 {
				return nil
			}
			return r.entries(names&^highBit, func(_, leaf uint32) error {
				if left--; left < 0 {
					return limitError("version resources", off, maxVersionResources)
				}
				data, at, err := r.data(leaf)
				keep(err)
				if data != nil {
					keep(v.parse(data, at))
				}
				return nil
			})
		})
	}))
	return v, failed
}

// entries calls f with the id and the offset of each entry of a directory, and
// stops at the first error of f.
func (r *resources) entries(at uint32, f func(id, offset uint32) error) error {
	head, err := bin.Slice(r.tree, r.off, uint64(at), resourceDirectorySize, "resource directory")
	if err != nil {
		return err
	}
	n := uint64(binary.LittleEndian.Uint16(head[12:])) + uint64(binary.LittleEndian.Uint16(head[14:]))
	list, err := bin.Slice(r.tree, r.off, uint64(at)+resourceDirectorySize, n*resourceEntrySize, "resource entries")
	if err != nil {
		return err
	}
	for ; len(list) > 0; list = list[resourceEntrySize:] {
		if r.left--; r.left < 0 {
			return limitError("resource entries", r.off+int64(at), maxResourceEntries)
		}
		if err := f(binary.LittleEndian.Uint32(list), binary.LittleEndian.Uint32(list[4:])); err != nil {
			return err
		}
	}
	return nil
}

// data returns the bytes of a leaf and their file offset. If the leaf claims more than
// its section has, it returns an error with those that are there: what they hold has a
// size of its own.
func (r *resources) data(leaf uint32) ([]byte, int64, error) {
	b, err := bin.Slice(r.tree, r.off, uint64(leaf), resourceDataSize, "resource data entry")
	if err != nil {
		return nil, 0, err
	}
	tail, off, err := r.img.tail(binary.LittleEndian.Uint32(b), "resource data")
	if err != nil {
		return nil, 0, err
	}
	size := int64(binary.LittleEndian.Uint32(b[4:]))
	if size > int64(len(tail)) {
		return tail, off, damage.Truncated("resource data", off, size, int64(len(tail)))
	}
	return tail[:size], off, nil
}
