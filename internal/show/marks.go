package show

import (
	"reflect"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Package json takes half of a surrogate pair for bytes that are not UTF-8, and
// would make all halves the same. So they get past it as marks: the last
// characters of all, which are for private use, one for each half. A real one of
// these characters gets past it as the marks of its own two halves.
const (
	firstHalf = 0xd800
	endHalf   = 0xe000
	firstMark = utf8.MaxRune + 1 - (endHalf - firstHalf)
)

// markHalves replaces halves of surrogate pairs by their marks.
func markHalves(s string) string {
	var b []byte
	for len(s) > 0 {
		r, size := wtf8.DecodeRune(s)
		high, low := utf16.EncodeRune(r)
		switch {
		case firstHalf <= r && r < endHalf:
			b = utf8.AppendRune(b, r-firstHalf+firstMark)
		case r >= firstMark:
			b = utf8.AppendRune(utf8.AppendRune(b, high-firstHalf+firstMark), low-firstHalf+firstMark)
		default:
			b = utf8.AppendRune(b, r)
		}
		s = s[size:]
	}
	return string(b)
}

// withMarks returns a copy of v in which every string that package json writes
// has marks. V must not contain itself.
func withMarks(v any) any {
	if v == nil {
		return nil
	}
	return marked(reflect.ValueOf(v)).Interface()
}

// addMarks marks the strings of a variable. What it shares with others is copied.
func addMarks(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(markHalves(v.String()))
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() || f.Anonymous && f.Type.Kind() == reflect.Struct {
				addMarks(v.Field(i))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			addMarks(v.Index(i))
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		v.Set(own)
		for i := range v.Len() {
			addMarks(v.Index(i))
		}
	case reflect.Map:
		if v.IsNil() {
			return
		}
		own := reflect.MakeMapWithSize(v.Type(), v.Len())
		for key, value := range v.Seq2() {
			own.SetMapIndex(marked(key), marked(value))
		}
		v.Set(own)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return
		}
		own := marked(v.Elem())
		if v.Kind() == reflect.Pointer {
			own = own.Addr()
		}
		v.Set(own)
	}
}

// marked returns a variable that holds a copy of v with marks.
func marked(v reflect.Value) reflect.Value {
	own := reflect.New(v.Type()).Elem()
	own.Set(v)
	addMarks(own)
	return own
}
