package registry_test

import (
	"bytes"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// What hives say about the machine that they are of is compared, and nothing else.
func TestContradiction(t *testing.T) {
	sid := func(text string) winid.SID {
		s, err := winid.ParseSID(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	system := func(name, domain string) registrytest.Hive {
		var h registrytest.Hive
		h.Set("Select", when, registrytest.DWord("Current", 1))
		h.Set(`ControlSet001\Control\ComputerName\ComputerName`, when, registrytest.SZ("ComputerName", name))
		h.Set(`ControlSet001\Services\Tcpip\Parameters`, when, registrytest.SZ("Hostname", "new-"+name), registrytest.SZ("Domain", domain))
		return h
	}
	software := func(machine string, profiles ...string) registrytest.Hive {
		var h registrytest.Hive
		h.Set(`Microsoft\Windows NT\CurrentVersion`, when, registrytest.SZ("CurrentVersion", "6.3"))
		h.Set(`Microsoft\Windows\CurrentVersion`, when, registrytest.SZ("ProgramFilesDir", `C:\Program Files`))
		if machine != "" {
			h.Set(`Microsoft\Windows\CurrentVersion\Group Policy\State\Machine`, when, registrytest.SZ("Distinguished-Name", machine))
		}
		for _, p := range profiles {
			h.SetProfile(registry.Profile{SID: sid(p), Path: `C:\Users\x`, LastWrite: when})
		}
		return h
	}
	account := func(owner string) registrytest.Hive {
		h := registrytest.Hive{Root: registrytest.Key{Owner: owner}}
		h.Set(`Software\Microsoft\Windows\CurrentVersion\Run`, when, registrytest.SZ("a", "b"))
		h.Set(`Environment`, when)
		return h
	}
	const alice, bob, foreign = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002", "S-1-5-21-7-8-9-1001"
	for _, tt := range []struct {
		name  string
		hives []registrytest.Hive
		want  string
	}{
		{"nothing is said", []registrytest.Hive{system("WEB01", ""), software(""), account("S-1-5-18")}, ""},
		{"all agrees", []registrytest.Hive{system("WEB01", "corp.example"), software("CN=web01,OU=Servers,DC=corp,DC=example", "S-1-5-18", bob), account(alice)}, ""},
		{"renamed since", []registrytest.Hive{software("CN=NEW-WEB01,DC=corp,DC=example"), system("WEB01", "")}, ""},
		{"an account of another domain, without SOFTWARE", []registrytest.Hive{account(alice), account(foreign), system("WEB01", "")}, ""},
		{"two machines", []registrytest.Hive{system("WEB01", ""), software("CN=DC02,DC=corp,DC=example")}, "hive 0 is of WEB01 or new-WEB01, hive 1 of DC02"},
		{"two domains", []registrytest.Hive{system("WEB01", "corp.example"), software("CN=WEB01,DC=lab,DC=example")}, "hive 0 is of the domain corp.example, hive 1 of lab.example"},
		{"two SYSTEM hives", []registrytest.Hive{system("WEB01", ""), account(alice), system("WEB01", "")}, "hive 0 and hive 2 are both a hive SYSTEM"},
		{"an account without a profile", []registrytest.Hive{account(foreign), software("", alice, bob)}, "hive 0 belongs to S-1-5-21-7-8-9-1001, and hive 1 has no profile of that account or its domain"},
		{"an account of Entra ID without a profile", []registrytest.Hive{software("", alice), account("S-1-12-1-1-2-3-4")}, "hive 1 belongs to S-1-12-1-1-2-3-4, and hive 0 has no profile of that account or its domain"},
		{"an account of Entra ID", []registrytest.Hive{software("", "S-1-12-1-1-2-3-4"), account("S-1-12-1-1-2-3-4")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var list []*registry.Reader
			for i, h := range tt.hives {
				data, err := h.Bytes()
				if err != nil {
					t.Fatal(err)
				}
				r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)), registry.WithName("hive "+string(rune('0'+i))))
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, r)
			}
			if got := registry.Contradiction(list...); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
