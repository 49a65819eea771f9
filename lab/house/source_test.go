package main

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// packageOf type-checks a package whose files are given as "name: source". The
// files may not import anything.
func packageOf(t *testing.T, files ...string) *source {
	t.Helper()
	p := &source{listed: listed{ImportPath: "p"}, fset: token.NewFileSet()}
	for _, f := range files {
		name, text, _ := strings.Cut(f, ": ")
		file, err := parser.ParseFile(p.fset, name, "package p; "+text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		p.files = append(p.files, file)
	}
	if err := p.check(nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReferencesBetweenFiles(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		want  fileFigures
		up    []fileArrow
	}{
		{
			name:  "files that do not use each other",
			files: []string{"a.go: func a() {}", "b.go: func b() {}"},
			want:  fileFigures{files: 2},
		},
		{
			name:  "a use inside the file is not an arrow",
			files: []string{"a.go: func a() { a() }"},
			want:  fileFigures{files: 1},
		},
		{
			name: "every kind of declaration draws one arrow, and counts as a name",
			files: []string{
				"a.go: func use(t T) { f(); t.m(); _ = c; v++ }",
				"b.go: type T int; func f() {}; func (T) m() {}; const c = 1; var v = 1",
			},
			want: fileFigures{files: 2, arrows: 1, names: 5},
		},
		{
			name: "a name used twice counts once",
			files: []string{
				"a.go: func a() { b(); b() }",
				"b.go: func b() {}",
			},
			want: fileFigures{files: 2, arrows: 1, names: 1},
		},
		{
			name: "a method belongs to the file that declares it, not to the file of its type",
			files: []string{
				"a.go: func (T) m() {}",
				"b.go: type T int",
				"c.go: func c(t interface{ m() }) {}; func d() { new().m() }",
				"d.go: func new() (t T) { return }",
			},
			// a → b, c → a, c → d, d → b
			want: fileFigures{files: 4, arrows: 4, names: 4},
		},
		{
			name: "a field is a name but does not draw an arrow",
			files: []string{
				"a.go: func a() { _ = made().f }",
				"b.go: func made() (t T) { return }",
				"c.go: type T struct{ f int }",
			},
			want: fileFigures{files: 3, arrows: 2, names: 3},
		},
		{
			name: "instances of a generic are one name",
			files: []string{
				"a.go: func a() { var x L[int]; var y L[string]; x.add(); y.add() }",
				"b.go: type L[T any] struct{}; func (*L[T]) add() {}",
			},
			want: fileFigures{files: 2, arrows: 1, names: 2},
		},
		{
			name: "a local name differs from the same name in the other file",
			files: []string{
				"a.go: func a(b int) int { return b }",
				"b.go: func b() {}",
			},
			want: fileFigures{files: 2},
		},
		{
			name: "the lighter arrow of a two-way pair runs back up",
			files: []string{
				"a.go: func a() { b(); c() }",
				"b.go: func b() {}; func c() { a() }",
			},
			want: fileFigures{files: 2, arrows: 2, pairs: 1, up: 1, names: 3, namesUp: 1},
			up:   []fileArrow{{"b.go", "a.go", 1}},
		},
		{
			name: "a cycle of three has one arrow back up but no two-way pair",
			files: []string{
				"a.go: func a() { b(); b2() }; func a2() {}; func a3() {}",
				"b.go: func b() { c(); c2() }; func b2() {}",
				"c.go: func c() { a() }; func c2() {}",
			},
			want: fileFigures{files: 3, arrows: 3, up: 1, names: 5, namesUp: 1},
			up:   []fileArrow{{"c.go", "a.go", 1}},
		},
		{
			name: "one type held by all and one function that calls all",
			files: []string{
				"inquiry.go: type inquiry struct{ n int }; func (q *inquiry) all() { q.one(); q.two() }",
				"one.go: func (q *inquiry) one() { q.n++ }",
				"two.go: func (q *inquiry) two() { q.n++ }",
			},
			want: fileFigures{files: 3, arrows: 4, pairs: 2, up: 2, names: 6, namesUp: 2},
			up:   []fileArrow{{"inquiry.go", "two.go", 1}, {"inquiry.go", "one.go", 1}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := graphOf(packageOf(t, test.files...))
			if got := g.figures(); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if got := g.upward(); !slices.Equal(got, test.up) {
				t.Errorf("arrows back up %v, want %v", got, test.up)
			}
		})
	}
}

func TestExportedNames(t *testing.T) {
	p := packageOf(t,
		`a.go: type Struct struct { Field int; hidden int; Embedded }
			func (Struct) Method() {}
			func (*Struct) PointerMethod() {}
			func (Struct) private() {}
			type Embedded struct{}
			type Alias = hiddenStruct
			type Interface interface { Call(); quiet(); other }
			type other interface { Inherited() }
			type hiddenStruct struct { Field int }
			func (hiddenStruct) Method() {}`,
		`b.go: func Func() { type Local struct { Field int } }
			func private() {}
			const A, B, c = 1, 2, 3
			var Var, v int`)
	want := exported{types: 4, funcs: 1, methods: 3, fields: 2, consts: 2, vars: 1}
	if got := exportedBy(p.types); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
