package registry_test

import (
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
)

func TestParseFirewallRule(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       registry.FirewallRule
		damaged    string
	}{
		{"all fields", `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Private|Profile=Public|LPort=4444|LPort2_10=5000-5010|RPort=80|RA4=192.0.2.0/255.255.255.0|RA6=LocalSubnet|App=C:\Data\tool.exe|Svc=x|Name=Tool = 1|Desc=d|EmbedCtxt=g|`,
			registry.FirewallRule{Name: "Tool = 1", Active: true, Action: "Allow", Direction: "In", Protocol: "6", App: `C:\Data\tool.exe`, Service: "x", LocalPort: "4444, 5000-5010", RemotePort: "80",
				RemoteIP: "192.0.2.0/255.255.255.0, LocalSubnet", Profile: "Private, Public"}, ""},
		{"an inactive one that blocks", `v2.0|Action=Block|Active=FALSE|Dir=Out|App=%ProgramFiles%\x.exe|`, registry.FirewallRule{Action: "Block", Direction: "Out", App: `%ProgramFiles%\x.exe`}, ""},
		{"fields without values, and unknown ones", `v2.10|Action=|Dir|TTK=x|=|App=a.exe`, registry.FirewallRule{App: "a.exe"}, ""},
		{"no fields", "v2.10", registry.FirewallRule{}, ""},
		{"no version", "Action=Allow|App=a.exe|", registry.FirewallRule{}, `rule of the firewall: got "Action=Allow|App=a.exe|", want v, a version, and fields separated by |`},
		{"nothing", "", registry.FirewallRule{}, `got ""`},
	} {
		got, err := registry.ParseFirewallRule(tt.text)
		if got != tt.want || (err != nil) != (tt.damaged != "") || err != nil && !strings.Contains(err.Error(), tt.damaged) {
			t.Errorf("%s: got %+v, %v; want %+v, %s", tt.name, got, err, tt.want, tt.damaged)
		}
	}
	if r, err := registry.ParseFirewallRule("v2.10" + strings.Repeat("|RA4=192.0.2.1", 100_000)); err != nil || len(r.RemoteIP) > 5000 {
		t.Errorf("%d bytes of addresses, %v", len(r.RemoteIP), err)
	}
}

func TestParseAuthorizedApplication(t *testing.T) {
	const path = `C:\Data\tool.exe`
	for _, tt := range []struct {
		name, text string
		want       registry.FirewallRule
		damaged    bool
	}{
		{"enabled", path + ":*:Enabled:My tool: 1", registry.FirewallRule{Name: "My tool: 1", Active: true, Action: "Allow", Direction: "In", App: path}, false},
		{"disabled, for the subnet", `c:\data\TOOL.EXE:LocalSubNet:Disabled`, registry.FirewallRule{Action: "Allow", Direction: "In", App: path, RemoteIP: "LocalSubNet"}, false},
		{"of another program", `C:\other.exe:*:Enabled:x`, registry.FirewallRule{}, true},
		{"without a state", path + ":*", registry.FirewallRule{}, true},
		{"nothing", "", registry.FirewallRule{}, true},
	} {
		if got, err := registry.ParseAuthorizedApplication(path, tt.text); got != tt.want || (err != nil) != tt.damaged {
			t.Errorf("%s: got %+v, %v; want %+v", tt.name, got, err, tt.want)
		}
	}
}

// Whatever the text of a rule: no panic, and what is kept is in it.
func FuzzParseFirewallRule(f *testing.F) {
	f.Add(`v2.31|Action=Allow|Active=TRUE|Dir=In|App=C:\x.exe|LPort=1|LPort=2|`, `C:\x.exe`)
	f.Add(`C:\x.exe:*:Enabled:x`, `C:\x.exe`)
	f.Fuzz(func(t *testing.T, text, path string) {
		if r, err := registry.ParseFirewallRule(text); err == nil && !strings.Contains(text, strings.Split(r.App, ", ")[0]) {
			t.Errorf("%q has the program %q", text, r.App)
		}
		if r, err := registry.ParseAuthorizedApplication(path, text); err == nil && r.App != path {
			t.Errorf("%q has the program %q", text, r.App)
		}
	})
}
