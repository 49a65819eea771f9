package cim

import (
	"cmp"
	"fmt"
	"iter"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Instance is an instance of a class.
type Instance struct {
	Namespace string // such as root\subscription, or NS_ and its hash if no instance of __NAMESPACE names it
	Class     string
	Written   time.Time // when it was written; zero if it is not recorded
	Offset    int64     // of its record in OBJECTS.DATA, in bytes

	texts map[string]string
	bytes map[string][]byte
}

// Text returns the text, the reference or the date in a property, or "" if the property
// is not set or has another type.
func (i *Instance) Text(property string) string { return i.texts[property] }

// Bytes returns the array of bytes in a property, or nil.
func (i *Instance) Bytes(property string) []byte { return i.bytes[property] }

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
//	153    …  2 bits for each property: the lower is set if it does not have a value, the
//	          higher if it has that of the class
//	       …  values, at the offsets that the class has
//	       …  qualifiers, with their size before them, which includes these 4 bytes
//	       1  2 if properties of its own follow, which is not read
//	       4  size of the data without these bytes, and the highest bit set; then the data
func (l *class) instance(b []byte, at int64) (Instance, error) {
	const hashSize = 128
	c := bin.NewCursor(b, at)
	c.Skip("hash of the class", hashSize)
	i := Instance{Class: l.name, Written: filetime.Time(c.U64("time of the instance")), Offset: at, texts: map[string]string{}, bytes: map[string][]byte{}}
	c.Skip("time of the class", 8)
	c.Skip("header of an instance", 9)
	states := c.Bytes("states of the properties", (2*len(l.properties)+7)/8)
	size := 0
	for k := range l.properties {
		size = max(size, l.properties[k].offset+l.properties[k].size())
	}
	values := c.Bytes("values", size)
	skipSized(&c, "qualifiers")
	if own := c.U8("properties of its own"); c.Err() == nil && own != 1 {
		return Instance{}, damage.New("properties of its own", c.Offset()-1, own, 1)
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
		if states[p.index/4]>>(2*(p.index%4))&3 != 0 {
			continue // without a value of its own
		}
		if err := i.set(p, values, data, dataAt); err != nil {
			return Instance{}, err
		}
	}
	return i, nil
}

// set reads the value of a property whose type is kept.
func (i *Instance) set(p *property, values, data []byte, at int64) error {
	v := bin.NewCursor(values, 0)
	v.Seek("value", p.offset)
	switch {
	case p.array && p.kind == typeUint8:
		off := v.U32("value")
		c := bin.NewCursor(data, at)
		c.Seek("array", int(min(off, 1<<30)))
		n := c.U32("number of values")
		b := c.Bytes("array", int(min(n, 1<<30)))
		if c.Err() != nil {
			return c.Err()
		}
		i.bytes[p.name] = append([]byte(nil), b...)
	case p.array:
	case p.kind == typeString, p.kind == typeReference, p.kind == typeDatetime:
		text, err := textAt(data, at, v.U32("value"))
		if err != nil {
			return err
		}
		i.texts[p.name] = text
	}
	return nil
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
