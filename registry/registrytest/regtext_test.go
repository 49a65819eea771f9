package registrytest_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

const header = "Windows Registry Editor Version 5.00\r\n\r\n"

// show returns a hive as lines, in the order in which it holds keys and values.
func show(h *registrytest.Hive) []string {
	var list []string
	var walk func(path string, k *registrytest.Key)
	walk = func(path string, k *registrytest.Key) {
		line := "[" + path + "]"
		for _, extra := range []string{filetime.Text(k.LastWrite), k.Class, k.Owner} {
			if extra != "" {
				line += " " + extra
			}
		}
		if k.Link {
			line += " link"
		}
		if k.Deleted {
			line += " deleted"
		}
		list = append(list, line)
		for _, v := range k.Values {
			line := fmt.Sprintf("%q %d %x", v.Name, v.Type, v.Data)
			if v.Type == registry.SZ && len(v.Data)%2 == 0 {
				line = fmt.Sprintf("%q %d %q", v.Name, v.Type, wtf8.String(v.Data))
			}
			if v.Deleted {
				line += " deleted"
			}
			list = append(list, line)
		}
		for i := range k.Keys {
			walk(path+`\`+k.Keys[i].Name, &k.Keys[i])
		}
	}
	walk("", &h.Root)
	return list
}

func utf16(s string) []byte { return append([]byte{0xff, 0xfe}, wtf8.Encode(s)...) }

func TestParseReg(t *testing.T) {
	for _, tt := range []struct {
		name string
		text string
		want []string
	}{
		{"all types", header + `[HKEY_LOCAL_MACHINE\SOFTWARE\A]
@="default"
"s"="C:\\a \"b\""
"d"=dword:0000000a
"b"=hex:01,2,Ff
"none"=hex(0):
"x"=hex(2):25,00,00,00
"m"=hex(7):61,00,00,00,00,00
"q"=hex(b):01,00,00,00,00,00,00,00
"odd"=hex(ffff0012):01,
"n"=str(2):"%a%"
"t"=str:"t"
`, []string{`[]`, `[\A]`, `"" 1 "default\x00"`, `"s" 1 "C:\\a \"b\"\x00"`, `"d" 4 0a000000`, `"b" 3 0102ff`, `"none" 0 `, `"x" 2 25000000`, `"m" 7 610000000000`, `"q" 11 0100000000000000`,
			`"odd" 4294901778 01`, `"n" 2 2500610025000000`, `"t" 1 "t\x00"`}},
		{"lines that go on", header + "[HKLM\\SOFTWARE]\n\"b\"=hex:01,\\\r\n  02,\\ ; a comment\r\n\r\n; another\r\n  03\r\n\"e\"=hex:\\\n  ,\n", nil},
		{"lines that go on, to their end", header + "[HKLM\\SOFTWARE]\n\"b\"=hex:01,\\\r\n  02,\\ ; a comment\r\n\r\n; another\r\n  03\r\n\"e\"=hex:\\\n  04 ; end\n", []string{`[]`, `"b" 3 010203`, `"e" 3 04`}},
		{"a text with line breaks", header + "[HKLM\\SOFTWARE]\r\n\"a\r\nb\"=\"c\r\n[d]\r\n\" ; end\r\n@=\"\"", []string{`[]`, `"a\r\nb" 1 "c\r\n[d]\r\n\x00"`, `"" 1 "\x00"`}},
		{"deletions", header + `[HKLM\SOFTWARE\A]
"a"="1"
"b"="2"
"c"="3"
"B"=-
@=-
"b"="4"
[HKLM\SOFTWARE\A\B\C]
[HKLM\SOFTWARE\X]
[-HKLM\SOFTWARE\a\b]
[-HKLM\SOFTWARE\absent\x]
[HKLM\SOFTWARE\A\B]
`, []string{`[]`, `[\A]`, `"a" 1 "1\x00"`, `"c" 1 "3\x00"`, `"b" 1 "4\x00"`, `[\A\B]`, `[\X]`}},
		{"the same key and value again", header + "[HKLM\\SOFTWARE\\A]\n\"x\"=\"1\"\n\"y\"=\"2\"\n[HKEY_LOCAL_MACHINE\\software\\a\\]\n\"X\"=dword:1\n", []string{`[]`, `[\A]`, `"x" 4 01000000`, `"y" 1 "2\x00"`}},
		{"brackets in names", header + "[HKLM\\SOFTWARE\\a[b]]\n[HKLM\\SOFTWARE\\c]d] ; comment\n", []string{`[]`, `[\a[b]]`, `[\c]d]`}},
		{"the root, as hivexregedit writes it", header + "[HKLM\\SOFTWARE\\]\n@=\"r\"\n[\\]\n[\\Key]\n\"v\"=hex(3):01\n", []string{`[]`, `"" 1 "r\x00"`, `[\Key]`, `"v" 3 01`}},
		{"no root at all", header + "[\\Key\\Sub]\n", []string{`[]`, `[\Key]`, `[\Key\Sub]`}},
		{"classes of the machine", header + "[HKEY_CLASSES_ROOT\\.exe]\n@=\"exefile\"\n[HKLM\\SOFTWARE\\Microsoft]\n", []string{`[]`, `[\Classes]`, `[\Classes\.exe]`, `"" 1 "exefile\x00"`, `[\Microsoft]`}},
		{"classes of a user", header + "[HKEY_CURRENT_USER\\Software\\Classes\\CLSID]\n", []string{`[]`, `[\CLSID]`}},
		{"a user", header + "[HKEY_USERS\\S-1-5-21-1-2-3-1001\\Software]\n[HKU\\S-1-5-21-1-2-3-1001\\Environment]\n", []string{`[]`, `[\Software]`, `[\Environment]`}},
		{"the current control set", header + "[HKLM\\SYSTEM\\CurrentControlSet\\Services\\a]\n\"Start\"=dword:2\n", []string{`[]`, `[\Select]`, `"Current" 4 01000000`, `"Default" 4 01000000`, `"LastKnownGood" 4 01000000`, `"Failed" 4 00000000`,
			`[\ControlSet001]`, `[\ControlSet001\Services]`, `[\ControlSet001\Services\a]`, `"Start" 4 02000000`}},
		{"the current control set that is selected", header + "[HKLM\\SYSTEM\\CurrentControlSet\\Services\\a]\n\"Start\"=dword:2\n[HKLM\\SYSTEM\\ControlSet003\\Services\\A]\n\"Start\"=dword:3\n\"Type\"=dword:10\n[HKLM\\SYSTEM\\Select]\n\"Current\"=dword:3\n", []string{
			`[]`, `[\ControlSet003]`, `[\ControlSet003\Services]`, `[\ControlSet003\Services\A]`, `"Start" 4 02000000`, `"Type" 4 10000000`, `[\Select]`, `"Current" 4 03000000`}},
		{"what regedit takes for comments", header + `; text
;@time=2026-03-02T13:42:09.1234567Z
[HKLM\SOFTWARE\A]
;@class=Shell
;@owner=S-1-5-18
"old"="1"
;@deleted
"old"="2"
[HKLM\SOFTWARE\A\Gone] ; text
;@time=2026-03-03T00:00:00+01:00
;@deleted
"v"="3"
[HKLM\SOFTWARE\L]
"SymbolicLinkValue"=hex(6):5c,00
`, []string{`[] 2026-03-02T13:42:09.1234567Z`, `[\A] 2026-03-02T13:42:09.1234567Z Shell S-1-5-18`, `"old" 1 "1\x00" deleted`, `"old" 1 "2\x00"`, `[\A\Gone] 2026-03-02T23:00:00.0000000Z deleted`, `"v" 1 "3\x00"`,
			`[\L] 2026-03-02T13:42:09.1234567Z link`, `"SymbolicLinkValue" 6 5c00`}},
		{"REGEDIT4", "REGEDIT4\r\n[HKLM\\SOFTWARE\\b\xfccher]\r\n\"\x80\"=\"\x80\"\r\n\"x\"=hex(2):80,00\r\n\"m\"=hex(7):fc,00,00\r\n\"b\"=hex:80\r\n", []string{
			`[]`, `[\bücher]`, `"€" 1 "€\x00"`, `"x" 2 ac200000`, `"m" 7 fc0000000000`, `"b" 3 80`}},
	} {
		for encoding, text := range map[string][]byte{"UTF-8": []byte(tt.text), "UTF-8 with a mark": []byte("\ufeff" + tt.text), "UTF-16": utf16(tt.text), "UTF-16 without a mark": utf16(tt.text)[2:]} {
			if strings.HasPrefix(tt.text, "REGEDIT4") && encoding != "UTF-8" {
				continue
			}
			t.Run(tt.name+" in "+encoding, func(t *testing.T) {
				h, err := registrytest.ParseReg(text)
				if tt.want == nil {
					if err == nil {
						t.Error("no error")
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if got := show(h); !slices.Equal(got, tt.want) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
				}
			})
		}
	}
}

func TestWhatIsNotAReg(t *testing.T) {
	deep := strings.Repeat(`\a`, 513)
	for _, tt := range []struct{ text, want string }{
		{"", `line 1: want "Windows Registry Editor Version 5.00" or "REGEDIT4", got ""`},
		{"[HKLM\\SOFTWARE]", `line 1: want "Windows Registry Editor Version 5.00" or "REGEDIT4", got "[HKLM\\SOFTWARE]"`},
		{header + "abc", `line 3: want a key in brackets, a value or a comment, got "abc"`},
		{header + "\"a\"=\"b\"", `line 3: want a key in brackets before the first value, got "\"a\"=\"b\""`},
		{header + "[HKLM\\SOFTWARE", `line 3: want a key that ends with ], got "[HKLM\\SOFTWARE"`},
		{header + "[HKLM\\SOFTWARE] x", `line 3: want the end of the line, got "x"`},
		{header + "[HKLM]", `line 3: want a key of a hive, such as HKEY_LOCAL_MACHINE\SOFTWARE, got "HKLM"`},
		{header + "[Software\\X]", `line 3: want a key of a hive, such as HKEY_LOCAL_MACHINE\SOFTWARE, got "Software\\X"`},
		{header + "[HKLM\\SOFTWARE]\r\n\r\n[HKLM\\SYSTEM\\Select]", `line 5: want a key below HKEY_LOCAL_MACHINE\SOFTWARE, the root of the hive, got "HKLM\\SYSTEM\\Select"`},
		{header + "[HKLM\\SOFTWAREX]\n[HKLM\\SOFTWARE]", `line 4: want a key below HKEY_LOCAL_MACHINE\SOFTWAREX, the root of the hive, got "HKLM\\SOFTWARE"`},
		{header + "[HKCU\\Software]\n[HKCU\\Software\\Classes\\x]", `line 4: want a key of the hive HKEY_CURRENT_USER, got "HKCU\\Software\\Classes\\x", which is in another hive`},
		{header + "[HKLM\\SOFTWARE\\a\\\\b]", `line 3: want names of 1 to 256 characters in a key, got ""`},
		{header + "[HKLM\\SOFTWARE\\" + strings.Repeat("n", 257) + "]", `line 3: want names of 1 to 256 characters in a key, got "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"…`},
		{header + "[HKLM\\SOFTWARE" + deep + "]", `line 3: want a key of at most 512 levels, got 513`},
		{header + "[-HKLM\\SOFTWARE]", `line 3: want a key to delete, got the root of the hive`},
		{header + "[HKLM\\SOFTWARE]\n\"a\" \"b\"", `line 4: want = behind the name of a value, got "\"b\""`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=", `line 4: want data: a text in quotes, dword:, hex:, hex(…):, or - to delete the value, got the end of the line`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=\"C:\\new\"", `line 4: want \\ or \" in a text, got "\\new\""`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=\"b\n\n\\x\"", `line 6: want \\ or \" in a text, got "\\x\""`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=\"b\nc", `line 4: want a text that ends with ", got "\"b"`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=\"b\" c", `line 4: want the end of the line, got "c"`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=dword:", `line 4: want 1 to 8 hexadecimal digits, got the end of the line`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=dword:123456789", `line 4: want 1 to 8 hexadecimal digits, got "123456789"`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=hex:1ff", `line 4: want 1 to 2 hexadecimal digits, got "1ff"`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=hex:1 2", `line 4: want a comma, got "2"`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=hex:01,\\\n 02,\\\n zz", `line 6: want 1 to 2 hexadecimal digits, got "zz"`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=hex(1:", `line 4: want ): and bytes in hexadecimal, got ":"`},
		{header + "[HKLM\\SOFTWARE]\n\"a\"=str(2):x", `line 4: want a text in quotes, got "x"`},
		{header + "[HKLM\\SOFTWARE]\n\"" + strings.Repeat("n", 16384) + "\"=\"\"", `line 4: want a name of at most 16383 characters, got 16384`},
		{header + ";@class=x", `line 3: want a key before ;@class`},
		{header + ";@tmie=x", `line 3: want ;@time, ;@class, ;@owner or ;@deleted, got "tmie=x"`},
		{header + ";@time=x", `line 3: want a time such as 2026-03-02T13:42:09Z, got "x"`},
		{header + "[HKLM\\SOFTWARE]\n;@deleted", `line 4: want a key that can be deleted, got the root of the hive`},
		{header + "[HKLM\\SOFTWARE\\a]\n;@owner=bob", `line 4: SID "bob": want S-1-authority[-subauthority…]`},
		{"\xff\xfea", `line 1: want UTF-16, got an odd number of bytes`},
	} {
		h, err := registrytest.ParseReg([]byte(tt.text))
		if err == nil || err.Error() != "registrytest: "+tt.want {
			t.Errorf("%.60q: got %v, %v, want %s", tt.text, h, err, tt.want)
		}
	}
}

func TestRegTextOptions(t *testing.T) {
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	text := []byte("REGEDIT4\n[HKEY_CURRENT_USER\\Software\\Classes\\\xcf]\n[HKCU\\Environment]\n")
	h, err := registrytest.RegText{Root: "hkcu", CodePage: 1251, LastWrite: at}.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	const when = " 2026-03-02T00:00:00.0000000Z"
	if got := show(h); !slices.Equal(got, []string{`[]` + when, `[\Software]` + when, `[\Software\Classes]` + when, `[\Software\Classes\П]` + when, `[\Environment]` + when}) {
		t.Errorf("%q", got)
	}
	for want, o := range map[string]registrytest.RegText{
		`registrytest: line 1: unknown code page 7`: {CodePage: 7},
		`registrytest: line 3: want a key below HKEY_CURRENT_USER\Software, the root of the hive, got "HKCU\\Environment"`: {Root: `HKCU\Software\`},
	} {
		if _, err := o.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%+v: got %v, want %s", o, err, want)
		}
	}
}

// The type of a hive is that of the keys of the file.
func TestTypeOfReg(t *testing.T) {
	for root, want := range map[string]registry.HiveType{
		`HKLM\SYSTEM`: registry.System, `HKLM\SOFTWARE`: registry.Software, `HKLM\SAM`: registry.SAM, `HKCU`: registry.User, `HKCU\Software\Classes`: registry.UserClasses,
		`HKU\S-1-5-21-1-2-3-1001`: registry.User, `HKU\S-1-5-21-1-2-3-1001_Classes`: registry.UserClasses, `HKU\S-1-5-21-1-2-3-1001\Software\Classes`: registry.UserClasses,
	} {
		h, err := registrytest.ParseReg([]byte(header + "[" + root + "\\x]\n"))
		if err != nil {
			t.Fatal(err)
		}
		data, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil || r.Type() != want {
			t.Errorf("%s: %s, %v, want %s", root, r.Type(), err, want)
		}
	}
}

// FuzzParseReg makes hives of texts. What it makes is read without problems.
func FuzzParseReg(f *testing.F) {
	for _, text := range []string{
		header + "[HKLM\\SYSTEM\\CurrentControlSet\\Services\\a]\n;@time=2026-03-02T13:42:09Z\n;@class=c\n\"Start\"=dword:2\n\"x\"=hex(7):61,00,\\\n  00,00\n;@deleted\n[-HKLM\\SYSTEM\\b]\n",
		header + "[HKCU\\Software\\Classes\\x]\n;@deleted\n@=\"a\\\\\\\"\n\"\n\"a\"=-\n", "REGEDIT4\n[HKCR\\.a]\n\"\x80\"=str(2):\"\x80\"\n",
	} {
		f.Add([]byte(text))
		f.Add(utf16(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := registrytest.ParseReg(text)
		if err != nil {
			return
		}
		data, err := h.Bytes()
		if err != nil {
			t.Skip(err)
		}
		if limit := 1<<16 + 1200*len(text); len(data) > limit {
			t.Errorf("%d bytes of a text of %d", len(data), len(text))
		}
		r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for p := range r.Problems() {
			t.Error(p)
		}
		for _, err := range r.Keys() {
			if err != nil {
				t.Error(err)
			}
		}
	})
}
