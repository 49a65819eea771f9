package esetest

import "fmt"

// entry is a node of a leaf.
type entry struct{ key, data []byte }

// The flags of pages and nodes that are written.
const (
	pageRoot, pageLeaf, pageParent = 0x0001, 0x0002, 0x0004
	pageLongValue                  = 0x0080
	pageNewRecord, pageNewChecksum = 0x0800, 0x2000

	nodeCompressed = 4
)

// tree writes a tree with its root at a page. The entries are in the order of their keys.
func (w *writer) tree(root, object, flags uint32, entries []entry) {
	flags |= pageNewRecord
	if !w.db.OldChecksum {
		flags |= pageNewChecksum
	}
	if w.fits(entries, true) {
		w.page(root, object, flags|pageRoot|pageLeaf, 0, 0, entries)
		return
	}
	level, kind := w.split(entries), uint32(pageLeaf)
	for depth := 0; ; depth++ {
		var above []entry
		first := w.next
		w.next += uint32(len(level))
		for i, part := range level {
			number := first + uint32(i)
			var prev, next uint32
			var key []byte // greater than all keys in the page; the last one has none
			if i > 0 {
				prev = number - 1
			}
			if i+1 < len(level) {
				next, key = number+1, level[i+1][0].key
				if kind != pageLeaf { // the keys of pages above are those that end a page
					key = part[len(part)-1].key
				}
			}
			w.page(number, object, flags|kind, prev, next, part)
			above = append(above, entry{key, le.AppendUint32(nil, number)})
		}
		kind = 0
		if depth == 0 {
			kind = pageParent
		}
		if w.fits(above, true) || w.err != nil {
			w.page(root, object, flags|pageRoot|kind, 0, 0, above)
			return
		}
		level = w.split(above)
	}
}

// header returns the size of the header of a page.
func (w *writer) header() int {
	if w.size > 8192 {
		return 80
	}
	return 40
}

// room is how many bytes the nodes and their tags have.
func (w *writer) room(root bool) int {
	external := 16 // the header of a root; the key that others share
	if !root {
		external = 64
	}
	return w.size - w.header() - 4 - external
}

func (w *writer) fits(entries []entry, root bool) bool {
	n := 0
	for _, e := range entries {
		n += 4 + 4 + len(e.key) + len(e.data)
	}
	return n <= w.room(root)
}

// split distributes entries to pages.
func (w *writer) split(entries []entry) [][]entry {
	var list [][]entry
	for len(entries) > 0 {
		n := 1
		for n < len(entries) && w.fits(entries[:n+1], false) {
			n++
		}
		if !w.fits(entries[:n], false) {
			w.err = fmt.Errorf("esetest: a record of %d bytes does not fit into a page", len(entries[0].data))
		}
		list, entries = append(list, entries[:n]), entries[n:]
	}
	return list
}

// page writes one page.
func (w *writer) page(number, object, flags, prev, next uint32, entries []entry) {
	p := make([]byte, w.size)
	le.PutUint32(p[0x10:], prev)
	le.PutUint32(p[0x14:], next)
	le.PutUint32(p[0x18:], object)
	le.PutUint32(p[0x24:], flags)
	body, used, tags := p[w.header():], 0, 0
	if w.size > 8192 {
		le.PutUint32(p[0x40:], number)
	}
	add := func(b []byte, nodeFlags int) {
		at := len(body) - 4*(tags+1)
		if used+len(b) > at {
			w.err = fmt.Errorf("esetest: page %d is too small", number)
			return
		}
		copy(body[used:], b)
		offset := used
		if w.size > 8192 {
			if nodeFlags != 0 {
				body[used+1] |= byte(nodeFlags << 5)
			}
		} else {
			offset |= nodeFlags << 13
		}
		le.PutUint16(body[at:], uint16(len(b)))
		le.PutUint16(body[at+2:], uint16(offset))
		used, tags = used+len(b), tags+1
	}
	var shared []byte
	if flags&pageRoot != 0 {
		external := make([]byte, 16)
		le.PutUint32(external, 1) // pages of the first extent
		add(external, 0)
	} else {
		if len(entries) > 0 {
			shared = entries[0].key[:min(len(entries[0].key), 60)]
		}
		add(shared, 0)
	}
	for _, e := range entries {
		n := common(shared, e.key)
		var b []byte
		nodeFlags := 0
		if n > 2 {
			b, nodeFlags = le.AppendUint16(nil, uint16(n)), nodeCompressed
		} else {
			n = 0
		}
		b = le.AppendUint16(b, uint16(len(e.key)-n))
		add(append(append(b, e.key[n:]...), e.data...), nodeFlags)
	}
	le.PutUint16(p[0x1c:], uint16(max(0, len(body)-used-4*tags)))
	le.PutUint16(p[0x20:], uint16(used))
	le.PutUint16(p[0x22:], uint16(tags))
	w.pages[number] = p
	w.next = max(w.next, number+1)
}

// common returns how many bytes a and b share at their beginning.
func common(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
