package registry

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// The documentation of Autostart names every category, and each only once.
func TestCategoriesAreDocumented(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "autostart.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]int{}
	for _, c := range f.Comments {
		if _, list, ok := strings.Cut(c.Text(), "categories\nare "); ok {
			for _, word := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" ,.\n", r) }) {
				words[word]++
			}
		}
	}
	categories := map[string]bool{"service": true, "driver": true}
	for _, l := range locations {
		categories[l.category] = true
	}
	for c := range categories {
		if words[c] != 1 {
			t.Errorf("the documentation of Autostart in autostart.go names the category %s %d times, want once", c, words[c])
		}
	}
}

func TestAutostartCategory(t *testing.T) {
	for _, tt := range []struct{ key, value, want string }{
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run`, "anything", "run"},
		{`HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Run`, "anything", "run"},
		{`\REGISTRY\MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce`, "x", "runonce"},
		{`HKU\S-1-5-21-1-2-3-1000\Software\Microsoft\Windows NT\CurrentVersion\Winlogon`, "Shell", "winlogon"},
		{`HKU\S-1-5-21-1-2-3-1000\Software\Microsoft\Windows NT\CurrentVersion\Winlogon`, "Other", ""},
		{`HKCU\Environment`, "UserInitMprLogonScript", "logon"},
		{`HKU\S-1-5-21-1-2-3-1000\Environment`, "TEMP", ""},
		{`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe`, "Debugger", "image-hijack"},
		{`HKLM\System\CurrentControlSet\Services\Evil`, "ImagePath", "service"},
		{`HKLM\System\ControlSet001\Services\Evil\Parameters`, "ServiceDll", "service"},
		{`HKLM\System\CurrentControlSet\Services\bam\State\UserSettings\S-1-5-21-1-2-3-1000`, `\Device\HarddiskVolume2\x.exe`, ""},
		{`HKLM\System\CurrentControlSet\Control\Session Manager`, "BootExecute", "boot"},
		{`HKU\S-1-5-21-1-2-3-1000\Software\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Layers`, `C:\x.exe`, ""},
		{`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Deeper`, "x", ""},
		{`HKLM\SOFTWARE`, "x", ""}, {`HKLM`, "x", ""}, {``, ``, ""}, {`\REGISTRY`, "", ""}, {`HKLM\System\CurrentControlSet\Services`, "ImagePath", ""}, {`HKU`, "", ""},
	} {
		if got := AutostartCategory(tt.key, tt.value); got != tt.want {
			t.Errorf("AutostartCategory(%q, %q) = %q, want %q", tt.key, tt.value, got, tt.want)
		}
	}
}
