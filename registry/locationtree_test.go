package registry

import "testing"

func TestAutostartCategory(t *testing.T) {
	for _, tt := range []struct{ key, value, want string }{
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run`, "anything", "run"},
		{`HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Run`, "anything", "run"},
		{`\REGISTRY\MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce`, "x", "runonce"},
		{`HKU\S-1-5-21-1-2-3-1000\Software\Microsoft\Windows NT\CurrentVersion\Winlogon`, "Shell", "winlogon"},
		{`HKU\S-1-5-21-1-2-3-1000\Software\Microsoft\Windows NT\CurrentVersion\Winlogon`, "Other", ""},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\{A1}`, "Actions", "task"},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\{A1}`, "triggers", "task"},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree\Microsoft\Windows\Evil`, "SD", "task"},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree\Evil`, "Id", "task"},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\{A1}`, "DynamicInfo", ""}, // changes with each run
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree`, "SD", ""},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Boot\{A1}`, "Id", ""},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache`, "Actions", ""},
		{`HKU\S-1-5-21-1-2-3-1001\Software\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree\Evil`, "Id", ""},
		{`HKCU\Environment`, "UserInitMprLogonScript", "logon"},
		{`HKU\S-1-5-21-1-2-3-1000\Environment`, "TEMP", ""},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe`, "Debugger", "image-hijack"},
		{`HKLM\System\CurrentControlSet\Services\Evil`, "ImagePath", "service"},
		{`HKLM\System\ControlSet001\Services\Evil\Parameters`, "ServiceDll", "service"},
		{`HKLM\System\CurrentControlSet\Services\bam\State\UserSettings\S-1-5-21-1-2-3-1000`, `\Device\HarddiskVolume2\x.exe`, ""},
		{`HKLM\System\CurrentControlSet\Control\Session Manager`, "BootExecute", "boot"},
		{`HKU\S-1-5-21-1-2-3-1000\Software\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Layers`, `C:\x.exe`, ""},
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Deeper`, "x", ""},
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnceEx\0001\Depend`, "1", "runonce"},
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnceEx\0001`, "", ""}, // its title
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnceEx\0001`, "(Default)", ""},
		{`HKLM\SOFTWARE\Microsoft\NetSh`, "AllTheThings", "netsh"},
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Orchestrator\UScheduler\51999`, "cmdLine", "update"},
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Orchestrator\UScheduler\51999`, "startArg", ""},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Custom\osk.exe`, "{x}.sdb", "shim"},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\InstalledSDB\{x}`, "DatabasePath", "shim"},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\InstalledSDB\{x}`, "DatabaseType", ""},
		{`HKU\S-1-5-21-1-2-3-1001\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders`, "startup", "startup-folder"},
		{`HKU\S-1-5-21-1-2-3-1001\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders`, "Desktop", ""},
		{`HKU\S-1-5-21-1-2-3-1001_CLASSES\CLSID\{49CBB1C7}\InProcServer32`, "{Default}", "com"},
		{`HKU\S-1-5-21-1-2-3-1001_Classes\Wow6432Node\CLSID\{49CBB1C7}\TreatAs`, "", "com"},
		{`HKCR\WOW6432Node\CLSID\{17C7DA62}\InprocServer32`, "(Default)", "com"},
		{`HKCR\CLSID\{17C7DA62}\InprocServer32`, "ThreadingModel", "com"},
		{`HKCR\CLSID\{17C7DA62}\InprocServer32`, "Other", ""},
		{`HKCR\CLSID\{17C7DA62}\ProgID`, "", ""},
		{`HKCR\ms-browser\shell\open\command`, "(Default)", "file-association"},
		{`HKCR\ms-browser\shell\open`, "(Default)", ""},
		{`HKCR\*\shellex\ContextMenuHandlers\x`, "", "explorer"},
		{`HKLM\SOFTWARE\WOW6432Node\Classes\CLSID\{1}\LocalServer32`, "", "com"},
		{`HKLM\System\CurrentControlSet\Services\NTDS`, "DirectoryServiceExtPt", "lsa"},
		{`HKLM\System\CurrentControlSet\Services\NTDS`, "ImagePath", "service"},
		{`HKLM\System\CurrentControlSet\Services\NTDS`, "Start", ""},
		{`HKLM\System\Setup`, "CmdLine", "boot"}, {`HKLM\System\Setup`, "SetupType", ""},
		{`HKLM\System\CurrentControlSet\Control\Session Manager\Environment`, "Path", ""},
		{`HKLM\System\CurrentControlSet\Control\Session Manager\KnownDLLs`, "evil", "known-dll"},
		{`HKU\S-1-5-21-1-2-3-1001\Größe`, "x", ""}, {`HKU\S-1-5-21-1-2-3-1001\Software\Größe`, "Run", ""},
		{`HKLM\SOFTWARE\`, "x", ""}, {`HKLM\SYSTEM`, "x", ""}, {`HKCR`, "", ""}, {`HKU\x_CLASSES`, "", ""}, {`\MACHINE\SOFTWARE`, "", ""},
		{`HKLM\SOFTWARE`, "x", ""}, {`HKLM`, "x", ""}, {``, ``, ""}, {`\REGISTRY`, "", ""}, {`HKLM\System\CurrentControlSet\Services`, "ImagePath", ""}, {`HKU`, "", ""},
	} {
		if got := AutostartCategory(tt.key, tt.value); got != tt.want {
			t.Errorf("AutostartCategory(%q, %q) = %q, want %q", tt.key, tt.value, got, tt.want)
		}
	}
}

// AutostartUse is the use of what Autostarts lists for the same value.
func TestAutostartUse(t *testing.T) {
	for _, tt := range []struct {
		key, value string
		want       Use
	}{
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run`, "x", Runs},
		{`HKLM\System\CurrentControlSet\Control\Lsa`, "Security Packages", Loads},
		{`HKLM\System\CurrentControlSet\Control\Session Manager`, "PendingFileRenameOperations", Moves},
		{`HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders`, "Startup", Opens},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\InstalledSDB\{x}`, "DatabasePath", Applies},
		{`HKLM\SOFTWARE\Microsoft\Windows`, "x", ""},
	} {
		if got := AutostartUse(tt.key, tt.value); got != tt.want {
			t.Errorf("AutostartUse(%q, %q) = %q, want %q", tt.key, tt.value, got, tt.want)
		}
	}
}

// categoryKeys are what Sysmon asks for: most events are about keys that start nothing.
var categoryKeys = []struct{ name, key, value string }{
	{"run", `HKU\S-1-5-21-1111111111-2222222222-3333333333-1001\Software\Microsoft\Windows\CurrentVersion\Run`, "OneDrive"},
	{"nothing", `HKU\S-1-5-21-1111111111-2222222222-3333333333-1001\Software\Microsoft\Windows\CurrentVersion\Explorer\RecentDocs\.exe`, "MRUListEx"},
	{"service", `HKLM\System\CurrentControlSet\Services\bam\State\UserSettings\S-1-5-21-1111111111-2222222222-3333333333-1001`, `\Device\HarddiskVolume2\x.exe`},
	{"class", `HKCR\WOW6432Node\CLSID\{17C7DA62-8517-3DF1-A67C-BD4BCD2C5C3F}\InprocServer32`, "(Default)"},
}

func TestAutostartCategoryTakesNoMemory(t *testing.T) {
	AutostartCategory("", "")
	for _, k := range categoryKeys {
		if n := testing.AllocsPerRun(10, func() { AutostartCategory(k.key, k.value) }); n > 2 {
			t.Errorf("%s: %v allocations, want at most 2", k.name, n)
		}
	}
}

func BenchmarkAutostartCategory(b *testing.B) {
	for _, k := range categoryKeys {
		b.Run(k.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				AutostartCategory(k.key, k.value)
			}
		})
	}
}
