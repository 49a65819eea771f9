package ese

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The tree of long values has, for each of them, a node with its identifier as the key,
// high byte first, and then nodes whose keys are the identifier and the offset of their
// part in 4 bytes. A record has the identifier with its low byte first, in 4 bytes or 8.
//
// The data of the first node, in bytes from its beginning:
//
//	0  4  how many records refer to it
//	4  4  size of the value
//	8  1  only if there is more: bit 0: encrypted
//
// A part is compressed if it has less than its share of the value.
const longRoot = 8

// nodePlace is where a node is.
type nodePlace struct {
	page uint32
	node int
}

// longValue returns the long value whose identifier b is.
func (t *Table) longValue(b []byte, off int64) ([]byte, error) {
	if len(b) != 4 && len(b) != 8 {
		return nil, damage.New("identifier of a long value", off, fmt.Sprintf("%d bytes", len(b)), "4 or 8 bytes")
	}
	if t.long.root == 0 {
		return nil, damage.New("long value", off, "a table without long values", "its tree")
	}
	id := bytes.Clone(b)
	for i, j := 0, len(id)-1; i < j; i, j = i+1, j-1 {
		id[i], id[j] = id[j], id[i]
	}
	p, at, err := t.r.find(t.long, id)
	if damage.Is(err) {
		p, at, err = t.findLong(id, err)
	}
	if err != nil {
		return nil, err
	}
	v := longValue{id: id, off: off}
	err = t.r.following(t.long, p, at, func(n node) bool { return v.add(&n) })
	if err == nil {
		err = v.finish()
	}
	if err != nil {
		return nil, err
	}
	return v.out, nil
}

// findLong finds the first node of a long value if a page that leads to it is damaged: in
// all leaves of the tree, which are read once.
func (t *Table) findLong(id []byte, damaged error) (*page, int, error) {
	t.indexed.Do(func() {
		t.index = map[string]nodePlace{}
		t.r.leaves(t.long, func(p *page, err error) bool {
			if err != nil {
				return damage.Is(err)
			}
			for i := range p.nodes() {
				if n, err := p.node(i); err == nil && n.flags&nodeDeleted == 0 && len(n.prefix)+len(n.suffix) <= 8 {
					t.index[string(n.key())] = nodePlace{p.number, i}
				}
			}
			return true
		})
	})
	at, ok := t.index[string(id)]
	if !ok {
		return nil, 0, damaged
	}
	p, err := t.r.page(at.page)
	return p, at.node, err
}

// longValue puts a long value together.
type longValue struct {
	id    []byte
	off   int64 // of its identifier in the record
	found bool
	size  int
	out   []byte
	last  []byte // the part that was read last, whose size once decompressed the next one shows
	lastO int64
	err   error
}

// add takes the next node of the tree. It returns false if the value is complete.
func (v *longValue) add(n *node) bool {
	key := n.key()
	if !bytes.HasPrefix(key, v.id) {
		return false
	}
	if !v.found {
		if len(key) != len(v.id) || len(n.data) < longRoot {
			v.err = damage.New("long value", n.off, fmt.Sprintf("key % x", key), fmt.Sprintf("key % x", v.id))
			return false
		}
		v.found, v.size = true, int(min(le.Uint32(n.data[4:]), 1<<31-1))
		if len(n.data) > longRoot && n.data[longRoot]&1 != 0 {
			v.err = &FormatError{Offset: n.off, What: "long value", Got: "an encrypted one", Want: "a plain one", Err: ErrUnsupported}
		}
		return v.err == nil
	}
	if len(key) != len(v.id)+4 {
		return false
	}
	at := int(min(binary.BigEndian.Uint32(key[len(v.id):]), 1<<31-1))
	if v.part(at); v.err != nil {
		return false
	}
	if at != len(v.out) {
		v.err = damage.New("offset of a part of a long value", n.off, at, len(v.out))
		return false
	}
	v.last, v.lastO = n.data, n.off
	return true
}

// part adds the last part, which ends at end of the value.
func (v *longValue) part(end int) {
	if v.last == nil {
		return
	}
	b := v.last
	if len(b) != end-len(v.out) {
		if b, v.err = decompress(b, v.lastO); v.err != nil {
			return
		}
	}
	v.out, v.last = append(v.out, b...), nil
}

func (v *longValue) finish() error {
	if v.err == nil {
		v.part(v.size)
	}
	switch {
	case v.err != nil:
		return v.err
	case !v.found:
		return damage.New("long value", v.off, "none", fmt.Sprintf("one with the key % x", v.id))
	case len(v.out) != v.size:
		return damage.New("size of a long value", v.off, len(v.out), v.size)
	}
	return nil
}
