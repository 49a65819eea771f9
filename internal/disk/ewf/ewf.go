// Package ewf reads disk images of EnCase's format, EWF: .E01 as EnCase, FTK Imager and
// libewf write it, .s01 of SMART, and .Ex01 of its second version; and images of files, .L01 and
// .Lx01.
package ewf

import (
	"bytes"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

// image is an open image.
type image struct {
	chunk    int64 // size in bytes
	size     int64
	chunks   int64
	smart    bool     // of SMART: its tables have no checksum
	values            // of the second version
	tree     section  // of files
	treeIn   *segment // which has the tree; nil without a tree
	segments []*segment
	tables   []*table // in the order of their chunks; those of a lost segment are missing
	hashes   []disk.Hash
	problems []damage.Problem
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
	at      int64 // of its entries

	// Of the first version:
	base   int64 // to which the offsets in it are relative
	copyAt int64 // of the entries in table2, or 0
	lost   bool  // neither the table nor its copy is sound
	end    int64 // of the chunks
}

// Open opens an image from any of its segments. The others must be beside it. The error
// for an encrypted image has the cause [disk.ErrEncrypted].
func Open(f disk.File) (disk.Image, error) {
	img, err := open(f)
	return img, damage.In(err, f.Name, "")
}

func open(f disk.File) (disk.Image, error) {
	e, err := openSegments(f)
	if err != nil {
		return disk.Image{}, err
	}
	return e.disk(f), nil
}

// openSegments reads the tables of an image.
func openSegments(f disk.File) (*image, error) {
	segments, problems, err := findSegments(f)
	if err != nil {
		return nil, err
	}
	e := &image{segments: segments, problems: problems, loaded: disk.Decoded{Max: 16}, inflated: disk.Decoded{Max: 64}}
	if segments[0].second {
		return e, e.openSecond()
	}
	return e, e.openFirst()
}

// disk returns the image as a disk.
func (e *image) disk(f disk.File) disk.Image {
	segments := e.segments
	if last := segments[len(segments)-1]; !last.done {
		e.problem(damage.Truncation, damage.New("segments", -1, fmt.Sprintf("up to %d", last.number), "one with the end of the image"), f.Name)
	}
	if n := e.covered(); n < e.chunks {
		e.problem(damage.Gap, damage.New("chunks", -1, n, e.chunks), f.Name)
	}
	if t := e.last(); t != nil && t.first+t.count > e.chunks {
		e.problem(damage.Malformed, damage.New("chunks", -1, t.first+t.count, fmt.Sprintf("%d, by the size of the disk; some are not read", e.chunks)), f.Name)
	}
	return disk.Image{R: &disk.Blocks{Size: e.size, BlockSize: e.chunk, Find: e.find}, Size: e.size, Problems: e.problems, Hashes: e.hashes}
}

// last returns the last table, or nil.
func (e *image) last() *table {
	if n := len(e.tables); n > 0 {
		return e.tables[n-1]
	}
	return nil
}

// problem adds a problem of a segment.
func (e *image) problem(kind damage.Kind, err error, segment string) {
	e.problems = append(e.problems, damage.Note(kind, err, segment, ""))
}

// openFirst reads the tables of an image of the first version.
func (e *image) openFirst() error {
	segments := e.segments
	var runs [][]*table     // of segments that follow each other
	last, broken := 0, true // a run ends where something is lost
	for _, s := range segments {
		if s.number != last+1 || broken {
			runs = append(runs, nil)
		}
		last = s.number
		tables, err := e.readSegment(s)
		if broken = err != nil; broken {
			e.problem(damage.Malformed, err, s.Name)
		}
		for _, t := range tables {
			if t.lost { // how many chunks it had is not known
				e.problem(damage.Malformed, damage.New("table", t.at-tableLen, "a damaged one, as is its copy", nil), s.Name)
				runs = append(runs, nil)
				continue
			}
			runs[len(runs)-1] = append(runs[len(runs)-1], t)
		}
	}
	if e.chunk == 0 {
		if len(e.problems) > 0 && segments[0].number == 1 {
			return e.problems[0].Err
		}
		return damage.New("volume section", -1, "nothing", "in the first segment")
	}
	e.place(runs, segments[0].number == 1, segments[len(segments)-1].done)
	return nil
}

// setSize sets the size of the disk.
func (e *image) setSize(chunk, size int64) {
	e.chunk, e.size = chunk, size
	e.chunks = (size + chunk - 1) / chunk
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
