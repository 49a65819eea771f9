package origin_test

import (
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A file in the place of a screensaver or a print library of Windows, which the registry
// names on every machine, says whose place it has. Windows' own in their places, those of
// other makers, and files of these names elsewhere do not.
func TestReplacedFilesOfWindows(t *testing.T) {
	const microsoft = "Microsoft Corporation"
	const print = `ControlSet001\Control\Print\`
	const processors = print + `Environments\Windows x64\Print Processors\`
	saver := func(path string) placed {
		return placed{"NTUSER", `Control Panel\Desktop`, registrytest.SZ("SCRNSAVE.EXE", path)}
	}
	monitor := func(dll string) placed { return placed{"SYSTEM", print + `Monitors\x`, registrytest.SZ("Driver", dll)} }
	processor := func(dll string) placed {
		return placed{"SYSTEM", processors + `x`, registrytest.SZ("Driver", dll)}
	}
	for _, tt := range []struct {
		name, subject, company, original string
		value                            placed
		facts                            string
	}{
		{"a shell as a screensaver", system32 + "Bubbles.scr", microsoft, "Cmd.Exe", saver(`C:\Windows\system32\Bubbles.scr`),
			"category=screensaver|replaces=Bubbles.scr of Windows: it claims to have been built as Cmd.Exe"},
		{"a screensaver of Windows", system32 + "Bubbles.scr", microsoft, "Bubbles.scr", saver(`C:\Windows\system32\Bubbles.scr`), "category=screensaver|replaces="},
		{"a screensaver of another maker", system32 + "fish.scr", "Fish Inc", "fish.scr", saver(`C:\Windows\system32\fish.scr`), "category=screensaver|replaces="},
		{"a screensaver of another maker in its folder", `C:\Program Files\Fish\Bubbles.scr`, "Fish Inc", "Bubbles.scr", saver(`C:\Program Files\Fish\Bubbles.scr`), "category=screensaver|replaces="},
		{"another monitor of ports", system32 + "localspl.dll", "Contoso", "localspl.dll", monitor("localspl.dll"),
			"category=print-monitor|role=loads|replaces=localspl.dll of Windows: it does not claim to be Microsoft's"},
		{"the monitor of ports", system32 + "localspl.dll", microsoft, "localspl.dll", monitor("localspl.dll"), "category=print-monitor|replaces="},
		{"a monitor of a printer", system32 + "hpzmon.dll", "HP", "hpzmon.dll", monitor("hpzmon.dll"), "category=print-monitor|replaces="},
		{"another print processor", system32 + `spool\prtprocs\x64\winprint.dll`, "", "winprint.dll", processor("winprint.dll"),
			"category=print|role=loads|replaces=winprint.dll of Windows: it does not claim to be Microsoft's"},
		{"the print processor", system32 + `spool\prtprocs\x64\winprint.dll`, microsoft, "winprint.dll", processor("winprint.dll"), "category=print|role=loads|replaces="},
		{"that of another environment", system32 + `spool\prtprocs\w32x86\winprint.dll`, "", "winprint.dll", processor("winprint.dll"), "category="},
		{"nothing names it", system32 + "Bubbles.scr", microsoft, "Cmd.Exe", saver(`C:\Windows\system32\Mystify.scr`), "category="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data, err := petest.Image{Version: pe.VersionInfo{CompanyName: tt.company, OriginalFilename: tt.original}}.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			w := start{subject: tt.subject, values: []placed{tt.value}}.world(t)
			for i := range w.files {
				if w.files[i].Path == strings.ReplaceAll(tt.subject[3:], `\`, "/") {
					w.files[i].Data = data
				}
			}
			a := investigateStart(t, w).Answer(origin.Autostart)
			for fact := range strings.SplitSeq(tt.facts, "|") {
				if name, value, _ := strings.Cut(fact, "="); a.Fact(name) != value {
					t.Errorf("%s is %q, want %q: %s", name, a.Fact(name), value, a.Answer)
				}
			}
			if replaces := a.Fact("replaces"); replaces != "" && !strings.Contains(a.Answer, "(in the place of "+replaces+")") {
				t.Errorf("answer: %s", a.Answer)
			}
		})
	}
}
