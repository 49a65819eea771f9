package petest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/birthmark-dfir/birthmark/pe"
)

// Image describes an executable. The zero value is a console program for AMD64
// that returns 0.
type Image struct {
	Machine   pe.Machine   // 0 = AMD64; I386 and ARMNT give a PE32, all others a PE32+
	Subsystem pe.Subsystem // 0 = WindowsCUI, or Native for a Driver
	DLL       bool
	Driver    bool
	LinkTime  time.Time // cut to seconds; the zero time gives 0

	Imports    []Import
	ExportName string         // name of the DLL; empty = no export directory
	PDBPath    string         // empty = no debug directory
	Version    pe.VersionInfo // Strings, or without them the named fields in U.S. English; empty = no resource

	Code    []byte // machine code; empty = return 0
	Padding int    // bytes that make the file larger, from a fixed pseudo-random sequence

	Signature Signature // without a Signer the image is not signed

	// Stuffed is machine code of a further section, with the entry point, whose bytes
	// are in the certificate table behind the signature: the loader maps it, and no
	// digest covers it. It needs a Signature.
	Stuffed []byte
}

// Import names the functions imported from one DLL.
type Import = pe.Import

const (
	fileAlign    = 0x200
	sectionAlign = 0x1000

	dosStubSize       = 0x80 // the NT headers follow
	fileHeaderOffset  = dosStubSize + 4
	optionalOffset    = fileHeaderOffset + 20
	checkSumInOption  = 64
	directories       = 16
	sectionHeaderSize = 40

	imageBase32 = 0x400000
	imageBase64 = 0x140000000
)

// The data directories written here.
const (
	dirExport      = 0
	dirImport      = 1
	dirResource    = 2
	dirCertificate = 4
	dirDebug       = 6
	dirIAT         = 12
)

// Section characteristics.
const (
	codeSection     = 0x60000020 // code, execute, read
	dataSection     = 0x40000040 // initialized data, read
	writableSection = 0xc0000040 // initialized data, read, write
)

// maxContents keeps every offset within 32 bits.
const maxContents = 1 << 30

// section is a part of the image that is mapped as one.
type section struct {
	name            string
	data            []byte
	characteristics uint32
	rva, offset     uint32
	stuffed         bool // its bytes are not where those of the others are
}

// directory is an entry of the data directories.
type directory struct{ rva, size uint32 }

// Bytes returns the file with its checksum set, signed if there is a signer.
func (i Image) Bytes() ([]byte, error) {
	if len(i.Stuffed) > 0 && i.Signature.Signer == nil {
		return nil, errors.New("petest: a stuffed section without a signature to hold it")
	}
	if i.Padding < 0 || i.Padding > maxContents || len(i.Code) > maxContents {
		return nil, fmt.Errorf("petest: code of %d bytes and padding of %d: want at most 1 GiB", len(i.Code), i.Padding)
	}
	l := layout{image: i}
	l.add(".text", codeSection, i.code())
	if err := l.addReadOnlyData(); err != nil {
		return nil, err
	}
	if i.Padding > 0 {
		fill := make([]byte, i.Padding)
		_, _ = rand.NewChaCha8([32]byte{}).Read(fill) // never fails
		l.add(".data", writableSection, fill)
	}
	if len(i.Version.Strings) > 0 || len(named(i.Version)) > 0 {
		resource, err := versionResource(i.Version)
		if err != nil {
			return nil, err
		}
		l.dirs[dirResource] = l.add(".rsrc", dataSection, resourceTree(resource, l.next()))
	}
	if len(i.Stuffed) > 0 {
		l.add(".stuffed", codeSection, i.Stuffed)
		l.sections[len(l.sections)-1].stuffed = true
	}
	file, err := l.file()
	if err != nil {
		return nil, err
	}
	if len(i.Stuffed) > 0 {
		return l.stuff(file)
	}
	if i.Signature.Signer != nil {
		return Sign(file, i.Signature)
	}
	setCheckSum(file)
	return file, nil
}

func (i Image) machine() pe.Machine {
	if i.Machine == 0 {
		return pe.AMD64
	}
	return i.Machine
}

func (i Image) pe32plus() bool { return i.machine() != pe.I386 && i.machine() != pe.ARMNT }

// code returns the program, or one that returns 0.
func (i Image) code() []byte {
	if len(i.Code) > 0 {
		return i.Code
	}
	switch i.machine() {
	case pe.ARM64:
		return []byte{0x00, 0x00, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6} // mov w0, #0; ret
	case pe.ARMNT:
		return []byte{0x00, 0x20, 0x70, 0x47} // movs r0, #0; bx lr
	}
	return []byte{0x31, 0xc0, 0xc3} // xor eax, eax; ret
}

// layout collects the sections and the places of the directories.
type layout struct {
	image    Image
	sections []section
	dirs     [directories]directory

	// debugOffset is the offset in the second section at which the debug
	// directory needs the place of its record in the file, which is known last;
	// 0 without a debug directory.
	debugOffset int
}

// next returns the address of the next section.
func (l *layout) next() uint32 {
	end := uint32(sectionAlign) // the headers
	for _, s := range l.sections {
		end = s.rva + align(uint32(len(s.data)), sectionAlign)
	}
	return end
}

// add appends a section and returns its place.
func (l *layout) add(name string, characteristics uint32, data []byte) directory {
	s := section{name: name, data: data, characteristics: characteristics, rva: l.next()}
	l.sections = append(l.sections, s)
	return directory{s.rva, uint32(len(data))}
}

// file writes the headers and the sections.
func (l *layout) file() ([]byte, error) {
	headers := align(uint32(optionalOffset+l.optionalSize()+sectionHeaderSize*len(l.sections)), fileAlign)
	end := headers
	for n := range l.sections {
		if l.sections[n].stuffed {
			continue // its place is known when the image is signed
		}
		l.sections[n].offset = end
		end += align(uint32(len(l.sections[n].data)), fileAlign)
	}
	if l.debugOffset > 0 {
		s := &l.sections[1]
		record := binary.LittleEndian.Uint32(s.data[l.debugOffset-4:]) // AddressOfRawData
		binary.LittleEndian.PutUint32(s.data[l.debugOffset:], record-s.rva+s.offset)
	}
	b := make([]byte, 0, end)
	b = append(b, "MZ"...)
	b = append(b, make([]byte, dosStubSize-2)...)
	binary.LittleEndian.PutUint32(b[0x3c:], dosStubSize) // e_lfanew
	copy(b[0x40:], "birthmark test image, not a program for DOS\r\n$")

	b = append(b, "PE\x00\x00"...)
	fileHeader, err := l.fileHeader()
	if err != nil {
		return nil, err
	}
	b = append(b, fileHeader...)
	b = l.appendOptionalHeader(b, headers)
	for _, s := range l.sections {
		name := make([]byte, 8)
		copy(name, s.name)
		b = append(b, name...)
		b = append32(b, uint32(len(s.data)), s.rva, align(uint32(len(s.data)), fileAlign), s.offset, 0, 0, 0, s.characteristics)
	}
	for _, s := range l.sections {
		if !s.stuffed {
			b = append(b, make([]byte, int(s.offset)-len(b))...)
			b = append(b, s.data...)
		}
	}
	return append(b, make([]byte, int(end)-len(b))...), nil
}

// fileHeader returns the IMAGE_FILE_HEADER.
func (l *layout) fileHeader() ([]byte, error) {
	const relocsStripped, executable, largeAddress, machine32, dll = 0x0001, 0x0002, 0x0020, 0x0100, 0x2000
	characteristics := uint16(executable)
	if l.image.DLL {
		characteristics |= dll
	} else {
		characteristics |= relocsStripped
	}
	if l.image.pe32plus() {
		characteristics |= largeAddress
	} else {
		characteristics |= machine32
	}
	var stamp uint32
	if t := l.image.LinkTime; !t.IsZero() {
		if t.Unix() <= 0 || t.Unix() > math.MaxUint32 {
			return nil, errors.New("petest: link time: want a time from 1970 to 2106")
		}
		stamp = uint32(t.Unix())
	}
	b := binary.LittleEndian.AppendUint16(nil, uint16(l.image.machine()))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(l.sections)))
	b = append32(b, stamp, 0, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(l.optionalSize()))
	return binary.LittleEndian.AppendUint16(b, characteristics), nil
}

func (l *layout) optionalSize() int {
	if l.image.pe32plus() {
		return 112 + 8*directories
	}
	return 96 + 8*directories
}

// appendOptionalHeader appends the IMAGE_OPTIONAL_HEADER.
func (l *layout) appendOptionalHeader(b []byte, headers uint32) []byte {
	plus := l.image.pe32plus()
	magic := uint16(0x10b)
	if plus {
		magic = 0x20b
	}
	subsystem := l.image.Subsystem
	if subsystem == 0 {
		if subsystem = pe.WindowsCUI; l.image.Driver {
			subsystem = pe.Native
		}
	}
	text := l.sections[0]
	entry := text.rva
	if last := l.sections[len(l.sections)-1]; last.stuffed {
		entry = last.rva
	}
	var data uint32
	for _, s := range l.sections[1:] {
		data += align(uint32(len(s.data)), fileAlign)
	}
	b = binary.LittleEndian.AppendUint16(b, magic)
	b = append(b, 14, 0) // linker version
	b = append32(b, align(uint32(len(text.data)), fileAlign), data, 0, entry, text.rva)
	if plus {
		b = binary.LittleEndian.AppendUint64(b, imageBase64)
	} else {
		b = append32(b, data, imageBase32) // the first is BaseOfData, which only PE32 has
		if len(l.sections) > 1 {
			binary.LittleEndian.PutUint32(b[len(b)-8:], l.sections[1].rva)
		}
	}
	b = append32(b, sectionAlign, fileAlign)
	for _, version := range []uint16{6, 0, 0, 0, 6, 0} { // operating system, image, subsystem
		b = binary.LittleEndian.AppendUint16(b, version)
	}
	b = append32(b, 0, l.next(), headers, 0) // Win32VersionValue, SizeOfImage, SizeOfHeaders, CheckSum
	const nxCompat, terminalServer = 0x0100, 0x8000
	b = binary.LittleEndian.AppendUint16(b, uint16(subsystem))
	b = binary.LittleEndian.AppendUint16(b, nxCompat|terminalServer)
	for _, size := range []uint64{1 << 20, 1 << 12, 1 << 20, 1 << 12} { // stack and heap: reserve, commit
		if plus {
			b = binary.LittleEndian.AppendUint64(b, size)
		} else {
			b = append32(b, uint32(size))
		}
	}
	b = append32(b, 0, directories) // LoaderFlags, NumberOfRvaAndSizes
	for _, d := range l.dirs {
		b = append32(b, d.rva, d.size)
	}
	return b
}

func align(n, to uint32) uint32 { return (n + to - 1) &^ (to - 1) }

func append32(b []byte, values ...uint32) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// setCheckSum computes the checksum of a file written here.
func setCheckSum(file []byte) {
	field := file[optionalHeader(file)+checkSumInOption:]
	binary.LittleEndian.PutUint32(field, 0)
	var sum uint32
	for n := 0; n < len(file); n += 2 {
		word := uint32(file[n])
		if n+1 < len(file) {
			word |= uint32(file[n+1]) << 8
		}
		sum += word
		sum = sum&0xffff + sum>>16
	}
	binary.LittleEndian.PutUint32(field, sum+uint32(len(file)))
}

// optionalHeader returns the offset of the optional header of a valid
// executable.
func optionalHeader(file []byte) int {
	return int(binary.LittleEndian.Uint32(file[0x3c:])) + 4 + 20
}

// Tampered returns a copy of an executable in which one byte of the DOS stub was
// changed: Authenticode and the checksum cover it, but no reader needs it.
func Tampered(file []byte) []byte {
	changed := append([]byte(nil), file...)
	if len(changed) > 0x40 {
		changed[0x40] ^= 1
	}
	return changed
}
