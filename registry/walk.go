package registry

import (
	"encoding/binary"
	"iter"
)

// Keys iterates over every key, each before its subkeys. A *FormatError, which
// comes with a zero Key, means that a key or a list of keys is damaged, and the
// walk goes on with what comes after it. It yields no other errors. Breaking early
// and ranging again are safe.
func (r *Reader) Keys() iter.Seq2[*Key, error] {
	return func(yield func(*Key, error) bool) {
		w := &walker{r: r, s: r.slab(), refused: r.refused(), yield: yield}
		defer r.release(w.s)
		root, err := r.key(w.s, nil, ref{-1, r.root})
		if err != nil {
			yield(root, err)
			return
		}
		w.key(root)
	}
}

// A walker yields keys. It does not follow what check refuses, so there are neither loops
// nor more than maxDepth levels.
type walker struct {
	r       *Reader
	s       *slab
	refused bitmap
	yield   func(*Key, error) bool
}

// key yields k and all keys below it.
func (w *walker) key(k *Key) bool {
	if !w.yield(k, nil) {
		return false
	}
	to, ok := k.subkeyList()
	return !ok || w.list(k, to, false)
}

// list yields the keys in a list of k, and all keys below them.
func (w *walker) list(k *Key, to ref, nested bool) bool {
	if w.refused.has(to.at / 4) {
		return w.fail(k, refusal(to, "subkey list"))
	}
	elements, at, step, signature, err := w.r.list(to)
	if nested && signature == "ri" {
		elements, err = nil, nestedRoot(at)
	}
	if err != nil && !w.fail(k, err) {
		return false
	}
	for i := 0; i < len(elements); i += step {
		to := refAt(elements, at, i)
		if signature == "ri" && !w.list(k, to, true) || signature != "ri" && !w.element(k, to) {
			return false
		}
	}
	return true
}

// element yields a key in a list of k, and all keys below it.
func (w *walker) element(k *Key, to ref) bool {
	if w.refused.has(to.at / 4) {
		return w.fail(k, refusal(to, "key node"))
	}
	node, at, err := w.r.node(to)
	if err != nil {
		return w.fail(k, err)
	}
	return w.key(w.r.keyOf(w.s, k, node, at))
}

// fail yields an error in k.
func (w *walker) fail(k *Key, err error) bool { return w.yield(&Key{}, k.in(err)) }

// refused returns the references not to be followed, by file offset / 4. Most hives have
// none, which the first question finds out.
func (r *Reader) refused() bitmap {
	known := r.known.Load()
	if known == nil {
		known = new(bitmap)
		if !r.sound() {
			*known = r.check(nil)
		}
		r.known.Store(known)
	}
	return *known
}

// sound reports that check would refuse nothing: no key is too deep, every key and every
// list of keys is met once and every key names the key whose list holds it as its
// parent, and all of this, the class names and the values are together not more bytes
// than the file has, however they are shared or overlap. A hive of which this is not
// true may be as good: only check knows.
func (r *Reader) sound() bool {
	size := int64(len(r.binEnd)) * pageSize
	s := &survey{r, newBitmap(size / 8), size}
	root := ref{-1, r.root}
	node, at, err := r.node(root)
	return err != nil || s.met.add(int64(r.root/8)) && s.key(node, at, r.root, 0)
}

type survey struct {
	r     *Reader
	met   bitmap // keys and lists of keys, by cell offset / 8
	spare int64  // bytes that the file has beyond those that were met
}

func (s *survey) key(node []byte, at int64, cell uint32, depth int) bool {
	s.spare -= int64(binary.LittleEndian.Uint16(node[nodeClassNameSize:]))
	if n := valueCount(node); n > 0 {
		s.values(refAt(node, at, nodeValueList), n)
	}
	if s.spare < 0 {
		return false
	}
	to := refAt(node, at, nodeSubkeyList)
	if count(node[nodeSubkeyCount:]) == 0 || to.cell == none {
		return true
	}
	return depth < maxDepth && s.list(to, cell, depth, false)
}

func (s *survey) values(list ref, n int) {
	elements, at, err := s.r.cell(list, "value list")
	if err != nil {
		return
	}
	n = min(n, len(elements)/4)
	s.spare -= 4 * int64(n)
	for i := 0; i < n && s.spare >= 0; i++ {
		if v, err := s.r.value(refAt(elements, at, 4*i)); err == nil {
			s.spare -= v.cost()
		}
	}
}

func (s *survey) list(to ref, parent uint32, depth int, nested bool) bool {
	elements, at, step, signature, _ := s.r.list(to)
	if elements == nil {
		return true
	}
	s.spare -= int64(len(elements))
	if s.spare < 0 || !s.met.add(int64(to.cell/8)) {
		return false
	}
	if signature == "ri" && nested {
		return true
	}
	for i := 0; i < len(elements); i += step {
		to := refAt(elements, at, i)
		if signature == "ri" {
			if !s.list(to, parent, depth, true) {
				return false
			}
			continue
		}
		node, at, err := s.r.node(to)
		if err != nil {
			continue
		}
		s.spare -= nodeName
		if binary.LittleEndian.Uint32(node[nodeParent:]) != parent || !s.met.add(int64(to.cell/8)) || !s.key(node, at, to.cell, depth+1) {
			return false
		}
	}
	return true
}
