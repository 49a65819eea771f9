package registry

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/marvin"
)

// A transaction log (specification: "Transaction log files") begins with 512 bytes that
// are like those of the hive's base block, whose file type is 1 or 2 for the old format
// and 6 for the new one, which Windows writes since version 8.1. Offsets count from the
// beginning of the log.
//
// Old format: the state of the hive's sectors when one write began.
//
//	512  4  signature "DIRT"
//	516  …  bitmap, one bit per 512 bytes of hive bins data, lowest bit first
//	  …  …  the sectors whose bits are set, from the next multiple of 512 on
//
// New format: log entries, from offset 512 on. Offsets count from the beginning of the
// entry:
//
//	 0  4  signature "HvLE"
//	 4  4  size of the entry, a multiple of 512
//	 8  4  flags of the base block
//	12  4  sequence number
//	16  4  size of the hive bins data after the entry
//	20  4  number of dirty pages
//	24  8  Marvin hash of the bytes from 40 to the end of the entry
//	32  8  Marvin hash of the first 32 bytes
//	40  …  per dirty page: its offset in the hive bins data, and its size, 4 bytes each
//	 …  …  the dirty pages
const (
	logTypeOldest = 1
	logTypeOld    = 2
	logTypeNew    = 6

	dirtyVector     = headerSize
	entrySize       = 4
	entrySequence   = 12
	entryBinsSize   = 16
	entryPageCount  = 20
	entryHash       = 24
	entryHeaderHash = 32
	entryPages      = 40
	pageRefSize     = 8

	sectorSize = 512
)

// transactionLog is a log in memory.
type transactionLog struct {
	data []byte
	base baseBlock
	old  bool
}

// logPage is a piece of the hive bins data in a log.
type logPage struct {
	cell uint32 // offset in the hive bins data, a multiple of 512
	data []byte // a multiple of 512 bytes
	at   int    // offset of data in the log
}

// logEntry is one write in a log.
type logEntry struct {
	sequence uint32
	flags    uint32
	binsSize uint32
	pages    []logPage
	end      int // offset of what follows in the log
}

// parseLog reads the beginning of a log. Windows does not use a log that this refuses.
func parseLog(data []byte) (*transactionLog, error) {
	base, err := parseBaseBlock(data)
	if err != nil {
		return nil, err
	}
	l := &transactionLog{data: data, base: base, old: base.fileType != logTypeNew}
	switch {
	case base.fileType != logTypeOldest && base.fileType != logTypeOld && base.fileType != logTypeNew:
		return nil, damage.New("file type", 28, base.fileType, "1, 2 or 6, a transaction log")
	case !base.sound():
		return nil, damage.New("base block checksum", checksumOffset, fmt.Sprintf("%#08x", base.checksum), fmt.Sprintf("%#08x", base.computed))
	case base.primary != base.secondary:
		return nil, damage.New("secondary sequence number", 8, base.secondary, fmt.Sprintf("%d, equal to the primary", base.primary))
	}
	return l, nil
}

// sectors returns the one write that a log of the old format holds.
func (l *transactionLog) sectors() (logEntry, error) {
	e := logEntry{sequence: l.base.primary, binsSize: l.base.binsSize}
	if string(l.data[dirtyVector:min(dirtyVector+4, len(l.data))]) != "DIRT" {
		return e, damage.New("dirty vector signature", dirtyVector, fmt.Sprintf("%q", l.data[dirtyVector:min(dirtyVector+4, len(l.data))]), `"DIRT"`)
	}
	bitmap := l.data[dirtyVector+4:]
	size := uint64(l.base.binsSize) / pageSize
	if size > uint64(len(bitmap)) {
		return e, damage.Truncated("dirty vector", dirtyVector+4, int64(size), int64(len(bitmap)))
	}
	bitmap = bitmap[:size]
	at := (dirtyVector + 4 + len(bitmap) + sectorSize - 1) / sectorSize * sectorSize
	for i := range 8 * len(bitmap) {
		if bitmap[i/8]>>(i%8)&1 == 0 {
			continue
		}
		if at+sectorSize > len(l.data) {
			return e, damage.Truncated("dirty page", int64(at), sectorSize, int64(len(l.data)-at))
		}
		e.pages = append(e.pages, logPage{uint32(i) * sectorSize, l.data[at : at+sectorSize], at})
		at += sectorSize
	}
	e.end = at
	return e, nil
}

// entry returns the entry at an offset, which must have that sequence number. If no
// such entry begins there, it returns no error: what lies behind the last entry is left
// of earlier ones.
func (l *transactionLog) entry(at int, sequence uint32) (e logEntry, ok bool, err error) {
	b := l.data[min(at, len(l.data)):]
	if len(b) < entryPages || string(b[:4]) != "HvLE" || binary.LittleEndian.Uint32(b[entrySequence:]) != sequence {
		return e, false, nil
	}
	if stored, computed := binary.LittleEndian.Uint64(b[entryHeaderHash:]), marvin.Sum64(b[:entryHeaderHash], marvin.LogSeed); stored != computed {
		return e, false, damage.New("log entry header hash", int64(at+entryHeaderHash), fmt.Sprintf("%#016x", stored), fmt.Sprintf("%#016x", computed))
	}
	size := binary.LittleEndian.Uint32(b[entrySize:])
	switch {
	case size < sectorSize || size%sectorSize != 0:
		return e, false, damage.New("log entry size", int64(at+entrySize), size, "a multiple of 512")
	case uint64(size) > uint64(len(b)):
		return e, false, damage.Truncated("log entry", int64(at), int64(size), int64(len(b)))
	}
	b = b[:size]
	if stored, computed := binary.LittleEndian.Uint64(b[entryHash:]), marvin.Sum64(b[entryPages:], marvin.LogSeed); stored != computed {
		return e, false, damage.New("log entry hash", int64(at+entryHash), fmt.Sprintf("%#016x", stored), fmt.Sprintf("%#016x", computed))
	}
	e = logEntry{sequence: sequence, flags: binary.LittleEndian.Uint32(b[8:]), binsSize: binary.LittleEndian.Uint32(b[entryBinsSize:]), end: at + int(size)}
	if e.binsSize < pageSize || e.binsSize%pageSize != 0 {
		return e, false, damage.New("hive bins data size", int64(at+entryBinsSize), e.binsSize, "a multiple of 4096")
	}
	n := binary.LittleEndian.Uint32(b[entryPageCount:])
	if room := uint32(len(b)-entryPages) / pageRefSize; n == 0 || n > room {
		return e, false, damage.New("number of dirty pages", int64(at+entryPageCount), n, fmt.Sprintf("1 to %d", room))
	}
	refs, rest := b[entryPages:entryPages+n*pageRefSize], b[entryPages+n*pageRefSize:]
	for i := 0; i < len(refs); i += pageRefSize {
		p := logPage{cell: binary.LittleEndian.Uint32(refs[i:]), at: e.end - len(rest)}
		length := binary.LittleEndian.Uint32(refs[i+4:])
		place := int64(at + entryPages + i)
		switch {
		case p.cell%sectorSize != 0 || length%sectorSize != 0 || uint64(p.cell)+uint64(length) > uint64(e.binsSize):
			return e, false, damage.New("dirty page", place, fmt.Sprintf("%#x, %d bytes", p.cell, length), fmt.Sprintf("multiples of 512 within %#x bytes", e.binsSize))
		case uint64(length) > uint64(len(rest)):
			return e, false, damage.Truncated("dirty page", place, int64(length), int64(len(rest)))
		}
		p.data, rest = rest[:length:length], rest[length:]
		e.pages = append(e.pages, p)
	}
	return e, true, nil
}
