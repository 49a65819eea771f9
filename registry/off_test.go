package registry_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// disabledItem returns a value of DisabledItems.
func disabledItem(kind uint32, path, name string) registrytest.Value {
	p, n := wtf8.Encode(path+"\x00"), wtf8.Encode(name+"\x00")
	b := binary.LittleEndian.AppendUint32(nil, kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(n)))
	return registrytest.Binary("A1B2C3", append(append(b, p...), n...))
}

// What turns an autostart off may be in its own key, elsewhere in the hive, or in another
// hive of the machine. It is named, and so is what is not known without another hive.
func TestWhatTurnsAutostartsOff(t *testing.T) {
	sz, dword, text := registrytest.SZ, registrytest.DWord, registrytest.MultiSZ
	type hives map[string][]setting
	const (
		nt, control, services = `Microsoft\Windows NT\CurrentVersion`, `ControlSet001\Control\`, `ControlSet001\Services\`
		run, runOnce          = current + `Run`, current + `RunOnce`
		policies              = current + `Policies\Explorer`
		bho                   = current + `Explorer\Browser Helper Objects\{1}`
		extSettings           = current + `Ext\Settings\{1}`
		extPolicy             = current + `Policies\Ext`
		overlay               = current + `Explorer\ShellIconOverlayIdentifiers\x`
		shell                 = current + `Shell Extensions\`
		addin                 = `Microsoft\Office\Excel\Addins\My.Addin`
		resiliency            = `Microsoft\Office\16.0\Excel\Resiliency`
		s                     = `Software\`
		hooks                 = current + `Explorer\ShellExecuteHooks`
	)
	windows := func(version string) setting { return setting{nt, sz("CurrentVersion", version)} }
	appInit := []setting{{nt + `\Windows`, sz("AppInit_DLLs", "a.dll")}, {nt + `\Windows`, dword("LoadAppInit_DLLs", 1)}}
	secureBoot := func(n uint32) []setting {
		return []setting{{control + `SecureBoot\State`, dword("UEFISecureBootEnabled", n)}}
	}
	settings := func(list ...any) (out []setting) {
		for _, one := range list {
			switch one := one.(type) {
			case setting:
				out = append(out, one)
			case []setting:
				out = append(out, one...)
			}
		}
		return out
	}
	myAddin := settings(setting{addin, dword("LoadBehavior", 3)}, setting{`Classes\My.Addin\CLSID`, sz("", "{A}")}, setting{`Classes\CLSID\{A}\InprocServer32`, sz("", `C:\Addins\my.dll`)})
	none := []setting{}
	for _, tt := range []struct {
		name, of string
		hives    hives
		want     string // of the first autostart: off, accounts, doubts
	}{
		{"AppInit_DLLs under Secure Boot", "SOFTWARE", hives{"SOFTWARE": settings(windows("6.3"), appInit), "SYSTEM": secureBoot(1)}, "Secure Boot||"},
		{"AppInit_DLLs without Secure Boot", "SOFTWARE", hives{"SOFTWARE": settings(windows("6.3"), appInit), "SYSTEM": secureBoot(0)}, "||"},
		{"Secure Boot is not recorded", "SOFTWARE", hives{"SOFTWARE": settings(windows("6.3"), appInit), "SYSTEM": {{control + `Session Manager`, sz("x", "")}}},
			"||whether Secure Boot is on, which turns it off: SYSTEM does not record it"},
		{"SYSTEM is not there", "SOFTWARE", hives{"SOFTWARE": settings(windows("6.2"), appInit)}, "||whether Secure Boot is on, which turns it off: no SYSTEM hive"},
		{"Windows 7 does not ask Secure Boot", "SOFTWARE", hives{"SOFTWARE": settings(windows("6.1"), appInit), "SYSTEM": secureBoot(1)}, "||"},
		{"AppInit_DLLs are not loaded", "SOFTWARE", hives{"SOFTWARE": settings(windows("6.3"), appInit[:1])}, "LoadAppInit_DLLs is 0 or absent||"},
		{"AppInit_DLLs need a signature", "SOFTWARE", hives{"SOFTWARE": settings(windows("6.1"), appInit, setting{nt + `\Windows`, dword("RequireSignedAppInit_DLLs", 1)})},
			"||whether the library has a signature that Windows trusts, which RequireSignedAppInit_DLLs demands"},

		{"Run by policy of the machine", "SOFTWARE", hives{"SOFTWARE": settings(setting{run, sz("a", "a.exe")}, setting{policies, dword("DisableLocalMachineRun", 1)})}, "the policy DisableLocalMachineRun||"},
		{"Run by policy of an account", "SOFTWARE", hives{"SOFTWARE": settings(setting{run, sz("a", "a.exe")}), "alice": {{s + policies, dword("DisableLocalMachineRun", 1)}}, "bob": {{s + run, sz("x", "x")}}},
			"|alice: the policy DisableLocalMachineRun|"},
		{"Run by policy of all accounts", "SOFTWARE", hives{"SOFTWARE": settings(setting{run, sz("a", "a.exe")}), "alice": {{s + policies, dword("DisableLocalMachineRun", 1)}}},
			"|alice: the policy DisableLocalMachineRun|"},
		{"the policy of the machine counts more", "SOFTWARE", hives{"SOFTWARE": settings(setting{run, sz("a", "a.exe")}, setting{policies, dword("DisableLocalMachineRun", 0)}),
			"alice": {{s + policies, dword("DisableLocalMachineRun", 1)}}}, "||"},
		{"Run of an account by policy", "alice", hives{"SOFTWARE": none, "alice": {{s + run, sz("a", "a.exe")}, {s + policies, dword("DisableCurrentUserRun", 1)}}}, "the policy DisableCurrentUserRun||"},
		{"Run of an account by policy of the machine", "alice", hives{"SOFTWARE": {{policies, dword("DisableCurrentUserRun", 1)}}, "alice": {{s + run, sz("a", "a.exe")}}}, "the policy DisableCurrentUserRun||"},
		{"the policy for the other hive", "alice", hives{"SOFTWARE": none, "alice": {{s + run, sz("a", "a.exe")}, {s + policies, dword("DisableLocalMachineRun", 1)}}}, "||"},
		{"Run of an account without SOFTWARE", "alice", hives{"alice": {{s + run, sz("a", "a.exe")}}}, "||whether the policy DisableCurrentUserRun of the machine is set: no SOFTWARE hive"},
		{"RunOnce by policy", "SOFTWARE", hives{"SOFTWARE": settings(setting{runOnce, sz("a", "a.exe")}, setting{policies, dword("DisableLocalMachineRunOnce", 1)})}, "the policy DisableLocalMachineRunOnce||"},
		{"Run is not RunOnce", "SOFTWARE", hives{"SOFTWARE": settings(setting{runOnce, sz("a", "a.exe")}, setting{policies, dword("DisableLocalMachineRun", 1)})}, "||"},
		{"StartupApproved", "alice", hives{"SOFTWARE": none, "alice": {{s + run, sz("a", "a.exe")}, {s + current + `Explorer\StartupApproved\Run`, registrytest.Binary("a", []byte{3})}}}, `StartupApproved\Run||`},
		{"what only Windows 95 reads", "SOFTWARE", hives{"SOFTWARE": {{current + `RunServices`, sz("a", "a.exe")}}}, "Windows NT and its successors do not read it||"},
		{"the active desktop since Vista", "alice", hives{"SOFTWARE": {windows("6.0")}, "alice": {{s + `Microsoft\Internet Explorer\Desktop\Components\0`, sz("Source", `C:\x.htm`)}}}, "Windows Vista and later do not read it||"},
		{"the active desktop of XP", "alice", hives{"SOFTWARE": {windows("5.1")}, "alice": {{s + `Microsoft\Internet Explorer\Desktop\Components\0`, sz("Source", `C:\x.htm`)}}}, "||"},
		{"a screensaver that the policy turns off", "alice", hives{"alice": {{`Control Panel\Desktop`, sz("SCRNSAVE.EXE", "a.scr")}, {`Control Panel\Desktop`, sz("ScreenSaveActive", "1")},
			{s + `Policies\Microsoft\Windows\Control Panel\Desktop`, sz("ScreenSaveActive", "0")}}}, "ScreenSaveActive 0 of the policy||"},
		{"a screensaver that the policy turns on", "alice", hives{"alice": {{`Control Panel\Desktop`, sz("SCRNSAVE.EXE", "a.scr")}, {`Control Panel\Desktop`, sz("ScreenSaveActive", "0")},
			{s + `Policies\Microsoft\Windows\Control Panel\Desktop`, sz("ScreenSaveActive", "1")}}}, "||"},
		{"a screensaver in place of which the policy has another", "alice", hives{"alice": {{`Control Panel\Desktop`, sz("SCRNSAVE.EXE", "a.scr")},
			{s + `Policies\Microsoft\Windows\Control Panel\Desktop`, sz("SCRNSAVE.EXE", "b.scr")}}}, "the policy names another screensaver, b.scr||"},

		{"a BHO that an account disabled", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}}, "alice": {{s + extSettings, dword("Flags", 1)}, {s + extSettings, sz("Version", "*")}}, "bob": none},
			`|alice: Flags 0x1 of Ext\Settings|`},
		{"a BHO that crashed", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}}, "alice": {{s + extSettings, dword("Flags", 0x10)}, {s + extSettings, sz("Version", "*")}}}, `|alice: Flags 0x10 of Ext\Settings|`},
		{"other flags of a BHO", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}}, "alice": {{s + extSettings, dword("Flags", 0x400)}, {s + extSettings, sz("Version", "*")}}}, "||"},
		{"flags of one version of a BHO", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}}, "alice": {{s + extSettings, dword("Flags", 1)}}}, "||"},
		{"a BHO that the machine disables", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}, {extSettings, dword("Flags", 1)}, {extSettings, sz("Version", "*")}}}, `Flags 0x1 of Ext\Settings||`},
		{"a BHO that an account enables", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}, {extSettings, dword("Flags", 1)}, {extSettings, sz("Version", "*")}}, "alice": {{s + extSettings, dword("Flags", 0)}}, "bob": none},
			`|bob: Flags 0x1 of Ext\Settings|`},
		{"a BHO by policy", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}, {extPolicy + `\CLSID`, sz("{1}", "0")}}}, `the policy Ext\CLSID||`},
		{"a BHO that a policy allows", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}, {extPolicy + `\CLSID`, sz("{1}", "1")}, {extPolicy, dword("RestrictToList", 1)}},
			"alice": {{s + extSettings, dword("Flags", 1)}, {s + extSettings, sz("Version", "*")}}}, "||"},
		{"a BHO that is not in the list", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}, {extPolicy + `\CLSID`, sz("{2}", "1")}, {extPolicy, dword("RestrictToList", 1)}}}, "the policy RestrictToList||"},
		{"the policy of an account counts more", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}, {extPolicy + `\CLSID`, sz("{1}", "0")}}, "alice": {{s + extPolicy + `\CLSID`, sz("{1}", "1")}}, "bob": none},
			`|bob: the policy Ext\CLSID|`},
		{"no extensions of the browser", "SOFTWARE", hives{"SOFTWARE": {{bho, sz("", "x")}}, "alice": {{s + `Microsoft\Internet Explorer\Main`, sz("Enable Browser Extensions", "no")}}},
			"|alice: Enable Browser Extensions no|"},
		{"a button of the browser", "alice", hives{"SOFTWARE": none, "alice": {{s + `Microsoft\Internet Explorer\Extensions\{1}`, sz("Exec", "x.exe")}, {s + extSettings, dword("Flags", 1)}, {s + extSettings, sz("Version", "*")}}},
			`Flags 0x1 of Ext\Settings||`},

		{"a shell extension that the machine blocks", "alice", hives{"SOFTWARE": {{shell + "Blocked", sz("{1}", "")}}, "alice": {{s + overlay, sz("", "{1}")}}}, `Shell Extensions\Blocked||`},
		{"a shell extension that an account blocks", "SOFTWARE", hives{"SOFTWARE": {{overlay, sz("", "{1}")}}, "alice": {{s + shell + "Blocked", sz("{1}", "")}}}, `|alice: Shell Extensions\Blocked|`},
		{"a shell extension that is not approved", "SOFTWARE", hives{"SOFTWARE": {{overlay, sz("", "{1}")}, {policies, dword("EnforceShellExtensionSecurity", 1)}, {shell + "Approved", sz("{2}", "")}}},
			"the policy EnforceShellExtensionSecurity||"},
		{"a shell extension that is approved", "SOFTWARE", hives{"SOFTWARE": {{overlay, sz("", "{1}")}, {policies, dword("EnforceShellExtensionSecurity", 1)}, {shell + "Approved", sz("{1}", "")}}}, "||"},
		{"a shell extension that an account approves", "SOFTWARE", hives{"SOFTWARE": {{overlay, sz("", "{1}")}, {policies, dword("EnforceShellExtensionSecurity", 1)}}, "alice": {{s + shell + "Approved", sz("{1}", "")}}}, "||"},

		{"an add-in that an account turned off", "SOFTWARE", hives{"SOFTWARE": myAddin, "alice": {{s + addin, dword("LoadBehavior", 2)}}, "bob": none}, "|alice: LoadBehavior 2|"},
		{"an add-in on demand", "SOFTWARE", hives{"SOFTWARE": settings(myAddin, setting{addin, dword("LoadBehavior", 9)})}, "||"},
		{"an add-in that crashed", "SOFTWARE", hives{"SOFTWARE": myAddin, "alice": {{s + resiliency + `\DisabledItems`, disabledItem(1, `c:\addins\my.dll`, "My")}}}, "|alice: a disabled item of Excel|"},
		{"a document that crashed", "SOFTWARE", hives{"SOFTWARE": myAddin, "alice": {{s + resiliency + `\DisabledItems`, disabledItem(2, `c:\addins\my.dll`, "My")}}}, "||"},
		{"another add-in that crashed", "SOFTWARE", hives{"SOFTWARE": myAddin, "alice": {{s + resiliency + `\DisabledItems`, disabledItem(1, `c:\addins\other.dll`, "Other")}}}, "||"},
		{"an add-in that crashed in an older version", "SOFTWARE", hives{"SOFTWARE": myAddin, "alice": {{s + `Microsoft\Office\15.0\Excel\Resiliency\DisabledItems`, disabledItem(1, `c:\addins\my.dll`, "My")}, {s + resiliency, sz("x", "")}}}, "||"},
		{"a damaged item", "SOFTWARE", hives{"SOFTWARE": myAddin, "alice": {{s + resiliency + `\DisabledItems`, registrytest.Binary("A", []byte{1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 'c'})}}}, "||"},
		{"an add-in by policy", "SOFTWARE", hives{"SOFTWARE": myAddin, "alice": {{s + resiliency, sz("x", "")}, {s + `Policies\` + resiliency + `\AddinList`, sz("My.Addin", "0")}}}, "|alice: the policy AddinList|"},
		{"an add-in that the policy always loads", "SOFTWARE", hives{"SOFTWARE": myAddin, "alice": {{s + addin, dword("LoadBehavior", 2)}, {s + resiliency, sz("x", "")}, {s + `Policies\` + resiliency + `\AddinList`, sz("My.Addin", "1")}}}, "||"},
		{"an add-in that is not in the list", "SOFTWARE", hives{"SOFTWARE": myAddin, "alice": {{s + resiliency, sz("x", "")}, {s + `Policies\` + resiliency, dword("RestrictToList", 1)}}}, "|alice: the policy RestrictToList of Excel|"},

		{"a hook of ShellExecute since Vista", "SOFTWARE", hives{"SOFTWARE": {windows("6.0"), {hooks, sz("{1}", "")}}, "alice": none}, "the policy EnableShellExecuteHooks is 0 or absent||"},
		{"a hook of Windows XP", "SOFTWARE", hives{"SOFTWARE": {windows("5.1"), {hooks, sz("{1}", "")}}, "alice": none}, "||"},
		{"a hook that the machine allows", "SOFTWARE", hives{"SOFTWARE": {windows("6.3"), {hooks, sz("{1}", "")}, {policies, dword("EnableShellExecuteHooks", 1)}}, "alice": none}, "||"},
		{"a hook that an account allows", "SOFTWARE", hives{"SOFTWARE": {windows("6.3"), {hooks, sz("{1}", "")}}, "alice": {{s + policies, dword("EnableShellExecuteHooks", 1)}}, "bob": none},
			"|bob: the policy EnableShellExecuteHooks is 0 or absent|"},
		{"a hook without the hives of accounts", "SOFTWARE", hives{"SOFTWARE": {windows("6.3"), {hooks, sz("{1}", "")}}}, "||whether an account has the policy EnableShellExecuteHooks: no NTUSER.DAT"},
		{"a hook of an account", "alice", hives{"SOFTWARE": {windows("6.3")}, "alice": {{s + hooks, sz("{1}", "")}}}, "the policy EnableShellExecuteHooks is 0 or absent||"},
		{"a hook of an account without SOFTWARE", "alice", hives{"alice": {{s + hooks, sz("{1}", "")}}}, "||whether the Windows is Vista or later, which need the policy EnableShellExecuteHooks: no SOFTWARE hive"},

		{"Run of 32-bit programs by policy", "SOFTWARE", hives{"SOFTWARE": {{`Wow6432Node\` + run, sz("a", "a.exe")}, {policies, dword("DisableLocalMachineRun", 1)}}},
			"||whether the policy DisableLocalMachineRun counts for the view of 32-bit programs"},
		{"Run of 32-bit programs without the policy", "SOFTWARE", hives{"SOFTWARE": {{`Wow6432Node\` + run, sz("a", "a.exe")}, {policies, dword("DisableLocalMachineRun", 0)}}}, "||"},
		{"RunOnce of 32-bit programs of an account by policy", "alice", hives{"SOFTWARE": none, "alice": {{s + `Wow6432Node\` + runOnce, sz("a", "a.exe")}, {s + policies, dword("DisableCurrentUserRunOnce", 1)}}},
			"||whether the policy DisableCurrentUserRunOnce counts for the view of 32-bit programs"},

		{"a package of a protected LSA", "SYSTEM", hives{"SYSTEM": {{control + `Lsa`, text("Security Packages", "evil")}, {control + `Lsa`, dword("RunAsPPL", 1)}}},
			"||whether the library has a signature of Microsoft, which RunAsPPL demands"},
		{"a package of Windows in a protected LSA", "SYSTEM", hives{"SYSTEM": {{control + `Lsa`, text("Security Packages", "msv1_0")}, {control + `Lsa`, dword("RunAsPPL", 2)}}}, "||"},
		{"a package of an LSA that is not protected", "SYSTEM", hives{"SYSTEM": {{control + `Lsa`, text("Security Packages", "evil")}, {control + `Lsa`, dword("RunAsPPL", 0)}}}, "||"},
		{"a password filter of a protected LSA by policy", "SYSTEM", hives{"SYSTEM": {{control + `Lsa`, text("Notification Packages", "evil.dll")}}, "SOFTWARE": {{`Policies\Microsoft\Windows\System`, dword("RunAsPPL", 1)}}},
			"||whether the library has a signature of Microsoft, which the policy RunAsPPL demands"},
		{"a driver that may be in the list of vulnerable ones", "SYSTEM", hives{"SYSTEM": {{control + `CI\Config`, dword("VulnerableDriverBlocklistEnable", 1)},
			{services + "x", sz("ImagePath", `\??\C:\Temp\x.sys`)}, {services + "x", dword("Type", 1)}, {services + "x", dword("Start", 1)}}},
			"||whether the list of vulnerable drivers has it, which VulnerableDriverBlocklistEnable blocks"},
		{"a driver of Windows", "SYSTEM", hives{"SYSTEM": {{control + `CI\Config`, dword("VulnerableDriverBlocklistEnable", 1)},
			{services + "x", sz("ImagePath", `System32\drivers\x.sys`)}, {services + "x", dword("Type", 1)}, {services + "x", dword("Start", 1)}}}, "||"},
		{"a driver without the list", "SYSTEM", hives{"SYSTEM": {{services + "x", sz("ImagePath", `\??\C:\Temp\x.sys`)}, {services + "x", dword("Type", 1)}, {services + "x", dword("Start", 1)}}}, "||"},

		{"no compatibility engine", "SOFTWARE", hives{"SOFTWARE": {{nt + `\AppCompatFlags\InstalledSDB\{1}`, sz("DatabasePath", `C:\x.sdb`)}, {`Policies\Microsoft\Windows\AppCompat`, dword("DisableEngine", 1)}}}, "the policy DisableEngine||"},
		{"an excluded credential provider", "SOFTWARE", hives{"SOFTWARE": {{current + `Authentication\Credential Providers\{1}`, sz("", "x")}, {current + `Policies\System`, sz("ExcludedCredentialProviders", "{2}, {1}")}}},
			"the policy ExcludedCredentialProviders||"},
		{"a filter is not a credential provider", "SOFTWARE", hives{"SOFTWARE": {{current + `Authentication\Credential Provider Filters\{1}`, sz("", "x")}, {current + `Policies\System`, sz("ExcludedCredentialProviders", "{1}")}}}, "||"},

		{"a print monitor without the spooler", "SYSTEM", hives{"SYSTEM": {{control + `Print\Monitors\x`, sz("Driver", "x.dll")}, {services + "Spooler", dword("Start", 4)}}}, "Start 4 of the service Spooler||"},
		{"a print monitor with the spooler", "SYSTEM", hives{"SYSTEM": {{control + `Print\Monitors\x`, sz("Driver", "x.dll")}, {services + "Spooler", dword("Start", 2)}}}, "||"},
		{"a time provider without its service", "SYSTEM", hives{"SYSTEM": {{services + `W32Time\TimeProviders\x`, sz("DllName", "x.dll")}, {services + "W32Time", dword("Start", 4)}}}, "Start 4 of the service W32Time||"},
		{"a plug-in of a DNS server that is off", "SYSTEM", hives{"SYSTEM": {{services + `DNS\Parameters`, sz("ServerLevelPluginDll", "x.dll")}, {services + "DNS", dword("Start", 4)}}}, "Start 4 of the service DNS||"},
		{"a network provider that is not in the order", "SYSTEM", hives{"SYSTEM": {{services + `Evil\NetworkProvider`, sz("ProviderPath", "x.dll")}, {control + `NetworkProvider\Order`, sz("ProviderOrder", "RDPNP,LanmanWorkstation")}}},
			`Control\NetworkProvider\Order does not name Evil||`},
		{"a network provider without an order", "SYSTEM", hives{"SYSTEM": {{services + `Evil\NetworkProvider`, sz("ProviderPath", "x.dll")}}}, "||"},
		{"a filter whose driver is off", "SYSTEM", hives{"SYSTEM": {{control + `Class\{x}`, text("UpperFilters", "evil")}, {services + "evil", dword("Start", 4)}}}, "Start 4 of the driver evil||"},
		{"a service that is off", "SYSTEM", hives{"SYSTEM": {{services + "x", sz("ImagePath", "x.exe")}, {services + "x", dword("Start", 4)}}}, "Start 4||"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var beside []registry.HiveOf
			var of *registry.Reader
			for name, list := range tt.hives {
				h := registrytest.Hive{Name: name}
				h.Key("Software", when)
				if name == "SOFTWARE" {
					h.Set(current+"x", when)
				}
				for _, one := range list {
					h.Set(one.key, when, one.value)
				}
				one := registry.HiveOf{}
				if name != "SOFTWARE" && name != "SYSTEM" {
					one.User, name = name, "NTUSER.DAT"
				}
				one.Reader = read(t, write(t, h), registry.WithName(name))
				if one.User == tt.of || name == tt.of {
					of = one.Reader
				}
				beside = append(beside, one)
			}
			for a, err := range registry.Autostarts(of, registry.WithMachine(beside...)) {
				if err != nil {
					t.Fatal(err)
				}
				if got := strings.Join([]string{a.Off, a.OffFor, a.Undecided}, "|"); got != tt.want || a.Enabled != (a.Off == "") {
					t.Errorf("%s %s: got\n%s\nwant\n%s", a.Category, a.Name, got, tt.want)
				}
				return
			}
			t.Error("no autostart")
		})
	}
}

// A class of an account is looked up in its NTUSER.DAT too, which its UsrClass.dat is beside.
func TestOffForClassesOfAnAccount(t *testing.T) {
	const shell = current + `Shell Extensions\Blocked`
	var classes, ntuser, software registrytest.Hive
	classes.Set(`*\shellex\ContextMenuHandlers\x`, when, registrytest.SZ("", "{1}"))
	ntuser.Set(`Software\`+shell, when, registrytest.SZ("{1}", ""))
	software.Set(current+"x", when)
	of := read(t, write(t, classes), registry.WithName("UsrClass.dat"))
	account := registry.HiveOf{Reader: read(t, write(t, ntuser), registry.WithName("NTUSER.DAT")), User: "alice"}
	machine := registry.HiveOf{Reader: read(t, write(t, software), registry.WithName("SOFTWARE"))}
	for _, tt := range []struct {
		beside []registry.HiveOf
		want   string
	}{
		{[]registry.HiveOf{account, machine}, `Shell Extensions\Blocked|`},
		{[]registry.HiveOf{machine}, "|whether the account turns it off: no NTUSER.DAT"},
		{[]registry.HiveOf{machine, {Reader: account.Reader, User: "bob"}}, "|whether the account turns it off: no NTUSER.DAT"},
		{nil, "|whether the account turns it off: no NTUSER.DAT; whether the machine blocks it: no SOFTWARE hive"},
	} {
		n := 0
		for a := range registry.Autostarts(of, registry.ForUser("alice"), registry.WithMachine(tt.beside...)) {
			if n++; a.Off+"|"+a.Undecided != tt.want {
				t.Errorf("got %s|%s, want %s", a.Off, a.Undecided, tt.want)
			}
		}
		if n != 1 {
			t.Errorf("%d autostarts", n)
		}
	}
}

// A task names what keeps it from being started.
func TestOffOfTasks(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*registry.CachedTask)
		start  uint32 // of the Task Scheduler
		want   string
	}{
		"on":                   {func(*registry.CachedTask) {}, 2, ""},
		"its options":          {func(c *registry.CachedTask) { c.Triggers.Options = 0 }, 2, "its options disable it"},
		"its triggers":         {func(c *registry.CachedTask) { c.Triggers.List = c.Triggers.List[3:4] }, 2, "all its triggers are disabled"},
		"no key below Tasks":   {func(c *registry.CachedTask) { c.Key = "" }, 2, "it does not have a key below Tasks"},
		"the Task Scheduler":   {func(*registry.CachedTask) {}, 4, "Start 4 of the service Schedule"},
		"nothing but the task": {func(*registry.CachedTask) {}, 0, ""},
	} {
		task := aTask(1)
		tt.change(&task)
		var system registrytest.Hive
		system.Set(`ControlSet001\Services\Schedule`, when, registrytest.DWord("Start", tt.start))
		var beside []registry.HiveOf
		if tt.start != 0 {
			beside = append(beside, registry.HiveOf{Reader: read(t, write(t, system), registry.WithName("SYSTEM"))})
		}
		h := hiveOfTasks(t, task)
		for a, err := range registry.Autostarts(read(t, write(t, h), registry.WithName("SOFTWARE")), registry.WithMachine(beside...)) {
			if err != nil || a.Off != tt.want || a.Enabled != (tt.want == "") {
				t.Errorf("%s: %v: %q, enabled %v", name, err, a.Off, a.Enabled)
			}
			break
		}
	}
}
