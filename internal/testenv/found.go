package testenv

import (
	"os"
	"path/filepath"
	"testing"
)

// Found returns the path of a file or folder of the cases on which this module was
// wrong: below $BIRTHMARK_FOUND if that is set, otherwise below shared/found beside the
// module.
func Found(t testing.TB, rel string) string {
	t.Helper()
	dir := os.Getenv("BIRTHMARK_FOUND")
	if dir == "" {
		dir = filepath.Join(Root(t), "..", "shared", "found")
	}
	name := filepath.Join(dir, filepath.FromSlash(rel))
	if _, err := os.Stat(name); err != nil {
		t.Skipf("cases not available (set BIRTHMARK_FOUND): %v", err)
	}
	return name
}

// UnpackedFound is [Unpacked] for a file of the cases.
func UnpackedFound(t testing.TB, rel string) string {
	t.Helper()
	return unpacked(t, Found(t, rel))
}
