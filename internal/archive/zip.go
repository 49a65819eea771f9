package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

// directory is where the central directory is.
type directory struct {
	offset, size int64
	entries      uint64
}

// OpenZip opens a zip file.
func OpenZip(r io.ReaderAt, size int64, o Options) (*FS, error) {
	b := newBuilder(o.Limits)
	z := &zipFile{r: r, size: size, fs: b.fs, store: inflate.NewStore(storeSize), password: o.Password}
	dir, err := z.findDirectory(size)
	var members []*zipMember
	if err == nil {
		members, err = z.readDirectory(dir, b.limits.Entries)
	}
	switch {
	case err == nil:
		z.size = dir.offset
	case errors.Is(err, ErrUnsupported):
		return nil, err
	default:
		z.base = 0
		if members, err = z.recover(err, b.limits.Entries); err != nil {
			return nil, err
		}
	}
	z.findOverlaps(members)
	z.noteUnread(members)
	for _, m := range members {
		b.add(m.name, m, m.size, m.modTime)
	}
	b.fs.locked = smallestEncrypted(members)
	return b.finish(), nil
}

// IsBehind reports whether a zip file is behind something else, as in a self-extracting archive:
// its directory is where its end says, and the first member is where the directory says.
func IsBehind(r io.ReaderAt, size int64) bool {
	z := &zipFile{r: r, size: size}
	dir, err := z.findDirectory(size)
	if err != nil || dir.entries == 0 {
		return false
	}
	buf := make([]byte, 0, centralSize)
	e, err := readCentral(io.NewSectionReader(r, dir.offset, dir.size), &buf, dir.offset)
	if err != nil || e.header > size-z.base {
		return false
	}
	_, _, err = z.readLocal(e.header + z.base)
	return err == nil && e.header+z.base > 0
}

// smallestEncrypted returns the encrypted member that is read soonest, and whether all
// files are encrypted.
func smallestEncrypted(members []*zipMember) (l locked) {
	var smallest *zipMember
	l.all = true
	for _, m := range members {
		switch {
		case strings.HasSuffix(m.name, "/"):
		case m.flags&flagEncrypted == 0:
			l.all = false
		case smallest == nil || m.packed < smallest.packed:
			smallest = m
		}
	}
	if smallest != nil {
		l.file = smallest
	}
	return l
}

// findDirectory reads the record at the end of a zip file.
//
//	0x00  4  PK 05 06
//	0x04  2  number of this disk
//	0x06  2  disk with the beginning of the directory
//	0x08  2  entries on this disk
//	0x0a  2  entries
//	0x0c  4  bytes of the directory
//	0x10  4  its offset
//	0x14  2  length of the comment that follows
func (z *zipFile) findDirectory(size int64) (directory, error) {
	n := min(size, endSize+maxComment)
	tail, err := bin.ReadAt(z.r, size, size-n, n, "end of a zip file")
	if err != nil {
		return directory{}, err
	}
	at := -1
	for i := bytes.LastIndex(tail, []byte(sigEnd)); i >= 0; i = bytes.LastIndex(tail[:i+len(sigEnd)-1], []byte(sigEnd)) {
		if len(tail)-i >= endSize {
			// A comment that ends with the file is right. The last mark is the next best:
			// something may have been appended.
			comment := int(binary.LittleEndian.Uint16(tail[i+0x14:]))
			if i+endSize+comment == len(tail) {
				at = i
				break
			}
			if at < 0 {
				at = i
			}
		}
	}
	if at < 0 {
		return directory{}, damage.New("end of the central directory", size, "nothing", "PK 05 06; the file may be cut off")
	}
	end := size - n + int64(at)
	rec := tail[at:]
	dir := directory{
		offset:  int64(binary.LittleEndian.Uint32(rec[0x10:])),
		size:    int64(binary.LittleEndian.Uint32(rec[0x0c:])),
		entries: uint64(binary.LittleEndian.Uint16(rec[0x0a:])),
	}
	if disk := binary.LittleEndian.Uint16(rec[0x04:]); disk != 0 && disk != 0xffff {
		return directory{}, &damage.Error{Offset: end + 4, What: "zip file of several parts", Got: fmt.Sprintf("part %d", disk+1), Err: ErrUnsupported}
	}
	if dir.offset == 0xffffffff || dir.size == 0xffffffff || dir.entries == 0xffff {
		if dir64, at64, err := z.findEnd64(end); err != nil {
			return directory{}, err
		} else if at64 >= 0 {
			dir, end = dir64, at64
		}
	}
	// The directory is just before the record that names it. If that is not where the
	// record says it is, something is before the zip file.
	if dir.size > end {
		return directory{}, damage.Truncated("central directory", 0, dir.size, end)
	}
	z.base = end - dir.size - dir.offset
	if z.base < 0 || dir.offset < 0 || z.base > 0 && z.isCentral(dir.offset) && !z.isCentral(end-dir.size) {
		z.base = 0
	}
	dir.offset += z.base
	if dir.offset < 0 || dir.offset > end || dir.size > end-dir.offset {
		return directory{}, damage.Truncated("central directory", dir.offset, dir.size, end-dir.offset)
	}
	return dir, nil
}

func (z *zipFile) isCentral(off int64) bool {
	var b [4]byte
	n, _ := z.r.ReadAt(b[:], off)
	return string(b[:n]) == sigCentral
}

// findEnd64 reads the Zip64 record, which the locator before the record at the end
// names. The offset is -1 if there is no locator.
//
//	locator   0x00  4  PK 06 07
//	          0x08  8  offset of the record
//	record    0x00  4  PK 06 06
//	          0x20  8  entries
//	          0x28  8  bytes of the directory
//	          0x30  8  its offset
func (z *zipFile) findEnd64(end int64) (directory, int64, error) {
	loc, err := bin.ReadAt(z.r, end, end-locatorSize, locatorSize, "Zip64 locator")
	if err != nil || string(loc[:4]) != sigLocator {
		_ = err // the file has no room for a locator: the numbers are what they are
		return directory{}, -1, nil
	}
	// The record is at its offset, or just before the locator if something is before
	// the zip file.
	for _, at := range []int64{int64(binary.LittleEndian.Uint64(loc[8:])), end - locatorSize - end64Size} {
		rec, err := bin.ReadAt(z.r, end, at, end64Size, "Zip64 record")
		if err != nil || string(rec[:4]) != sigEnd64 {
			continue
		}
		dir := directory{
			entries: binary.LittleEndian.Uint64(rec[0x20:]),
			size:    int64(binary.LittleEndian.Uint64(rec[0x28:])),
			offset:  int64(binary.LittleEndian.Uint64(rec[0x30:])),
		}
		if dir.size < 0 || dir.offset < 0 {
			return directory{}, -1, damage.New("Zip64 record", at, "a size or offset beyond 2⁶³", nil)
		}
		return dir, at, nil
	}
	return directory{}, -1, damage.New("Zip64 record", end, "nothing", "PK 06 06 where the locator says")
}

// readDirectory reads the central directory. A damaged entry ends it, with a problem.
func (z *zipFile) readDirectory(dir directory, most int) ([]*zipMember, error) {
	buf := make([]byte, 0, 64<<10)
	in := io.NewSectionReader(z.r, dir.offset, dir.size)
	var members []*zipMember
	for off := dir.offset; ; {
		e, err := readCentral(in, &buf, off)
		switch {
		case err == io.EOF && len(members) == 0 && dir.entries > 0:
			return nil, damage.Truncated("central directory", off, centralSize, 0)
		case err == io.EOF:
			// The number is modulo 2¹⁶ if a tool does not write Zip64.
			if uint64(len(members)) != dir.entries && uint64(len(members))&0xffff != dir.entries {
				z.fs.note(damage.Conflict, damage.New("entries of the central directory", dir.offset, len(members), dir.entries))
			}
			return members, nil
		case err != nil && len(members) == 0:
			return nil, err
		case err != nil:
			z.fs.note(damage.Malformed, damage.Note(damage.Malformed, err, "", "").Err)
			return members, nil
		case len(members) == most:
			z.fs.note(damage.Limit, limited("entries of the central directory", fmt.Sprint(dir.entries), fmt.Sprintf("≤ %d; the rest is left out", most), ""))
			return members, nil
		}
		m := newZipMember(z, e)
		members = append(members, m)
		off += e.length
	}
}

// findOverlaps marks the members whose data begins within the one before it. A few bytes
// that many members share can unpack to any size.
func (z *zipFile) findOverlaps(members []*zipMember) {
	byOffset := slices.Clone(members)
	slices.SortStableFunc(byOffset, func(a, b *zipMember) int {
		switch {
		case a.header < b.header:
			return -1
		case a.header > b.header:
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	var end int64
	for i, m := range byOffset {
		if i > 0 && m.header < end {
			e := damage.New("data of a member", m.header, "bytes of another one", "its own; it is not read")
			e.Path, e.Err = m.name, ErrLimit
			z.fs.note(damage.Conflict, e)
			m.fault = e
			continue
		}
		if least := m.header + localSize + m.packed; least > end && m.packed <= z.size {
			end = least
		}
	}
}
