package origintest_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// Artifacts returns what is on the image, and a change of the scenario affects both.
func TestArtifactsAreThoseOfTheImage(t *testing.T) {
	for _, s := range origintest.Variants() {
		artifacts, err := s.Artifacts()
		if err != nil {
			t.Fatal(err)
		}
		ev, err := s.Evidence()
		if err != nil {
			t.Fatal(err)
		}
		defer ev.Close()
		vol, _, err := ev.Resolve(s.Subject)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range artifacts {
			got, err := fs.ReadFile(vol.FS, name)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %s differs on the image (%v)", s.Name, name, err)
			}
		}
		for _, source := range s.Sources() {
			if file, _, _ := strings.Cut(source, ":"); artifacts[file] == nil && !strings.HasSuffix(file, ".exe") {
				t.Errorf("%s: the source %s is not an artifact", s.Name, source)
			}
		}
	}
}

// Volume is the partition in the image.
func TestVolumeIsThatOfTheImage(t *testing.T) {
	s := origintest.SQLServer()
	image, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	volume, err := s.Volume()
	if err != nil || !bytes.Contains(image, volume) {
		t.Errorf("the image does not hold the volume (%v)", err)
	}
}

// A machine with its disk, logs, hives and programs, in memory.
func BenchmarkImage(b *testing.B) {
	for b.Loop() {
		if _, err := origintest.SQLServer().Image(); err != nil {
			b.Fatal(err)
		}
	}
}
