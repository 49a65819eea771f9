package origintest

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// The hives, as Sources names them.
const (
	hiveFolder   = "Windows/System32/config/"
	systemHive   = hiveFolder + "SYSTEM"
	softwareHive = hiveFolder + "SOFTWARE"
	samHive      = hiveFolder + "SAM"
	securityHive = hiveFolder + "SECURITY"
)

// diskSignature is the signature that mfttest.Disk gives its disks.
const diskSignature = 0x4b524d42

// networkInterface is the GUID of the machine's network adapter.
const networkInterface = "{7D1E4C3A-52B8-4F06-9C1D-0A4B6E2F8833}"

// hives returns the hives on the volume, with the traces in them.
func (b *build) hives(partition int64, traces []trace) ([]hiveFile, error) {
	list := []hiveFile{
		{path: systemHive, written: stopped, hive: b.systemHive(partition)},
		{path: softwareHive, written: stopped, hive: softwareHiveOf()},
		{path: samHive, written: lastLogon, hive: samHiveOf()},
		{path: securityHive, written: stopped, hive: securityHiveOf()},
	}
	for _, a := range []account{svcAdmin, portalAdmin} {
		list = append(list, hiveFile{path: "Users/" + a.name + "/NTUSER.DAT", owner: a.sid, written: stopped, hive: userHive(a)})
	}
	for i := range list {
		setTraces(traces, list[i].path, list[i].hive)
		var err error
		if list[i].data, err = list[i].hive.Bytes(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// A hiveFile is a hive on the volume.
type hiveFile struct {
	path, owner string
	written     time.Time
	hive        *registrytest.Hive
	data        []byte
}

func (b *build) systemHive(partition int64) *registrytest.Hive {
	h := &registrytest.Hive{Name: "SYSTEM", LastWrite: at("22:02:57")}
	h.Set("Select", installed, registrytest.DWord("Current", 1), registrytest.DWord("Default", 1), registrytest.DWord("Failed", 0), registrytest.DWord("LastKnownGood", 1))
	mounted := binary.LittleEndian.AppendUint32(nil, diskSignature)
	mounted = binary.LittleEndian.AppendUint64(mounted, uint64(partition))
	h.Set("MountedDevices", installed, registrytest.Binary(`\DosDevices\C:`, mounted))
	const (
		control  = `ControlSet001\Control\`
		services = `ControlSet001\Services\`
	)
	h.Set(control+`ComputerName\ComputerName`, installed, registrytest.SZ("ComputerName", computer))
	h.Set(control+`TimeZoneInformation`, installed, registrytest.SZ("TimeZoneKeyName", "UTC"),
		registrytest.SZ("StandardName", "@tzres.dll,-932"), registrytest.SZ("DaylightName", "@tzres.dll,-931"),
		registrytest.DWord("Bias", 0), registrytest.DWord("ActiveTimeBias", 0), registrytest.DWord("StandardBias", 0), registrytest.DWord("DaylightBias", 0),
		registrytest.Binary("StandardStart", make([]byte, 16)), registrytest.Binary("DaylightStart", make([]byte, 16)))
	h.Set(control+`Session Manager\Environment`, installed, registrytest.SZ("PROCESSOR_ARCHITECTURE", "AMD64"), registrytest.SZ("NUMBER_OF_PROCESSORS", "2"),
		registrytest.SZ("OS", "Windows_NT"), registrytest.ExpandSZ("ComSpec", `%SystemRoot%\system32\cmd.exe`), registrytest.ExpandSZ("windir", `%SystemRoot%`),
		registrytest.ExpandSZ("Path", `%SystemRoot%\system32;%SystemRoot%;%SystemRoot%\System32\Wbem;%SYSTEMROOT%\System32\WindowsPowerShell\v1.0\`),
		registrytest.ExpandSZ("TEMP", `%SystemRoot%\TEMP`), registrytest.ExpandSZ("TMP", `%SystemRoot%\TEMP`))
	h.Set(control+`Windows`, stopped, registrytest.ExpandSZ("Directory", `%SystemRoot%`), registrytest.Binary("ShutdownTime", filetimeBytes(stopped)))
	h.Set(control+`ProductOptions`, installed, registrytest.SZ("ProductType", "ServerNT"))
	h.Set(control+`Nls\CodePage`, installed, registrytest.SZ("ACP", "1252"), registrytest.SZ("OEMCP", "437"))
	h.Set(control+`Keyboard Layout\DosKeybCodes`, installed, registrytest.SZ("00000409", "us"))
	h.Set(control+`FileSystem`, installed, registrytest.DWord("NtfsDisableLastAccessUpdate", 0x80000002), registrytest.DWord("NtfsDisable8dot3NameCreation", 2))
	h.Set(control+`SecurityProviders\WDigest`, installed, registrytest.DWord("Negotiate", 0))
	for name, class := range bootKeyClasses() {
		h.Key(control+`Lsa\`+name, installed).Class = class
	}
	network(h, control, services)

	service := func(name, command, account string, when time.Time) {
		h.Set(services+name, when, registrytest.ExpandSZ("ImagePath", command), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10),
			registrytest.DWord("ErrorControl", 1), registrytest.SZ("ObjectName", account))
	}
	service("W3SVC", `%windir%\system32\svchost.exe -k iissvcs`, "LocalSystem", installed)
	service("MSSQLSERVER", `"`+genuine+`" -sMSSQLSERVER`, databaseEngine.String(), installed.Add(time.Hour))
	if !b.noSysmon {
		service("Sysmon64", `C:\Windows\Sysmon64.exe`, "LocalSystem", installed.Add(2*time.Hour))
	}
	for _, s := range installedServices {
		service(s.name, s.command, "LocalSystem", at(s.when).Truncate(time.Microsecond))
	}
	return h
}

// network writes what the SYSTEM hive records of the network adapter and its address.
func network(h *registrytest.Hive, control, services string) {
	const class = "{4D36E972-E325-11CE-BFC1-08002BE10318}"
	h.Set(control+`Class\`+class+`\0001`, installed, registrytest.SZ("DriverDesc", "Microsoft Hyper-V Network Adapter"),
		registrytest.SZ("NetCfgInstanceId", networkInterface), registrytest.DWord("*IfType", 6), registrytest.QWord("NetworkInterfaceInstallTimestamp", filetime.Ticks(installed)))
	h.Set(control+`Network\`+class+`\`+networkInterface+`\Connection`, installed, registrytest.SZ("Name", "Ethernet"))
	h.Set(services+`Tcpip\Parameters`, installed, registrytest.SZ("Hostname", computer), registrytest.SZ("NV Hostname", computer), registrytest.SZ("Domain", ""))
	leased := at("22:03:46")
	h.Set(services+`Tcpip\Parameters\Interfaces\`+networkInterface, leased, registrytest.DWord("EnableDHCP", 1),
		registrytest.SZ("DhcpIPAddress", serverIP), registrytest.SZ("DhcpSubnetMask", "255.255.255.0"), registrytest.MultiSZ("DhcpDefaultGateway", gatewayIP),
		registrytest.SZ("DhcpServer", gatewayIP), registrytest.SZ("DhcpNameServer", gatewayIP),
		registrytest.DWord("LeaseObtainedTime", uint32(leased.Unix())), registrytest.DWord("LeaseTerminatesTime", uint32(leased.Add(24*time.Hour).Unix())))
}

func softwareHiveOf() *registrytest.Hive {
	h := &registrytest.Hive{Name: `\SystemRoot\System32\Config\SOFTWARE`, LastWrite: at("22:02:57")}
	const nt = `Microsoft\Windows NT\CurrentVersion`
	h.Set(nt, installed, registrytest.SZ("SystemRoot", `C:\Windows`), registrytest.SZ("PathName", `C:\Windows`),
		registrytest.SZ("ProductName", "Windows Server 2022 Datacenter"), registrytest.SZ("EditionID", "ServerDatacenter"), registrytest.SZ("InstallationType", "Server"),
		registrytest.SZ("CurrentVersion", "6.3"), registrytest.DWord("CurrentMajorVersionNumber", 10), registrytest.DWord("CurrentMinorVersionNumber", 0),
		registrytest.SZ("CurrentBuild", strconv.Itoa(windowsBuild)), registrytest.SZ("CurrentBuildNumber", strconv.Itoa(windowsBuild)), registrytest.DWord("UBR", windowsRevision),
		registrytest.SZ("DisplayVersion", "21H2"), registrytest.SZ("ReleaseId", "2009"), registrytest.SZ("RegisteredOwner", "Example Ltd"),
		registrytest.DWord("InstallDate", uint32(installed.Unix())), registrytest.QWord("InstallTime", filetime.Ticks(installed)))
	h.Key(nt+`\Image File Execution Options`, installed)
	h.Set(nt+`\Winlogon`, installed, registrytest.SZ("Shell", "explorer.exe"), registrytest.SZ("Userinit", system32+"userinit.exe,"))
	h.Set(nt+`\Time Zones\UTC`, installed, registrytest.SZ("Display", "(UTC) Coordinated Universal Time"), registrytest.SZ("Std", "Coordinated Universal Time"),
		registrytest.SZ("Dlt", "Coordinated Universal Time"), registrytest.SZ("MUI_Display", "@tzres.dll,-930"), registrytest.SZ("MUI_Dlt", "@tzres.dll,-931"),
		registrytest.SZ("MUI_Std", "@tzres.dll,-932"), registrytest.Binary("TZI", make([]byte, 44)))

	const profiles = nt + `\ProfileList`
	h.Set(profiles, installed, registrytest.ExpandSZ("ProfilesDirectory", `%SystemDrive%\Users`), registrytest.ExpandSZ("ProgramData", `%SystemDrive%\ProgramData`),
		registrytest.ExpandSZ("Public", `%SystemDrive%\Users\Public`), registrytest.ExpandSZ("Default", `%SystemDrive%\Users\Default`))
	profile := func(sid, path string) {
		h.SetProfile(registry.Profile{LastWrite: installed, SID: sidOf(sid), Path: path})
	}
	profile(localSystem.sid, `%systemroot%\system32\config\systemprofile`)
	profile(localService.sid, `%systemroot%\ServiceProfiles\LocalService`)
	profile(networkService.sid, `%systemroot%\ServiceProfiles\NetworkService`)
	profile(svcAdmin.sid, `C:\Users\`+svcAdmin.name)
	profile(portalAdmin.sid, `C:\Users\`+portalAdmin.name)

	h.Set(`Microsoft\Windows\CurrentVersion`, installed, registrytest.SZ("ProgramFilesDir", `C:\Program Files`), registrytest.SZ("ProgramFilesDir (x86)", `C:\Program Files (x86)`),
		registrytest.SZ("ProgramW6432Dir", `C:\Program Files`), registrytest.SZ("CommonFilesDir", `C:\Program Files\Common Files`),
		registrytest.SZ("CommonFilesDir (x86)", `C:\Program Files (x86)\Common Files`), registrytest.SZ("CommonW6432Dir", `C:\Program Files\Common Files`))
	h.Set(`Microsoft\Windows\CurrentVersion\Run`, at("13:55:12.3005120"),
		registrytest.ExpandSZ("SecurityHealth", `%windir%\system32\SecurityHealthSystray.exe`), registrytest.SZ("SQLServerUpdate", subject))
	return h
}

func userHive(a account) *registrytest.Hive {
	h := &registrytest.Hive{Name: `\??\C:\Users\` + a.name + `\NTUSER.DAT`, LastWrite: at("14:30:00")}
	h.Set(`Control Panel\International\User Profile\en-US`, installed.Add(24*time.Hour), registrytest.DWord("CachedLanguageName", 1))
	h.Set(`Software\Microsoft\Windows\CurrentVersion\Run`, installed.Add(26*time.Hour), registrytest.SZ("OneDrive", `"C:\Program Files\Microsoft OneDrive\OneDrive.exe" /background`))
	return h
}

func filetimeBytes(t time.Time) []byte {
	return binary.LittleEndian.AppendUint64(nil, filetime.Ticks(t))
}

// bootKeyClasses returns the class names of keys below Lsa that together hold the boot
// key, in an order of bytes that is not its own.
func bootKeyClasses() map[string]string {
	order := [...]int{8, 5, 4, 2, 11, 9, 13, 3, 0, 6, 1, 12, 14, 10, 15, 7}
	var stored [16]byte
	for i, place := range order {
		stored[place] = bootKey[i]
	}
	classes := map[string]string{}
	for i, name := range []string{"JD", "Skew1", "GBG", "Data"} {
		classes[name] = hex.EncodeToString(stored[4*i : 4*i+4])
	}
	return classes
}
