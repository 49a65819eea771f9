package registry

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A list of subkeys (specification: "Index leaf", "Fast leaf", "Hash leaf",
// "Index root"):
//
//	0  2  signature: "li", "lf", "lh" list keys, "ri" lists the other lists
//	2  2  number of elements
//	4  …  elements: a cell offset, in lf and lh with four more bytes:
//	      the beginning of the name, or a hash of the name
const (
	listHeaderSize = 4
	hashOffset     = 4 // of the hash in an element of lh
)

// list reads one list of subkeys and returns its elements and their size.
func (r *Reader) list(to ref) (elements []byte, at int64, step int, signature string, err error) {
	b, at, err := r.structure(to, "subkey list", "", listHeaderSize)
	if err != nil {
		return nil, 0, 0, "", err
	}
	switch string(b[:2]) {
	case "lh":
		signature, step = "lh", 8
	case "lf":
		signature, step = "lf", 8
	case "li":
		signature, step = "li", 4
	case "ri":
		signature, step = "ri", 4
	default:
		return nil, 0, 0, "", damage.New("subkey list signature", at, fmt.Sprintf("%q", b[:2]), "li, lf, lh or ri")
	}
	n := int(binary.LittleEndian.Uint16(b[2:]))
	if room := len(b) - listHeaderSize; n*step > room {
		// The elements within the cell are read nevertheless.
		err = damage.New("number of subkeys in the list", at+2, n, fmt.Sprintf("≤ %d, given the size of its cell", room/step))
		n = room / step
	}
	return b[listHeaderSize : listHeaderSize+n*step], at + listHeaderSize, step, signature, err
}

// fewKeys is how many keys of a list are asked for their parent.
const fewKeys = 8

// ofAnother reports whether the first keys in a list that can be read name another key as
// their parent, and none of them this one.
func (r *Reader) ofAnother(l leaf, parent uint32, nested bool) bool {
	if l.signature == "ri" {
		if nested || len(l.elements) == 0 {
			return false
		}
		first, at, step, signature, _ := r.list(refAt(l.elements, l.at, 0))
		return r.ofAnother(leaf{first, at, step, signature}, parent, true)
	}
	other := false
	for i := 0; i < min(len(l.elements), fewKeys*l.step); i += l.step {
		node, _, err := r.node(refAt(l.elements, l.at, i))
		if err != nil {
			continue
		}
		if binary.LittleEndian.Uint32(node[nodeParent:]) == parent {
			return false
		}
		other = true
	}
	return other
}

// leaves yields the lists of keys: those below an index root, or the list
// itself. A damaged list yields an error and its readable part.
func (k *Key) leaves(to ref, yield func(leaf, error) bool) bool {
	elements, at, step, signature, err := k.followList(to)
	if err != nil && !yield(leaf{}, err) {
		return false
	}
	if signature != "ri" {
		return elements == nil || yield(leaf{elements, at, step, signature}, nil)
	}
	for i := 0; i < len(elements); i += step {
		elements, at, step, signature, err := k.followList(refAt(elements, at, i))
		if signature == "ri" {
			elements, err = nil, nestedRoot(at)
		}
		if err != nil && !yield(leaf{}, err) {
			return false
		}
		if elements != nil && !yield(leaf{elements, at, step, signature}, nil) {
			return false
		}
	}
	return true
}

func nestedRoot(elementsAt int64) error {
	return damage.New("subkey list signature", elementsAt-listHeaderSize, "ri below ri", "li, lf or lh")
}

func (k *Key) followList(to ref) ([]byte, int64, int, string, error) {
	if k.r.refused().has(to, "subkey list") {
		return nil, 0, 0, "", refusal(to, "subkey list")
	}
	return k.r.list(to)
}

// leaf holds the elements of one list of keys.
type leaf struct {
	elements  []byte
	at        int64 // file offset of elements
	step      int
	signature string
}

// Subkeys iterates over the keys directly below k, in the order of the hive,
// which Windows keeps sorted by name. A *FormatError, which comes with a zero
// Key, means that a key or a list of keys is damaged, and iteration goes on with
// the next. It yields no other errors. Breaking early and ranging again are
// safe.
func (k *Key) Subkeys() iter.Seq2[*Key, error] {
	return func(yield func(*Key, error) bool) {
		to, ok := k.subkeyList()
		if !ok {
			return
		}
		s := k.r.slab()
		defer k.r.release(s)
		k.leaves(to, func(l leaf, err error) bool {
			if err != nil {
				return yield(&Key{}, k.in(err))
			}
			for i := 0; i < len(l.elements); i += l.step {
				if !yield(k.subkey(s, refAt(l.elements, l.at, i))) {
					return false
				}
			}
			return true
		})
	}
}

// subkeyList returns the reference to the list of k's subkeys, and whether k has
// one.
func (k *Key) subkeyList() (ref, bool) {
	if k.SubkeyCount() == 0 {
		return ref{}, false
	}
	to := k.ref(nodeSubkeyList)
	return to, to.cell != none
}

func (k *Key) subkey(s *slab, to ref) (*Key, error) {
	if k.r.refused().has(to, "key node") {
		return &Key{}, k.in(refusal(to, "key node"))
	}
	return k.r.key(s, k, to)
}

// SubkeyCount returns how many subkeys the key claims to have.
func (k *Key) SubkeyCount() int {
	if k.r == nil {
		return 0
	}
	return count(k.node()[nodeSubkeyCount:])
}

// ValueCount returns how many values the key claims to have.
func (k *Key) ValueCount() int {
	if k.r == nil {
		return 0
	}
	return valueCount(k.node())
}

func count(b []byte) int {
	return int(min(uint64(binary.LittleEndian.Uint32(b)), math.MaxInt32))
}
