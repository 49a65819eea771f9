package evtx

import (
	"iter"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Kind describes a kind of event that has a struct: how its events are recognized,
// and how they are written. It is declared next to the struct.
type Kind struct {
	Name     string // short name of the log, and event identifier: "security-4688"
	Provider string
	Channel  string // that Windows logs it to; an exported log may have another
	EventID  uint16
	// Element is the element below UserData that holds the fields, and Namespace
	// is its xmlns attribute. Both are empty if the fields are Data elements of
	// EventData.
	Element, Namespace string

	typ    reflect.Type
	fields []structField
	byName map[string]int // index in fields
}

// structField maps a field of a typed event to a field of the binary XML.
//
// Its tag is `evtx:"name,option,…"`. The name is the one in the log, if it differs
// from that of the field. The options are the form of the value (sid, hex, pointer)
// and since=N, the number of the layout that introduced the field.
type structField struct {
	index int
	name  string // in the log
	wire  ValueType
	since int
}

// declared holds the kinds. The declarations fill it while the package is
// initialized; nothing changes it afterwards.
var declared struct {
	kinds   []*Kind
	byEvent map[eventKey]*Kind
	byType  map[reflect.Type]*Kind
}

// eventKey is what the kind of an event is recognized by.
type eventKey struct {
	provider string
	id       uint16
}

// userData is the element below UserData that holds the fields of a kind.
type userData struct{ element, namespace string }

// declare makes T the struct for the events that a provider writes under an
// identifier. The declaration follows the struct, as in
//
//	var _ = declare[Security4688]("security-4688", providerSecurity, "Security", 4688)
//
// Nothing else is needed to recognize, read and write such events, and to list them
// in Kinds.
func declare[T any, P interface {
	*T
	TypedEvent
}](name, provider, channel string, id uint16, in ...userData) *Kind {
	k := &Kind{Name: name, Provider: provider, Channel: channel, EventID: id, typ: reflect.TypeFor[T](), byName: map[string]int{}}
	for _, e := range in {
		k.Element, k.Namespace = e.element, e.namespace
	}
	for i := 1; i < k.typ.NumField(); i++ { // field 0 is the embedded System
		f := fieldOf(k.typ.Field(i))
		f.index = i
		k.byName[f.name] = len(k.fields)
		k.fields = append(k.fields, f)
	}
	if declared.byEvent == nil {
		declared.byEvent, declared.byType = map[eventKey]*Kind{}, map[reflect.Type]*Kind{}
	}
	declared.kinds = append(declared.kinds, k)
	declared.byEvent[eventKey{provider, id}] = k
	declared.byType[k.typ] = k
	return k
}

// fieldOf reads the type and the tag of a field.
func fieldOf(f reflect.StructField) structField {
	name, options, _ := strings.Cut(f.Tag.Get("evtx"), ",")
	s := structField{name: name, wire: wireType(f.Type)}
	if s.name == "" {
		s.name = f.Name
	}
	for option := range strings.SplitSeq(options, ",") {
		switch since, ok := strings.CutPrefix(option, "since="); {
		case ok:
			s.since, _ = strconv.Atoi(since)
		case option == "sid":
			s.wire = SIDType
		case option == "pointer":
			s.wire = SizeTType
		case option == "hex" && s.wire == UInt32Type:
			s.wire = HexInt32Type
		case option == "hex":
			s.wire = HexInt64Type
		}
	}
	return s
}

// wireType returns the type in binary XML for the Go type of a field without a tag.
func wireType(t reflect.Type) ValueType {
	if t == reflect.TypeFor[GUID]() {
		return GUIDType
	}
	switch t.Kind() {
	case reflect.Uint16:
		return UInt16Type
	case reflect.Uint32:
		return UInt32Type
	case reflect.Uint64:
		return UInt64Type
	case reflect.Bool:
		return BoolType
	}
	return StringType // text, and Sysmon's times
}

// Kinds yields all kinds of event that have a struct.
func Kinds() iter.Seq[Kind] {
	return func(yield func(Kind) bool) {
		for _, k := range declared.kinds {
			if !yield(*k) {
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
	return declared.byType[t]
}

// New returns a pointer to a new struct of the kind, with provider, event identifier
// and channel set.
func (k Kind) New() TypedEvent {
	if k.typ == nil {
		return new(Event)
	}
	e := reflect.New(k.typ).Interface().(TypedEvent)
	*e.Sys() = System{Provider: k.Provider, EventID: k.EventID, Channel: k.Channel}
	return e
}

// Layouts returns the layouts of the event that versions of Windows or Sysmon have
// written, from the oldest to the newest, which has all fields. A layout is the names
// of the fields in the log, in order.
func (k Kind) Layouts() [][]string {
	since := map[int]bool{0: true}
	for _, f := range k.fields {
		since[f.since] = true
	}
	var all [][]string
	for _, n := range slices.Sorted(maps.Keys(since)) {
		var names []string
		for _, f := range k.fields {
			if f.since <= n {
				names = append(names, f.name)
			}
		}
		all = append(all, names)
	}
	return all
}
