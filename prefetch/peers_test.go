package prefetch_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/prefetch"
)

// libscca prints what libscca reads of each file of the arguments. Python's times have
// microseconds.
const libscca = `
import json, sys, pyscca
for name in sys.argv[1:]:
    f = pyscca.open(name)
    runs = []
    for i in range(8 if f.format_version >= 26 else 1):
        t = f.get_last_run_time_as_integer(i)
        if t: runs.append(t)
    print(json.dumps({
        "Version": f.format_version, "Executable": f.executable_filename, "Hash": f.prefetch_hash, "RunCount": f.run_count, "Runs": runs,
        "Files": list(f.filenames),
        "Metrics": [[m.filename, m.file_reference] for m in f.file_metrics_entries],
        "Volumes": [{"Device": v.device_path, "Created": v.get_creation_time_as_integer(), "Serial": v.serial_number} for v in f.volumes],
    }))
`

// peer is what another reader finds in a file.
type peer struct {
	Version    uint32
	Executable string
	Hash       uint32
	RunCount   uint32
	Runs       []uint64
	Files      []string
	Metrics    [][2]any
	Volumes    []peerVolume
}

type peerVolume struct {
	Device  string
	Created uint64
	Serial  uint32
}

// ticks is a FILETIME, 0 for no time.
func ticks(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	return uint64(t.Unix()+11644473600)*1e7 + uint64(t.Nanosecond()/100)
}

// Libscca reads the same from real files, and from those that prefetchtest writes.
func TestLibsccaReadsTheSame(t *testing.T) {
	python := testenv.Python(t, "pyscca")
	var names []string
	dir := t.TempDir()
	for _, version := range versions {
		for _, compressed := range []bool{false, true} {
			if compressed && version < 30 {
				continue // libscca expects plain ones
			}
			f := sample(version)
			f.Compressed = compressed
			name := filepath.Join(dir, fmt.Sprintf("%d-%t.pf", version, compressed))
			if err := os.WriteFile(name, written(t, f), 0o644); err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
	}
	if os.Getenv("BIRTHMARK_SAMPLES") != "" {
		real, err := filepath.Glob(testenv.Sample(t, "traces/prefetch") + "/*.pf")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range real {
			if !strings.HasPrefix(filepath.Base(name), "Bad_") {
				names = append(names, name)
			}
		}
	}
	out, err := exec.Command(python, append([]string{"-c", libscca}, names...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for _, name := range names {
		var want peer
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		f := read(t, name)
		got := peer{Version: f.Version, Executable: f.Executable, Hash: f.Hash, RunCount: f.RunCount, Files: want.Files, Metrics: want.Metrics}
		for _, r := range f.LastRuns {
			got.Runs = append(got.Runs, ticks(r))
		}
		for _, v := range f.Volumes {
			got.Volumes = append(got.Volumes, peerVolume{v.Device, ticks(v.Created), v.Serial})
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", filepath.Base(name), got, want)
		}
		if len(f.Files) != len(want.Metrics) {
			t.Errorf("%s: %d files, want %d", filepath.Base(name), len(f.Files), len(want.Metrics))
			continue
		}
		for i, m := range want.Metrics {
			ref := 0.0
			if v, ok := m[1].(float64); ok {
				ref = v
			}
			if f.Files[i].Path != m[0] || float64(f.Files[i].Ref) != ref {
				t.Errorf("%s: file %d: %+v, want %v", filepath.Base(name), i, f.Files[i], m)
			}
		}
	}
	t.Logf("%d files", len(names))
}

// The results of go-prefetch beside the samples. It takes its count of runs from another
// place in one of the files, in which libscca reads the same as we do.
func TestGoPrefetchReadsTheSame(t *testing.T) {
	results, err := filepath.Glob(testenv.Sample(t, "traces/prefetch") + "/*.go-prefetch.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range results {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var want struct {
			Executable, Hash string
			RunCount         uint32
			LastRunTimes     []time.Time
			FilesAccessed    []string
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		f := read(t, strings.TrimSuffix(name, ".go-prefetch.json"))
		base := filepath.Base(name)
		if f.Executable != want.Executable || fmt.Sprintf("0x%08X", f.Hash) != want.Hash {
			t.Errorf("%s: %s %08X, want %s %s", base, f.Executable, f.Hash, want.Executable, want.Hash)
		}
		if f.RunCount != want.RunCount {
			t.Logf("%s: %d runs, go-prefetch has %d", base, f.RunCount, want.RunCount)
		}
		if len(f.LastRuns) != len(want.LastRunTimes) || len(f.Files) != len(want.FilesAccessed) {
			t.Errorf("%s: %d runs and %d files, want %d and %d", base, len(f.LastRuns), len(f.Files), len(want.LastRunTimes), len(want.FilesAccessed))
			continue
		}
		for i, r := range f.LastRuns {
			if !r.Truncate(time.Second).Equal(want.LastRunTimes[i].Truncate(time.Second)) {
				t.Errorf("%s: run %v, want %v", base, r, want.LastRunTimes[i])
			}
		}
		for i, o := range f.Files {
			if o.Path != want.FilesAccessed[i] {
				t.Errorf("%s: %s, want %s", base, o.Path, want.FilesAccessed[i])
			}
		}
	}
}

// The hash confirms the path of each real program that hosts no other.
func TestHashesOfSamples(t *testing.T) {
	names, err := filepath.Glob(testenv.Sample(t, "traces/prefetch") + "/*.pf")
	if err != nil {
		t.Fatal(err)
	}
	hosts := map[string]bool{"TASKHOST.EXE": true, "DLLHOST.EXE": true, "WWAHOST.EXE": true, "CALCULATOR.EXE": true, "LIVECOMM.EXE": true}
	n := 0
	for _, name := range names {
		if strings.HasPrefix(filepath.Base(name), "Bad_") {
			continue
		}
		f := read(t, name)
		path, confirmed := f.Path()
		if path == "" || confirmed == hosts[f.Executable] {
			t.Errorf("%s: %s, confirmed %t", filepath.Base(name), path, confirmed)
		}
		n++
	}
	t.Logf("%d files", n)
}

func read(t testing.TB, name string) *prefetch.File {
	t.Helper()
	r, err := prefetch.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for p := range r.Problems() {
		t.Errorf("%s: %v", filepath.Base(name), p)
	}
	return r.File()
}
