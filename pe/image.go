package pe

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"

	saferwall "github.com/saferwall/pe"
	"github.com/saferwall/pe/log"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// The data directories read here (IMAGE_DIRECTORY_ENTRY_*).
const (
	exportDirectory      = 0
	importDirectory      = 1
	resourceDirectory    = 2
	certificateDirectory = 4 // its VirtualAddress is a file offset
	debugDirectory       = 6
)

const (
	dosHeaderSize     = 64
	fileHeaderSize    = 20
	sectionHeaderSize = 40
	maxRichHeader     = 64 << 10 // larger DOS stubs are not searched for a Rich header

	// Offsets in bytes from the beginning of the optional header, the same in
	// PE32 and PE32+.
	optCheckSum = 64

	imageFileDLL = 0x2000 // IMAGE_FILE_DLL among the Characteristics
)

// image is the mapped view of an executable: its headers, and the mapping of
// addresses relative to the image base (RVA) to the bytes of the file.
type image struct {
	data     []byte // the file, or its beginning if it is larger than the limit
	fileSize int64

	machine         uint16
	characteristics uint16
	timeDateStamp   uint32
	pe32plus        bool
	subsystem       uint16
	checkSum        uint32
	checkSumOffset  int64 // of the CheckSum field
	dirOffset       int64 // of the first data directory
	dirs            []directory

	entryPoint uint32 // RVA; 0 if there is none
	headersEnd int64  // of the section table, which is the last of the headers

	sections []section // ascending by virtual address
	richHash string
}

// parsed reports whether the headers were read up to the optional header.
func (img *image) parsed() bool { return img.checkSumOffset != 0 }

// directory is an IMAGE_DATA_DIRECTORY.
type directory struct{ rva, size uint32 }

// section is the extent of a section in the file and in memory.
type section struct {
	name             string
	rva, virtualSize uint32
	offset, rawSize  uint32 // in the file, rounded as the loader does
	stated           uint32 // SizeOfRawData, which is not rounded
}

// contains reports whether rva is in the section as mapped.
func (s *section) contains(rva uint32) bool {
	return rva >= s.rva && uint64(rva) < uint64(s.rva)+uint64(max(s.virtualSize, s.rawSize))
}

// checkSignatures distinguishes an executable from other files. It reads only
// two small pieces of the file.
func checkSignatures(r io.ReaderAt, size int64) error {
	dos, err := bin.ReadAt(r, size, 0, min(size, dosHeaderSize), "DOS header")
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(dos, []byte("MZ")) {
		return &damage.Error{What: "DOS signature", Got: fmt.Sprintf("%q", dos[:min(len(dos), 2)]), Want: `"MZ"`, Err: ErrNotExecutable}
	}
	c := bin.NewCursor(dos, 0)
	c.Seek("e_lfanew", dosHeaderSize-4)
	ntHeader := int64(c.U32("e_lfanew"))
	if err := c.Err(); err != nil {
		return err
	}
	sig, err := bin.ReadAt(r, size, ntHeader, 4, "PE signature")
	if err == nil && string(sig) != "PE\x00\x00" {
		err = damage.New("PE signature", ntHeader, fmt.Sprintf("%q", sig), `"PE\x00\x00"`)
	}
	return err
}

// parseHeaders reads the headers and the section table. After an error img holds
// what could be read.
func (img *image) parseHeaders() error {
	f, err := saferwall.NewBytes(img.data, &saferwall.Options{Fast: true, Logger: silent{}})
	if err != nil {
		return err
	}
	// The engine's steps one by one: its Parse also reads the COFF symbols,
	// whose memory is not in proportion to the file.
	dos := step("DOS header", 0, f.ParseDOSHeader)
	if dos != nil {
		return dos
	}
	ntHeader := int64(f.DOSHeader.AddressOfNewEXEHeader)
	nt := step("NT headers", ntHeader, f.ParseNTHeader)
	if f.NtHeader.OptionalHeader == nil {
		return nt
	}
	img.takeHeaders(f, ntHeader)
	stated := int(f.NtHeader.FileHeader.NumberOfSections)
	table := ntHeader + 4 + fileHeaderSize + int64(f.NtHeader.FileHeader.SizeOfOptionalHeader)
	sections := step("section table", table, f.ParseSectionHeader)
	unaligned := img.takeSections(f)
	img.headersEnd = table + int64(len(img.sections))*sectionHeaderSize
	if sections == nil && len(img.sections) < stated { // the engine stops at a section that no loader would accept
		sections = damage.New("section table", table, fmt.Sprintf("%d usable sections", len(img.sections)), stated)
	}
	var rich error
	if ntHeader <= maxRichHeader {
		rich = step("Rich header", dosHeaderSize, f.ParseRichHeader)
		img.richHash = f.RichHeaderHash()
	}
	return errors.Join(nt, sections, unaligned, rich)
}

// step runs a step of the engine; its panics become errors.
func step(what string, offset int64, parse func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &damage.Error{What: what, Offset: offset, Err: fmt.Errorf("the parser panicked: %v", r)}
		}
	}()
	if cause := parse(); cause != nil {
		return &damage.Error{What: what, Offset: offset, Err: cause}
	}
	return nil
}

func (img *image) takeHeaders(f *saferwall.File, ntHeader int64) {
	img.machine = uint16(f.NtHeader.FileHeader.Machine)
	img.characteristics = uint16(f.NtHeader.FileHeader.Characteristics)
	img.timeDateStamp = f.NtHeader.FileHeader.TimeDateStamp
	optional := ntHeader + 4 + fileHeaderSize
	img.checkSumOffset = optional + optCheckSum
	var dirs []saferwall.DataDirectory
	var stated uint32
	switch h := f.NtHeader.OptionalHeader.(type) {
	case saferwall.ImageOptionalHeader32:
		img.subsystem, img.checkSum, img.entryPoint = uint16(h.Subsystem), h.CheckSum, h.AddressOfEntryPoint
		img.dirOffset = optional + 96
		dirs, stated = h.DataDirectory[:], h.NumberOfRvaAndSizes
	case saferwall.ImageOptionalHeader64:
		img.pe32plus = true
		img.subsystem, img.checkSum, img.entryPoint = uint16(h.Subsystem), h.CheckSum, h.AddressOfEntryPoint
		img.dirOffset = optional + 112
		dirs, stated = h.DataDirectory[:], h.NumberOfRvaAndSizes
	}
	for _, d := range dirs[:min(uint64(stated), uint64(len(dirs)))] {
		img.dirs = append(img.dirs, directory{d.VirtualAddress, d.Size})
	}
}

// takeSections returns an error for each section with a size that no linker writes.
func (img *image) takeSections(f *saferwall.File) error {
	var fileAlign, sectionAlign uint32
	switch h := f.NtHeader.OptionalHeader.(type) {
	case saferwall.ImageOptionalHeader32:
		fileAlign, sectionAlign = h.FileAlignment, h.SectionAlignment
	case saferwall.ImageOptionalHeader64:
		fileAlign, sectionAlign = h.FileAlignment, h.SectionAlignment
	}
	const page, sector = 0x1000, 0x200
	var unaligned []error
	for _, listed := range f.Sections {
		h := listed.Header
		s := section{name: sectionName(h.Name), virtualSize: h.VirtualSize, offset: h.PointerToRawData, rawSize: h.SizeOfRawData, stated: h.SizeOfRawData}
		// The loader reads whole sectors and maps whole pages, unless the image
		// has a lower alignment: then it maps the file as it is.
		if fileAlign >= sector {
			s.offset &^= sector - 1
			if whole := (uint64(s.stated) + sector - 1) &^ (sector - 1); whole != uint64(s.stated) {
				there := max(img.fileSize-int64(s.offset), int64(s.stated))
				s.rawSize = uint32(min(whole, uint64(there), math.MaxUint32))
				unaligned = append(unaligned, damage.New(fmt.Sprintf("SizeOfRawData of the section %q", s.name), int64(s.offset),
					fmt.Sprintf("%#x", s.stated), fmt.Sprintf("a multiple of %#x", sector)))
			}
		}
		if sectionAlign >= page {
			h.VirtualAddress &^= page - 1
		}
		s.rva = h.VirtualAddress
		img.sections = append(img.sections, s)
	}
	sort.SliceStable(img.sections, func(i, j int) bool { return img.sections[i].rva < img.sections[j].rva })
	return errors.Join(unaligned...)
}

// sectionName returns the name in a section header, which NULs fill up.
func sectionName(name [8]uint8) string { return string(bytes.TrimRight(name[:], "\x00")) }

// truncated returns an error for the first section that the file does not hold
// as a whole.
func (img *image) truncated() error {
	for _, s := range img.sections {
		if end := int64(s.offset) + int64(s.stated); s.stated > 0 && end > img.fileSize {
			return damage.Truncated("section data", int64(s.offset), int64(s.stated), img.fileSize-int64(s.offset))
		}
	}
	return nil
}

// directory returns a data directory, or the zero value if the image does not
// have it.
func (img *image) directory(i int) directory {
	if i < len(img.dirs) {
		return img.dirs[i]
	}
	return directory{}
}

var errNotMapped = errors.New("the address is outside all sections")

// offset returns the file offset of the byte at rva, and how many bytes follow
// it in the same section.
func (img *image) offset(rva uint32, what string) (off, n int64, err error) {
	i := sort.Search(len(img.sections), func(i int) bool { return img.sections[i].rva > rva }) - 1
	switch {
	case i >= 0 && img.sections[i].contains(rva):
		s := &img.sections[i]
		off = int64(s.offset) + int64(rva-s.rva)
		n = int64(s.rawSize) - int64(rva-s.rva)
	case i < 0: // in the headers, which are mapped as they are
		off, n = int64(rva), int64(len(img.data))-int64(rva)
		if len(img.sections) > 0 {
			n = min(n, int64(img.sections[0].rva)-int64(rva))
		}
	default:
		return 0, 0, &damage.Error{What: what, Offset: -1, Got: fmt.Sprintf("RVA %#x", rva), Err: errNotMapped}
	}
	return off, min(n, int64(len(img.data))-off), nil
}

// tail returns the bytes of the section from rva on, and their file offset.
func (img *image) tail(rva uint32, what string) ([]byte, int64, error) {
	off, n, err := img.offset(rva, what)
	if err != nil {
		return nil, 0, err
	}
	if n <= 0 {
		return nil, 0, damage.Truncated(what, off, 1, 0)
	}
	return img.data[off : off+n : off+n], off, nil
}

// bytes returns n bytes at rva.
func (img *image) bytes(rva uint32, n int64, what string) ([]byte, int64, error) {
	b, off, err := img.tail(rva, what)
	if err != nil {
		return nil, 0, err
	}
	b, err = bin.Slice(b, off, 0, uint64(n), what)
	return b, off, err
}

// cstring returns the NUL-terminated string at rva, cut to limit bytes.
func (img *image) cstring(rva uint32, limit int, what string) (string, error) {
	b, _, err := img.tail(rva, what)
	if err != nil {
		return "", err
	}
	b = b[:min(len(b), limit)]
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b), nil
}

// silent drops the engine's log.
type silent struct{}

func (silent) Log(log.Level, ...any) error { return nil }
