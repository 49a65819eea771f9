package evtx

import (
	"fmt"
	"iter"
	"math"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Problems yields what is wrong with the frame of the log: the HeaderProblems, and
// the Problems of all chunks. Damage inside records is yielded by Records instead.
// Problems reads the whole log.
func (r *Reader) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for p := range r.HeaderProblems() {
			if !yield(p) {
				return
			}
		}
		chunk := new(Chunk)
		for c, err := range r.chunks(func() *Chunk { return chunk }) {
			if err != nil || !c.problems(yield) {
				return // Records yields the error
			}
		}
	}
}

// HeaderProblems yields what is wrong with the log according to its headers: it was
// not closed cleanly, it is cut off, or there are gaps between the record identifiers
// of chunks. It does not read records.
func (r *Reader) HeaderProblems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		order, err := r.order()
		if r == nil || !r.headerProblems(r.checksums(), yield) || err != nil {
			return // Records yields the error
		}
		last := uint64(0) // identifier of the last record of the previous chunk
		for _, n := range order {
			c := Chunk{Number: n, Offset: r.chunkOffset(n), log: r.name}
			if c.FirstRecord, c.LastRecord, err = r.chunkRange(n); err != nil {
				return
			}
			if c.FirstRecord == 0 && c.LastRecord == 0 {
				continue // no chunk, or an empty one
			}
			if gap := gapBetween(last, &c); gap != nil && !yield(c.note(damage.Gap, gap)) {
				return
			}
			last = c.LastRecord
		}
	}
}

// checksums reports whether the log has checksums.
func (r *Reader) checksums() bool { return r.header.flags&flagNoChecksum == 0 }

func (r *Reader) headerProblems(checksums bool, yield func(Problem) bool) bool {
	h := &r.header
	report := func(kind damage.Kind, err error) bool { return yield(r.note(kind, err)) }
	if h.lost {
		return report(damage.Malformed, damage.New("file signature", 0, nil, fmt.Sprintf("%q", fileSignature)))
	}
	if r.Dirty() && !report(damage.Unclean, damage.New("file flags", 120, fmt.Sprintf("%#x", h.flags), "no dirty flag")) {
		return false
	}
	if checksums && h.checksum != h.computed &&
		!report(damage.Checksum, damage.New("file header checksum", 124, fmt.Sprintf("%#x", h.checksum), fmt.Sprintf("%#x", h.computed))) {
		return false
	}
	if h.major != 3 && !report(damage.Unsupported, damage.New("version", 36, fmt.Sprintf("%d.%d", h.major, h.minor), "3.1 or 3.2")) {
		return false
	}
	if rest := (r.size - r.start) % chunkSize; r.size > r.start && rest != 0 &&
		!report(damage.Truncation, damage.Truncated("chunk", r.size-rest, chunkSize, rest)) {
		return false
	}
	have := max(0, (r.size-r.start)/chunkSize)
	return int64(h.chunks) <= have ||
		report(damage.Truncation, damage.New("chunks", 42, h.chunks, fmt.Sprintf("≤ %d, the number in the file", have)))
}

// gapBetween returns an error if identifiers are missing between the last record of a
// chunk and the chunk c that follows. In a wrapped log identifiers restart lower;
// that is not a gap.
func gapBetween(last uint64, c *Chunk) error {
	if last == 0 || last == math.MaxUint64 || c.FirstRecord <= last+1 || c.FirstRecord == math.MaxUint64 {
		return nil
	}
	return damage.New("identifier of the first record", c.Offset+24, c.FirstRecord, last+1)
}
