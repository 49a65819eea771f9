package registry

import "slices"

// refusals are the references that are not to be followed.
type refusals struct {
	at       bitmap   // by file offset / 4
	overlaps []uint64 // the others, sorted: a structure that overlaps theirs has a reference at the same offset that is followed
}

// has reports whether a reference to what is refused.
func (f *refusals) has(to ref, what string) bool {
	if f == nil || !f.at.has(to.at/4) && len(f.overlaps) == 0 {
		return false
	}
	if f.at.has(to.at / 4) {
		return true
	}
	_, found := slices.BinarySearch(f.overlaps, overlap(to, what))
	return found
}

// none reports whether no reference is refused.
func (f *refusals) none() bool { return f == nil || len(f.at) == 0 }

// add refuses a reference to what. Followed is whether there is one at its offset that
// is followed.
func (f *refusals) add(to ref, what string, followed bool) {
	if followed {
		f.overlaps = append(f.overlaps, overlap(to, what))
	} else {
		f.at.set(to.at / 4)
	}
}

func (f *refusals) sort() {
	slices.Sort(f.overlaps)
	f.overlaps = slices.Compact(f.overlaps)
}

// overlap returns a number for a reference in a structure. Offsets are multiples of 4
// below 1<<31 + 1<<12.
func overlap(to ref, what string) uint64 {
	kinds := [...]string{"subkey list", "key node", "class name", "value list", "value", "value data", "big data list", "big data segment"}
	return uint64(to.at/4)<<34 | uint64(to.in/4)<<4 | uint64(slices.Index(kinds[:], what))&15
}
