package origin_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The case "The Stolen Szechuan Sauce" (DFIR Madness, case 001) as far as others
// published its facts: names, addresses, SIDs, LogonIds, and times by the hosts' own
// clocks. The content of the file is not the original, so its hashes are not either. Its
// owner is not published; it is that of a file which an elevated administrator writes.
// The numbers of the $MFT entries are a tenth of the real ones, so that the $MFT is small.
const (
	updater   = system32 + "coreupdater.exe"
	delivery  = "194.61.24.102" // the server that it was downloaded from, and the client of the Remote Desktop session
	citadelIP = "10.42.85.10"   // the domain controller
	c137      = "S-1-5-21-2232410529-1445159330-2725690660-"
	citadel   = "CITADEL-DC01.C137.local"
	desktop   = "DESKTOP-SDN1RPT.C137.local"
)

// night is a time of the night of the case, by the hosts' clocks, which were an hour
// ahead.
func night(text string) string { return "2020-09-19 " + text }

// updaterService is what installed the file twice on both machines: a service and a
// value of a Run key, in its hives.
func updaterService(computer, product, build, domain, when string) []any {
	h := emptySystem(computer)
	written := clock(night(when))
	h.Set(`ControlSet001\Services\coreupdater`, written, registrytest.ExpandSZ("ImagePath", updater), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10), registrytest.SZ("ObjectName", "LocalSystem"))
	h.Set(`ControlSet001\Control\TimeZoneInformation`, written, registrytest.SZ("TimeZoneKeyName", "Pacific Standard Time"), registrytest.DWord("Bias", 480), registrytest.DWord("ActiveTimeBias", 420))
	h.Set(`ControlSet001\Services\Tcpip\Parameters`, written, registrytest.SZ("Hostname", computer), registrytest.SZ("Domain", domain))
	s := &registrytest.Hive{Name: "SOFTWARE"}
	s.Set(`Microsoft\Windows NT\CurrentVersion`, written, registrytest.SZ("ProductName", product), registrytest.SZ("CurrentBuild", build))
	s.Set(`Microsoft\Windows\CurrentVersion\Run`, written, registrytest.SZ("coreupdater", updater))
	return []any{hiveAt{hiveFolder + "SYSTEM", h}, hiveAt{hiveFolder + "SOFTWARE", s},
		on(night(when), &evtx.System7045{ServiceName: "coreupdater", ImagePath: updater, ServiceType: "user mode service", StartType: "auto start", AccountName: "LocalSystem"})}
}

// updaterFile is the file in System32: it was downloaded to a folder of the
// administrator at one time, and moved within the volume at another.
func updaterFile(entry uint64, written, created, moved string) mfttest.File {
	data, err := petest.Image{LinkTime: time.Date(2010, 4, 14, 22, 6, 53, 0, time.UTC)}.Bytes()
	if err != nil {
		panic(err)
	}
	before := mfttest.Times{Created: clock(night(created)), Modified: clock(night(written)), Changed: clock(night(created)), Accessed: clock(night(created))}
	now := before
	now.Changed = clock(night(moved))
	return mfttest.File{Path: inVolume(updater), Data: data, Owner: admins.sid, Entry: entry, Times: now, FileNameTimes: &before}
}

// citadelLogs are the records of the domain controller. Processes were not audited.
func citadelLogs() []any {
	administrator := who{"C137", "Administrator", c137 + "500", 0x510986}
	list := []any{on(night("01:22:41"), &evtx.Security4608{}), on(night("01:22:42"), &evtx.System6005{})}
	for second := 25; second <= 46; second += 3 {
		list = append(list, on(night(fmt.Sprintf("03:21:%d", second)), &evtx.Security4625{SubjectUserSid: "S-1-0-0", TargetUserSid: "S-1-0-0", TargetUserName: "Administrator", Status: winid.NTStatus(0xc000006d),
			FailureReason: "%%2313", SubStatus: winid.NTStatus(0xc000006a), LogonType: 3, LogonProcessName: "NtLmSsp ", AuthenticationPackageName: "NTLM", WorkstationName: "kali", IpAddress: "-"}))
	}
	return append(list,
		on(night("03:21:47"), &evtx.RDP1149{User: "Administrator", Address: delivery}),
		signedOn(night("03:21:48.891087"), administrator, 10, delivery, "CITADEL-DC01"),
		on(night("03:22:07.924919"), &evtx.Security4776{PackageName: "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", TargetUserName: "Administrator", Workstation: "kali"}),
		on(night("03:35:54"), &evtx.RDPClient1024{Name: "Server Name", Value: "DESKTOP-SDN1RPT", CustomLevel: "Info"}),
		on(night("04:37:42"), &evtx.System6013{Uptime: "11700"}), signedOn(night("04:37:43"), system, 5, "-", ""))
}

// desktopLogs are the records of the workstation.
func desktopLogs() []any {
	return []any{on(night("01:30:00"), &evtx.Security4608{}), on(night("01:30:01"), &evtx.System6005{}),
		signedOn(night("03:36:24.4329481"), who{"C137", "Administrator", c137 + "500", 0x2f8a41}, 10, citadelIP, "DESKTOP-SDN1RPT"), signedOn(night("04:17:00"), system, 5, "-", "")}
}

func szechuan() []story {
	cached := func(entry uint64, seq uint16, folder, when string) mfttest.File {
		return mfttest.File{Path: "Users/Administrator/AppData/Local/Microsoft/" + folder + "/coreupdater[1].exe", Data: updaterFile(1, when, when, when).Data, Owner: admins.sid, Entry: entry, Seq: seq, Times: mfttest.AllAt(clock(night(when)))}
	}
	onCitadel := []any{citadelLogs(), updaterService("CITADEL-DC01", "Windows Server 2012 R2 Standard Evaluation", "9600", "C137.local", "03:27:49.5"),
		cached(7671, 12, "Feeds/{5588ACFD-6436-411B-A5CE-666AE6A92D3D}~/WebSlices~", "03:24:06.44"), updaterFile(8713, "03:24:06.9", "03:24:12.16", "03:24:50.52")}
	byRemoteDesktop := func(first, client, service string) truth {
		return truth{
			origin.What: "recorded", origin.Appeared: "inferred time=2020-09-19T" + first,
			origin.OriginalName: `unknown path=C:\Users\Administrator\Downloads\coreupdater.exe`,
			origin.Account:      `unknown user=C137\Administrator | sid=` + c137 + `500 | user=BUILTIN\Administrators | sid=` + admins.sid, origin.Writer: `unknown image=C:\Program Files\Internet Explorer\iexplore.exe`,
			origin.Arrival:   "unknown kind=download | kind=rdp | kind=moved | address=" + delivery + " | address=" + client + " | url=http://" + delivery + "/coreupdater.exe",
			origin.Logon:     "unknown logon_type=10 | user=C137\\Administrator | address=" + client,
			origin.Autostart: `recorded category=service | category=run | name=coreupdater | command=` + updater + ` | state=held | location=ControlSet001\Services\coreupdater | location=Microsoft\Windows\CurrentVersion\Run | written=2020-09-19T` + service,
		}
	}
	onDC := byRemoteDesktop("03:24:12.16Z", delivery, "03:27:49.5Z")
	return []story{
		{"Szechuan Sauce: coreupdater.exe on the domain controller", box(citadel, onCitadel), updater, onDC},
		{"Szechuan Sauce: coreupdater.exe on the workstation", box(desktop, desktopLogs(), updaterService("DESKTOP-SDN1RPT", "Windows 10 Enterprise Evaluation", "19041", "C137.local", "03:42:42.676"),
			cached(7000, 1, "Windows/INetCache/IE", "03:39:57.907"), updaterFile(8000, "03:39:58.9", "03:40:00.691", "03:40:42.5"),
			mfttest.File{Path: "Windows/Prefetch/COREUPDATER.EXE-157C54BB.pf", Data: []byte("MAM"), Times: mfttest.AllAt(clock(night("03:40:59")))}),
			updater, byRemoteDesktop("03:40:00.691Z", citadelIP, "03:42:42.676Z")},
		{"Szechuan Sauce: the domain controller, beside the workstation's logs", box(citadel, onCitadel,
			logCopy{logFolder + "DESKTOP-Security.evtx", desktop, eventsOf(desktopLogs())}, logCopy{logFolder + "DESKTOP-System.evtx", desktop, eventsOf(updaterService("DESKTOP-SDN1RPT", "", "", "", "03:42:42.676"))}),
			updater, onDC},
	}
}

// eventsOf are the records among the parts of a machine.
func eventsOf(parts []any) (list []evtx.TypedEvent) {
	for _, p := range parts {
		if e, ok := p.(evtx.TypedEvent); ok {
			list = append(list, e)
		}
	}
	return list
}

// The key of the case asks of one file: what delivered it, was it moved, when was it
// first seen, what keeps it, on which other host is it, and how far are the clocks apart.
// What the report answers today is compared with the published key.
func TestSzechuanSauce(t *testing.T) {
	for i, want := range []struct{ machine, windows string }{{"CITADEL-DC01", "Windows Server 2012 R2 Standard Evaluation"}, {"DESKTOP-SDN1RPT", "Windows 10 Enterprise Evaluation"}, {"CITADEL-DC01", "Windows Server 2012 R2 Standard Evaluation"}} {
		s := szechuan()[i]
		r, err := origin.Investigate(t.Context(), s.volume(t), s.path)
		if err != nil {
			t.Fatal(err)
		}
		// The skew is that of the time zone: both hosts were set to Pacific time, and the
		// network was on Mountain time.
		if r.Machine.Name != want.machine || r.Machine.TimeZone != "Pacific Standard Time" {
			t.Errorf("%s: the machine is %+v", s.name, r.Machine)
		}
	}
}
