package evtx

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/birthmark-dfir/birthmark/winid"
)

// Kind describes a kind of event that has a struct: how its events are recognized,
// and how they are written.
type Kind struct {
	Name     string // short name of the log, and event identifier: "security-4688"
	Provider string
	Channel  string // that Windows logs it to; an exported log may have another
	EventID  uint16
	// Element is the element below UserData that holds the fields, and Namespace
	// is its xmlns attribute. Both are empty if the fields are in EventData.
	Element, Namespace string

	index    int     // in kindIndex.kinds
	system   System  // of a new event of the kind, in its newest layout
	versions []uint8 // System.Version of each layout, from the oldest to the newest
	sentence *sentence
	*kindFields

	typ reflect.Type
	structType
}

// kindFields are the fields of the struct of a kind. They are read at the first use of
// the kind: most programs use few kinds.
type kindFields struct {
	once      sync.Once
	fields    []structField
	byName    map[string]int // index in fields
	positions []int          // the same for Data elements without a name, by position
	extra     uintptr        // offset of the Extra field
}

// declarations are what declare was called with. They are filled while the package is
// initialized; nothing changes them afterwards.
var declarations = make([]declaration, 0, 512)

type declaration struct {
	source  source
	id      uint16
	written written
	text    string

	structType
}

// structType is the type of the struct of a kind.
type structType interface {
	reflected() reflect.Type
	structs(n int) structPointer        // allocates n structs
	typed(p structPointer) TypedEvent   // p points to a struct
	pointer(e TypedEvent) structPointer // the inverse of typed
}

// structOf is the structType of T.
type structOf[T any, P interface {
	*T
	TypedEvent
}] struct{}

func (structOf[T, P]) reflected() reflect.Type { return reflect.TypeFor[T]() }
func (structOf[T, P]) structs(n int) structPointer {
	return unsafe.Pointer(unsafe.SliceData(make([]T, n)))
}
func (structOf[T, P]) typed(p structPointer) TypedEvent   { return P((*T)(p)) }
func (structOf[T, P]) pointer(e TypedEvent) structPointer { return unsafe.Pointer((*T)(e.(P))) }

// declared returns the kinds. They are made of the declarations at their first use,
// because a program that prints JSON needs none.
var declared = sync.OnceValue(func() *kindIndex {
	x := &kindIndex{byName: map[string]*Kind{}, byType: map[reflect.Type]*Kind{}, providers: map[uint16][]provider{}}
	for i := range declarations {
		d := &declarations[i]
		k := newKind(d)
		k.index = i
		x.kinds = append(x.kinds, k)
		x.byName[k.Name], x.byType[k.typ] = k, k
		for _, name := range append([]string{d.source.provider}, d.source.also...) {
			x.providers[d.id] = append(x.providers[d.id], provider{name, k})
		}
	}
	return x
})

// kindIndex holds the kinds.
type kindIndex struct {
	kinds  []*Kind
	byName map[string]*Kind
	byType map[reflect.Type]*Kind
	// providers are those of the kinds with an event identifier.
	providers map[uint16][]provider
}

// provider is the name of a provider of events of a kind.
type provider struct {
	name string
	kind *Kind
}

// source is a provider of events, and the log that it writes to.
type source struct {
	name        string // begins the names of its kinds: "security"
	provider    string
	also        []string // other names of the provider; "MSSQL$" means all that begin so
	guid        string   // of the provider; "" for one without a manifest
	eventSource string   // EventSourceName
	channel     string
}

// written is what Windows writes into the System element of all events of a kind, and
// where it puts their fields.
type written struct {
	channel          string  // if it is not that of the source
	versions         []uint8 // of each layout, from the oldest to the newest; one is that of all
	level, opcode    uint8
	task, qualifiers uint16
	keywords         uint64
	// The element below UserData and its xmlns attribute; "" for EventData.
	element, namespace string
}

// Keywords of the Security log.
const (
	auditSuccess = 0x8020000000000000
	auditFailure = 0x8010000000000000
)

// declare makes T the struct for the events that a source writes under an identifier.
// The declaration follows the struct, as in
//
//	var _ = declare[Security4688](security, 4688, written{task: 13312, …}, "…")
//
// Nothing else is needed to recognize, read, write and describe such events, and to
// list them in Kinds. The sentence is described at type sentence.
func declare[T any, P interface {
	*T
	TypedEvent
}](s source, id uint16, w written, text string) struct{} {
	declarations = append(declarations, declaration{s, id, w, text, structOf[T, P]{}})
	return struct{}{}
}

func newKind(d *declaration) *Kind {
	s, w := &d.source, &d.written
	k := &Kind{
		Name: kindName(s.name, d.id), Provider: s.provider, Channel: s.channel, EventID: d.id,
		Element: w.element, Namespace: w.namespace, versions: w.versions,
		kindFields: new(kindFields), typ: d.reflected(), structType: d.structType,
	}
	if w.channel != "" {
		k.Channel = w.channel
	}
	guid, _ := winid.ParseGUID(s.guid) // a test parses all
	k.system = System{
		Provider: s.provider, ProviderGUID: guid, EventSourceName: s.eventSource, Channel: k.Channel,
		EventID: d.id, Qualifiers: w.qualifiers, Level: w.level, Opcode: w.opcode, Task: w.task, Keywords: w.keywords,
	}
	if n := len(w.versions); n > 0 {
		k.system.Version = w.versions[n-1]
	}
	k.sentence = &sentence{text: d.text, kind: k}
	return k
}

// ready returns k, which may be nil, with its fields.
func (k *Kind) ready() *Kind {
	if k != nil {
		k.once.Do(func() { k.read(k.typ) })
	}
	return k
}

// read reads the fields of a struct.
func (k *kindFields) read(typ reflect.Type) {
	k.fields = make([]structField, 0, typ.NumField())
	k.byName = make(map[string]int, typ.NumField())
	for i := 1; i < typ.NumField(); i++ { // field 0 is the embedded System
		f := typ.Field(i)
		if f.Name == "Extra" {
			k.extra = f.Offset
			continue
		}
		field := fieldOf(f)
		if field.position >= 0 {
			k.positions = append(k.positions, len(k.fields)) // in order; a test checks it
		}
		for _, name := range []string{field.name, field.also} {
			if name != "" && name[0] != '#' {
				k.byName[name] = len(k.fields)
			}
		}
		k.fields = append(k.fields, field)
	}
}

func kindName(source string, id uint16) string { return source + "-" + strconv.Itoa(int(id)) }

// kindFor returns the kind of the events of a provider under an identifier, or nil if
// it has no struct.
func kindFor(name string, id uint16) *Kind { return findKind(name, id).ready() }

// findKind is kindFor for a kind that need not be ready.
func findKind(name string, id uint16) *Kind {
	for _, p := range declared().providers[id] {
		if p.name == name || strings.HasSuffix(p.name, "$") && strings.HasPrefix(name, p.name) {
			return p.kind
		}
	}
	return nil
}

// kindForUTF16 is kindFor for a name in UTF-16.
func kindForUTF16(name []byte, id uint16) *Kind {
	for _, p := range declared().providers[id] {
		if n := 2 * len(p.name); hasUTF16(name, p.name) && (len(name) == n || name[n]|name[n+1] == 0 || strings.HasSuffix(p.name, "$")) {
			return p.kind.ready()
		}
	}
	return nil
}

// hasUTF16 reports whether UTF-16 text begins with ASCII text.
func hasUTF16(b []byte, prefix string) bool {
	if len(b) < 2*len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if b[2*i] != prefix[i] || b[2*i+1] != 0 {
			return false
		}
	}
	return true
}

// Kinds yields all kinds of event that have a struct.
func Kinds() iter.Seq[Kind] {
	return func(yield func(Kind) bool) {
		for _, k := range declared().kinds {
			if !yield(*k.ready()) {
				return
			}
		}
	}
}

// KindOf returns the kind that the type of e is declared for. It returns false for an
// *Event and for types of other packages.
func KindOf(e TypedEvent) (Kind, bool) {
	k := kindOf(e)
	if k == nil {
		return Kind{}, false
	}
	return *k, true
}

// kindOf returns the kind of a struct or of a pointer to one, or nil for other types.
func kindOf(e any) *Kind {
	t := reflect.TypeOf(e)
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return declared().byType[t].ready()
}

// New returns a pointer to a new struct of the kind. Its System has what Windows
// writes there for every event of the kind, and the version of the newest layout.
func (k Kind) New() TypedEvent {
	if k.typ == nil {
		return new(Event)
	}
	e := k.typed(k.structs(1))
	*e.Sys() = k.system
	return e
}

// Layouts returns the layouts of the event that versions of Windows or Sysmon have
// written, from the oldest to the newest. A layout is the names of the fields in the
// log, in order; "#0" is the first Data element without a name. If other versions have
// other names for the same fields, layouts with those names come first.
func (k Kind) Layouts() [][]string {
	if k.kindFields == nil {
		return nil
	}
	since := map[int]bool{0: true}
	for _, f := range k.fields {
		since[f.since] = true
		if f.until < math.MaxInt {
			since[f.until+1] = true
		}
	}
	var all, others [][]string
	for _, n := range slices.Sorted(maps.Keys(since)) {
		var names, also []string
		other := false
		for _, f := range k.fields {
			if f.in(n) {
				names = append(names, f.name)
				also = append(also, cmp.Or(f.also, f.name))
				other = other || f.also != ""
			}
		}
		all = append(all, names)
		if other {
			others = append(others, also)
		}
	}
	return append(others, all...)
}

// layout returns the number of the layout that the event at p has. Some versions have
// several layouts: that of an event that was made is the newest of them, that of an
// event that was read is the oldest that has all its values.
func (k *Kind) layout(p structPointer, version uint8, made bool) int {
	n := 0
	for i, v := range k.versions {
		if v <= version {
			n = i
		}
	}
	if len(k.versions) < 2 { // all layouts have the same
		for i := range k.fields {
			n = max(n, k.fields[i].since)
		}
	}
	for !made && n > 0 && (len(k.versions) < 2 || k.versions[n-1] == k.versions[n]) && k.lacks(p, n) {
		n--
	}
	return n
}

// lacks reports whether the event at p has none of the fields that a layout introduced.
func (k *Kind) lacks(p structPointer, layout int) bool {
	return !slices.ContainsFunc(k.fields, func(f structField) bool { return f.since == layout && !f.zero(p) })
}
