package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

var when = time.Date(2026, 3, 1, 12, 30, 0, 123456700, time.UTC)

func put(t *testing.T, name string, h registrytest.Hive) string {
	t.Helper()
	data, err := h.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, name, data)
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

const spooler, update = `ControlSet001\Services\Spooler`, `ControlSet001\Services\wuauserv`

func before() registrytest.Hive {
	var h registrytest.Hive
	h.Set(spooler, when, registrytest.ExpandSZ("ImagePath", `%SystemRoot%\System32\spoolsv.exe`), registrytest.SZ("ObjectName", `NT AUTHORITY\LocalService`),
		registrytest.DWord("Start", 2))
	h.Set(update+`\Parameters`, when, registrytest.ExpandSZ("ServiceDll", `%SystemRoot%\System32\wuaueng.dll`), registrytest.Binary("state", make([]byte, 300)))
	h.Set(`ControlSet001\Services\old`, when, registrytest.SZ("ImagePath", "old.exe"))
	return h
}

func after() registrytest.Hive {
	h := before()
	k := h.Key(spooler, when)
	k.LastWrite = when.Add(time.Hour)
	k.Values[1] = registrytest.SZ("ObjectName", "LocalSystem")
	k.Values = append(k.Values, registrytest.SZ("FailureCommand", "cmd /c evil.exe"))
	k.Class, k.Owner = "Shell", "S-1-5-18"
	k = h.Key(update+`\Parameters`, when)
	k.Values[0] = registrytest.ExpandSZ("ServiceDll", `%SystemRoot%\System32\evil.dll`)
	k.Values[1] = registrytest.Binary("state", append(make([]byte, 299), 1))
	h.Key(`ControlSet001\Services\old`, when).Name = "new"
	h.Set("", when, registrytest.SZ("", "of the root"))
	return h
}

// regdiff runs the program and returns what it printed.
func regdiff(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	if got := run(args, &out, &problems); got != code {
		t.Errorf("%q: exit code %d, want %d: %s", args, got, code, &problems)
	}
	return out.String(), problems.String()
}

func TestFormats(t *testing.T) {
	golden, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir()) // the names in the output are those of the arguments
	put(t, "before/SYSTEM", before())
	put(t, "after/SYSTEM", after())
	for _, format := range []string{"text", "jsonl"} {
		out, problems := regdiff(t, cli.Done, "-format", format, "before", "after")
		testenv.Golden(t, filepath.Join(golden, "services."+format), []byte(out))
		if problems != "" {
			t.Errorf("%s: problems: %s", format, problems)
		}
		same, _ := regdiff(t, cli.Done, "-format", format, "before", "before/SYSTEM")
		if want := map[string]string{"text": "--- before\n+++ before/SYSTEM\nno difference\n"}[format]; same != want {
			t.Errorf("%s: the same hive differs:\n%s", format, same)
		}
	}
}

// One hive of two machines is named by its path there.
func TestHiveOfEvidence(t *testing.T) {
	dir := t.TempDir()
	for name, h := range map[string]registrytest.Hive{"a": before(), "b": after()} {
		put(t, filepath.Join(dir, name, "C", "Windows", "System32", "config", "SYSTEM"), h)
		put(t, filepath.Join(dir, name, "C", "Windows", "System32", "config", "SOFTWARE"), registrytest.Hive{})
	}
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	out, problems := regdiff(t, cli.Done, "-hive", `C:\Windows\System32\config\system`, a, b)
	if problems != "" || !strings.Contains(out, "FailureCommand REG_SZ cmd /c evil.exe") || !strings.Contains(out, `b: C:\Windows\System32\config\SYSTEM`) {
		t.Errorf("stderr %q, stdout\n%s", problems, out)
	}
	if _, problems := regdiff(t, cli.Misused, a, b); !strings.Contains(problems, "has 2 hives: name one with -hive") {
		t.Errorf("without -hive: %s", problems)
	}
	if _, problems := regdiff(t, cli.Nothing, "-hive", `C:\Windows\System32\config\SAM`, a, b); !strings.Contains(problems, "SAM") {
		t.Errorf("a hive that is absent: %s", problems)
	}
}

// Of one hive, what its logs change is printed.
func TestLogs(t *testing.T) {
	hive := func(h registrytest.Hive) []byte {
		data, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	dir := t.TempDir()
	changed := before()
	changed.Key(spooler, when).Values[2] = registrytest.DWord("Start", 4)
	old, next := hive(before()), hive(changed)
	name := write(t, filepath.Join(dir, "SYSTEM"), registrytest.Interrupted(old, 5))
	write(t, name+".LOG1", registrytest.NewLog(4, old, next))
	out, problems := regdiff(t, cli.Done, name)
	if !strings.Contains(out, "-    Start REG_DWORD 2 ") || !strings.Contains(out, "+    Start REG_DWORD 4 ") || !strings.Contains(out, "# value changed: 1\n") ||
		!strings.Contains(problems, "SYSTEM.LOG1: 1 page of 1 write replayed") {
		t.Errorf("stderr %q, stdout\n%s", problems, out)
	}
	// Both are completed by their logs, or neither is.
	whole := write(t, filepath.Join(dir, "other", "SYSTEM"), next)
	if out, _ := regdiff(t, cli.Done, whole, name); !strings.HasSuffix(out, "no difference\n") {
		t.Errorf("with logs:\n%s", out)
	}
	if out, _ := regdiff(t, cli.Done, "-no-replay", whole, name); !strings.Contains(out, "# value changed: 1\n") {
		t.Errorf("without logs:\n%s", out)
	}
}

// What damage may hide is not said to be removed without a doubt.
func TestDamagedHive(t *testing.T) {
	dir := t.TempDir()
	whole := put(t, filepath.Join(dir, "a"), before())
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte("old"))
	data[at-76] = 'x' // the signature of the key node
	damaged := write(t, filepath.Join(dir, "b"), data)
	out, problems := regdiff(t, cli.Done, whole, damaged)
	if !strings.Contains(out, "-ControlSet001\\Services\\old  ") || strings.Count(out, "(the other hive is damaged here, and may have it)\n") != 2 || !strings.Contains(problems, "key node signature") {
		t.Errorf("text: stderr %q, stdout\n%s", problems, out)
	}
	if out, _ = regdiff(t, cli.Done, "-format", "jsonl", whole, damaged); strings.Count(out, `"doubtful":true`) != 2 {
		t.Errorf("jsonl:\n%s", out)
	}
}

func TestWrongUse(t *testing.T) {
	dir := t.TempDir()
	text := write(t, filepath.Join(dir, "text"), []byte("no evidence"))
	hive := put(t, filepath.Join(dir, "hives", "SYSTEM"), before())
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{nil, cli.Misused, "want BEFORE and AFTER, got 0 arguments"},
		{[]string{hive, hive, hive}, cli.Misused, "want BEFORE and AFTER, got 3 arguments"},
		{[]string{"-format", "xml", hive, hive}, cli.Misused, `format "xml": want one of text, jsonl`},
		{[]string{"-no-replay", hive}, cli.Misused, "-no-replay leaves nothing to compare"},
		{[]string{text, hive}, cli.Nothing, "text"},
		{[]string{hive, filepath.Join(dir, "none")}, cli.Nothing, "none"},
	} {
		out, problems := regdiff(t, tt.code, tt.args...)
		if out != "" || !strings.Contains(problems, tt.want) {
			t.Errorf("%q: stdout %q, stderr %q, want %q", tt.args, out, problems, tt.want)
		}
	}
}

// Names chosen by an attacker do not act on a terminal.
func TestHostileNames(t *testing.T) {
	const hostile = "\x1b]0;\x07\u202e\u009b2J\u2028\U000e0041\xed\xa0\x80\n"
	dir := t.TempDir()
	var h registrytest.Hive
	h.Set(`a`+hostile+`\b`, when, registrytest.SZ("n"+hostile, "d"+hostile), registrytest.Value{Name: "x", Type: 99, Data: []byte(hostile)})
	h.Key(`a`+hostile, when).Class = hostile
	names := []string{put(t, filepath.Join(dir, "a"), before()), put(t, filepath.Join(dir, "b"), h)}
	for _, format := range []string{"text", "jsonl"} {
		for range 2 {
			out, problems := regdiff(t, cli.Done, "-format", format, names[0], names[1])
			for line := range strings.Lines(out + problems) {
				if line = strings.TrimSuffix(line, "\n"); strings.ContainsFunc(line, show.Acts) {
					t.Errorf("%s: %q acts", format, line)
				}
			}
			if !strings.Contains(out, `\u202e`) {
				t.Errorf("%s: the names are not in\n%s", format, out)
			}
			names[0], names[1] = names[1], names[0]
		}
	}
}
