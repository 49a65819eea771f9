package evtx_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// Every event struct is followed by its declaration. A struct without one would
// compile, but no event would be read as it.
func TestEveryStructIsDeclared(t *testing.T) {
	fset := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	wrong, structs := undeclared(fset, files)
	for _, w := range wrong {
		t.Error(w)
	}
	if n := len(slices.Collect(evtx.Kinds())); n != structs || n == 0 {
		t.Errorf("%d structs, %d kinds", structs, n)
	}
}

// The test above must find these faults.
func TestUndeclaredStructs(t *testing.T) {
	for _, tt := range []struct{ name, source, want string }{
		{"declared", "type Security4728 struct { System; MemberName string }\nvar _ = declare[Security4728](\"security-4728\", p, \"Security\", 4728)", "[]"},
		{"no declaration", "type Security4728 struct {\n\tSystem\n\tMemberName string\n}", "[a.go:2: Security4728 has no declaration]"},
		{"no declaration in a group", "type (\n\tA struct { System }\n\tB struct { A string }\n)", "[a.go:3: A has no declaration]"},
		{"two declarations", "type A struct { System }\nvar _ = declare[A]()\nvar _ = declare[A]()", "[a.go:4: A is declared again]"},
		{"far from its struct", "var _ = declare[A]()\ntype A struct { System }", "[a.go:2: A is not declared right after its struct]"},
		{"in a function", "type A struct { System }\nfunc f() { declare[A]() }", "[a.go:2: A has no declaration]"},
		{"not exported", "type a struct { System }", "[]"},
		{"the struct of all other events", "type Event struct { System }", "[]"},
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "a.go", "package evtx\n"+tt.source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := undeclared(fset, []*ast.File{f}); fmt.Sprint(got) != tt.want {
			t.Errorf("%s: got %q, want %s", tt.name, got, tt.want)
		}
	}
}

// undeclared returns the exported structs that embed System, other than Event,
// without a declaration right after them, and the number of structs.
func undeclared(fset *token.FileSet, files []*ast.File) (wrong []string, structs int) {
	found := func(n ast.Node, format string, a ...any) {
		p := fset.Position(n.Pos())
		wrong = append(wrong, fmt.Sprintf("%s:%d: ", p.Filename, p.Line)+fmt.Sprintf(format, a...))
	}
	waiting, done := map[string]ast.Node{}, map[string]bool{}
	for _, f := range files {
		last := "" // the struct right before
		for _, d := range f.Decls {
			gen, _ := d.(*ast.GenDecl)
			if gen == nil {
				last = ""
				continue
			}
			for _, spec := range gen.Specs {
				if name := eventStruct(spec); name != "" {
					last = name
					structs++
					if !done[name] {
						waiting[name] = spec
					}
					continue
				}
				name := declaration(spec)
				switch {
				case name != "" && done[name]:
					found(spec, "%s is declared again", name)
				case name != "" && name != last:
					found(spec, "%s is not declared right after its struct", name)
				}
				if name != "" {
					done[name] = true
					delete(waiting, name)
				}
				last = ""
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(waiting)) {
		found(waiting[name], "%s has no declaration", name)
	}
	return wrong, structs
}

// eventStruct returns the name of an exported struct that embeds System.
func eventStruct(spec ast.Spec) string {
	typ, _ := spec.(*ast.TypeSpec)
	if typ == nil || !typ.Name.IsExported() || typ.Name.Name == "Event" {
		return ""
	}
	s, _ := typ.Type.(*ast.StructType)
	if s == nil {
		return ""
	}
	for _, f := range s.Fields.List {
		if id, _ := f.Type.(*ast.Ident); len(f.Names) == 0 && id != nil && id.Name == "System" {
			return typ.Name.Name
		}
	}
	return ""
}

// declaration returns the name of the struct in var _ = declare[…](…).
func declaration(spec ast.Spec) string {
	v, _ := spec.(*ast.ValueSpec)
	if v == nil || len(v.Values) != 1 {
		return ""
	}
	call, _ := v.Values[0].(*ast.CallExpr)
	if call == nil {
		return ""
	}
	index, _ := call.Fun.(*ast.IndexExpr)
	if index == nil {
		return ""
	}
	f, _ := index.X.(*ast.Ident)
	typ, _ := index.Index.(*ast.Ident)
	if f == nil || typ == nil || f.Name != "declare" {
		return ""
	}
	return typ.Name
}

// Each kind has its own name, and its own provider and event identifier. Its struct
// has only fields that can be read and written.
func TestDeclarations(t *testing.T) {
	names, events := map[string]bool{}, map[string]bool{}
	for k := range evtx.Kinds() {
		if !strings.HasSuffix(k.Name, fmt.Sprintf("-%d", k.EventID)) || k.Provider == "" || k.Channel == "" || k.Element == "" && k.Namespace != "" {
			t.Errorf("%+v", k)
		}
		event := fmt.Sprint(k.Provider, " ", k.EventID)
		if names[k.Name] || events[event] {
			t.Errorf("%s is declared twice: %s", k.Name, event)
		}
		names[k.Name], events[event] = true, true
		if e := k.New(); e.Kind() != k.Name || e.Sys().Channel != k.Channel {
			t.Errorf("%s: New gives a %s of %s", k.Name, e.Kind(), e.Sys().Channel)
		}
		typ := reflect.TypeOf(k.New()).Elem()
		if typ.Field(0).Type != reflect.TypeFor[evtx.System]() {
			t.Errorf("%s does not begin with System", typ)
		}
		extra := typ.NumField() - 1
		if typ.Field(extra).Name != "Extra" || typ.Field(extra).Type != reflect.TypeFor[[]evtx.Field]() {
			t.Errorf("%s does not end with Extra []Field", typ)
		}
		for i := 1; i < extra; i++ {
			if f := typ.Field(i); !f.IsExported() || !fits(f.Type, f.Tag.Get("evtx")) {
				t.Errorf("%s: the field %s %s cannot be read: %q", typ, f.Name, f.Type, f.Tag)
			}
		}
	}
}

// fits reports whether a field of a type may have a tag.
func fits(t reflect.Type, tag string) bool {
	_, options, _ := strings.Cut(tag, ",")
	for option := range strings.SplitSeq(options, ",") {
		var ok bool
		switch since, until := 0, 0; option {
		case "":
			ok = true
		case "sid":
			ok = t.Kind() == reflect.String
		case "hex":
			ok = t.Kind() == reflect.Uint32 || t.Kind() == reflect.Uint64
		case "pointer":
			ok = t.Kind() == reflect.Uint64
		case "dash":
			ok = t.Kind() == reflect.String || t == reflect.TypeFor[time.Time]()
		case "filetime":
			ok = t == reflect.TypeFor[time.Time]()
		default:
			_, err := fmt.Sscanf(option, "since=%d", &since)
			_, err2 := fmt.Sscanf(option, "until=%d", &until)
			ok = err == nil && option == fmt.Sprintf("since=%d", since) && since > 0 || err2 == nil && option == fmt.Sprintf("until=%d", until)
		}
		if !ok {
			return false
		}
	}
	switch t {
	case reflect.TypeFor[evtx.GUID](), reflect.TypeFor[time.Time](), reflect.TypeFor[[]byte](), reflect.TypeFor[[]string]():
		return true
	}
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Int32, reflect.Int64, reflect.Float64:
		return true
	}
	return false
}

func TestKindOf(t *testing.T) {
	for _, tt := range []struct {
		name  string
		event evtx.TypedEvent
		want  string
		kind  string
	}{
		{"a struct that was made", &evtx.Sysmon11{}, "sysmon-11", "event"},
		{"a struct with provider and identifier", &evtx.Sysmon11{System: evtx.System{Provider: "Microsoft-Windows-Sysmon", EventID: 11}}, "sysmon-11", "sysmon-11"},
		{"an event that has a struct", &evtx.Event{System: evtx.System{Provider: "Microsoft-Windows-Sysmon", EventID: 11}}, "", "sysmon-11"},
		{"an event that has no struct", &evtx.Event{System: evtx.System{Provider: "Demo", EventID: 11}}, "", "event"},
		{"nothing", nil, "", ""},
	} {
		k, ok := evtx.KindOf(tt.event)
		if k.Name != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: got %q, %v, want %q", tt.name, k.Name, ok, tt.want)
		}
		if tt.event != nil && tt.event.Kind() != tt.kind {
			t.Errorf("%s: Kind is %q, want %q", tt.name, tt.event.Kind(), tt.kind)
		}
	}
	if e, ok := (evtx.Kind{}).New().(*evtx.Event); !ok || e == nil {
		t.Error("New of no kind is not an *Event")
	}
}
