package origintest

import "time"

// The machine and the people.
const (
	computer   = "WEB01"
	workgroup  = "WORKGROUP"
	machineSID = "S-1-5-21-2718281828-3141592653-1618033988"
	serverIP   = "10.0.4.15"
	gatewayIP  = "10.0.4.1"
	adminIP    = "10.0.4.50"     // the administrators' jump host
	strangerIP = "203.0.113.77"  // whoever uploads to the portal
	depotIP    = "198.51.100.23" // the server that the program is fetched from, and that it calls
	depotURL   = "http://" + depotIP + "/u/sqlserver.exe"
)

// The version of Windows.
const (
	windowsBuild    = 20348
	windowsRevision = 4648
)

// An account as Windows logs it.
type account struct{ domain, name, sid string }

func (a account) String() string { return a.domain + `\` + a.name }

var (
	localSystem    = account{"NT AUTHORITY", "SYSTEM", "S-1-5-18"}
	networkService = account{"NT AUTHORITY", "NETWORK SERVICE", "S-1-5-20"}
	localService   = account{"NT AUTHORITY", "LOCAL SERVICE", "S-1-5-19"}
	databaseEngine = account{"NT SERVICE", "MSSQLSERVER", "S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003"}
	portalAdmin    = account{computer, "portaladmin", machineSID + "-1004"} // the portal's application pool runs under it
	svcAdmin       = account{computer, "svcadmin", machineSID + "-1001"}    // an honest administrator
)

// Sessions by their LogonIds.
const (
	systemLogon  = 0x3e7
	networkLogon = 0x3e4
	engineLogon  = 0x1f4c3
	poolLogon    = 0x4c1a9  // of the application pool, in the first boot
	adminLogon   = 0x7d10f2 // of the honest administrator
	rdpLogon     = 0x8f2a41 // of the stranger with portaladmin's password
	poolLogonB   = 0x51b02  // of the application pool, in the second boot
	adminLogonB  = poolLogon
)

// Processes of Windows that write to the logs, by PID.
const (
	kernel          = 4
	serviceManager  = 700 // services.exe
	eventLogService = 1260
	terminalService = 1340
)

// SIDs that the Security log uses.
const (
	nullSID     = "S-1-0-0"
	highLabel   = "S-1-16-12288"
	systemLabel = "S-1-16-16384"
)

// The files that matter.
const (
	system32  = `C:\Windows\System32\`
	subject   = `C:\ProgramData\USOShared\sqlserver.exe`
	companion = `C:\ProgramData\USOShared\sqlhelper.dll`
	genuine   = `C:\Program Files\Microsoft SQL Server\MSSQL16.MSSQLSERVER\MSSQL\Binn\sqlservr.exe`
	installer = `C:\Users\svcadmin\Downloads\7z2409-x64.exe`
	backup    = `C:\Program Files\Example Backup\agent.exe`
	webServer = system32 + `inetsrv\w3wp.exe`
	edge      = `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`
)

// at is a time on the day of the story, in UTC.
func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05.9999999", "2026-03-02 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

var (
	installed = time.Date(2025, 6, 11, 9, 14, 2, 518_733_100, time.UTC) // of Windows
	stomped   = time.Date(2019, 3, 19, 4, 44, 12, 0, time.UTC)
	linked    = time.Date(2026, 2, 27, 18, 3, 55, 0, time.UTC)

	created          = at("13:42:09.2134567")
	companionCreated = at("13:42:10.4801123")
	stopped          = at("22:02:57.5110034") // the machine, to be started again
	restarted        = at("22:03:40")
	lastLogon        = at("22:20:05.218")
	cleared          = at("23:10:42.6113007")
)
