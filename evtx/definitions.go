package evtx

import (
	"slices"
	"sync"
)

// Definitions is a store of template definitions, by which Recovered and Carve decode
// records whose own definition is gone. It may be used concurrently. The zero
// Definitions is empty.
type Definitions struct {
	mu    sync.RWMutex
	known map[uint32][]*definition // by the first 4 bytes of the GUID
	size  int                      // of all, in bytes as logs hold them
}

// maxDefinitions bounds the size in bytes of the definitions of a store. A Windows
// server has about a thousand of about 1 KiB each.
const maxDefinitions = 4 << 20

// maxSameID bounds the number of definitions that share an identifier.
const maxSameID = 16

// NewDefinitions returns a store with the definitions of the kinds that Kinds lists, as
// far as they are known.
func NewDefinitions() *Definitions {
	d := new(Definitions)
	for _, f := range facts() {
		d.add(f)
	}
	return d
}

// Add adds the definitions of a log. An error comes from the underlying reader.
//
// The definitions of data are the same on all machines. That of the System element of
// an event is not: it has the name of the computer, and often those of provider and
// channel. It is found only in logs of the same machine.
func (d *Definitions) Add(r *Reader) error {
	chunk := new(Chunk)
	for c, err := range r.chunks(func() *Chunk { return chunk }) {
		if err != nil {
			return err
		}
		d.addChunk(c)
	}
	return nil
}

// addChunk adds the definitions of a chunk, also those left from an earlier use of it.
func (d *Definitions) addChunk(c *Chunk) { d.addFrom(c, 0) }

// addFrom adds the definitions of a chunk from an offset on.
func (d *Definitions) addFrom(c *Chunk, from int) {
	c.inline(from, func(at, shift int) bool {
		if k := c.verify(at, shift); k != nil {
			k.live = c.sound && at < c.free
			d.add(k)
		}
		return true
	})
}

// add adds a definition, unless the store has it. One that is in use replaces those that
// are left over.
func (d *Definitions) add(k *definition) {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := le.Uint32(k.guid[:])
	same := d.known[id]
	for i, old := range same {
		if old.guid != k.guid || !slices.Equal(old.types, k.types) {
			continue
		}
		switch {
		case equalNodes(old.template.nodes, k.template.nodes):
			old.live = old.live || k.live
			return
		case old.live && !k.live:
			return
		case k.live && !old.live:
			same[i] = k
			return
		}
	}
	if len(same) == maxSameID || d.size+k.template.size > maxDefinitions {
		return
	}
	if d.known == nil {
		d.known = map[uint32][]*definition{}
	}
	d.size += k.template.size
	d.known[id] = append(same, k)
}

// find returns a definition with an identifier that the values fit, or nil. If guid is
// not nil, the definition has it. It also returns how many there are.
func (d *Definitions) find(id uint32, guid *GUID, slots []slot) (found *definition, n int) {
	if d == nil {
		return nil, 0
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, k := range d.known[id] {
		if (guid == nil || k.guid == *guid) && k.fits(slots) {
			found, n = k, n+1
		}
	}
	return found, n
}

// equalNodes reports whether trees are equal.
func equalNodes(a, b []node) bool {
	return slices.EqualFunc(a, b, func(a, b node) bool {
		return a.kind == b.kind && a.closed == b.closed && a.slot == b.slot && a.name == b.name && a.text == b.text &&
			equalNodes(a.attrs, b.attrs) && equalNodes(a.kids, b.kids)
	})
}
