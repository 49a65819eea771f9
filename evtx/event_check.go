package evtx

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/birthmark-dfir/birthmark/winid"
)

// Check returns an error that names what of the event Windows does not write: a zero
// time, a missing provider or channel, a UserSID that is not a SID, a name that XML
// does not allow, or a value whose bytes do not fit its type. What the System element of
// a log had in another form than Windows' own is not checked.
func (e *Event) Check() error {
	if e == nil {
		return errors.New("there is no event")
	}
	_, err := winid.ParseSID(e.UserSID)
	switch logged := e.odd != nil && e.odd.system != nil; {
	case logged: // such logs exist
	case e.Provider == "":
		return errors.New("System.Provider is empty")
	case e.Channel == "":
		return errors.New("System.Channel is empty")
	case e.TimeCreated.IsZero():
		return errors.New("System.TimeCreated is zero")
	case e.UserSID != "" && err != nil:
		return fmt.Errorf("System.UserSID: %w", err)
	}
	for _, f := range e.Tree().Fields {
		if err := f.check(f.Name); err != nil {
			return err
		}
	}
	return nil
}

// check checks an element of a tree. The path to it begins the errors: the names of
// elements, and those of Data elements.
func (f *Field) check(path string) error {
	if !isXMLQualified(f.Name) {
		return fmt.Errorf("%q: not a name in XML", path)
	}
	for i := range f.Attributes {
		a := &f.Attributes[i]
		err := a.Value.check()
		if !isXMLQualified(a.Name) {
			err = errors.New("not a name in XML")
		}
		if err != nil {
			return fmt.Errorf("%q: %w", path+"/@"+a.Name, err)
		}
	}
	if err := f.Value.check(); err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	for i := range f.Fields {
		k := &f.Fields[i]
		name := k.Name
		if n := k.named(true); n.Name != "" {
			name = n.Name
		}
		if err := k.check(path + "/" + name); err != nil {
			return err
		}
	}
	return nil
}

// isXMLQualified reports whether XML allows a name. A prefix may precede one colon.
func isXMLQualified(s string) bool { return xmlName(s) == s }

// check returns an error if the bytes do not fit the type.
func (v Value) check() error {
	if v.text != nil {
		return nil
	}
	size, t := v.Type.fixedSize(), v.Type&^ArrayFlag
	array := v.Type&ArrayFlag != 0
	var want string
	switch n := len(v.data); {
	case size > 0 && (n%size != 0 || !array && n != size):
		want = strconv.Itoa(size)
	case t == StringType && n%2 != 0:
		want = "an even number"
	case t == SizeTType && (n%4 != 0 || !array && n != 4 && n != 8):
		want = "4 or 8"
	case t == NullType && n > 0:
		want = "0"
	case t == SIDType && !array:
		_, err := winid.DecodeSID(v.data)
		return err
	case t > SIDType && size == 0:
		return fmt.Errorf("type %v cannot be written", v.Type)
	default:
		return nil
	}
	return fmt.Errorf("type %v has %d bytes, want %s", v.Type, len(v.data), want)
}
