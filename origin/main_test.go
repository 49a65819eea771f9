package origin_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// golden are the tests that have a golden file.
var golden = []string{"TestDocHoldsTheTables", "TestREADMEHoldsTheRules", "TestSchemaHoldsTheQuestions", "TestTestdataDescribesTheTruth"}

// With -update only these run, unless -run names others: the rest takes minutes.
func TestMain(m *testing.M) {
	flag.Parse()
	if run := flag.Lookup("test.run"); testenv.Updating() && run.Value.String() == "" {
		if err := run.Value.Set("^(" + strings.Join(golden, "|") + ")$"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// The list of the tests with a golden file is whole.
func TestGoldenTests(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.SelectorExpr); ok && call.Sel.Name == "Golden" {
					if x, ok := call.X.(*ast.Ident); ok && x.Name == "testenv" {
						found = append(found, f.Name.Name)
					}
				}
				return true
			})
		}
	}
	slices.Sort(found)
	if found = slices.Compact(found); !slices.Equal(found, golden) {
		t.Errorf("the tests with a golden file are %q, the list has %q", found, golden)
	}
}
