package command

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

func encoded(script string) string { return base64.StdEncoding.EncodeToString(wtf8.Encode(script)) }

func TestRead(t *testing.T) {
	const x, cmd = `C:\x.exe`, `runs cmd.exe; cmd `
	for _, tt := range []struct {
		line    string
		uses    string // verbs and paths, those that CreateProcess tries with a bar between them
		unclear string
	}{
		{"", "", ""},
		{"  ", "", ""},
		{`""`, "", ""},
		{x, "runs " + x, ""},
		{`"C:\a b\x.exe" -q`, `runs C:\a b\x.exe`, ""},
		{`C:\program files\a b\x.exe -q`, `runs C:\program|C:\program files\a|C:\program files\a b\x.exe`, ""},
		{`\??\C:\x.sys`, `runs C:\x.sys`, ""},

		// A program that is not known only gets the file.
		{`scan.exe /exclude C:\x.exe`, `runs scan.exe; scan passes C:\x.exe`, ""},
		{`scan.exe /exclude:"C:\a b.exe" out=C:\y -v`, `runs scan.exe; scan passes C:\a b.exe; scan passes C:\y`, ""},

		// cmd.exe
		{`cmd.exe /q /c del /q "C:\x.exe"`, cmd + "deletes " + x, ""},
		{`cmd.exe /c C:\x.exe`, cmd + "runs " + x, ""},
		{`cmd.exe /C"C:\x.exe"`, cmd + "runs " + x, ""},
		{`cmd.exe /c ""C:\a b\x.exe" -q"`, cmd + `runs C:\a b\x.exe`, ""},
		{`cmd.exe /c "C:\a b\x.exe" -q`, cmd + `runs C:\a b\x.exe`, ""},
		{`cmd.exe /c start "" /min C:\x.exe`, cmd + "runs " + x, ""},
		{`cmd.exe /c start "C:\x.exe"`, cmd + "runs " + x, ""},
		{`cmd.exe /c start /d C:\dir y.exe`, cmd + `runs C:\dir > y.exe`, ""},
		{`cmd.exe /c cd /d C:\dir && y.exe`, cmd + `runs C:\dir > y.exe`, ""},
		{`cmd.exe /c C^:\x^.e^xe & rem C:\y.exe`, cmd + "runs " + x, ""},
		{`cmd.exe /c copy /y \\s\t\a.exe C:\x.exe & C:\x.exe`, cmd + `takes \\s\t\a.exe; cmd writes C:\x.exe; cmd runs C:\x.exe; cmd copies \\s\t\a.exe`, ""},
		{`cmd.exe /c echo hello> C:\x.bat`, cmd + `writes C:\x.bat; cmd mentions hello`, ""},
		{`cmd.exe /c call C:\x.bat >nul 2>&1`, cmd + `runs C:\x.bat`, ""},
		{`cmd.exe /c if not EXIST "C:\a b" C:\x.exe`, cmd + `mentions C:\a b; cmd runs C:\x.exe`, ""},
		{`cmd.exe /c if %a%==b C:\x.exe`, "runs cmd.exe", `if %a%==b C:\x.exe`},
		{`cmd.exe /c for %i in (*.exe) do %i`, "runs cmd.exe", `for %i in (*.exe) do %i`},
		{`cmd.exe /c cmd /c cmd /c C:\x.exe`, cmd + `runs cmd; cmd runs cmd; cmd runs C:\x.exe`, ""},
		{`%ComSpec% /c C:\x.exe`, `runs %ComSpec%; cmd runs C:\x.exe`, ""},
		{`cmd.exe`, "runs cmd.exe", ""},

		// PowerShell
		{`powershell -ep bypass -w hidden -File C:\x.ps1 C:\y`, `runs powershell; powershell runs C:\x.ps1; powershell passes C:\y`, ""},
		{`powershell -NoP -Command "& 'C:\a b\x.exe' -q"`, `runs powershell; powershell runs C:\a b\x.exe`, ""},
		{`powershell C:\x.exe`, `runs powershell; powershell runs C:\x.exe`, ""},
		{`powershell -enc ` + encoded(`Start-Process C:\x.exe -ArgumentList C:\y`), `runs powershell; powershell opens C:\x.exe; powershell passes C:\y`, ""},
		{`powershell -e ` + encoded(`rm C:\x.exe; C:\y.exe`), `runs powershell; powershell deletes C:\x.exe; powershell runs C:\y.exe`, ""},
		{`powershell -ec !!`, `runs powershell`, `!!`},
		{`powershell -c "iex (gc C:\x.txt)"`, `runs powershell; powershell passes (gc; powershell passes C:\x.txt)`, `iex (gc C:\x.txt)`},
		{`powershell "cp C:\a -Destination C:\b"`, `runs powershell; powershell takes C:\a; powershell writes C:\b`, ""},
		{`pwsh C:\x.ps1`, `runs pwsh; pwsh runs C:\x.ps1`, ""},

		// Hosts
		{`rundll32.exe C:\x.dll,Go C:\y`, `runs rundll32.exe; rundll32 loads C:\x.dll; rundll32 passes C:\y`, ""},
		{`rundll32 "C:\a b\x.dll",#1`, `runs rundll32; rundll32 loads C:\a b\x.dll`, ""},
		{`regsvr32 /s /i:http://h/y scrobj.dll`, `runs regsvr32; regsvr32 runs http://h/y; regsvr32 loads scrobj.dll`, ""},
		{`wscript.exe //B "C:\a b.vbs" C:\y`, `runs wscript.exe; wscript runs C:\a b.vbs; wscript passes C:\y`, ""},
		{`mshta http://198.51.100.1/a.hta`, `runs mshta; mshta runs http://198.51.100.1/a.hta`, ""},
		{`mshta vbscript:Close(Execute("x"))`, `runs mshta`, `vbscript:Close(Execute("x"))`},
		{`msiexec /i C:\x.msi /qn`, `runs msiexec; msiexec runs C:\x.msi`, ""},
		{`msiexec /x C:\x.msi`, `runs msiexec; msiexec mentions C:\x.msi`, ""},
		{`conhost --headless C:\x.exe -q`, `runs conhost; conhost runs C:\x.exe`, ""},
		{`forfiles /p C:\ /c "cmd /c C:\x.exe"`, `runs forfiles; forfiles runs cmd; cmd runs C:\x.exe`, ""},
		{`java -Xmx1g -jar C:\x.jar`, `runs java; java runs C:\x.jar`, ""},
		{`explorer.exe C:\x.exe`, `runs explorer.exe; explorer opens C:\x.exe`, ""},
	} {
		uses, unclear := Read(tt.line)
		var got []string
		for _, u := range uses {
			text := string(u.Verb) + " "
			if u.Host != "" {
				text = u.Host + " " + text
			}
			if u.Folder != "" {
				text += u.Folder + " > "
			}
			got = append(got, text+strings.Join(u.Paths, "|"))
		}
		if got := strings.Join(got, "; "); got != tt.uses {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.line, got, tt.uses)
		}
		if got := strings.Join(unclear, "; "); got != tt.unclear {
			t.Errorf("%s: unclear is %q, want %q", tt.line, got, tt.unclear)
		}
	}
}

// Every host of the table does something with a file.
func TestHosts(t *testing.T) {
	for name := range hosts {
		used := false
		for _, form := range []string{`%s C:\x.exe`, `%s /c C:\x.exe`, `%s -jar C:\x.exe`, `%s /i C:\x.exe`, `%s -a C:\x.exe`, `%s --headless C:\x.exe`, `%s /a {REGSVR C:\x.exe}`, `%s -loaddll C:\x.exe`, `%s /setnotifycmdline j C:\x.exe`, `%s process call create C:\x.exe`} {
			uses, _ := Read(fmt.Sprintf(form, name))
			used = used || slices.ContainsFunc(uses, func(u Use) bool { return u.Host != "" && u.Verb.Starts() && u.Paths[0] == `C:\x.exe` })
		}
		if !used {
			t.Errorf("%s starts nothing", name)
		}
	}
}

// Commands in commands are read up to a limit, and the rest is unclear.
func TestDepth(t *testing.T) {
	line := strings.Repeat("cmd /c ", 50) + `C:\x.exe`
	if uses, unclear := Read(line); len(unclear) != 1 || len(uses) > maxDepth+2 {
		t.Errorf("%d uses, %q", len(uses), unclear)
	}
	if uses, _ := Read("x.exe " + strings.Repeat("a ", 10_000)); len(uses) > maxUses {
		t.Errorf("%d uses", len(uses))
	}
}

// Whatever the line: no panic, and what is returned is bounded and has paths.
func FuzzRead(f *testing.F) {
	f.Add(`cmd.exe /q /c "if exist "C:\a b" start "" /d C:\ x.exe & for %i in (*) do %i"`)
	f.Add(`powershell -ep bypass -enc ` + encoded(`& 'C:\x.exe'; iex $a | rm C:\y`))
	f.Add(`forfiles /c "cmd /c rundll32 "x y",z"`)
	f.Fuzz(func(t *testing.T, line string) {
		uses, unclear := Read(line)
		if len(uses) > maxUses || len(unclear) > maxUses {
			t.Fatalf("%d uses, %d unclear", len(uses), len(unclear))
		}
		for _, u := range uses {
			if u.Verb == "" || len(u.Paths) == 0 || len(u.Paths) > maxTried+1 {
				t.Fatalf("%+v", u)
			}
		}
	})
}
