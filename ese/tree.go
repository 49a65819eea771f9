package ese

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
)

// tree is a B+ tree of pages.
type tree struct {
	root, object uint32
}

// maxDepth is how many levels a tree has at most. With two nodes in each page, 32 levels
// hold more pages than a file can have.
const maxDepth = 32

// walker yields the leaves of a tree in the order of their keys, each page once.
type walker struct {
	r     *Reader
	tree  tree
	seen  map[uint32]bool
	lost  bool     // a page that leads to others is damaged
	tails []uint32 // pages that leaves name as the next one
	yield func(*page, error) bool
}

// leaves calls yield with each leaf of a tree, and with the damage between them, until it
// returns false. An error that is not damage is the last.
func (r *Reader) leaves(t tree, yield func(*page, error) bool) {
	w := walker{r: r, tree: t, seen: map[uint32]bool{}, yield: yield}
	if !w.below(t.root, 0) {
		return
	}
	// A page was split, and the database left before the page above was written.
	for len(w.tails) > 0 {
		next := w.tails[0]
		w.tails = w.tails[1:]
		if w.seen[next] {
			continue
		}
		if p, err := r.page(next); err == nil && p.object == t.object && p.leaf() && w.seen[p.prev] && p.flags&flagEmpty == 0 {
			r.note(damage.Unclean, damage.New("tree", p.off, "a leaf that only its neighbor names", "all leaves"), p.where())
			w.seen[next] = true
			if !w.leaf(p) {
				return
			}
		}
	}
	if w.lost {
		w.orphans()
	}
}

// below walks the tree at and below a page. It returns false to stop.
func (w *walker) below(number uint32, depth int) bool {
	if w.seen[number] || depth > maxDepth {
		return w.fail(damage.New("tree", -1, fmt.Sprintf("page %d again", number), "each page once"))
	}
	w.seen[number] = true
	p, err := w.r.page(number)
	if err != nil {
		return w.fail(err)
	}
	if p.object != w.tree.object {
		return w.fail(damage.In(damage.New("object of the page", p.off+0x18, p.object, w.tree.object), "", p.where()))
	}
	if p.flags&flagEmpty != 0 {
		return true
	}
	if p.leaf() {
		return w.leaf(p)
	}
	for i := range p.nodes() {
		n, err := p.node(i)
		if err == nil {
			number, err = n.child()
		}
		if err != nil {
			if !w.fail(err) {
				return false
			}
		} else if !w.below(number, depth+1) {
			return false
		}
	}
	return true
}

func (w *walker) leaf(p *page) bool {
	if p.next != 0 {
		w.tails = append(w.tails, p.next)
	}
	return w.yield(p, nil)
}

// fail yields damage, after which the leaves are looked for in the whole file.
func (w *walker) fail(err error) bool {
	w.lost = true
	return w.yield(nil, err) && damage.Is(err)
}

// orphans yields the leaves of the table that the walk did not reach.
func (w *walker) orphans() {
	for number := uint32(1); number <= w.r.pages(); number++ {
		if w.seen[number] || !w.r.belongs(number, w.tree.object) {
			continue
		}
		p, err := w.r.page(number)
		if err != nil || p.flags&(flagSpaceTree|flagEmpty) != 0 || !p.leaf() {
			continue
		}
		w.seen[number] = true
		if !w.yield(p, nil) {
			return
		}
	}
}

// belongs reports whether a page has an object identifier, without reading all of it.
func (r *Reader) belongs(number, object uint32) bool {
	var b [4]byte
	n, _ := r.r.ReadAt(b[:], (int64(number)+1)*int64(r.header.PageSize)+0x18)
	return n == len(b) && le.Uint32(b[:]) == object
}

// find returns the leaf that holds the first key that is not less than key, and the index
// of its node. A page above has, for each page below, a key that is greater than all keys
// in it; the last has no key.
func (r *Reader) find(t tree, key []byte) (*page, int, error) {
	number := t.root
	for range maxDepth {
		p, err := r.page(number)
		if err != nil {
			return nil, 0, err
		}
		if p.object != t.object {
			return nil, 0, damage.In(damage.New("object of the page", p.off+0x18, p.object, t.object), "", p.where())
		}
		at, err := p.search(key)
		if err != nil {
			return nil, 0, err
		}
		if p.leaf() {
			return p, at, nil
		}
		n, err := p.node(min(at, max(0, p.nodes()-1)))
		if err == nil {
			number, err = n.child()
		}
		if err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, damage.New("tree", -1, fmt.Sprintf("more than %d levels", maxDepth), "fewer")
}

// search returns the index of the first node whose key is not less than key, in a leaf, or
// greater than key, in a page above.
func (p *page) search(key []byte) (int, error) {
	if p.nodes() == 0 && !p.leaf() {
		return 0, damage.In(damage.New("nodes of the page", p.off, 0, "≥ 1"), "", p.where())
	}
	low, high := 0, p.nodes()
	for low < high {
		mid := (low + high) / 2
		n, err := p.node(mid)
		if err != nil {
			return 0, err
		}
		order := bytes.Compare(n.key(), key)
		if !p.leaf() && len(n.suffix) == 0 && len(n.prefix) == 0 {
			order = 1 // the last page has no upper bound
		}
		if order < 0 || order == 0 && !p.leaf() {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, nil
}

// following calls yield with the nodes from one on, through the leaves that follow, until
// it returns false.
func (r *Reader) following(t tree, p *page, at int, yield func(node) bool) error {
	seen := []uint32{p.number}
	for {
		for i := at; i < p.nodes(); i++ {
			n, err := p.node(i)
			if err != nil {
				return err
			}
			if n.flags&nodeDeleted == 0 && !yield(n) {
				return nil
			}
		}
		if p.next == 0 {
			return nil
		}
		next, err := r.page(p.next)
		if err != nil {
			return err
		}
		if next.object != t.object || !next.leaf() || next.prev != p.number || len(seen) > 64 && slices.Contains(seen, next.number) {
			return damage.In(damage.New("next page", p.off+0x14, p.next, "the leaf after it"), "", p.where())
		}
		seen = append(seen, next.number)
		p, at = next, 0
	}
}
