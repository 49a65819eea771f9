package registry_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// brief formats an autostart with what semantics change.
func brief(a registry.Autostart) string {
	s := fmt.Sprintf("%s %s = %s", a.Use, a.Name, a.Path)
	for _, part := range []struct{ word, text string }{{"class", a.Class}, {"shadows", a.Shadows}, {"to", a.MovedTo}, {"link", a.Link}} {
		if part.text != "" {
			s += " " + part.word + " " + part.text
		}
	}
	if !a.Enabled {
		s += " off"
	}
	return s
}

// setting is a value in a key.
type setting struct {
	key   string
	value registrytest.Value
}

// How Windows reads locations: what switches them off, what a value names, and where a
// class or a link leads.
func TestAutostartSemantics(t *testing.T) {
	sz, dword, multi := registrytest.SZ, registrytest.DWord, registrytest.MultiSZ
	const (
		nt, run      = `Microsoft\Windows NT\CurrentVersion`, current + `Run`
		control      = `ControlSet001\Control\Session Manager`
		options      = nt + `\Image File Execution Options\x.exe`
		silent       = nt + `\SilentProcessExit\x.exe`
		class        = `Classes\CLSID\{1}\`
		contextMenus = `Classes\*\shellex\ContextMenuHandlers\`
	)
	for _, tt := range []struct {
		name, hive string
		settings   []setting
		want       []string
	}{
		{"AppInit_DLLs since Windows 7", "SOFTWARE", []setting{{nt + `\Windows`, sz("AppInit_DLLs", "a.dll b.dll,c.dll")}, {nt, sz("CurrentVersion", "6.3")}},
			[]string{"loads AppInit_DLLs = a.dll off", "loads AppInit_DLLs = b.dll off", "loads AppInit_DLLs = c.dll off"}},
		{"AppInit_DLLs of Windows XP", "SOFTWARE", []setting{{nt + `\Windows`, sz("AppInit_DLLs", "a.dll")}, {nt, sz("CurrentVersion", "5.1")}}, []string{"loads AppInit_DLLs = a.dll"}},
		{"GinaDLL of Windows XP", "SOFTWARE", []setting{{nt + `\Winlogon`, sz("GinaDLL", "g.dll")}, {nt, sz("CurrentVersion", "5.1")}}, []string{"loads GinaDLL = g.dll"}},
		{"GinaDLL since Windows Vista", "SOFTWARE", []setting{{nt + `\Winlogon`, sz("GinaDLL", "g.dll")}, {nt, sz("CurrentVersion", "6.0")}}, []string{"loads GinaDLL = g.dll off"}},
		{"verifier with its flag", "SOFTWARE", []setting{{options, sz("VerifierDlls", "v.dll")}, {options, dword("GlobalFlag", 0x100)}}, []string{"loads VerifierDlls = v.dll"}},
		{"verifier without its flag", "SOFTWARE", []setting{{options, sz("VerifierDlls", "v.dll")}, {options, sz("GlobalFlag", "0x200")}}, []string{"loads VerifierDlls = v.dll off"}},
		{"filter in use", "SOFTWARE", []setting{{options, dword("UseFilter", 1)}, {options + `\0`, sz("Debugger", "d.exe")}}, []string{"runs Debugger = d.exe"}},
		{"filter not in use", "SOFTWARE", []setting{{options + `\0`, sz("Debugger", "d.exe")}}, []string{"runs Debugger = d.exe off"}},
		{"monitor with both flags", "SOFTWARE", []setting{{options, dword("GlobalFlag", 0x200)}, {silent, sz("MonitorProcess", "m.exe")}, {silent, dword("ReportingMode", 1)}},
			[]string{"runs MonitorProcess = m.exe"}},
		{"monitor without the flag", "SOFTWARE", []setting{{silent, sz("MonitorProcess", "m.exe")}, {silent, dword("ReportingMode", 1)}}, []string{"runs MonitorProcess = m.exe off"}},
		{"RunOnceEx", "SOFTWARE", []setting{{current + `RunOnceEx\1`, sz("", "a title")}, {current + `RunOnceEx\1`, sz("1", `||C:\a b\x.exe /q`)}, {current + `RunOnceEx\1`, sz("2", `C:\a b\y.dll|Go|1`)},
			{current + `RunOnceEx\1`, sz("3", `z.exe -q`)}}, []string{`runs 1 = C:\a b\x.exe`, `loads 2 = C:\a b\y.dll`, `runs 3 = z.exe`}},
		{"a shim database", "SOFTWARE", []setting{{nt + `\AppCompatFlags\Custom\osk.exe`, registrytest.QWord("{1}.sdb", 5)}}, []string{`applies {1}.sdb = %SystemRoot%\AppPatch\Custom\{1}.sdb`}},
		{"a startup folder elsewhere", "SOFTWARE", []setting{{current + `Explorer\User Shell Folders`, sz("Common Startup", `C:\evil`)},
			{current + `Explorer\Shell Folders`, sz("Common Startup", `C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Startup`)}}, []string{`opens Common Startup = C:\evil`}},
		{"the usual startup folder of an account", "NTUSER.DAT", []setting{{`Software\` + current + `Explorer\User Shell Folders`, sz("Startup", `%USERPROFILE%\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup`)},
			{`Software\` + current + `Explorer\Shell Folders`, sz("Startup", `C:\Users\a b\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup`)}}, nil},
		{"a startup folder of another account", "NTUSER.DAT", []setting{{`Software\` + current + `Explorer\Shell Folders`, sz("Startup", `C:\Users\a\x\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup`)}},
			[]string{`opens Startup = C:\Users\a\x\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup`}},
		{"a script of a policy", "SOFTWARE", []setting{{`Policies\Microsoft\Windows\System\Scripts\Startup\0`, sz("FileSysPath", `C:\GP\Machine`)},
			{`Policies\Microsoft\Windows\System\Scripts\Startup\0\0`, sz("Script", "x y.cmd")}, {`Policies\Microsoft\Windows\System\Scripts\Startup\0\0`, sz("Parameters", "/q")}},
			[]string{`runs Script = C:\GP\Machine\Scripts\Startup\x y.cmd`}},
		{"an add-in that is loaded", "SOFTWARE", []setting{{`Microsoft\Office\Word\Addins\Prog.Id`, dword("LoadBehavior", 3)}, {`Classes\Prog.Id\CLSID`, sz("", "{1}")}, {class + `InprocServer32`, sz("", `C:\a.dll`)}},
			[]string{`loads Prog.Id = C:\a.dll class Prog.Id`}},
		{"an add-in that is not", "SOFTWARE", []setting{{`Microsoft\Office\Word\Addins\Prog.Id`, dword("LoadBehavior", 2)}, {`Microsoft\Office\Word\Addins\Prog.Id`, sz("Manifest", "file:///x.vsto|vstolocal")}},
			[]string{`loads Prog.Id = file:///x.vsto class Prog.Id off`}},
		{"a profiler that is on", "NTUSER.DAT", []setting{{"Environment", sz("COR_PROFILER_PATH", "p.dll")}, {"Environment", sz("COR_ENABLE_PROFILING", "1")}}, []string{"loads COR_PROFILER_PATH = p.dll"}},
		{"a profiler that is off", "NTUSER.DAT", []setting{{"Environment", sz("COR_PROFILER_PATH", "p.dll")}}, []string{"loads COR_PROFILER_PATH = p.dll off"}},
		{"a screensaver that is off", "NTUSER.DAT", []setting{{`Control Panel\Desktop`, sz("SCRNSAVE.EXE", "s.scr")}, {`Control Panel\Desktop`, sz("ScreenSaveActive", "0")}}, []string{"runs SCRNSAVE.EXE = s.scr off"}},
		{"the setup program", "SYSTEM", []setting{{"Setup", sz("CmdLine", "cmd.exe")}, {"Setup", dword("SetupType", 2)}}, []string{"runs CmdLine = cmd.exe"}},
		{"the setup program after the setup", "SYSTEM", []setting{{"Setup", sz("CmdLine", "cmd.exe")}, {"Setup", dword("SetupType", 0)}}, []string{"runs CmdLine = cmd.exe off"}},
		{"renames", "SYSTEM", []setting{{control, multi("PendingFileRenameOperations", `\??\C:\a.exe`, "", `*1\??\C:\b.exe`, `!\??\C:\Windows\b.exe`, `\??\C:\odd.exe`)}},
			[]string{`deletes PendingFileRenameOperations = C:\a.exe`, `moves PendingFileRenameOperations = C:\b.exe to C:\Windows\b.exe`, `deletes PendingFileRenameOperations = C:\odd.exe`}},
		{"a subsystem", "SYSTEM", []setting{{control + `\SubSystems`, sz("Windows", `%SystemRoot%\csrss.exe ObjectDirectory=\Windows ServerDll=basesrv,1 ServerDll=evil:Init,3`)}, {control + `\SubSystems`, multi("Required", "Windows")}},
			[]string{`runs Windows = %SystemRoot%\csrss.exe`, "loads Windows = basesrv", "loads Windows = evil"}},
		{"a filter driver", "SYSTEM", []setting{{`ControlSet001\Control\Class\{x}`, multi("UpperFilters", "kbdclass", "evil")}, {`ControlSet001\Services\evil`, sz("ImagePath", `\??\C:\evil.sys`)}},
			[]string{`runs UpperFilters = %SystemRoot%\System32\drivers\kbdclass.sys`, `runs UpperFilters = C:\evil.sys`, `runs evil = C:\evil.sys`}},
		{"a network provider", "SYSTEM", []setting{{`ControlSet001\Control\NetworkProvider\Order`, sz("ProviderOrder", "RDPNP,Evil")}, {`ControlSet001\Services\Evil\NetworkProvider`, sz("ProviderPath", `C:\evil.dll`)}},
			[]string{`loads ProviderPath = C:\evil.dll`, "loads ProviderOrder = RDPNP", `loads ProviderOrder = C:\evil.dll`}},
		{"a network provider with a library of its own for logons", "SYSTEM", []setting{{`ControlSet001\Services\Evil\NetworkProvider`, sz("ProviderPath", "x.dll")}, {`ControlSet001\Services\Evil\NetworkProvider`, sz("AuthentProviderPath", `C:\evil.dll`)}},
			[]string{"loads ProviderPath = x.dll", `loads AuthentProviderPath = C:\evil.dll`}},
		{"a provider that is off", "SYSTEM", []setting{{`ControlSet001\Services\W32Time\TimeProviders\x`, sz("DllName", "t.dll")}, {`ControlSet001\Services\W32Time\TimeProviders\x`, dword("Enabled", 0)}},
			[]string{"loads DllName = t.dll off"}},
		{"a host of a program as a service", "SYSTEM", []setting{{`ControlSet001\Services\s`, sz("ImagePath", "srvany.exe")}, {`ControlSet001\Services\s`, dword("Start", 4)},
			{`ControlSet001\Services\s\Parameters`, sz("Application", `C:\a b\x.exe`)}, {`ControlSet001\Services\s\Parameters`, sz("AppParameters", "-q")}},
			[]string{"runs s = srvany.exe off", `runs Application = C:\a b\x.exe off`}},
		{"a provider of Winsock", "SYSTEM", []setting{{`ControlSet001\Services\WinSock2\Parameters\Protocol_Catalog9\Catalog_Entries\000000000001`,
			registrytest.Binary("PackedCatalogItem", append(append([]byte(`C:\lsp.dll`), make([]byte, 250)...), 1, 2, 3))}}, []string{`loads PackedCatalogItem = C:\lsp.dll`}},
		{"a handler by its class", "SOFTWARE", []setting{{contextMenus + `a`, sz("", "{1}")}, {class + `InprocServer32`, sz("", `"C:\a.dll"`)}}, []string{`loads  = C:\a.dll class {1}`}},
		{"a handler by the name of its key", "SOFTWARE", []setting{{contextMenus + `{1}`, sz("", "")}, {class + `LocalServer32`, sz("", `C:\a.exe -x`)}}, []string{`runs  = C:\a.exe class {1}`}},
		{"a handler that is blocked", "SOFTWARE", []setting{{contextMenus + `a`, sz("", "{1}")}, {current + `Shell Extensions\Blocked`, sz("{1}", "")}}, []string{`loads  =  class {1} off`}},
		{"a handler that another class replaces", "SOFTWARE", []setting{{contextMenus + `a`, sz("", "{1}")}, {class + `InprocServer32`, sz("", "a.dll")}, {class + `TreatAs`, sz("", "{2}")},
			{`Classes\CLSID\{2}\InprocServer32`, sz("", "b.dll")}}, []string{`loads  = b.dll class {1}`}},
		{"classes that replace each other", "SOFTWARE", []setting{{contextMenus + `a`, sz("", "{1}")}, {class + `TreatAs`, sz("", "{2}")}, {`Classes\CLSID\{2}\TreatAs`, sz("", "{1}")}}, []string{`loads  =  class {1}`}},
		{"a class of .NET", "SOFTWARE", []setting{{contextMenus + `a`, sz("", "{1}")}, {class + `InprocServer32`, sz("", "mscoree.dll")}, {class + `InprocServer32`, sz("CodeBase", "file:///C:/n.dll")}},
			[]string{`loads  = file:///C:/n.dll class {1}`}},
		{"the class of programs", "SOFTWARE", []setting{{`Classes\.exe`, sz("", "exefile")}, {`Classes\exefile\shell\open\command`, sz("", `"%1" %*`)}}, nil},
		{"another class of programs", "NTUSER.DAT", []setting{{`Software\Classes\.exe`, sz("", "evil")}, {`Software\Classes\evil\shell\open\command`, sz("", `C:\e.exe "%1"`)}},
			[]string{`runs  = C:\e.exe class evil`, `runs  = C:\e.exe`}},
		{"what Autoruns disabled", "SOFTWARE", []setting{{run, sz("a", "a.exe")}, {run + `\AutorunsDisabled`, sz("b", "b.exe")}, {run + `\Other`, sz("c", "c.exe")},
			{contextMenus + `AutorunsDisabled\x`, sz("", "{9}")}}, []string{"runs a = a.exe", "runs b = b.exe off", "loads  =  class {9} off"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h registrytest.Hive
			for _, s := range tt.settings {
				h.Set(s.key, when, s.value)
			}
			if got := briefs(t, read(t, write(t, h), registry.WithName(tt.hive))); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func briefs(t *testing.T, r *registry.Reader, opts ...registry.AutostartOption) (list []string) {
	t.Helper()
	for a, err := range registry.Autostarts(r, opts...) {
		if err != nil {
			t.Error(err)
			continue
		}
		list = append(list, brief(a))
	}
	return list
}

// Symbolic links lead within the hive, and never in circles.
func TestLinksOfLocations(t *testing.T) {
	const run, evil = current + `Run`, `Evil\Run`
	for _, tt := range []struct {
		name, hive, prefix, target string
		want                       []string
	}{
		{"of the machine", "SOFTWARE", "", `\Registry\Machine\SOFTWARE\` + evil, []string{"runs e = e.exe link " + run}},
		{"of an account", "NTUSER.DAT", `Software\`, `\REGISTRY\USER\S-1-5-21-1-2-3-1001\Software\` + evil, []string{"runs e = e.exe link Software\\" + run}},
		{"to another hive", "SOFTWARE", "", `\Registry\Machine\SYSTEM\` + evil, nil},
		{"to the other hive of an account", "NTUSER.DAT", `Software\`, `\Registry\User\S-1-5-21-1-2-3-1001_Classes\Software\` + evil, nil},
		{"to itself", "SOFTWARE", "", `\Registry\Machine\SOFTWARE\` + run, nil},
		{"below itself", "SOFTWARE", "", `\Registry\Machine\SOFTWARE\` + run + `\x`, nil},
		{"to nothing", "SOFTWARE", "", `\Registry\Machine\SOFTWARE\None`, nil},
		{"without a target", "SOFTWARE", "", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h registrytest.Hive
			h.Set(tt.prefix+evil, when, registrytest.SZ("e", "e.exe"))
			h.Set(tt.prefix+run, when, registrytest.Link(tt.target))
			h.Key(tt.prefix+run, when).Link = true
			if got := briefs(t, read(t, write(t, h), registry.WithName(tt.hive))); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	var chain registrytest.Hive // of more links than are followed
	for i := range 20 {
		chain.Set(fmt.Sprintf(`L%d`, i), when, registrytest.Link(fmt.Sprintf(`\Registry\Machine\Software\L%d`, i+1)))
		chain.Key(fmt.Sprintf(`L%d`, i), when).Link = true
	}
	chain.Set(`L20`, when, registrytest.SZ("e", "e.exe"))
	chain.Set(run, when, registrytest.Link(`\Registry\Machine\Software\L0`))
	chain.Key(run, when).Link = true
	if got := briefs(t, read(t, write(t, chain), registry.WithName("SOFTWARE"))); got != nil {
		t.Errorf("a long chain: got %q", got)
	}
}

// The machine's 32-bit classes are often reached by a link, and are listed once.
func TestLinkedViewIsListedOnce(t *testing.T) {
	var h registrytest.Hive
	h.Set(`Classes\Wow6432Node\CLSID\{1}\InprocServer32`, when, registrytest.SZ("", "a.dll"))
	h.Set(`Wow6432Node\Classes`, when, registrytest.Link(`\REGISTRY\MACHINE\SOFTWARE\Classes\Wow6432Node`))
	h.Key(`Wow6432Node\Classes`, when).Link = true
	got := briefs(t, read(t, write(t, h), registry.WithName("SOFTWARE")), registry.WithAllLocations())
	if want := []string{"loads  = a.dll"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A user's class that hides one of the machine says so.
func TestShadowedClass(t *testing.T) {
	var software, classes registrytest.Hive
	software.Set(`Classes\CLSID\{1}\InprocServer32`, when, registrytest.SZ("", `C:\machine.dll`))
	classes.Set(`CLSID\{1}\InprocServer32`, when, registrytest.SZ("", `C:\user.dll`))
	classes.Set(`CLSID\{2}\InprocServer32`, when, registrytest.SZ("", `C:\new.dll`))
	of := read(t, write(t, software), registry.WithName("SOFTWARE"))
	got := briefs(t, read(t, write(t, classes), registry.WithName("UsrClass.dat")), registry.WithClassesOf(of))
	if want := []string{`loads  = C:\user.dll shadows C:\machine.dll`, `loads  = C:\new.dll`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Values of real Sysmon events that make Windows run or load something.
func TestFoundSysmonKeys(t *testing.T) {
	keys, err := os.ReadFile(testenv.Found(t, "registry/sysmon-registry-locations/keys.txt"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(keys)) {
		line = strings.TrimSpace(line)
		i := strings.LastIndexByte(line, '\\')
		if i < 0 {
			continue
		}
		n++
		if registry.AutostartCategory(line[:i], line[i+1:]) == "" {
			t.Errorf("no category: %s", line)
		}
	}
	t.Logf("%d keys", n)
}
