package ewf

import (
	"encoding/binary"
	"fmt"
	"hash/adler32"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// The volume section, or disk, in bytes from the beginning of its content:
//
//	0x04  4  number of chunks
//	0x08  4  sectors per chunk
//	0x0c  4  bytes per sector
//	0x10  8  number of sectors; 4 bytes in the short section of SMART
//	   -  4  Adler-32 of the bytes before, at the end of the section
//
// A table section:
//
//	0x00  4  number of entries
//	0x08  8  base of the offsets
//	0x14  4  Adler-32 of the bytes before
//	0x18  -  entries of 4 bytes each: the offset of a chunk; the highest bit is set if it
//	         is compressed
//	   -  4  Adler-32 of the entries
const (
	volumeLen = 0x18
	shortLen  = 94
	tableLen  = 0x18
	maxVolume = 1 << 20
	maxChunk  = 16 << 20 // EnCase allows 16 MiB at most
)

// readSegment reads where the tables of a segment are.
func (e *image) readSegment(s *segment) (tables []*table, err error) {
	var sectors section
	err = s.sections(func(sec section) error {
		switch sec.kind {
		case "volume", "disk", "data":
			b, err := readVolume(s, sec)
			if e.chunk == 0 && err == nil {
				return e.setVolume(b, sec)
			}
			if e.chunk != 0 && err != nil { // a copy, which nothing needs
				e.problem(damage.Malformed, err, s.Name)
				return nil
			}
			return err
		case "sectors":
			sectors = sec
		case "ltree":
			e.tree, e.treeIn = sec, s
		case "hash", "digest":
			e.readHashes(s, sec)
		case "xhash":
			e.readXHash(s, sec)
		case "table", "table2":
			h, err := bin.ReadAt(s.R, s.Size, sec.at, tableLen, "table")
			if err != nil {
				return err
			}
			count := int64(binary.LittleEndian.Uint32(h))
			sound := binary.LittleEndian.Uint32(h[0x14:]) == adler32.Checksum(h[:0x14]) && count <= (sec.size-tableLen)/4
			if sec.kind == "table2" {
				if n := len(tables); n > 0 && sound && tables[n-1].copyAt == 0 {
					switch t := tables[n-1]; {
					case t.lost:
						t.lost = false
						t.count, t.base, t.copyAt = count, int64(binary.LittleEndian.Uint64(h[8:])), sec.at+tableLen
					case t.count == count:
						t.copyAt = sec.at + tableLen
					}
				}
				return nil
			}
			t := &table{segment: s, at: sec.at + tableLen, end: sectors.at + sectors.size}
			t.lost = !sound
			if sound {
				t.count, t.base = count, int64(binary.LittleEndian.Uint64(h[8:]))
			}
			if sectors.at == 0 { // the chunks follow the entries
				t.end = sec.at + sec.size
			}
			tables = append(tables, t)
		}
		return nil
	})
	return tables, damage.In(err, s.Name, "")
}

// readVolume reads a volume section, or one of its copies, and checks its checksum.
func readVolume(s *segment, sec section) ([]byte, error) {
	if sec.size < volumeLen+4 || sec.size > maxVolume {
		return nil, damage.New("size of the volume section", sec.at, sec.size, fmt.Sprintf("%d to %d", volumeLen+4, maxVolume))
	}
	b, err := bin.ReadAt(s.R, s.Size, sec.at, sec.size, "volume section")
	if err != nil {
		return nil, err
	}
	if want, got := binary.LittleEndian.Uint32(b[len(b)-4:]), adler32.Checksum(b[:len(b)-4]); want != got {
		return nil, damage.New("checksum of the volume section", sec.at+sec.size-4, fmt.Sprintf("%#x", want), fmt.Sprintf("%#x", got))
	}
	return b, nil
}

// setVolume sets the size of the disk by the volume section.
func (e *image) setVolume(b []byte, sec section) error {
	chunks, perChunk, perSector := int64(binary.LittleEndian.Uint32(b[4:])), int64(binary.LittleEndian.Uint32(b[8:])), int64(binary.LittleEndian.Uint32(b[0xc:]))
	sectors := binary.LittleEndian.Uint64(b[0x10:])
	if sec.size <= shortLen {
		sectors &= 1<<32 - 1
		e.smart = true
	}
	if perChunk == 0 || perSector == 0 || perChunk > maxChunk || perSector > maxChunk || perChunk*perSector > maxChunk {
		return damage.New("size of a chunk", sec.at+8, fmt.Sprintf("%d sectors of %d bytes", perChunk, perSector), fmt.Sprintf("≤ %d", maxChunk))
	}
	if sectors > 1<<50/uint64(perSector) {
		return damage.New("number of sectors", sec.at+0x10, sectors, fmt.Sprintf("≤ %d", 1<<50/uint64(perSector)))
	}
	e.setSize(perChunk*perSector, int64(sectors)*perSector)
	if sectors == 0 {
		e.setSize(e.chunk, chunks*e.chunk)
	}
	if chunks != e.chunks && !e.smart && !e.segments[0].logical {
		e.problem(damage.Malformed, damage.New("number of chunks", sec.at+4, chunks, fmt.Sprintf("%d, by the number of sectors", e.chunks)), "")
	}
	return nil
}

// entries returns the entries of a table, or of its copy if the table is damaged.
func (e *image) entries(t *table) ([]byte, error) {
	return e.loaded.Get(t.number, func() ([]byte, error) {
		var first error
		for _, at := range [...]int64{t.at, t.copyAt} {
			if at == 0 {
				continue
			}
			b, err := bin.ReadAt(t.segment.R, t.segment.Size, at, 4*t.count+4, "table")
			if err == nil {
				want, got := binary.LittleEndian.Uint32(b[4*t.count:]), adler32.Checksum(b[:4*t.count])
				if want == got || e.smart {
					return decoded(b[:4*t.count]), nil
				}
				err = damage.New("checksum of the table", at+4*t.count, fmt.Sprintf("%#x", want), fmt.Sprintf("%#x", got))
			}
			if first == nil {
				first = err
			}
		}
		return nil, first
	})
}

// locate returns where a chunk is, by the table of the first version that has it.
func (e *image) locate(t *table, i int64) (place, error) {
	entries, err := e.entries(t)
	if err != nil {
		return place{}, err
	}
	n := i - t.first
	off, packed := offsetOf(entries, n)
	end := t.end - t.base
	if n+1 < t.count {
		end, _ = offsetOf(entries, n+1)
	}
	p := place{off: t.base + off, length: end - off, summed: !packed}
	if packed {
		p.method = methodDeflate
	}
	return p, nil
}

// decoded returns the entries of a table as numbers of 64 bits, of which the highest is
// set if the chunk is compressed. Segments of more than 2 GiB, as EnCase 6.7 wrote, use
// all 32 bits for the offset from the first chunk that needs them: the offset of that is
// less than the one before, if the highest bit is removed.
func decoded(entries []byte) []byte {
	b := make([]byte, 0, 2*len(entries))
	last, long := uint32(0), false
	for ; len(entries) > 0; entries = entries[4:] {
		e := binary.LittleEndian.Uint32(entries)
		if long = long || e&^packedBit < last; long {
			b = binary.LittleEndian.AppendUint64(b, uint64(e))
			continue
		}
		last = e &^ packedBit
		b = binary.LittleEndian.AppendUint64(b, uint64(last)|uint64(e&packedBit)<<32)
	}
	return b
}

// packedBit is set in the entry of a chunk that is compressed.
const packedBit = 1 << 31

// offsetOf returns the offset of a chunk, and whether it is compressed.
func offsetOf(entries []byte, n int64) (off int64, packed bool) {
	e := binary.LittleEndian.Uint64(entries[8*n:])
	return int64(e &^ (1 << 63)), e>>63 == 1
}
