package registry

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// check returns the references to refuse. Unless report is nil, it also reports
// what it finds, until report returns false.
func (r *Reader) check(report report) *refusals {
	size := int64(len(r.binEnd)) * pageSize
	c := &checker{
		r:       r,
		starts:  newBitmap(size / 8),
		claimed: newBitmap(size / 8),
		owned:   newBitmap(size / 8),
		lists:   newBitmap(size / 8),
		valued:  newBitmap(size / 8),
		big:     newBitmap(size / 8),
		granted: newBitmap((baseBlockSize + size) / 4),
		refused: refusals{at: newBitmap((baseBlockSize + size) / 4)},
		secured: newBitmap(size / 8),
		spare:   size,
		report:  report,
	}
	c.walkBins()
	root := ref{-1, -1, r.root}
	if c.claim(root, 0, "root key", true) {
		c.key(root, none, 0)
	}
	for !c.stopped && len(c.later)+len(c.waiting) > 0 {
		if len(c.later) > 0 {
			next := c.later[0]
			c.later = c.later[1:]
			c.subkey(next)
			continue
		}
		next := c.waiting[0]
		c.waiting = c.waiting[1:]
		c.path = c.pathTo(next.key)
		c.below(next)
		c.path = nil
	}
	c.refused.sort()
	return &c.refused
}

// Problems iterates over what is wrong with the hive: first with its transaction logs,
// then with its base block and bins, then with its keys and values in the order of Keys.
// Each iteration reads the whole hive.
func (r *Reader) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for _, p := range r.logProblems {
			if !yield(p) {
				return
			}
		}
		note := func(kind damage.Kind, err error, path string) bool {
			return yield(damage.Note(kind, err, r.artifact(), path))
		}
		if r.root != r.base.root && r.root != none && r.base.lost == nil && !note(damage.Malformed, damage.New("root cell offset", 36,
			fmt.Sprintf("%#x", r.base.root), fmt.Sprintf("%#x, the first key marked as the root", r.root)), "") {
			return
		}
		if r.base.problems(note) && r.cells.problems(&r.base, note) {
			r.check(note)
		}
	}
}

// walkBins records the cell offsets at which cells begin.
func (c *checker) walkBins() {
	ends := c.r.binEnd
	for page := 0; page < len(ends); {
		end := ends[page]
		for at := uint64(page)*pageSize + binHeaderSize; at+8 <= uint64(end); at += c.r.span(uint32(at)) {
			c.starts.set(int64(at / 8))
		}
		page = int((uint64(end) + pageSize - 1) / pageSize)
	}
}

// key checks the key that a claimed reference refers to and all keys below it.
func (c *checker) key(to ref, parent uint32, depth int) {
	if c.stopped {
		return
	}
	node, at, err := c.r.node(to)
	if err != nil {
		c.note(damage.Malformed, err)
		return
	}
	if depth > 0 {
		c.path = append(c.path, c.nameForReport(node))
		defer func() { c.path = c.path[:len(c.path)-1] }()
	}
	if named := refAt(node, at, nodeParent); parent != none && named.cell != parent {
		c.note(damage.Malformed, damage.New("parent offset", named.at, fmt.Sprintf("%#x", named.cell), fmt.Sprintf("%#x", parent)))
	}
	c.attachments(node, at)
	c.values(node, at)

	list, stated := refAt(node, at, nodeSubkeyList), count(node[nodeSubkeyCount:])
	if stated == 0 || list.cell == none {
		if stated != 0 {
			c.note(damage.Malformed, damage.New("number of subkeys", at+nodeSubkeyCount, stated, "0, because there is no list"))
		}
		return
	}
	if depth == maxDepth {
		c.refused.add(list, "subkey list", c.granted.has(list.at/4))
		c.note(damage.Limit, damage.New("subkey list offset", list.at, fmt.Sprintf("keys %d levels deep", depth+1), fmt.Sprintf("≤ %d", maxDepth)))
		return
	}
	next := waiting{list, to.cell, depth, stated, at + nodeSubkeyCount}
	if elements, at, step, signature, _ := c.r.list(list); c.r.ofAnother(leaf{elements, at, step, signature}, to.cell, false) {
		c.waiting = append(c.waiting, next)
		return
	}
	c.below(next)
}

// below checks the list of subkeys of a key.
func (c *checker) below(k waiting) {
	found := c.list(k.list, k.key, k.depth, false)
	if found != k.stated {
		c.note(damage.Malformed, damage.New("number of subkeys", k.statedAt, k.stated, fmt.Sprintf("%d, as in the list", found)))
	}
}

// pathTo returns the names of the keys to a key, as the parents in them have it. It is
// for reports alone.
func (c *checker) pathTo(key uint32) (path []string) {
	if c.report == nil {
		return nil
	}
	for key != c.r.root && len(path) < maxDepth {
		node, _, err := c.r.node(ref{-1, -1, key})
		if err != nil {
			break
		}
		path = append(path, c.nameForReport(node))
		key = binary.LittleEndian.Uint32(node[nodeParent:])
	}
	slices.Reverse(path)
	return path
}

// list checks a list of subkeys and the keys in it, and returns how many keys it
// names.
func (c *checker) list(to ref, parent uint32, depth int, nested bool) int {
	elements, at, step, signature, err := c.r.list(to)
	c.note(damage.Malformed, err)
	if elements == nil || !c.claim(to, len(elements), "subkey list", true) {
		return 0
	}
	if signature == "ri" {
		if nested {
			c.note(damage.Malformed, nestedRoot(at))
			return 0
		}
		sum := 0
		for i := 0; i < len(elements); i += step {
			sum += c.list(refAt(elements, at, i), parent, depth, true)
		}
		return sum
	}
	for i := 0; i < len(elements); i += step {
		next := claimant{to: refAt(elements, at, i), parent: parent, depth: depth + 1}
		if signature == "lh" {
			next.hashed, next.hash = true, binary.LittleEndian.Uint32(elements[i+hashOffset:])
		}
		node, _, err := c.r.node(next.to)
		if err != nil {
			c.note(damage.Malformed, err) // the reference claims nothing
			continue
		}
		if binary.LittleEndian.Uint32(node[nodeParent:]) != parent {
			c.later = append(c.later, next)
			continue
		}
		c.subkey(next)
	}
	return len(elements) / step
}

// subkey checks a sound key in a list.
func (c *checker) subkey(k claimant) {
	if !c.claim(k.to, nodeName, "key node", true) {
		return
	}
	if k.hashed && c.report != nil {
		c.hash(k.to, k.hash)
	}
	c.key(k.to, k.parent, k.depth)
}

// hash checks the hash by which Windows finds a key. A key with a wrong hash is
// listed but cannot be opened.
func (c *checker) hash(to ref, stored uint32) {
	node, _, err := c.r.node(to)
	if err != nil {
		return // key reports it
	}
	name := c.nameForReport(node)
	var sum uint32
	for i := range len(name) {
		if name[i] >= 0x80 {
			return // this would need Windows' own table of upper case
		}
		sum = sum*37 + uint32(winpath.Upper(rune(name[i])))
	}
	if sum != stored {
		c.note(damage.Malformed, damage.New("hash of key name "+name, to.at+hashOffset, fmt.Sprintf("%#08x", stored), fmt.Sprintf("%#08x", sum)))
	}
}

// nameForReport returns the name of a key, if anything will be reported.
func (c *checker) nameForReport(node []byte) string {
	if c.report == nil {
		return ""
	}
	n := int(binary.LittleEndian.Uint16(node[nodeNameSize:]))
	return decodeName(node[nodeName:nodeName+n], flagsOf(node)&KeyCompressedName != 0)
}
