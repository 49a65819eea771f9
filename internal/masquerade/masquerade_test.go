package masquerade

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Each row is a path, and the rules that find a sign in it with the well-known name
// that it imitates; "" if it has no sign.
var paths = []struct{ name, path, want string }{
	{"of Windows, in its place", `C:\Windows\System32\svchost.exe`, ""},
	{"in any case", `c:\WINDOWS\SYSTEM32\SvcHost.EXE`, ""},
	{"with slashes", `C:/Windows/System32/svchost.exe`, ""},
	{"for 32-bit programs", `C:\Windows\SysWOW64\svchost.exe`, ""},
	{"of Windows on another volume", `E:\Windows\System32\svchost.exe`, ""},
	{"of Windows 2000", `C:\WINNT\System32\svchost.exe`, ""},
	{"of the Windows before", `C:\Windows.old\Windows\System32\lsass.exe`, ""},
	{"in the component store", `C:\Windows\WinSxS\amd64_microsoft-windows-services-svchost_31bf3856ad364e35_10.0.17763.1_none_aaaa\svchost.exe`, ""},
	{"in a container", `C:\ProgramData\Microsoft\Windows\Containers\BaseImages\x\BaseLayer\Files\Windows\System32\lsass.exe`, ""},
	{"another program of Windows", `C:\Windows\System32\tasklist.exe`, ""},
	{"of Windows 8", `C:\Windows\System32\taskhostex.exe`, ""},
	{"the shell for 32-bit programs", `C:\Windows\SysWOW64\explorer.exe`, ""},
	{"near a program of Windows, and another one of Windows", `C:\Windows\System32\msdt.exe`, ""},
	{"Internet Explorer", `C:\Program Files\Internet Explorer\iexplore.exe`, ""},
	{"a browser in its folder for a version", `C:\Program Files (x86)\Microsoft\EdgeCore\130.0.2849.46\msedge.exe`, ""},
	{"the update client of Windows 11", `C:\Windows\UUS\amd64\wuauclt.exe`, ""},
	{"a database server", `C:\Program Files\Microsoft SQL Server\MSSQL15.SQLEXPRESS\MSSQL\Binn\sqlservr.exe`, ""},
	{"a database server on a volume of its own", `F:\MSSQL14.PROD\MSSQL\Binn\sqlservr.exe`, ""},
	{"a tool with a name near that of a system process", `C:\Program Files (x86)\Microsoft SQL Server Management Studio 18\Common7\IDE\Ssms.exe`, ""},
	{"a name that is not well known", `C:\Users\Public\report.exe`, ""},
	{"a document", `C:\Users\a\svchost.log`, ""},
	{"what a system process left", `C:\Users\a\lsass.dmp`, ""},
	{"its resources", `C:\Windows\System32\en-US\svchost.exe.mui`, ""},
	{"no path", "", ""},
	{"a name only, whose place nobody knows", `svchost.exe`, ""},
	{"a path of another system", `/mnt/evidence/Users/a/svchost.exe`, ""},
	{"a command, which is not a path", `C:\Windows\system32\cmd.exe /c C:\Windows\system32\cmd.exe`, ""},

	{"right-to-left override", "C:\\x\\invoice\u202efdp.exe", "bidi"},
	{"isolate", "C:\\x\\\u2066svchost.exe", "bidi of svchost.exe"},
	{"zero width space", "C:\\x\\lsa\u200bss.exe", "invisible of lsass.exe"},
	{"soft hyphen", "C:\\x\\holiday\u00ad.exe", "invisible"},
	{"a joiner that a script needs", "C:\\x\\می\u200cروم.exe", ""},
	{"blank at the beginning", `C:\x\ lsass.exe`, "blanks of lsass.exe"},
	{"blank before the extension", `C:\x\holiday .exe`, "blanks"},
	{"many before the extension", `C:\x\holiday.jpg                .exe`, "blanks, double_extension"},
	{"a wide blank before the extension", "C:\\x\\holiday\u3000.exe", "blanks"},
	{"blanks in the middle", `C:\x\my holiday photos.exe`, ""},
	{"full width", "C:\\x\\ｌｓａｓｓ.exe", "widths of lsass.exe"},
	{"mathematical letters", "C:\\x\\𝗹𝘀𝗮𝘀𝘀.exe", "widths of lsass.exe"},
	{"full width, of no known name", "C:\\x\\ＡＢＣ.exe", ""},
	{"Cyrillic among Latin letters of a known name", "C:\\x\\csr\u0455s.exe", "scripts of csrss.exe"},
	{"Cyrillic among Latin letters of another name", "C:\\x\\inv\u043eice.exe", "scripts"},
	{"Cyrillic word", "C:\\x\\отчёт.exe", ""},
	{"Cyrillic and Latin words", "C:\\x\\отчёт_final.exe", ""},
	{"accented word", "C:\\x\\Übersicht.exe", ""},
	{"a dot that is not one", "C:\\x\\lsass\u2024exe.exe", "scripts, other_extension of lsass.exe"},
	{"document and program", `C:\x\cv.docx.exe`, "double_extension"},
	{"document and script", `C:\x\cv.pdf.js`, "double_extension"},
	{"a page that was compiled", `C:\x\index.html.js`, ""},
	{"a library with a dot", `C:\x\Vendor.Pdf.dll`, ""},
	{"a program with dots", `C:\x\vendor.console.exe`, ""},
	{"a link to a document", `C:\Users\a\AppData\Roaming\Microsoft\Windows\Recent\cv.pdf.lnk`, ""},
	{"system process as a screen saver", `C:\x\lsass.scr`, "other_extension of lsass.exe"},
	{"system process as a library", `C:\x\csrss.dll`, "other_extension of csrss.exe"},
	{"system process without extension", `C:\x\csrss`, "other_extension of csrss.exe"},
	{"extension twice", `C:\x\csrss.exe.exe`, "other_extension of csrss.exe"},
	{"a word as a library", `C:\x\Services.dll`, ""},
	{"a list of ports", `C:\Windows\System32\drivers\etc\services`, ""},
	{"digits for letters", `C:\x\w1nl0gon.exe`, "digits of winlogon.exe"},
	{"letters for a letter", `C:\x\svvchost.exe`, "distance of svchost.exe"},
	{"two letters for one", `C:\x\vvininit.exe`, "digits of wininit.exe"},
	{"r and n for m", `C:\x\srnss.exe`, "digits of smss.exe"},
	{"capital I for l", `C:\x\IsaIso.exe`, "digits of lsaiso.exe"},
	{"number added", `C:\x\lsass64.exe`, "affix of lsass.exe"},
	{"plural of a short name", `C:\x\lsms.exe`, "affix of lsm.exe"},
	{"number missing", `C:\x\rundll.exe`, "affix of rundll32.exe"},
	{"a letter replaced", `C:\x\spoolsc.exe`, "distance of spoolsv.exe"},
	{"a letter missing", `C:\x\wnlogon.exe`, "distance of winlogon.exe"},
	{"letters swapped", `C:\x\csrsrs.exe`, "distance of csrss.exe"},
	{"two letters of a long name", `C:\x\runtimebrocer1.exe`, "distance of runtimebroker.exe"},
	{"two letters of a short name", `C:\x\lsaxy.exe`, ""},
	{"two letters and another beginning", `C:\x\xowershel.exe`, ""},
	{"a letter of a name of four", `C:\x\smsx.exe`, ""},
	{"a digit and an edit", `C:\x\sp0olsc.exe`, "distance of spoolsv.exe"},
	{"near a name in its folder", `C:\Windows\System32\svchosts.exe`, "affix of svchost.exe"},
	{"a library", `C:\x\kernell32.dll`, "distance of kernel32.dll"},
	{"another folder", `C:\x\lsass.exe`, "misplaced"},
	{"another folder of Windows", `C:\Windows\Tasks\taskhostw.exe`, "misplaced"},
	{"the folder for 32-bit programs, which has none", `C:\Windows\SysWOW64\winlogon.exe`, "misplaced"},
	{"a folder with the right end", `C:\x\Windows\System32\lsass.exe`, "misplaced"},
	{"a store with the right end", `C:\x\Windows\WinSxS\lsass.exe`, "misplaced"},
	{"a folder with the right end, of another maker", `C:\ProgramData\Google\Chrome\Application\chrome.exe`, "misplaced"},
	{"at the root", `C:\lsass.exe`, "misplaced"},
	{"a folder with a blank", `C:\Windows \System32\printui.exe`, "blank_folder"},
	{"a folder with a dot", `C:\Windows\System32.\lsass.exe`, "misplaced, blank_folder"},
}

func found(path string) string {
	var list []string
	for _, s := range Signs(path) {
		if s.Of != "" {
			s.Rule += " of " + s.Of
		}
		list = append(list, s.Rule)
	}
	return strings.Join(list, ", ")
}

func TestSigns(t *testing.T) {
	used := map[string]bool{}
	for _, tt := range paths {
		if got := found(tt.path); got != tt.want {
			t.Errorf("%s: %q: got %q, want %q", tt.name, tt.path, got, tt.want)
		}
		for _, s := range Signs(tt.path) {
			used[s.Rule] = true
			if s.Text == "" || (s.Rule == "misplaced") != (s.Place != "") {
				t.Errorf("%s: %+v", tt.name, s)
			}
		}
	}
	for _, r := range rules {
		if !used[r.name] {
			t.Errorf("no path is a sign for the rule %s", r.name)
		}
		if !strings.HasSuffix(r.meaning, ".") {
			t.Errorf("the rule %s has the sentence %q", r.name, r.meaning)
		}
		delete(used, r.name)
	}
}

func TestTexts(t *testing.T) {
	for _, tt := range []struct{ path, want string }{
		{"C:\\x\\cv\u202efdp.exe", "its name has the control U+202E, which changes the direction of the letters: it is shown as cvexe.pdf"},
		{"C:\\x\\lsa\u200bss.exe", "its name has U+200B, which is not visible, and is otherwise lsass.exe"},
		{"C:\\x\\csr\u0455s.exe", `its name has U+0455, a letter of another script that looks like "s", and is otherwise csrss.exe`},
		{`C:\x\csrss.scr`, `its name is that of csrss.exe with the extension ".scr"`},
		{`C:\x\csrss32.exe`, `its name is that of csrss.exe with "32" added`},
		{`C:\x\csrsx.exe`, `its name is 1 edit away from csrss.exe`},
		{`C:\x\csrss.exe`, `it has the name of a program that belongs in \Windows\System32`},
		{`C:\x\sqlservr.exe`, `it has the name of a program that belongs in \Program Files\Microsoft SQL Server\…\Binn`},
		{`C:\x\msedge.exe`, `it has the name of a program that belongs in \Program Files\Microsoft\Edge`},
	} {
		if s := Signs(tt.path); len(s) != 1 || s[0].Text != tt.want {
			t.Errorf("%q: got %+v, want %s", tt.path, s, tt.want)
		}
	}
}

// Every name is in the table once, and has no sign in any of its places.
func TestTableOfNames(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range groups {
		if g.is(placed) && len(g.places) == 0 {
			t.Errorf("%q have no place", g.names)
		}
		for _, name := range strings.Fields(g.names) {
			if seen[name] {
				t.Errorf("%s is in the table twice", name)
			}
			seen[name] = true
			if name != strings.ToLower(name) {
				t.Errorf("%s is not in lower case", name)
			}
		}
	}
	for _, e := range byName {
		for _, place := range append(slices.Clone(e.places), `\x`) {
			path := "C:" + strings.NewReplacer("**", "x", "*", "1").Replace(place) + `\` + e.name
			if place == `\x` && e.is(placed) {
				if got := found(path); got != "misplaced" {
					t.Errorf("%s: %q, want misplaced", path, got)
				}
			} else if got := found(path); got != "" {
				t.Errorf("%s: %s, want no sign", path, got)
			}
		}
	}
	for _, e := range imitable {
		if byName[e.stem] != nil && e.ext == ".exe" {
			t.Errorf("%s is known with and without its extension", e.name)
		}
	}
}

func (g *group) is(t traits) bool { return g.traits&t != 0 }

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b       string
		most, want int
	}{
		{"", "", 0, 0},
		{"a", "a", 0, 0},
		{"", "ab", 2, 2},
		{"abc", "abd", 1, 1},
		{"abcd", "abdc", 1, 1},
		{"abcd", "acbde", 2, 2},
		{"kitten", "sitting", 3, 3},
		{"kitten", "sitting", 2, never},
		{"жук", "лук", 1, 1},
		{"a", "abcd", 2, never},
		{strings.Repeat("a", 65), strings.Repeat("a", 65), 2, never},
	} {
		for _, swapped := range []bool{false, true} {
			a, b := tt.a, tt.b
			if swapped {
				a, b = b, a
			}
			if got := edits(a, b, tt.most); got != tt.want {
				t.Errorf("edits(%q, %q, %d) = %d, want %d", a, b, tt.most, got, tt.want)
			}
		}
	}
}

func TestMatches(t *testing.T) {
	split := func(s string) []string { return strings.FieldsFunc(s, func(r rune) bool { return r == '\\' }) }
	for _, tt := range []struct {
		pattern, folders string
		want             bool
	}{
		{`windows\system32`, `windows\system32`, true},
		{`windows\system32`, `windows\system32\x`, false},
		{`windows\system32`, `windows`, false},
		{`windows\**`, `windows`, true},
		{`windows\**`, `windows\a\b`, true},
		{`**\binn`, `a\b\binn`, true},
		{`**\binn`, `a\b`, false},
		{`a*\**\b`, `abc\b`, true},
		{`a*\**\b`, `b\b`, false},
	} {
		if got := matches(split(tt.pattern), split(tt.folders)); got != tt.want {
			t.Errorf("%s of %s: %v", tt.folders, tt.pattern, got)
		}
	}
}

func TestIsDocument(t *testing.T) {
	for name, want := range map[string]bool{`C:\x\a.JPG`: true, "a.pdf": true, "a.exe": false, "a": false, ".pdf": false, "": false} {
		if got := IsDocument(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func FuzzSigns(f *testing.F) {
	for _, tt := range paths {
		f.Add(tt.path)
	}
	f.Add("\xff\x00..exe")
	f.Fuzz(func(t *testing.T, path string) {
		for _, s := range Signs(path) {
			if s.Rule == "" || s.Text == "" {
				t.Errorf("%q: %+v", path, s)
			}
			if s.Of != "" && byName[s.Of] == nil {
				t.Errorf("%q: %q is not a known name", path, s.Of)
			}
			if utf8.ValidString(path) && !utf8.ValidString(s.Text) {
				t.Errorf("%q: %q", path, s.Text)
			}
		}
	})
}
