package registry

import (
	"bytes"
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// ChangeKind is what differs between two hives.
type ChangeKind string

// The kinds of changes, from the first hive to the second.
const (
	KeyAdded        ChangeKind = "key added"
	KeyRemoved      ChangeKind = "key removed"
	TimeChanged     ChangeKind = "time changed"     // LastWrite of a key
	ClassChanged    ChangeKind = "class changed"    // of a key
	SecurityChanged ChangeKind = "security changed" // the security descriptor of a key
	ValueAdded      ChangeKind = "value added"
	ValueRemoved    ChangeKind = "value removed"
	ValueChanged    ChangeKind = "value changed" // its type or its data
)

// Change is one difference between two hives.
type Change struct {
	Kind ChangeKind
	Path string // of the key, below the root

	KeyBefore, KeyAfter     *Key   // nil in the hive that does not have the key
	ValueBefore, ValueAfter *Value // of a change of a value; nil in the hive that does not have it

	// Doubtful is set if what one hive does not have may be hidden by damage there.
	Doubtful bool
}

// Diff iterates over what differs between two hives, in the order of paths: each key
// before its subkeys, keys and values in the order of their names in upper case. Of what
// is added or removed, each key and each value is a change of its own. Two keys, or two
// values of the same key, are the same if Windows takes their names for the same.
// Symbolic links are not followed, and their targets are compared as the values that they
// are.
//
// A *FormatError means that a part of one hive is damaged, and iteration goes on with
// what can be compared. It yields no other errors. Diff holds no more than the subkeys of
// the keys on one path. Breaking early and ranging again are safe.
func Diff(before, after *Reader) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		d := differ{yield: yield}
		a, err := before.Root()
		d.damaged(err)
		b, err := after.Root()
		d.damaged(err)
		if a.r != nil && b.r != nil {
			d.both(a, b)
		}
	}
}

// differ is the state of one iteration of Diff.
type differ struct {
	yield   func(Change, error) bool
	stopped bool
}

func (d *differ) change(c Change) {
	if d.stopped {
		return
	}
	if c.KeyAfter != nil {
		c.Path = c.KeyAfter.Path()
	} else {
		c.Path = c.KeyBefore.Path()
	}
	d.stopped = !d.yield(c, nil)
}

// damaged yields err unless it is nil.
func (d *differ) damaged(err error) {
	if err != nil && !d.stopped {
		d.stopped = !d.yield(Change{}, err)
	}
}

// both compares a key that both hives have, and all below it.
func (d *differ) both(a, b *Key) {
	c := Change{KeyBefore: a, KeyAfter: b}
	if !a.LastWrite.Equal(b.LastWrite) {
		c.Kind = TimeChanged
		d.change(c)
	}
	oldClass, oldErr := a.Class()
	newClass, newErr := b.Class()
	if d.damaged(oldErr); oldErr == nil && newErr == nil && oldClass != newClass {
		c.Kind = ClassChanged
		d.change(c)
	}
	d.damaged(newErr)
	oldSecurity, oldErr := a.SecurityDescriptor()
	newSecurity, newErr := b.SecurityDescriptor()
	if d.damaged(oldErr); oldErr == nil && newErr == nil && !bytes.Equal(oldSecurity, newSecurity) {
		c.Kind = SecurityChanged
		d.change(c)
	}
	d.damaged(newErr)

	oldValues, oldHidden := members(d, a.Values(), nameOfValue)
	newValues, newHidden := members(d, b.Values(), nameOfValue)
	merge(oldValues, newValues, func(v, w *Value) {
		c := Change{KeyBefore: a, KeyAfter: b, ValueBefore: v, ValueAfter: w}
		switch {
		case d.stopped:
			return
		case w == nil:
			c.Kind, c.Doubtful = ValueRemoved, newHidden
		case v == nil:
			c.Kind, c.Doubtful = ValueAdded, oldHidden
		case d.sameData(v, w):
			return
		default:
			c.Kind = ValueChanged
		}
		d.change(c)
	})
	oldKeys, oldHidden := members(d, a.Subkeys(), nameOfKey)
	newKeys, newHidden := members(d, b.Subkeys(), nameOfKey)
	merge(oldKeys, newKeys, func(k, l *Key) {
		switch {
		case d.stopped:
		case l == nil:
			d.one(k, Change{Kind: KeyRemoved, Doubtful: newHidden}, ValueRemoved)
		case k == nil:
			d.one(l, Change{Kind: KeyAdded, Doubtful: oldHidden}, ValueAdded)
		default:
			d.both(k, l)
		}
	})
}

// one reports a key that only one hive has, and all below it.
func (d *differ) one(k *Key, c Change, ofValues ChangeKind) {
	ofKeys, side, value := c.Kind, &c.KeyBefore, &c.ValueBefore
	if ofKeys == KeyAdded {
		side, value = &c.KeyAfter, &c.ValueAfter
	}
	*side = k
	d.change(c)
	values, _ := members(d, k.Values(), nameOfValue)
	for _, v := range values {
		if d.stopped {
			return
		}
		c.Kind, *value = ofValues, v.of
		d.change(c)
	}
	keys, _ := members(d, k.Subkeys(), nameOfKey)
	for _, sub := range keys {
		if d.stopped {
			return
		}
		d.one(sub.of, Change{Kind: ofKeys, Doubtful: c.Doubtful}, ofValues)
	}
}

// sameData reports whether two values have the same type and data. Of damaged data it
// compares what is left.
func (d *differ) sameData(v, w *Value) bool {
	oldData, err := v.Data()
	d.damaged(err)
	newData, err := w.Data()
	d.damaged(err)
	return v.Type == w.Type && bytes.Equal(oldData, newData)
}

// member is a subkey or a value of a key.
type member[T any] struct {
	name string // in upper case
	of   *T
}

func nameOfKey(k *Key) string     { return winpath.FoldName(k.Name) }
func nameOfValue(v *Value) string { return winpath.FoldName(v.Name) }

// members returns the subkeys or values of a key in the order of their names, and whether
// damage hides others. Windows keeps subkeys in nearly this order, and values in none.
func members[T any](d *differ, all iter.Seq2[*T, error], name func(*T) string) (list []member[T], hidden bool) {
	for m, err := range all {
		if d.stopped {
			return nil, hidden
		}
		if err != nil {
			d.damaged(err)
			hidden = true
			continue
		}
		list = append(list, member[T]{name(m), m})
	}
	compare := func(a, b member[T]) int { return cmp.Compare(a.name, b.name) }
	if !slices.IsSortedFunc(list, compare) {
		slices.SortStableFunc(list, compare)
	}
	return list, hidden
}

// merge calls f with the members of two sorted lists that have the same name, and with
// nil for what only one list has.
func merge[T any](a, b []member[T], f func(a, b *T)) {
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].name < b[0].name:
			f(a[0].of, nil)
			a = a[1:]
		case len(a) == 0 || b[0].name < a[0].name:
			f(nil, b[0].of)
			b = b[1:]
		default:
			f(a[0].of, b[0].of)
			a, b = a[1:], b[1:]
		}
	}
}

// Times returns the times of the key before and after, each zero if that hive does not
// have the key.
func (c *Change) Times() (before, after time.Time) {
	if c.KeyBefore != nil {
		before = c.KeyBefore.LastWrite
	}
	if c.KeyAfter != nil {
		after = c.KeyAfter.LastWrite
	}
	return before, after
}

// Offsets returns the offsets of the cells that differ, in bytes from the beginning of
// each hive's file: those of the values of a change of a value, else those of the keys. An
// offset is -1 if that hive does not have the value or key.
func (c *Change) Offsets() (before, after int64) {
	before, after = -1, -1
	ofValue := c.ValueBefore != nil || c.ValueAfter != nil
	switch {
	case c.ValueBefore != nil:
		before = c.ValueBefore.Offset
	case !ofValue && c.KeyBefore != nil:
		before = c.KeyBefore.Offset
	}
	switch {
	case c.ValueAfter != nil:
		after = c.ValueAfter.Offset
	case !ofValue && c.KeyAfter != nil:
		after = c.KeyAfter.Offset
	}
	return before, after
}
