package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// field is a field of a row.
type field struct {
	name  string // in jsonl and csv
	label string // in text; "" in the first lines of a row
	base  string // how a baseline compares it
	index int
}

// fields are the fields of a row in their order.
var fields = fieldsOf(reflect.TypeFor[row]())

func fieldsOf(t reflect.Type) (list []field) {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		label := f.Tag.Get("text")
		if label == "head" {
			label = ""
		}
		list = append(list, field{name, label, f.Tag.Get("base"), i})
	}
	return list
}

// of returns the value of the field in a row as csv has it, or "".
func (f *field) of(r *row) string {
	switch v := reflect.ValueOf(r).Elem().Field(f.index).Interface().(type) {
	case string:
		return v
	case bool:
		if f.base == "service" && !v { // and of what is not a service
			return ""
		}
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case *string:
		if v != nil {
			return *v
		}
	case *uint32:
		if v == nil {
			return ""
		}
		return strconv.FormatUint(uint64(*v), 10)
	case []change:
		var list []string
		for _, c := range v {
			list = append(list, c.String())
		}
		return strings.Join(list, "; ")
	}
	return ""
}

// String returns the change as people write it.
func (c change) String() string { return fmt.Sprintf("%s: %s -> %s", c.Field, c.Before, c.After) }

// lines returns the values of the field in a row as text has them.
func (f *field) lines(r *row) []string {
	value := f.of(r)
	switch {
	case value == "":
		return nil
	case f.name == "start":
		return []string{value + ", " + startWord(*r.Start)}
	case f.name == "type":
		return []string{fmt.Sprintf("%#x", *r.Type)}
	case f.name == "changed":
		var list []string
		for _, c := range r.Changed {
			list = append(list, c.String())
		}
		return list
	}
	return []string{value}
}

// startWord returns what the start of a service means.
func startWord(start uint32) string {
	words := [...]string{"boot", "system", "automatic", "on demand", "disabled"}
	if int64(start) < int64(len(words)) {
		return words[start]
	}
	return "unknown"
}
