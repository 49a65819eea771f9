package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/cim/cimtest"
	"github.com/birthmark-dfir/birthmark/examples/internal/machine"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
)

var when = time.Date(2026, 3, 1, 12, 30, 0, 123456700, time.UTC)

const current = `Microsoft\Windows\CurrentVersion\`

func software() registrytest.Hive {
	var h registrytest.Hive
	h.Set(current+`Run`, when, registrytest.SZ("Updater", `"C:\Program Files\u.exe" /q`))
	return h
}

func services(set, command string) registrytest.Hive {
	var h registrytest.Hive
	n := uint32(set[len(set)-1] - '0')
	h.Set(`Select`, when, registrytest.DWord("Current", n))
	h.Set(set+`\Services\SQLServer`, when, registrytest.ExpandSZ("ImagePath", command),
		registrytest.DWord("Type", 0x10), registrytest.DWord("Start", 2), registrytest.SZ("ObjectName", "LocalSystem"))
	return h
}

func account() registrytest.Hive {
	var h registrytest.Hive
	h.Set(`Software\`+current+`Run`, when, registrytest.SZ("Drop\x1b[2J", `rundll32 C:\Users\Public\x.dll,Go`))
	h.Set(`Software\`+current+`Explorer\StartupApproved\Run`, when, registrytest.Binary("Drop\x1b[2J", []byte{3}))
	return h
}

// triage writes the folder of a triage collection.
func triage(t *testing.T, hives map[string]registrytest.Hive) string {
	t.Helper()
	return write(t, t.TempDir(), hives)
}

func write(t *testing.T, dir string, hives map[string]registrytest.Hive) string {
	t.Helper()
	for name, h := range hives {
		data, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
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

func before(t *testing.T) string {
	return write(t, filepath.Join(t.ArtifactDir(), "before"), map[string]registrytest.Hive{
		"C/Windows/System32/config/SOFTWARE": software(),
		"C/Windows/System32/config/SYSTEM":   services("ControlSet001", `C:\sqlserver.exe`),
		"C/Users/bob/NTUSER.DAT":             account(),
	})
}

func after(t *testing.T) string {
	return write(t, filepath.Join(t.ArtifactDir(), "after"), map[string]registrytest.Hive{
		"C/Windows/System32/config/SOFTWARE": software(),
		"C/Windows/System32/config/SYSTEM":   services("ControlSet002", `C:\Users\Public\sqlserver.exe`),
		"C/Users/eve/NTUSER.DAT":             account(),
	})
}

// autoruns runs the program and returns what it printed.
func autoruns(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	if got := run(args, &out, &problems); got != code {
		t.Errorf("%q: exit code %d, want %d: %s", args, got, code, &problems)
	}
	return out.String(), problems.String()
}

func TestFormats(t *testing.T) {
	dir := before(t)
	for _, format := range []string{"text", "jsonl", "csv"} {
		out, problems := autoruns(t, cli.Done, "-format", format, dir)
		testenv.Golden(t, filepath.Join("testdata", "before."+format), []byte(out))
		if problems != "" {
			t.Errorf("%s: problems: %s", format, problems)
		}
	}
}

func TestBaseline(t *testing.T) {
	earlier, _ := autoruns(t, cli.Done, "-format", "jsonl", before(t))
	file := filepath.Join(t.TempDir(), "baseline.jsonl")
	if err := os.WriteFile(file, []byte(earlier), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, _ := autoruns(t, cli.Done, "-baseline", file, before(t)); out != "" {
		t.Errorf("the same machine differs:\n%s", out)
	}
	out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", file, after(t))
	testenv.Golden(t, filepath.Join("testdata", "after.jsonl"), []byte(out))
}

func TestBareHive(t *testing.T) {
	hive := filepath.Join(before(t), "C", "Users", "bob", "NTUSER.DAT")
	out, _ := autoruns(t, cli.Done, "-format", "jsonl", hive)
	if !strings.Contains(out, `"hive":"NTUSER.DAT"`) || strings.Count(out, "\n") != 1 {
		t.Errorf("got %s", out)
	}
}

func TestDirtyHiveIsReadAndReported(t *testing.T) {
	dirty := software()
	dirty.Dirty = true
	out, problems := autoruns(t, cli.Done, triage(t, map[string]registrytest.Hive{"SOFTWARE": dirty}))
	if !strings.Contains(out, "Updater") || !strings.Contains(problems, "unclean: ") {
		t.Errorf("stdout %q, stderr %q", out, problems)
	}
}

// A hive is completed by the logs beside it, also if it is the evidence itself.
func TestLogsOfAHiveAreReplayed(t *testing.T) {
	hive := func(h registrytest.Hive) []byte {
		data, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	var empty registrytest.Hive
	empty.Set(current+`Run`, when)
	before, next := hive(empty), hive(software())
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"SOFTWARE": registrytest.Interrupted(before, 5), "SOFTWARE.LOG1": registrytest.NewLog(4, before, next), "SOFTWARE.LOG2": nil,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, evidence := range []string{dir, filepath.Join(dir, "SOFTWARE")} {
		out, problems := autoruns(t, cli.Done, evidence)
		if !strings.Contains(out, "Updater") || !strings.Contains(problems, "SOFTWARE.LOG1: 1 page of 1 write replayed, up to sequence number 4") || strings.Contains(problems, "unclean") {
			t.Errorf("stdout %q, stderr %q", out, problems)
		}
		out, problems = autoruns(t, cli.Done, "-no-replay", evidence)
		if strings.Contains(out, "Updater") || !strings.Contains(problems, "unclean") || strings.Contains(problems, "LOG1") {
			t.Errorf("-no-replay: stdout %q, stderr %q", out, problems)
		}
	}
}

// What is deleted is printed only if it is asked for.
func TestDeletedServices(t *testing.T) {
	h := services("ControlSet001", `C:\good.exe`)
	h.Set(`ControlSet001\Services`, when.Add(time.Hour))
	h.Set(`ControlSet001\Services\Evil`, when, registrytest.ExpandSZ("ImagePath", `C:\evil.exe`), registrytest.DWord("Type", 0x10), registrytest.DWord("Start", 2))
	h.Key(`ControlSet001\Services\Evil`, when).Deleted = true
	dir := triage(t, map[string]registrytest.Hive{"SYSTEM": h})
	if out, _ := autoruns(t, cli.Done, "-format", "jsonl", dir); strings.Contains(out, "evil") {
		t.Errorf("without the flag: %s", out)
	}
	out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-deleted", dir)
	if strings.Count(out, "\n") != 2 || !strings.Contains(out, `"name":"Evil","command":"C:\\evil.exe"`) || !strings.Contains(out, `"state":"deleted"`) || !strings.Contains(out, `"found":"free cell, confidence high"`) {
		t.Errorf("jsonl: %s", out)
	}
	out, _ = autoruns(t, cli.Done, "-deleted", dir)
	if !strings.Contains(out, "[deleted service] Evil @0x11c8\n      C:\\evil.exe\n      start 2, automatic\n      type 0x10\n      found in free cell, confidence high\n") {
		t.Errorf("text: %s", out)
	}
}

func TestWrongUse(t *testing.T) {
	empty := t.TempDir()
	text := filepath.Join(empty, "text")
	if err := os.WriteFile(text, []byte("no evidence"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{nil, cli.Misused, "autoruns: want at least one HIVE or EVIDENCE\n"},
		{[]string{"-format", "xml", text}, cli.Misused, `autoruns: format "xml": want one of text, jsonl, csv`},
		{[]string{text}, cli.Nothing, "no autostart could be read"},
		{[]string{filepath.Join(empty, "none")}, cli.Nothing, "no autostart could be read"},
		{[]string{"-baseline", text, text}, cli.Nothing, "or the output of -format jsonl"},
		{[]string{"-q", text}, cli.Nothing, ""},
	} {
		out, problems := autoruns(t, tt.code, tt.args...)
		if out != "" || !strings.Contains(problems, tt.want) || tt.want == "" && problems != "" {
			t.Errorf("%q: stdout %q, stderr %q, want %q", tt.args, out, problems, tt.want)
		}
	}
}

// A source without an autostart was read all the same.
func TestNothingIsFound(t *testing.T) {
	files, err := cimtest.Repository{}.Files()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.ArtifactDir()
	for name, data := range files {
		put(t, filepath.Join(dir, "C", "Windows", "System32", "wbem", "Repository", name), data)
	}
	if out, problems := autoruns(t, cli.Done, dir); out != "" || problems != "" {
		t.Errorf("stdout %q, stderr %q", out, problems)
	}
}

func put(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// The folder that a collector made of the machine gives the same autostarts as its
// disk.
func TestTriageFolder(t *testing.T) {
	s := origintest.SQLServer()
	want, _ := autoruns(t, cli.Done, "-format", "jsonl", machine.Image(t, s))
	for _, named := range []string{"SQLServerSvc", "SQLServerUpdate", "MSSQLSERVER", "OneDrive"} {
		if !strings.Contains(want, named) {
			t.Errorf("the image has no %s", named)
		}
	}
	for name, dir := range machine.Folders(t, s) {
		if got, problems := autoruns(t, cli.Done, "-format", "jsonl", dir); got != want || problems != "" {
			t.Errorf("%s: %s\n%s\nfrom the image:\n%s", name, problems, got, want)
		}
	}
}

// Tasks and files in startup folders are listed beside the registry, in every format
// and with a baseline.
func TestTasksAndStartupFolders(t *testing.T) {
	dir := write(t, filepath.Join(t.ArtifactDir(), "files"), map[string]registrytest.Hive{"C/Windows/System32/config/SOFTWARE": software()})
	put := func(name string, data []byte, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	updater := task.Task{
		Principals: []task.Principal{{ID: "Author", UserID: "S-1-5-18"}}, Context: "Author", Disabled: true,
		Triggers: []task.Trigger{{Kind: "BootTrigger"}, {Kind: "LogonTrigger", Disabled: true}},
		Actions:  []task.Action{{Kind: "Exec", Command: `C:\Windows\System32\rundll32.exe`, Arguments: `C:\Users\Public\x.dll,Go`}, {Kind: "ComHandler", ClassID: "{1}"}},
	}
	data, err := tasktest.File{Task: updater}.Bytes()
	put("C/Windows/System32/Tasks/Example/Up\u202eexe", data, err)
	put("C/Windows/System32/Tasks/noise", []byte("noise"), nil)
	data, err = lnktest.File{Link: lnk.Link{LocalPath: `C:\Program Files\u.exe`, Arguments: "/q"}}.Bytes()
	put("C/Users/eve/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/u.lnk", data, err)
	put("C/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/run.bat", nil, nil)
	put("C/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/desktop.ini", nil, nil)
	for _, format := range []string{"text", "jsonl", "csv"} {
		out, problems := autoruns(t, cli.Done, "-format", format, dir)
		testenv.Golden(t, filepath.Join("testdata", "files."+format), []byte(out))
		if strings.Count(problems, "\n") != 1 || !strings.Contains(problems, "noise: XML at 0x5: ") {
			t.Errorf("%s: problems: %s", format, problems)
		}
	}
	earlier, _ := autoruns(t, cli.Done, "-format", "jsonl", dir)
	file := filepath.Join(t.TempDir(), "baseline.jsonl")
	if err := os.WriteFile(file, []byte(earlier), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, _ := autoruns(t, cli.Done, "-baseline", file, dir); out != "" {
		t.Errorf("the same machine differs:\n%s", out)
	}
	original, err := tasktest.File{Task: updater}.Bytes()
	defer put("C/Windows/System32/Tasks/Example/Up\u202eexe", original, err) // lab/wine compares with the golden files again
	updater.Disabled = false
	data, err = tasktest.File{Task: updater}.Bytes()
	put("C/Windows/System32/Tasks/Example/Up\u202eexe", data, err)
	if out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", file, dir); strings.Count(out, `"state":"changed"`) != 2 || strings.Count(out, "\n") != 2 {
		t.Errorf("an enabled task:\n%s", out)
	}
}

// Autostarts that only the control set of the next start has are listed too, with a
// message.
func TestOtherControlSets(t *testing.T) {
	h := services("ControlSet001", `C:\sqlserver.exe`)
	h.Set("Select", when, registrytest.DWord("Default", 2), registrytest.DWord("LastKnownGood", 2))
	const same = `\Services\same`
	for _, set := range []string{"ControlSet001", "ControlSet002"} {
		h.Set(set+same, when, registrytest.SZ("ImagePath", "same.exe"))
	}
	h.Set(`ControlSet002\Services\SQLServer`, when, registrytest.ExpandSZ("ImagePath", `C:\other.exe`))
	h.Set(`ControlSet003\Services\unused`, when, registrytest.ExpandSZ("ImagePath", `C:\unused.exe`))
	dir := triage(t, map[string]registrytest.Hive{"C/Windows/System32/config/SYSTEM": h})
	out, problems := autoruns(t, cli.Done, "-format", "csv", dir)
	var got []string
	for line := range strings.Lines(out) {
		cells := strings.Split(line, ",")
		got = append(got, cells[1]+" "+cells[3])
	}
	want := []string{`location command`, `ControlSet001\Services\same same.exe`, `ControlSet001\Services\SQLServer C:\sqlserver.exe`,
		`ControlSet002\Services\SQLServer C:\other.exe`}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if want := `autoruns: C:\Windows\System32\config\SYSTEM: Select: Default is ControlSet002, not ControlSet001: its differing autostarts are listed too` + "\n"; problems != want {
		t.Errorf("stderr %q, want %q", problems, want)
	}
	file := filepath.Join(t.TempDir(), "baseline.jsonl")
	earlier, _ := autoruns(t, cli.Done, "-format", "jsonl", dir)
	if err := os.WriteFile(file, []byte(earlier), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, _ := autoruns(t, cli.Done, "-baseline", file, dir); out != "" {
		t.Errorf("the same machine differs:\n%s", out)
	}
}

// Names chosen by an attacker act neither on a terminal nor in a spreadsheet.
func TestHostileNames(t *testing.T) {
	var h registrytest.Hive
	h.Set(current+`Run`, when, registrytest.SZ("=cmd|'/C calc'!A0\u202e\u009b2J\u2028", "-x\x1b]0;\x07\U000e0041.exe"))
	h.Set(current+`Run`, when, registrytest.SZ("sel\U000e0101ector\xed\xa0\x80", "\xed\xb0\x80.exe"))
	dir := triage(t, map[string]registrytest.Hive{"SOFTWARE": h})
	earlier, _ := autoruns(t, cli.Done, "-format", "jsonl", dir)
	if want := `"name":"sel\udb40\udd01ector\ud800","command":"\udc00.exe"`; !strings.Contains(earlier, want) {
		t.Errorf("jsonl: %s\nwant %s", earlier, want)
	}
	file := filepath.Join(t.TempDir(), "baseline.jsonl")
	if err := os.WriteFile(file, []byte(earlier), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, _ := autoruns(t, cli.Done, "-baseline", file, dir); out != "" {
		t.Errorf("the same machine differs:\n%s", out)
	}
	for _, format := range []string{"text", "jsonl", "csv"} {
		out, _ := autoruns(t, cli.Done, "-format", format, dir)
		for line := range strings.Lines(out) {
			if line = strings.TrimSuffix(line, "\n"); strings.ContainsFunc(line, show.Acts) {
				t.Errorf("%s: %q acts", format, line)
			}
		}
		if format == "csv" && !strings.Contains(out, `,'=cmd|'/C calc'!A0\u202e\u009b2J\u2028,'-x\u001b]0;\u0007\udb40\udc41.exe,`) {
			t.Errorf("csv: %s", out)
		}
	}
}
