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

func (b bitmap) put(i int64, is bool) {
	if is {
		b.set(i)
	} else if b.has(i) {
		b[i/64] &^= 1 << (i % 64)
	}
}
