package evtx

// The events of programs about messages that a user saw, and of Windows about programs
// that did not answer.

var (
	officeAlerts = source{
		name: "office", provider: "Microsoft Office 16 Alerts",
		also: []string{"Microsoft Office 15 Alerts", "Microsoft Office 14 Alerts"}, channel: "OAlerts",
	}
	winsrv = source{
		name: "winsrv", provider: "Microsoft-Windows-Winsrv",
		guid: "{9d55b53d-449b-4824-a637-24f9d69aa02f}", channel: "Application",
	}
	win32k = source{
		name: "win32k", provider: "Microsoft-Windows-Win32k",
		guid: "{8c416c79-d49b-4f01-a467-e56d3aa8234c}", channel: "Microsoft-Windows-Win32k/Operational",
	}
	lsaServer = source{
		name: "lsasrv", provider: "LsaSrv",
		guid: "{199fe037-2b82-40a9-82ac-e1d46c792b99}", channel: "System",
	}
	dateTimePanel = source{
		name: "datetimepanel", provider: "Microsoft-Windows-DateTimeControlPanel",
		guid: "{741fc222-44ed-4ba7-98e3-f405b2d2c4b4}", channel: "Microsoft-Windows-DateTimeControlPanel/Operational",
	}
)

// Office300 records a message that a program of Office showed. It often names a document.
//
// Policy: none; always written.
type Office300 struct {
	System
	Program        string `evtx:"#0"`
	Message        string `evtx:"#1"`
	Number         string `evtx:"#2"`
	ProgramVersion string `evtx:"#3"`
	Text4          string `evtx:"#4"`
	Text5          string `evtx:"#5"`
	Binary         []byte
	Extra          []Field
}

var _ = declare[Office300](officeAlerts, 300, written{level: 4, keywords: 0x80000000000000},
	`{Program} showed: {Message}`)

// Winsrv10001 records that a program stopped a shutdown.
//
// Policy: none; always written.
type Winsrv10001 struct {
	System
	AppName      string
	ResponseTime uint32
	Extra        []Field
}

var _ = declare[Winsrv10001](winsrv, 10001, written{level: 4, keywords: 0x8000000000000000, element: "VetoAppEvent", namespace: "http://manifests.microsoft.com/win/2004/08/windows/winsrv"},
	`{AppName} stopped a shutdown`)

// Winsrv10002 records that a program was ended because it did not answer.
//
// Policy: none; always written.
type Winsrv10002 struct {
	System
	AppName string
	Extra   []Field
}

var _ = declare[Winsrv10002](winsrv, 10002, written{level: 4, keywords: 0x8000000000000000, element: "HungAppEvent", namespace: "http://manifests.microsoft.com/win/2004/08/windows/winsrv"},
	`{AppName} was ended because it did not answer`)

// Win32k260 records that a program tried to load a font that is not installed.
//
// Policy: the mitigation against untrusted fonts, blocking or auditing.
type Win32k260 struct {
	System
	SourceProcessName string
	SourceType        uint32
	FontSourcePath    string
	Blocked           bool
	Extra             []Field
}

var _ = declare[Win32k260](win32k, 260, written{level: 4, task: 260, keywords: 0x100000100000000},
	`{SourceProcessName} tried to load the font {FontSourcePath|"in memory"}, blocked: {Blocked}`)

// LsaSrv40960 records that the security system failed to authenticate to a service.
//
// Policy: none; always written.
type LsaSrv40960 struct {
	System
	Target   string
	Protocol string
	Error    string
	Extra    []Field
}

var _ = declare[LsaSrv40960](lsaServer, 40960, written{level: 3, keywords: 0x8000000000000000},
	`authentication to {Target} by {Protocol} failed: {Error}`)

// DateTimePanel20000 records that a user changed the time in the control panel.
//
// Policy: none; always written.
type DateTimePanel20000 struct {
	System
	Year         uint16 `evtx:"wYear"`
	Month        uint16 `evtx:"wMonth"`
	DayOfWeek    uint16 `evtx:"wDayOfWeek"`
	Day          uint16 `evtx:"wDay"`
	Hour         uint16 `evtx:"wHour"`
	Minute       uint16 `evtx:"wMinute"`
	Second       uint16 `evtx:"wSecond"`
	Milliseconds uint16 `evtx:"wMilliseconds"`
	Extra        []Field
}

var _ = declare[DateTimePanel20000](dateTimePanel, 20000, written{level: 4, opcode: 33, task: 31, keywords: 0x8000000000000000},
	`the time was set to {Year}-{Month}-{Day} {Hour}:{Minute}:{Second}`)
