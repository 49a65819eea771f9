package origin_test

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// genuine is a signed program of the scenario, and legitimate.
const genuine = `C:\Program Files\Microsoft SQL Server\MSSQL16.MSSQLSERVER\MSSQL\Binn\sqlservr.exe`

// place is a machine to investigate, with the subject.
type place struct {
	name, path string
	vol        fs.FS
}

// places are all machines of the tests: the scenario, its variants, those with traps,
// and in long tests the scenario without each of its sources.
func places(t *testing.T) []place {
	var list []place
	for _, s := range origintest.Variants() {
		list = append(list, place{s.Name, s.Subject, machine(t, s)}, place{s.Name + ", the genuine program", genuine, machine(t, s)})
	}
	for _, tt := range losses {
		if testing.Short() {
			break
		}
		s := origintest.SQLServer()
		for _, end := range tt.sources {
			for _, name := range s.Sources() {
				if strings.HasSuffix(name, end) {
					s = s.Without(name)
				}
			}
		}
		list = append(list, place{s.Name, s.Subject, machine(t, s)})
	}
	for _, tt := range slices.Concat(traps(), ways(t), natures(t), webEntries(t)) {
		list = append(list, place{tt.name, tt.w.path(), tt.w.volume(t)})
	}
	for _, s := range journals() {
		list = append(list, place{s.name, s.path, s.volume(t)})
	}
	return append(list, starts(t)...)
}

func (p place) report(t *testing.T) *origin.Report {
	t.Helper()
	r, err := origin.Investigate(t.Context(), p.vol, p.path)
	if err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	return r
}

// The order of asking follows from the needs: the report is the same for any order of
// the rows in the table.
func TestOrderOfTheTableDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, p := range places(t) {
		want := p.report(t)
		orders := [][]origin.Question{origin.Questions(), origin.Questions()}
		slices.Reverse(orders[0])
		random.Shuffle(len(orders[1]), func(i, j int) { orders[1][i], orders[1][j] = orders[1][j], orders[1][i] })
		for _, order := range orders {
			got, err := origin.InvestigateIn(order, p.vol, p.path)
			if err != nil {
				t.Fatal(err)
			}
			for i, asked := range order {
				if got.Answers[i].Question != asked {
					t.Fatalf("answer %d is to %s, want %s", i, got.Answers[i].Question, asked)
				}
			}
			slices.SortFunc(got.Answers, func(a, b origin.Answer) int {
				return slices.Index(origin.Questions(), a.Question) - slices.Index(origin.Questions(), b.Question)
			})
			got.Tool, want.Tool = origin.Tool{}, origin.Tool{} // the time differs
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: asked in the order %q the report is\n%s\nwant\n%s", p.name, order, asJSON(t, got), asJSON(t, want))
			}
		}
	}
}

// A question that is asked with only those that it needs gets the same answer as in
// the whole report: it reads nothing else, and no other question changes what it
// reads.
func TestQuestionsReadOnlyWhatTheyNeed(t *testing.T) {
	for _, p := range places(t) {
		whole := p.report(t)
		for _, asked := range origin.Questions() {
			got, err := origin.InvestigateAlone(asked, p.vol, p.path)
			if err != nil {
				t.Fatal(err)
			}
			if want := whole.Answer(asked); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s with only %q answered is\n%s\nwant\n%s", p.name, asked, asked.Needs(), asJSON(t, got), asJSON(t, want))
			}
		}
	}
}

// Each need is real: without the finding the answer on some machine is different.
func TestQuestionsNeedWhatTheySay(t *testing.T) {
	all := places(t)
	whole := map[string]*origin.Report{}
	for _, p := range all {
		whole[p.name] = p.report(t)
	}
	for _, asked := range origin.Questions() {
		for _, need := range asked.Needs() {
			if !slices.ContainsFunc(all, func(p place) bool {
				got, err := origin.InvestigateForgetting(asked, need, p.vol, p.path)
				if err != nil {
					t.Fatal(err)
				}
				return !reflect.DeepEqual(got, whole[p.name].Answer(asked))
			}) {
				t.Errorf("%s needs %s according to the table, but its answers are the same without it", asked, need)
			}
		}
	}
}

// forms report whether a value has the form of its fact.
var forms = map[string]func(string) bool{
	"text":   func(s string) bool { return s != "" },
	"number": func(s string) bool { _, err := strconv.ParseUint(s, 10, 64); return err == nil },
	"time": func(s string) bool {
		_, err := time.Parse(time.RFC3339Nano, s)
		return err == nil && strings.HasSuffix(s, "Z")
	},
	"path":     regexp.MustCompile(`^([A-Z]:\\.+|\\\\.+|System)$`).MatchString, // the kernel has no path
	"hash":     regexp.MustCompile(`^[0-9a-f]{32,64}$`).MatchString,
	"guid":     regexp.MustCompile(`^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`).MatchString,
	"logon id": regexp.MustCompile(`^0x[0-9a-f]+$`).MatchString,
	"account":  regexp.MustCompile(`^([^\\]+\\)?[^\\]+$`).MatchString,
	"sid":      regexp.MustCompile(`^S-1(-[0-9]+)+$`).MatchString,
	"address":  func(s string) bool { _, err := netip.ParseAddr(s); return err == nil },
	"url":      regexp.MustCompile(`^(https?:/)?/.`).MatchString,
}

// The facts of an answer are in the table and have the form given there, and each
// fact of the table is in some answer.
func TestFactsAreThoseOfTheTable(t *testing.T) {
	said := map[string]bool{}
	reports := map[string]*origin.Report{}
	for _, p := range places(t) {
		reports[p.name] = p.report(t)
	}
	for _, p := range stories() {
		reports[p.name] = p.report(t)
	}
	for _, tt := range slices.Concat(shadows(), befores(t)) {
		reports[tt.name] = tt.w.report(t)
	}
	for machine, report := range reports {
		for _, a := range report.Answers {
			known := a.Question.FactForms()
			for _, f := range a.Facts {
				said[fmt.Sprint(a.Question, " ", f.Name)] = true
				form, ok := known[f.Name]
				if !ok {
					t.Errorf("%s: the table of questions has no fact %s of %s", machine, f.Name, a.Question)
					continue
				}
				if check := forms[form]; check == nil && !slices.Contains(strings.Split(form, "|"), f.Value) || check != nil && !check(f.Value) {
					t.Errorf("%s: %s of %s is %q, which does not have the form %s", machine, f.Name, a.Question, f.Value, form)
				}
			}
		}
	}
	for _, asked := range origin.Questions() {
		for _, name := range slices.Sorted(maps.Keys(asked.FactForms())) {
			if !said[fmt.Sprint(asked, " ", name)] {
				t.Errorf("no machine of the tests has the fact %s of %s", name, asked)
			}
		}
	}
}

// The truth about every machine names every question.
func TestEveryQuestionHasATruth(t *testing.T) {
	for _, s := range origintest.Variants() {
		truth, err := s.Truth()
		if err != nil {
			t.Fatal(err)
		}
		var answered []origin.Question
		for _, a := range truth.Answers {
			answered = append(answered, origin.Question(a.Question))
		}
		if want := origin.Questions(); !slices.Equal(answered, want) {
			t.Errorf("%s: the truth in origintest answers\n%q, want\n%q", s.Name, answered, want)
		}
	}
}

// Each kind of contradiction is found on some machine, and lists the answers it
// touches.
func TestEveryContradictionIsSeen(t *testing.T) {
	seen := map[origin.ContradictionKind]bool{}
	for _, p := range places(t) {
		for _, c := range p.report(t).Contradictions {
			seen[c.Kind] = true
			if len(c.Touches) == 0 {
				t.Errorf("%s: %s touches no answer", p.name, c.Kind)
			}
		}
	}
	for _, tt := range shadows() {
		for _, c := range tt.w.report(t).Contradictions {
			seen[c.Kind] = true
		}
	}
	for _, kind := range origin.Kinds() {
		if !seen[kind] {
			t.Errorf("no machine of the tests has the contradiction %s", kind)
		}
	}
}
