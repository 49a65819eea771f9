package origintest

import (
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// The hives, as Sources names them.
const (
	systemHive   = "Windows/System32/config/SYSTEM"
	softwareHive = "Windows/System32/config/SOFTWARE"
)

// diskSignature is the signature that mfttest.Disk gives its disks.
const diskSignature = 0x4b524d42

func (b *build) systemHive(partition int64) ([]byte, error) {
	h := registrytest.Hive{Name: `\SystemRoot\System32\Config\SYSTEM`, LastWrite: at("22:02:57")}
	h.Set("Select", installed, registrytest.DWord("Current", 1), registrytest.DWord("Default", 1), registrytest.DWord("Failed", 0), registrytest.DWord("LastKnownGood", 1))
	mounted := binary.LittleEndian.AppendUint32(nil, diskSignature)
	mounted = binary.LittleEndian.AppendUint64(mounted, uint64(partition))
	h.Set("MountedDevices", installed, registrytest.Binary(`\DosDevices\C:`, mounted))
	const set = `ControlSet001\`
	h.Set(set+`Control\ComputerName\ComputerName`, installed, registrytest.SZ("ComputerName", computer))
	h.Set(set+`Control\TimeZoneInformation`, installed, registrytest.SZ("TimeZoneKeyName", "UTC"), registrytest.DWord("ActiveTimeBias", 0))
	service := func(name, command, account string, when time.Time) {
		h.Set(set+`Services\`+name, when, registrytest.ExpandSZ("ImagePath", command), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10),
			registrytest.DWord("ErrorControl", 1), registrytest.SZ("ObjectName", account))
	}
	service("W3SVC", `%windir%\system32\svchost.exe -k iissvcs`, "LocalSystem", installed)
	service("MSSQLSERVER", `"`+genuine+`" -sMSSQLSERVER`, databaseEngine.String(), installed.Add(time.Hour))
	if !b.noSysmon {
		service("Sysmon64", `C:\Windows\Sysmon64.exe`, "LocalSystem", installed.Add(2*time.Hour))
	}
	for _, s := range services {
		service(s.name, s.command, "LocalSystem", at(s.when).Truncate(time.Microsecond))
	}
	return h.Bytes()
}

func softwareHiveBytes() ([]byte, error) {
	h := registrytest.Hive{Name: `\SystemRoot\System32\Config\SOFTWARE`, LastWrite: at("22:02:57")}
	h.Set(`Microsoft\Windows NT\CurrentVersion`, installed, registrytest.SZ("ProductName", "Windows Server 2022 Datacenter"), registrytest.SZ("CurrentBuild", "20348"))
	h.Set(`Microsoft\Windows NT\CurrentVersion\Winlogon`, installed, registrytest.SZ("Shell", "explorer.exe"), registrytest.SZ("Userinit", system32+"userinit.exe,"))
	for _, a := range []account{svcAdmin, portalAdmin} {
		h.Set(`Microsoft\Windows NT\CurrentVersion\ProfileList\`+a.sid, installed, registrytest.ExpandSZ("ProfileImagePath", `C:\Users\`+a.name))
	}
	h.Set(`Microsoft\Windows\CurrentVersion\Run`, at("13:55:12.3005120"),
		registrytest.ExpandSZ("SecurityHealth", `%windir%\system32\SecurityHealthSystray.exe`), registrytest.SZ("SQLServerUpdate", subject))
	return h.Bytes()
}

func userHive(a account) ([]byte, error) {
	h := registrytest.Hive{Name: `\??\C:\Users\` + a.name + `\NTUSER.DAT`, LastWrite: at("14:30:00")}
	h.Set(`Software\Microsoft\Windows\CurrentVersion\Run`, installed.Add(26*time.Hour), registrytest.SZ("OneDrive", `"C:\Program Files\Microsoft OneDrive\OneDrive.exe" /background`))
	return h.Bytes()
}
