package evtx

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// jsonValue is a value of JSON. An object keeps the order of its members.
type jsonValue struct {
	scalar  any // string, json.Number, bool, or nil for null
	object  bool
	list    bool
	names   []string    // of the members
	members []jsonValue // of an object or a list
}

// maxJSONDepth bounds how deep objects nest. Elements of real events nest less than ten
// deep.
const maxJSONDepth = 64

func readJSON(d *json.Decoder, depth int) (v jsonValue, err error) {
	t, err := d.Token()
	if err != nil {
		return v, err
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return jsonValue{scalar: t}, nil
	}
	if depth == maxJSONDepth {
		return v, errors.New("nested too deep")
	}
	v.object, v.list = delim == '{', delim == '['
	seen := map[string]bool{}
	for d.More() {
		if v.object {
			name, err := d.Token()
			if err != nil {
				return v, err
			}
			text, _ := name.(string)
			if seen[text] {
				return v, fmt.Errorf("member %q is there twice", text)
			}
			seen[text] = true
			v.names = append(v.names, text)
		}
		m, err := readJSON(d, depth+1)
		if err != nil {
			return v, err
		}
		v.members = append(v.members, m)
	}
	_, err = d.Token()
	return v, err
}

func (v *jsonValue) isScalar() bool { return !v.object && !v.list }

// each calls f for the values of a list, or for a value that is not a list.
func (v *jsonValue) each(f func(*jsonValue) error) error {
	if !v.list {
		return f(v)
	}
	for i := range v.members {
		if err := f(&v.members[i]); err != nil {
			return err
		}
	}
	return nil
}

// value returns a value of a type, if its text is that of such a value, or of the type
// that JSON suggests.
func (v *jsonValue) value(t ValueType) (Value, error) {
	switch s := v.scalar.(type) {
	case string:
		return textOfType(t, s), nil
	case bool:
		return BoolValue(s), nil
	case json.Number:
		return numberOfType(t, string(s))
	}
	if v.list && t&ArrayFlag != 0 {
		return v.array(t)
	}
	if !v.isScalar() {
		return Value{}, errors.New("not a single value")
	}
	return Value{}, nil
}

// textOfType returns text as a value of a type, or as text if it is not that of one.
func textOfType(t ValueType, s string) Value {
	switch v, err := ParseValue(t, s); {
	case err != nil || t == NullType || bare(t): // a number in quotes is text
	case v.String() == s,
		t == GUIDType && s[0] != '{', // with braces and in upper case, Windows has it as text
		t == FileTimeType && sameTime(v, s):
		return v
	}
	return StringValue(s)
}

// sameTime reports whether a text, with any number of decimal places, is a value's time.
func sameTime(v Value, s string) bool {
	t, err := time.Parse(time.RFC3339Nano, s)
	return err == nil && t.Equal(v.Time())
}

// numberOfType returns a number as a value of a type, or else of one that has room.
func numberOfType(t ValueType, s string) (Value, error) {
	if bare(t) && t != BoolType {
		if v, err := ParseValue(t, s); err == nil && v.String() == s {
			return v, nil
		}
	}
	if n, err := strconv.ParseUint(s, 10, 64); err == nil && n <= 1<<32-1 {
		return UInt32Value(uint32(n)), nil
	} else if err == nil {
		return UInt64Value(n), nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return Value{}, fmt.Errorf("%s is not an integer of 64 bits", s)
	}
	return NumberValue(Int64Type, uint64(n)), nil
}

// array returns a list of texts as an array.
func (v *jsonValue) array(t ValueType) (Value, error) {
	var all []byte
	for i := range v.members {
		s, ok := v.members[i].scalar.(string)
		if !ok || t != StringType|ArrayFlag || strings.ContainsRune(s, 0) {
			return Value{}, errors.New("not a list of texts")
		}
		all = append(append(all, StringValue(s).data...), 0, 0)
	}
	return NewValue(t, all), nil
}
