package registry

// bitmap is a set of small numbers.
type bitmap []uint64

func newBitmap(n int64) bitmap { return make(bitmap, (n+63)/64) }

func (b bitmap) has(i int64) bool {
	return i >= 0 && i/64 < int64(len(b)) && b[i/64]&(1<<(i%64)) != 0
}

func (b bitmap) set(i int64) {
	if i >= 0 && i/64 < int64(len(b)) {
		b[i/64] |= 1 << (i % 64)
	}
}

// add sets i and reports whether it was not set.
func (b bitmap) add(i int64) bool {
	had := b.has(i)
	b.set(i)
	return !had
}
