package ese

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/pagesum"
)

var le = binary.LittleEndian

// State is how a database was left.
type State uint32

// The states of a database.
const (
	JustCreated    State = 1
	DirtyShutdown  State = 2 // it was in use: the newest rows may be in its transaction logs
	CleanShutdown  State = 3
	BeingConverted State = 4
	ForceDetach    State = 5
)

// String returns the state as esentutl words it.
func (s State) String() string {
	switch s {
	case JustCreated:
		return "just created"
	case DirtyShutdown:
		return "dirty shutdown"
	case CleanShutdown:
		return "clean shutdown"
	case BeingConverted:
		return "being converted"
	case ForceDetach:
		return "force detach"
	}
	return fmt.Sprintf("state %d", uint32(s))
}

// Header is what the header of a database says.
type Header struct {
	Version  uint32 // of the format: 0x620
	Revision uint32 // of the format: 0x14 since Windows 7, 0x6e in Windows 10, and more
	PageSize int    // in bytes
	State    State
	Created  time.Time // when the database was created; zero if it is not set
	Attached time.Time // when it was opened last; zero if it is not set
	Detached time.Time // when it was closed last; zero if it is not set
	Shadow   bool      // the header is damaged, and this is its copy
}

// The header: offsets from the beginning of the file, and sizes, in bytes.
//
//	0x00   4  checksum: XOR of all that follows in the page, seeded
//	0x04   4  signature, ef cd ab 89
//	0x08   4  version of the format
//	0x0c   4  type of the file, 0: database
//	0x18   4  random number of the signature of the database
//	0x1c   8  when it was created
//	0x34   4  state
//	0x48   8  when it was opened last
//	0x58   8  when it was closed last
//	0xe8   4  revision of the format
//	0xec   4  size of a page; 0 is 4,096
const (
	headerMagic    = 0x89abcdef
	formatVersion  = 0x620
	headerSize     = 0xf0
	typeDatabase   = 0
	defaultPage    = 4 << 10
	minPage        = 2 << 10
	maxPage        = 32 << 10
	largestSmall   = 8 << 10 // pages of more have other nodes, tags and checksums
	newestRevision = 0x3fff  // a revision beyond this is not believed
)

// readHeader reads the header or, if it is damaged, its copy.
func (r *Reader) readHeader() error {
	first, err := r.headerAt(0, 0)
	if err == nil {
		r.header = first
		return nil
	}
	for size := minPage; size <= maxPage; size *= 2 {
		h, shadowErr := r.headerAt(int64(size), size)
		if shadowErr == nil && h.PageSize == size {
			h.Shadow = true
			r.header = h
			r.note(damage.Malformed, err, "header")
			return nil
		}
	}
	if damage.Is(err) {
		return err
	}
	return fmt.Errorf("%s: %w", r.name, err)
}

// headerAt reads a header. A wrong checksum is an error for a copy, which otherwise may be
// any bytes, and for the header if its copy is right.
func (r *Reader) headerAt(off int64, size int) (Header, error) {
	raw, err := bin.ReadAt(r.r, r.size, off, headerSize, "header")
	if err != nil {
		if damage.Is(err) && off == 0 {
			err = &FormatError{Offset: 0, What: "header", Got: fmt.Sprintf("%d bytes", r.size), Want: fmt.Sprintf("≥ %d bytes", headerSize), Err: ErrNotESE}
		}
		return Header{}, err
	}
	if magic := le.Uint32(raw[4:]); magic != headerMagic {
		return Header{}, &FormatError{Offset: off + 4, What: "signature", Got: fmt.Sprintf("%#x", magic), Want: fmt.Sprintf("%#x", uint32(headerMagic)), Err: ErrNotESE}
	}
	c := bin.NewCursor(raw, off)
	c.Seek("version", 8)
	var h Header
	h.Version = c.U32("version")
	if kind := c.U32("type of the file"); kind != typeDatabase {
		return Header{}, &FormatError{Offset: off + 0x0c, What: "type of the file", Got: fmt.Sprint(kind), Want: "0", Err: ErrNotESE}
	}
	h.State = State(le.Uint32(raw[0x34:]))
	h.Created, h.Attached, h.Detached = logTime(raw[0x1c:]), logTime(raw[0x48:]), logTime(raw[0x58:])
	h.Revision = le.Uint32(raw[0xe8:])
	h.PageSize = defaultPage
	if n := le.Uint32(raw[0xec:]); n != 0 {
		h.PageSize = int(min(n, 1<<30))
	}
	if h.Version != formatVersion || h.Revision > newestRevision {
		return Header{}, damage.New("version of the format", off+8, fmt.Sprintf("%#x revision %#x", h.Version, h.Revision), fmt.Sprintf("%#x", formatVersion))
	}
	if p := h.PageSize; p < minPage || p > maxPage || p&(p-1) != 0 {
		return Header{}, damage.New("size of a page", off+0xec, p, "2048, 4096, 8192, 16384 or 32768")
	}
	if size != 0 && h.PageSize != size {
		return h, damage.New("size of a page", off+0xec, h.PageSize, size)
	}
	page, err := bin.ReadAt(r.r, r.size, off, int64(h.PageSize), "header")
	if err != nil {
		if size == 0 && damage.Is(err) { // all that matters is there
			r.note(damage.Truncation, err, "header")
			return h, nil
		}
		return h, err
	}
	if want, got := le.Uint32(page), pagesum.XOR(page); want != got {
		err := damage.New("checksum of the header", off, fmt.Sprintf("%#x", got), fmt.Sprintf("%#x", want))
		if off != 0 {
			return h, err
		}
		if _, shadowErr := r.headerAt(int64(h.PageSize), h.PageSize); shadowErr == nil {
			return h, err
		}
		r.note(damage.Checksum, err, "header")
	}
	return h, nil
}

// logTime decodes a time of the header, in bytes from its beginning. A time that is not
// in UTC is that of an unknown zone, and not returned.
//
//	0  1  seconds
//	1  1  minutes
//	2  1  hours
//	3  1  day
//	4  1  month
//	5  1  year since 1900
//	6  1  bit 0: in UTC; bits 1 to 7: low bits of the milliseconds
//	7  1  bits 1 to 3: high bits of the milliseconds
func logTime(b []byte) time.Time {
	if b[3] == 0 || b[6]&1 == 0 {
		return time.Time{}
	}
	ms := int(b[6]>>1) | int(b[7]>>1&7)<<7
	return time.Date(1900+int(b[5]), time.Month(b[4]), int(b[3]), int(b[2]), int(b[1]), int(b[0]), ms*1e6, time.UTC)
}
