package registry_test

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

const current = `Microsoft\Windows\CurrentVersion\`

func machineHive() registrytest.Hive {
	var h registrytest.Hive
	h.Set(current+`Run`, when,
		registrytest.SZ("Updater", `"C:\Program Files\u.exe" /quiet`),
		registrytest.ExpandSZ("Old", `%ProgramFiles%\Old Thing\old.exe`),
		registrytest.Binary("no text", []byte{1, 2, 3, 4, 5}))
	h.Set(current+`RunOnce`, when, registrytest.SZ("!once", `cmd /c x.bat`))
	h.Set(`WOW6432Node\`+current+`Run`, when, registrytest.SZ("Updater", `C:\32\u.exe`), registrytest.SZ("Old", `C:\32\old.exe`))
	h.Set(`WOW6432Node\`+current+`RunOnce`, when, registrytest.SZ("", `C:\32\default.exe`))
	h.Set(current+`Explorer\StartupApproved\Run`, when,
		registrytest.Binary("UPDATER", append([]byte{2}, make([]byte, 11)...)),
		registrytest.Binary("OLD", append([]byte{3}, make([]byte, 11)...)))
	h.Set(current+`Explorer\StartupApproved\Run32`, when, registrytest.Binary("Updater", []byte{7}))
	h.Set(`Microsoft\Windows NT\CurrentVersion\Winlogon`, when,
		registrytest.SZ("Shell", `explorer.exe, "C:\Users\Public\a, b.exe"`),
		registrytest.SZ("Userinit", `C:\Windows\system32\userinit.exe,`),
		registrytest.SZ("DefaultUserName", `bob`))
	h.Set(`Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe`, when, registrytest.SZ("Debugger", `cmd.exe`))
	return h
}

// switchedHive has locations that another value of their key switches on or off.
func switchedHive() registrytest.Hive {
	const windows, setup = `Microsoft\Windows NT\CurrentVersion\Windows`, `Microsoft\Active Setup\Installed Components\`
	var h registrytest.Hive
	h.Set(windows, when, registrytest.SZ("AppInit_DLLs", `C:\a.dll,C:\b.dll "C:\c d.dll"`), registrytest.DWord("LoadAppInit_DLLs", 0))
	h.Set(`WOW6432Node\`+windows, when, registrytest.SZ("AppInit_DLLs", `C:\32.dll`), registrytest.DWord("LoadAppInit_DLLs", 1))
	h.Set(setup+`{off}`, when, registrytest.SZ("StubPath", `C:\off.exe`), registrytest.DWord("IsInstalled", 0))
	h.Set(setup+`{on}`, when, registrytest.SZ("StubPath", `C:\on.exe`), registrytest.DWord("IsInstalled", 1))
	h.Set(setup+`{absent}`, when, registrytest.SZ("StubPath", `C:\absent.exe`))
	return h
}

func userHive() registrytest.Hive {
	h := registrytest.Hive{Name: `\??\C:\Users\alice\ntuser.dat`}
	h.Set(`Software\`+current+`Run`, when, registrytest.SZ("Drop", `C:\Users\alice\AppData\sqlserver.exe -k`))
	h.Set(`Software\`+current+`Explorer\StartupApproved\Run`, when, registrytest.Binary("Drop", []byte{3, 0, 0, 0}))
	h.Set(`Environment`, when, registrytest.SZ("UserInitMprLogonScript", `C:\logon.bat`))
	return h
}

func systemHive() registrytest.Hive {
	var h registrytest.Hive
	h.Set(`Select`, when, registrytest.DWord("Current", 2), registrytest.DWord("Default", 1))
	h.Set(`ControlSet001\Services\stale`, when, registrytest.SZ("ImagePath", "stale.exe"))
	services := `ControlSet002\Services\`
	h.Set(services+`MSSQL`, when,
		registrytest.ExpandSZ("ImagePath", `C:\Program Files\SQL\sqlserver.exe -s`),
		registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10),
		registrytest.SZ("DisplayName", "SQL Server"), registrytest.SZ("ObjectName", "LocalSystem"),
		registrytest.SZ("FailureCommand", `C:\x.exe`))
	h.Set(services+`netsvc`, when,
		registrytest.ExpandSZ("ImagePath", `%SystemRoot%\System32\svchost.exe -k netsvcs`),
		registrytest.DWord("Start", 4), registrytest.DWord("Type", 0x20))
	h.Set(services+`netsvc\Parameters`, when, registrytest.ExpandSZ("ServiceDll", `%SystemRoot%\System32\n.dll`))
	h.Set(services+`beep`, when, registrytest.DWord("Start", 1), registrytest.DWord("Type", 1))
	h.Set(services+`.NET Data`, when, registrytest.SZ("Other", "x"))
	h.Set(`ControlSet002\Control\Session Manager`, when, registrytest.MultiSZ("BootExecute", "autocheck autochk *", "evil.exe"))
	return h
}

func TestAutostarts(t *testing.T) {
	for _, tt := range []struct {
		name string
		hive registrytest.Hive
		want []string
	}{
		{"SOFTWARE", machineHive(), []string{
			`run Microsoft\Windows\CurrentVersion\Run Updater C:\Program Files\u.exe enabled`,
			`run Microsoft\Windows\CurrentVersion\Run Old %ProgramFiles%\Old Thing\old.exe disabled`,
			`run WOW6432Node\Microsoft\Windows\CurrentVersion\Run Updater C:\32\u.exe disabled`,
			`run WOW6432Node\Microsoft\Windows\CurrentVersion\Run Old C:\32\old.exe enabled`,
			`runonce Microsoft\Windows\CurrentVersion\RunOnce !once cmd enabled`,
			`runonce WOW6432Node\Microsoft\Windows\CurrentVersion\RunOnce  C:\32\default.exe enabled`,
			`winlogon Microsoft\Windows NT\CurrentVersion\Winlogon Shell explorer.exe enabled`,
			`winlogon Microsoft\Windows NT\CurrentVersion\Winlogon Shell C:\Users\Public\a, b.exe enabled`,
			`winlogon Microsoft\Windows NT\CurrentVersion\Winlogon Userinit C:\Windows\system32\userinit.exe enabled`,
			`image-hijack Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe Debugger cmd.exe enabled`,
		}},
		{"SOFTWARE with switches", switchedHive(), []string{
			`active-setup Microsoft\Active Setup\Installed Components\{absent} StubPath C:\absent.exe enabled`,
			`active-setup Microsoft\Active Setup\Installed Components\{off} StubPath C:\off.exe disabled`,
			`active-setup Microsoft\Active Setup\Installed Components\{on} StubPath C:\on.exe enabled`,
			`appinit Microsoft\Windows NT\CurrentVersion\Windows AppInit_DLLs C:\a.dll disabled`,
			`appinit Microsoft\Windows NT\CurrentVersion\Windows AppInit_DLLs C:\b.dll disabled`,
			`appinit Microsoft\Windows NT\CurrentVersion\Windows AppInit_DLLs C:\c d.dll disabled`,
			`appinit WOW6432Node\Microsoft\Windows NT\CurrentVersion\Windows AppInit_DLLs C:\32.dll enabled`,
		}},
		{"NTUSER.DAT", userHive(), []string{
			`run Software\Microsoft\Windows\CurrentVersion\Run Drop C:\Users\alice\AppData\sqlserver.exe disabled alice`,
			`logon Environment UserInitMprLogonScript C:\logon.bat enabled alice`,
		}},
		{"SYSTEM", systemHive(), []string{
			`boot ControlSet002\Control\Session Manager BootExecute autochk enabled`,
			`boot ControlSet002\Control\Session Manager BootExecute evil.exe enabled`,
			`driver ControlSet002\Services\beep beep %SystemRoot%\System32\drivers\beep.sys enabled start 1 type 0x1`,
			`service ControlSet002\Services\MSSQL MSSQL C:\Program Files\SQL\sqlserver.exe enabled start 2 type 0x10 "SQL Server" as LocalSystem, on failure C:\x.exe`,
			`service ControlSet002\Services\netsvc netsvc %SystemRoot%\System32\svchost.exe disabled start 4 type 0x20 dll %SystemRoot%\System32\n.dll`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, write(t, tt.hive), registry.WithName(tt.name))
			var got []string
			for a, err := range registry.Autostarts(r) {
				if err != nil {
					t.Error(err)
					continue
				}
				got = append(got, line(a))
				k, err := r.OpenKey(a.Location)
				if err != nil || !k.LastWrite.Equal(a.LastWrite) || a.Hive != tt.name || a.Offset <= 4096 {
					t.Errorf("%s: not at its offset: %v", a.Name, err)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// line formats an autostart for a table.
func line(a registry.Autostart) string {
	state := map[bool]string{true: "enabled", false: "disabled"}[a.Enabled]
	s := fmt.Sprintf("%s %s %s %s %s", a.Category, a.Location, a.Name, a.Path, state)
	if a.User != "" {
		s += " " + a.User
	}
	if a.Category == "service" || a.Category == "driver" {
		s += fmt.Sprintf(" start %d type %#x", a.Start, a.Type)
	}
	if a.DisplayName != "" {
		s += fmt.Sprintf(" %q", a.DisplayName)
	}
	if a.ObjectName != "" {
		s += " as " + a.ObjectName
	}
	if a.FailureCommand != "" {
		s += ", on failure " + a.FailureCommand
	}
	if a.ServiceDll != "" {
		s += " dll " + a.ServiceDll
	}
	return s
}

// One damaged service does not hide the others.
func TestDamagedAutostart(t *testing.T) {
	data := write(t, systemHive())
	k, err := read(t, data).OpenKey(`ControlSet002\Services\MSSQL`)
	if err != nil {
		t.Fatal(err)
	}
	data[k.Offset+4] = 'x'
	var got []string
	for a, err := range registry.Autostarts(read(t, data, registry.WithName("SYSTEM"))) {
		if err != nil {
			got = append(got, err.Error())
		} else {
			got = append(got, a.Name)
		}
	}
	want := []string{"BootExecute", "BootExecute",
		fmt.Sprintf(`SYSTEM: ControlSet002\Services: key node signature at %#x: got "xk", want "nk"`, k.Offset+4), "beep", "netsvc"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestForUser(t *testing.T) {
	r := read(t, write(t, userHive()))
	for a, err := range registry.Autostarts(r, registry.ForUser("S-1-5-21-1-2-3-1001")) {
		if err != nil || a.User != "S-1-5-21-1-2-3-1001" {
			t.Errorf("user %q, %v", a.User, err)
		}
		break // early
	}
}

func TestType(t *testing.T) {
	amcache := registrytest.Hive{}
	amcache.Set(`Root\InventoryApplicationFile`, when)
	part, software := registrytest.Hive{}, registrytest.Hive{}
	for _, h := range []*registrytest.Hive{&part, &software} { // the same key is in both
		h.Set(`Microsoft\Windows\CurrentVersion\Explorer\RunMRU`, when)
	}
	software.Set(`Microsoft\Windows NT\CurrentVersion\ProfileList`, when)
	for _, tt := range []struct {
		hive registrytest.Hive
		name string
		want registry.HiveType
	}{
		{part, "SOFTWARE", registry.UserSoftware},
		{software, "x", registry.Software},
		{machineHive(), "x", registry.Software},
		{userHive(), "x", registry.User},
		{systemHive(), "software", registry.System},
		{amcache, "x", registry.Amcache},
		{registrytest.Hive{}, "UsrClass.dat", registry.UserClasses},
		{registrytest.Hive{Name: `\??\C:\Users\x\NTUSER.DAT`}, "x", registry.User},
		{registrytest.Hive{}, "x", registry.UnknownHive},
	} {
		if got := read(t, write(t, tt.hive), registry.WithName(tt.name)).Type(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestControlSets(t *testing.T) {
	for _, tt := range []struct {
		name string
		sets []registrytest.Value // of Select; nil if the hive has no such key
		want registry.ControlSets
		err  string
		read string // by Autostarts, or its error
	}{
		{"all alike", []registrytest.Value{registrytest.DWord("Current", 1), registrytest.DWord("Default", 1), registrytest.DWord("Failed", 0), registrytest.DWord("LastKnownGood", 1)},
			registry.ControlSets{Current: "ControlSet001", Default: "ControlSet001", LastKnownGood: "ControlSet001"}, "", "one.exe"},
		{"after a failed start", []registrytest.Value{registrytest.DWord("Current", 2), registrytest.DWord("Default", 2), registrytest.DWord("Failed", 1), registrytest.DWord("LastKnownGood", 2)},
			registry.ControlSets{Current: "ControlSet002", Default: "ControlSet002", LastKnownGood: "ControlSet002", Failed: "ControlSet001"}, "", "two.exe"},
		{"another for the next start", []registrytest.Value{registrytest.DWord("Current", 1), registrytest.DWord("Default", 2)},
			registry.ControlSets{Current: "ControlSet001", Default: "ControlSet002"}, "", "one.exe"},
		{"of a wrong type", []registrytest.Value{registrytest.DWord("Current", 2), registrytest.SZ("Default", "2")},
			registry.ControlSets{Current: "ControlSet002"}, "SYSTEM: Select: Default: got REG_SZ of 4 bytes, want number", "two.exe"},
		{"one that does not exist", []registrytest.Value{registrytest.DWord("Current", 9)}, registry.ControlSets{Current: "ControlSet009"}, "",
			"SYSTEM: Select: Current: current control set at 0x1458: got ControlSet009, want an existing one; one.exe"},
		{"none", []registrytest.Value{registrytest.DWord("Current", 0)}, registry.ControlSets{}, "",
			"SYSTEM: Select: Current: current control set at 0x1458: got none, want an existing one; one.exe"},
		{"no Select", nil, registry.ControlSets{}, "open key SYSTEM: Select: file does not exist", "one.exe"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h registrytest.Hive
			if tt.sets != nil {
				h.Set("Select", when, tt.sets...)
			}
			h.Set(`ControlSet001\Services\x`, when, registrytest.SZ("ImagePath", "one.exe"))
			h.Set(`ControlSet002\Services\x`, when, registrytest.SZ("ImagePath", "two.exe"))
			r := read(t, write(t, h), registry.WithName("SYSTEM"))
			got, err := r.ControlSets()
			if got != tt.want || err == nil && tt.err != "" || err != nil && err.Error() != tt.err {
				t.Errorf("got %+v, %v; want %+v, %s", got, err, tt.want, tt.err)
			}
			if got := strings.Join(commands(registry.Autostarts(r)), "; "); got != tt.read {
				t.Errorf("autostarts %s, want %s", got, tt.read)
			}
			if got := commands(registry.Autostarts(r, registry.InControlSet("ControlSet002"))); !slices.Equal(got, []string{"two.exe"}) {
				t.Errorf("of ControlSet002: %q", got)
			}
		})
	}
}

// commands returns the commands and the errors.
func commands(list iter.Seq2[registry.Autostart, error]) (got []string) {
	for a, err := range list {
		if err != nil {
			got = append(got, err.Error())
		} else {
			got = append(got, a.Command)
		}
	}
	return got
}

func TestCurrentControlSet(t *testing.T) {
	if got, err := read(t, write(t, systemHive())).CurrentControlSet(); got != "ControlSet002" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	_, err := read(t, write(t, userHive())).CurrentControlSet()
	if want := `open key registry: Select: file does not exist`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
