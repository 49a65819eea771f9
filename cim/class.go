package cim

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// class is the layout of the instances of a class: the properties of its own and of the
// classes above it.
type class struct {
	name       string
	properties []property
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
	byName := map[string]int{} // of properties, which a class may define again
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
		name, super, list, err := readClass(b, off)
		if err != nil {
			return nil, r.objects.in(err, rec.page)
		}
		if c.name == "" {
			c.name = name
		}
		for _, p := range list {
			if _, known := byName[p.name]; !known && len(c.properties) < maxProperties {
				byName[p.name] = len(c.properties)
				c.properties = append(c.properties, p)
			}
		}
		if super == "" {
			r.classes[k] = c
			return c, nil
		}
		at = classKey{k.namespace, hashOf(super)}
	}
}

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
//	       the name is a number
//	    …  default values
//	    4  size of the data without these bytes, and the highest bit set; then the data
func readClass(b []byte, at int64) (name, super string, list []property, err error) {
	c := bin.NewCursor(b, at)
	n := c.U32("length of the name of the super class")
	super = wtf8.String(c.Bytes("name of the super class", int(min(uint64(n)*2, 1<<30))))
	c.Skip("time of the definition", 8)
	c.Skip("header of a class", 5)
	nameAt := c.U32("offset of the name")
	defaults := c.U32("size of the default values")
	skipSized(&c, "name of the super class")
	skipSized(&c, "qualifiers")
	count := c.U32("number of properties")
	if c.Err() == nil && (count > maxProperties || int64(count)*8 > int64(c.Len())) {
		return "", "", nil, damage.New("number of properties", c.Offset()-4, count, fmt.Sprintf("≤ %d", min(maxProperties, c.Len()/8)))
	}
	refs := c.Bytes("properties", int(count)*8)
	c.Skip("default values", int(min(defaults, 1<<30)))
	data, dataAt := region(&c)
	if c.Err() != nil {
		return "", "", nil, c.Err()
	}
	if name, err = textAt(data, dataAt, nameAt); err != nil {
		return "", "", nil, err
	}
	ref := bin.NewCursor(refs, 0)
	for range count {
		nameAt, definition := ref.U32("name"), ref.U32("definition")
		d := bin.NewCursor(data, dataAt)
		d.Seek("definition of a property", int(min(definition, 1<<30)))
		p := property{kind: cimType(d.U8("type")), array: d.U8("type")&0x20 != 0}
		d.Skip("type", 2)
		p.index, p.offset = int(d.U16("index of a property")), int(min(d.U32("offset of a property"), 1<<30))
		if d.Err() != nil {
			return "", "", nil, d.Err()
		}
		if nameAt&(1<<31) != 0 {
			p.name = fmt.Sprintf("#%d", nameAt&^(1<<31)) // one of the names that Windows has numbers for
		} else if p.name, err = textAt(data, dataAt, nameAt); err != nil {
			return "", "", nil, err
		}
		list = append(list, p)
	}
	return name, super, list, nil
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
