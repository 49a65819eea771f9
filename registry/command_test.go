package registry_test

import (
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
)

var commandTests = []struct{ command, path, hosted string }{
	{``, ``, ``},
	{`   `, ``, ``},
	{`""`, ``, ``},
	{`C:\a.exe`, `C:\a.exe`, ``},
	{`"C:\Program Files\a b\c.exe" -k "x y"`, `C:\Program Files\a b\c.exe`, ``},
	{`"C:\no closing quote.exe`, `C:\no closing quote.exe`, ``},
	{`C:\Program Files\a b\c.exe -k x`, `C:\Program Files\a b\c.exe`, ``},
	{`C:\Program Files\a b\c.EXE`, `C:\Program Files\a b\c.EXE`, ``},
	{`C:\Program Files\a b\c -k x.exe`, `C:\Program Files\a b\c`, ``},
	{`C:\tools\run - copy\x.exe /y`, `C:\tools\run - copy\x.exe`, ``},
	{`C:\tools\run first`, `C:\tools\run`, ``},
	{`C:/tools/run.exe /x`, `C:\tools\run.exe`, ``},
	{`explorer.exe`, `explorer.exe`, ``},
	{`powershell -enc AAAA foo.exe`, `powershell`, ``},
	{`  userinit.exe`, `userinit.exe`, ``},
	{`%ProgramFiles%\Windows Sidebar\Sidebar.exe /autoRun`, `%ProgramFiles%\Windows Sidebar\Sidebar.exe`, ``},
	{`%SystemRoot%\system32\svchost.exe -k netsvcs -p`, `%SystemRoot%\system32\svchost.exe`, ``},
	{`\SystemRoot\System32\drivers\x.sys`, `%SystemRoot%\System32\drivers\x.sys`, ``},
	{`\systemroot\system32\x.exe -a`, `%SystemRoot%\system32\x.exe`, ``},
	{`system32\drivers\x.sys`, `%SystemRoot%\system32\drivers\x.sys`, ``},
	{`SysWow64\drivers\x y.sys`, `%SystemRoot%\SysWow64\drivers\x y.sys`, ``},
	{`\??\C:\Windows\x.sys`, `C:\Windows\x.sys`, ``},
	{`"\??\C:\Program Files\x.exe" -a`, `C:\Program Files\x.exe`, ``},
	{`\\server\share\x.exe /a`, `\\server\share\x.exe`, ``},
	{`\??\UNC\server\x.exe`, `\??\UNC\server\x.exe`, ``},
	{`rundll32.exe C:\Users\Public\x.dll,Start 1`, `rundll32.exe`, `C:\Users\Public\x.dll`},
	{`"C:\Windows\System32\rundll32.exe" "C:\a b\x.dll",#1`, `C:\Windows\System32\rundll32.exe`, `C:\a b\x.dll`},
	{`RUNDLL32 C:\x\y.dll Start`, `RUNDLL32`, `C:\x\y.dll`},
	{`rundll32`, `rundll32`, ``},
	{`regsvr32 /s /i:http://x/y scrobj.dll`, `regsvr32`, `http://x/y`},
	{`wscript.exe //B "C:\a b\x.vbs" arg`, `wscript.exe`, `C:\a b\x.vbs`},
	{`cmd.exe /c start C:\x.exe`, `cmd.exe`, `C:\x.exe`},
	{`cmd.exe /c start "" "C:\a b.exe"`, `cmd.exe`, `C:\a b.exe`},
	{`%COMSPEC% /c C:\x.exe`, `%COMSPEC%`, `C:\x.exe`},
	{`cmd.exe /c del C:\x.exe`, `cmd.exe`, ``},
	{`powershell.exe -w hidden -File C:\x.ps1`, `powershell.exe`, `C:\x.ps1`},
	{`msiexec.exe /q /i C:\x.msi`, `msiexec.exe`, `C:\x.msi`},
	{`conhost.exe --headless C:\x.exe`, `conhost.exe`, `C:\x.exe`},
	{`mshta.exe http://198.51.100.1/a.hta`, `mshta.exe`, `http://198.51.100.1/a.hta`},
	{`scan.exe /exclude C:\x.exe`, `scan.exe`, ``},
	{`C:\WINDOWS\system32\cmd.exe /q /c "C:\a b.bat" x`, `C:\WINDOWS\system32\cmd.exe`, `C:\a b.bat`},
	{`cmd.exe`, `cmd.exe`, ``},
}

func TestExecutablePath(t *testing.T) {
	for _, tt := range commandTests {
		if got := registry.ExecutablePath(tt.command); got != tt.path {
			t.Errorf("ExecutablePath(%s) = %s, want %s", tt.command, got, tt.path)
		}
		if got := registry.HostedPath(tt.command); got != tt.hosted {
			t.Errorf("HostedPath(%s) = %s, want %s", tt.command, got, tt.hosted)
		}
	}
}
