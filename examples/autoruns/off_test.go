package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// The hives of a machine are asked together for what turns an autostart off, and rows say
// what it is, for whom, and what is not known because a hive is not there.
func TestHivesOfAMachineTurnEachOtherOff(t *testing.T) {
	const (
		nt    = `Microsoft\Windows NT\CurrentVersion`
		addin = `Microsoft\Office\Excel\Addins\My.Addin`
	)
	var software, system, alice registrytest.Hive
	software.Set(nt, when, registrytest.SZ("CurrentVersion", "6.3"))
	software.Set(nt+`\Windows`, when, registrytest.SZ("AppInit_DLLs", `C:\a.dll`), registrytest.DWord("LoadAppInit_DLLs", 1))
	software.Set(current+`Policies\Explorer`, when, registrytest.DWord("DisableCurrentUserRun", 1))
	software.Set(addin, when, registrytest.DWord("LoadBehavior", 3), registrytest.SZ("Manifest", "file:///C:/x.vsto|vstolocal"))
	system.Set("Select", when, registrytest.DWord("Current", 1))
	system.Set(`ControlSet001\Control\SecureBoot\State`, when, registrytest.DWord("UEFISecureBootEnabled", 1))
	alice.Set(`Software\`+current+`Run`, when, registrytest.SZ("Drop", `C:\drop.exe`))
	alice.Set(`Software\`+addin, when, registrytest.DWord("LoadBehavior", 2))
	config := "C/Windows/System32/config/"
	for _, tt := range []struct {
		name  string
		hives map[string]registrytest.Hive
		want  map[string]string // by the name of the row
	}{
		{"all", map[string]registrytest.Hive{config + "SOFTWARE": software, config + "SYSTEM": system, "C/Users/alice/NTUSER.DAT": alice}, map[string]string{
			"AppInit_DLLs": "false|Secure Boot||", "My.Addin": "true||alice: LoadBehavior 2|", "Drop": "false|the policy DisableCurrentUserRun||"}},
		{"without SYSTEM", map[string]registrytest.Hive{config + "SOFTWARE": software, "C/Users/alice/NTUSER.DAT": alice}, map[string]string{
			"AppInit_DLLs": "true|||whether Secure Boot is on, which turns it off: no SYSTEM hive"}},
		{"without SOFTWARE", map[string]registrytest.Hive{config + "SYSTEM": system, "C/Users/alice/NTUSER.DAT": alice}, map[string]string{
			"Drop": "true|||whether the policy DisableCurrentUserRun of the machine is set: no SOFTWARE hive"}},
		{"several machines in one folder", map[string]registrytest.Hive{"a/SOFTWARE": software, "b/SOFTWARE": software, "a/SYSTEM": system, "a/NTUSER.DAT": alice}, map[string]string{
			"AppInit_DLLs": "true|||whether Secure Boot is on, which turns it off: no SYSTEM hive", "Drop": "true|||whether the policy DisableCurrentUserRun of the machine is set: no SOFTWARE hive"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, _ := autoruns(t, cli.Done, "-format", "jsonl", triage(t, tt.hives))
			got := map[string]string{}
			for line := range strings.Lines(out) {
				for name, r := range rowsOf(t, line) {
					if name != "My.Addin" || strings.HasSuffix(r.Hive, "SOFTWARE") { // alice's has a row too
						got[name] = strings.Join([]string{fmt.Sprint(r.Enabled), r.Off, r.OffFor, r.Undecided}, "|")
					}
				}
			}
			for name, want := range tt.want {
				if got[name] != want {
					t.Errorf("%s: got %s, want %s", name, got[name], want)
				}
			}
		})
	}
}
