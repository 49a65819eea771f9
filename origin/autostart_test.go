package origin_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/cim/cimtest"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
)

const (
	dropped     = `C:\ProgramData\Up\evil.exe`
	aliceFolder = "Users/alice/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/"
	allFolder   = "ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/"
)

// start is one machine and one thing that names its file.
type start struct {
	subject  string // dropped without one
	files    []mfttest.File
	run      string               // command of a Run value of SOFTWARE
	runOnce  string               // and of a RunOnce value
	user     string               // and of alice's Run value
	services []registrytest.Value // of a service
	values   []placed             // elsewhere in hives
	sysmon   []any
	tasks    map[string]task.Task
	cached   []registry.CachedTask // of SOFTWARE
	wmi      *cimtest.Repository
	software func(h *registrytest.Hive) // changes it
	security []any
	system   []any
}

// placed is a value in a hive: SYSTEM, SOFTWARE, or one of alice's.
type placed struct {
	hive, key string
	value     registrytest.Value
}

func (s start) world(t *testing.T) world {
	t.Helper()
	data := func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	w := world{subject: cmp.Or(s.subject, dropped), security: s.security, system: s.system, sysmon: s.sysmon, hive: named("TRAP")}
	at := mfttest.AllAt(noon)
	w.files = append(slices.Clone(s.files), mfttest.File{Path: strings.ReplaceAll(w.subject[3:], `\`, "/"), Data: []byte("evil"), Times: at, Owner: owner})
	if s.services != nil {
		w.hive.Set(`ControlSet001\Services\Ev`, noon, append(s.services, registrytest.DWord("Type", 0x10))...)
	}
	software := registrytest.Hive{Name: "SOFTWARE"}
	const current = `Microsoft\Windows\CurrentVersion\`
	software.Set(current+"Run", noon, registrytest.SZ("Other", `C:\Windows\other.exe`))
	if s.run != "" {
		software.Set(current+"Run", noon, registrytest.SZ("Ev", s.run))
	}
	if s.runOnce != "" {
		software.Set(current+"RunOnce", noon, registrytest.SZ("Ev", s.runOnce))
	}
	if s.wmi != nil {
		files, err := s.wmi.Files()
		if err != nil {
			t.Fatal(err)
		}
		for name, b := range files {
			w.files = append(w.files, mfttest.File{Path: "Windows/System32/wbem/Repository/" + name, Data: b, Times: at})
		}
	}
	for _, c := range s.cached {
		if err := software.SetTask(c); err != nil {
			t.Fatal(err)
		}
	}
	if s.software != nil {
		s.software(&software)
	}
	var account, classes registrytest.Hive
	for _, v := range s.values {
		map[string]*registrytest.Hive{"SYSTEM": w.hive, "SOFTWARE": &software, "NTUSER": &account, "UsrClass": &classes}[v.hive].Set(v.key, noon, v.value)
	}
	w.files = append(w.files, mfttest.File{Path: "Windows/System32/config/SOFTWARE", Data: data(software.Bytes())})
	w.files = append(w.files, mfttest.File{Path: "Users/alice/AppData/Local/Microsoft/Windows/UsrClass.dat", Data: data(classes.Bytes())})
	account.Set(`Software\`+current+"Run", noon, registrytest.SZ("Other", `C:\Windows\other.exe`))
	if s.user != "" {
		account.Set(`Software\`+current+"Run", noon, registrytest.SZ("Ev", s.user))
	}
	w.files = append(w.files, mfttest.File{Path: "Users/alice/NTUSER.DAT", Data: data(account.Bytes())})
	for name, tk := range s.tasks {
		w.files = append(w.files, mfttest.File{Path: "Windows/System32/Tasks/" + name, Data: data(tasktest.File{Task: tk}.Bytes()), Times: at})
	}
	return w
}

func service(image string, more ...registrytest.Value) []registrytest.Value {
	return append([]registrytest.Value{registrytest.ExpandSZ("ImagePath", image)}, append(more, registrytest.DWord("Start", 2))...)
}

func runs(command, arguments string) task.Task {
	return task.Task{Actions: []task.Action{{Kind: "Exec", Command: command, Arguments: arguments}}}
}

// job returns the file of a task of the older format.
func job(t *testing.T, name, command string) mfttest.File {
	t.Helper()
	tk := runs(command, "")
	tk.Job = &task.Job{Windows: 0x0601, Flags: task.JobDeleteWhenDone}
	b, err := tasktest.File{Task: tk}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return mfttest.File{Path: name, Data: b, Times: mfttest.AllAt(noon)}
}

func shortcut(t *testing.T, name string, l lnk.Link) mfttest.File {
	t.Helper()
	b, err := lnktest.File{Link: l}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return mfttest.File{Path: name, Data: b, Times: mfttest.AllAt(noon)}
}

// What Windows holds, enabled, and what starts the file: that starts it.
func TestAutostartStarts(t *testing.T) {
	const library = `C:\ProgramData\Up\evil.dll`
	script := base64.StdEncoding.EncodeToString(wtf8.Encode(`Start-Process C:\ProgramData\Up\evil.exe`))
	for _, tt := range []struct {
		name  string
		start start
		want  string // facts
	}{
		// The paths of the file itself.
		{"a file in the startup folder of an account", start{subject: `C:\` + strings.ReplaceAll(aliceFolder, "/", `\`) + "evil.exe"}, "category=startup role=starts state=held"},
		{"a file in the startup folder of all accounts", start{subject: `C:\` + strings.ReplaceAll(allFolder, "/", `\`) + "evil.exe"}, "category=startup role=starts state=held"},
		{"a link in a startup folder", start{files: []mfttest.File{shortcut(t, aliceFolder+"up.lnk", lnk.Link{LocalPath: dropped})}}, "category=startup role=starts name=up.lnk"},
		{"a link with variables", start{files: []mfttest.File{shortcut(t, aliceFolder+"up.lnk", lnk.Link{Environment: `%ProgramData%\Up\evil.exe`})}}, "category=startup role=starts"},
		{"a link relative to its folder", start{subject: `C:\Users\alice\AppData\Roaming\evil.exe`, files: []mfttest.File{shortcut(t, aliceFolder+"up.lnk", lnk.Link{RelativePath: `..\..\..\..\..\evil.exe`})}}, "category=startup role=starts"},
		{"a link to a host", start{subject: library, files: []mfttest.File{shortcut(t, allFolder+"up.lnk", lnk.Link{LocalPath: `C:\Windows\System32\rundll32.exe`, Arguments: library + ",Go"})}}, "category=startup role=loads"},
		{"an internet shortcut in a startup folder", start{files: []mfttest.File{{Path: allFolder + "up.url", Data: []byte("[InternetShortcut]\nURL=file:///C:/ProgramData/Up/evil.exe"), Times: mfttest.AllAt(noon)}}}, "category=startup role=opens name=up.url"},
		{"a task", start{tasks: map[string]task.Task{"Example/Up": runs(dropped, "")}}, `category=task role=starts state=held name=\Example\Up`},
		{"a task by way of the shell", start{tasks: map[string]task.Task{"Up": runs("cmd.exe", `/c start "" %ProgramData%\Up\evil.exe`)}}, "category=task role=starts"},
		{"a task with a folder to run in", start{tasks: map[string]task.Task{"Up": {Actions: []task.Action{{Kind: "Exec", Command: "evil.exe", WorkingDirectory: `C:\ProgramData\Up`}}}}}, "category=task role=starts"},
		{"a job of at.exe", start{files: []mfttest.File{job(t, "Windows/Tasks/At1.job", dropped)}}, `category=task role=starts state=held name=\At1`},
		{"a task of the Security log that was changed", start{security: []any{&evtx.Security4702{System: securityAt(4702, noon), TaskName: `\Up`,
			TaskContentNew: "<Task><Actions><Exec><Command>" + dropped + "</Command></Exec></Actions></Task>"}}}, "category=task role=starts state=logged"},

		// How it is written.
		{"a variable of the machine", start{services: service(`%ProgramData%\Up\evil.exe`)}, "role=starts state=held"},
		{"the old name of a variable", start{services: service(`%ALLUSERSPROFILE%\Up\evil.exe`)}, "role=starts"},
		{"doubled percent signs", start{subject: `C:\Windows\evil.exe`, services: service(`%%SystemRoot%%\evil.exe`)}, "role=starts"},
		{"a variable of the account", start{subject: `C:\Users\alice\AppData\Roaming\evil.exe`, user: `%APPDATA%\evil.exe`}, "role=starts category=run"},
		{"a share of the machine itself", start{services: service(`\\127.0.0.1\C$\ProgramData\Up\evil.exe`)}, "role=starts"},
		{"a share of the machine by its name", start{subject: `C:\Windows\evil.exe`, services: service(`\\TRAP\ADMIN$\evil.exe`)}, "role=starts"},
		{"a share of the machine by its full name", start{services: service(`\\trap.corp.example\c$\ProgramData\Up\evil.exe`)}, "role=starts"},
		{"doubled separators", start{services: service(`C:\\ProgramData\\Up\\evil.exe`)}, "role=starts"},
		{"dots", start{services: service(`C:\ProgramData\.\X\..\Up\evil.exe`)}, "role=starts"},
		{"no extension", start{services: service(`C:\ProgramData\Up\evil -k`)}, "role=starts"},
		{"slashes", start{run: `C:/ProgramData/Up/evil.exe`}, "role=starts"},
		{"an old name of the folder", start{run: `"C:\Users\All Users\Up\evil.exe"`}, "role=starts"},
		{"the shell of the machine", start{run: `%COMSPEC% /c %ProgramData%\Up\evil.exe`}, "role=starts"},
		{"a folder that the shell changes to", start{run: `cmd /c cd /d C:\ProgramData\Up && evil.exe`}, "role=starts"},
		{"carets", start{run: `cmd /c C:\Pro^gramData\U^p\ev^il.exe`}, "role=starts"},
		{"PowerShell, encoded", start{run: `powershell -w hidden -enc ` + script}, "role=opens"},
		{"a path without quotes, of which another part exists", start{subject: `C:\program.exe`, services: service(`C:\program files\sub dir\svc.exe`)}, "role=starts"},

		{"an old name of the profile", start{subject: `C:\Users\alice\AppData\Roaming\evil.exe`, run: `"C:\Documents and Settings\alice\Application Data\evil.exe"`}, "role=starts"},
		{"the name of System32 for 32-bit programs", start{subject: `C:\Windows\System32\evil.exe`, run: `%windir%\Sysnative\evil.exe`}, "role=starts"},
		{"any address of the machine itself", start{run: `\\127.1.2.3\C$\ProgramData\Up\evil.exe`}, "role=starts"},
		{"a variable that the machine was given", start{run: `%DROP%\evil.exe`, values: []placed{{"SYSTEM", `ControlSet001\Control\Session Manager\Environment`, registrytest.ExpandSZ("Drop", `%ProgramData%\Up`)}}}, "role=starts"},
		{"a variable that the account was given", start{user: `%DROP%`, values: []placed{{"NTUSER", `Environment`, registrytest.SZ("Drop", dropped)}}}, "role=starts"},
		{"a folder for temporary files that the account was given", start{user: `%TEMP%\evil.exe`, values: []placed{{"NTUSER", `Environment`, registrytest.ExpandSZ("TEMP", `%ProgramData%\Up`)}}}, "role=starts"},
		{"a folder for programs of another name", start{subject: `C:\Programme\evil.exe`, run: `%ProgramFiles%\evil.exe`, values: []placed{{"SOFTWARE", `Microsoft\Windows\CurrentVersion`, registrytest.SZ("ProgramFilesDir", `C:\Programme`)}}}, "role=starts"},
		{"a name in the path of the machine", start{run: `evil -x`, values: []placed{{"SYSTEM", `ControlSet001\Control\Session Manager\Environment`, registrytest.ExpandSZ("Path", `%SystemRoot%;C:\ProgramData\Up\`)}}}, "role=starts"},
		{"a name in the path of the account", start{user: `evil.exe`, values: []placed{{"NTUSER", `Environment`, registrytest.SZ("Path", `C:\ProgramData\Up`)}}}, "role=starts"},
		{"a name that the shell was given", start{run: `wordpad.exe`, values: []placed{{"SOFTWARE", `Microsoft\Windows\CurrentVersion\App Paths\wordpad.exe`, registrytest.SZ("", dropped)}}}, "role=starts"},
		{"a batch file without its ending", start{subject: `C:\ProgramData\Up\evil.bat`, run: `cmd /c cd /d C:\ProgramData\Up & evil`}, "role=starts"},
		{"the stream that has the content", start{run: dropped + "::$DATA"}, "role=starts"},

		// What it is.
		{"a DLL of a host", start{subject: library, run: `rundll32.exe C:\ProgramData\Up\evil.dll,Go`}, "role=loads"},
		{"the DLL of a service", start{subject: library, services: service(`%SystemRoot%\System32\svchost.exe -k x`, registrytest.ExpandSZ("ServiceDll", `%ProgramData%\Up\evil.dll`))}, "role=loads"},
		{"what runs if a service fails", start{services: service(`C:\Windows\other.exe`, registrytest.SZ("FailureCommand", dropped))}, "role=starts"},
		{"a class of an account", start{subject: library, values: []placed{{"UsrClass", `CLSID\{1}\InprocServer32`, registrytest.SZ("", library)}}}, "category=com role=loads state=held"},
		{"a class of the machine", start{subject: library, values: []placed{{"SOFTWARE", `Classes\CLSID\{1}\InprocServer32`, registrytest.SZ("", library)}}}, "category=com role=loads state=held"},
		{"a class of the machine for 32-bit programs", start{values: []placed{{"SOFTWARE", `Classes\Wow6432Node\CLSID\{1}\LocalServer32`, registrytest.SZ("", `C:\ProgramData\Up\evil -Embedding`)}}}, "category=com role=starts state=held"},
		{"a class of the machine, recorded by Sysmon too", start{subject: library, values: []placed{{"SOFTWARE", `Classes\CLSID\{1}\InprocServer32`, registrytest.SZ("", library)}},
			sysmon: []any{&evtx.Sysmon13{System: sysmonAt(13, noon), EventType: "SetValue", TargetObject: `HKLM\SOFTWARE\Classes\CLSID\{1}\InprocServer32\(Default)`, Details: library}}}, "category=com role=loads state=held"},
		{"a verb of a class of files of the machine", start{values: []placed{{"SOFTWARE", `Classes\evilfile\shell\open\command`, registrytest.SZ("", dropped)}}}, "category=file-association role=starts state=held"},
		{"behind an empty remark", start{run: `cmd /c rem & C:\ProgramData\Up\evil.exe`}, "role=starts"},
		{"a script of a policy", start{subject: `C:\Windows\System32\GroupPolicy\Machine\Scripts\Startup\evil one.bat`, values: []placed{
			{"SOFTWARE", `Microsoft\Windows\CurrentVersion\Group Policy\Scripts\Startup\0`, registrytest.SZ("FileSysPath", `C:\Windows\System32\GroupPolicy\Machine`)},
			{"SOFTWARE", `Microsoft\Windows\CurrentVersion\Group Policy\Scripts\Startup\0\0`, registrytest.SZ("Script", "evil one.bat")},
			{"SOFTWARE", `Microsoft\Windows\CurrentVersion\Group Policy\Scripts\Startup\0\0`, registrytest.SZ("Parameters", "-x")}}}, "category=group-policy role=starts state=held"},
		{"a script of a policy in a folder of its own", start{subject: `C:\Windows\System32\GroupPolicy\User\Scripts\Logon\Up\evil.vbs`, values: []placed{
			{"NTUSER", `Software\Microsoft\Windows\CurrentVersion\Group Policy\Scripts\Logon\0`, registrytest.SZ("FileSysPath", `C:\Windows\System32\GroupPolicy\User`)},
			{"NTUSER", `Software\Microsoft\Windows\CurrentVersion\Group Policy\Scripts\Logon\0\0`, registrytest.SZ("Script", `Up\evil.vbs`)}}}, "category=group-policy role=starts state=held"},
		{"a print processor of any name", start{subject: `C:\Windows\System32\spool\prtprocs\x64\evil.dll`, values: []placed{
			{"SYSTEM", `ControlSet001\Control\Print\Environments\Windows x64\Print Processors\Ev`, registrytest.SZ("Driver", "evil.dll")}}}, "category=print role=loads state=held"},
		{"a printer driver", start{subject: `C:\Windows\System32\spool\drivers\w32x86\3\evil.dll`, values: []placed{
			{"SYSTEM", `ControlSet001\Control\Print\Environments\Windows NT x86\Drivers\Version-3\Ev`, registrytest.SZ("Configuration File", "evil.dll")}}}, "category=print role=loads state=held"},
		{"a class of a task that is only a file", start{subject: library, values: []placed{{"SOFTWARE", `Classes\CLSID\{1}\InprocServer32`, registrytest.SZ("", library)}},
			tasks: map[string]task.Task{"Up": {Actions: []task.Action{{Kind: "ComHandler", ClassID: "{1}"}}}}}, "category=task role=loads state=held"},
		{"a class that a shell extension names", start{subject: library, values: []placed{{"SOFTWARE", `Classes\CLSID\{1}\InprocServer32`, registrytest.SZ("", library)},
			{"SOFTWARE", `Microsoft\Windows\CurrentVersion\Explorer\Browser Helper Objects\{1}`, registrytest.SZ("", "")}}}, "category=internet-explorer role=loads"},
		{"a class of another hive", start{subject: library, values: []placed{{"SOFTWARE", `Classes\CLSID\{1}\InprocServer32`, registrytest.SZ("", library)},
			{"NTUSER", `Software\Microsoft\Windows\CurrentVersion\Explorer\ShellExecuteHooks`, registrytest.SZ("{1}", "")}}}, "category=explorer role=loads"},
		{"a variable of the account in a class", start{subject: `C:\Users\alice\AppData\Roaming\evil.dll`, values: []placed{{"UsrClass", `CLSID\{1}\InprocServer32`, registrytest.SZ("", `%APPDATA%\evil.dll`)}}}, "category=com role=loads"},
		{"a library without an extension", start{subject: `C:\Windows\System32\evil.dll`, values: []placed{{"SYSTEM", `ControlSet001\Control\Lsa`, registrytest.MultiSZ("Security Packages", "msv1_0", "evil")}}}, "category=lsa role=loads"},
		{"a helper of netsh", start{subject: library, values: []placed{{"SOFTWARE", `Microsoft\NetSh`, registrytest.SZ("x", library)}}}, "category=netsh role=loads"},
		{"a program behind a host of services", start{values: []placed{{"SYSTEM", `ControlSet001\Services\Ev\Parameters`, registrytest.SZ("Application", dropped)}}}, "category=service role=starts"},
		{"another startup folder", start{values: []placed{{"NTUSER", `Software\Microsoft\Windows\CurrentVersion\Explorer\Shell Folders`, registrytest.SZ("Startup", `C:\ProgramData\Up`)}}}, "category=startup-folder role=starts"},
		{"a library of a log", start{subject: library, values: []placed{{"SYSTEM", `ControlSet001\Control\Lsa`, registrytest.MultiSZ("Security Packages", library)}},
			sysmon: []any{sysmonValueSet(`HKLM\System\CurrentControlSet\Control\Lsa\Security Packages`, library)}}, "category=lsa role=loads state=held"},

		{"a script", start{subject: `C:\ProgramData\Up\evil.vbs`, run: `wscript.exe //B C:\ProgramData\Up\evil.vbs`}, "role=starts"},
		{"run, then deleted", start{run: `cmd /c C:\ProgramData\Up\evil.exe & del C:\ProgramData\Up\evil.exe`}, "role=starts"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := investigateStart(t, tt.start.world(t))
			a := r.Answer(origin.Autostart)
			if a.Grade == origin.Unknown {
				t.Fatalf("%s %s", a.Grade, a.Answer)
			}
			for fact := range strings.FieldsSeq(tt.want) {
				if name, value, _ := strings.Cut(fact, "="); a.Fact(name) != value {
					t.Errorf("%s is %q, want %q: %s", name, a.Fact(name), value, a.Answer)
				}
			}
			if said := verdictOn(r, origin.Autostart); !strings.HasSuffix(said, " starts it.") {
				t.Errorf("verdict: %s", said)
			}
		})
	}
}

// What does not start the file is not said to start it, neither in the answer nor in
// the verdict.
func TestAutostartDoesNotStart(t *testing.T) {
	disabledTask, idle := runs(dropped, ""), runs(dropped, "")
	disabledTask.Disabled = true
	idle.Triggers = []task.Trigger{{Kind: "BootTrigger", Disabled: true}}
	for _, tt := range []struct {
		name    string
		start   start
		grade   string
		verdict string // "" if it has no sentence of its own
		words   string // of the answer
	}{
		{"a service of a control set that is not in use", start{values: []placed{{"SYSTEM", "Select", registrytest.DWord("Current", 1)}, {"SYSTEM", `ControlSet002\Services\Ev`, registrytest.ExpandSZ("ImagePath", dropped)},
			{"SYSTEM", `ControlSet002\Services\Ev`, registrytest.DWord("Start", 2)}, {"SYSTEM", `ControlSet002\Services\Ev`, registrytest.DWord("Type", 0x10)}}},
			"recorded", "The service Ev would start it, but is in a control set that is not in use.", "in a control set that is not in use"},
		{"removed since", start{system: []any{newServiceNamed("Ev", dropped)}}, "recorded", "The service Ev started it until it was removed.", "since removed"},
		{"disabled", start{services: append(service(dropped), registrytest.DWord("Start", 4))}, "recorded", "The service Ev would start it, but is disabled.", "disabled"},
		{"a disabled task", start{tasks: map[string]task.Task{"Up": disabledTask}}, "recorded", `The scheduled task \Up would start it, but is disabled.`, "disabled"},
		{"a task whose triggers are disabled", start{tasks: map[string]task.Task{"Up": idle}}, "recorded", `The scheduled task \Up would start it, but is disabled.`, "disabled"},
		{"it is deleted", start{runOnce: `C:\Windows\system32\cmd.exe /q /c del /q "C:\ProgramData\Up\evil.exe"`}, "unknown searched_empty", "", "deletes it: "},
		{"it is excluded", start{run: `"C:\Program Files\AV\scan.exe" /exclude C:\ProgramData\Up\evil.exe`}, "unknown partly_searched", "", "hands it to a program: "},
		{"it is in a remark", start{run: `cmd /c rem a & C:\ProgramData\Up\evil.exe`}, "unknown partly_searched", "", "only names it: "},
		{"it is shown", start{run: `cmd /c echo C:\ProgramData\Up\evil.exe`}, "unknown searched_empty", "", "only names it: "},
		{"a task that deletes it", start{tasks: map[string]task.Task{"Up": runs("cmd.exe", "/c del "+dropped)}}, "unknown searched_empty", "", "deletes it: "},
		{"it is written", start{run: `cmd /c copy C:\a.exe C:\ProgramData\Up\evil.exe`}, "unknown searched_empty", "", "writes it: "},
		{"one starts it, one deletes it", start{run: dropped, runOnce: `cmd /c del C:\ProgramData\Up\evil.exe`}, "recorded",
			"The Run value Ev starts it. The RunOnce value Ev deletes it.", ""},
		{"one starts it, a log has one that names it", start{run: dropped, system: []any{newServiceNamed("Decoy", `C:\AV\scan.exe /not `+dropped)}}, "recorded",
			"The Run value Ev starts it.", ""},
		{"it is moved at the next start", start{values: []placed{{"SYSTEM", `ControlSet001\Control\Session Manager`, registrytest.MultiSZ("PendingFileRenameOperations", `\??\`+dropped, `\??\C:\Windows\y.exe`)}}},
			"unknown searched_empty", "", "moves it: "},
		{"it is written at the next start", start{values: []placed{{"SYSTEM", `ControlSet001\Control\Session Manager`, registrytest.MultiSZ("PendingFileRenameOperations", `\??\C:\y.exe`, `!\??\`+dropped)}}},
			"unknown searched_empty", "", "writes it: "},
		{"it is deleted at the next start", start{values: []placed{{"SYSTEM", `ControlSet001\Control\Session Manager`, registrytest.MultiSZ("PendingFileRenameOperations", `\??\`+dropped, "")}}},
			"unknown searched_empty", "", "deletes it: "},
		{"a copy of it", start{run: `cmd /c copy "C:\ProgramData\Up\evil.exe" %TEMP%\a.exe & %TEMP%\a.exe`}, "recorded", "The Run value Ev starts a copy of it.", "starts a copy of it: "},
		{"what certutil decodes", start{subject: `C:\ProgramData\Up\evil.txt`, run: `cmd /c certutil -decode C:\ProgramData\Up\evil.txt C:\a.exe && C:\a.exe`}, "recorded", "The Run value Ev starts a copy of it.", "starts a copy of it: "},
		{"a copy of it that is not started", start{run: `cmd /c copy C:\ProgramData\Up\evil.exe C:\a.exe & C:\b.exe`}, "unknown searched_empty", "", "only names it: "},
		{"a folder of WebDAV on another machine", start{run: `\\web.example@SSL@443\DavWWWRoot\evil.exe`}, "unknown searched_empty", "", ""},
		{"a folder of WebDAV on this machine", start{run: `\\localhost@8080\DavWWWRoot\evil.exe`}, "unknown partly_searched", "", "could not be understood"},
		{"quotes inside a name, which a shell removes", start{run: `cmd /c C:\Program"Data\U"p\evil.exe`}, "recorded", "The Run value Ev starts it.", ""},
		{"quotes inside a name", start{run: `C:\Program"Data\U"p\evil.exe`}, "unknown partly_searched", "", "could not be understood"},
		{"another stream of it", start{run: `rundll32 "C:\ProgramData\Up\evil.exe:x.dll",Go`}, "recorded", "The Run value Ev starts a stream of it.", "starts a stream of it: "},
		{"a name in the path, of which an earlier folder has a file", start{run: `evil.exe`, files: []mfttest.File{{Path: "Windows/evil.exe", Data: []byte("MZ"), Times: mfttest.AllAt(noon)}},
			values: []placed{{"SYSTEM", `ControlSet001\Control\Session Manager\Environment`, registrytest.SZ("Path", `C:\ProgramData\Up`)}}}, "unknown searched_empty", "", ""},
		{"a class that nothing has", start{values: []placed{{"SOFTWARE", `Microsoft\Windows\CurrentVersion\Explorer\Browser Helper Objects\{1}`, registrytest.SZ("", "")}}}, "unknown searched_empty", "", ""},
		{"the command of the class of programs", start{values: []placed{{"SOFTWARE", `Classes\exefile\shell\open\command`, registrytest.SZ("", `"%1" %*`)}}}, "unknown searched_empty", "", ""},
		{"a profiler that is not in use", start{subject: `C:\ProgramData\Up\evil.dll`, values: []placed{{"NTUSER", `Environment`, registrytest.SZ("COR_PROFILER_PATH", `C:\ProgramData\Up\evil.dll`)}}},
			"recorded", "The dotnet COR_PROFILER_PATH would start it, but is disabled.", "disabled"},
		{"another file of that name, on a share", start{services: service(`\\DC02\C$\ProgramData\Up\evil.exe`)}, "unknown searched_empty", "", ""},
		{"another file of that name, of another account", start{subject: `C:\Users\bob\AppData\Roaming\evil.exe`, user: `%APPDATA%\evil.exe`}, "unknown searched_empty", "", ""},
		{"a path without quotes, of which an earlier part exists", start{subject: `C:\program files\sub dir\svc.exe`, services: service(`C:\program files\sub dir\svc.exe`),
			files: []mfttest.File{{Path: "program.exe", Data: []byte("MZ"), Times: mfttest.AllAt(noon)}}}, "unknown searched_empty", "", ""},
		{"desktop.ini in a startup folder", start{subject: `C:\` + strings.ReplaceAll(aliceFolder, "/", `\`) + "desktop.ini"}, "unknown searched_empty", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := investigateStart(t, tt.start.world(t))
			a := r.Answer(origin.Autostart)
			if got := strings.TrimSpace(string(a.Grade) + " " + string(a.UnknownBecause)); got != tt.grade || !strings.Contains(a.Answer, tt.words) {
				t.Errorf("%s, want %s: %s, want %q", got, tt.grade, a.Answer, tt.words)
			}
			said := verdictOn(r, origin.Autostart)
			if tt.verdict == "" && strings.Contains(said, "start it") || tt.verdict != "" && said != tt.verdict {
				t.Errorf("verdict: %s\nwant %s", said, tt.verdict)
			}
		})
	}
}

// A command that may start the file, and that could not be understood, makes the search
// a partial one. One that cannot be about the file does not.
func TestAutostartsThatAreNotUnderstood(t *testing.T) {
	for _, tt := range []struct {
		name  string
		start start
		want  string // what was not searched; "" if the search was complete
	}{
		{"a variable that is not known", start{run: `%DROP%\evil.exe`}, `the command of the Run value Ev, which could not be understood: %DROP%\evil.exe`},
		{"a variable for the name", start{run: `C:\ProgramData\Up\%DROP%`}, `the command of the Run value Ev`},
		{"a name that is in none of the folders", start{run: `evil.exe`}, `the command of the Run value Ev, which could not be understood: evil.exe`},
		{"a relative path", start{run: `Up\evil.exe`}, "the command of the Run value Ev"},
		{"a relative path to another name", start{run: `Up\other.exe`}, ""},
		{"a path relative to a drive", start{run: `C:ProgramData\Up\evil.exe`}, "the command of the Run value Ev"},
		{"a volume by its GUID", start{run: `\\?\Volume{11111111-2222-3333-4444-555555555555}\ProgramData\Up\evil.exe`}, "the command of the Run value Ev"},
		{"a share that has a folder of its own", start{run: `\\localhost\up\evil.exe`}, "the command of the Run value Ev"},
		{"a program that is not known", start{run: `launch.exe -q C:\ProgramData\Up\evil.exe`}, "what the program in the command of the Run value Ev does with it: launch.exe"},
		{"a script that is given it", start{run: `wscript.exe C:\hidden.vbs C:\ProgramData\Up\evil.exe`}, "what the program in the command of the Run value Ev does with it"},
		{"a task that it makes", start{run: `schtasks /create /tn x /tr "C:\ProgramData\Up\evil.exe -x" /sc onlogon`}, "the command of the Run value Ev"},
		{"a script that computes with it", start{run: `powershell -c "iex (gc C:\ProgramData\Up\evil.exe -raw)"`}, "the Run value Ev"},
		{"an object of PowerShell", start{run: `powershell -c "(New-Object -Com WScript.Shell).Run('C:\ProgramData\Up\evil.exe')"`}, "the command of the Run value Ev"},
		{"commands from a file", start{run: `cmd /k < C:\ProgramData\Up\evil.exe`}, "the Run value Ev"},
		{"a pipe into the shell", start{run: `cmd /c type C:\ProgramData\Up\evil.exe | cmd`}, "the Run value Ev"},
		{"a name without a path behind a switch", start{run: `C:\Apps\Update.exe --processStart evil.exe`}, "the command of the Run value Ev"},
		{"the DLL of a service, with a variable that is not known", start{subject: `C:\ProgramData\Up\evil.dll`, services: service(`%SystemRoot%\System32\svchost.exe -k x`, registrytest.ExpandSZ("ServiceDll", `%DROP%\evil.dll`))},
			"the file of the service Ev, which could not be understood: "},
		{"a variable that is not known, and another name", start{run: `%DROP%\other.exe`}, ""},
		{"a loop of the shell", start{run: `cmd /c for %i in (C:\ProgramData\Up\*) do %i`}, "the command of the Run value Ev"},
		{"a script that makes its commands", start{tasks: map[string]task.Task{"Up": runs("powershell.exe", `-c "iex $env:x"`)}}, `the command of the scheduled task \Up`},
		{"a link without a path", start{files: []mfttest.File{shortcut(t, allFolder+"up.lnk", lnk.Link{Arguments: "-q"})}}, "the target of the link"},
		{"a task that is damaged", start{security: []any{&evtx.Security4698{System: securityAt(4698, noon), TaskName: `\Up`, TaskContent: "<Task><Actions><Exec><Command>%X%evil.exe"}}},
			`the XML of the task \Up, which is damaged`},
		{"a file that is not a task", start{files: []mfttest.File{{Path: "Windows/System32/Tasks/Up", Data: []byte("noise"), Times: mfttest.AllAt(noon)}}},
			"Windows/System32/Tasks could not be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := investigateStart(t, tt.start.world(t)).Answer(origin.Autostart)
			want := origin.PartlySearched
			if tt.want == "" {
				want = origin.SearchedEmpty
			}
			if a.Grade != origin.Unknown || a.UnknownBecause != want || !strings.Contains(strings.Join(a.NotSearched, "\n"), tt.want) {
				t.Errorf("%s %s, not searched %q; want %s %q: %s", a.Grade, a.UnknownBecause, a.NotSearched, want, tt.want, a.Answer)
			}
		})
	}
}

// Without a hive that every Windows has, the search is a partial one.
func TestAutostartsWithoutAHive(t *testing.T) {
	for _, tt := range []struct{ hive, want string }{
		{"Windows/System32/config/SYSTEM", "the hive SYSTEM is not available"},
		{"Windows/System32/config/SOFTWARE", "the hive SOFTWARE is not available"},
		{"Users/alice/NTUSER.DAT", "the hives of users are not available"},
	} {
		w := start{}.world(t)
		if strings.HasSuffix(tt.hive, "SYSTEM") {
			w.hive = nil
		}
		w.files = slices.DeleteFunc(w.files, func(f mfttest.File) bool { return f.Path == tt.hive })
		a := investigateStart(t, w).Answer(origin.Autostart)
		if a.UnknownBecause != origin.PartlySearched || !slices.Equal(a.NotSearched, []string{tt.want}) {
			t.Errorf("without %s: %s %s, not searched %q: %s", tt.hive, a.Grade, a.UnknownBecause, a.NotSearched, a.Answer)
		}
	}
	if a := investigateStart(t, start{}.world(t)).Answer(origin.Autostart); a.UnknownBecause != origin.SearchedEmpty {
		t.Errorf("with all hives: %s: %s", a.UnknownBecause, a.Answer)
	}
}

func investigateStart(t *testing.T, w world) *origin.Report {
	t.Helper()
	r, err := origin.Investigate(context.Background(), w.volume(t), w.path())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// verdictOn returns what the verdict says about a question.
func verdictOn(r *origin.Report, asked origin.Question) string {
	var said []string
	for _, s := range r.Verdict {
		if s.Question == asked {
			said = append(said, s.Text)
		}
	}
	return strings.Join(said, " ")
}

func newServiceNamed(name, image string) *evtx.System7045 {
	return &evtx.System7045{System: sys("System", "Service Control Manager", 7045, noon.Add(time.Minute)), ServiceName: name, ImagePath: image, AccountName: "LocalSystem"}
}

// sysmonValueSet is the record of a value that was set.
func sysmonValueSet(target, details string) *evtx.Sysmon13 {
	return &evtx.Sysmon13{System: sys("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 13, noon.Add(time.Minute)), EventType: "SetValue", TargetObject: target, Details: details}
}
