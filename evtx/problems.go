package evtx

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"

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
// not closed cleanly, it is cut off, it was cleared, identifiers of records are missing
// or repeat between chunks, or the file header does not agree with the chunks. It does
// not read records.
func (r *Reader) HeaderProblems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		all, order, err := r.ranges()
		if r == nil || !r.headerProblems(r.checksums(), yield) || err != nil {
			return // Records yields the error
		}
		log := make([]idRange, 0, len(order))
		for _, n := range order {
			if all[n].used() {
				log = append(log, all[n])
			}
		}
		_ = r.sequenceProblems(log, yield) && r.positionProblems(log, all[len(order):], yield)
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

// sequenceProblems reports identifiers that are missing or repeat between chunks, and
// that the log was cleared. The ranges are in the order of Chunks. In a wrapped log
// identifiers restart lower; that is not a gap.
func (r *Reader) sequenceProblems(ranges []idRange, yield func(Problem) bool) bool {
	report := func(kind damage.Kind, ids idRange, err error) bool {
		c := Chunk{Number: ids.chunk}
		return yield(damage.Note(kind, err, r.name, c.path()))
	}
	if len(ranges) > 0 {
		// Clearing a log restarts the numbers of the records in the file, but not
		// the identifiers.
		if o := ranges[0]; o.firstNumber > 0 && o.firstNumber < o.first && o.last-o.first == o.lastNumber-o.firstNumber &&
			!report(damage.Cleared, o, damage.New("number of the first record", r.chunkOffset(o.chunk)+8, o.firstNumber,
				fmt.Sprintf("%d, its identifier, unless the log was cleared", o.first))) {
			return false
		}
	}
	last := uint64(0) // identifier of the last record of the previous chunk
	for _, ids := range ranges {
		if last != 0 && ids.first > last+1 &&
			!report(damage.Gap, ids, damage.New("identifier of the first record", r.chunkOffset(ids.chunk)+24, ids.first, last+1)) {
			return false
		}
		last = ids.last
	}
	sorted := slices.Clone(ranges)
	slices.SortStableFunc(sorted, func(a, b idRange) int { return cmp.Compare(a.first, b.first) })
	for i := 1; i < len(sorted); i++ {
		if a, b := sorted[i-1], sorted[i]; b.first <= a.last &&
			!report(damage.Conflict, b, damage.New("identifiers of the records", r.chunkOffset(b.chunk)+24, fmt.Sprintf("%d to %d", b.first, b.last),
				fmt.Sprintf("none of chunk %d, which has %d to %d", a.chunk, a.first, a.last))) {
			return false
		}
	}
	return true
}

// positionProblems reports in what the file header does not agree with the chunks. It
// may be out of date if the log was not closed cleanly. Behind are the chunks that
// follow those of the log.
func (r *Reader) positionProblems(log, behind []idRange, yield func(Problem) bool) bool {
	h := &r.header
	for _, ids := range behind {
		if ids.used() {
			c := Chunk{Number: ids.chunk}
			if !yield(damage.Note(damage.Hidden, damage.New("chunk behind the number of chunks", r.chunkOffset(ids.chunk),
				fmt.Sprintf("records %d to %d", ids.first, ids.last), fmt.Sprintf("%d chunks, as in the file header", h.chunks)), r.name, c.path())) {
				return false
			}
		}
	}
	if !h.current(r.checksums()) || len(log) == 0 || int64(h.chunks) > (r.size-r.start)/chunkSize {
		return true
	}
	oldest, newest := log[0], log[0]
	chunks := 0
	for _, ids := range log {
		if ids.first < oldest.first {
			oldest = ids
		}
		if ids.last > newest.last {
			newest = ids
		}
		chunks = max(chunks, ids.chunk+1)
	}
	for _, f := range []struct {
		what      string
		offset    int64
		got, want uint64
	}{
		{"number of the oldest chunk", 8, h.firstChunk, uint64(oldest.chunk)},
		{"number of the newest chunk", 16, h.lastChunk, uint64(newest.chunk)},
		{"identifier of the next record", 24, h.nextRecord, newest.last + 1},
		{"number of chunks", 42, uint64(h.chunks), max(uint64(h.chunks), uint64(chunks)&math.MaxUint16)},
	} {
		if f.got != f.want && !yield(r.note(damage.Conflict, damage.New(f.what, f.offset, f.got, fmt.Sprintf("%d, as in the chunks", f.want)))) {
			return false
		}
	}
	return true
}

// current reports whether the header describes the log as it is: the header is
// intact, and the log was closed cleanly.
func (h *fileHeader) current(checksums bool) bool {
	return !h.lost && h.flags&flagDirty == 0 && h.chunks > 0 && (h.checksum == h.computed || !checksums)
}

// live returns the number of chunks that belong to the log, of all in the file. The
// header has only 16 bits for it.
func (h *fileHeader) live(all []idRange, checksums bool) int {
	if !h.current(checksums) || int(h.chunks) >= len(all) || len(all) > math.MaxUint16 {
		return len(all)
	}
	newest := uint64(0)
	for _, ids := range all[:h.chunks] {
		if ids.used() {
			newest = max(newest, ids.last)
		}
	}
	if h.nextRecord != newest+1 {
		return len(all)
	}
	return int(h.chunks)
}
