// Package machine writes the sqlserver scenario to disk for tests of the
// programs: as an image, and as the folders that collectors make of it.
package machine

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// Image writes the disk of a scenario and returns the file's name.
func Image(t testing.TB, s *origintest.Scenario) string {
	t.Helper()
	image, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "disk.raw")
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Folders returns the folders that collectors make of the machine, by the name
// of the collector. They include the suspicious file.
func Folders(t testing.TB, s *origintest.Scenario) map[string]string {
	t.Helper()
	ev, err := s.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	vol, name, err := ev.Resolve(s.Subject)
	if err != nil {
		t.Fatal(err)
	}
	files := append(slices.Clone(evidencetest.Windows), name, name+":Zone.Identifier")
	return map[string]string{
		"KAPE":         evidencetest.KAPE(t, vol.FS, files...),
		"Velociraptor": evidencetest.Velociraptor(t, vol.FS, files...),
	}
}
