package hostile

import (
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// machineHives are hives of the accounts of a machine, its names and its networks, written at a time.
func machineHives(at time.Time) map[string]*registrytest.Hive {
	administrators := winid.WellKnownSID(`BUILTIN\Administrators`)
	machine := winid.WellKnownSID(`NT AUTHORITY\SYSTEM`).WithRID(7) // any SID
	user := machine.WithRID(1001)

	sam := &registrytest.Hive{Name: "SAM"}
	sam.SetMachineSID(machine, at)
	for rid, name := range map[uint32]string{500: "Administrator", 1001: "bob"} {
		sam.SetAccount(registry.Account{RID: rid, Name: name, FullName: "A name", Comment: "A comment", Control: 0x10, LastLogon: at, LastWrite: at,
			Names: []registry.AccountName{{Name: name, LastWrite: at}}})
	}
	sam.SetGroup(registry.Group{RID: 544, SID: administrators, Name: "Administrators", LastWrite: at, Members: []winid.SID{user, machine.WithRID(500)}})

	security := &registrytest.Hive{Name: "SECURITY"}
	security.SetPolicy(registry.Policy{AccountDomain: registry.PolicyName{Name: "WEB01", LastWrite: at}, AccountDomainSID: registry.PolicySID{SID: machine, LastWrite: at}})
	security.SetCachedLogon(registry.CachedLogon{Value: "NL$1", RID: 1105, NameSize: 6, DomainSize: 8, Written: at}, at)

	software := &registrytest.Hive{Name: "SOFTWARE"}
	software.Set(`Microsoft\Windows NT\CurrentVersion`, at, registrytest.SZ("ProductName", "Windows 10 Pro"), registrytest.DWord("InstallDate", 1_400_000_000))
	software.SetProfile(registry.Profile{SID: user, Path: `C:\Users\bob`, Loaded: at, LastWrite: at})
	software.SetNetwork(registry.Network{GUID: "{N}", Name: "Cafe", Created: at, LastWrite: at,
		Signatures: []registry.NetworkSignature{{Name: "Cafe", GatewayMAC: "00-11-22-33-44-55", LastWrite: at}}})
	key, values := registrytest.SIDName(registry.SIDName{SID: user, Source: "LogonUI", Name: `WEB01\bob`})
	software.Set(key, at, values...)

	system := &registrytest.Hive{Name: "SYSTEM"}
	system.Set(`Select`, at, registrytest.DWord("Current", 1))
	system.Set(`ControlSet001\Control\ComputerName\ComputerName`, at, registrytest.SZ("ComputerName", "WEB01"))
	system.SetTimeZone(registry.TimeZone{LastWrite: at, Bias: -60, DaylightBias: -60, Name: registry.Setting{Text: "W. Europe Standard Time"},
		Daylight: registry.ZoneChange{Month: time.March, Day: 5, Clock: 2 * time.Hour}, Standard: registry.ZoneChange{Month: time.October, Day: 5, Clock: 3 * time.Hour}})
	system.SetInterface(registry.Interface{GUID: "{I}", Name: "Ethernet", LastWrite: at, Leases: []registry.Lease{{Address: "10.0.0.7", Obtained: at, Expires: at, LastWrite: at}}})
	system.Set(`Setup\Source OS (Updated on 7/12/2019 10:21:36)`, at, registrytest.SZ("ProductName", "Windows 10 Pro"))
	return map[string]*registrytest.Hive{"SAM.hive": sam, "SECURITY.hive": security, "SOFTWARE.hive": software, "SYSTEM.hive": system}
}
