package origin

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

func TestInOrder(t *testing.T) {
	rows := func(list ...string) (table []question) {
		for _, s := range list {
			name, needs, _ := strings.Cut(s, ": ")
			row := question{Question: Question(name)}
			for _, need := range strings.Fields(needs) {
				row.needs = append(row.needs, Question(need))
			}
			table = append(table, row)
		}
		return table
	}
	for _, tt := range []struct {
		name, want string // the order, or the error
		table      []question
	}{
		{"nothing", "", nil},
		{"without needs the order stays", "b a c", rows("b", "a", "c")},
		{"what is needed comes first", "c b a", rows("a: b", "b: c", "c")},
		{"by more than one", "d c b a", rows("a: b c", "b: c d", "c: d", "d")},
		{"two need each other", "the questions a, b cannot be ordered: they need each other's answers", rows("a: b", "b: a", "c")},
		{"a ring, and one that needs it", "the questions d, a, b, c cannot be ordered: they need each other's answers", rows("d: a", "a: b", "b: c", "c: a")},
		{"one needs itself", "the questions a cannot be ordered: they need each other's answers", rows("a: a")},
		{"what is not there", `a needs the answer to "x", which is not a question`, rows("a: x")},
		{"twice", "the question a is in the table twice", rows("a", "b", "a")},
	} {
		order, err := inOrder(tt.table)
		var names []string
		for _, row := range order {
			names = append(names, string(row.Question))
		}
		got := strings.Join(names, " ")
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// sources are the files of the package that are not tests, parsed.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = f
	}
	return files
}

// declared returns the values of the constants of a type, in the order of the
// file that declares them.
func declared(t *testing.T, file *ast.File, typeName string) []string {
	t.Helper()
	var list []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == typeName && len(spec.Values) == 1 {
			list = append(list, unquoted(t, spec.Values[0]))
		}
		return false
	})
	return list
}

func unquoted(t *testing.T, e ast.Expr) string {
	t.Helper()
	s, err := strconv.Unquote(e.(*ast.BasicLit).Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fileOf is where a question is answered.
func fileOf(asked Question) string {
	return "ask_" + strings.ReplaceAll(string(asked), "_", "") + ".go"
}

func TestTableOfQuestionsIsWhole(t *testing.T) {
	files := sources(t)
	var rows []string
	for _, row := range questions {
		rows = append(rows, string(row.Question))
		if row.words == "" || !strings.HasSuffix(row.words, "?") {
			t.Errorf("%s has the words %q", row.Question, row.words)
		}
		if len(rulesOf(rules, row.Question)) == 0 {
			t.Errorf("no rule answers %s", row.Question)
		}
		if files[fileOf(row.Question)] == nil {
			t.Errorf("there is no file %s, which answers %s", fileOf(row.Question), row.Question)
		}
		if row.words == "" || row.topic == "" {
			t.Errorf("%s has the words %q and the topic %q", row.Question, row.words, row.topic)
		}
		if len(row.facts) == 0 {
			t.Errorf("%s has no facts", row.Question)
		}
		if row.unknown == "" || row.span == nil {
			t.Errorf("the row of %s lacks what an Unknown says, or its span", row.Question)
		}
		seen := map[string]bool{}
		for _, f := range row.facts {
			if seen[f.name] || f.name == "" {
				t.Errorf("%s has the fact %q twice, or without a name", row.Question, f.name)
			}
			seen[f.name] = true
		}
	}
	if want := declared(t, files["report.go"], "Question"); !slices.Equal(rows, want) {
		t.Errorf("the table has rows for\n%q, constants are\n%q", rows, want)
	}
	if _, err := inOrder(questions[:]); err != nil {
		t.Error(err)
	}
	if told := inVerdict(questions[:]); len(told) != len(questions) {
		t.Errorf("the verdict has %d questions of %d: one follows a question that does not exist", len(told), len(questions))
	}
	if got := Question("no question").Words(); got != "no question" {
		t.Errorf("the words of an unknown question are %q", got)
	}
}

func TestTableOfRulesIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rules {
		if seen[r.name] || !strings.HasPrefix(r.name, string(r.question)+".") {
			t.Errorf("the rule %s of %s is in the table twice, or has a name of another question", r.name, r.question)
		}
		seen[r.name] = true
		if r.finds == "" || r.against == "" || r.apart == "" || r.find == nil || len(r.all()) == 0 {
			t.Errorf("the row of %s lacks what it finds, its rival, what separates them, its sources, or its function", r.name)
		}
		if r.best.rank() < 0 {
			t.Errorf("%s gives at most %q", r.name, r.best)
		}
		for _, trap := range r.traps {
			if trap.name == "" || trap.meaning == "" {
				t.Errorf("a trap of %s lacks its name or its meaning", r.name)
			}
		}
	}
}

func TestTableOfContradictionsIsWhole(t *testing.T) {
	var rows []string
	for _, row := range contradictions {
		rows = append(rows, string(row.ContradictionKind))
		if row.meaning == "" || row.find == nil || len(row.touches) == 0 {
			t.Errorf("the row of %s lacks its meaning, what it touches, or what finds it", row.ContradictionKind)
		}
		for _, touch := range row.touches {
			if !slices.Contains(Questions(), touch.Question) {
				t.Errorf("%s touches %q, which is not a question", row.ContradictionKind, touch.Question)
			}
			if touch.most.rank() < 0 || touch.most == Unknown {
				t.Errorf("%s leaves %q to %s", row.ContradictionKind, touch.most, touch.Question)
			}
		}
	}
	if want := declared(t, sources(t)["weigh.go"], "ContradictionKind"); !slices.Equal(rows, want) {
		t.Errorf("the table has rows for\n%q, constants are\n%q", rows, want)
	}
}

// A fact is named by a string in the code that makes it or reads it, and a wrong name
// reads as "". So each name in the code must be in the table: of the question that
// the file answers, or of those that it needs.
func TestFactNamesInTheCode(t *testing.T) {
	files := sources(t)
	for _, row := range questions {
		own, known := map[string]bool{}, map[string]bool{}
		for _, f := range row.facts {
			own[f.name], known[f.name] = true, true
		}
		for _, need := range row.needs {
			for _, f := range rowOf(need).facts {
				known[f.name] = true
			}
		}
		made := map[string]bool{}
		for name, list := range factNamesOf(t, files, row.Question) {
			for _, fact := range list {
				switch {
				case name == "fact":
					made[fact] = true
					if !own[fact] {
						t.Errorf("%s makes the fact %q, which the table does not give %s", fileOf(row.Question), fact, row.Question)
					}
				case !known[fact]:
					t.Errorf("%s reads the fact %q, which neither %s nor a question that it needs has", fileOf(row.Question), fact, row.Question)
				}
			}
		}
		for _, f := range row.facts {
			if !made[f.name] {
				t.Errorf("%s never makes the fact %s of the table", fileOf(row.Question), f.name)
			}
		}
	}
	for name, f := range files {
		if slices.ContainsFunc(questions[:], func(row question) bool { return answersIn(name, row.Question) }) {
			continue
		}
		for _, list := range factNames(t, f) {
			for _, named := range list {
				if !slices.ContainsFunc(questions[:], func(row question) bool {
					return slices.ContainsFunc(row.facts, func(known fact) bool { return known.name == named })
				}) {
					t.Errorf("%s names the fact %q, which no question has", name, named)
				}
			}
		}
	}
}

// answersIn reports whether a file holds rules of a question.
func answersIn(file string, asked Question) bool {
	return file == fileOf(asked) || strings.HasPrefix(file, "rule_"+strings.ReplaceAll(string(asked), "_", "")+"_")
}

// factNamesOf returns the names of facts in the files that answer a question.
func factNamesOf(t *testing.T, files map[string]*ast.File, asked Question) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	for file, parsed := range files {
		if answersIn(file, asked) {
			for callee, list := range factNames(t, parsed) {
				names[callee] = append(names[callee], list...)
			}
		}
	}
	return names
}

// factNames returns the names of facts in a file, by the callee: the methods fact and
// Fact, the functions facts and groups.
func factNames(t *testing.T, f *ast.File) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		callee, arg := "", call.Args[0]
		switch fun := call.Fun.(type) {
		case *ast.SelectorExpr:
			callee = fun.Sel.Name
		case *ast.Ident:
			callee, arg = fun.Name, call.Args[len(call.Args)-1]
		}
		if lit, ok := arg.(*ast.BasicLit); ok && slices.Contains([]string{"fact", "Fact", "facts", "groups"}, callee) {
			names[callee] = append(names[callee], unquoted(t, lit))
		}
		return true
	})
	return names
}

// docWidth is the width of the tables in the package documentation.
const docWidth = 96

// columns lays out cells, each at its column; the last wraps.
func columns(b *strings.Builder, at []int, cells ...string) {
	line := ""
	next := func() {
		b.WriteString("\t" + strings.TrimRight(line, " ") + "\n")
		line = strings.Repeat(" ", at[len(at)-1])
	}
	last := len(cells) - 1
	for i, cell := range cells[:last] {
		line += fmt.Sprintf("%-*s", at[i+1]-at[i], cell)
	}
	if len(line) > at[last] && cells[last] != "" {
		next()
	}
	for _, word := range strings.Fields(cells[last]) {
		if len(line)+len(word) > docWidth {
			next()
		}
		line += word + " "
	}
	next()
}

func factsText() string {
	var b strings.Builder
	at := []int{0, 15, 30, 40}
	for _, row := range questions {
		name := string(row.Question)
		if row.repeat != "" {
			columns(&b, at[:2], name, "("+row.repeat+")")
			name = ""
		}
		for _, f := range row.facts {
			columns(&b, at, name, f.name, string(f.form), f.meaning)
			name = ""
		}
	}
	return b.String()
}

func rulesText() string {
	var b strings.Builder
	for _, r := range rules {
		text := string(r.best) + ": " + r.finds
		for i, trap := range r.traps {
			text += []string{"; inferred if ", ", if "}[min(i, 1)] + trap.meaning
		}
		columns(&b, []int{0, 25}, r.name, text)
	}
	return b.String()
}

func contradictionsText() string {
	var b strings.Builder
	for _, row := range contradictions {
		touches := "what that log answers"
		if slices.Equal(row.touches, answeredByHives()) {
			touches = "what that hive answers"
		} else if !slices.Equal(row.touches, answeredByLogs(Recorded)) && !slices.Equal(row.touches, answeredByLogs(Inferred)) {
			var names []string
			for _, touch := range row.touches {
				name := string(touch.Question)
				if touch.most != Recorded {
					name += " at most " + string(touch.most)
				}
				names = append(names, name)
			}
			touches = strings.Join(names, ", ")
		}
		columns(&b, []int{0, 20}, string(row.ContradictionKind), row.meaning+" ("+touches+")")
	}
	return b.String()
}

// The tables in the package documentation equal those in the code: -update writes
// them.
func TestDocHoldsTheTables(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	for _, section := range []struct{ name, line, want string }{
		{"Facts", "\t", factsText()},
		{"Rules", "\t", rulesText()},
		{"Contradictions", "\t", contradictionsText()},
	} {
		table := regexp.MustCompile(`(?s)(// # ` + section.name + `\n//\n(?:.*?\n//\n)??)((?://` + section.line + `[^\n]*\n)+)`).FindStringSubmatchIndex(doc)
		if table == nil {
			t.Fatalf("doc.go has no section %s with what the tables say", section.name)
		}
		want := ""
		for line := range strings.Lines(section.want) {
			want += "//" + line
		}
		doc = doc[:table[4]] + want + doc[table[5]:]
	}
	testenv.Golden(t, "doc.go", []byte(doc))
	for _, row := range questions {
		for _, f := range row.facts {
			if _, before, _ := strings.Cut(doc, "# Facts"); !strings.Contains(string(f.form), "|") && !regexp.MustCompile(`//   - `+string(f.form)+`\b`).MatchString(before) {
				t.Errorf("the package documentation does not describe the form %s", f.form)
			}
		}
	}
}

// Texts do not count the questions: the next one would make them wrong.
func TestTextsDoNotCountTheQuestions(t *testing.T) {
	counted := regexp.MustCompile(`(?i)\b(?:[0-9]+|(?:eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)) (?:answers|\[?questions?\]?s?)\b`)
	for _, name := range []string{"README.md", "CHANGELOG.md", "testdata/README.md", "origin/doc.go", "origin/report.go", "origin/answers.go"} {
		text, err := os.ReadFile(filepath.Join(testenv.Root(t), filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		flat := strings.Join(strings.Fields(strings.ReplaceAll(string(text), "//", "")), " ")
		if found := counted.FindString(flat); found != "" {
			t.Errorf("%s says %q", name, found)
		}
	}
}
