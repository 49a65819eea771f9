package origin_test

import (
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// Machines on which names mislead, and SIDs and LogonIds do not.
func identities() []story {
	const agent = `C:\Program Files\Agent\agent.exe`
	local := func(name string, rid string, logon uint64) who { return who{"PC21", name, localSID + rid, logon} }
	german := who{"NT-AUTORITÄT", "SYSTEM", "S-1-5-18", 0x3e7}
	russian := who{"NT AUTHORITY", "СИСТЕМА", "S-1-5-18", 0x3e7}
	french := who{"AUTORITE NT", "SERVICE RÉSEAU", "S-1-5-20", 0x3e4}
	tanaka := local("田中", "1001", 0x41d20)
	namesake := who{"CORP", "admin", domainSID + "1160", 0x7f777}
	bob := local("bob", "1002", 0x41d99)

	// On Windows before 2016 the record names the creator only, and no parent.
	old := func(when string, pid uint64, image, line string, parent uint64, as who) *evtx.Security4688 {
		e := ran(when, pid, image, line, parent, "", as)
		at := e.System
		e.System = sys("Security", "Microsoft-Windows-Security-Auditing", 4688, at.TimeCreated)
		e.System.Version, e.System.Computer = 1, ""
		e.TargetUserSid, e.MandatoryLabel, e.ParentProcessName = "", "", ""
		return e
	}
	twin := signedOn("11:00:00", lee, 10, stranger, "SRV02")
	twin.TargetLinkedLogonId, twin.ElevatedToken = 0x7f3ff, "%%1842"
	filtered := signedOn("11:00:00", lee.in(0x7f3ff), 10, stranger, "SRV02")
	filtered.TargetLinkedLogonId, filtered.ElevatedToken = 0x7f301, "%%1843"
	inGerman := spawned("11:59:58", 1, system32+"msiexec.exe", `msiexec /V`, 201, services, german)
	kali := signedOn("11:59:50", lee, 3, "-", "KALI")
	kali.LmPackageName, kali.AuthenticationPackageName = "NTLM V2", "NTLM"

	return []story{
		// The owner is a user, as the installer kept it; the account is SYSTEM.
		{"German: the system writes what a user owns", box("PC21", sysmonDay(), inGerman,
			made("12:00:00.2134567", 1, system32+"msiexec.exe", tool, german),
			born(tool, "12:00:00.2134567", bob)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + system32 + "msiexec.exe | pid=101",
				origin.Account:  `inferred user=NT-AUTORITÄT\SYSTEM | user=NT AUTHORITY\SYSTEM | sid=S-1-5-18 | logon_id=0x3e7`,
				origin.Logon:    "unknown logon_id=0x3e7 | logon_type=5",
			}},

		{"German: a local group owns it", box("PC21", auditedDay(),
			ran("11:59:59", 4312, system32+"xcopy.exe", `xcopy D:\tool.exe `+tool, 4300, shell, who{"PC21", "Administrator", localSID + "500", 0x41d77}),
			ended("12:00:02", 4312, system32+"xcopy.exe", bob),
			signedOn("08:00:00", who{"PC21", "Administrator", localSID + "500", 0x41d77}, 2, "127.0.0.1", "PC21"),
			on("09:00:00",
				&evtx.Security4798{TargetUserName: "bob", TargetDomainName: "PC21", TargetSid: bob.sid, SubjectUserSid: "S-1-5-18", SubjectUserName: "PC21$", SubjectDomainName: "ARBEITSGRUPPE", SubjectLogonId: 0x3e7, CallerProcessId: 900, CallerProcessName: svchost}),
			born(tool, "12:00:00.2134567", admins)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + system32 + "xcopy.exe | pid=4312",
				origin.Account:  `inferred user=PC21\Administrator | sid=` + localSID + `500 | logon_id=0x41d77`,
				origin.Logon:    "inferred logon_id=0x41d77 | logon_type=2",
				origin.Arrival:  `unknown via=D:\tool.exe`,
			}},

		{"Russian: a service of the system", box("PC21", sysmonDay(),
			spawned("11:59:58", 1, agent, agent, 201, services, russian),
			made("12:00:00.2134567", 1, agent, tool, russian),
			born(tool, "12:00:00.2134567", who{sid: "S-1-5-18"})),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + agent + " | pid=101",
				origin.Account:  `recorded user=NT AUTHORITY\СИСТЕМА | user=NT AUTHORITY\SYSTEM | sid=S-1-5-18 | logon_id=0x3e7`,
				origin.Arrival:  "unknown kind=dropped | via=" + agent,
				origin.Logon:    "unknown logon_id=0x3e7 | logon_type=5",
			}},

		{"French: the network service", box("PC21", auditedDay(),
			under(ran("06:10:00", 2400, agent, agent+" -s", 700, services, system), french),
			accessed("12:00:00.2134567", french, 2400, agent, tool),
			born(tool, "12:00:00.2134567", french)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "corroborated image=" + agent + " | pid=2400",
				origin.Account:  `corroborated user=AUTORITE NT\SERVICE RÉSEAU | user=NT AUTHORITY\NETWORK SERVICE | sid=S-1-5-20 | logon_id=0x3e4`,
				origin.Arrival:  "unknown kind=dropped | via=" + agent,
				origin.Logon:    "unknown logon_id=0x3e4 | logon_type=5",
			}},

		{"Japanese: names of users and folders", box("PC21", auditedDay(),
			signedOn("08:00:00", tanaka, 2, "127.0.0.1", "PC21"),
			ran("11:59:58", 4312, system32+"curl.exe", `curl -o "C:\Users\田中\ダウンロード\請求書.exe" `+depotURL, 3100, explorer, tanaka),
			ended("12:00:01", 4312, system32+"curl.exe", tanaka),
			born(`C:\Users\田中\ダウンロード\請求書.exe`, "12:00:00.2134567", tanaka)),
			`C:\Users\田中\ダウンロード\請求書.exe`, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + system32 + "curl.exe | pid=4312",
				origin.Account:  `inferred user=PC21\田中 | sid=` + tanaka.sid,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x41d20 | logon_type=2",
			}},

		// The owner is the local account of the same name.
		{"two accounts of one name", box("PC21", sysmonDay(),
			signedOn("08:00:00", local("admin", "1009", 0x41d09), 2, "127.0.0.1", "PC21"),
			signedOn("11:00:00", namesake, 10, stranger, "PC21"),
			spawned("11:59:58", 1, system32+"curl.exe", "curl -o "+tool+" "+depotURL, 2, shell, namesake),
			made("12:00:00.2134567", 1, system32+"curl.exe", tool, namesake),
			born(tool, "12:00:00.2134567", local("admin", "1009", 0))),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + system32 + "curl.exe | pid=101",
				origin.Account:  `recorded user=CORP\admin | sid=` + namesake.sid + ` | logon_id=0x7f777`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "recorded logon_id=0x7f777 | logon_type=10 | address=" + stranger,
			}},

		// HOST$ beside S-1-5-18 is the account of the system, not of the machine in the domain.
		{"the account of the machine is the system", box("SRV02", auditedDay(),
			ran("11:59:58", 4312, shell, `cmd /c copy C:\Setup\tool.exe `+tool, 900, svchost, system),
			ended("12:00:01", 4312, shell, system),
			born(`C:\Setup\tool.exe`, "07:00:00", admins),
			born(tool, "12:00:00.2134567", system),
			ran("13:00:00", 6000, tool, tool, 900, svchost, system)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + shell + " | pid=4312",
				origin.Account:  `inferred user=NT AUTHORITY\SYSTEM | sid=S-1-5-18 | logon_id=0x3e7`,
				origin.Arrival:  `unknown kind=copied | via=C:\Setup\tool.exe`,
				origin.Executed: `recorded time=2026-03-02T13:00:00Z | count=1 | user=NT AUTHORITY\SYSTEM | parent_image=` + svchost,
				origin.Logon:    "unknown logon_id=0x3e7 | logon_type=5",
			}},

		// The service ran as another account than its creator, services.exe.
		{"4688 of Windows Server 2012 R2", box("SRV12", day(),
			signedOn("06:05:00", backup, 5, "-", "SRV12"),
			old("06:05:01", 2400, agent, agent+" -s", 700, system),
			old("11:59:58", 4312, system32+"xcopy.exe", `xcopy \\files\depot\tool.exe `+tool, 2400, backup),
			old("13:00:00", 6000, tool, tool, 700, system),
			signedOn("12:59:59", backup.in(0x2b0f0), 5, "-", "SRV12"),
			born(tool, "12:00:00.2134567", backup)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + system32 + "xcopy.exe | pid=4312",
				origin.Account:  `inferred user=CORP\svc_backup | sid=` + backup.sid + ` | logon_id=0x2b001`,
				origin.Arrival:  "unknown kind=smb",
				origin.Executed: `recorded time=2026-03-02T13:00:00Z | count=1 | user=CORP\svc_backup`,
				origin.Logon:    "inferred logon_id=0x2b001 | logon_type=5",
			}},

		{"a token that was split in two", box("SRV02", auditedDay(), twin, filtered,
			ran("11:59:58", 4312, system32+"curl.exe", "curl -o "+tool+" "+depotURL, 3100, explorer, lee),
			ended("12:00:01", 4312, system32+"curl.exe", lee),
			born(tool, "12:00:00.2134567", admins)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + system32 + "curl.exe | pid=4312",
				origin.Account:  `inferred user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x7f301 | logon_id=0x7f3ff | logon_type=10 | address=" + stranger + " | time=2026-03-02T11:00:00Z | not=also logged on | not=(SRV02)",
			}},

		{"the machine itself by the loopback address", box("SRV02", sysmonDay(),
			signedOn("08:00:00", lee.in(0x7f111), 2, "127.0.0.1", "SRV02"),
			signedOn("11:59:50", lee, 3, "::1", "SRV02"),
			spawned("11:59:58", 1, system32+"curl.exe", "curl -o "+tool+" "+depotURL, 2, winrmHost, lee),
			made("12:00:00.2134567", 1, system32+"curl.exe", tool, lee),
			born(tool, "12:00:00.2134567", admins)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + system32 + "curl.exe | pid=101",
				origin.Account:  `recorded user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "recorded logon_id=0x7f301 | logon_type=3 | address=::1 | logon_id=0x7f111 | logon_type=2 | address=127.0.0.1 | not=from ::1 | not=from 127.0.0.1",
			}},

		// NTLM often records no address. The client was 203.0.113.77.
		{"a logon over the network without an address", box("SRV02", sysmonDay(), kali,
			spawned("11:59:58", 1, shell, `cmd.exe /Q /c certutil -urlcache -f `+depotURL+` `+tool, 2, system32+`wbem\WmiPrvSE.exe`, lee),
			made("12:00:00.2134567", 1, shell, tool, lee),
			born(tool, "12:00:00.2134567", admins)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + shell + " | pid=101",
				origin.Account:  `recorded user=CORP\adm.lee | logon_id=0x7f301`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "recorded logon_id=0x7f301 | logon_type=3 | workstation=KALI | not=machine itself",
			}},

		// Its times are those of a stick: ten milliseconds, and two seconds.
		{"moved from a stick with FAT", box("PC21", day(),
			signedOn("08:00:00", bob, 2, "127.0.0.1", "PC21"),
			on("11:50:00",
				&evtx.Security6416{SubjectUserSid: "S-1-5-18", SubjectUserName: "PC21$", SubjectDomainName: "WORKGROUP", SubjectLogonId: 0x3e7, DeviceId: `USBSTOR\Disk&Ven_Kingston&Prod_DataTraveler&Rev_1.0\0013&0`, DeviceDescription: "Kingston DataTraveler USB Device", ClassId: guid(6), ClassName: "DiskDrive", VendorIds: "USBSTOR\\DiskKingston", CompatibleIds: "USBSTOR\\Disk", LocationInformation: "-"}),
			on("11:50:01", &evtx.DriverFrameworks10000{}),
			mfttest.File{Path: inVolume(tool), Data: []byte("t"), Owner: bob.sid,
				Times:         mfttest.Times{Created: clock("07:11:12.34"), Modified: clock("07:11:14"), Changed: clock("12:00:00.3134567"), Accessed: clock("12:00:00.2134567")},
				FileNameTimes: &mfttest.Times{Created: clock("12:00:00.2134567"), Modified: clock("12:00:00.2134567"), Changed: clock("12:00:00.2134567"), Accessed: clock("12:00:00.2134567")}}),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "unknown image=" + explorer,
				origin.Account:  `inferred user=PC21\bob | sid=` + bob.sid,
				origin.Arrival:  "unknown kind=moved | kind=removable",
				origin.Logon:    "inferred logon_id=0x41d99 | logon_type=2",
			}},

		// A copy has the time of the copying as its creation, and the stick's as its modification.
		{"copied from a stick with FAT", box("PC21", auditedDay(),
			signedOn("08:00:00", bob, 2, "127.0.0.1", "PC21"),
			on("11:50:00", &evtx.DriverFrameworks10000{}),
			ran("11:59:58", 4312, shell, `cmd /c copy E:\tool.exe `+tool, 3100, explorer, bob),
			ended("12:00:02", 4312, shell, bob),
			mfttest.File{Path: inVolume(tool), Data: []byte("t"), Owner: bob.sid,
				Times: mfttest.Times{Created: clock("12:00:00.2134567"), Modified: clock("07:11:14"), Changed: clock("12:00:00.3134567"), Accessed: clock("12:00:00.3134567")}}),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + shell + " | pid=4312",
				origin.Account:  `inferred user=PC21\bob | sid=` + bob.sid,
				origin.Arrival:  `unknown kind=copied | kind=removable | via=E:\tool.exe`,
				origin.Logon:    "inferred logon_id=0x41d99 | logon_type=2",
			}},
	}
}

// winrmHost is the parent of what the loopback machine's administrator runs.
const winrmHost = system32 + "wsmprovhost.exe"
