package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// The hashes that an image stores are compared with its content before it is read.
func TestVerifyImage(t *testing.T) {
	b, err := mfttest.Volume{Files: []mfttest.File{{Path: "a.exe"}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	raw := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(raw, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, image, problem string
		code                 int
	}{
		{"an image without hashes", raw, "c.raw: the image stores no hash of its content", 0},
		{"standard input", "-", "-verify-image reads the evidence twice", 2},
	} {
		var out, problems bytes.Buffer
		if code := run([]string{"-verify-image", tt.image}, &out, &problems); code != tt.code || !strings.Contains(problems.String(), tt.problem) {
			t.Errorf("%s: code %d, want %d: %s", tt.name, code, tt.code, &problems)
		}
		if tt.code == 0 && !strings.Contains(out.String(), ",a.exe,") {
			t.Errorf("%s: no row of the file", tt.name)
		}
	}
	image := testenv.Found(t, "ntfs/containers/ewf.E01")
	var out, problems bytes.Buffer
	if code := run([]string{"-verify-image", image}, &out, &problems); code != 0 || !strings.Contains(problems.String(), "matches its content") {
		t.Errorf("E01: code %d: %s", code, &problems)
	}
}
