package registry_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// machineHives are hives with one of everything that is about a machine.
func machineHives(t testing.TB) []registrytest.Hive {
	user := sid(t, aMachine+"-1001")
	security := registrytest.Hive{Name: "SECURITY"}
	security.SetPolicy(registry.Policy{AccountDomain: registry.PolicyName{Name: "WEB01"}, AccountDomainSID: registry.PolicySID{SID: sid(t, aMachine)}})
	security.SetCachedLogon(registry.CachedLogon{Value: "NL$1", RID: 1105, NameSize: 6, DomainSize: 8}, when)
	software := registrytest.Hive{Name: "SOFTWARE"}
	software.Set(`Microsoft\Windows NT\CurrentVersion`, when, registrytest.SZ("ProductName", "Windows 10 Pro"), registrytest.DWord("InstallDate", 1411529745))
	software.SetProfile(registry.Profile{LastWrite: when, SID: user, Path: `C:\Users\bob`, Loaded: when})
	software.SetNetwork(registry.Network{LastWrite: when, GUID: "{N}", Name: "Cafe", Created: when, Signatures: []registry.NetworkSignature{{Name: "Cafe", GatewayMAC: "00-11-22-33-44-55"}}})
	for _, source := range []string{"LogonUI", "SessionData", "LogonCache", "IdentityCache"} {
		key, values := registrytest.SIDName(registry.SIDName{SID: user, Source: source, Name: `WEB01\bob`})
		software.Set(key, when, values...)
	}
	key, values := registrytest.PolicyDomain(user, "CN=Bob,DC=corp,DC=example")
	software.Set(key, when, values...)
	system := registrytest.Hive{Name: "SYSTEM"}
	system.Set(`Select`, when, registrytest.DWord("Current", 1))
	system.Set(`ControlSet001\Control\ComputerName\ComputerName`, when, registrytest.SZ("ComputerName", "WEB01"))
	system.SetTimeZone(registry.TimeZone{LastWrite: when, Bias: -60, DaylightBias: -60, Name: registry.Setting{Text: "W. Europe Standard Time"},
		Daylight: registry.ZoneChange{Month: time.March, Day: 5, Clock: 2 * time.Hour}, Standard: registry.ZoneChange{Month: time.October, Day: 5, Clock: 3 * time.Hour}})
	system.SetInterface(registry.Interface{LastWrite: when, GUID: "{I}", Name: "Ethernet", Description: "Adapter", Addresses: []string{"10.0.0.5"},
		Leases: []registry.Lease{{LastWrite: when, Address: "10.0.0.7", Network: "Cafe", Obtained: when, Expires: when}}})
	system.Set(`Setup\Source OS (Updated on 7/12/2019 10:21:36)`, when, registrytest.SZ("ProductName", "Windows 10 Pro"))
	system.Set(`ControlSet001\Services\Tcpip\Parameters\PersistentRoutes`, when, registrytest.SZ("10.9.0.0,255.255.0.0,10.0.0.2,1", ""))
	system.Set(`ControlSet001\Services\PortProxy\v4tov4\tcp`, when, registrytest.SZ("0.0.0.0/8443", "10.0.0.9/3389"))
	return []registrytest.Hive{security, software, system}
}

// all collects what an iterator yields.
func all[T any](t testing.TB, seq func(func(T, error) bool)) []T {
	t.Helper()
	var list []T
	for v, err := range seq {
		if err != nil {
			t.Error(err)
		}
		list = append(list, v)
	}
	for range seq {
		break
	}
	return list
}

// unplaced removes the offsets of a struct and of all in it, and reports whether there
// were any.
func unplaced(v reflect.Value) bool {
	found := false
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			found = unplaced(v.Index(i)) || found
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type().PkgPath() == "github.com/birthmark-dfir/birthmark/winid" {
			return false
		}
		for i := range v.NumField() {
			f := v.Field(i)
			if v.Type().Field(i).Name == "Offset" {
				found = found || f.Int() > 0
				f.SetInt(0)
				continue
			}
			found = unplaced(f) || found
		}
	}
	return found
}

func sameUnplaced[T any](t *testing.T, got, want T) {
	t.Helper()
	if !unplaced(reflect.ValueOf(&got).Elem()) {
		t.Error("nothing has an offset")
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestPolicyAndCachedLogons(t *testing.T) {
	h := registrytest.Hive{Name: "SECURITY"}
	name := func(key, name string) registry.PolicyName {
		return registry.PolicyName{Name: name, Key: `Policy\` + key, LastWrite: when}
	}
	want := registry.Policy{
		AccountDomain: name("PolAcDmN", "WEB01"), AccountDomainSID: registry.PolicySID{SID: sid(t, aMachine), Key: `Policy\PolAcDmS`, LastWrite: when},
		Domain: name("PolPrDmN", "CORP"), DomainSID: registry.PolicySID{SID: sid(t, "S-1-5-21-1-2-3"), Key: `Policy\PolPrDmS`, LastWrite: when},
		DNSDomain: name("PolDnDDN", "corp.example"), Forest: name("PolDnTrN", "example"),
	}
	h.SetPolicy(want)
	logon := registry.CachedLogon{Value: "NL$2", Key: "Cache", Written: when, RID: 1105, PrimaryGroup: 513, NameSize: 10, DomainSize: 8}
	h.SetCachedLogon(registry.CachedLogon{Value: "NL$1"}, when) // not in use
	h.SetCachedLogon(logon, when)
	r := read(t, write(t, h))
	got, err := registry.PolicyOf(r)
	if err != nil {
		t.Error(err)
	}
	sameUnplaced(t, got, want)
	sameUnplaced(t, all(t, registry.CachedLogons(r)), []registry.CachedLogon{logon})

	h.Set(`Policy\PolAcDmN`, when, registrytest.Value{Data: []byte{200, 0, 200, 0, 8, 0, 0, 0, 'x', 0}})
	h.Set(`Policy\PolAcDmS`, when, registrytest.Value{Data: []byte{1, 16, 0, 0, 0, 0, 0, 5}})
	got, err = registry.PolicyOf(read(t, write(t, h)))
	for _, want := range []string{`Policy\PolAcDmN: (default): text of the policy: got end 208, want ≤ 10`, `Policy\PolAcDmS: (default): SID sub-authority count`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if got.Domain.Name != "CORP" {
		t.Errorf("%+v", got)
	}
}

func TestProfiles(t *testing.T) {
	h := registrytest.Hive{Name: "SOFTWARE"}
	key := `Microsoft\Windows NT\CurrentVersion\ProfileList\`
	want := []registry.Profile{
		{Key: key + aMachine + "-1001", LastWrite: when, SID: sid(t, aMachine+"-1001"), Path: `C:\Users\bob`, State: 0x204, Loaded: when, Unloaded: when.Add(time.Hour), GUID: "{A}"},
		{Key: key + aMachine + "-1001.bak", LastWrite: when, SID: sid(t, aMachine+"-1001"), Backup: true, Path: `C:\Users\bob.old`},
		{Key: key + "S-1-5-18", LastWrite: when, SID: sid(t, "S-1-5-18"), Path: `%systemroot%\system32\config\systemprofile`},
	}
	slices.SortFunc(want, func(a, b registry.Profile) int { return strings.Compare(a.Key, b.Key) })
	for _, p := range want {
		h.SetProfile(p)
	}
	h.Key(key+"not a SID", when)
	sameUnplaced(t, all(t, registry.Profiles(read(t, write(t, h)))), want)
}

func TestSIDNames(t *testing.T) {
	user := sid(t, aMachine+"-1001")
	for _, hive := range []struct {
		name string
		rows []registry.SIDName
	}{
		{"SOFTWARE", []registry.SIDName{
			{SID: user, Source: "LogonUI", Name: `WEB01\bob`, Value: "LastLoggedOnSAMUser"},
			{SID: user, Source: "SessionData", Name: `WEB01\bob`, Value: "LoggedOnSAMUser"},
			{SID: sid(t, "S-1-12-1-1-2-3-4"), Source: "LogonCache", Name: "bob@example.com", Value: "IdentityName"},
			{SID: sid(t, "S-1-12-1-1-2-3-4"), Source: "IdentityCache", Name: "bob@example.com", Value: "UserName"},
		}},
		{"NTUSER.DAT", []registry.SIDName{{SID: user, Source: "IdentityCRL", Name: "bob@outlook.example"}}},
	} {
		h := registrytest.Hive{Name: hive.name}
		if hive.name == "SOFTWARE" {
			h.Key(`Microsoft\Windows NT\CurrentVersion`, when)
			h.Set(`Microsoft\Windows\CurrentVersion\Authentication\LogonUI\SessionData\2`, when, registrytest.SZ("LoggedOnUserSID", "not a SID"))
		}
		for i, n := range hive.rows {
			key, values := registrytest.SIDName(n)
			h.Set(key, when, values...)
			hive.rows[i].Key, hive.rows[i].LastWrite = key, when
		}
		sameUnplaced(t, all(t, registry.SIDNames(read(t, write(t, h)))), hive.rows)
	}
}

func TestPolicyDomains(t *testing.T) {
	h := registrytest.Hive{Name: "SOFTWARE"}
	key, values := registrytest.PolicyDomain(sid(t, "S-1-5-21-1-2-3-1105"), "CN=Bob,OU=Staff,DC=corp,DC=example")
	h.Set(key, when, values...)
	h.Set(`Microsoft\Windows\CurrentVersion\Group Policy\State\Machine`, when, registrytest.SZ("Distinguished-Name", "CN=WEB01,DC=corp,DC=example"))
	sameUnplaced(t, all(t, registry.PolicyDomains(read(t, write(t, h)))), []registry.PolicyDomain{
		{SID: sid(t, "S-1-5-21-1-2-3-1105"), Distinguished: "CN=Bob,OU=Staff,DC=corp,DC=example", Domain: "corp.example", Key: key, LastWrite: when},
	})
}

func TestWindowsVersions(t *testing.T) {
	const nt = `Microsoft\Windows NT\CurrentVersion`
	for _, tt := range []struct {
		name      string
		values    []registrytest.Value
		want      string
		installed time.Time
	}{
		{"Windows 11", []registrytest.Value{registrytest.SZ("ProductName", "Windows 10 Pro"), registrytest.SZ("CurrentBuild", "22631"), registrytest.DWord("UBR", 3007),
			registrytest.SZ("DisplayVersion", "23H2"), registrytest.SZ("ReleaseId", "2009"), registrytest.QWord("InstallTime", 133000000123456789), registrytest.DWord("InstallDate", 1)},
			"Windows 11 Pro 23H2, build 22631.3007", when},
		{"Windows 7", []registrytest.Value{registrytest.SZ("ProductName", "Windows 7 Ultimate"), registrytest.SZ("CurrentBuildNumber", "7601"), registrytest.SZ("CSDVersion", "Service Pack 1"),
			registrytest.DWord("InstallDate", 1411529745)}, "Windows 7 Ultimate Service Pack 1, build 7601", time.Date(2014, 9, 24, 3, 35, 45, 0, time.UTC)},
		{"only a build", []registrytest.Value{registrytest.SZ("CurrentBuild", "1")}, "build 1", time.Time{}},
		{"nothing", nil, "", time.Time{}},
	} {
		h := registrytest.Hive{Name: "SOFTWARE"}
		h.Set(nt, when, tt.values...)
		h.Set(`Microsoft\Cryptography`, when, registrytest.SZ("MachineGuid", "1b2c"))
		r := read(t, write(t, h))
		w, err := registry.WindowsOf(r)
		if err != nil || w.Name() != tt.want || !w.Installed.Equal(tt.installed) || w.Installed.IsZero() != (w.InstalledBy == registry.Setting{}) || w.Key != nt {
			t.Errorf("%s: %q, installed %v by %+v, %v", tt.name, w.Name(), w.Installed, w.InstalledBy, err)
		}
		if g, err := registry.MachineGUID(r); err != nil || g.Text != "1b2c" || g.Offset <= 0 {
			t.Errorf("%s: GUID %+v, %v", tt.name, g, err)
		}
	}

	h := registrytest.Hive{Name: "SYSTEM"}
	h.Key(`ControlSet001\Services`, when)
	h.Set(`Setup\Source OS (Updated on 7/12/2019 10:21:36)`, when, registrytest.SZ("ProductName", "Windows 10 Pro"), registrytest.SZ("ReleaseId", "1803"), registrytest.DWord("InstallDate", 1411529745))
	h.Set(`Setup\Source OS`, when, registrytest.SZ("ProductName", "Windows 8"))
	h.Key(`Setup\Pid`, when)
	got := all(t, registry.FormerVersions(read(t, write(t, h))))
	if len(got) != 2 || got[0].Name() != "Windows 8" || !got[0].Upgraded.IsZero() || got[1].Name() != "Windows 10 Pro 1803" ||
		!got[1].Upgraded.Equal(time.Date(2019, 7, 12, 10, 21, 36, 0, time.UTC)) || got[1].Installed.IsZero() {
		t.Errorf("%+v", got)
	}
}

func TestComputer(t *testing.T) {
	h := registrytest.Hive{Name: "SYSTEM"}
	const set = `ControlSet002\`
	h.Set(`Select`, when, registrytest.DWord("Current", 2))
	h.Set(`ControlSet001\Control\ComputerName\ComputerName`, when, registrytest.SZ("ComputerName", "OLD"))
	h.Set(set+`Control\ComputerName\ComputerName`, when, registrytest.SZ("ComputerName", "NEXT"))
	h.Set(set+`Control\ComputerName\ActiveComputerName`, when, registrytest.SZ("ComputerName", "WEB01"))
	h.Set(set+`Services\Tcpip\Parameters`, when, registrytest.SZ("Hostname", "web01"), registrytest.SZ("NV Hostname", "next"), registrytest.SZ("Domain", ""), registrytest.SZ("NV Domain", "corp.example"))
	h.Set(set+`Control\ProductOptions`, when, registrytest.SZ("ProductType", "ServerNT"))
	c, err := registry.ComputerOf(read(t, write(t, h)))
	if err != nil || c.ControlSet != "ControlSet002" || c.Name.Text != "NEXT" || c.ActiveName.Text != "WEB01" || c.Host.Text != "web01" || c.NextHost.Text != "next" ||
		c.Domain.Text != "corp.example" || c.Domain.Value != "NV Domain" || c.Product.Text != "ServerNT" || c.Zone.Known() {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestNetwork(t *testing.T) {
	h := registrytest.Hive{Name: "SYSTEM"}
	const key = `ControlSet001\Services\Tcpip\Parameters\Interfaces\{4b0ae068-b350-4bd4-85ab-77e00e581863}`
	day := when.Truncate(time.Second)
	want := registry.Interface{
		Key: key, LastWrite: when, GUID: "{4b0ae068-b350-4bd4-85ab-77e00e581863}", Name: "Wi-Fi", Description: "Adapter", DHCP: true,
		Addresses: []string{"10.0.0.5", "10.0.0.6"}, Masks: []string{"255.0.0.0", "255.0.0.0"}, Gateways: []string{"10.0.0.1"}, NameServers: []string{"1.1.1.1", "8.8.8.8"}, Domain: "lan",
		Leases: []registry.Lease{
			{Key: key, LastWrite: when, Address: "192.168.0.7", Mask: "255.255.255.0", Server: "192.168.0.1", Gateways: []string{"192.168.0.1"}, NameServers: []string{"9.9.9.9"},
				Domain: "home", Network: "Net 2.4", Obtained: day, Expires: day.Add(time.Hour)},
			{Key: key + `\34166656`, LastWrite: when.Add(-time.Hour), Address: "172.16.0.9", Network: "Cafe", Obtained: day.AddDate(0, -1, 0), Expires: day},
		},
	}
	h.Set(`Select`, when, registrytest.DWord("Current", 1))
	h.SetInterface(want)
	h.Set(`ControlSet001\Services\Tcpip\Parameters\PersistentRoutes`, when, registrytest.SZ("10.9.0.0,255.255.0.0,10.0.0.2,1", ""))
	h.Set(`ControlSet001\Services\PortProxy\v4tov4\tcp`, when, registrytest.SZ("0.0.0.0/8443", "10.0.0.9/3389"))
	r := read(t, write(t, h))
	sameUnplaced(t, all(t, registry.Interfaces(r)), []registry.Interface{want})
	sameUnplaced(t, all(t, registry.Routes(r)), []registry.Route{{Key: `ControlSet001\Services\Tcpip\Parameters\PersistentRoutes`, LastWrite: when,
		Destination: "10.9.0.0", Mask: "255.255.0.0", Gateway: "10.0.0.2", Metric: "1"}})
	sameUnplaced(t, all(t, registry.PortProxies(r)), []registry.PortProxy{{Key: `ControlSet001\Services\PortProxy\v4tov4\tcp`, LastWrite: when,
		Family: "v4tov4", Listen: "0.0.0.0/8443", Connect: "10.0.0.9/3389"}})

	s := registrytest.Hive{Name: "SOFTWARE"}
	s.Key(`Microsoft\Windows NT\CurrentVersion`, when)
	local := time.Date(2022, 6, 18, 9, 5, 1, 250e6, time.UTC)
	network := registry.Network{Key: `Microsoft\Windows NT\CurrentVersion\NetworkList\Profiles\{N}`, LastWrite: when, GUID: "{N}", Name: "Cafe", Description: "Cafe", Category: 1, Medium: 0x47,
		Created: local, LastConnected: local.AddDate(0, 0, 3)}
	s.SetNetwork(network)
	got := all(t, registry.Networks(read(t, write(t, s))))
	if len(got) != 1 || got[0].MediumName() != "wireless" || len(got[0].Signatures) != 0 {
		t.Errorf("%+v", got)
	}
	network.Signatures = []registry.NetworkSignature{{LastWrite: when, Name: "Cafe", DNSSuffix: "lan", GatewayMAC: "00-11-22-33-44-55"}}
	s.SetNetwork(network)
	got = all(t, registry.Networks(read(t, write(t, s))))
	if !strings.HasPrefix(got[0].Signatures[0].Key, `Microsoft\Windows NT\CurrentVersion\NetworkList\Signatures\Unmanaged\`) {
		t.Errorf("%+v", got)
	}
	got[0].Signatures[0].Key = ""
	sameUnplaced(t, got, []registry.Network{network})

	s.Set(network.Key, when, registrytest.Binary("DateCreated", make([]byte, 16)), registrytest.Binary("DateLastConnected", []byte{230, 7, 13, 0, 1, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
	for n, err := range registry.Networks(read(t, write(t, s))) {
		if err == nil || !strings.Contains(err.Error(), "SYSTEMTIME") || !n.Created.IsZero() || n.Name != "Cafe" {
			t.Errorf("%+v, %v", n, err)
		}
	}
}

// The clock of a machine in three time zones, at the changes and beside them.
func TestTimeZone(t *testing.T) {
	week := func(month time.Month, week int, hour int) registry.ZoneChange {
		return registry.ZoneChange{Month: month, Day: week, Weekday: time.Sunday, Clock: time.Duration(hour) * time.Hour}
	}
	zones := map[string]registry.TimeZone{
		"east":    {Bias: 300, DaylightBias: -60, Daylight: week(3, 2, 2), Standard: week(11, 1, 2)},
		"berlin":  {Bias: -60, DaylightBias: -60, Daylight: week(3, 5, 2), Standard: week(10, 5, 3)},
		"sydney":  {Bias: -600, DaylightBias: -60, Daylight: week(10, 1, 2), Standard: week(4, 1, 3)},
		"kolkata": {Bias: -330},
		"fixed":   {Bias: 300, DaylightBias: -60, Daylight: week(3, 2, 2), Standard: week(11, 1, 2), NoDaylight: true},
	}
	for _, tt := range []struct {
		zone, local, want string
		ambiguous         bool
	}{
		{"east", "2018-01-10 14:40:52", "2018-01-10 19:40:52", false},
		{"east", "2018-03-11 01:59:59", "2018-03-11 06:59:59", false},
		{"east", "2018-03-11 03:00:00", "2018-03-11 07:00:00", false},
		{"east", "2018-11-04 00:59:59", "2018-11-04 04:59:59", false},
		{"east", "2018-11-04 01:30:00", "2018-11-04 06:30:00", true},
		{"east", "2018-11-04 02:00:00", "2018-11-04 07:00:00", false},
		{"berlin", "2021-03-28 03:00:00", "2021-03-28 01:00:00", false},
		{"berlin", "2021-10-31 02:30:00", "2021-10-31 01:30:00", true},
		{"berlin", "2021-12-31 23:00:00", "2021-12-31 22:00:00", false},
		{"sydney", "2021-01-01 00:00:00", "2020-12-31 13:00:00", false},
		{"sydney", "2021-07-01 00:00:00", "2021-06-30 14:00:00", false},
		{"kolkata", "2021-07-01 05:30:00", "2021-07-01 00:00:00", false},
		{"fixed", "2018-07-10 12:00:00", "2018-07-10 17:00:00", false},
	} {
		h := registrytest.Hive{Name: "SYSTEM"}
		z := zones[tt.zone]
		z.Name.Text, z.LastWrite = "A zone", when
		h.SetTimeZone(z)
		h.Set(`Select`, when, registrytest.DWord("Current", 1))
		c, err := registry.ComputerOf(read(t, write(t, h)))
		if err != nil || !c.Zone.Known() || c.Zone.Daylight != z.Daylight || c.Zone.Standard != z.Standard || c.Zone.Bias != z.Bias {
			t.Fatalf("%+v, %v", c.Zone, err)
		}
		local, err := time.Parse(time.DateTime, tt.local)
		if err != nil {
			t.Fatal(err)
		}
		if got, ambiguous := c.Zone.UTC(local); got.Format(time.DateTime) != tt.want || ambiguous != tt.ambiguous {
			t.Errorf("%s %s: %s, %v, want %s", tt.zone, tt.local, got.Format(time.DateTime), ambiguous, tt.want)
		}
	}
}
