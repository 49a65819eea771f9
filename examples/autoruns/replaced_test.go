package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A file in the place of a screensaver or a print library of Windows is noted in the row
// that names it. Those of other makers under names of their own are not replacements, nor
// are Windows' own in their places, and without the file nothing is said.
func TestReplacedFilesOfWindows(t *testing.T) {
	const print, control = `ControlSet001\Control\Print\`, `ControlSet001\Control\Print\Environments\Windows x64\Print Processors\`
	var system, alice, bob, eve registrytest.Hive
	system.Set("Select", when, registrytest.DWord("Current", 1))
	for name, dll := range map[string]string{"Local Port": "localspl.dll", "TCP": "tcpmon.dll", "USB": "usbmon.dll", "HP": "hpzmon.dll", "Gone": "WSDMon.dll"} {
		system.Set(print+`Monitors\`+name, when, registrytest.SZ("Driver", dll))
	}
	system.Set(print+`Providers\Internet`, when, registrytest.SZ("Name", "inetpp.dll"))
	system.Set(control+"winprint", when, registrytest.SZ("Driver", "winprint.dll"))
	system.Set(control+"hpcpp", when, registrytest.SZ("Driver", "hpcpp.dll"))
	for h, saver := range map[*registrytest.Hive]string{&alice: `C:\Windows\system32\Bubbles.scr`, &bob: `%SystemRoot%\System32\fish.scr`, &eve: `C:\Windows\system32\Mystify.scr`} {
		h.Set(`Control Panel\Desktop`, when, registrytest.SZ("SCRNSAVE.EXE", saver), registrytest.SZ("ScreenSaveActive", "1"))
	}
	dir := triage(t, map[string]registrytest.Hive{"C/Windows/System32/config/SYSTEM": system, "C/Users/alice/NTUSER.DAT": alice, "C/Users/bob/NTUSER.DAT": bob, "C/Users/eve/NTUSER.DAT": eve})
	for name, version := range map[string]pe.VersionInfo{
		"localspl.dll":                       {CompanyName: "Microsoft Corporation", OriginalFilename: "localspl.dll"},
		"tcpmon.dll":                         {CompanyName: "Contoso", OriginalFilename: "tcpmon.dll"},
		"usbmon.dll":                         {CompanyName: "Microsoft Corporation", OriginalFilename: "cmd.exe"},
		"hpzmon.dll":                         {CompanyName: "HP", OriginalFilename: "hpzmon.dll"},
		"inetpp.dll":                         {CompanyName: "Microsoft Corporation"},
		"bubbles.scr":                        {CompanyName: "Microsoft Corporation", OriginalFilename: "PowerShell.EXE.MUI"},
		"mystify.scr":                        {CompanyName: "Microsoft Corporation", OriginalFilename: "Mystify.scr"},
		"fish.scr":                           {CompanyName: "Fish Inc", OriginalFilename: "fish.scr"},
		"spool/prtprocs/x64/winprint.dll":    {CompanyName: "", OriginalFilename: "winprint.dll"},
		"spool/prtprocs/w32x86/winprint.dll": {CompanyName: "Microsoft Corporation", OriginalFilename: "winprint.dll"},
		"spool/prtprocs/x64/hpcpp.dll":       {CompanyName: "HP"},
	} {
		data, err := petest.Image{Version: version}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, "C/Windows/System32", filepath.FromSlash(name)), data)
	}
	out, _ := autoruns(t, cli.Done, "-format", "jsonl", dir)
	got := map[string]string{}
	for line := range strings.Lines(out) {
		for _, r := range rowsOf(t, line) {
			if r.Category == "print" || r.Category == "print-monitor" || r.Category == "screensaver" {
				got[strings.ToLower(r.Path[strings.LastIndexByte(r.Path, '\\')+1:])] = r.Shadows
			}
		}
	}
	for name, want := range map[string]string{
		"localspl.dll": "", "tcpmon.dll": "tcpmon.dll of Windows, and it does not claim to be Microsoft's", "usbmon.dll": "usbmon.dll of Windows, and it claims to have been built as cmd.exe",
		"hpzmon.dll": "", "inetpp.dll": "", "wsdmon.dll": "", "winprint.dll": "winprint.dll of Windows, and it does not claim to be Microsoft's", "hpcpp.dll": "",
		"bubbles.scr": "bubbles.scr of Windows, and it claims to have been built as PowerShell.EXE.MUI", "mystify.scr": "", "fish.scr": "",
	} {
		if s, ok := got[name]; !ok || s != want {
			t.Errorf("%s: %v, got %q, want %q", name, ok, s, want)
		}
	}
}
