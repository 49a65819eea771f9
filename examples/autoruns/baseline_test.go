package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// hosting is a hive with two services: one with its own process, and one in svchost.
func hosting(change func(spooler, update *registrytest.Key, parameters *registrytest.Key)) registrytest.Hive {
	var h registrytest.Hive
	h.Set(`Select`, when, registrytest.DWord("Current", 1))
	const spooler, update = `ControlSet001\Services\Spooler`, `ControlSet001\Services\wuauserv`
	h.Set(spooler, when, registrytest.ExpandSZ("ImagePath", `%SystemRoot%\System32\spoolsv.exe`), registrytest.DWord("Type", 0x10),
		registrytest.DWord("Start", 2), registrytest.SZ("ObjectName", `NT AUTHORITY\LocalService`))
	h.Set(update, when, registrytest.ExpandSZ("ImagePath", `%SystemRoot%\System32\svchost.exe -k netsvcs -p`), registrytest.DWord("Type", 0x20), registrytest.DWord("Start", 3))
	h.Set(update+`\Parameters`, when, registrytest.ExpandSZ("ServiceDll", `%SystemRoot%\System32\wuaueng.dll`))
	if change != nil {
		change(h.Key(spooler, when), h.Key(update, when), h.Key(update+`\Parameters`, when))
	}
	return h
}

// What an intruder changes in a service is seen, whether the baseline is the output of an
// earlier run, a hive, or a folder of hives.
func TestBaselineOfServices(t *testing.T) {
	dll := registrytest.ExpandSZ("ServiceDll", `%SystemRoot%\System32\evil.dll`)
	for _, tt := range []struct {
		name   string
		change func(spooler, update, parameters *registrytest.Key)
		want   string
	}{
		{"the DLL", func(_, _, parameters *registrytest.Key) { parameters.Values[0] = dll },
			`"changed":[{"field":"hosted","before":"%SystemRoot%\\System32\\wuaueng.dll","after":"%SystemRoot%\\System32\\evil.dll"},{"field":"service_dll","before":"%SystemRoot%\\System32\\wuaueng.dll","after":"%SystemRoot%\\System32\\evil.dll"}]`},
		{"the account", func(spooler, _, _ *registrytest.Key) {
			spooler.Values[3] = registrytest.SZ("ObjectName", "LocalSystem")
		},
			`"changed":[{"field":"account","before":"NT AUTHORITY\\LocalService","after":"LocalSystem"}]`},
		{"a command on failure", func(spooler, _, _ *registrytest.Key) {
			spooler.Values = append(spooler.Values, registrytest.SZ("FailureCommand", `C:\evil.exe`))
		}, `"changed":[{"field":"failure_command","before":"","after":"C:\\evil.exe"}]`},
		{"the start, from automatic to on demand", func(spooler, _, _ *registrytest.Key) { spooler.Values[2] = registrytest.DWord("Start", 3) },
			`"changed":[{"field":"start","before":"2","after":"3"}]`},
		{"the start, from automatic to disabled", func(spooler, _, _ *registrytest.Key) { spooler.Values[2] = registrytest.DWord("Start", 4) },
			`"changed":[{"field":"enabled","before":"true","after":"false"},{"field":"start","before":"2","after":"4"}]`},
		{"the type", func(_, update, _ *registrytest.Key) { update.Values[1] = registrytest.DWord("Type", 0x10) },
			`"changed":[{"field":"type","before":"32","after":"16"}]`},
		{"the name that is shown", func(_, update, _ *registrytest.Key) {
			update.Values = append(update.Values, registrytest.SZ("DisplayName", "Update"))
		}, `"changed":[{"field":"display_name","before":"","after":"Update"}]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, after := triage(t, map[string]registrytest.Hive{"SYSTEM": hosting(nil)}), triage(t, map[string]registrytest.Hive{"SYSTEM": hosting(tt.change)})
			earlier, _ := autoruns(t, cli.Done, "-format", "jsonl", before)
			file := filepath.Join(t.TempDir(), "baseline.jsonl")
			if err := os.WriteFile(file, []byte(earlier), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, baseline := range []string{file, before, filepath.Join(before, "SYSTEM")} {
				out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", baseline, after)
				if strings.Count(out, "\n") != 1 || !strings.Contains(out, `"state":"changed"`) || !strings.Contains(out, tt.want) || problems != "" {
					t.Errorf("%s: %s, want %s: %s", filepath.Base(baseline), out, tt.want, problems)
				}
			}
			text, _ := autoruns(t, cli.Done, "-baseline", before, after)
			csv, _ := autoruns(t, cli.Done, "-format", "csv", "-baseline", before, after)
			if !strings.Contains(text, "[changed service") || !strings.Contains(text, "      changed ") || !strings.Contains(csv, ",changed,") || !strings.Contains(csv, " -> ") {
				t.Errorf("text:\n%s\ncsv:\n%s", text, csv)
			}
		})
	}
}

// The found case has a baseline that an earlier version wrote, without the fields.
func TestFoundBaseline(t *testing.T) {
	dir := testenv.Found(t, "registry/baseline-servicedll")
	for _, baseline := range []string{"base.jsonl", "a"} {
		out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", filepath.Join(dir, baseline), filepath.Join(dir, "b", "SYSTEM"))
		for _, want := range []string{`"name":"Spooler"`, `"name":"wuauserv"`, `"field":"service_dll"`, `evil.dll"}`, `"field":"account"`, `"after":"LocalSystem"}`, `"field":"failure_command"`} {
			if strings.Count(out, "\n") != 2 || strings.Count(out, `"state":"changed"`) != 2 || !strings.Contains(out, want) {
				t.Errorf("%s: no %s in\n%s", baseline, want, out)
			}
		}
		if strings.Contains(problems, "an earlier version wrote it") != (baseline == "base.jsonl") {
			t.Errorf("%s: %s", baseline, problems)
		}
	}
}

func TestNotABaseline(t *testing.T) {
	dir := triage(t, map[string]registrytest.Hive{"SYSTEM": hosting(nil)})
	file := filepath.Join(t.TempDir(), "baseline")
	for _, tt := range []struct{ content, want string }{
		{`{"state":"new"}`, `line 1: the state is new: want the output of a run without -baseline`},
		{"{\"use\":\"\"}\n{", `line 2: unexpected end of JSON input (want the output of -format jsonl)`},
		{"no evidence", "or the output of -format jsonl"},
	} {
		if err := os.WriteFile(file, []byte(tt.content), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, problems := autoruns(t, cli.Nothing, "-baseline", file, dir); out != "" || !strings.Contains(problems, tt.want) {
			t.Errorf("%q: stdout %q, stderr %q, want %q", tt.content, out, problems, tt.want)
		}
	}
	// A machine without autostarts has an empty baseline; what was deleted then is not in it.
	deleted := `{"category":"service","location":"ControlSet001\\Services\\Spooler","name":"Spooler","use":"runs","state":"deleted"}` + "\n"
	for _, content := range []string{"", deleted} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", file, dir); strings.Count(out, `"state":"new"`) != 2 || strings.Contains(out, "gone") || problems != "" {
			t.Errorf("%q: %s%s", content, problems, out)
		}
	}
	if _, problems := autoruns(t, cli.Nothing, "-baseline", filepath.Join(dir, "none"), dir); !strings.Contains(problems, "none") {
		t.Errorf("a file that is absent: %s", problems)
	}
}

// A key below a service counts, since its ServiceDll is there.
func TestChangedSince(t *testing.T) {
	h := hosting(func(_, _, parameters *registrytest.Key) { parameters.LastWrite = when.Add(48 * time.Hour) })
	dir := triage(t, map[string]registrytest.Hive{"SYSTEM": h})
	for _, tt := range []struct{ since, want string }{
		{"2026-03-01", "Spooler wuauserv"},
		{"2026-03-01T12:30:00.1234567Z", "Spooler wuauserv"},
		{"2026-03-01T12:30:01Z", "wuauserv"},
		{"2026-03-03T13:30:00+01:00", "wuauserv"},
		{"2026-03-04", ""},
	} {
		out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-changed-since", tt.since, dir)
		var got []string
		for _, name := range []string{"Spooler", "wuauserv"} {
			if strings.Contains(out, `"name":"`+name+`"`) {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("since %s: %q, want %q", tt.since, got, tt.want)
		}
	}
	out, _ := autoruns(t, cli.Done, dir)
	if !strings.Contains(out, "      last changed 2026-03-03T12:30:00.1234567Z\n") {
		t.Errorf("text:\n%s", out)
	}
	if _, problems := autoruns(t, cli.Misused, "-changed-since", "yesterday", dir); !strings.Contains(problems, "want a time such as 2026-03-02") {
		t.Errorf("stderr %q", problems)
	}
}

// What is only missing because its hive or its folder is, is not said to be gone.
func TestBaselineOfAbsentHives(t *testing.T) {
	var software, account, classes registrytest.Hive
	software.Set(`Microsoft\Windows\CurrentVersion\Run`, when, registrytest.SZ("a", `C:\a.exe`))
	account.Set(`Software\Microsoft\Windows\CurrentVersion\Run`, when, registrytest.SZ("b", `C:\b.exe`))
	classes.Set(`CLSID\{1}\InprocServer32`, when, registrytest.SZ("", `C:\c.dll`))
	all := map[string]registrytest.Hive{"C/Windows/System32/config/SYSTEM": hosting(nil), "C/Windows/System32/config/SOFTWARE": software,
		"C/Users/bob/NTUSER.DAT": account, "C/Users/bob/AppData/Local/Microsoft/Windows/UsrClass.dat": classes}
	golden := triage(t, all)
	var empty registrytest.Hive
	empty.Set(`Software`, when)
	empty.Set(`Control Panel`, when)
	for _, tt := range []struct{ hive, name, said string }{
		{"C/Windows/System32/config/SYSTEM", "Spooler", "the hive SYSTEM is not in the evidence: what the baseline has of it was not compared (2)"},
		{"C/Windows/System32/config/SOFTWARE", "a", "the hive SOFTWARE is not"},
		{"C/Users/bob/NTUSER.DAT", "b", "the hive NTUSER.DAT of BOB is not"},
		{"C/Users/bob/AppData/Local/Microsoft/Windows/UsrClass.dat", "", "the hive UsrClass.dat of BOB is not"},
	} {
		rest := maps.Clone(all)
		delete(rest, tt.hive)
		out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", golden, triage(t, rest))
		if !strings.Contains(out, `"name":"`+tt.name+`"`) || !strings.Contains(out, `"state":"not-compared"`) || strings.Contains(out, `"state":"gone"`) || !strings.Contains(problems, tt.said) {
			t.Errorf("without %s: %s%s", tt.hive, out, problems)
		}
		if out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", triage(t, rest), golden); !strings.Contains(out, `"state":"new"`) ||
			strings.Contains(problems, "counts as new") != strings.Contains(tt.hive, "System32") {
			t.Errorf("a baseline without %s: %s%s", tt.hive, out, problems)
		}
		if tt.name != "b" {
			continue
		}
		rest[tt.hive] = empty
		if out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", golden, triage(t, rest)); !strings.Contains(out, `"state":"gone"`) || problems != "" {
			t.Errorf("with an empty %s: %s%s", tt.hive, out, problems)
		}
	}
}
