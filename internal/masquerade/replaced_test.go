package masquerade

import (
	"slices"
	"testing"
)

func TestReplaceable(t *testing.T) {
	for _, tt := range []struct {
		category, path string
		want           []string
	}{
		{"screensaver", `C:\Windows\System32\Bubbles.scr`, []string{`System32\bubbles.scr`}},
		{"screensaver", `D:\WINDOWS\system32\BUBBLES.SCR`, []string{`System32\bubbles.scr`}},
		{"screensaver", `bubbles.scr`, []string{`System32\bubbles.scr`, `SysWOW64\bubbles.scr`}},
		{"screensaver", `C:\Program Files\Fish\bubbles.scr`, nil}, // another maker's
		{"screensaver", `C:\Windows\System32\fish.scr`, nil},
		{"screensaver", `C:\Windows\System32\localspl.dll`, nil},
		{"print-monitor", `localspl.dll`, []string{`System32\localspl.dll`}},
		{"print-monitor", `hpzmon.dll`, nil},
		{"print", `winprint.dll`, []string{`System32\spool\prtprocs\x64\winprint.dll`, `System32\spool\prtprocs\w32x86\winprint.dll`, `System32\spool\prtprocs\arm64\winprint.dll`}},
		{"print", `inetpp.dll`, []string{`System32\inetpp.dll`}},
		{"run", `localspl.dll`, nil},
		{"print", ``, nil},
	} {
		if got := Replaceable(tt.category, tt.path); !slices.Equal(got, tt.want) {
			t.Errorf("%s %s: got %q, want %q", tt.category, tt.path, got, tt.want)
		}
	}
	for path, want := range map[string]bool{
		`C:\Windows\System32\localspl.dll`: true, `C:\windows\SYSTEM32\LOCALSPL.DLL`: true, `C:\Windows\SysWOW64\localspl.dll`: false, `C:\Data\localspl.dll`: false, `localspl.dll`: false, ``: false,
	} {
		if InPlace("print-monitor", "localspl.dll", path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	if InPlace("print-monitor", `C:\Vendor\localspl.dll`, `C:\Windows\System32\localspl.dll`) {
		t.Error("an autostart that names another file")
	}
}
