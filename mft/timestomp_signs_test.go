package mft

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Each reason has one row of words, and each row is that of a reason.
func TestSigns(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "timestomp.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if strings.HasPrefix(v.Names[0].Name, "Timestomp") {
				name, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				names = append(names, name)
			}
		}
	}
	var rows []string
	for _, s := range signs {
		rows = append(rows, s.name)
		if s.meaning == "" || s.innocent == "" || strings.HasSuffix(s.meaning, ".") || strings.HasSuffix(s.innocent, ".") {
			t.Errorf("%s: %q, %q", s.name, s.meaning, s.innocent)
		}
	}
	slices.Sort(names)
	slices.Sort(rows)
	if !slices.Equal(names, rows) {
		t.Errorf("rows %q, want those of %q", rows, names)
	}
	if (TimestompReason{Name: "x"}).Meaning()+(TimestompReason{Name: "x"}).Innocent() != "" {
		t.Error("an unknown reason has words")
	}
}
