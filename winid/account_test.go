package winid

import "testing"

func TestWellKnown(t *testing.T) {
	for text, want := range map[string]string{
		"S-1-5-18":                      `NT AUTHORITY\SYSTEM`,
		"S-1-5-32-544":                  `BUILTIN\Administrators`,
		"S-1-1-0":                       "Everyone",
		"S-1-5-21-1-2-3-500":            "Administrator",
		"S-1-5-21-1-2-3-512":            "Domain Admins",
		"S-1-5-21-1-2-3-1000":           "",
		"S-1-5-21-1-2-500":              "", // a number of the domain is missing
		"S-1-5-32-500":                  "",
		"S-1-5-21-1-2-3-4-500":          "",
		"S-1-9-21-1-2-3-500":            "",
		"S-1-5":                         "",
		"S-1-5-80-1-2-3-4-5":            "",
		"S-1-5-21-0-0-4294967295-501":   "Guest",
		"S-1-16-12288":                  `Mandatory Label\High Mandatory Level`,
		"S-1-15-2-1":                    `APPLICATION PACKAGE AUTHORITY\ALL APPLICATION PACKAGES`,
		"S-1-5-21-1-2-3-4-5-6-7-8-9-10": "",
	} {
		s, err := ParseSID(text)
		if got := s.WellKnown(); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", text, got, err, want)
		}
	}
}

// Every row can be read, and no two rows name the same.
func TestWellKnownTable(t *testing.T) {
	n := 0
	names := map[string]bool{}
	for sid, name := range WellKnownSIDs() {
		if sid.String() != fixed[n].sid || sid.WellKnown() != name || names[name] || WellKnownSID(name) != sid {
			t.Errorf("row %d: %s is %v %q", n, fixed[n].sid, sid, sid.WellKnown())
		}
		names[name] = true
		n++
	}
	if n != len(fixed) {
		t.Errorf("%d rows of %d", n, len(fixed))
	}
	for range WellKnownSIDs() {
		break
	}
	if s := WellKnownSID(`nt authority\System`); s.String() != "S-1-5-18" {
		t.Errorf("in another case: got %v", s)
	}
	for _, name := range []string{"", "SYSTEM", "Administrator", "NT AUTHORITY\\\u017fYSTEM"} {
		if s := WellKnownSID(name); !s.IsZero() {
			t.Errorf("%q is %v", name, s)
		}
	}
}

func TestAccount(t *testing.T) {
	for _, tt := range []struct{ domain, user, want string }{
		{"WEB01", "svc", `WEB01\svc`},
		{"", "svc", "svc"},
		{"-", "svc", "svc"},
		{"WEB01", "", ""},
		{"WEB01", "-", ""},
		{"-", "-", ""},
		{"", "", ""},
	} {
		if got := Account(tt.domain, tt.user); got != tt.want {
			t.Errorf("Account(%q, %q) = %q, want %q", tt.domain, tt.user, got, tt.want)
		}
	}
}

func TestSameAccount(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{`WEB01\svc`, `web01\SVC`, true},
		{`WEB01\svc`, `WEB02\svc`, false},
		{`WEB01\svc`, "SVC", true},
		{"svc", "svc", true},
		{"svc", "svc2", false},
		{`WEB01\`, "", false},
		{"", "", false},
		{"\u017fvc", "svc", false}, // long s
		{"a/svc", "svc", false},
	} {
		if got := SameAccount(tt.a, tt.b); got != tt.want || SameAccount(tt.b, tt.a) != tt.want {
			t.Errorf("SameAccount(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}
