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
	boxes []string // for Reader.recent
	text  strings.Builder
}

const (
	slabKeys  = 56   // keys in a piece of nearly 4096 bytes
	slabBoxes = 64   // pointers to names in a piece
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
		s.keys = make([]Key, slabKeys)
	}
	k := &s.keys[0]
	s.keys = s.keys[1:]
	return k
}

// name is decodeName.
func (s *slab) name(b []byte, compressed bool) string {
	if !compressed || !isASCII(b) {
		return decodeName(b, compressed)
	}
	if s.text.Cap()-s.text.Len() < len(b) {
		s.text = strings.Builder{} // the names in the last piece stay as they are
		s.text.Grow(max(slabText, len(b)))
	}
	s.text.Write(b)
	all := s.text.String()
	return all[len(all)-len(b):]
}

// box returns a pointer to a copy of a name.
func (s *slab) box(name string) *string {
	if len(s.boxes) == 0 {
		s.boxes = make([]string, slabBoxes)
	}
	box := &s.boxes[0]
	s.boxes = s.boxes[1:]
	*box = name
	return box
}

// recentName is decodeName.
func (r *Reader) recentName(b []byte, compressed bool) string {
	if len(b) == 0 || !compressed {
		return decodeName(b, compressed)
	}
	recent := &r.recent[placeOf(b)]
	if name := recent.Load(); name != nil && *name == string(b) {
		return *name
	}
	s := r.slab()
	name := s.name(b, true)
	if len(name) == len(b) { // it is ASCII
		recent.Store(s.box(name))
	}
	r.release(s)
	return name
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
