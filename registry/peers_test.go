package registry_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Other tools accept what registrytest writes. They support format 1.3 and
// later.
func TestOthersAcceptWhatIsWritten(t *testing.T) {
	many := registrytest.Hive{LastWrite: when}
	for i := range 2000 {
		many.Root.Keys = append(many.Root.Keys, registrytest.Key{Name: fmt.Sprintf("key %d", i), LastWrite: when})
	}
	for name, h := range map[string]registrytest.Hive{
		"1.3": plain(3), "1.5": plain(5), "1.6": plain(6), "many": many, "li": optioned(plain(5), registrytest.IndexLeaf), "lf": optioned(plain(5), registrytest.FastLeaf),
		"ri": optioned(plain(5), registrytest.IndexRoot), "ri of lf": optioned(plain(3), registrytest.IndexRoot),
	} {
		file := filepath.Join(t.TempDir(), "hive")
		data := write(t, h)
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Run("hivexml/"+name, func(t *testing.T) {
			out := run(t, "", testenv.Tool(t, "hivexml"), file)
			var keys int
			for range read(t, data).Keys() {
				keys++
			}
			if got := strings.Count(out, "<node "); got != keys {
				t.Errorf("%d keys, want %d", got, keys)
			}
		})
		t.Run("hivexsh/"+name, func(t *testing.T) {
			if name == "many" {
				t.Skip("nothing to look up")
			}
			out := run(t, "cd \\Alpha\nlsval text\n", testenv.Tool(t, "hivexsh"), file)
			if want := "C:\\Program Files\\x.exe\n"; out != want {
				t.Errorf("got %q, want %q", out, want)
			}
		})
		t.Run("reglookup/"+name, func(t *testing.T) {
			// It complains about names beyond Latin-1, because it prints ASCII.
			h.Root.Keys = slices.Clone(h.Root.Keys)
			alpha := h.Key("Alpha", when)
			alpha.Keys = slices.DeleteFunc(slices.Clone(alpha.Keys), func(k registrytest.Key) bool { return strings.HasPrefix(k.Name, "日本") })
			if err := os.WriteFile(file, write(t, h), 0o644); err != nil {
				t.Fatal(err)
			}
			out := run(t, "", testenv.Tool(t, "reglookup"), "-H", "-s", file)
			if name == "many" {
				if got, want := strings.Count(out, ",KEY,"), len(h.Root.Keys)+1; got != want {
					t.Errorf("%d keys, want %d", got, want)
				}
				return
			}
			for _, want := range []string{
				`/Alpha/text,SZ,C:\Program Files\x.exe,`,
				`/Alpha/dword,DWORD,0xDEADBEEF,`,
				`/Beta,KEY,,2022-06-18 04:26:52,S-1-5-21-1-2-3-1001,S-1-5-18,`,
			} {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in:\n%.3000s", want, out)
				}
			}
		})
	}
}

// plain returns small without what some tool complains about: half a surrogate
// pair and a type that has no name.
func plain(minor uint32) registrytest.Hive {
	h := small(minor)
	alpha := h.Key("Alpha", when)
	alpha.Keys = slices.DeleteFunc(alpha.Keys, func(k registrytest.Key) bool { return !utf8.ValidString(k.Name) })
	alpha.Values = slices.DeleteFunc(alpha.Values, func(v registrytest.Value) bool { return v.Name == "odd type" })
	h.Set("Alpha", when, registrytest.SZ("text", `C:\Program Files\x.exe`))
	return h
}

// run runs a tool, which must not complain.
func run(t *testing.T, stdin, tool string, args ...string) string {
	t.Helper()
	cmd := exec.Command(tool, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	cmd.Stdin = strings.NewReader(stdin)
	var out, complaints strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil || complaints.Len() > 0 {
		t.Errorf("%s: %v: %.2000s", filepath.Base(tool), err, complaints.String())
	}
	return out.String()
}
