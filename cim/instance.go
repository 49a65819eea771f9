package cim

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Instance is an instance of a class.
type Instance struct {
	Namespace string // such as root\subscription, or NS_ and its hash if no instance of __NAMESPACE names it
	Class     string
	Written   time.Time // when it was written; zero if it is not recorded
	Offset    int64     // of its record in OBJECTS.DATA, in bytes

	texts map[string]string // by the names of properties, folded
	bytes map[string][]byte
}

func newInstance() Instance {
	return Instance{texts: map[string]string{}, bytes: map[string][]byte{}}
}

// The states of a property in an instance or in the default values of a class. Inherited is
// also that of a property whose value the class has.
const (
	hasValue  = 0
	noValue   = 1
	inherited = 2
)

// stateOf returns the state of a property, whose index was checked.
func stateOf(states []byte, p *property) byte { return states[p.index/4] >> (2 * (p.index % 4)) & 3 }

// Text returns the text, the reference or the date in a property, or the default value that
// its class has. It returns "" if the property is not set or has another type. The case of
// the name does not matter.
func (i *Instance) Text(property string) string { return i.texts[winpath.FoldName(property)] }

// Bytes returns the array of bytes in a property, or nil.
func (i *Instance) Bytes(property string) []byte { return i.bytes[winpath.FoldName(property)] }

// Instances iterates over the instances of a class in all namespaces, without those of
// classes below it. A *FormatError, which comes with a zero Instance, means that an
// instance or its class is damaged, and iteration goes on with the next. It yields no
// other errors. Breaking early and ranging again are safe.
func (r *Reader) Instances(name string) iter.Seq2[Instance, error] {
	return func(yield func(Instance, error) bool) {
		hash := hashOf(name)
		for _, at := range r.instances[hash] {
			made, err := r.instance(at, hash)
			if !yield(made, err) {
				return
			}
		}
	}
}

func (r *Reader) instance(at instance, hash string) (Instance, error) {
	c, err := r.class(classKey{at.namespace, hash})
	if err != nil {
		return Instance{}, err
	}
	b, off, err := r.record(at.record)
	if err != nil {
		return Instance{}, err
	}
	i, err := c.instance(b, off)
	if err != nil {
		return Instance{}, damage.In(err, r.objects.name, fmt.Sprintf("page %d, instance of %s", at.page, c.name))
	}
	i.Namespace = cmp.Or(r.namespaces[at.namespace], "NS_"+at.namespace)
	return i, nil
}

// instance reads the record of an instance, which begins at an offset of its file:
//
//	  0  128  hash of the class, in UTF-16LE
//	128    8  FILETIME of the instance
//	136    8  FILETIME of the class
//	144    4  size of what follows, with these bytes
//	153    …  the state of each property, 2 bits: the lower is set if it does not have a
//	          value, the higher if it has that of the class
//	       …  values, at the offsets that the class has
//	       …  qualifiers, with their size before them, which includes these 4 bytes
//	       1  2 if the qualifiers of each property follow, with their size before them; else 1
//	       4  size of the data without these bytes, and the highest bit set; then the data
func (l *class) instance(b []byte, at int64) (Instance, error) {
	const hashSize = 128
	c := bin.NewCursor(b, at)
	c.Skip("hash of the class", hashSize)
	i := newInstance()
	i.Class, i.Offset, i.Written = l.name, at, filetime.Time(c.U64("time of the instance"))
	c.Skip("time of the class", 8)
	c.Skip("header of an instance", 9)
	states := c.Bytes("states of the properties", (2*len(l.properties)+7)/8)
	size := 0
	for k := range l.properties {
		size = max(size, l.properties[k].offset+l.properties[k].size())
	}
	valuesAt := c.Offset()
	values := c.Bytes("values", size)
	skipSized(&c, "qualifiers")
	switch flag := c.U8("qualifiers of the properties"); {
	case c.Err() != nil:
	case flag == 2:
		for range l.properties {
			skipSized(&c, "qualifiers of a property")
		}
	case flag != 1:
		return Instance{}, damage.New("qualifiers of the properties", c.Offset()-1, flag, "1 or 2")
	}
	data, dataAt := region(&c)
	if c.Err() != nil {
		return Instance{}, c.Err()
	}
	for k := range l.properties {
		p := &l.properties[k]
		if p.index >= len(l.properties) {
			return Instance{}, damage.New("index of a property", at, p.index, fmt.Sprintf("< %d", len(l.properties)))
		}
		switch stateOf(states, p) {
		case hasValue:
			if err := i.set(p, values, valuesAt, data, dataAt); err != nil {
				return Instance{}, err
			}
		case inherited:
			if l.damaged != nil && p.kept() {
				return Instance{}, l.damaged
			}
			i.inherit(p, &l.defaults)
		}
	}
	return i, nil
}

// kept reports whether instances keep the values of a property.
func (p *property) kept() bool {
	if p.array {
		return p.kind == typeUint8
	}
	return p.kind == typeString || p.kind == typeReference || p.kind == typeDatetime
}

// inherit takes the value that a property has in another instance.
func (i *Instance) inherit(p *property, from *Instance) {
	name := winpath.FoldName(p.name)
	if text, ok := from.texts[name]; ok {
		i.texts[name] = text
	}
	if b, ok := from.bytes[name]; ok {
		i.bytes[name] = b
	}
}

func (i *Instance) unset(p *property) {
	delete(i.texts, winpath.FoldName(p.name))
	delete(i.bytes, winpath.FoldName(p.name))
}

// set reads the value of a property, if it is kept.
func (i *Instance) set(p *property, values []byte, valuesAt int64, data []byte, at int64) error {
	if !p.kept() {
		return nil
	}
	v := bin.NewCursor(values, valuesAt)
	v.Seek("value", p.offset)
	off := v.U32("value")
	if v.Err() != nil {
		return v.Err()
	}
	name := winpath.FoldName(p.name)
	if p.array {
		c := bin.NewCursor(data, at)
		c.Seek("array", int(min(off, 1<<30)))
		n := c.U32("number of values")
		i.bytes[name] = slices.Clone(c.Bytes("array", int(min(n, 1<<30))))
		return c.Err()
	}
	text, err := textAt(data, at, off)
	if err == nil {
		i.texts[name] = text
	}
	return err
}

// nameNamespaces finds the names of namespaces: root, and what the instances of
// __NAMESPACE in a namespace name below it.
func (r *Reader) nameNamespaces() {
	const root, class = "root", "__NAMESPACE"
	r.namespaces[hashOf(root)] = root
	r.namespaces[hashOf(systemNamespace)] = systemNamespace
	const maxLevels = 16
	left := r.instances[hashOf(class)]
	for range maxLevels {
		found := false
		var later []instance
		for _, at := range left {
			above, ok := r.namespaces[at.namespace]
			if !ok {
				later = append(later, at)
				continue
			}
			i, err := r.instance(at, hashOf(class))
			if err != nil {
				r.note(err)
				continue
			}
			if name := i.Text("Name"); name != "" {
				name = above + `\` + name
				r.namespaces[hashOf(name)] = name
				found = true
			}
		}
		if left = later; !found {
			return
		}
	}
}
