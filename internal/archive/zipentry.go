package archive

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// The structures of a zip file; APPNOTE, sections 4.3.7 to 4.3.16.
const (
	sigLocal   = "PK\x03\x04"
	sigCentral = "PK\x01\x02"
	sigEnd     = "PK\x05\x06"
	sigEnd64   = "PK\x06\x06"
	sigLocator = "PK\x06\x07"

	localSize   = 30
	centralSize = 46
	endSize     = 22
	end64Size   = 56
	locatorSize = 20

	maxComment = 0xffff
)

const (
	flagEncrypted = 1 << 0
	flagStrong    = 1 << 6 // PKWARE's encryption
	flagUTF8      = 1 << 11
	flagMasked    = 1 << 13 // the directory is encrypted
)

// zipEntry is an entry of the central directory.
//
//	0x00  4  PK 01 02
//	0x08  2  flags
//	0x0a  2  method of compression
//	0x0c  2  time of the last write, as MS-DOS has it
//	0x0e  2  its date
//	0x10  4  CRC-32
//	0x14  4  compressed size
//	0x18  4  size
//	0x1c  2  length of the name
//	0x1e  2  length of the extra fields
//	0x20  2  length of the comment
//	0x26  4  attributes; the upper half has the mode of Unix if the archiver was on it
//	0x2a  4  offset of the local header
//	0x2e     name, extra fields, comment
type zipEntry struct {
	name           string
	flags, method  uint16
	clock          uint16 // time of the last write, as MS-DOS has it
	crc            uint32
	packed, size   int64
	header         int64
	modTime        time.Time
	unixMode       uint32
	aes            *aesHeader
	offset, length int64 // of the entry itself
}

// readCentral reads the next entry, which begins at off. Buf is reused.
func readCentral(r io.Reader, buf *[]byte, off int64) (*zipEntry, error) {
	var h [centralSize]byte
	n, err := io.ReadFull(r, h[:])
	switch {
	case err == io.EOF:
		return nil, io.EOF
	case err == io.ErrUnexpectedEOF:
		return nil, damage.Truncated("entry of the central directory", off, centralSize, int64(n))
	case err != nil:
		return nil, err
	case string(h[:4]) != sigCentral:
		return nil, damage.New("entry of the central directory", off, quote(h[:4]), "PK 01 02")
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(h[at:])) }
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(h[at:]) }
	nameLen, extraLen, commentLen := u16(0x1c), u16(0x1e), u16(0x20)
	rest := nameLen + extraLen + commentLen
	if cap(*buf) < rest {
		*buf = make([]byte, rest)
	}
	b := (*buf)[:rest]
	if n, err := io.ReadFull(r, b); err != nil {
		return nil, damage.Truncated("name and extra fields", off+centralSize, int64(rest), int64(n))
	}
	e := &zipEntry{
		name:   strings.Clone(string(b[:nameLen])),
		flags:  uint16(u16(0x08)),
		method: uint16(u16(0x0a)),
		crc:    u32(0x10),
		packed: int64(u32(0x14)),
		size:   int64(u32(0x18)),
		header: int64(u32(0x2a)),
		offset: off,
		length: int64(centralSize + rest),

		unixMode: u32(0x26) >> 16,
		modTime:  dosTime(u16(0x0e), u16(0x0c)),
		clock:    uint16(u16(0x0c)),
	}
	if h[5] != madeByUnix && h[5] != madeByMac {
		e.unixMode = 0
	}
	if e.flags&flagUTF8 == 0 {
		e.name = oemName(e.name)
	}
	err = e.extra(b[nameLen:nameLen+extraLen], off+centralSize+int64(nameLen))
	return e, err
}

// The hosts that give a member a mode of Unix.
const (
	madeByUnix = 3
	madeByMac  = 19
)

// The extra fields that are read; each has an identifier and a length of 2 bytes.
const (
	extraZip64    = 0x0001
	extraNTFS     = 0x000a
	extraUnixTime = 0x5455
	extraUTF8Name = 0x7075
	extraAES      = 0x9901
)

// extra reads the extra fields, which begin at off.
func (e *zipEntry) extra(b []byte, off int64) error {
	need64 := e.size == 0xffffffff || e.packed == 0xffffffff || e.header == 0xffffffff
	plain := e.name
	for len(b) >= 4 {
		id, n := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		b = b[4:]
		off += 4
		if n > len(b) {
			break // padding, or damage of a field that is not needed
		}
		field := b[:n]
		b = b[n:]
		switch id {
		case extraZip64:
			if err := e.zip64(field, off); err != nil {
				return err
			}
			need64 = false
		case extraNTFS:
			e.ntfsTime(field)
		case extraUnixTime:
			// One byte of flags, then the times that they name, of 4 bytes each.
			if n >= 5 && field[0]&1 != 0 {
				e.modTime = time.Unix(int64(int32(binary.LittleEndian.Uint32(field[1:]))), 0).UTC()
			}
		case extraUTF8Name:
			// The version, a CRC-32 of the plain name, and the name in UTF-8.
			if n > 5 && field[0] == 1 && e.flags&flagUTF8 == 0 && binary.LittleEndian.Uint32(field[1:]) == crc32.ChecksumIEEE([]byte(plain)) {
				e.name = string(field[5:])
			}
		case extraAES:
			e.aes = parseAES(field)
		}
		off += int64(n)
	}
	if need64 {
		return damage.New("Zip64 field", off, "nothing", "the sizes that the entry refers to")
	}
	return nil
}

// zip64 reads the sizes and the offset that do not fit in the entry, in this order.
func (e *zipEntry) zip64(field []byte, off int64) error {
	for _, v := range []*int64{&e.size, &e.packed, &e.header} {
		if *v != 0xffffffff {
			continue
		}
		if len(field) < 8 {
			return damage.Truncated("Zip64 field", off, 8, int64(len(field)))
		}
		if *v = int64(binary.LittleEndian.Uint64(field)); *v < 0 {
			return damage.New("Zip64 field", off, "more than 2⁶³", nil)
		}
		field = field[8:]
		off += 8
	}
	return nil
}

// ntfsTime reads the time of the last write from a field of NTFS times: 4 reserved
// bytes, then attributes with a tag and a length of 2 bytes each. That with tag 1 has
// three FILETIMEs, of which the first is the last write.
func (e *zipEntry) ntfsTime(field []byte) {
	if len(field) < 4+4+8 || binary.LittleEndian.Uint16(field[4:]) != 1 {
		return
	}
	if t := filetime.Time(binary.LittleEndian.Uint64(field[8:])); !t.IsZero() {
		e.modTime = t
	}
}

// dosTime converts a time of MS-DOS, which has no zone, as if it was in UTC. It is zero
// if there is no such day.
//
//	date  bits 0–4 day, 5–8 month, 9–15 years since 1980
//	time  bits 0–4 seconds / 2, 5–10 minutes, 11–15 hours
func dosTime(date, clock int) time.Time {
	day, month, year := date&0x1f, date>>5&0xf, 1980+date>>9
	if day == 0 || month == 0 || month > 12 {
		return time.Time{}
	}
	return time.Date(year, time.Month(month), day, clock>>11, clock>>5&0x3f, clock&0x1f*2, 0, time.UTC)
}

func quote(b []byte) string { return fmt.Sprintf("% x", b) }
