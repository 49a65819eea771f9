package registry

import (
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// offs is a table of what turns autostarts off, in words, and whether one that a value
// of a key names is on. The value is nil if the key itself is the autostart.
var offs = [...]struct {
	off  off
	says string
	on   func(a *autostarts, k *Key, v *Value) bool
}{
	{never, "nothing", func(*autostarts, *Key, *Value) bool { return true }},
	{byStartupApproved, "an odd first byte of the value of the same name below Explorer\\StartupApproved\\Run or Run32", func(a *autostarts, _ *Key, v *Value) bool {
		return !a.approvedRuns()[winpath.FoldName(v.Name)]
	}},
	{byVista, "Windows Vista and later, which do not read it", func(a *autostarts, _ *Key, _ *Value) bool {
		version := a.windowsVersion()
		return version == 0 || version < 6
	}},
	{byIsInstalled, "IsInstalled 0", unless("IsInstalled", 0)},
	{byScreenSaveActive, "ScreenSaveActive 0", unless("ScreenSaveActive", 0)},
	{byVerifierFlag, "GlobalFlag without 0x100", flagged("GlobalFlag", 0x100)},
	{byUseFilter, "UseFilter of the key above 0 or absent", func(a *autostarts, k *Key, _ *Value) bool { return a.numberIn(k.parent, "UseFilter", 0) != 0 }},
	{byReportingMode, "ReportingMode without 1, or GlobalFlag of the same program below Image File Execution Options without 0x200", func(a *autostarts, k *Key, _ *Value) bool {
		options := a.at(windowsNT + `Image File Execution Options\` + k.Name).key
		return a.numberIn(k, "ReportingMode", 1)&1 != 0 && a.numberIn(options, "GlobalFlag", 0)&0x200 != 0
	}},
	{byLoadAppInit, "LoadAppInit_DLLs 0 or, since Windows Vista, absent", func(a *autostarts, k *Key, _ *Value) bool {
		version := a.windowsVersion()
		return version != 0 && version < 6 || a.numberIn(k, "LoadAppInit_DLLs", 0) != 0
	}},
	{byBlocked, "its class below Shell Extensions\\Blocked", func(a *autostarts, k *Key, v *Value) bool {
		return !(v != nil && a.blocked(a.text(v))) && !a.blocked(k.Name)
	}},
	{byEnable, "Enable 0", unless("Enable", 0)},
	{byAboutHome, "Source About:Home", func(a *autostarts, _ *Key, v *Value) bool { return !strings.EqualFold(a.text(v), "about:home") }},
	{byLoadBehavior, "LoadBehavior 0, 1 or 2", func(a *autostarts, k *Key, _ *Value) bool { return a.numberIn(k, "LoadBehavior", 3) > 2 }},
	{byCORProfiling, "COR_ENABLE_PROFILING other than 1 or absent", only("COR_ENABLE_PROFILING", 1)},
	{byCoreCLRProfiling, "CORECLR_ENABLE_PROFILING other than 1 or absent", only("CORECLR_ENABLE_PROFILING", 1)},
	{bySetupType, "SetupType 0 or absent", func(a *autostarts, k *Key, _ *Value) bool { return a.numberIn(k, "SetupType", 0) != 0 }},
	{byDisabled, "Disabled 1", unless("Disabled", 1)},
	{byEnabled, "Enabled 0", unless("Enabled", 0)},
	{byCallouts, "CalloutEnabled 0 or absent", func(a *autostarts, k *Key, _ *Value) bool { return a.numberIn(k, "CalloutEnabled", 0) != 0 }},
	{byServiceStart, "Start 4 of the service", func(a *autostarts, k *Key, _ *Value) bool { return a.numberIn(k.parent, "Start", 0) != startDisabled }},
}

// unless returns a function that is false if a value of the key is n.
func unless(name string, n uint32) func(*autostarts, *Key, *Value) bool {
	return func(a *autostarts, k *Key, _ *Value) bool { return a.numberIn(k, name, n+1) != n }
}

// only returns a function that is true if a value of the key is n.
func only(name string, n uint32) func(*autostarts, *Key, *Value) bool {
	return func(a *autostarts, k *Key, _ *Value) bool { return a.numberIn(k, name, n+1) == n }
}

// flagged returns a function that is true if a value of the key has the flag.
func flagged(name string, flag uint32) func(*autostarts, *Key, *Value) bool {
	return func(a *autostarts, k *Key, _ *Value) bool { return a.numberIn(k, name, 0)&flag != 0 }
}

// windowsVersion returns the major version of Windows in a SOFTWARE hive, or 0 if the
// hive does not record it.
func (a *autostarts) windowsVersion() int {
	if a.hives&machine == 0 {
		return 0
	}
	text, _, _ := strings.Cut(a.textOf(a.at(`Microsoft\Windows NT\CurrentVersion`).key, "CurrentVersion"), ".")
	major, _ := strconv.Atoi(text)
	return major
}

// blocked reports whether the hive blocks a shell extension.
func (a *autostarts) blocked(class string) bool {
	if a.blockedNow == nil {
		a.blockedNow = map[string]bool{}
		if k := a.at(join(a.below, windows+`Shell Extensions\Blocked`)).key; k != nil {
			for v, err := range k.Values() {
				if err != nil {
					a.damaged(err)
					continue
				}
				a.blockedNow[winpath.FoldName(v.Name)] = true
			}
		}
	}
	return a.blockedNow[winpath.FoldName(class)]
}
