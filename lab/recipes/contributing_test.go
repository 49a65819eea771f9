package recipes_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// contributing returns the text of CONTRIBUTING.md.
func contributing(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testenv.Root(t), "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// section returns what is below a heading of the second level.
func section(text, heading string) (string, bool) {
	_, rest, ok := strings.Cut(text, "\n## "+heading+"\n")
	body, _, _ := strings.Cut(rest, "\n## ")
	return body, ok
}

// numbered begins a step of a recipe.
var numbered = regexp.MustCompile(`^\d+\. `)

// steps returns the numbered steps of a section, each as one line.
func steps(body string) []string {
	var list []string
	open := false // the last step goes on
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\n")
		switch {
		case numbered.MatchString(line):
			list = append(list, numbered.ReplaceAllString(line, ""))
			open = true
		case open && strings.HasPrefix(line, "   "):
			list[len(list)-1] += " " + strings.TrimSpace(line)
		default:
			open = false
		}
	}
	return list
}

var quoted = regexp.MustCompile("`([^`]+)`")

// commands returns the commands of the go tool that a text quotes, in order.
func commands(text string) [][]string {
	var list [][]string
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		if words := strings.Fields(m[1]); len(words) > 1 && words[0] == "go" {
			list = append(list, words)
		}
	}
	return list
}

// isPath reports whether what is quoted names a file of the module.
func isPath(name string) bool {
	known := slices.Contains([]string{".go", ".md", ".json", ".txt"}, path.Ext(name))
	return known && !strings.ContainsAny(name, " *…") && (strings.Contains(name, "/") || strings.HasSuffix(name, ".md"))
}

// paths returns the paths that a text quotes. A word in capitals stands for any
// name, as in origin/ask_NAME.go.
func paths(text string) []string {
	var list []string
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		if isPath(m[1]) {
			list = append(list, m[1])
		}
	}
	return list
}

var capitals = regexp.MustCompile(`[A-Z]{2,}`)

// names reports whether a path of a recipe is that of a file.
func names(written, file string) bool {
	if written == file {
		return true
	}
	const escaped = "NAME"
	pattern := regexp.QuoteMeta(capitals.ReplaceAllString(written, escaped))
	ok, err := regexp.MatchString("^"+strings.ReplaceAll(pattern, escaped, "[a-z0-9_]+")+"$", file)
	return err == nil && ok
}

// unlike says how the files that a step changes differ from the paths that its
// text names; "" if they do not.
func unlike(text string, changed []string) string {
	written := paths(text)
	for _, w := range written {
		if !slices.ContainsFunc(changed, func(file string) bool { return names(w, file) }) {
			return fmt.Sprintf("the text names %s, which the step does not change", w)
		}
	}
	for _, file := range changed {
		if !slices.ContainsFunc(written, func(w string) bool { return names(w, file) }) {
			return fmt.Sprintf("the step changes %s, which the text does not name", file)
		}
	}
	return ""
}

func TestReadingOfSections(t *testing.T) {
	const text = "# Title\n\n## One\n\nWords.\n\n1. First `a/b.go`,\n   and `go test ./a -update`.\n2. Second.\n\nAfter, `c/d.go`.\n   Indented.\n\n## Two\n\n1. Third.\n"
	for _, tt := range []struct {
		heading string
		want    []string
	}{
		{"One", []string{"First `a/b.go`, and `go test ./a -update`.", "Second."}},
		{"Two", []string{"Third."}},
		{"Three", nil},
	} {
		body, ok := section(text, tt.heading)
		if got := steps(body); !slices.Equal(got, tt.want) || ok != (tt.want != nil) {
			t.Errorf("%s: %q, %v, want %q", tt.heading, got, ok, tt.want)
		}
	}
}

func TestPathsAndCommands(t *testing.T) {
	const text = "Write `origin/ask_NAME.go` in `README.md`, as `typed_x.go` and `weigh_*.go` do, with `*mft.Volume`, below `./a/...`; `go test ./a -update`, `go`."
	if got, want := paths(text), []string{"origin/ask_NAME.go", "README.md"}; !slices.Equal(got, want) {
		t.Errorf("paths %q, want %q", got, want)
	}
	if got := fmt.Sprint(commands(text)); got != "[[go test ./a -update]]" {
		t.Errorf("commands %s", got)
	}
	for _, tt := range []struct {
		changed []string
		want    string
	}{
		{[]string{"README.md", "origin/ask_a.go"}, ""},
		{[]string{"README.md"}, "the text names origin/ask_NAME.go, which the step does not change"},
		{[]string{"README.md", "origin/asked.go"}, "the text names origin/ask_NAME.go, which the step does not change"},
		{[]string{"README.md", "origin/ask_a.go", "origin/b.go"}, "the step changes origin/b.go, which the text does not name"},
	} {
		if got := unlike(text, tt.changed); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.changed, got, tt.want)
		}
	}
}

// What CONTRIBUTING.md names is there.
func TestContributingNamesFilesThatExist(t *testing.T) {
	text := contributing(t)
	named := paths(text)
	for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(quoted.ReplaceAllString(text, ""), -1) {
		named = append(named, m[1])
	}
	if len(named) < 20 {
		t.Errorf("only %d files: %q", len(named), named)
	}
	for _, name := range named {
		if capitals.MatchString(strings.TrimSuffix(name, path.Base(name))) || capitals.MatchString(path.Base(name)) && path.Ext(name) == ".go" {
			continue // a name that the reader chooses
		}
		if _, err := os.Stat(filepath.Join(testenv.Root(t), filepath.FromSlash(name))); err != nil {
			t.Errorf("CONTRIBUTING.md names %s: %v", name, err)
		}
	}
}
