package main

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// sourceOf returns the name that the kinds of a provider begin with, and the prefix of
// their structs. Both come from a kind of the provider, or from the last word of its
// name.
func sourceOf(provider string) (name, prefix string) {
	for k := range evtx.Kinds() {
		if k.Provider == provider {
			name, _, _ = strings.Cut(k.Name, "-")
			return name, strings.TrimRight(reflect.TypeOf(k.New()).Elem().Name(), "0123456789")
		}
	}
	words := strings.FieldsFunc(provider, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "unknown", "Unknown"
	}
	prefix = exported(words[len(words)-1])
	return strings.ToLower(prefix), prefix
}

// printKind prints the struct and the declaration of a kind.
func printKind(w io.Writer, k *kind) {
	layouts := k.sortedLayouts()
	source, prefix := sourceOf(k.provider)
	name := fmt.Sprintf("%s%d", prefix, k.id)
	fmt.Fprintf(w, "// %s: %d records of %s.\n", name, k.records, k.provider)
	for i, l := range layouts {
		fmt.Fprintf(w, "//\tlayout %d: %d fields in %d records, Version %v\n", i, len(l.names), l.records, l.versions)
	}
	fmt.Fprintf(w, "type %s struct {\n\tSystem\n", name)
	names, since := order(layouts)
	for _, n := range names {
		printField(w, n, k.fields[n], since[n])
	}
	fmt.Fprintf(w, "\tExtra []Field\n}\n\nvar _ = declare[%s](%s, %d, written{%s},\n\t``)\n\n", name, source, k.id, written(k, layouts))
}

func printField(w io.Writer, name string, f *field, since int) {
	goType, options := f.goType()
	if f.dash > 0 {
		options = append(options, "dash")
	}
	if since > 0 {
		options = append(options, fmt.Sprintf("since=%d", since))
	}
	goName, tag := exported(name), strings.Join(append([]string{""}, options...), ",")
	if goName != name {
		tag = name + tag
	}
	if tag != "" {
		tag = " `evtx:" + strconv.Quote(tag) + "`"
	}
	fmt.Fprintf(w, "\t%s %s%s // %s\n", goName, goType, tag, f.comment())
}

// comment describes the values of the field.
func (f *field) comment() string {
	var s []string
	for _, c := range []struct {
		n    int
		what string
	}{{f.null, "null"}, {f.empty, "empty"}, {f.dash, `"-"`}} {
		if c.n > 0 {
			s = append(s, fmt.Sprintf("%s %d", c.what, c.n))
		}
	}
	if len(f.types) > 1 {
		s = append(s, fmt.Sprintf("types %v", f.types))
	}
	for _, e := range f.examples {
		if len(e) > 40 {
			e = e[:40] + "…"
		}
		s = append(s, strconv.Quote(e))
	}
	if len(s) == 0 {
		return "no value"
	}
	return strings.Join(s, "; ")
}

// goTypes maps the types of values to the types of fields, and to the option of the
// tag that gives the form.
var goTypes = map[evtx.ValueType][]string{
	evtx.NullType: {"string"}, evtx.StringType: {"string"}, evtx.AnsiType: {"string"}, evtx.BoolType: {"bool"},
	evtx.Int8Type: {"int32"}, evtx.Int16Type: {"int32"}, evtx.Int32Type: {"int32"}, evtx.Int64Type: {"int64"},
	evtx.UInt8Type: {"uint8"}, evtx.UInt16Type: {"uint16"}, evtx.UInt32Type: {"uint32"}, evtx.UInt64Type: {"uint64"},
	evtx.Real32Type: {"float64"}, evtx.Real64Type: {"float64"}, evtx.BinaryType: {"[]byte"}, evtx.GUIDType: {"GUID"},
	evtx.FileTimeType: {"time.Time", "filetime"}, evtx.SysTimeType: {"time.Time"}, evtx.SIDType: {"string", "sid"},
	evtx.SizeTType: {"uint64", "pointer"}, evtx.HexInt32Type: {"uint32", "hex"}, evtx.HexInt64Type: {"uint64", "hex"},
}

// goType returns the type of the field, and the options of its tag. A pointer arrives
// as such, or as a number in hexadecimal of the size that pointers have on the machine.
// Text beside another type is that of records without a template, as exports have them.
func (f *field) goType() (string, []string) {
	best, most := evtx.NullType, 0
	for t, n := range f.types {
		if t == evtx.StringType && len(f.types) > 1 {
			continue
		}
		if n > most || n == most && t < best {
			best, most = t, n
		}
	}
	if f.types[evtx.SizeTType] > 0 || f.types[evtx.HexInt32Type] > 0 && f.types[evtx.HexInt64Type] > 0 {
		best = evtx.SizeTType
	}
	if best == evtx.StringType && f.times > 0 && f.times+f.dash+f.empty == f.types[best] {
		return "time.Time", nil
	}
	if best&evtx.ArrayFlag != 0 {
		return "[]string", nil
	}
	t := goTypes[best]
	if t == nil {
		return "string /* " + best.String() + " */", nil
	}
	return t[0], slices.Clone(t[1:])
}

// exported returns a name for the field of a struct: that of the log, or one made of
// its letters and digits.
func exported(name string) string {
	if position, ok := strings.CutPrefix(name, "#"); ok {
		return "Param" + position
	}
	var b strings.Builder
	up := true
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	if s := b.String(); s != "" && unicode.IsUpper([]rune(s)[0]) {
		return s
	}
	return "Field" + b.String()
}

// written returns what Windows writes for the kind, with comments on what is not the
// same in all records.
func written(k *kind, layouts []*layout) string {
	var s []string
	for _, name := range []string{"channel", "guid", "eventSource", "level", "task", "opcode", "qualifiers", "keywords", "element", "namespace"} {
		c := k.system[name]
		value := c.most()
		if value == "" || value == "0" || value == "0x0" || value == (evtx.GUID{}).String() {
			if len(c) > 1 {
				s = append(s, fmt.Sprintf("/* %s: %v */", name, c))
			}
			continue
		}
		if _, err := strconv.ParseUint(value, 0, 64); err != nil {
			value = strconv.Quote(value)
		}
		if value = name + ": " + value; len(c) > 1 {
			value += fmt.Sprintf(" /* %v */", c)
		}
		s = append(s, value)
	}
	var versions []int
	for _, l := range layouts {
		versions = append(versions, l.version())
	}
	if slices.Min(versions) == slices.Max(versions) {
		versions = versions[:1]
	}
	if slices.Max(versions) > 0 {
		s = append(s, "versions: []uint8{"+strings.ReplaceAll(strings.Trim(fmt.Sprint(versions), "[]"), " ", ", ")+"}")
	}
	return strings.Join(s, ", ")
}
