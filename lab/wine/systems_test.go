package wine_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

var programs = []string{"origin", "supertimeline", "evtxdump", "mftdump", "autoruns", "sigcheck"}

// systems holds the programs, built for Windows and for this system.
type systems struct {
	root string // of the module
	wine string // the program that runs a Windows program
	bin  string // holds the folders windows and here

	artifacts string // the folder in which runTests kept evidence
}

// build builds the programs, those for Windows only if wine can run them, and makes
// the evidence that they read.
func build(t *testing.T, wine string) *systems {
	t.Helper()
	s := &systems{root: testenv.Root(t), wine: wine, bin: t.TempDir(), artifacts: t.TempDir()}
	environments := map[string][]string{"here": nil}
	if wine != "" {
		environments["windows"] = []string{"GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0"}
	}
	for folder, env := range environments {
		args := []string{"build", "-o", filepath.Join(s.bin, folder) + "/"}
		for _, program := range programs {
			args = append(args, "./examples/"+program)
		}
		goTool(t, s.root, env, args...)
	}
	s.runTests(t)
	return s
}

func goTool(t *testing.T, dir string, env []string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %q: %v\n%s", args, err, out)
	}
}

// runTests runs the tests that make the evidence for the programs' own golden
// files, and keeps that evidence.
func (s *systems) runTests(t *testing.T) {
	t.Helper()
	goTool(t, s.root, nil, "test", "-count=1", "-artifacts", "-outputdir", s.artifacts, "-run", "^Test(Formats|Baseline|Text|TasksAndStartupFolders|TasksOfTheRegistry)$",
		"./examples/mftdump", "./examples/autoruns", "./examples/sigcheck")
}

// dir returns the folder of a row of runs.
func (s *systems) dir(t *testing.T, name string) string {
	t.Helper()
	if file, ok := strings.CutPrefix(name, "@"); ok {
		return s.made(t, file)
	}
	return filepath.Join(s.root, name)
}

// made returns the folder in which one of those tests wrote a file.
func (s *systems) made(t *testing.T, name string) (dir string) {
	t.Helper()
	err := filepath.WalkDir(s.artifacts, func(path string, d fs.DirEntry, err error) error {
		if folder, ok := strings.CutSuffix(path, "/"+name); ok {
			dir = folder
			return fs.SkipAll
		}
		return err
	})
	if err != nil || dir == "" {
		t.Fatalf("no test of the programs wrote %s (%v)", name, err)
	}
	return dir
}

// result is what a run leaves.
type result struct {
	code          int
	out, problems string
}

// windows runs the Windows build of a program.
func (s *systems) windows(t *testing.T, dir, program string, args ...string) result {
	t.Helper()
	command := []string{s.wine, filepath.Join(s.bin, "windows", program+".exe")}
	for _, arg := range args {
		if path, ok := strings.CutPrefix(arg, "ROOT/"); ok {
			arg = strings.ReplaceAll("Z:"+s.root+"/"+path, "/", `\`)
		} else if strings.HasPrefix(arg, "./") {
			arg = strings.ReplaceAll(arg, "/", `\`)
		}
		command = append(command, arg)
	}
	return execute(t, dir, command)
}

// here runs the build of a program for this system.
func (s *systems) here(t *testing.T, dir, program string, args ...string) result {
	t.Helper()
	command := []string{filepath.Join(s.bin, "here", program)}
	for _, arg := range args {
		if path, ok := strings.CutPrefix(arg, "ROOT/"); ok {
			arg = filepath.Join(s.root, path)
		}
		command = append(command, arg)
	}
	return execute(t, dir, command)
}

func execute(t *testing.T, dir string, command []string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	// With pipes Run would wait for Wine's server, which inherits them and lives on.
	tmp := t.TempDir()
	create := func(name string) *os.File {
		f, err := os.Create(filepath.Join(tmp, name))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	out, problems := create("out"), create("problems")
	defer out.Close()
	defer problems.Close()
	cmd.Stdout, cmd.Stderr = out, problems
	err := cmd.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil || err != nil && !errors.As(err, &exit) {
		t.Fatalf("%q: %v, %v", command, err, ctx.Err())
	}
	return result{cmd.ProcessState.ExitCode(), string(read(t, out.Name())), string(read(t, problems.Name()))}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// firstDifference names the first line that differs.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return " got  " + g[i] + "\n want " + w[i]
		}
	}
	return "one ends before the other"
}
