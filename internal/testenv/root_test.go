package testenv

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The root is above the working directory, whatever other modules lie between.
func TestRootAbove(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"ours/go.mod":           module + "\n\ngo 1.26\n",
		"ours/a/b/x.go":         "package b\n",
		"ours/lab/bench/go.mod": module + "/lab/bench\n",
		"ours/lab/bench/x.go":   "package bench\n",
		"windows/go.mod":        module + "\r\n\r\ngo 1.26\r\n",
		"other/go.mod":          "module example.com/other\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ start, want string }{
		{"ours", "ours"},
		{"ours/a/b", "ours"},
		{"ours/lab/bench", "ours"},
		{"windows", "windows"},
		{"other", ""},
	} {
		got, ok := rootAbove(filepath.Join(dir, filepath.FromSlash(tt.start)))
		want := filepath.Join(dir, tt.want)
		if tt.want == "" && !ok || got == want && ok {
			continue
		}
		// The folder of temporary files may itself lie in this module.
		if tt.want == "" && !strings.HasPrefix(got, dir) {
			continue
		}
		t.Errorf("above %s: %q, %v, want %s", tt.start, got, ok, want)
	}
}

// Also of a test that went elsewhere.
func TestRootIsThatOfThisModule(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := os.Stat(filepath.Join(Root(t), "internal", "testenv", "root_test.go")); err != nil {
		t.Error(err)
	}
}
