// Package ole reads the streams of OLE compound files ([MS-CFB]), such as jump lists.
//
// It reads the entries of the directory one after the other, and not their tree, whose
// links an attacker can break: a stream that no link leads to is a stream. Damage costs the
// streams that it hits. A sector belongs to the first stream that has it, so that all
// streams together are never larger than the file.
package ole

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// ErrNotOLE is the cause of the error for a file that is not an OLE compound file.
var ErrNotOLE = errors.New("not an OLE compound file")

// Magic is what a compound file begins with.
const Magic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// Stream is a stream of a compound file.
type Stream struct {
	Name   string
	Offset int64  // of its first byte in the file; -1 if it is empty
	Data   []byte // shorter than Size if Err is not nil
	Size   uint64 // according to the directory
	Err    *damage.Error
}

// The header: offsets from the beginning of the file, and sizes, in bytes.
//
//	 0    8  signature
//	24    2  minor version
//	26    2  major version: 3 or 4
//	28    2  order of bytes: 0xfffe
//	30    2  size of a sector, as a power of 2: 9 in version 3, 12 in version 4
//	32    2  size of a mini sector, as a power of 2: 6
//	44    4  number of sectors of the FAT
//	48    4  first sector of the directory
//	56    4  size from which on a stream is not in the mini stream: 4096
//	60    4  first sector of the mini FAT
//	64    4  number of sectors of the mini FAT
//	68    4  first sector of the DIFAT
//	72    4  number of sectors of the DIFAT
//	76  436  the first 109 sectors of the FAT
const (
	headerSize = 512
	inHeader   = 109
	cutoff     = 4096
	miniShift  = 6

	entrySize = 128 // of the directory
	isStream  = 2
	isRoot    = 5

	maxSector = 0xfffffffa // larger numbers are marks: the end of a chain is 0xfffffffe
)

// file is a compound file that is read.
type file struct {
	raw   []byte
	shift uint
	fat   []uint32 // the sector that follows each
	mini  []uint32 // likewise of the mini stream
	taken []bool   // the sectors that a chain has

	miniStream []uint32 // its sectors
	miniSize   uint64
	miniTaken  []bool
}

// Streams returns the streams of a compound file, in order of its directory. The problems
// are what damaged the file outside of its streams; the error is that of a file that is
// something else.
func Streams(raw []byte) (streams []Stream, problems []*damage.Error, err error) {
	if len(raw) < headerSize || string(raw[:8]) != Magic {
		return nil, nil, &damage.Error{Offset: 0, What: "header", Got: fmt.Sprintf("%q", raw[:min(8, len(raw))]), Want: fmt.Sprintf("%q", Magic), Err: ErrNotOLE}
	}
	c := bin.NewCursor(raw[:headerSize], 0)
	c.Skip("signature", 30)
	f := &file{raw: raw, shift: uint(c.U16("size of a sector"))}
	if f.shift != 9 && f.shift != 12 {
		return nil, nil, &damage.Error{Offset: 30, What: "size of a sector", Got: fmt.Sprintf("2^%d", f.shift), Want: "2^9 or 2^12", Err: ErrNotOLE}
	}
	c.Seek("first sector of the directory", 48)
	directory := c.U32("first sector of the directory")
	c.Seek("first sector of the mini FAT", 60)
	miniFAT := c.U32("first sector of the mini FAT")
	c.Skip("number of sectors", 4)
	note := func(err *damage.Error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	f.taken = make([]bool, f.sectors())
	note(f.readFAT(&c))
	list, bad := f.chain(directory, "directory")
	note(bad)
	table, bad := f.chain(miniFAT, "mini FAT")
	note(bad)
	for _, s := range table {
		f.mini = append(f.mini, numbers(f.sector(s))...)
	}
	entries := f.entries(list)
	for i := range entries {
		if e := &entries[i]; e.kind == isRoot && f.miniStream == nil {
			f.miniStream, bad = f.chain(e.start, "mini stream")
			f.miniSize = min(e.size, uint64(len(f.miniStream))<<f.shift)
			note(bad)
		}
	}
	f.miniTaken = make([]bool, len(f.mini))
	for i := range entries {
		if e := &entries[i]; e.kind == isStream {
			streams = append(streams, f.stream(e))
		}
	}
	return streams, problems, nil
}

// sectors is how many sectors the file has. The header is before the first one.
func (f *file) sectors() int {
	size := 1 << f.shift
	return max(0, (len(f.raw)-size+size-1)>>f.shift)
}

func (f *file) offset(s uint32) int64 { return (int64(s) + 1) << f.shift }

// sector returns a sector, which is shorter at the end of a file that was cut off.
func (f *file) sector(s uint32) []byte {
	at := f.offset(s)
	return f.raw[at:min(at+1<<f.shift, int64(len(f.raw)))]
}

func numbers(b []byte) []uint32 {
	list := make([]uint32, 0, len(b)/4)
	for ; len(b) >= 4; b = b[4:] {
		list = append(list, uint32(b[0])|uint32(b[1])<<8|uint32(b[2])<<16|uint32(b[3])<<24)
	}
	return list
}

// readFAT reads the sectors of the FAT, of which the header has the first ones and the
// sectors of the DIFAT the others. The last number of such a sector is the next one.
func (f *file) readFAT(c *bin.Cursor) *damage.Error {
	next := c.U32("first sector of the DIFAT")
	c.Seek("sectors of the FAT", headerSize-4*inHeader)
	tables := numbers(c.Bytes("sectors of the FAT", 4*inHeader))
	var bad *damage.Error
	for next < maxSector {
		if int64(next) >= int64(len(f.taken)) || f.taken[next] {
			bad = f.wrong("sector of the DIFAT", next)
			break
		}
		f.taken[next] = true
		list := numbers(f.sector(next))
		if len(list) == 0 {
			break
		}
		tables, next = append(tables, list[:len(list)-1]...), list[len(list)-1]
	}
	for _, s := range tables {
		if s >= maxSector {
			continue
		}
		if int64(s) >= int64(len(f.taken)) || f.taken[s] {
			bad = f.wrong("sector of the FAT", s)
			f.fat = append(f.fat, make([]uint32, 1<<f.shift/4)...) // those behind it keep their place
			for i := len(f.fat) - 1<<f.shift/4; i < len(f.fat); i++ {
				f.fat[i] = maxSector
			}
			if len(f.fat) > len(f.taken) {
				break
			}
			continue
		}
		f.taken[s] = true
		f.fat = append(f.fat, numbers(f.sector(s))...)
	}
	return bad
}

// wrong is the damage of a sector that is not in the file, or that something else has.
func (f *file) wrong(what string, s uint32) *damage.Error {
	return damage.New(what, -1, fmt.Sprintf("%#x", s), "< "+strconv.Itoa(len(f.taken))+", of nothing else")
}

// chain returns the sectors of a chain of the FAT, up to where it is damaged.
func (f *file) chain(s uint32, what string) (list []uint32, bad *damage.Error) {
	for s < maxSector {
		if int64(s) >= int64(len(f.taken)) || f.taken[s] || int64(s) >= int64(len(f.fat)) {
			return list, f.wrong("sector of the "+what, s)
		}
		f.taken[s] = true
		list = append(list, s)
		s = f.fat[s]
	}
	if s != 0xfffffffe && len(list) > 0 {
		return list, damage.New("end of the "+what, f.offset(list[len(list)-1]), fmt.Sprintf("%#x", s), "0xfffffffe")
	}
	return list, nil
}

// An entry of the directory.
type entry struct {
	name  string
	kind  byte
	start uint32
	size  uint64
}

// entries reads the directory. Offsets in an entry:
//
//	  0  64  name in UTF-16, ends with a NUL
//	 64   2  size of the name with the NUL
//	 66   1  kind: 1 a storage, 2 a stream, 5 the root
//	116   4  first sector
//	120   8  size; in version 3 the high half may be anything
func (f *file) entries(sectors []uint32) []entry {
	var list []entry
	for _, s := range sectors {
		for b := f.sector(s); len(b) >= entrySize; b = b[entrySize:] {
			c := bin.NewCursor(b[:entrySize], 0)
			e := entry{name: wtf8.String(wtf8.Trim(c.Bytes("name", 64)))}
			c.Skip("size of the name", 2)
			e.kind = c.U8("kind")
			c.Seek("first sector", 116)
			e.start, e.size = c.U32("first sector"), c.U64("size")
			if f.shift == 9 {
				e.size &= 0xffffffff
			}
			list = append(list, e)
		}
	}
	return list
}

// stream reads a stream.
func (f *file) stream(e *entry) Stream {
	s := Stream{Name: e.name, Offset: -1, Size: e.size}
	if e.size < cutoff {
		f.miniSectors(e, &s)
	} else {
		list, bad := f.chain(e.start, "stream")
		s.Err = bad
		for _, n := range list {
			if s.Offset < 0 {
				s.Offset = f.offset(n)
			}
			s.Data = append(s.Data, f.sector(n)...)
		}
	}
	if have := uint64(len(s.Data)); have >= e.size {
		s.Data, s.Err = s.Data[:e.size], nil // what is behind the end does not matter
	} else if s.Err == nil {
		s.Err = damage.Truncated("stream", s.Offset, int64(min(e.size, 1<<62)), int64(have))
	}
	if s.Err != nil {
		s.Err.Path = e.name
	}
	return s
}

// miniSectors reads a stream that is in the mini stream.
func (f *file) miniSectors(e *entry, s *Stream) {
	n := e.start
	for len(s.Data) < int(e.size) && n < maxSector {
		if int64(n) >= int64(len(f.mini)) || f.miniTaken[n] {
			s.Err = damage.New("sector of the stream in the mini stream", -1, fmt.Sprintf("%#x", n), "< "+strconv.Itoa(len(f.mini))+", of nothing else")
			return
		}
		f.miniTaken[n] = true
		at := uint64(n) << miniShift
		if at >= f.miniSize {
			s.Err = damage.New("sector of the stream in the mini stream", -1, fmt.Sprintf("%#x", n), "inside of the mini stream")
			return
		}
		sector := f.miniStream[at>>f.shift]
		inside := int64(at & (1<<f.shift - 1))
		if s.Offset < 0 {
			s.Offset = f.offset(sector) + inside
		}
		b := f.sector(sector)
		b = b[min(inside, int64(len(b))):]
		s.Data = append(s.Data, b[:min(1<<miniShift, len(b))]...)
		n = f.mini[n]
	}
}
