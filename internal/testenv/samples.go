package testenv

import (
	"os"
	"path/filepath"
	"testing"
)

// Sample returns the path of a file or folder of the samples: below $BIRTHMARK_SAMPLES
// if that is set, otherwise below shared/samples beside the module.
func Sample(t testing.TB, rel string) string {
	t.Helper()
	dir := os.Getenv("BIRTHMARK_SAMPLES")
	if dir == "" {
		dir = filepath.Join(Root(t), "..", "shared", "samples")
	}
	name := filepath.Join(dir, filepath.FromSlash(rel))
	if _, err := os.Stat(name); err != nil {
		t.Skipf("samples not available (set BIRTHMARK_SAMPLES): %v", err)
	}
	return name
}

// UnpackedSample is [Unpacked] for a file of the samples.
func UnpackedSample(t testing.TB, rel string) string {
	t.Helper()
	return unpacked(t, Sample(t, rel))
}
