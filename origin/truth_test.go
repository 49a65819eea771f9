package origin_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/origin"
)

// truthSchema is the schema of the truth.json of the scenarios in testdata. The
// questions and facts are those of the table.
func truthSchema(t *testing.T) []byte {
	t.Helper()
	type object = map[string]any
	text := object{"type": "string"}
	list := func(items any, about string) object {
		return object{"type": "array", "items": items, "description": about}
	}
	var rules []any
	for _, asked := range origin.Questions() {
		facts := object{}
		for _, row := range asked.FactRows() {
			fact := object{"$ref": "#/$defs/" + strings.ReplaceAll(row.Form, " ", "_")}
			if strings.Contains(row.Form, "|") {
				fact = object{"enum": strings.Split(row.Form, "|")}
			}
			if row.Meaning != "" {
				fact["description"] = row.Meaning
			}
			facts[row.Name] = fact
		}
		groups := object{"items": object{"properties": facts, "additionalProperties": false}}
		if asked.Repeats() == "" {
			groups["maxItems"] = 1
		}
		rules = append(rules, object{
			"if":   object{"properties": object{"question": object{"const": asked}}},
			"then": object{"properties": object{"groups": groups}},
		})
	}
	unknown := object{"properties": object{"grade": object{"const": origin.Unknown}}}
	rules = append(rules, object{"if": unknown, "then": object{"required": []string{"unknown_because"}}, "else": object{"not": object{"required": []string{"unknown_because"}}}})
	forms := object{}
	for form, pattern := range truthForms {
		forms[strings.ReplaceAll(form, " ", "_")] = object{"type": "string", "pattern": pattern}
	}
	schema := object{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"$id":         "https://github.com/birthmark-dfir/birthmark/testdata/truth.schema.json",
		"title":       "Truth of a scenario",
		"description": "What really happened on the machine of a scenario, as far as its evidence records it.",
		"type":        "object", "additionalProperties": false,
		"required": []string{"subject", "answers", "contradictions", "innocent"},
		"properties": object{
			"subject": object{"type": "string", "description": "the file under investigation, as Windows writes its path"},
			"answers": list(object{"$ref": "#/$defs/answer"}, "one for each question, in the order of package origin"),
			"contradictions": list(object{"enum": origin.Kinds()},
				"what the evidence records twice, and differently: the kinds, in the order of package origin"),
			"innocent": list(text, "what no answer may accuse, as a part of a name or an address"),
		},
		"$defs": forms,
	}
	forms["answer"] = object{
		"type": "object", "additionalProperties": false,
		"required": []string{"question", "grade", "groups"},
		"properties": object{
			"question":        object{"enum": origin.Questions()},
			"grade":           object{"enum": []origin.Grade{origin.Recorded, origin.Corroborated, origin.Inferred, origin.Unknown}},
			"unknown_because": object{"enum": []origin.UnknownBecause{origin.SourceAbsent, origin.SourceUnreadable, origin.OutsideRetention, origin.SearchedEmpty, origin.PartlySearched}},
			"groups": list(object{"type": "object", "additionalProperties": text},
				"the facts of each thing that the answer names, in the order of the answer"),
		},
		"allOf": rules,
	}
	b, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

// truthForms are the forms of facts as patterns.
var truthForms = map[string]string{
	"text": `.`, "number": `^[0-9]+$`, "path": `^([A-Z]:\\.+|System)$`, "hash": `^[0-9a-f]{32,64}$`,
	"time": `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?Z$`,
	"guid": `^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`, "logon id": `^0x[0-9a-f]+$`, "sid": `^S-1(-[0-9]+)+$`,
	"account": `^([^\\]+\\)?[^\\]+$`, "address": `^[0-9A-Fa-f.:]+$`, "url": `^(https?:/)?/.`,
}

// The schema and the table of facts in testdata are those of the package: -update
// writes them.
func TestTestdataDescribesTheTruth(t *testing.T) {
	folder := filepath.Join(testenv.Root(t), "testdata")
	testenv.Golden(t, filepath.Join(folder, "truth.schema.json"), truthSchema(t))

	readme, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "| question | fact | form | meaning |\n|---|---|---|---|\n", "\n\n"
	head, rest, found := strings.Cut(string(readme), begin)
	_, tail, ends := strings.Cut(rest, end)
	if !found || !ends {
		t.Fatalf("testdata/README.md does not hold the table %q", begin)
	}
	var rows []string
	for _, asked := range origin.Questions() {
		question := "`" + string(asked) + "`"
		if r := asked.Repeats(); r != "" {
			question += " (a group " + r + ")"
		}
		for _, f := range asked.FactRows() {
			rows = append(rows, fmt.Sprintf("| %s | `%s` | %s | %s |", question, f.Name, strings.ReplaceAll(f.Form, "|", " or "), f.Meaning))
			question = ""
		}
	}
	testenv.Golden(t, filepath.Join(folder, "README.md"), []byte(head+begin+strings.Join(rows, "\n")+end+tail))
}

func TestTruthKeepsToItsSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(truthSchema(t))))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("truth.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("truth.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	skipWhileUpdating(t)
	files, err := filepath.Glob(filepath.Join(testenv.Root(t), "testdata", "*", "truth.json"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%d truths, %v", len(files), err)
	}
	var truth []byte
	for _, name := range slices.Backward(files) {
		if truth, err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
		if err := validate(schema, truth); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}

	// The last is no-sysmon.
	for _, tt := range []struct{ name, old, new string }{
		{"a question that is not asked", `"question": "writer"`, `"question": "author"`},
		{"a grade that does not exist", `"grade": "recorded"`, `"grade": "certain"`},
		{"an unknown without its reason", `"unknown_because": "source_absent",`, ``},
		{"a fact of another question", `"signed": "no"`, `"port": "443"`},
		{"a value of another form", `"pid": "5532"`, `"pid": "0x159c"`},
		{"a value that is not among those", `"kind": "download"`, `"kind": "letter"`},
		{"a flat list of facts", `"groups"`, `"facts"`},
		{"two groups of what is one", `"groups": [`, `"groups": [{}, `},
		{"a contradiction of no kind", `"logon_id_reused"`, `"odd"`},
	} {
		changed := strings.Replace(string(truth), tt.old, tt.new, 1)
		if changed == string(truth) {
			t.Errorf("%s: the truth does not hold %s", tt.name, tt.old)
			continue
		}
		if err := validate(schema, []byte(changed)); err == nil {
			t.Errorf("%s: the schema accepts it", tt.name)
		}
	}
}
