// Package ewf reads disk images of EnCase's format, EWF in its first version: .E01 as
// EnCase, FTK Imager and libewf write it, and .s01 of SMART.
package ewf

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"io"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

// image is an open image.
type image struct {
	chunk    int64 // size in bytes
	size     int64
	chunks   int64
	smart    bool // of SMART: its tables have no checksum
	segments []*segment
	tables   []*table // in the order of their chunks; those of a lost segment are missing
	loaded   disk.Decoded
	inflated disk.Decoded
	decoders inflate.Buffers
}

// table is where a table of chunks is. The table itself is read when it is needed.
type table struct {
	segment *segment
	number  int64 // of the table
	first   int64 // chunk
	count   int64
	base    int64 // to which the offsets in it are relative
	at      int64 // of its entries
	copyAt  int64 // of the entries in table2, or 0
	lost    bool  // neither the table nor its copy is sound
	end     int64 // of the chunks
}

// Open opens an image from any of its segments. The others must be beside it.
func Open(f disk.File) (disk.Image, error) {
	img, err := open(f)
	return img, damage.In(err, f.Name, "")
}

func open(f disk.File) (disk.Image, error) {
	segments, problems, err := findSegments(f)
	if err != nil {
		return disk.Image{}, err
	}
	e := &image{segments: segments, loaded: disk.Decoded{Max: 16}, inflated: disk.Decoded{Max: 64}}
	var runs [][]*table     // of segments that follow each other
	last, broken := 0, true // a run ends where something is lost
	for _, s := range segments {
		if s.number != last+1 || broken {
			runs = append(runs, nil)
		}
		last = s.number
		tables, err := e.readSegment(s)
		if broken = err != nil; broken {
			problems = append(problems, damage.Note(damage.Malformed, err, s.Name, ""))
		}
		for _, t := range tables {
			if t.lost { // how many chunks it had is not known
				problems = append(problems, damage.Note(damage.Malformed, damage.New("table", t.at-tableLen, "a damaged one, as is its copy", nil), s.Name, ""))
				runs = append(runs, nil)
				continue
			}
			runs[len(runs)-1] = append(runs[len(runs)-1], t)
		}
	}
	if e.chunk == 0 {
		if len(problems) > 0 && segments[0].number == 1 {
			return disk.Image{}, problems[0].Err
		}
		return disk.Image{}, damage.New("volume section", -1, "nothing", "in the first segment")
	}
	complete := segments[len(segments)-1].done
	e.place(runs, segments[0].number == 1, complete)
	if !complete {
		problems = append(problems, damage.Note(damage.Truncation, damage.New("segments", -1, fmt.Sprintf("up to %d", last), "one with the end of the image"), f.Name, ""))
	}
	if n := e.covered(); n < e.chunks {
		problems = append(problems, damage.Note(damage.Gap, damage.New("chunks", -1, n, e.chunks), f.Name, ""))
	}
	return disk.Image{R: &disk.Blocks{Size: e.size, BlockSize: e.chunk, Find: e.find}, Size: e.size, Problems: problems}, nil
}

// maxSegments bounds the segments of an image: the names go from E01 to ZZZ.
const maxSegments = 14_971

// findSegments returns the segments of an image in their order: the files beside f that
// have its name but for the extension, and their number in their header.
func findSegments(f disk.File) ([]*segment, []damage.Problem, error) {
	number, err := readNumber(f)
	if err != nil {
		return nil, nil, err
	}
	found := map[int]*segment{number: {File: f, number: number}}
	names, err := f.Names()
	if err != nil {
		return nil, nil, err
	}
	stem, highest := stemOf(f.Name), number
	series, ok := seriesOf(path.Ext(f.Name), number)
	for _, name := range names {
		if !ok || name == f.Name || !strings.EqualFold(stemOf(name), stem) || len(found) > maxSegments {
			continue
		}
		s, err := f.Sibling(name)
		if err != nil {
			continue
		}
		n, err := readNumber(s)
		if err != nil || n < 1 || !strings.EqualFold(path.Ext(name), extension(series, n)) || found[n] != nil && stemOf(name) != stem {
			continue
		}
		if n != number {
			found[n] = &segment{File: s, number: n}
			highest = max(highest, n)
		}
	}
	var list []*segment
	var problems []damage.Problem
	for n := 1; n <= highest; n++ {
		if s := found[n]; s != nil {
			list = append(list, s)
		} else if len(problems) < 100 {
			problems = append(problems, damage.Note(damage.Gap, damage.New(fmt.Sprintf("segment %d", n), -1, "no file", "beside the others"), f.Name, ""))
		}
	}
	if len(list) == 0 {
		return nil, nil, damage.New("number of the segment", 9, number, "≥ 1")
	}
	return list, problems, nil
}

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
			if e.chunk != 0 {
				return nil
			}
			return e.readVolume(s, sec)
		case "sectors":
			sectors = sec
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

func (e *image) readVolume(s *segment, sec section) error {
	if sec.size < volumeLen+4 || sec.size > maxVolume {
		return damage.New("size of the volume section", sec.at, sec.size, fmt.Sprintf("%d to %d", volumeLen+4, maxVolume))
	}
	b, err := bin.ReadAt(s.R, s.Size, sec.at, sec.size, "volume section")
	if err != nil {
		return err
	}
	if want, got := binary.LittleEndian.Uint32(b[len(b)-4:]), adler32.Checksum(b[:len(b)-4]); want != got {
		return damage.New("checksum of the volume section", sec.at+sec.size-4, fmt.Sprintf("%#x", want), fmt.Sprintf("%#x", got))
	}
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
	e.chunk, e.size = perChunk*perSector, int64(sectors)*perSector
	if e.size == 0 {
		e.size = chunks * e.chunk
	}
	e.chunks = (e.size + e.chunk - 1) / e.chunk
	return nil
}

// place gives the tables of each run of segments their chunks: those of the first run
// from the beginning of the disk, and those of the last one from its end, if these are
// there. What is between two lost segments has no place.
func (e *image) place(runs [][]*table, begins, complete bool) {
	number := int64(0)
	put := func(run []*table, first int64) {
		for _, t := range run {
			t.number, t.first = number, first
			number++
			first += t.count
			e.tables = append(e.tables, t)
		}
	}
	if begins {
		put(runs[0], 0)
		runs = runs[1:]
	}
	if n := len(runs); n > 0 && complete {
		total := int64(0)
		for _, t := range runs[n-1] {
			total += t.count
		}
		if first := e.chunks - total; first >= e.covered() {
			put(runs[n-1], first)
		}
	}
}

// covered returns how many chunks have a table.
func (e *image) covered() int64 {
	n := int64(0)
	for _, t := range e.tables {
		n += t.count
	}
	return min(n, e.chunks)
}

// find finds a chunk.
func (e *image) find(i int64) (disk.Block, error) {
	t := e.tableOf(i)
	if t == nil {
		return disk.Block{}, damage.New("chunk", -1, fmt.Sprintf("%d, which is in no segment", i), nil)
	}
	b, err := e.inflated.Get(i, func() ([]byte, error) { return e.read(t, i) })
	if err != nil {
		return disk.Block{}, damage.In(err, t.segment.Name, fmt.Sprintf("chunk %d", i))
	}
	return disk.Block{R: bytes.NewReader(b)}, nil
}

func (e *image) tableOf(i int64) *table {
	lo, hi := 0, len(e.tables)
	for lo < hi {
		mid := (lo + hi) / 2
		switch t := e.tables[mid]; {
		case i < t.first:
			hi = mid
		case i >= t.first+t.count:
			lo = mid + 1
		default:
			return t
		}
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

// read reads a chunk, and checks its checksum.
func (e *image) read(t *table, i int64) ([]byte, error) {
	entries, err := e.entries(t)
	if err != nil {
		return nil, err
	}
	n := i - t.first
	off, packed := offsetOf(entries, n)
	end := t.end - t.base
	if n+1 < t.count {
		end, _ = offsetOf(entries, n+1)
	}
	length := end - off
	if length <= 0 || length > 2*e.chunk+1024 {
		return nil, damage.New("length of the chunk", t.base+off, length, fmt.Sprintf("1 to %d", 2*e.chunk))
	}
	raw, err := bin.ReadAt(t.segment.R, t.segment.Size, t.base+off, length, "chunk")
	if err != nil {
		return nil, err
	}
	want := min(e.chunk, e.size-i*e.chunk)
	if packed {
		return e.inflate(raw, want, t.base+off)
	}
	if length < want+4 {
		return nil, damage.New("length of the chunk", t.base+off, length, want+4)
	}
	content, sum := raw[:want], uint32(0)
	if length >= e.chunk+4 { // the last chunk may be as long as the others
		sum = binary.LittleEndian.Uint32(raw[e.chunk:])
		content = raw[:e.chunk]
	} else {
		sum = binary.LittleEndian.Uint32(raw[want:])
	}
	if got := adler32.Checksum(content); sum != got {
		return nil, damage.New("checksum of the chunk", t.base+off+int64(len(content)), fmt.Sprintf("%#x", sum), fmt.Sprintf("%#x", got))
	}
	return content[:want], nil
}

// inflate unpacks a chunk. The content may be longer than what is wanted of it, in the
// last chunk.
func (e *image) inflate(raw []byte, want, at int64) ([]byte, error) {
	b := make([]byte, e.chunk)
	n, err := e.decoders.Zlib(b, raw)
	if err == nil && int64(n) < want {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		return b[:want], nil
	}
	return nil, &damage.Error{Offset: at, What: "compressed chunk", Got: hex.EncodeToString(raw[:min(len(raw), 4)]), Err: err}
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
