package registry

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Every cell of a sound hive has one owner, except security descriptors. This keeps
// a walk over a hive finite and linear. If a survey does not show this, check makes sure
// of it: it follows every reference once, and refuses those that would make the walk
// longer. The rest of the package never follows a refused reference.
//
//   - Keys and lists of keys must have one owner. If several lists name a key, it
//     belongs to the list of the parent that the key itself names, else to the
//     first. If several keys have one list, it belongs to the one that its keys
//     name as their parent, else to the first.
//   - Everything else may be shared, even with a key: otherwise a damaged reference
//     that is met first would take away what belongs to another key. Cells may also
//     begin inside others, as they do if a damaged size hides the true borders.
//     Both are allowed only until they have cost as much reading as the whole file.
//   - No key is deeper than maxDepth.
const maxDepth = 512 // levels below the root, Windows' own limit

type checker struct {
	r       *Reader
	starts  bitmap // cells as they follow each other in their bins, by cell offset / 8
	claimed bitmap // cells that have an owner, by cell offset / 8
	owned   bitmap // cells that no other key or list of keys may own, by cell offset / 8
	lists   bitmap // lists of values that were checked, by cell offset / 8
	valued  bitmap // values that were checked, by cell offset / 8
	big     bitmap // lists of big data that were checked, by cell offset / 8
	granted bitmap // references that are followed, by file offset / 4
	refused refusals
	secured bitmap // security cells that were reported on, by cell offset / 8
	spare   int64  // bytes that may still be read more than once
	path    []string
	later   []claimant // keys that name another parent
	waiting []waiting  // lists of keys that name another parent
	beyond  bool       // a reference leads beyond the size in the base block
	report  report     // nil if nothing is to be reported
	stopped bool
}

// claimant is a reference to a key, with what the list that holds it shows.
type claimant struct {
	to     ref
	parent uint32 // cell offset of the key that lists it
	depth  int    // of the key itself
	hashed bool   // in a list with hashes
	hash   uint32
}

// waiting is a list of the subkeys of a key that name another key as their parent, which may
// have the same list.
type waiting struct {
	list     ref
	key      uint32 // cell offset
	depth    int    // of the key
	stated   int    // number of subkeys in the key
	statedAt int64
}

// claim makes the owner of a reference an owner of the cell that it refers to, of
// which size bytes will be read. Alone is for structures that must have no other
// owner of their kind.
func (c *checker) claim(to ref, size int, what string, alone bool) bool {
	i := int64(to.cell / 8)
	if b := &c.r.base; to.cell >= b.binsSize && b.closed() && !c.beyond {
		c.beyond = true
		c.note(damage.Malformed, damage.New("hive bins data size", 40, fmt.Sprintf("%#x", b.binsSize), fmt.Sprintf("more than %#x, the offset of a %s", to.cell, what)))
	}
	taken, regular := c.claimed.has(i), c.starts.has(i)
	if alone && c.owned.has(i) || (taken || !regular) && !c.afford(int64(size)) {
		c.refuse(to, what)
		return false
	}
	c.claimed.set(i)
	c.granted.set(to.at / 4)
	if alone {
		c.owned.set(i)
	}
	switch {
	case taken:
		c.note(damage.Malformed, damage.New(what+" offset", to.at, fmt.Sprintf("%#x, in use elsewhere", to.cell), "an unshared cell"))
	case !regular:
		c.note(damage.Malformed, damage.New(what+" offset", to.at, fmt.Sprintf("%#x, inside another cell", to.cell), "the beginning of a cell"))
	}
	return true
}

// afford reports whether size bytes may be read once more, and counts them if so.
func (c *checker) afford(size int64) bool {
	if c.spare < size {
		return false
	}
	c.spare -= size
	return true
}

func (c *checker) refuse(to ref, what string) {
	c.refused.add(to, what, c.granted.has(to.at/4))
	c.note(damage.Malformed, refusal(to, what))
}

// note reports err, unless it is nil, at the key that is being checked.
func (c *checker) note(kind damage.Kind, err error) {
	if err == nil || c.report == nil || c.stopped {
		return
	}
	c.stopped = !c.report(kind, err, strings.Join(c.path, `\`))
}
