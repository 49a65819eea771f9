package masquerade

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lines returns the lines of a file of the folder in BIRTHMARK_FOUND.
func lines(t *testing.T, name string) []string {
	t.Helper()
	dir := os.Getenv("BIRTHMARK_FOUND")
	if dir == "" {
		t.Skip("BIRTHMARK_FOUND is not set: it names the folder with the cases that were found")
	}
	text, err := os.ReadFile(filepath.Join(dir, "pe", "lookalike-names", name))
	if err != nil {
		t.Skip(err)
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// Paths made from public reports of disguises, and those of ordinary programs.
func TestPathsFound(t *testing.T) {
	for _, tt := range []struct {
		file        string
		want        bool
		least, most int
	}{
		{"masquerade.txt", true, 78, 83},
		{"ordinary.txt", false, 0, 2},
	} {
		n := 0
		paths := lines(t, tt.file)
		for _, path := range paths {
			signs := Signs(path)
			if len(signs) > 0 {
				n++
			}
			if len(signs) > 0 != tt.want {
				t.Logf("%s: %q: %+v", tt.file, path, signs)
			}
		}
		t.Logf("%s: %d of %d have a sign", tt.file, n, len(paths))
		if n < tt.least || n > tt.most {
			t.Errorf("%s: %d have a sign, want %d to %d", tt.file, n, tt.least, tt.most)
		}
	}
}
