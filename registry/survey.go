package registry

import "encoding/binary"

// A survey shows of most hives, in one pass, that check has nothing to refuse: no key is
// too deep, every key and every list of keys is met once, every key names the key whose
// list holds it as its parent, and all of this, the class names and the values are
// together not more bytes than the file has, however they are shared or overlap. A hive
// of which this is not true may be as good: only check knows.
type survey struct {
	r     *Reader
	met   bitmap // keys and lists of keys, by cell offset / 8
	spare int64  // bytes that the file has beyond those that were met
}

// newSurvey returns a survey that has met the root.
func newSurvey(r *Reader) *survey {
	size := int64(len(r.binEnd)) * pageSize
	s := &survey{r, newBitmap(size / 8), size}
	s.met.set(int64(r.root / 8))
	return s
}

// sound surveys the whole hive.
func (s *survey) sound() bool {
	node, at, err := s.r.node(ref{-1, -1, s.r.root})
	return err != nil || s.below(node, at, s.r.root, 0)
}

// below surveys what belongs to a key, and all keys below it.
func (s *survey) below(node []byte, at int64, cell uint32, depth int) bool {
	if !s.attachments(node, at) {
		return false
	}
	to := refAt(node, at, nodeSubkeyList)
	if count(node[nodeSubkeyCount:]) == 0 || to.cell == none {
		return true
	}
	return depth < maxDepth && s.keys(to, cell, depth, false)
}

// keys surveys a list of keys, and all that is below it.
func (s *survey) keys(to ref, parent uint32, depth int, nested bool) bool {
	elements, at, step, signature, _ := s.r.list(to)
	if elements == nil {
		return true
	}
	if !s.list(to, elements) {
		return false
	}
	if signature == "ri" && nested {
		return true
	}
	for i := 0; i < len(elements); i += step {
		to := refAt(elements, at, i)
		if signature == "ri" {
			if !s.keys(to, parent, depth, true) {
				return false
			}
			continue
		}
		node, at, err := s.r.node(to)
		if err == nil && (!s.key(to, node, parent) || !s.below(node, at, to.cell, depth+1)) {
			return false
		}
	}
	return true
}

// list meets a list of keys.
func (s *survey) list(to ref, elements []byte) bool {
	s.spare -= int64(len(elements))
	return s.met.add(int64(to.cell/8)) && s.spare >= 0
}

// key meets a key in a list of its parent.
func (s *survey) key(to ref, node []byte, parent uint32) bool {
	s.spare -= nodeName
	return binary.LittleEndian.Uint32(node[nodeParent:]) == parent && s.met.add(int64(to.cell/8)) && s.spare >= 0
}

// attachments meets the class name and the values of a key.
func (s *survey) attachments(node []byte, at int64) bool {
	s.spare -= int64(binary.LittleEndian.Uint16(node[nodeClassNameSize:]))
	n := valueCount(node)
	if n == 0 {
		return s.spare >= 0
	}
	elements, at, err := s.r.cell(refAt(node, at, nodeValueList), "value list")
	if err != nil {
		return s.spare >= 0
	}
	n = min(n, len(elements)/4)
	s.spare -= 4 * int64(n)
	for i := 0; i < n && s.spare >= 0; i++ {
		if v, err := s.r.value(refAt(elements, at, 4*i)); err == nil {
			s.spare -= v.cost()
		}
	}
	return s.spare >= 0
}
