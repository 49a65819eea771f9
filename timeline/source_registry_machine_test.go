package timeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

const testMachine = "S-1-5-21-1111111111-2222222222-3333333333"

func testSID(t testing.TB, text string) winid.SID {
	t.Helper()
	s, err := winid.ParseSID(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var testWritten = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// machineHives are the hives of a machine in Berlin.
func machineHives(t testing.TB) map[string]*registrytest.Hive {
	at := func(hour int) time.Time {
		return time.Date(2026, 3, 2, hour, 1, 2, 300_456_700, time.UTC)
	}
	sam := &registrytest.Hive{Name: "SAM"}
	sam.SetMachineSID(testSID(t, testMachine), testWritten)
	sam.SetAccount(registry.Account{RID: 1001, FixedRID: 500, Name: "bob", Control: 0x10, LastWrite: testWritten, LastLogon: at(1), LastBadPassword: at(2), PasswordSet: at(3), Logons: 7, BadPasswords: 2,
		Names: []registry.AccountName{{Name: "bob", LastWrite: at(4)}}})
	security := &registrytest.Hive{Name: "SECURITY"}
	security.SetPolicy(registry.Policy{AccountDomain: registry.PolicyName{Name: "WEB01"}, AccountDomainSID: registry.PolicySID{SID: testSID(t, testMachine)}})
	security.SetCachedLogon(registry.CachedLogon{Value: "NL$1", RID: 1105, NameSize: 6, DomainSize: 8, Written: at(5)}, testWritten)
	software := &registrytest.Hive{Name: "SOFTWARE"}
	software.Set(`Microsoft\Windows NT\CurrentVersion`, testWritten, registrytest.SZ("ProductName", "Windows 7"), registrytest.DWord("InstallDate", uint32(at(6).Unix())))
	software.SetProfile(registry.Profile{SID: testSID(t, testMachine+"-1001"), Path: `C:\Users\bobby`, LastWrite: testWritten, Loaded: at(7), Unloaded: at(8)})
	software.SetProfile(registry.Profile{SID: testSID(t, "S-1-5-21-9-8-7-1105"), Path: `C:\Users\carol.CORP`, LastWrite: testWritten})
	software.SetNetwork(registry.Network{GUID: "{N}", Name: "Cafe", Medium: 0x47, LastWrite: testWritten, Created: at(9), LastConnected: time.Date(2025, 10, 26, 2, 30, 0, 0, time.UTC),
		Signatures: []registry.NetworkSignature{{Name: "Cafe", GatewayMAC: "00-11-22-33-44-55", LastWrite: testWritten}}})
	key, values := registrytest.SIDName(registry.SIDName{SID: testSID(t, "S-1-5-21-9-8-7-1105"), Source: "LogonUI", Name: `CORP\carol`})
	software.Set(key, testWritten, values...)
	system := &registrytest.Hive{Name: "SYSTEM"}
	system.Set(`Select`, testWritten, registrytest.DWord("Current", 1))
	system.Set(`ControlSet001\Control\ComputerName\ComputerName`, testWritten, registrytest.SZ("ComputerName", "WEB01"))
	system.SetTimeZone(registry.TimeZone{LastWrite: testWritten, Bias: -60, DaylightBias: -60, Name: registry.Setting{Text: "W. Europe Standard Time"},
		Daylight: registry.ZoneChange{Month: time.March, Day: 5, Clock: 2 * time.Hour}, Standard: registry.ZoneChange{Month: time.October, Day: 5, Clock: 3 * time.Hour}})
	system.SetInterface(registry.Interface{GUID: "{I}", Name: "Wi-Fi", LastWrite: testWritten, Leases: []registry.Lease{
		{Address: "192.168.0.7", Server: "192.168.0.1", Network: "Cafe", Obtained: at(10), Expires: at(11), LastWrite: testWritten},
		{Address: "192.168.0.8", Network: "Old", Obtained: time.Unix(812452, 0), Expires: time.Unix(816052, 0), LastWrite: testWritten}}}) // its clock was not set
	system.Set(`Setup\Source OS (Updated on 3/2/2026 12:01:02)`, testWritten, registrytest.SZ("ProductName", "Windows Vista"), registrytest.DWord("InstallDate", uint32(at(13).Unix())))
	return map[string]*registrytest.Hive{"SAM": sam, "SECURITY": security, "SOFTWARE": software, "SYSTEM": system}
}

// collectHives collects the hives of a machine in their usual folder.
func collectHives(t testing.TB, hives map[string]*registrytest.Hive) *Timeline {
	t.Helper()
	files := fstest.MapFS{}
	for name, h := range hives {
		data, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		files["Windows/System32/config/"+name] = &fstest.MapFile{Data: data}
	}
	tl, err := Collect(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tl.Close() })
	return tl
}

// Each row of the tables makes events, at the times that the hives have.
func TestTimesOfTheMachine(t *testing.T) {
	tl := collectHives(t, machineHives(t))
	var got []string
	for e := range tl.ByKind(LastLogon, LogonFailed, PasswordSet, AccountNamed, CredentialsCached, ProfileLoaded, ProfileUnloaded, NetworkJoined, WindowsInstalled, WindowsUpgraded, LeaseObtained, LeaseEnding) {
		said, _, _ := strings.Cut(e.Message, " (HKLM")
		got = append(got, fmt.Sprintf("%s %s | %s | %s %s", e.Time.Format("2006-01-02T15:04:05"), e.Kind, said, e.User, e.SID))
		if e.Source.Offset <= 0 || e.Source.Record == "" || !strings.HasPrefix(e.Path, "HKLM") && e.Kind != ProfileLoaded && e.Kind != ProfileUnloaded {
			t.Errorf("%s: %q, %+v", said, e.Path, e.Source)
		}
		if e.SID == testMachine+"-1001" && e.Source.Artifact == "Windows/System32/config/SAM" && e.Field("Findings") != "rid_hijacked" {
			t.Errorf("%s: %q", said, e.Fields)
		}
	}
	const bob = `| bob ` + testMachine + "-1001"
	want := []string{
		"2025-10-26T01:30:00 network.joined | the machine was in the wireless network Cafe, of the gateway 00-11-22-33-44-55 last, at 2025-10-26 02:30:00 by the clock of the machine, in the time zone W. Europe Standard Time, in the hour that came twice: taken to be the second one |  ",
		"2026-03-02T01:01:02 logon.last | the local account bob logged on last, 7 times in all " + bob,
		"2026-03-02T02:01:02 logon.failed | the local account bob was last tried with a wrong password, 2 times since its last logon " + bob,
		"2026-03-02T03:01:02 password.set | the local account bob got its password " + bob,
		"2026-03-02T04:01:02 account.named | the local account with the RID 1001 got the name bob: it was made, or renamed " + bob,
		"2026-03-02T05:01:02 credentials.cached | the credentials of an account of a domain, with the RID 1105 and an encrypted name, were cached after a logon |  ",
		"2026-03-02T06:01:02 windows.installed | Windows 7 was installed, or upgraded |  ",
		`2026-03-02T07:01:02 profile.loaded | the profile C:\Users\bobby of ` + testMachine + `-1001 was loaded last | WEB01\bob ` + testMachine + "-1001",
		`2026-03-02T08:01:02 profile.unloaded | the profile C:\Users\bobby of ` + testMachine + `-1001 was unloaded last | WEB01\bob ` + testMachine + "-1001",
		"2026-03-02T08:01:02 network.joined | the machine was in the wireless network Cafe, of the gateway 00-11-22-33-44-55 for the first time, at 2026-03-02 09:01:02 by the clock of the machine, in the time zone W. Europe Standard Time |  ",
		"2026-03-02T10:01:02 lease.obtained | the address 192.168.0.7 of the interface Wi-Fi, from the DHCP server 192.168.0.1, in the network Cafe, was leased |  ",
		"2026-03-02T11:01:02 lease.ending | the address 192.168.0.7 of the interface Wi-Fi, from the DHCP server 192.168.0.1, in the network Cafe, is leased until this time |  ",
		"2026-03-02T11:01:02 windows.upgraded | an upgrade replaced Windows Vista, at 2026-03-02 12:01:02 by the clock of the machine, in the time zone W. Europe Standard Time |  ",
		"2026-03-02T13:01:02 windows.installed | Windows Vista was installed, which an upgrade replaced later |  ",
	}
	slices.Sort(want)
	slices.Sort(got)
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
}

// What the clock of the machine showed is not an event if its time zone is unknown.
func TestLocalTimesWithoutAZone(t *testing.T) {
	hives := machineHives(t)
	delete(hives, "SYSTEM")
	for e := range collectHives(t, hives).ByKind(NetworkJoined, WindowsUpgraded) {
		t.Errorf("%s %s", e.Time, e.Message)
	}
}

func TestAccountNames(t *testing.T) {
	names := func(hives map[string]*registrytest.Hive) []string {
		var list []string
		for _, n := range collectHives(t, hives).AccountNames() {
			if n.Source.Offset <= 0 || !n.Time.Equal(testWritten) {
				t.Errorf("%+v", n)
			}
			list = append(list, strings.TrimSpace(n.SID+" "+n.Name+" "+n.By+" "+n.Foreign))
		}
		return list
	}
	profiles := []string{"S-1-5-21-9-8-7-1105 CORP\\carol LogonUI", testMachine + "-1001 bobby ProfileList", "S-1-5-21-9-8-7-1105 carol.CORP ProfileList"}
	if got, want := names(machineHives(t)), append([]string{testMachine + `-1001 WEB01\bob SAM`}, profiles...); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	// A SAM of another machine beside these hives.
	foreign := machineHives(t)
	foreign["SECURITY"].SetPolicy(registry.Policy{AccountDomainSID: registry.PolicySID{SID: testSID(t, "S-1-5-21-4-5-6")}})
	want := append([]string{testMachine + `-1001 WEB01\bob SAM the SAM has the SID ` + testMachine + ` of the machine, but Windows/System32/config/SECURITY has S-1-5-21-4-5-6`}, profiles...)
	if got := names(foreign); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for e := range collectHives(t, foreign).ByKind(ProfileLoaded) {
		if e.User != "bobby" {
			t.Errorf("the name %q is from the SAM of another machine", e.User)
		}
	}
	// On a domain controller the SAM has the accounts for its repair, and SECURITY the domain.
	foreign["SYSTEM"].Set(`ControlSet001\Control\ProductOptions`, testWritten, registrytest.SZ("ProductType", "LanmanNT"))
	if got, want := names(foreign), append([]string{testMachine + `-1001 WEB01\bob SAM`}, profiles...); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
