package archive

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

const (
	sigDescriptor  = "PK\x07\x08"
	flagDescriptor = 1 << 3
)

// recover finds the members of a zip file without its central directory, as of one that
// was cut off, by their local headers. Each begins behind the data of the one before.
//
//	0x00  4  PK 03 04
//	0x06  2  flags
//	0x08  2  method of compression
//	0x0a  2  time of the last write
//	0x0c  2  its date
//	0x0e  4  CRC-32
//	0x12  4  compressed size
//	0x16  4  size
//	0x1a  2  length of the name
//	0x1c  2  length of the extra fields
//	0x1e     name, extra fields
func (z *zipFile) recover(why error, most int) ([]*zipMember, error) {
	var members []*zipMember
	for off := int64(0); len(members) < most; {
		e, data, err := z.readLocal(off)
		if err != nil {
			break // the central directory, or where the file is cut off
		}
		err = z.measure(e, data)
		m := newZipMember(z, e)
		if err != nil {
			m.fault = &damage.Error{Offset: data, What: "data of a member", Err: err}
		}
		members = append(members, m)
		if err != nil {
			break
		}
		off = e.header + e.length
	}
	if len(members) == 0 {
		return nil, why
	}
	e := damage.Note(damage.Truncation, why, "", "").Err
	e.Want = fmt.Sprintf("%s; %d members were found by their local headers", e.Want, len(members))
	z.fs.note(damage.Truncation, e)
	return members, nil
}

// readLocal reads the local header at an offset, and returns where its data begins.
func (z *zipFile) readLocal(off int64) (*zipEntry, int64, error) {
	h, err := bin.ReadAt(z.r, z.size, off, localSize, "local header")
	if err != nil {
		return nil, 0, err
	}
	if string(h[:4]) != sigLocal {
		return nil, 0, damage.New("local header", off, quote(h[:4]), "PK 03 04")
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(h[at:])) }
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(h[at:]) }
	nameLen, extraLen := int64(u16(0x1a)), int64(u16(0x1c))
	if nameLen == 0 {
		return nil, 0, damage.New("local header", off, "no name", "a name")
	}
	b, err := bin.ReadAt(z.r, z.size, off+localSize, nameLen+extraLen, "name and extra fields")
	if err != nil {
		return nil, 0, err
	}
	e := &zipEntry{
		name:    string(b[:nameLen]),
		flags:   uint16(u16(0x06)),
		method:  uint16(u16(0x08)),
		modTime: dosTime(u16(0x0c), u16(0x0a)),
		clock:   uint16(u16(0x0a)),
		crc:     u32(0x0e),
		packed:  int64(u32(0x12)),
		size:    int64(u32(0x16)),
		header:  off,
		offset:  off,
	}
	if e.flags&flagUTF8 == 0 {
		e.name = oemName(e.name)
	}
	data := off + localSize + nameLen + extraLen
	return e, data, e.extra(b[nameLen:], off+localSize+nameLen)
}

// measure finds the end of the data of a member, and sets the length of the member with
// its header. The sizes may be behind the data, in a descriptor: its mark, which may be
// left out, the CRC-32, the compressed size and the size, 4 bytes each or 8 with Zip64.
func (z *zipFile) measure(e *zipEntry, data int64) error {
	e.length = data + e.packed - e.header
	if e.flags&flagDescriptor == 0 || e.packed > 0 || strings.HasSuffix(e.name, "/") {
		if e.packed > z.size-data {
			return io.ErrUnexpectedEOF
		}
		if e.flags&flagDescriptor != 0 {
			e.length += z.descriptor(data+e.packed, e)
		}
		return nil
	}
	end := z.findDescriptor(data)
	as, packed := formats[e.method]
	switch {
	case end >= 0:
	case !packed:
		return io.ErrUnexpectedEOF
	default: // a stream has an end of its own
		var err error
		if end, e.size, err = inflate.Measure(z.r, data, z.size, as.Format); err != nil {
			return err
		}
	}
	e.packed = end - data
	e.length = end + z.descriptor(end, e) - e.header
	return nil
}

// descriptor reads the descriptor behind the data of a member, and returns its length.
func (z *zipFile) descriptor(at int64, e *zipEntry) int64 {
	b := make([]byte, 24)
	n, _ := z.r.ReadAt(b, at)
	b = b[:n]
	length := int64(0)
	if bytes.HasPrefix(b, []byte(sigDescriptor)) {
		b, length = b[4:], 4
	}
	packed := uint64(e.packed)
	switch {
	case len(b) >= 20 && binary.LittleEndian.Uint64(b[4:]) == packed:
		e.size = int64(binary.LittleEndian.Uint64(b[12:]))
		length += 20
	case len(b) >= 12 && uint64(binary.LittleEndian.Uint32(b[4:])) == packed&0xffffffff:
		if size := int64(binary.LittleEndian.Uint32(b[8:])); e.size&0xffffffff != size {
			e.size = size
		}
		length += 12
	default:
		return 0
	}
	e.crc = binary.LittleEndian.Uint32(b)
	return length
}

// findDescriptor returns the offset of the descriptor of data that does not say where it
// ends, or -1. After a descriptor without a mark, and after the member that is cut off, no
// others are looked for: each time would read the rest of the file.
func (z *zipFile) findDescriptor(data int64) int64 {
	if z.noMark {
		return -1
	}
	const step = 64 << 10
	buf := make([]byte, step+16)
	for at := data; at < z.size; at += step {
		n, _ := z.r.ReadAt(buf[:min(int64(len(buf)), z.size-at)], at)
		b := buf[:n]
		for i := 0; i < step; i++ {
			next := bytes.Index(b[min(i, n):], []byte(sigDescriptor))
			if next < 0 {
				break
			}
			i += next
			if i+12 <= n && uint64(binary.LittleEndian.Uint32(b[i+8:])) == uint64(at+int64(i)-data)&0xffffffff {
				return at + int64(i)
			}
		}
	}
	z.noMark = true
	return -1
}
