// Package wine_test runs the Windows builds of the programs under Wine. Their output
// must equal the golden files. Output without a golden file must equal that of the
// builds for this system.
//
// The script setup prepares Wine.
package wine_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

const (
	subject = `C:\ProgramData\USOShared\sqlserver.exe`
	logs    = "testdata/sqlserver/C/Windows/System32/winevt/Logs"
)

// runs lists the command lines. An argument that begins with ./ or ROOT/ is a path,
// where ROOT is the folder of the module. The Windows build gets it with
// backslashes, and ROOT with its drive.
var runs = []struct {
	program string
	dir     string // in the folder of the module, or @FILE: the folder in which a test of the program wrote FILE
	args    []string
	golden  string // if empty, the output must equal that of the build for this system
}{
	{"origin", "", nil, "testdata/sqlserver/report.txt"},
	{"origin", "", []string{"-format", "json"}, "testdata/sqlserver/report.json"},
	{"origin", "", []string{"-format", "html"}, ""},
	{"origin", "", []string{"-explain", "writer"}, "examples/origin/testdata/explain.txt"},
	{"origin", "", []string{"./testdata/sqlserver/disk.raw.gz", subject}, "testdata/sqlserver/report.txt"},
	{"origin", "testdata/sqlserver", []string{"-format", "json", "disk.raw.gz", subject}, "testdata/sqlserver/report.json"},
	{"origin", "testdata", []string{"-format", "json", "./sqlserver", subject}, ""},
	{"origin", "testdata", []string{"./sqlserver/disk.raw.gz", `C:\ProgramData\USOShared\sqlservr.exe`}, ""},

	{"supertimeline", "testdata/sqlserver", []string{"-format", "timesketch", "disk.raw.gz"}, ""},
	{"supertimeline", "testdata/sqlserver", []string{"-format", "csv", "disk.raw.gz"}, ""},
	{"supertimeline", "testdata/sqlserver", []string{"-format", "bodyfile", "disk.raw.gz"}, ""},
	{"supertimeline", "testdata/sqlserver", []string{"-format", "jsonl", "disk.raw.gz"}, ""},
	{"supertimeline", "testdata/sqlserver", []string{"-around", subject, "disk.raw.gz"}, ""},
	{"supertimeline", "testdata", []string{"-format", "csv", "./sqlserver"}, ""},

	{"evtxdump", "testdata/sqlserver", []string{"-format", "jsonl", "disk.raw.gz"}, ""},
	{"evtxdump", "testdata/sqlserver", []string{"-format", "xml", "disk.raw.gz"}, ""},
	{"evtxdump", "testdata/sqlserver", []string{"-format", "typed", "disk.raw.gz"}, ""},
	{"evtxdump", "testdata", []string{"-format", "typed", "./sqlserver"}, ""},
	{"evtxdump", "", []string{"-format", "typed", "-workers", "2", "./" + logs}, ""},
	{"evtxdump", "", []string{"ROOT/" + logs + "/Microsoft-Windows-Sysmon%4Operational.evtx"}, ""},

	{"mftdump", "@c.raw", []string{"-format", "csv", "c.raw"}, "examples/mftdump/testdata/all.csv"},
	{"mftdump", "@c.raw", []string{"-format", "jsonl", "c.raw"}, "examples/mftdump/testdata/all.jsonl"},
	{"mftdump", "@c.raw", []string{"-format", "bodyfile", "c.raw"}, "examples/mftdump/testdata/all.bodyfile"},
	{"mftdump", "testdata/sqlserver", []string{"disk.raw.gz"}, ""},
	{"mftdump", "testdata/sqlserver", []string{"-deleted", "-format", "jsonl", "disk.raw.gz"}, ""},

	{"autoruns", "@before", []string{"-format", "text", "./before"}, "examples/autoruns/testdata/before.text"},
	{"autoruns", "@before", []string{"-format", "csv", "./before/C"}, "examples/autoruns/testdata/before.csv"},
	{"autoruns", "@before", []string{"-format", "jsonl", "before"}, "examples/autoruns/testdata/before.jsonl"},
	{"autoruns", "@after", []string{"-format", "jsonl", "-baseline", "ROOT/examples/autoruns/testdata/before.jsonl", "after"}, "examples/autoruns/testdata/after.jsonl"},
	{"autoruns", "@files", []string{"-format", "text", "files"}, "examples/autoruns/testdata/files.text"},
	{"autoruns", "@files", []string{"-format", "csv", "files"}, "examples/autoruns/testdata/files.csv"},
	{"autoruns", "@files", []string{"-format", "jsonl", "files"}, "examples/autoruns/testdata/files.jsonl"},
	{"autoruns", "@tasks", []string{"-deleted", "-format", "text", "tasks"}, "examples/autoruns/testdata/tasks.text"},
	{"autoruns", "@tasks", []string{"-deleted", "-format", "csv", "tasks"}, "examples/autoruns/testdata/tasks.csv"},
	{"autoruns", "@tasks", []string{"-deleted", "-format", "jsonl", "tasks"}, "examples/autoruns/testdata/tasks.jsonl"},
	{"autoruns", "testdata/sqlserver", []string{"-format", "csv", "disk.raw.gz"}, ""},
	{"autoruns", "", []string{"-format", "csv", "ROOT/testdata/sqlserver"}, ""},

	{"sigcheck", "@c/cut.exe", []string{"."}, "examples/sigcheck/testdata/folder.txt"},
	{"sigcheck", "@c/cut.exe", []string{"-q", "-format", "jsonl", "a", "./b"}, "examples/sigcheck/testdata/folder.jsonl"},
	{"sigcheck", "@c/cut.exe", []string{"-format", "csv", "a/signed.exe"}, ""},
}

// A row whose arguments are not those of the test that wrote its golden file is
// found without Wine.
func TestGoldensHere(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("the programs are not built")
	}
	s := build(t, "")
	for _, r := range runs {
		if r.golden != "" {
			got := s.here(t, s.dir(t, r.dir), r.program, r.args...)
			testenv.Golden(t, filepath.Join(s.root, r.golden), []byte(origintest.Golden(got.out)))
		}
	}
}

func TestWindows(t *testing.T) {
	wine := os.Getenv("BIRTHMARK_WINE")
	if wine == "" {
		t.Skip("the Windows builds are not run: set BIRTHMARK_WINE to the path that lab/wine/setup DIR prints")
	}
	s := build(t, wine)
	t.Run("Goldens", s.testGoldens)
	t.Run("Variants", s.testVariants)
	t.Run("Output", s.testOutput)
}

func (s *systems) testGoldens(t *testing.T) {
	for _, r := range runs {
		t.Run(r.program+" "+strings.Join(r.args, " "), func(t *testing.T) {
			dir := s.dir(t, r.dir)
			got := s.windows(t, dir, r.program, r.args...)
			want := s.here(t, dir, r.program, r.args...)
			if got.code != want.code || got.problems != want.problems {
				t.Errorf("exit %d and on stderr %q, here %d and %q", got.code, got.problems, want.code, want.problems)
			}
			switch {
			case r.golden != "":
				testenv.Golden(t, filepath.Join(s.root, r.golden), []byte(origintest.Golden(got.out)))
			case origintest.Golden(got.out) != origintest.Golden(want.out):
				t.Errorf("differs from the output on this system:\n%s", firstDifference(got.out, want.out))
			}
		})
	}
}

// testdata holds the reports of the variants, but not their disks.
func (s *systems) testVariants(t *testing.T) {
	folders := []string{"sqlserver", "no-sysmon", "security-cleared", "times-stomped", "unaudited"}
	for i, variant := range origintest.Variants() {
		image, err := variant.Image()
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		write(t, filepath.Join(dir, "disk.raw"), image)
		for format, golden := range map[string]string{"text": "report.txt", "json": "report.json"} {
			got := s.windows(t, dir, "origin", "-format", format, "disk.raw", variant.Subject)
			if got.code != 0 || got.problems != "" {
				t.Errorf("%s: exit %d: %s", variant.Name, got.code, got.problems)
			}
			testenv.Golden(t, filepath.Join(s.root, "testdata", folders[i], golden), []byte(origintest.Golden(got.out)))
		}
	}
}

// The file that -o names gets what stdout would, and replaces an older file. It
// never replaces the evidence, whatever name Windows has for it.
func (s *systems) testOutput(t *testing.T) {
	for _, program := range programs {
		t.Run(program, func(t *testing.T) {
			evidence, args := filepath.Join(s.root, "testdata/sqlserver/disk.raw.gz"), []string{"evidence"}
			switch program {
			case "origin":
				args = append(args, subject)
			case "sigcheck":
				evidence = filepath.Join(s.made(t, "c/cut.exe"), "a/signed.exe")
			}
			dir := t.TempDir()
			bytes := read(t, evidence)
			write(t, filepath.Join(dir, "evidence"), bytes)
			write(t, filepath.Join(dir, "out"), []byte("an older run"))

			want := s.windows(t, dir, program, args...)
			got := s.windows(t, dir, program, append([]string{"-o", "out"}, args...)...)
			if got.code != 0 || got.out != "" {
				t.Errorf("-o: exit %d, %d bytes on stdout: %s", got.code, len(got.out), got.problems)
			}
			if saved := string(read(t, filepath.Join(dir, "out"))); origintest.Golden(saved) != origintest.Golden(want.out) || saved == "" {
				t.Errorf("-o differs from stdout:\n%s", firstDifference(saved, want.out))
			}
			for _, name := range []string{"evidence", "EVIDENCE", `.\Evidence`, "Z:" + strings.ReplaceAll(dir, "/", `\`) + `\eVIDENCE`} {
				if got := s.windows(t, dir, program, append([]string{"-o", name}, args...)...); got.code == 0 {
					t.Errorf("-o %s: exit 0", name)
				}
				if !slices.Equal(read(t, filepath.Join(dir, "evidence")), bytes) {
					t.Fatalf("-o %s overwrote the evidence", name)
				}
			}
			if files, err := os.ReadDir(dir); err != nil || len(files) != 2 {
				t.Errorf("files are left behind: %v, %v", files, err)
			}
		})
	}
}

// The table covers every golden file of the programs.
func TestEveryGoldenIsHeld(t *testing.T) {
	root := testenv.Root(t)
	goldens := []string{"testdata/sqlserver/report.txt", "testdata/sqlserver/report.json"}
	for _, program := range programs {
		names, err := filepath.Glob(filepath.Join(root, "examples", program, "testdata", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			rel, err := filepath.Rel(root, name)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Ext(name) != ".tsv" { // a table that the tests read
				goldens = append(goldens, filepath.ToSlash(rel))
			}
		}
	}
	for _, golden := range goldens {
		held := false
		for _, r := range runs {
			held = held || r.golden == golden
		}
		if !held {
			t.Errorf("%s: the output of no Windows build is compared with it", golden)
		}
	}
}
