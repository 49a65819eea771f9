package registry

import (
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// off is what turns an autostart off.
type off uint8

const (
	never off = iota
	byStartupApproved
	byVista
	byIsInstalled
	byScreenSaveActive
	byVerifierFlag
	byUseFilter
	byReportingMode
	byLoadAppInit
	byBlocked
	byEnable
	byAboutHome
	byLoadBehavior
	byCORProfiling
	byCoreCLRProfiling
	bySetupType
	byDisabled
	byEnabled
	byCallouts
	byServiceStart
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
		options := a.sub(a.at(windowsNT+`Image File Execution Options`).key, k.Name)
		return a.numberIn(k, "ReportingMode", 1)&1 != 0 && a.numberIn(options, "GlobalFlag", 0)&0x200 != 0
	}},
	{byLoadAppInit, "LoadAppInit_DLLs 0 or, since Windows Vista, absent", func(a *autostarts, k *Key, _ *Value) bool {
		absent := uint32(0)
		if version := a.windowsVersion(); version != 0 && version < 6 {
			return true
		}
		return a.numberIn(k, "LoadAppInit_DLLs", absent) != 0
	}},
	{byBlocked, "its class below Shell Extensions\\Blocked", func(a *autostarts, k *Key, v *Value) bool {
		return !a.blocked(a.text(v)) && !a.blocked(k.Name)
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

// numberIn returns the number in the value of that name, also if it is text, or absent
// if the key has no such number. The key may be nil.
func (a *autostarts) numberIn(k *Key, name string, absent uint32) uint32 {
	v := a.value(k, name)
	if v == nil {
		return absent
	}
	if n, ok := a.number(v); ok {
		return n
	}
	if n, err := strconv.ParseUint(strings.TrimSpace(a.text(v)), 0, 32); err == nil {
		return uint32(n)
	}
	return absent
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
	if class == "" {
		return false
	}
	return a.value(a.at(join(a.below, windows+`Shell Extensions\Blocked`)).key, class) != nil
}

// approvedRuns returns the folded names of the Run values that StartupApproved disables.
func (a *autostarts) approvedRuns() map[string]bool {
	list := "Run"
	if a.in32 {
		list = "Run32"
	}
	if a.disabledRuns[list] == nil {
		if a.disabledRuns == nil {
			a.disabledRuns = map[string]map[string]bool{}
		}
		a.disabledRuns[list] = a.disabled(a.below, list)
		if a.disabledRuns[list] == nil {
			a.disabledRuns[list] = map[string]bool{}
		}
	}
	return a.disabledRuns[list]
}
