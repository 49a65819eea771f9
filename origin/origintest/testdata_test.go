package origintest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// folders are the folders of the variants in testdata, in the order of Variants.
var folders = [...]string{"sqlserver", "no-sysmon", "security-cleared", "times-stomped", "unaudited"}

// The folder testdata of the module holds the scenario as files, with the reports
// about it. It is exactly what the code makes: -update writes it.
func TestTestdataIsWhatTheCodeMakes(t *testing.T) {
	want := map[string][]byte{}
	for i, s := range origintest.Variants() {
		for name, data := range reports(t, s) {
			want[path.Join(folders[i], name)] = data
		}
		artifacts, err := s.Artifacts()
		if err != nil {
			t.Fatal(err)
		}
		for name, data := range artifacts {
			want[path.Join(folders[i], "C", name)] = data
		}
	}
	s := origintest.SQLServer()
	image, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	want["sqlserver/disk.raw.gz"] = image

	root := filepath.Join(testenv.Root(t), "testdata")
	for _, name := range slices.Sorted(maps.Keys(want)) {
		file := filepath.Join(root, filepath.FromSlash(name))
		if strings.HasSuffix(name, ".gz") {
			goldenGzip(t, file, want[name])
			continue
		}
		testenv.Golden(t, file, want[name])
	}
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if name == "python" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || name == "README.md" || name == "truth.schema.json" {
			return err
		}
		if _, ok := want[name]; ok {
			return nil
		}
		if testenv.Updating() {
			return os.Remove(filepath.Join(root, filepath.FromSlash(name)))
		}
		t.Errorf("testdata/%s: no code makes this file", name)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// reports returns the truth of a scenario and the reports about its subject, by
// file name.
func reports(t *testing.T, s *origintest.Scenario) map[string][]byte {
	t.Helper()
	truth, err := s.Truth()
	if err != nil {
		t.Fatal(err)
	}
	truthJSON, err := json.MarshalIndent(truth, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	ev, err := s.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	vol, name, err := ev.Resolve(s.Subject)
	if err != nil {
		t.Fatal(err)
	}
	r, err := origin.Investigate(context.Background(), vol.FS, name, origin.WithDrive(vol.Letter), origin.WithVolumeName(vol.Name))
	if err != nil {
		t.Fatal(err)
	}
	var text, jsonReport bytes.Buffer
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteJSON(&jsonReport); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"truth.json": append(truthJSON, '\n'), "report.txt": []byte(origintest.Golden(text.String())), "report.json": []byte(origintest.Golden(jsonReport.String()))}
}

// goldenGzip compares the contents of a compressed file. It is rewritten only if they
// differ, because two versions of Go may compress the same contents differently.
func goldenGzip(t *testing.T, file string, want []byte) {
	t.Helper()
	got, err := gunzip(file)
	if err == nil && bytes.Equal(got, want) {
		return
	}
	if !testenv.Updating() {
		t.Errorf("%s does not hold the scenario's image: %d bytes, want %d (%v; go test -update writes it)", file, len(got), len(want), err)
		return
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression) // its header holds neither name nor time
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(want); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func gunzip(file string) ([]byte, error) {
	packed, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
