package petest

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// blob is a piece of a section at a known address, written from its beginning
// on.
type blob struct {
	data []byte
	rva  uint32
}

// here returns the address of the next byte.
func (b *blob) here() uint32 { return b.rva + uint32(len(b.data)) }

// pad fills up to a multiple of n.
func (b *blob) pad(n uint32) { b.data = append(b.data, make([]byte, align(b.here(), n)-b.here())...) }

// put overwrites four reserved bytes with v.
func (b *blob) put(at int, v uint32) { binary.LittleEndian.PutUint32(b.data[at:], v) }

// cstring appends s with a NUL and returns its address.
func (b *blob) cstring(s string) uint32 {
	at := b.here()
	b.data = append(append(b.data, s...), 0)
	return at
}

// reserve appends n zero bytes and returns their index in data.
func (b *blob) reserve(n int) int {
	at := len(b.data)
	b.data = append(b.data, make([]byte, n)...)
	return at
}

// addReadOnlyData writes imports, the export name and the path of the program
// database into a separate section.
func (l *layout) addReadOnlyData() error {
	b := blob{rva: l.next()}
	if len(l.image.Imports) > 0 {
		if err := l.writeImports(&b); err != nil {
			return err
		}
	}
	if l.image.ExportName != "" {
		l.writeExportName(&b)
	}
	if l.image.PDBPath != "" {
		l.writeDebug(&b)
	}
	if len(b.data) > 0 {
		l.add(".rdata", writableSection, b.data)
	}
	return nil
}

// writeImports writes the import directory, its lookup and address tables and
// the names.
func (l *layout) writeImports(b *blob) error {
	const descriptorSize = 20
	width := 4
	if l.image.pe32plus() {
		width = 8
	}
	start := b.here()
	descriptors := b.reserve(descriptorSize * (len(l.image.Imports) + 1))
	l.dirs[dirImport] = directory{start, uint32(len(b.data) - descriptors)}

	for n, imp := range l.image.Imports {
		entries := make([]uint64, len(imp.Functions), len(imp.Functions)+1)
		for f, name := range imp.Functions {
			if ordinal, ok := strings.CutPrefix(name, "#"); ok {
				v, err := strconv.ParseUint(ordinal, 10, 16)
				if err != nil {
					return fmt.Errorf("petest: import %s: %w", name, err)
				}
				entries[f] = v | 1<<(8*width-1)
				continue
			}
			b.pad(2)
			entries[f] = uint64(b.here())
			b.reserve(2) // the hint
			b.cstring(name)
		}
		dll := b.cstring(imp.DLL)
		entries = append(entries, 0)
		lookup := b.table(entries, width)
		address := b.table(entries, width)
		at := descriptors + descriptorSize*n
		b.put(at, lookup)
		b.put(at+12, dll)
		b.put(at+16, address)
		if n == 0 {
			l.dirs[dirIAT] = directory{address, uint32(len(entries) * width)}
		}
	}
	return nil
}

// table appends numbers of a width in bytes and returns their address.
func (b *blob) table(numbers []uint64, width int) uint32 {
	b.pad(uint32(width))
	at := b.here()
	for _, n := range numbers {
		b.data = append(b.data, binary.LittleEndian.AppendUint64(nil, n)[:width]...)
	}
	return at
}

// writeExportName writes an export directory without functions.
func (l *layout) writeExportName(b *blob) {
	b.pad(4)
	const size = 40
	at := b.reserve(size)
	l.dirs[dirExport] = directory{b.rva + uint32(at), size}
	b.put(at+12, b.cstring(l.image.ExportName))
	b.put(at+16, 1) // Base
}

// writeDebug writes a debug directory with one CodeView record.
func (l *layout) writeDebug(b *blob) {
	b.pad(4)
	const size, codeView = 28, 2
	at := b.reserve(size)
	l.dirs[dirDebug] = directory{b.rva + uint32(at), size}
	record := b.here()
	id := sha256.Sum256([]byte(l.image.PDBPath))
	b.data = append(b.data, "RSDS"...)
	b.data = append(b.data, id[:16]...)
	b.data = append32(b.data, 1) // age
	b.cstring(l.image.PDBPath)
	if t := l.image.LinkTime; !t.IsZero() {
		b.put(at+4, uint32(t.Unix()))
	}
	b.put(at+12, codeView)
	b.put(at+16, b.here()-record)
	b.put(at+20, record)
	l.debugOffset = at + 24
}
