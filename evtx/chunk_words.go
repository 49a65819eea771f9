package evtx

// words holds the bytes of a chunk. There are more of them than a chunk has, so that
// whole words can be read at each of its offsets; what follows a value is ignored.
type words [chunkSize + 16]byte

// asWords returns the memory that buf is in, or nil if it is in another one.
func (c *Chunk) asWords() *words {
	if c.words == nil || len(c.buf) == 0 || &c.words[0] != &c.buf[0] {
		return nil
	}
	return c.words
}

// word returns the eight bytes at an offset of the chunk.
func (m *words) word(at uint32) uint64 { return le.Uint64(m[at%chunkSize:]) }

// from returns the bytes from an offset of the chunk on.
func (m *words) from(at uint32) []byte { return m[at%chunkSize:] }

// number returns the bytes at an offset of the chunk, at most eight, as a number.
func (m *words) number(at uint32, size uint16) uint64 { return m.word(at) & firstBytes[size%9] }

// equal reports whether the bytes at two offsets are equal.
func (m *words) equal(a, b uint32, size uint16) bool {
	switch {
	case size <= 8:
		return (m.word(a)^m.word(b))&firstBytes[size] == 0
	case size <= 16:
		return m.word(a)^m.word(b)|(m.word(a+8)^m.word(b+8))&firstBytes[size-8] == 0
	}
	return string(m.from(a)[:size]) == string(m.from(b)[:size])
}
