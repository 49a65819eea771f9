package origin

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// The README's table of rules is that of the package.
func TestREADMEHoldsTheRules(t *testing.T) {
	name := filepath.Join(testenv.Root(t), "README.md")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, row := range questions {
		var list []string
		for _, r := range rulesOf(rules, row.Question) {
			name := strings.TrimPrefix(r.name, string(row.Question)+".")
			list = append(list, "`"+name+"` ("+string(r.best)+")")
		}
		b.WriteString("| `" + string(row.Question) + "` | " + strings.TrimSuffix(row.words, "?") + "? | " + strings.Join(list, ", ") + " |\n")
	}
	table := regexp.MustCompile(`(\| question \| in words \| rules[^\n]*\n\|---[^\n]*\n)((?:\|[^\n]*\n)*)`).FindStringSubmatchIndex(string(text))
	if table == nil {
		t.Fatal("README.md has no table of rules")
	}
	testenv.Golden(t, name, []byte(string(text[:table[4]])+b.String()+string(text[table[5]:])))
}
