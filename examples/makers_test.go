package examples_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What evtxdump prints of a log, evtxmake makes into a log of which evtxdump prints the
// same, whatever its texts hold.
func TestMadeLogsAreTheSame(t *testing.T) {
	machine := writeHostileMachine(t)
	dir := t.TempDir()
	for _, format := range []string{"jsonl", "typed"} {
		name := filepath.Join(dir, format)
		if code, _, problems := run(t, machine.dir, "evtxdump", "-q", "-format", format, "-o", name, machine.image); code != 0 {
			t.Fatalf("evtxdump: exit code %d: %s", code, problems)
		}
		for _, keep := range []string{"-keep-ids=false", "-keep-ids"} {
			if code, out, problems := run(t, dir, "evtxmake", keep, "-o", format+".evtx", format); code != 0 || out != "" || problems != "" {
				t.Fatalf("evtxmake: exit code %d, %q: %s", code, out, problems)
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			code, got, problems := run(t, dir, "evtxdump", "-format", format, format+".evtx")
			if format == "jsonl" && keep == "-keep-ids" && got != string(want) || code != 0 || strings.Count(got, "\n") != strings.Count(string(want), "\n") {
				t.Errorf("evtxdump %s of the made log: exit code %d: %s\n%.2000s\nwant\n%.2000s", format, code, problems, got, want)
			}
		}
	}
}

// What the README shows.
func TestFixtureOfREADME(t *testing.T) {
	dir := t.TempDir()
	copyScenario(t, dir)
	_, out, problems := run(t, dir, "evtxdump", "-id", "4624,4688", filepath.Join("evidence", "C", "Windows", "System32", "winevt", "Logs", "Security.evtx"))
	var lines []string
	for line := range strings.Lines(out) {
		if strings.Contains(line, "S-1-5-21-") && len(lines) < 2 {
			lines = append(lines, line)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "events.jsonl"), []byte(strings.Join(lines, "")), 0o600); err != nil || len(lines) != 2 {
		t.Fatalf("%v: %s", err, problems)
	}
	args := strings.Fields("-map WEB01=HOST1 -map portaladmin=user1 -set Computer=HOST1 -start 2026-01-01 -o fixture.evtx events.jsonl")
	if code, _, problems := run(t, dir, "evtxmake", args...); code != 0 || problems != "" {
		t.Fatalf("exit code %d: %s", code, problems)
	}
	code, out, problems := run(t, dir, "evtxdump", "fixture.evtx")
	if code != 0 || problems != "" || strings.Count(out, "\n") != 2 || strings.Contains(out, "WEB01") || strings.Contains(out, "portaladmin") ||
		!strings.Contains(out, `"SystemTime":"2026-01-01T00:00:00.0000000Z"`) || !strings.Contains(out, `"TargetUserName":"user1"`) {
		t.Errorf("exit code %d, %s\n%s", code, problems, out)
	}
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil || !strings.Contains(string(readme), "evtxmake "+strings.Join(args, " ")) {
		t.Errorf("the README has no such command: %v", err)
	}
}

// A message about an event quotes it without letting it act.
func TestHostileEvents(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a member": `{"Event":{"` + strings.ReplaceAll(hostile, `"`, `\"`) + `":1}}`, "a kind": `{"kind":"` + "\u202e\u009b" + `"}`, "no JSON": hostile,
	} {
		if err := os.WriteFile(filepath.Join(dir, "in"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, problems := run(t, dir, "evtxmake", "in")
		if code != 1 || out != "" || problems == "" {
			t.Errorf("%s: exit code %d, %q, %q", name, code, out, problems)
		}
		inert(t, name, problems, "")
	}
}

// What a registration file holds is in the hive that regmake makes, whatever its texts
// hold, and autoruns finds it. A message about a line quotes it without letting it act.
func TestMadeHives(t *testing.T) {
	dir := t.TempDir()
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace
	text := "Windows Registry Editor Version 5.00\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run]\n\"Updater\"=\"" + quote(`"C:\a b.exe" `+hostile) + "\"\n"
	for name, content := range map[string]string{"in.reg": text, "bad.reg": text + hostile} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, problems := run(t, dir, "regmake", "-o", "SOFTWARE", "in.reg"); code != 0 || out != "" || problems != "" {
		t.Fatalf("exit code %d, %q: %s", code, out, problems)
	}
	code, out, problems := run(t, dir, "autoruns", "-format", "jsonl", "SOFTWARE")
	if code != 0 || problems != "" || !strings.Contains(out, `"name":"Updater"`) || !strings.Contains(out, `"path":"C:\\a b.exe"`) {
		t.Errorf("exit code %d, %s\n%s", code, problems, out)
	}
	if code, out, problems = run(t, dir, "regmake", "bad.reg"); code != 1 || out != "" || problems == "" {
		t.Errorf("exit code %d, %q, %q", code, out, problems)
	}
	inert(t, "regmake", problems, "")
}
