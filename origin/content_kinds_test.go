package origin

import (
	"strings"
	"testing"
)

// Each row of the table is the first of which a file with just its traits is.
func TestEveryContentKindIsReached(t *testing.T) {
	for i, k := range contentKinds {
		ext, _, _ := strings.Cut(k.extensions, " ")
		head := []byte(strings.Repeat(" ", k.off) + k.magic + k.holds)
		if got, byName := kindOf(`C:\x.`+ext, head); got != k.name || byName != (k.magic == "" && k.holds == "") {
			t.Errorf("row %d, %s: a file with its traits is a %q, by name %v", i, k.name, got, byName)
		}
		if k.off+len(k.magic) > headSize {
			t.Errorf("row %d, %s: its magic is beyond the bytes that are read", i, k.name)
		}
		if k.extensions == "" && k.magic == "" && k.holds == "" {
			t.Errorf("row %d, %s has no condition", i, k.name)
		}
	}
	for _, name := range []string{"", ".", "x", `C:\x.`, "x.unknown"} {
		if got, _ := kindOf(name, nil); got != "" {
			t.Errorf("%q is a %s", name, got)
		}
	}
}
