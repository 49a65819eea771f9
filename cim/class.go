package cim

import (
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// class is the layout of the instances of a class: the properties of its own and of the
// classes above it.
type class struct {
	name       string
	properties []property
	defaults   Instance // the values of properties that an instance does not set
	damaged    error    // of the default values
}

// property is a property of a class.
type property struct {
	name   string
	kind   cimType
	array  bool
	index  int // among the properties of an instance
	offset int // in its values
}

// cimType is the type of a property (CIMTYPE).
type cimType uint8

// The types whose values are read.
const (
	typeBoolean   cimType = 0x0b
	typeUint8     cimType = 0x11
	typeString    cimType = 0x08
	typeDatetime  cimType = 0x65
	typeReference cimType = 0x66
)

// sizes are those of values, in bytes. Those of other types and of arrays are references
// of 4 bytes to the data.
var sizes = map[cimType]int{0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, typeBoolean: 2, 0x10: 1, typeUint8: 1, 0x12: 2, 0x13: 4, 0x14: 8, 0x15: 8, 0x67: 2}

func (p *property) size() int {
	if n := sizes[p.kind]; n > 0 && !p.array {
		return n
	}
	return 4
}

// The limits of classes.
const (
	maxDepth      = 32 // classes above a class
	maxProperties = 1024
)

// systemNamespace has the classes that every namespace has.
const systemNamespace = "__SystemClass"

// class returns a class by the hashes of its namespace and its name.
func (r *Reader) class(k classKey) (*class, error) {
	if c := r.classes[k]; c != nil {
		return c, nil
	}
	c := &class{}
	known := map[string]bool{} // properties, which a class may define again
	var levels []definition
	at := k
	for depth := 0; ; depth++ {
		rec, ok := r.definitions[at]
		if !ok {
			at.namespace = hashOf(systemNamespace)
			rec, ok = r.definitions[at]
		}
		if !ok || depth == maxDepth {
			return nil, &FormatError{Artifact: r.index.name, Offset: -1, What: "definition of a class", Got: fmt.Sprintf("none for CD_%s in NS_%s", at.class, at.namespace)}
		}
		b, off, err := r.record(rec)
		if err != nil {
			return nil, err
		}
		d, err := readClass(b, off)
		if err != nil {
			return nil, r.objects.in(err, rec.page)
		}
		if c.name == "" {
			c.name = d.name
		}
		levels = append(levels, d)
		for _, p := range d.properties {
			if key := winpath.FoldName(p.name); !known[key] && len(c.properties) < maxProperties {
				known[key] = true
				c.properties = append(c.properties, p)
			}
		}
		if d.super == "" {
			if err := c.setDefaults(levels); err != nil {
				c.damaged = r.objects.in(err, rec.page)
			}
			r.classes[k] = c
			return c, nil
		}
		at = classKey{k.namespace, hashOf(d.super)}
	}
}

// setDefaults reads the default values that the definitions of a class and of those above
// it have, the class first. They begin with the states of all properties, also of those
// from above, as those of an instance do; the values follow.
func (l *class) setDefaults(levels []definition) error {
	l.defaults = newInstance()
	known := map[string]bool{}
	for _, d := range slices.Backward(levels) {
		for _, p := range d.properties {
			known[winpath.FoldName(p.name)] = true
		}
		states := (2*len(known) + 7) / 8
		if states > len(d.defaults) {
			return damage.Truncated("default values", d.defaultsAt, int64(states), int64(len(d.defaults)))
		}
		for k := range d.properties {
			p := &d.properties[k]
			if p.index >= len(known) {
				return damage.New("index of a property", d.defaultsAt, p.index, fmt.Sprintf("< %d", len(known)))
			}
			l.defaults.unset(p)
			if stateOf(d.defaults, p) != hasValue {
				continue
			}
			if err := l.defaults.set(p, d.defaults[states:], d.defaultsAt+int64(states), d.data, d.dataAt); err != nil {
				return err
			}
		}
	}
	return nil
}

// definition is the record of a class.
type definition struct {
	name, super string
	properties  []property // those that it adds or defines again
	defaults    []byte
	defaultsAt  int64 // offset of the default values in the file
	data        []byte
	dataAt      int64
}

// dictionary are the names that are stored as their number, as [MS-WMIO] 2.2.77 has them.
var dictionary = [...]string{"'", "key", "NADA", "read", "write", "volatile", "provider", "dynamic", "cimwin32", "DWORD", "CIMTYPE"}

// readClass reads the record of a class, which begins at an offset of its file. Offsets
// from the beginning of what follows the name of the super class:
//
//	 0  8  FILETIME of the definition
//	 8  4  size of what follows, with these bytes
//	13  4  offset of the name in the data
//	17  4  size of the default values
//	21  …  name of the super class, qualifiers: each with its size before it, which
//	       includes these 4 bytes
//	    4  number of properties, then for each the offsets in the data of its name and
//	       of its definition, of 4 bytes each; if the highest bit of the first is set,
//	       the name is its number in the dictionary
//	    …  default values
//	    4  size of the data without these bytes, and the highest bit set; then the data
func readClass(b []byte, at int64) (d definition, err error) {
	c := bin.NewCursor(b, at)
	n := c.U32("length of the name of the super class")
	d.super = wtf8.String(c.Bytes("name of the super class", int(min(uint64(n)*2, 1<<30))))
	c.Skip("time of the definition", 8)
	c.Skip("header of a class", 5)
	nameAt := c.U32("offset of the name")
	defaults := c.U32("size of the default values")
	skipSized(&c, "name of the super class")
	skipSized(&c, "qualifiers")
	count := c.U32("number of properties")
	if c.Err() == nil && (count > maxProperties || int64(count)*8 > int64(c.Len())) {
		return d, damage.New("number of properties", c.Offset()-4, count, fmt.Sprintf("≤ %d", min(maxProperties, c.Len()/8)))
	}
	refs := c.Bytes("properties", int(count)*8)
	d.defaultsAt = c.Offset()
	d.defaults = c.Bytes("default values", int(min(defaults, 1<<30)))
	d.data, d.dataAt = region(&c)
	if c.Err() != nil {
		return d, c.Err()
	}
	if d.name, err = textAt(d.data, d.dataAt, nameAt); err != nil {
		return d, err
	}
	ref := bin.NewCursor(refs, 0)
	for range count {
		nameAt, definition := ref.U32("name"), ref.U32("definition")
		c := bin.NewCursor(d.data, d.dataAt)
		c.Seek("definition of a property", int(min(definition, 1<<30)))
		p := property{kind: cimType(c.U8("type")), array: c.U8("type")&0x20 != 0}
		c.Skip("type", 2)
		p.index, p.offset = int(c.U16("index of a property")), int(min(c.U32("offset of a property"), 1<<30))
		if c.Err() != nil {
			return d, c.Err()
		}
		if p.name, err = nameOf(d.data, d.dataAt, nameAt); err != nil {
			return d, err
		}
		d.properties = append(d.properties, p)
	}
	return d, nil
}

// nameOf returns the name of a property, from the data or from the dictionary.
func nameOf(data []byte, at int64, off uint32) (string, error) {
	number := off &^ (1 << 31)
	switch {
	case off == number:
		return textAt(data, at, off)
	case number < uint32(len(dictionary)):
		return dictionary[number], nil
	}
	return fmt.Sprintf("#%d", number), nil // a name that is not documented
}

// skipSized skips what has its size before it, which includes its 4 bytes.
func skipSized(c *bin.Cursor, what string) {
	n := c.U32("size of the " + what)
	c.Skip(what, int(min(max(n, 4)-4, 1<<30)))
}

// region reads data with its size before it, and returns its offset.
func region(c *bin.Cursor) ([]byte, int64) {
	n := c.U32("size of the data") &^ (1 << 31)
	at := c.Offset()
	return c.Bytes("data", int(min(n, 1<<30))), at
}

// textAt returns the text at an offset of data: a byte that is 0 for Latin-1 and 1 for
// UTF-16LE, then the text, which ends with a NUL.
func textAt(data []byte, at int64, off uint32) (string, error) {
	if uint64(off)+1 > uint64(len(data)) {
		return "", damage.New("offset of a text", at, off, fmt.Sprintf("< %d", len(data)))
	}
	b := data[off+1:]
	switch data[off] {
	case 0:
		var text []rune
		for _, c := range b {
			if c == 0 {
				return string(text), nil
			}
			text = append(text, rune(c))
		}
	case 1:
		if text := wtf8.Trim(b); len(text)+2 <= len(b) {
			return wtf8.String(text), nil
		}
	default:
		return "", damage.New("encoding of a text", at+int64(off), data[off], "0 or 1")
	}
	return "", damage.New("text", at+int64(off), nil, "a NUL at its end")
}
