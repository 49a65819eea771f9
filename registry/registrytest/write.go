package registrytest

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
)

const (
	segmentSize    = 16344 // of big data
	keysPerLeaf    = 507   // a list then fits into a bin of one page, as in Windows
	maxNameSize    = 512   // of a key, in bytes of UTF-16
	maxDepth       = 512
	administrators = "S-1-5-32-544"
)

// writer writes the cells of one hive.
type writer struct {
	*bins
	minor    uint32
	lists    ListKind
	security map[string]uint32 // cell by owner
	owners   []string          // in the order of their cells
}

// Bytes returns the hive as the content of a file. It fails if the Hive cannot be
// one: if names occur twice in a key, are too long or contain a backslash, if an
// owner is not a SID, or if the version is unknown.
func (h Hive) Bytes() ([]byte, error) {
	minor := h.Minor
	if minor == 0 {
		minor = 5
	}
	if minor > 6 {
		return nil, fmt.Errorf("registrytest: minor version %d: want 1 to 6", minor)
	}
	w := &writer{bins: newBins(minor), minor: minor, lists: h.Lists, security: map[string]uint32{}}
	rootKey := h.Root
	if rootKey.Name == "" {
		rootKey.Name = "ROOT"
	}
	if rootKey.Owner == "" {
		rootKey.Owner = administrators
	}
	root, err := w.key(&rootKey, none, rootKey.Owner, 0)
	if err != nil {
		return nil, fmt.Errorf("registrytest: %w", err)
	}
	w.linkSecurity()
	for _, content := range h.Unused {
		w.unused(content)
	}
	return w.file(&h, minor, root), nil
}

// key writes a key and all keys below it. For the root, parent is the constant
// none.
func (w *writer) key(k *Key, parent uint32, owner string, depth int) (uint32, error) {
	name, compressed := w.name(k.Name)
	class := wtf8.Encode(k.Class)
	switch {
	case k.Name == "" || len(wtf8.Encode(k.Name)) > maxNameSize || strings.Contains(k.Name, `\`):
		return 0, fmt.Errorf("key name %.40q: want 1 to 256 characters without a backslash", k.Name)
	case len(class) > 0xffff:
		return 0, fmt.Errorf("class name of key %q: %d bytes, want ≤ 65535", k.Name, len(class))
	case depth > maxDepth:
		return 0, fmt.Errorf("key %q: more than %d levels deep", k.Name, maxDepth)
	}
	if k.Owner != "" {
		owner = k.Owner
	}
	cell, node := w.alloc(76 + len(name) + len(k.Slack))
	flags := registry.KeyFlags(0)
	if compressed {
		flags |= registry.KeyCompressedName
	}
	if parent == none {
		flags |= registry.KeyRoot | registry.KeyNoDelete
		parent = cell
	}
	if k.Link {
		flags |= registry.KeySymbolicLink
	}
	le := binary.LittleEndian
	copy(node, "nk")
	le.PutUint16(node[2:], uint16(flags))
	putTime(node[4:], k.LastWrite)
	le.PutUint32(node[16:], parent)
	for _, field := range [...]int{28, 32, 40, 44, 48} { // cell offsets
		le.PutUint32(node[field:], none)
	}
	le.PutUint16(node[72:], uint16(len(name)))
	le.PutUint16(node[74:], uint16(len(class)))
	copy(node[76+copy(node[76:], name):], k.Slack)

	var security uint32
	var err error
	if k.Security != nil {
		security = w.securityCell(string(k.Security), k.Security)
	} else {
		security, err = w.securityOf(owner)
	}
	if err != nil {
		return 0, fmt.Errorf("key %q: %w", k.Name, err)
	}
	le.PutUint32(w.at(cell)[44:], security)
	if len(class) > 0 {
		classCell, b := w.alloc(len(class))
		copy(b, class)
		le.PutUint32(w.at(cell)[48:], classCell)
	}
	if err := w.values(cell, k); err != nil {
		return 0, err
	}
	return cell, w.subkeys(cell, k, owner, depth)
}

// subkeys writes the keys below a key, and their list.
func (w *writer) subkeys(cell uint32, k *Key, owner string, depth int) error {
	if len(k.Keys) == 0 {
		return nil
	}
	var sorted []*Key
	for i := range k.Keys {
		if sub := &k.Keys[i]; !sub.Deleted {
			sorted = append(sorted, sub)
		} else if err := w.deletedKey(sub, cell, owner, depth); err != nil {
			return err
		}
	}
	if len(sorted) == 0 {
		return nil
	}
	slices.SortStableFunc(sorted, func(a, b *Key) int { return compareNames(a.Name, b.Name) })
	cells := make([]uint32, len(sorted))
	var longest, longestClass int
	for i, sub := range sorted {
		if i > 0 && compareNames(sorted[i-1].Name, sub.Name) == 0 {
			return fmt.Errorf("key %q: two keys named %q", k.Name, sub.Name)
		}
		var err error
		if cells[i], err = w.key(sub, cell, owner, depth+1); err != nil {
			return err
		}
		longest = max(longest, len(wtf8.Encode(sub.Name)))
		longestClass = max(longestClass, len(wtf8.Encode(sub.Class)))
	}
	list, err := w.list(cmp.Or(k.List, w.lists), sorted, cells)
	if err != nil {
		return fmt.Errorf("key %q: %w", k.Name, err)
	}
	node := w.at(cell)
	binary.LittleEndian.PutUint32(node[20:], uint32(len(sorted)))
	binary.LittleEndian.PutUint32(node[28:], list)
	binary.LittleEndian.PutUint32(node[52:], uint32(longest))
	binary.LittleEndian.PutUint32(node[56:], uint32(longestClass))
	return nil
}

// deletedKey writes a key, and marks its cells and those of all below it as deleted.
func (w *writer) deletedKey(k *Key, parent uint32, owner string, depth int) error {
	if k.Owner != "" {
		owner = k.Owner
	}
	if _, err := w.securityOf(owner); err != nil { // which other keys may have too
		return fmt.Errorf("key %q: %w", k.Name, err)
	}
	made := len(w.cells)
	if _, err := w.key(k, parent, owner, depth+1); err != nil {
		return err
	}
	for _, cell := range w.cells[made:] {
		if string(w.at(cell)[:2]) != "sk" {
			w.deleted = append(w.deleted, cell)
		}
	}
	return nil
}

// compareNames orders names as Windows does: by their UTF-16 units in upper case.
func compareNames(a, b string) int {
	x, y := wtf8.Encode(winpath.FoldName(a)), wtf8.Encode(winpath.FoldName(b))
	for i := 0; i < len(x) && i < len(y); i += 2 {
		if d := int(binary.LittleEndian.Uint16(x[i:])) - int(binary.LittleEndian.Uint16(y[i:])); d != 0 {
			return d
		}
	}
	return len(x) - len(y)
}

// leastVersions are the first minor versions of the format that have a kind of list.
var leastVersions = map[ListKind]uint32{IndexLeaf: 1, FastLeaf: 3, HashLeaf: 5, IndexRoot: 1}

// list writes the list of a key's subkeys: of the kind that is wanted, else of that of the
// format version, and below an ri list if there are many.
func (w *writer) list(kind ListKind, keys []*Key, cells []uint32) (uint32, error) {
	each := keysPerLeaf
	switch least, ok := leastVersions[kind]; {
	case kind == "" && w.minor < 3:
		kind = IndexLeaf
	case kind == "" && w.minor < 5:
		kind = FastLeaf
	case kind == "":
		kind = HashLeaf
	case !ok || w.minor < least:
		return 0, fmt.Errorf("no list of subkeys %q in format 1.%d", kind, w.minor)
	case kind == IndexRoot:
		each = min(each, (len(keys)+1)/2) // two lists, if there are two keys
		kind = map[bool]ListKind{true: IndexLeaf, false: FastLeaf}[w.minor < 3]
		if w.minor >= 5 {
			kind = HashLeaf
		}
		return w.root(kind, each, keys, cells), nil
	}
	if len(keys) <= keysPerLeaf {
		return w.leaf(kind, keys, cells), nil
	}
	return w.root(kind, each, keys, cells), nil
}

// root writes a list of lists with so many keys each.
func (w *writer) root(kind ListKind, each int, keys []*Key, cells []uint32) uint32 {
	var leaves []uint32
	for i := 0; i < len(keys); i += each {
		end := min(i+each, len(keys))
		leaves = append(leaves, w.leaf(kind, keys[i:end], cells[i:end]))
	}
	cell, b := w.alloc(4 + 4*len(leaves))
	copy(b, "ri")
	binary.LittleEndian.PutUint16(b[2:], uint16(len(leaves)))
	for i, leaf := range leaves {
		binary.LittleEndian.PutUint32(b[4+4*i:], leaf)
	}
	return cell
}

func (w *writer) leaf(kind ListKind, keys []*Key, cells []uint32) uint32 {
	step := 8
	if kind == IndexLeaf {
		step = 4
	}
	cell, b := w.alloc(4 + step*len(keys))
	copy(b, kind)
	binary.LittleEndian.PutUint16(b[2:], uint16(len(keys)))
	for i, k := range keys {
		e := b[4+step*i:]
		binary.LittleEndian.PutUint32(e, cells[i])
		switch kind {
		case FastLeaf:
			hint, _ := w.name(k.Name)
			copy(e[4:8], hint)
		case HashLeaf:
			binary.LittleEndian.PutUint32(e[4:], hash(k.Name))
		}
	}
	return cell
}

func hash(name string) uint32 {
	var sum uint32
	for b := wtf8.Encode(winpath.FoldName(name)); len(b) > 0; b = b[2:] {
		sum = sum*37 + uint32(binary.LittleEndian.Uint16(b))
	}
	return sum
}

// name encodes a name: as Latin-1 if possible, which format 1.1 does not support.
func (w *writer) name(s string) (b []byte, compressed bool) {
	if w.minor > 1 {
		for _, c := range s {
			if c > 0xff {
				return wtf8.Encode(s), false
			}
			b = append(b, byte(c))
		}
		return b, true
	}
	return wtf8.Encode(s), false
}

// values writes the values of a key, and their list.
func (w *writer) values(cell uint32, k *Key) error {
	if len(k.Values) == 0 {
		return nil
	}
	var list, removed []byte
	var longest, largest int
	seen := map[string]bool{}
	for _, v := range k.Values {
		if v.Deleted {
			made := len(w.cells)
			at, err := w.value(&v)
			if err != nil {
				return fmt.Errorf("key %q: %w", k.Name, err)
			}
			w.deleted = append(w.deleted, w.cells[made:]...)
			removed = binary.LittleEndian.AppendUint32(removed, at)
			continue
		}
		if seen[winpath.FoldName(v.Name)] {
			return fmt.Errorf("key %q: two values named %q", k.Name, v.Name)
		}
		seen[winpath.FoldName(v.Name)] = true
		at, err := w.value(&v)
		if err != nil {
			return fmt.Errorf("key %q: %w", k.Name, err)
		}
		list = binary.LittleEndian.AppendUint32(list, at)
		longest = max(longest, len(wtf8.Encode(v.Name)))
		largest = max(largest, len(v.Data))
	}
	if len(list) == 0 {
		return nil
	}
	at, b := w.alloc(len(list) + len(removed))
	copy(b[copy(b, list):], removed) // what the list held before
	node := w.at(cell)
	binary.LittleEndian.PutUint32(node[36:], uint32(len(list)/4))
	binary.LittleEndian.PutUint32(node[40:], at)
	binary.LittleEndian.PutUint32(node[60:], uint32(longest))
	binary.LittleEndian.PutUint32(node[64:], uint32(largest))
	return nil
}

func (w *writer) value(v *Value) (uint32, error) {
	name, compressed := w.name(v.Name)
	if len(name) > 0xffff {
		return 0, fmt.Errorf("value name %.40q…: %d bytes, want ≤ 65535", v.Name, len(name))
	}
	size, inline := uint32(len(v.Data)), [4]byte{}
	if len(v.Slack) > 0 && (len(v.Data) <= 4 || w.isBig(len(v.Data))) {
		return 0, fmt.Errorf("value %q: slack behind %d bytes of data, which do not have a cell of their own", v.Name, len(v.Data))
	}
	if len(v.Data) <= 4 {
		size |= 1 << 31
		copy(inline[:], v.Data)
	} else {
		at, err := w.data(v.Data, v.Slack)
		if err != nil {
			return 0, fmt.Errorf("value %q: %w", v.Name, err)
		}
		binary.LittleEndian.PutUint32(inline[:], at)
	}
	cell, b := w.alloc(20 + len(name))
	copy(b, "vk")
	binary.LittleEndian.PutUint16(b[2:], uint16(len(name)))
	binary.LittleEndian.PutUint32(b[4:], size)
	copy(b[8:], inline[:])
	binary.LittleEndian.PutUint32(b[12:], uint32(v.Type))
	if compressed && len(name) > 0 {
		binary.LittleEndian.PutUint16(b[16:], 1)
	}
	copy(b[20:], name)
	return cell, nil
}

// isBig reports whether so many bytes of data are big data.
func (w *writer) isBig(n int) bool { return n > segmentSize && w.minor >= 4 }

// data writes a value's data: in one cell or, from format 1.4 on, as big data if
// it is longer than a segment.
func (w *writer) data(data, slack []byte) (uint32, error) {
	if !w.isBig(len(data)) {
		cell, b := w.alloc(len(data) + len(slack))
		copy(b[copy(b, data):], slack)
		return cell, nil
	}
	var list []byte
	for rest := data; len(rest) > 0; {
		n := min(len(rest), segmentSize)
		cell, b := w.alloc(n + 4) // Windows adds four bytes
		copy(b, rest[:n])
		list = binary.LittleEndian.AppendUint32(list, cell)
		rest = rest[n:]
	}
	segments := len(list) / 4
	if segments > 0xffff {
		return 0, fmt.Errorf("%d bytes of data: want ≤ %d", len(data), 0xffff*segmentSize)
	}
	listCell, b := w.alloc(len(list))
	copy(b, list)
	cell, b := w.alloc(8)
	copy(b, "db")
	binary.LittleEndian.PutUint16(b[2:], uint16(segments))
	binary.LittleEndian.PutUint32(b[4:], listCell)
	return cell, nil
}
