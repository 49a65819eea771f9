package winid

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParameterText(t *testing.T) {
	for text, want := range map[string]string{
		"%%1833":         "impersonation",
		"%%1936":         "default token",
		"%%2313":         "unknown account or wrong password",
		"%%14592":        "inbound",
		"%%8448, %%8450": "success removed, failure removed",
		"%%1541\r\n\t\t\t\t%%4416\r\n\t\t\t\t%%4423\r\n\t\t\t\t": "synchronize, read data or list folder, read attributes",
		"\r\n\t\t%%2080\r\n\t\t%%2082\r\n\t\t%%2084":             "disabled: on, password not required: on, user account: on",
		"%%2048": "disabled: off",
		"%%2079": "undefined property 0x80000000: off",
		"%%1541:\t%%1801\tD:(A;;0x1200a9;;;WD)\r\n\t\t\t\t%%4423:\t%%1805\r\n\t\t\t\t": "synchronize: granted by D:(A;;0x1200a9;;;WD), read attributes: not granted",
		"%%7688\r\n\t\t{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}\r\n":                     "control access, {1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}",
		"%%1553":                    "undefined right 0x2",
		"%%5415":                    "undefined right 0x80", // of a SAM_GROUP
		"%%16904":                   "AES-128-GCM",          // beside the rights of WMI, which would claim it
		"%%1542":                    "read or change audit rules",
		"%%1543":                    "maximum allowed",
		"%%99999":                   "%%99999",
		"%%1544":                    "%%1544",
		"%%0":                       "%%0",
		"%%1833x":                   "impersonationx",
		"%%%1833":                   "%impersonation",
		"%%":                        "%%",
		"100 %%":                    "100 %%",
		"a  b\r\nc":                 "a  b\r\nc", // nothing to replace, nothing to tidy
		"%%99999999999999999999 \n": "%%99999999999999999999 \n",
		"-":                         "-",
		"":                          "",
	} {
		if got := ParameterText(text).String(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestErrorText(t *testing.T) {
	for text, want := range map[string]string{
		"%%1053":              "1053 (service did not respond in time)",
		"%%2147942414":        "0x8007000e (out of memory)",
		"The service: %%1058": "The service: 1058 (service or all devices of it disabled)",
		"%%4711":              "%%4711",
		"1603":                "1603 (installation failed)",
		"9003":                "9003 (DNS name does not exist)",
		"0x80508023":          "0x80508023 (threat not found, perhaps gone)",
		"0x00000000":          "0x00000000 (success)",
		"4711":                "4711",
		"-5":                  "-5",
		"+5":                  "+5",
		"5 ":                  "5 ",
		"":                    "",
	} {
		if got := ErrorText(text).String(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDefenderText(t *testing.T) {
	for text, want := range map[string]string{
		"%%818":                "real-time protection",
		"%%809":                "quarantine",
		"Real-Time Protection": "Real-Time Protection",
		"%%1833":               "%%1833", // of the Security log
		"":                     "",
	} {
		if got := DefenderText(text).String(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestPrivileges(t *testing.T) {
	for _, tt := range []struct {
		text      Privileges
		want      string
		sensitive []string
	}{
		{"SeSecurityPrivilege\r\n\t\t\tSeShutdownPrivilege\r\n\t\t\tSeDebugPrivilege", "SeSecurityPrivilege SeShutdownPrivilege SeDebugPrivilege",
			[]string{"SeSecurityPrivilege", "SeDebugPrivilege"}},
		{"SeChangeNotifyPrivilege", "SeChangeNotifyPrivilege", nil},
		{"SeTcbPrivilege, SeUnheardOfPrivilege", "SeTcbPrivilege SeUnheardOfPrivilege", []string{"SeTcbPrivilege"}},
		{"-", "-", nil},
		{"", "", nil},
		{"\r\n", "\r\n", nil},
		{"\u01ff\x0f-", "\u01ff\x0f-", nil}, // as Windows logs in 4661
	} {
		if got := tt.text.String(); got != tt.want {
			t.Errorf("%q: got %q, want %q", string(tt.text), got, tt.want)
		}
		if got := tt.text.Sensitive(); !slices.Equal(got, tt.sensitive) {
			t.Errorf("%q: sensitive are %v, want %v", string(tt.text), got, tt.sensitive)
		}
	}
	if got := PrivilegeMeaning("SeDebugPrivilege"); got != "read and write the memory of any process" {
		t.Errorf("got %q", got)
	}
	if got := PrivilegeMeaning("SeUnheardOfPrivilege"); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestParseServiceStart(t *testing.T) {
	for words, want := range map[string]ServiceStart{"boot start": 0, "system start": 1, "auto start": 2, "Demand Start": 3, "disabled": 4} {
		if got, ok := ParseServiceStart(words); !ok || got != want {
			t.Errorf("%q: got %d, %v, want %d", words, got, ok, want)
		}
	}
	for _, words := range []string{"", "2", "autostart", "auto start "} {
		if got, ok := ParseServiceStart(words); ok {
			t.Errorf("%q: got %d", words, got)
		}
	}
}

// Whatever the text: what is not the number of a message stays, and the words can be
// put anywhere.
func FuzzTexts(f *testing.F) {
	for _, text := range []string{"%%1833", "%%1541\r\n\t\t\t\t%%4416", "%%%%1", "%%4294967296", "%%1541:\t%%1801\tD:(A;;)\n", "SeTcbPrivilege\t-", "0x15", "\u2028%%1792", "%%7688\r\n\t{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}{"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, words := range []string{ParameterText(text).String(), ErrorText(text).String(), DefenderText(text).String(), DirectoryText(text).String()} {
			if !strings.ContainsAny(text, "%{") && !strings.HasPrefix(words, text) {
				t.Errorf("%q became %q", text, words)
			}
			if utf8.ValidString(text) && !utf8.ValidString(words) {
				t.Errorf("%q became %q, which is not UTF-8", text, words)
			}
			if strings.Count(words, "\n") > strings.Count(text, "\n") {
				t.Errorf("%q became %q, which has more lines", text, words)
			}
		}
		// A text without a known number is the same once more.
		if once := ParameterText(text).String(); ParameterText(once).String() != once && !strings.Contains(once, "%%") {
			t.Errorf("%q became %q", once, ParameterText(once))
		}
		names := Privileges(text).Names()
		if again := Privileges(Privileges(text).String()).Names(); len(names) > 0 && !slices.Equal(again, names) {
			t.Errorf("%q: names %q, then %q", text, names, again)
		}
		for _, name := range Privileges(text).Sensitive() {
			if !slices.Contains(names, name) {
				t.Errorf("%q: %q is not in the list", text, name)
			}
		}
		if got := AccountControl(text).String(); !strings.HasPrefix(got, text) {
			t.Errorf("%q became %q", text, got)
		}
		if got := PreAuthType(text).String(); !strings.HasPrefix(got, text) {
			t.Errorf("%q became %q", text, got)
		}
		if got := ExceptionCode(text).String(); !strings.HasPrefix(got, text) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
