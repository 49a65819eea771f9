package examples_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// machine writes evidence for all programs to a folder: the scenario, and a folder
// with an executable and a text.
func machine(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	copyScenario(t, dir)
	exe, err := petest.Image{}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"tools/tool.exe": exe, "text.txt": []byte("a text that is not evidence")} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// arguments returns the arguments with which a program reads the machine.
func arguments(program string, rest []string) []string {
	if program == "sigcheck" {
		return []string{"tools"}
	}
	return append([]string{"disk.raw.gz"}, rest...)
}

// another has a format for each program that is not its default.
var another = map[string]string{
	"autoruns": "csv", "evidence": "csv", "evtxdump": "xml", "mftdump": "jsonl", "origin": "html", "sigcheck": "csv", "supertimeline": "csv",
}

func TestFlagsMayFollowArguments(t *testing.T) {
	dir := machine(t)
	for _, p := range programs {
		args, flags := arguments(p.name, p.rest), []string{"-format", another[p.name], "-q"}
		code, want, stderr := run(t, dir, p.name, slices.Concat(flags, args)...)
		if code != 0 || want == "" {
			t.Fatalf("%s: exit code %d, %d bytes: %s", p.name, code, len(want), stderr)
		}
		if code, got, stderr := run(t, dir, p.name, slices.Concat(args, flags)...); code != 0 || got != want {
			t.Errorf("%s with flags behind the arguments: exit code %d, %d bytes, want %d: %s", p.name, code, len(got), len(want), stderr)
		}
		if code, _, stderr := run(t, dir, p.name, append(args, "-no-such-flag")...); code != 2 || !strings.Contains(stderr, "-no-such-flag") {
			t.Errorf("%s with a wrong flag behind the arguments: exit code %d, %s", p.name, code, stderr)
		}
	}
}

func TestQuotesAreTakenOff(t *testing.T) {
	dir := machine(t)
	for _, p := range programs {
		args := append([]string{"-q", "-format", another[p.name]}, arguments(p.name, p.rest)...)
		_, want, _ := run(t, dir, p.name, args...)
		for _, quote := range []string{`"`, `'`} {
			quoted := slices.Clone(args)
			for i := 3; i < len(quoted); i++ {
				quoted[i] = quote + quoted[i] + quote
			}
			if code, got, stderr := run(t, dir, p.name, quoted...); code != 0 || got != want {
				t.Errorf("%s %q: exit code %d, %d bytes, want %d: %s", p.name, quoted, code, len(got), len(want), stderr)
			}
		}
	}
}

func TestVersionFlag(t *testing.T) {
	for _, p := range allPrograms {
		if code, out, stderr := run(t, t.TempDir(), p.name, "-version"); code != 0 || !strings.HasPrefix(out, p.name+" (birthmark) ") || stderr != "" {
			t.Errorf("%s: exit code %d, %q, %q", p.name, code, out, stderr)
		}
	}
}

// A message names a file once, and is printed once.
func TestMessagesNameAFileOnce(t *testing.T) {
	dir := machine(t)
	cut := filepath.Join(dir, "cut.raw.gz") // an image that ends too early
	image, err := os.ReadFile(filepath.Join(dir, "disk.raw.gz"))
	if err == nil {
		err = os.WriteFile(cut, image[:len(image)/2], 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range allPrograms {
		for _, name := range []string{"absent.raw", "text.txt", "cut.raw.gz", "tools/tool.exe"} {
			_, _, stderr := run(t, dir, p.name, append([]string{name}, p.rest...)...)
			var seen []string
			for line := range strings.Lines(stderr) {
				if strings.Count(line, name) > 1 {
					t.Errorf("%s names %s twice: %s", p.name, name, line)
				}
				if slices.Contains(seen, line) {
					t.Errorf("%s says twice: %s", p.name, line)
				}
				seen = append(seen, line)
			}
		}
	}
}

// The programs that ask about one file accept every form in which an analyst may know
// it.
func TestFormsOfAPath(t *testing.T) {
	dir := machine(t)
	const path = `C:\ProgramData\USOShared\sqlserver.exe`
	ask := func(program, path string) (int, string, string) {
		if program == "supertimeline" {
			return run(t, dir, program, "-q", "-around", path, "disk.raw.gz")
		}
		return run(t, dir, program, "-q", "disk.raw.gz", path)
	}
	for _, program := range []string{"origin", "supertimeline"} {
		_, want, _ := ask(program, path)
		for name, form := range map[string]string{
			"a bare name":            "sqlserver.exe",
			"a bare name in capital": "SQLSERVER.EXE",
			"a wildcard":             "sqlser*er.exe",
			"a path with a wildcard": `C:\ProgramData\*\sqlserver.exe`,
			"a hash":                 "1287f21ea01ef7c2ab182c59692a002d3dd17ba367b2715f58184f0f66766c1f",
			"a hash in capitals":     "406532ACD1483F1D644F44098F8D8626",
			"quotes":                 `"` + path + `"`,
		} {
			if code, got, stderr := ask(program, form); code != 0 || got != want || got == "" {
				t.Errorf("%s, %s: exit code %d, %d bytes, want %d: %s", program, name, code, len(got), len(want), stderr)
			}
		}
		args := []string{"disk.raw.gz", "*.exe"}
		if program == "supertimeline" {
			args = []string{"disk.raw.gz", "-around", "*.exe"}
		}
		if code, out, stderr := run(t, dir, program, args...); code != 1 || out != "" || !strings.Contains(stderr, path+"\n") || !strings.Contains(stderr, "files match") {
			t.Errorf("%s, several files: exit code %d, %q, %s", program, code, out, stderr)
		}
	}
}

// Sources of -with are read in the same way as the evidence.
func TestWith(t *testing.T) {
	dir := machine(t)
	const subject = `C:\ProgramData\USOShared\sqlserver.exe`
	logs := filepath.Join(dir, "evidence", "C", "Windows", "System32", "winevt", "Logs")
	sysmon := filepath.Join(logs, "Microsoft-Windows-Sysmon%4Operational.evtx")
	hive := filepath.Join(dir, "evidence", "C", "Windows", "System32", "config", "SOFTWARE")
	if code, out, stderr := run(t, dir, "origin", "-brief", hive, subject, "-with", sysmon); code != 0 || !strings.Contains(out, "certutil.exe (PID 5532, a child of cmd.exe) wrote it (recorded)") {
		t.Errorf("origin: exit code %d: %s%s", code, out, stderr)
	}
	if code, out, _ := run(t, dir, "origin", "-brief", hive, subject); code != 0 || strings.Contains(out, "certutil") {
		t.Errorf("origin without the log: exit code %d: %s", code, out)
	}
	web := filepath.Join(dir, "evidence", "C", "inetpub")
	code, out, stderr := run(t, dir, "supertimeline", "-format", "csv", hive, "-with", logs, "-with", web)
	for _, want := range []string{"SOFTWARE", "Logs: Security.evtx", "/portal/upload.aspx"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("supertimeline: exit code %d, no %s: %s", code, want, stderr)
		}
	}
	if code, _, stderr := run(t, dir, "origin", "disk.raw.gz", subject, "-with", "absent"); code != 1 || !strings.Contains(stderr, "absent") {
		t.Errorf("a source that is absent: exit code %d, %s", code, stderr)
	}
	if code, _, stderr := run(t, dir, "supertimeline", "-o", sysmon, "disk.raw.gz", "-with", logs); code != 2 || !strings.Contains(stderr, "would overwrite the evidence") {
		t.Errorf("-o below what -with names: exit code %d, %s", code, stderr)
	}
}
