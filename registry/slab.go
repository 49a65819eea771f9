package registry

import (
	"encoding/binary"
	"strings"
)

// A slab hands out keys and names from larger pieces of memory, because a walk that asks
// for each of them alone spends most of its time on that. Whoever keeps a name keeps its
// piece, never the hive.
type slab struct {
	keys  []Key
	boxes []string // that names refers to
	text  strings.Builder
}

const (
	slabItems = 64   // keys or strings in a piece
	slabText  = 2048 // bytes of names in a piece
)

// slab returns a slab for the use of one goroutine, until it is released.
func (r *Reader) slab() *slab {
	if s, ok := r.slabs.Get().(*slab); ok {
		return s
	}
	return new(slab)
}

func (r *Reader) release(s *slab) { r.slabs.Put(s) }

// key returns a zero Key.
func (s *slab) key() *Key {
	if len(s.keys) == 0 {
		s.keys = make([]Key, slabItems)
	}
	k := &s.keys[0]
	s.keys = s.keys[1:]
	return k
}

// copy returns the text in b.
func (s *slab) copy(b []byte) *string {
	if s.text.Cap()-s.text.Len() < len(b) {
		s.text = strings.Builder{} // the names in the last piece stay as they are
		s.text.Grow(max(slabText, len(b)))
	}
	s.text.Write(b)
	all := s.text.String()
	if len(s.boxes) == 0 {
		s.boxes = make([]string, slabItems)
	}
	box := &s.boxes[0]
	s.boxes = s.boxes[1:]
	*box = all[len(all)-len(b):]
	return box
}

// recentNames is how many names a Reader keeps to give out again. Most names of values,
// and half of those of keys, are among them.
const recentNames = 512

// nameIn is decodeName.
func (r *Reader) nameIn(b []byte, compressed bool) string {
	if len(b) == 0 {
		return ""
	}
	if !compressed {
		return decodeName(b, false)
	}
	recent := &r.recent[placeOf(b)]
	if name := recent.Load(); name != nil && *name == string(b) {
		return *name
	}
	if !isASCII(b) {
		return decodeName(b, true)
	}
	s := r.slab()
	name := s.copy(b)
	r.release(s)
	recent.Store(name)
	return *name
}

// placeOf returns the place of a name that is not empty among the recent ones.
func placeOf(b []byte) int {
	h := uint64(len(b))
	if len(b) >= 8 {
		h ^= binary.LittleEndian.Uint64(b) ^ binary.LittleEndian.Uint64(b[len(b)-8:])<<1
	} else {
		h ^= uint64(b[0])<<8 | uint64(b[len(b)/2])<<16 | uint64(b[len(b)-1])<<24
	}
	return int(h * 0x9e3779b97f4a7c15 >> 32 % recentNames)
}
