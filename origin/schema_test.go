package origin_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/origin"
)

// compileSchema returns the schema that the package publishes.
func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(origin.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(schema *jsonschema.Schema, report []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(report))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

// skipWhileUpdating skips a test of the golden reports when the tests of origintest,
// which run at the same time, rewrite them.
func skipWhileUpdating(t *testing.T) {
	t.Helper()
	if testenv.Updating() {
		t.Skip("the golden reports are being rewritten")
	}
}

func TestGoldenReportsKeepToTheSchema(t *testing.T) {
	schema := compileSchema(t)
	skipWhileUpdating(t)
	goldens, err := filepath.Glob(filepath.Join(testenv.Root(t), "testdata", "*", "report.json"))
	if err != nil || len(goldens) < 4 {
		t.Fatalf("%d golden reports, %v", len(goldens), err)
	}
	for _, name := range goldens {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(schema, b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var r origin.Report
		if err := json.Unmarshal(b, &r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var again bytes.Buffer
		if err := r.WriteJSON(&again); err != nil || again.String() != string(b) {
			t.Errorf("%s: read and written again it differs (%v)", name, err)
		}
	}
}

func TestEmptyReportKeepsToTheSchema(t *testing.T) {
	b, err := json.Marshal(&origin.Report{})
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(compileSchema(t), b); err != nil {
		t.Error(err)
	}
}

// The schema is strict: it rejects a report that lacks a key, has an extra key, or
// has a value out of range.
func TestSchemaRejects(t *testing.T) {
	skipWhileUpdating(t)
	schema := compileSchema(t)
	golden, err := os.ReadFile(filepath.Join(testenv.Root(t), "testdata", "no-sysmon", "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, old, new string }{
		{"a question that is not asked", `"question": "writer"`, `"question": "author"`},
		{"a grade that does not exist", `"grade": "recorded"`, `"grade": "certain"`},
		{"an unknown without its reason", `"unknown_because": "source_absent",`, ``},
		{"a known answer with a reason", `"grade": "recorded",` + "\n" + `      "not_searched"`, `"grade": "recorded",` + "\n" + `      "unknown_because": "source_absent",` + "\n" + `      "not_searched"`},
		{"no facts", `"facts"`, `"parts"`},
		{"an offset before the beginning", `"offset": -1`, `"offset": -2`},
		{"a time in words", `"run": ""`, `"run": "yesterday"`},
		{"no tool", `"tool"`, `"program"`},
	} {
		changed := strings.Replace(string(golden), tt.old, tt.new, 1)
		if changed == string(golden) {
			t.Errorf("%s: the golden report does not hold %s", tt.name, tt.old)
			continue
		}
		if err := validate(schema, []byte(changed)); err == nil {
			t.Errorf("%s: the schema accepts it", tt.name)
		}
	}
}

// The schema has the keys of the Go types and the values of their constants.
func TestSchemaIsThatOfTheTypes(t *testing.T) {
	var schema struct {
		Properties map[string]json.RawMessage `json:"properties"`
		Defs       map[string]struct {
			Enum []string `json:"enum"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(origin.Schema()), &schema); err != nil {
		t.Fatal(err)
	}
	for i := range reflect.TypeFor[origin.Report]().NumField() {
		field := reflect.TypeFor[origin.Report]().Field(i)
		key := field.Tag.Get("json")
		if !field.IsExported() {
			continue
		}
		if _, ok := schema.Properties[key]; !ok {
			t.Errorf("the schema does not have the key %s", key)
		}
		delete(schema.Properties, key)
	}
	for key := range schema.Properties {
		t.Errorf("a report does not have the key %s of the schema", key)
	}
	for name, want := range map[string][]string{
		"grade":           texts([]origin.Grade{origin.Recorded, origin.Corroborated, origin.Inferred, origin.Unknown}),
		"unknown_because": texts([]origin.UnknownBecause{origin.SourceAbsent, origin.SourceUnreadable, origin.OutsideRetention, origin.SearchedEmpty, origin.PartlySearched}),
	} {
		if got := schema.Defs[name].Enum; !slices.Equal(got, want) {
			t.Errorf("%s: the schema has %q, the package %q", name, got, want)
		}
	}
}

// The questions of the schema are those of the table: -update writes them there.
func TestSchemaHoldsTheQuestions(t *testing.T) {
	const before, after = "\"question\": {\n      \"enum\": ", "\n    }"
	head, rest, found := strings.Cut(origin.Schema(), before)
	_, tail, ends := strings.Cut(rest, after)
	if !found || !ends {
		t.Fatalf("the schema does not hold %s", before)
	}
	list, err := json.MarshalIndent(origin.Questions(), "      ", "  ")
	if err != nil {
		t.Fatal(err)
	}
	testenv.Golden(t, "report.schema.json", []byte(head+before+string(list)+after+tail))
}

func texts[T any](list []T) []string {
	var s []string
	for _, v := range list {
		s = append(s, fmt.Sprint(v))
	}
	return s
}
