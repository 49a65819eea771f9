package masquerade

import "testing"

func TestLogonScreen(t *testing.T) {
	for _, name := range LogonScreenNames() {
		if LogonScreen(`C:\WINDOWS\system32\`+name) == "" {
			t.Errorf("%s is not one in its place", name)
		}
	}
	for _, path := range []string{`C:\Windows\SysWOW64\sethc.exe`, `C:\Users\a\sethc.exe`, `C:\Windows\System32\cmd.exe`, `C:\Windows\WinSxS\x\sethc.exe`, `sethc.exe`, ``} {
		if by := LogonScreen(path); by != "" {
			t.Errorf("%s: %s", path, by)
		}
	}
}

func TestReplaces(t *testing.T) {
	const microsoft = "Microsoft Corporation"
	for _, tt := range []struct{ name, company, original, want string }{
		{"sethc.exe", microsoft, "sethc.exe", ""},
		{"sethc.exe", microsoft, "SETHC.EXE.MUI", ""},
		{"utilman.exe", microsoft, "utilman2.exe", ""}, // of Windows 10
		{"narrator.exe", microsoft, "SR.exe", ""},      // as are these
		{"magnify.exe", microsoft, "ScreenMagnifier.exe", ""},
		{"osk.exe", microsoft, "", ""},
		{"sethc.exe", microsoft, "Cmd.Exe", "it claims to have been built as Cmd.Exe"},
		{"sethc.exe", microsoft, "Cmd.Exe.MUI", "it claims to have been built as Cmd.Exe.MUI"},
		{"utilman.exe", microsoft, "PowerShell.EXE", "it claims to have been built as PowerShell.EXE"},
		{"osk.exe", microsoft, "Taskmgr.exe", "it claims to have been built as Taskmgr.exe"},
		{"sethc.exe", "", "", "it does not claim to be Microsoft's"},
		{"sethc.exe", "Evil", "sethc.exe", "it does not claim to be Microsoft's"},
	} {
		if got := Replaces(`C:\Windows\System32\`+tt.name, tt.company, tt.original); got != tt.want {
			t.Errorf("%s by %q as %q: got %q, want %q", tt.name, tt.company, tt.original, got, tt.want)
		}
	}
}
