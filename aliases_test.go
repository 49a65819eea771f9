package birthmark_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
)

// go doc shows nothing of an alias but its comment. So the comments of those for the
// error and the problem name all fields.
func TestAliasesNameTheFields(t *testing.T) {
	types := map[string]reflect.Type{"Error": reflect.TypeFor[damage.Error](), "Problem": reflect.TypeFor[damage.Problem]()}
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || len(group.Specs) == 0 {
				continue
			}
			spec, ok := group.Specs[0].(*ast.TypeSpec)
			if !ok || spec.Assign == token.NoPos {
				continue
			}
			of, ok := spec.Type.(*ast.SelectorExpr)
			if !ok || of.X.(*ast.Ident).Name != "damage" {
				continue
			}
			found++
			typ := types[of.Sel.Name]
			for i := range typ.NumField() {
				if name := typ.Field(i).Name; !strings.Contains(group.Doc.Text(), "\t"+name+" ") {
					t.Errorf("%s: the comment of %s does not name the field %s", file, spec.Name, name)
				}
			}
		}
	}
	if want := 34; found != want {
		t.Errorf("%d aliases, want %d: two in each parser, in evidence and in timeline", found, want)
	}
}
