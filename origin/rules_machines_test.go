package origin_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin"
)

// Each rule has a machine on which it finds something, and each of its traps one on
// which it lowers what the rule found.
func TestEveryRuleHasAMachine(t *testing.T) {
	if testing.Short() {
		t.Skip("investigates all machines of the tests")
	}
	rule := regexp.MustCompile(`^  (\S+\.\S+) \(at most`)
	fired, lowered := map[string]bool{}, map[string][]string{}
	take := func(r *origin.Report) {
		for _, asked := range origin.Questions() {
			name := ""
			for line := range strings.Lines(r.Explain(asked)) {
				if m := rule.FindStringSubmatch(line); m != nil {
					name = m[1]
				}
				if strings.HasPrefix(line, "    found (") {
					fired[name] = true
				}
				if _, meaning, ok := strings.Cut(line, "      lowered to inferred: "); ok {
					lowered[name] = append(lowered[name], strings.TrimSpace(meaning))
				}
			}
		}
	}
	for _, p := range places(t) {
		take(p.report(t))
	}
	for _, s := range stories() {
		take(s.report(t))
	}
	for _, tt := range slices.Concat(shadows(), befores(t)) {
		take(tt.w.report(t))
	}
	for name, traps := range origin.RuleTraps() {
		if !fired[name] {
			t.Errorf("%s finds nothing on any machine of the tests", name)
		}
		for _, meaning := range traps {
			if !slices.Contains(lowered[name], meaning) {
				t.Errorf("no machine of the tests is caught in the trap of %s: %s", name, meaning)
			}
		}
	}
}
