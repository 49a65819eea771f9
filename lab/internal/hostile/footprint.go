package hostile

import (
	"cmp"
	"slices"
	"sort"
)

// differences returns the ranges in which a mutant differs from its sound file, in
// order. A part that was cut off differs.
func differences(sound, mutant []byte) []Range {
	var list []Range
	common := min(len(sound), len(mutant))
	for at := 0; at < common; {
		if sound[at] == mutant[at] {
			at++
			continue
		}
		start := at
		for at < common && sound[at] != mutant[at] {
			at++
		}
		list = append(list, Range{int64(start), int64(at)})
	}
	if common < len(sound) {
		list = append(list, Range{int64(common), int64(len(sound))})
	}
	return list
}

// byOffset returns footprints that depend only on the offset of a record.
func byOffset(prints map[int64][]Range) footprints {
	return func(_ string, offset int64) []Range { return prints[offset] }
}

// touched reports whether one of the differences, which are in order, overlaps one
// of the ranges of a footprint.
func touched(differences, footprint []Range) bool {
	for _, r := range footprint {
		i := sort.Search(len(differences), func(i int) bool { return differences[i].End > r.Start })
		if i < len(differences) && differences[i].Start < r.End {
			return true
		}
	}
	return false
}

// merged returns ranges in order, without repetition or overlap.
func merged(list []Range) []Range {
	slices.SortFunc(list, func(a, b Range) int { return cmp.Compare(a.Start, b.Start) })
	out := list[:0]
	for _, r := range list {
		if n := len(out); n > 0 && r.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, r.End)
			continue
		}
		out = append(out, r)
	}
	return out
}
