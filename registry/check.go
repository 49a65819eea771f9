package registry

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
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

// attachments checks a key's class name and security descriptor.
func (c *checker) attachments(node []byte, at int64) {
	if size := int(binary.LittleEndian.Uint16(node[nodeClassNameSize:])); size > 0 {
		if to := refAt(node, at, nodeClass); to.cell != none {
			c.dataCell(to, size, "class name")
		}
	}
	if to := refAt(node, at, nodeSecurity); to.cell != none && c.report != nil && !c.secured.has(int64(to.cell/8)) {
		c.secured.set(int64(to.cell / 8))
		_, _, err := c.r.security(to)
		c.note(damage.Malformed, err)
	}
}

// dataCell claims a cell that must hold size bytes.
func (c *checker) dataCell(to ref, size int, what string) {
	b, at, err := c.r.cell(to, what)
	if err != nil {
		c.note(damage.Malformed, err)
		return
	}
	if len(b) < size {
		c.note(damage.Malformed, damage.Truncated(what, at, int64(size), int64(len(b))))
	}
	c.claim(to, min(size, len(b)), what, false)
}

// values checks a key's values.
func (c *checker) values(node []byte, at int64) {
	n := valueCount(node)
	to := refAt(node, at, nodeValueList)
	if n == 0 {
		return
	}
	elements, at, err := c.r.cell(to, "value list")
	if err != nil {
		c.note(damage.Malformed, err)
		return
	}
	if room := len(elements) / 4; n > room {
		c.note(damage.Malformed, damage.New("number of values", to.at-4, n, fmt.Sprintf("≤ %d, given the size of the list", room)))
		n = room
	}
	if !c.claim(to, 4*n, "value list", false) {
		return
	}
	first := c.lists.add(int64(to.cell / 8))
	list, cost := to, int64(0) // of reading values that another key has as well
	for i := range n {
		to := refAt(elements, at, 4*i)
		v, err := c.r.value(to)
		if err != nil {
			if first {
				c.note(damage.Malformed, err)
			}
			continue
		}
		if first {
			c.value(to, v)
		} else {
			cost += v.cost()
		}
	}
	if !c.afford(cost) {
		c.refuse(list, "value list")
	}
}

// value checks a value in a list.
func (c *checker) value(to ref, v valueCell) {
	switch {
	case !c.claim(to, len(v.b), "value", false):
	case c.valued.add(int64(to.cell / 8)):
		c.data(v)
	case !c.afford(v.cost() - int64(len(v.b))):
		c.refuse(to, "value")
	}
}

// data checks the cells of a value's data.
func (c *checker) data(v valueCell) {
	size, resident := v.size()
	if resident {
		if size > 4 {
			c.note(damage.Malformed, v.residentError())
		}
		return
	}
	if size == 0 {
		if b, _, err := c.r.cell(v.data(), "value data"); err == nil { // which Windows gives no value of this size
			c.note(damage.Malformed, damage.New("value data size", v.at+valueDataSize, 0, fmt.Sprintf("up to %d, the size of the cell with the data", len(b))))
		}
		return
	}
	data := v.data()
	b, at, err := c.r.cell(data, "value data")
	if err != nil {
		c.note(damage.Malformed, err)
		return
	}
	if !c.r.isBigData(b, size) {
		c.dataCell(data, size, "value data")
		return
	}
	if c.claimed.has(int64(data.cell / 8)) {
		c.claim(data, size, "value data", false)
		return
	}
	if !c.claim(data, bigDataHeaderSize, "value data", false) {
		return
	}
	list, elements, at, err := c.r.segments(b, at)
	c.note(damage.Malformed, err)
	if elements == nil {
		return
	}
	if !c.big.add(int64(list.cell / 8)) {
		c.claim(list, size, "big data list", false)
		return
	}
	if !c.claim(list, min(len(elements), 4*segmentsOf(size)), "big data list", false) {
		return
	}
	left := size
	for i := 0; i < len(elements) && left > 0; i += 4 {
		n := min(left, segmentSize)
		c.dataCell(refAt(elements, at, i), n, "big data segment")
		left -= n
	}
	if left > 0 {
		c.note(damage.Malformed, damage.Truncated("big data", data.at, int64(size), int64(size-left)))
	}
}
