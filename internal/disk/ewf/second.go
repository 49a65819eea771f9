package ewf

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"hash/adler32"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// In the second version a section is followed by its descriptor, which says where that of
// the section before is. The last descriptor is at the end of the segment. In bytes from
// its beginning:
//
//	0x00  4  type
//	0x04  4  flags: 1 it has an MD5 of the section, 2 the section is encrypted
//	0x08  8  offset of the descriptor before, or 0
//	0x10  8  size of the section, with padding
//	0x18  4  size of the descriptor, 64
//	0x1c  4  size of the padding
//	0x20 16  MD5 of the section
//	0x3c  4  Adler-32 of the bytes before
const secondDescriptorLen = 64

const (
	sectionHashed    = 1
	sectionEncrypted = 2
)

// The types of sections that are read.
const (
	deviceSection  = 0x01
	caseSection    = 0x02
	sectorsSection = 0x03
	tableSection   = 0x04
	md5Section     = 0x08
	sha1Section    = 0x09
	keysSection    = 0x0b
	doneSection    = 0x0f
	filesSection   = 0x20 // of files instead of a disk
)

// A table of the second version, in bytes from the beginning of the section:
//
//	0x00  8  number of the first chunk
//	0x08  4  number of entries
//	0x10  4  Adler-32 of the bytes before
//	0x20  -  entries
//	   -  4  Adler-32 of the entries
//
// and an entry, from its beginning:
//
//	0x00  8  offset of the chunk, or the bytes that fill it
//	0x08  4  size of the chunk, with its checksum
//	0x0c  4  flags: 1 compressed, 2 an Adler-32 follows the content, 4 filled
const (
	secondTableLen = 0x20
	secondEntryLen = 16

	chunkPacked = 1
	chunkSummed = 2
	chunkFilled = 4
)

// secondSection is a section of a segment of the second version.
type secondSection struct {
	section
	kind    uint32
	flags   uint32
	sum     [md5.Size]byte
	padding int64 // at its end
}

// secondSections returns the sections of a segment in their order. If the chain of
// descriptors is broken, they are those behind the break, and an error.
func (s *segment) secondSections() (list []secondSection, err error) {
	at := s.Size - secondDescriptorLen
	for range maxSections {
		var b []byte
		if b, err = bin.ReadAt(s.R, s.Size, at, secondDescriptorLen, "descriptor of a section"); err != nil {
			break
		}
		if want, got := binary.LittleEndian.Uint32(b[0x3c:]), adler32.Checksum(b[:0x3c]); want != got {
			err = damage.New("checksum of the descriptor of a section", at+0x3c, fmt.Sprintf("%#x", want), fmt.Sprintf("%#x", got))
			break
		}
		before, size := binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[0x10:])
		first := int64(secondHeaderLen) // where the section may begin
		switch {
		case before >= uint64(at), before != 0 && before < secondHeaderLen:
			err = damage.New("offset of the descriptor before", at+8, before, fmt.Sprintf("0, or %d to %d", secondHeaderLen, at-1))
		case before != 0:
			first = int64(before) + secondDescriptorLen
		}
		if err == nil && size > uint64(max(at-first, 0)) {
			err = damage.New("size of a section", at+0x10, size, fmt.Sprintf("≤ %d", max(at-first, 0)))
		}
		if err != nil {
			break
		}
		sec := secondSection{kind: binary.LittleEndian.Uint32(b), flags: binary.LittleEndian.Uint32(b[4:])}
		sec.at, sec.size = at-int64(size), int64(size)
		copy(sec.sum[:], b[0x20:])
		sec.padding = min(int64(binary.LittleEndian.Uint32(b[0x1c:])), sec.size)
		list = append(list, sec)
		if at = int64(before); at == 0 {
			break
		}
	}
	slices.Reverse(list)
	return list, err
}

// openSecond reads the tables of an image of the second version. They say which chunks
// they have, so a lost one costs only its own.
func (e *image) openSecond() error {
	for _, s := range e.segments {
		sections, err := s.secondSections()
		if err != nil {
			e.problem(damage.Malformed, err, s.Name)
		}
		for _, sec := range sections {
			if sec.flags&sectionEncrypted != 0 || sec.kind == keysSection {
				return &damage.Error{Artifact: s.Name, Offset: sec.at, What: "section", Err: disk.ErrEncrypted}
			}
			if err := e.readSecond(s, sec); err != nil {
				e.problem(damage.Malformed, err, s.Name)
			}
		}
	}
	switch {
	case e.perSector == 0 || e.perChunk == 0:
		if len(e.problems) > 0 {
			return e.problems[0].Err
		}
		return damage.New("device information and case data", -1, "nothing", "in each segment")
	case e.perChunk > maxChunk/e.perSector:
		return damage.New("size of a chunk", -1, fmt.Sprintf("%d sectors of %d bytes", e.perChunk, e.perSector), fmt.Sprintf("≤ %d", maxChunk))
	case e.sectors > 1<<50/e.perSector:
		return damage.New("number of sectors", -1, e.sectors, fmt.Sprintf("≤ %d", 1<<50/e.perSector))
	}
	e.setSize(e.perChunk*e.perSector, e.sectors*e.perSector)
	if e.segments[0].logical { // it is as large as its chunks
		e.setSize(e.chunk, 1<<50)
	}
	e.orderTables()
	return nil
}

// orderTables puts the tables into the order of their chunks, and leaves out those whose
// chunks another one has.
func (e *image) orderTables() {
	slices.SortStableFunc(e.tables, func(a, b *table) int { return int(min(max(a.first-b.first, -1), 1)) })
	end := int64(0)
	kept := e.tables[:0]
	for _, t := range e.tables {
		if t.first < end || t.first > e.chunks {
			e.problem(damage.Malformed, damage.New("first chunk of a table", t.at-secondTableLen, t.first, fmt.Sprintf("%d to %d", end, e.chunks)), t.segment.Name)
			continue
		}
		end = t.first + t.count
		t.number = int64(len(kept))
		kept = append(kept, t)
	}
	e.tables = kept
}

// readSecond reads a section.
func (e *image) readSecond(s *segment, sec secondSection) error {
	if sec.flags&sectionHashed != 0 && sec.kind != sectorsSection && sec.size <= maxHashed {
		b, err := bin.ReadAt(s.R, s.Size, sec.at, sec.size, "section")
		if err != nil {
			return err
		}
		if sum := md5.Sum(b); !bytes.Equal(sum[:], sec.sum[:]) {
			return damage.New("MD5 of a section", sec.at, fmt.Sprintf("%x", sec.sum), fmt.Sprintf("%x", sum))
		}
	}
	switch sec.kind {
	case deviceSection, caseSection:
		return e.readValues(s, sec)
	case tableSection:
		h, err := bin.ReadAt(s.R, min(s.Size, sec.at+sec.size), sec.at, secondTableLen, "table")
		if err != nil {
			return err
		}
		if want, got := binary.LittleEndian.Uint32(h[0x10:]), adler32.Checksum(h[:0x10]); want != got {
			return damage.New("checksum of the head of a table", sec.at+0x10, fmt.Sprintf("%#x", want), fmt.Sprintf("%#x", got))
		}
		first, count := binary.LittleEndian.Uint64(h), int64(binary.LittleEndian.Uint32(h[8:]))
		if first > 1<<50 || count > (sec.size-secondTableLen-4)/secondEntryLen {
			return damage.New("entries of a table", sec.at, fmt.Sprintf("%d from %d", count, first), fmt.Sprintf("≤ %d", max(sec.size-secondTableLen-4, 0)/secondEntryLen))
		}
		e.tables = append(e.tables, &table{segment: s, first: int64(first), count: count, at: sec.at + secondTableLen})
	case md5Section:
		if b := e.hashSection(s, sec.section, md5Len+4); b != nil {
			e.addHash("MD5", b[:md5Len])
		}
	case sha1Section:
		if b := e.hashSection(s, sec.section, sha1Len+4); b != nil {
			e.addHash("SHA-1", b[:sha1Len])
		}
	case doneSection:
		s.done = true
	case filesSection:
		e.tree, e.treeIn = section{at: sec.at, size: sec.size - sec.padding}, s
	}
	return nil
}

// maxHashed bounds a section that is read whole to check its MD5, in bytes.
const maxHashed = 16 << 20

// locateSecond returns where a chunk is, by the table of the second version that has it.
func (e *image) locateSecond(t *table, i int64) (place, error) {
	entries, err := e.loaded.Get(t.number, func() ([]byte, error) {
		length := t.count * secondEntryLen
		b, err := bin.ReadAt(t.segment.R, t.segment.Size, t.at, length+4, "table")
		if err != nil {
			return nil, err
		}
		if want, got := binary.LittleEndian.Uint32(b[length:]), adler32.Checksum(b[:length]); want != got {
			return nil, damage.New("checksum of the table", t.at+length, fmt.Sprintf("%#x", want), fmt.Sprintf("%#x", got))
		}
		return b[:length], nil
	})
	if err != nil {
		return place{}, err
	}
	b := entries[(i-t.first)*secondEntryLen:][:secondEntryLen]
	flags := binary.LittleEndian.Uint32(b[12:])
	p := place{length: int64(binary.LittleEndian.Uint32(b[8:])), summed: flags&chunkSummed != 0}
	off := binary.LittleEndian.Uint64(b)
	switch {
	case flags&^(chunkPacked|chunkSummed|chunkFilled) != 0, flags&(chunkPacked|chunkFilled) == chunkPacked|chunkFilled && p.length != 0:
		return place{}, damage.New("flags of the chunk", t.at+(i-t.first)*secondEntryLen+12, fmt.Sprintf("%#x of %d bytes", flags, p.length), "known ones; a filled chunk has no bytes")
	case flags&chunkPacked == 0:
	case flags&chunkFilled != 0:
		p.filled = true
		copy(p.pattern[:], b)
		return p, nil
	default:
		if p.method = t.segment.method; p.method == methodNone {
			return place{}, damage.New("compression method", 0x0a, 0, "1 or 2, as a chunk is compressed")
		}
	}
	if off > uint64(t.segment.Size) {
		return place{}, damage.New("offset of the chunk", t.at+(i-t.first)*secondEntryLen, off, fmt.Sprintf("≤ %d", t.segment.Size))
	}
	p.off = int64(off)
	return p, nil
}

// The sections with the device and the case of the second version are compressed texts in
// UTF-16. The lines are
//
//	1
//	main
//	names of values, with tabs between
//	values, with tabs between
//
// and these values are read:
//
//	ts  number of sectors of the disk
//	bp  bytes per sector
//	sb  sectors per chunk
const (
	namesLine  = 2
	valuesLine = 3

	maxValues       = 256 << 10 // bytes of a section
	maxUnpackedText = 256 << 10
)

// values are what the device and the case say about the disk.
type values struct {
	sectors   int64
	perSector int64 // bytes
	perChunk  int64 // sectors
}

// readValues reads the values of a section that the image needs. They are the same in
// each segment; those of the first one count.
func (e *image) readValues(s *segment, sec secondSection) error {
	b, err := bin.ReadAt(s.R, s.Size, sec.at, min(sec.size-sec.padding, maxValues), "values of the image")
	if err != nil {
		return err
	}
	text := make([]byte, maxUnpackedText)
	n, err := e.unpackInto(text, b, s.method)
	if err != nil {
		return &damage.Error{Offset: sec.at, What: "values of the image", Err: err}
	}
	lines := strings.Split(strings.TrimPrefix(wtf8.String(text[:n&^1]), "\ufeff"), "\n")
	if len(lines) <= valuesLine {
		return damage.New("values of the image", sec.at, fmt.Sprintf("%d lines", len(lines)), "≥ 4 lines")
	}
	names, values := strings.Split(strings.TrimSuffix(lines[namesLine], "\r"), "\t"), strings.Split(strings.TrimSuffix(lines[valuesLine], "\r"), "\t")
	for i, name := range names {
		to := map[string]*int64{"ts": &e.sectors, "bp": &e.perSector, "sb": &e.perChunk}[name]
		if to == nil || *to != 0 || i >= len(values) {
			continue
		}
		v, err := strconv.ParseInt(values[i], 10, 64)
		if err != nil || v < 0 {
			return damage.New("value "+name+" of the image", sec.at, fmt.Sprintf("%.20q", values[i]), "a number")
		}
		*to = v
	}
	return nil
}
