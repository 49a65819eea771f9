package registrytest

import (
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// regKey is a key of a registration file under construction. Its Keys and Values are not
// used.
type regKey struct {
	Key
	timed  bool // LastWrite is set
	gone   bool // it was removed
	keys   []*regKey
	values []*regValue
	sub    map[string]*regKey // by folded name, as value
	value  map[string]*regValue
}

type regValue struct {
	Value
	gone bool
}

func newRegKey(name string) *regKey {
	return &regKey{Key: Key{Name: name}, sub: map[string]*regKey{}, value: map[string]*regValue{}}
}

// make returns the key of a name, and makes it if it is missing.
func (k *regKey) make(name string) *regKey {
	folded := winpath.FoldName(name)
	s, ok := k.sub[folded]
	if !ok {
		s = newRegKey(name)
		k.sub[folded] = s
		k.keys = append(k.keys, s)
	}
	return s
}

// remove removes the key at a path, if it exists.
func (k *regKey) remove(names []string) {
	for _, name := range names[:len(names)-1] {
		if k = k.sub[winpath.FoldName(name)]; k == nil {
			return
		}
	}
	folded := winpath.FoldName(names[len(names)-1])
	if s := k.sub[folded]; s != nil {
		s.gone = true
		delete(k.sub, folded)
	}
}

// set puts a value into the key, in the place of one of the same name.
func (k *regKey) set(v Value) {
	folded := winpath.FoldName(v.Name)
	if old, ok := k.value[folded]; ok {
		old.Type, old.Data = v.Type, v.Data
		return
	}
	k.value[folded] = &regValue{Value: v}
	k.values = append(k.values, k.value[folded])
}

// unset removes a value by its folded name.
func (k *regKey) unset(folded string) {
	if v, ok := k.value[folded]; ok {
		v.gone = true
		delete(k.value, folded)
	}
}

// bury marks a value as deleted. A value of the same name may follow.
func (k *regKey) bury(folded string) {
	if v, ok := k.value[folded]; ok {
		v.Deleted = true
		delete(k.value, folded)
	}
}

// merge adds what another key has.
func (k *regKey) merge(other *regKey) {
	for _, v := range other.values {
		switch {
		case v.Deleted:
			k.values = append(k.values, v)
		case !v.gone:
			k.set(v.Value)
		}
	}
	if other.timed {
		k.LastWrite, k.timed = other.LastWrite, true
	}
	k.Class, k.Owner, k.Link, k.Deleted = other.Class, other.Owner, k.Link || other.Link, other.Deleted
	for _, sub := range other.keys {
		if !sub.gone {
			k.make(sub.Name).merge(sub)
		}
	}
}

// key returns the key with all keys below it. Keys that the file gives no time have the
// time given.
func (k *regKey) key(untimed time.Time) Key {
	out := k.Key
	if !k.timed {
		out.LastWrite = untimed
	}
	for _, v := range k.values {
		if !v.gone {
			out.Values = append(out.Values, v.Value)
		}
	}
	for _, sub := range k.keys {
		if !sub.gone {
			out.Keys = append(out.Keys, sub.key(untimed))
		}
	}
	return out
}
