package evtx

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// TypedEvent is an event as a struct of its own, such as *Security4688 or
// *Sysmon11.
type TypedEvent interface {
	// Sys returns what the event says of itself.
	Sys() *System
	// Kind names the kind of event: "security-4688", "sysmon-11", "rdp-1149".
	Kind() string
}

// Providers and channels of the events with structs.
const (
	providerSecurity = "Microsoft-Windows-Security-Auditing"
	providerEventlog = "Microsoft-Windows-Eventlog"
	providerSCM      = "Service Control Manager"
	providerSysmon   = "Microsoft-Windows-Sysmon"
	providerRCM      = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
	providerLSM      = "Microsoft-Windows-TerminalServices-LocalSessionManager"
)

// kind describes a struct: how its events are recognised and written.
type kind struct {
	provider string
	id       uint16
	channel  string // of events we write; a log may be exported into another
	// element below UserData with its xmlns; empty where the fields are Data
	// elements of EventData.
	element, namespace string
	typ                reflect.Type
	fields             []structField
	byName             map[string]int // into fields
}

// structField is a field of a typed event and of the binary XML.
type structField struct {
	index int
	name  string // in the log
	wire  ValueType
}

const nsEventlog = "http://manifests.microsoft.com/win/2004/08/windows/eventlog"

// kinds are all events with structs. It is never changed after it was made.
var kinds = []*kind{
	eventData[Security4624](providerSecurity, "Security", 4624),
	eventData[Security4625](providerSecurity, "Security", 4625),
	eventData[Security4634](providerSecurity, "Security", 4634),
	eventData[Security4647](providerSecurity, "Security", 4647),
	eventData[Security4648](providerSecurity, "Security", 4648),
	eventData[Security4672](providerSecurity, "Security", 4672),
	eventData[Security4688](providerSecurity, "Security", 4688),
	eventData[Security4689](providerSecurity, "Security", 4689),
	eventData[Security4697](providerSecurity, "Security", 4697),
	eventData[Security4698](providerSecurity, "Security", 4698),
	eventData[Security4720](providerSecurity, "Security", 4720),
	userData[Security1102](providerEventlog, "Security", 1102, "LogFileCleared", nsEventlog),
	eventData[System7045](providerSCM, "System", 7045),
	userData[System104](providerEventlog, "System", 104, "LogFileCleared", nsEventlog),
	eventData[Sysmon1](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 1),
	eventData[Sysmon2](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 2),
	eventData[Sysmon3](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 3),
	eventData[Sysmon5](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 5),
	eventData[Sysmon11](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 11),
	eventData[Sysmon12](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 12),
	eventData[Sysmon13](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 13),
	eventData[Sysmon14](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 14),
	eventData[Sysmon15](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 15),
	eventData[Sysmon23](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 23),
	eventData[Sysmon26](providerSysmon, "Microsoft-Windows-Sysmon/Operational", 26),
	userData[RDP1149](providerRCM, providerRCM+"/Operational", 1149, "EventXML", "Event_NS"),
	userData[RDP21](providerLSM, providerLSM+"/Operational", 21, "EventXML", "Event_NS"),
	userData[RDP22](providerLSM, providerLSM+"/Operational", 22, "EventXML", "Event_NS"),
	userData[RDP23](providerLSM, providerLSM+"/Operational", 23, "EventXML", "Event_NS"),
	userData[RDP24](providerLSM, providerLSM+"/Operational", 24, "EventXML", "Event_NS"),
	userData[RDP25](providerLSM, providerLSM+"/Operational", 25, "EventXML", "Event_NS"),
	userData[RDP39](providerLSM, providerLSM+"/Operational", 39, "EventXML", "Event_NS"),
	userData[RDP40](providerLSM, providerLSM+"/Operational", 40, "EventXML", "Event_NS"),
}

type kindKey struct {
	provider string
	id       uint16
}

var (
	kindByEvent = map[kindKey]*kind{}
	kindByType  = map[reflect.Type]*kind{}
)

func init() {
	for _, k := range kinds {
		kindByEvent[kindKey{k.provider, k.id}] = k
		kindByType[k.typ] = k
	}
}

func eventData[T any](provider, channel string, id uint16) *kind {
	return userData[T](provider, channel, id, "", "")
}

func userData[T any](provider, channel string, id uint16, element, namespace string) *kind {
	k := &kind{
		provider: provider, id: id, channel: channel,
		element: element, namespace: namespace, typ: reflect.TypeFor[T](), byName: map[string]int{},
	}
	for i := 1; i < k.typ.NumField(); i++ { // field 0 is the embedded System
		f := k.typ.Field(i)
		name, form, _ := strings.Cut(f.Tag.Get("evtx"), ",")
		if name == "" {
			name = f.Name
		}
		k.byName[name] = len(k.fields)
		k.fields = append(k.fields, structField{i, name, wireType(f.Type, form)})
	}
	return k
}

// wireType is the type in binary XML for a field's Go type and the form in its
// tag.
func wireType(t reflect.Type, form string) ValueType {
	switch {
	case form == "sid":
		return SIDType
	case form == "pointer":
		return SizeTType
	case t == reflect.TypeFor[GUID]():
		return GUIDType
	}
	switch t.Kind() {
	case reflect.Uint16:
		return UInt16Type
	case reflect.Uint32:
		if form == "hex" {
			return HexInt32Type
		}
		return UInt32Type
	case reflect.Uint64:
		if form == "hex" {
			return HexInt64Type
		}
		return UInt64Type
	case reflect.Bool:
		return BoolType
	}
	return StringType // text, and Sysmon's times
}

func structType(e any) reflect.Type {
	t := reflect.TypeOf(e)
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// Typed returns the event as the struct of its kind, always a pointer, or nil
// when there is none. The fields are found by their names, so every layout is
// read. An error is a *FormatError.
func (r *Record) Typed() (TypedEvent, error) {
	s, err := r.System()
	if err != nil {
		return nil, err
	}
	if kindByEvent[kindKey{s.Provider, s.EventID}] == nil {
		return nil, nil
	}
	e, err := r.Event()
	if err != nil {
		return nil, err
	}
	return TypedOf(e), nil
}

// TypedOf returns an event as the struct of its kind, always a pointer, or nil
// when there is none. The struct may have fewer fields than the event.
func TypedOf(e *Event) TypedEvent {
	k := kindByEvent[kindKey{e.Provider, e.EventID}]
	if k == nil {
		return nil
	}
	return k.typed(e)
}

func (k *kind) typed(e *Event) TypedEvent {
	p := reflect.New(k.typ)
	v := p.Elem()
	v.Field(0).Set(reflect.ValueOf(e.System))
	seen := make([]bool, len(k.fields))
	for i := range e.Fields {
		n, ok := k.byName[e.Fields[i].Name]
		if !ok || seen[n] {
			continue
		}
		seen[n] = true
		setField(v.Field(k.fields[n].index), e.Fields[i].Value)
	}
	return p.Interface().(TypedEvent)
}

func setField(f reflect.Value, v Value) {
	switch p := f.Addr().Interface().(type) {
	case *string:
		*p = v.String()
	case *bool:
		n, ok := v.Uint64()
		*p = n != 0 || !ok && strings.EqualFold(v.String(), "true")
	case *GUID:
		*p = guidOf(v)
	case *time.Time:
		*p = v.Time()
	case *uint16:
		n, _ := v.Uint64()
		*p = uint16(n)
	case *uint32:
		n, _ := v.Uint64()
		*p = uint32(n)
	case *uint64:
		*p, _ = v.Uint64()
	}
}

// EventOf returns a typed event, a struct or a pointer to one, with its fields as
// a log holds them: the inverse of Typed. What System leaves empty is filled in from the kind:
// provider, event identifier and channel. Any other type is an
// error.
func EventOf(t any) (*Event, error) {
	k := kindByType[structType(t)]
	if k == nil {
		return nil, fmt.Errorf("evtx: %T is no typed event of this package", t)
	}
	v := reflect.ValueOf(t)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, fmt.Errorf("evtx: a nil %T", t)
		}
		v = v.Elem()
	}
	e := &Event{System: v.Field(0).Interface().(System), Element: "EventData"}
	if k.element != "" {
		e.UserData, e.Element, e.Namespace = true, k.element, k.namespace
	}
	if e.Provider == "" {
		e.Provider = k.provider
	}
	if e.EventID == 0 {
		e.EventID = k.id
	}
	if e.Channel == "" {
		e.Channel = k.channel
	}
	for _, f := range k.fields {
		value, err := fieldValue(v.Field(f.index), f.wire)
		if err != nil {
			return nil, fmt.Errorf("evtx: %T %s: %w", t, f.name, err)
		}
		e.Fields = append(e.Fields, Field{f.name, value})
	}
	return e, nil
}

// sysmonTime is how Sysmon writes a time.
const sysmonTime = "2006-01-02 15:04:05.000"

func fieldValue(f reflect.Value, wire ValueType) (Value, error) {
	switch x := f.Interface().(type) {
	case string:
		if wire != SIDType {
			return StringValue(x), nil
		}
		if x == "" {
			return Value{}, nil
		}
		sid, err := winid.ParseSID(x)
		if err != nil {
			return Value{}, err
		}
		b, err := sid.MarshalBinary()
		return NewValue(SIDType, b), err
	case bool:
		n := uint32(0)
		if x {
			n = 1
		}
		return NewValue(BoolType, le.AppendUint32(nil, n)), nil
	case GUID:
		return NewValue(GUIDType, x[:]), nil
	case time.Time:
		if x.IsZero() {
			return StringValue(""), nil
		}
		return StringValue(x.UTC().Format(sysmonTime)), nil
	}
	n := f.Uint()
	switch wire.fixedSize() {
	case 2:
		return NewValue(wire, le.AppendUint16(nil, uint16(n))), nil
	case 4:
		return NewValue(wire, le.AppendUint32(nil, uint32(n))), nil
	}
	return NewValue(wire, le.AppendUint64(nil, n)), nil
}
