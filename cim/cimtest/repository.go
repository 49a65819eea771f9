// Package cimtest writes repositories of WMI for tests. Package cim reads their instances
// back equal. Writing the same [Repository] twice gives the same bytes.
package cimtest

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Repository is a repository to be written. It has the classes of consumers, filters and
// bindings, and those of Classes.
type Repository struct {
	Namespaces []string // besides root\subscription: such as root\cimv2, each after the one above it
	Classes    []Class
	Instances  []Instance
}

// Class is a class of a namespace.
type Class struct {
	Namespace, Name, Super string

	Properties []Property        // besides those of the super class, or defined again
	Defaults   map[string]string // of Properties, by name
}

// Property is a property of a class, whose type is string, reference, uint8[], uint32 or
// boolean. A name that Windows stores as a number, such as provider, is written so.
type Property struct{ Name, Type string }

// Instance is an instance of a class. Values are a string, a []byte, a uint32 or a bool. A
// property without a value has the default value of its class.
type Instance struct {
	Namespace, Class, Key string // the key is the name in the index

	Written time.Time
	Values  map[string]any

	Qualified bool // each property has a set of qualifiers, which is empty
}

const subscription = `root\subscription`

// standard are the classes of Windows that permanent consumers need.
var standard = []Class{
	{"__SystemClass", "__SystemClass", "", nil, nil},
	{"__SystemClass", "__NAMESPACE", "__SystemClass", []Property{{"Name", "string"}}, nil},
	{"__SystemClass", "__IndicationRelated", "__SystemClass", nil, nil},
	{"__SystemClass", "__EventConsumer", "__IndicationRelated", []Property{{"CreatorSID", "uint8[]"}, {"MachineName", "string"}, {"MaximumQueueSize", "uint32"}}, nil},
	{"__SystemClass", "__EventFilter", "__IndicationRelated", []Property{{"CreatorSID", "uint8[]"}, {"EventAccess", "string"}, {"EventNamespace", "string"}, {"Name", "string"}, {"Query", "string"}, {"QueryLanguage", "string"}}, nil},
	{"__SystemClass", "__FilterToConsumerBinding", "__IndicationRelated", []Property{{"Consumer", "reference"}, {"CreatorSID", "uint8[]"}, {"DeliverSynchronously", "boolean"}, {"DeliveryQoS", "uint32"}, {"Filter", "reference"}}, nil},
	{subscription, "CommandLineEventConsumer", "__EventConsumer", []Property{{"CommandLineTemplate", "string"}, {"CreateNewConsole", "boolean"}, {"ExecutablePath", "string"}, {"KillTimeout", "uint32"}, {"Name", "string"}, {"WorkingDirectory", "string"}}, nil},
	{subscription, "ActiveScriptEventConsumer", "__EventConsumer", []Property{{"KillTimeout", "uint32"}, {"Name", "string"}, {"ScriptFilename", "string"}, {"ScriptingEngine", "string"}, {"ScriptText", "string"}}, nil},
}

// Subscribe adds a consumer of a class with its properties, a filter with a query, and the
// binding of both.
func (r *Repository) Subscribe(class, name, query string, written time.Time, values map[string]any) {
	values["Name"] = name
	filter := name + " filter"
	r.Instances = append(r.Instances,
		Instance{Namespace: subscription, Class: class, Key: name, Written: written, Values: values},
		Instance{Namespace: subscription, Class: "__EventFilter", Key: filter, Written: written, Values: map[string]any{"Name": filter, "Query": query, "QueryLanguage": "WQL", "EventNamespace": `root\cimv2`}},
		Instance{Namespace: subscription, Class: "__FilterToConsumerBinding", Key: name + filter, Written: written,
			Values: map[string]any{"Consumer": fmt.Sprintf("%s.Name=%q", class, name), "Filter": fmt.Sprintf(`\\.\root\subscription:__EventFilter.Name=%q`, filter)}})
}

// Files returns the files of the repository by their names.
func (r Repository) Files() (map[string][]byte, error) {
	w := &writer{classes: map[string]*layout{}}
	for _, c := range slices.Concat(standard, r.Classes) {
		if err := w.class(c); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Concat([]string{subscription}, r.Namespaces) {
		above, below := name[:strings.LastIndex(name, `\`)], name[strings.LastIndex(name, `\`)+1:]
		if err := w.instance(Instance{Namespace: above, Class: "__NAMESPACE", Key: below, Values: map[string]any{"Name": below}}); err != nil {
			return nil, err
		}
	}
	for _, i := range r.Instances {
		if err := w.instance(i); err != nil {
			return nil, err
		}
	}
	index, root := writeIndex(w.keys)
	files := map[string][]byte{"OBJECTS.DATA": w.objects(), "INDEX.BTR": index}
	for n := range 3 {
		b := appendTable(nil, uint32(n+1), len(files["OBJECTS.DATA"])/pageSize, 0)
		files[fmt.Sprintf("MAPPING%d.MAP", n+1)] = appendTable(b, uint32(n+1), len(index)/pageSize, root)
	}
	return files, nil
}

var le = binary.LittleEndian

const pageSize = 8192

func hashOf(name string) string {
	sum := sha256.Sum256(wtf8.Encode(winpath.FoldName(name)))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// layout is a class with the properties of those above it.
type layout struct {
	properties []Property
	offsets    []int
	size       int
	defaults   map[string]bool // whether a property has a default value
}

// place returns the index of a property, to which it adds it if it is new.
func (l *layout) place(p Property, size int) int {
	if i := slices.IndexFunc(l.properties, func(known Property) bool { return strings.EqualFold(known.Name, p.Name) }); i >= 0 {
		return i
	}
	l.properties, l.offsets, l.size = append(l.properties, p), append(l.offsets, l.size), l.size+size
	return len(l.properties) - 1
}

// dictionary are names that are stored as a number.
var dictionary = map[string]uint32{"key": 1, "read": 3, "write": 4, "volatile": 5, "provider": 6, "dynamic": 7}

// find returns a class of a namespace, or that of all namespaces.
func (w *writer) find(namespace, name string) *layout {
	if l := w.classes[winpath.Fold(namespace+":"+name)]; l != nil {
		return l
	}
	return w.classes[winpath.Fold("__SystemClass:"+name)]
}

type writer struct {
	classes map[string]*layout // by namespace and name
	pages   [][]byte
	used    int // bytes of the last page that records use, from its end
	entries int // of the table of the last page
	id      uint32
	keys    []string
}

var types = map[string]struct {
	kind, array byte
	size        int
}{"string": {0x08, 0, 4}, "reference": {0x66, 0, 4}, "uint8[]": {0x11, 0x20, 4}, "uint32": {0x13, 0, 4}, "boolean": {0x0b, 0, 2}}

// data is the data of a record that offsets refer to.
type data []byte

func (d *data) text(s string) uint32 {
	at := uint32(len(*d))
	if strings.ContainsFunc(s, func(r rune) bool { return r > 0xff }) {
		*d = append(append(*d, 1), wtf8.Encode(s+"\x00")...)
		return at
	}
	*d = append(*d, 0)
	for _, r := range s {
		*d = append(*d, byte(r))
	}
	*d = append(*d, 0)
	return at
}

func appendRegion(b []byte, d data) []byte {
	return append(le.AppendUint32(b, uint32(len(d))|1<<31), d...)
}

func (w *writer) class(c Class) error {
	l := &layout{defaults: map[string]bool{}}
	if c.Super != "" {
		above := w.find(c.Namespace, c.Super)
		if above == nil {
			return fmt.Errorf("cimtest: no class %s", c.Super)
		}
		*l = layout{slices.Clone(above.properties), slices.Clone(above.offsets), above.size, maps.Clone(above.defaults)}
	}
	var d data
	nameAt := d.text(c.Name)
	own := map[int]bool{}
	refs := le.AppendUint32(nil, uint32(len(c.Properties)))
	for _, p := range c.Properties {
		t, ok := types[p.Type]
		if !ok {
			return fmt.Errorf("cimtest: no type %q", p.Type)
		}
		index := l.place(p, t.size)
		own[index] = true
		if number, ok := dictionary[p.Name]; ok {
			refs = le.AppendUint32(refs, number|1<<31)
		} else {
			refs = le.AppendUint32(refs, d.text(p.Name))
		}
		refs = le.AppendUint32(refs, uint32(len(d)))
		d = append(d, t.kind, t.array, 0, 0)
		d = le.AppendUint16(d, uint16(index))
		d = le.AppendUint32(d, uint32(l.offsets[index]))
		d = le.AppendUint32(d, 0)
		d = le.AppendUint32(d, 4) // no qualifiers
	}
	states, values := make([]byte, (2*len(l.properties)+7)/8), make([]byte, l.size)
	for n, p := range l.properties {
		text, set := c.Defaults[p.Name]
		var state byte
		switch {
		case own[n]:
			l.defaults[p.Name] = set
		default:
			state = 2 // as the class above has it
		}
		if !l.defaults[p.Name] {
			state |= 1
		}
		states[n/4] |= state << (2 * (n % 4))
		if set {
			le.PutUint32(values[l.offsets[n]:], d.text(text))
		}
	}
	defaults := slices.Concat(states, values)
	var super data
	if c.Super != "" {
		super.text(c.Super)
	}
	body := append([]byte{0}, le.AppendUint32(nil, nameAt)...)
	body = le.AppendUint32(body, uint32(len(defaults)))
	body = append(le.AppendUint32(body, uint32(len(super)+4)), super...)
	body = le.AppendUint32(body, 4) // no qualifiers
	body = append(append(body, refs...), defaults...)
	body = appendRegion(body, d)
	text := wtf8.Encode(c.Super)
	rec := append(le.AppendUint32(nil, uint32(len(text)/2)), text...)
	rec = le.AppendUint64(rec, 0)
	rec = append(le.AppendUint32(rec, uint32(len(body)+4)), body...)
	rec = le.AppendUint32(rec, 0) // no methods
	w.classes[winpath.Fold(c.Namespace+":"+c.Name)] = l
	w.key("NS_"+hashOf(c.Namespace)+"/CD_"+hashOf(c.Name), rec)
	return nil
}

func (w *writer) instance(i Instance) error {
	l := w.find(i.Namespace, i.Class)
	if l == nil {
		return fmt.Errorf("cimtest: no class %s", i.Class)
	}
	var d data
	d.text(i.Class)
	states, values := make([]byte, (2*len(l.properties)+7)/8), make([]byte, l.size)
	for n, p := range l.properties {
		at := values[l.offsets[n]:]
		switch v := i.Values[p.Name].(type) {
		case nil:
			state := byte(1)
			if l.defaults[p.Name] {
				state = 2
			}
			states[n/4] |= state << (2 * (n % 4))
		case string:
			le.PutUint32(at, d.text(v))
		case []byte:
			le.PutUint32(at, uint32(len(d)))
			d = append(le.AppendUint32(d, uint32(len(v))), v...)
		case uint32:
			le.PutUint32(at, v)
		case bool:
			if v {
				le.PutUint16(at, 0xffff)
			}
		default:
			return fmt.Errorf("cimtest: %s.%s: no value of type %T", i.Class, p.Name, v)
		}
	}
	for name := range i.Values {
		if !slices.ContainsFunc(l.properties, func(p Property) bool { return p.Name == name }) {
			return fmt.Errorf("cimtest: %s has no property %s", i.Class, name)
		}
	}
	body := le.AppendUint32(nil, 0) // the name of the class in the data
	body = append(append(append(body, 0), states...), values...)
	body = le.AppendUint32(body, 4) // no qualifiers
	if i.Qualified {
		body = append(body, 2)
		for range l.properties {
			body = le.AppendUint32(body, 4)
		}
	} else {
		body = append(body, 1)
	}
	body = appendRegion(body, d)
	rec := wtf8.Encode(hashOf(i.Class))
	rec = le.AppendUint64(rec, filetime.Ticks(i.Written))
	rec = le.AppendUint64(rec, 0)
	rec = append(le.AppendUint32(rec, uint32(len(body)+4)), body...)
	w.key("NS_"+hashOf(i.Namespace)+"/CI_"+hashOf(i.Class)+"/IL_"+hashOf(i.Key), rec)
	return nil
}

// key adds a record and its key.
func (w *writer) key(path string, rec []byte) {
	w.id++
	room := 0
	if len(w.pages) > 0 {
		room = pageSize - w.used - 16*(w.entries+2)
	}
	if len(rec) > room {
		w.pages = append(w.pages, make([]byte, pageSize))
		w.used, w.entries = 0, 0
	}
	page := w.pages[len(w.pages)-1]
	number := len(w.pages) - 1
	off := pageSize - w.used - len(rec)
	if off < 32 { // a record of several pages has a page for itself
		off = 32
	}
	entry := page[16*w.entries:]
	le.PutUint32(entry, w.id)
	le.PutUint32(entry[4:], uint32(off))
	le.PutUint32(entry[8:], uint32(len(rec)))
	le.PutUint32(entry[12:], crc32.ChecksumIEEE(rec))
	n := copy(page[off:], rec)
	w.used, w.entries = pageSize-off, w.entries+1
	for rest := rec[n:]; len(rest) > 0; {
		next := make([]byte, pageSize)
		rest = rest[copy(next, rest):]
		w.pages = append(w.pages, next)
		w.used = pageSize // is full
	}
	w.keys = append(w.keys, fmt.Sprintf("%s.%d.%d.%d", path, number, w.id, len(rec)))
}

func (w *writer) objects() []byte { return slices.Concat(w.pages...) }

// appendTable appends the mapping of a file whose pages are in order.
func appendTable(b []byte, sequence uint32, pages int, root uint32) []byte {
	for _, n := range []uint32{0xabcd, sequence, sequence + 1, sequence, uint32(pages), uint32(pages)} {
		b = le.AppendUint32(b, n)
	}
	for i := range pages {
		entry := [6]uint32{0: uint32(i)}
		if i == 0 {
			entry[3] = root
		}
		for _, n := range entry {
			b = le.AppendUint32(b, n)
		}
	}
	b = le.AppendUint32(b, 0)
	return le.AppendUint32(b, 0xdcba)
}

// keysOfPage is how many keys a page of the index has at most.
const keysOfPage = 12

// writeIndex returns the pages of the index and the number of that with the root: page 0
// is not used, then come the leaves, and the root.
func writeIndex(keys []string) (index []byte, root uint32) {
	keys = slices.SortedFunc(slices.Values(keys), cmp.Compare[string])
	index = make([]byte, pageSize)
	var separators []string
	var children []uint32
	for len(keys) > 0 {
		n := min(keysOfPage, len(keys))
		index = append(index, indexPage(uint32(len(index)/pageSize), keys[:n], make([]uint32, n+1))...)
		children = append(children, uint32(len(index)/pageSize-1))
		if keys = keys[n:]; len(keys) > 0 {
			separators, keys = append(separators, keys[0]), keys[1:]
			if len(keys) == 0 {
				children = append(children, 0)
			}
		}
	}
	if len(children) == 1 {
		return index, children[0]
	}
	root = uint32(len(index) / pageSize)
	return append(index, indexPage(root, separators, children)...), root
}

func indexPage(number uint32, keys []string, children []uint32) []byte {
	b := le.AppendUint32(nil, 0xaccc)
	b = le.AppendUint32(b, number)
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint32(b, uint32(len(keys)))
	b = append(b, make([]byte, 4*len(keys))...)
	for _, c := range children {
		b = le.AppendUint32(b, c)
	}
	var parts, places, offsets []uint16
	var texts []byte
	known := map[string]uint16{}
	for _, key := range keys {
		places = append(places, uint16(len(parts)))
		list := strings.Split(key, "/")
		parts = append(parts, uint16(len(list)))
		for _, part := range list {
			n, ok := known[part]
			if !ok {
				n = uint16(len(offsets))
				known[part] = n
				offsets = append(offsets, uint16(len(texts)))
				texts = append(texts, part+"\x00"...)
			}
			parts = append(parts, n)
		}
	}
	for _, list := range [][]uint16{places, {uint16(len(parts))}, parts, {uint16(len(offsets))}, append(offsets, uint16(len(texts)))} {
		for _, n := range list {
			b = le.AppendUint16(b, n)
		}
	}
	b = append(b, texts...)
	return append(b, make([]byte, max(0, pageSize-len(b)))...)
}
