package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the Application log about programs that failed.

var (
	applicationError = source{
		name: "applicationerror", provider: "Application Error",
		channel: "Application",
	}
	applicationHang = source{
		name: "applicationhang", provider: "Application Hang",
		channel: "Application",
	}
	errorReporting = source{
		name: "wer", provider: "Windows Error Reporting",
		channel: "Application",
	}
	// esent writes of all its databases: ntds.dit of a domain controller, SRUM, the search index.
	esent = source{
		name: "esent", provider: "ESENT",
		channel: "Application",
	}
	restartManager = source{
		name: "restartmanager", provider: "Microsoft-Windows-RestartManager",
		guid: "{0888e5ef-9b98-4695-979d-e92ce4247224}", channel: "Application",
	}
	auditCVE = source{
		name: "auditcve", provider: "Microsoft-Windows-Audit-CVE",
		guid: "{85a62a0d-7e17-485f-9d4f-749a287193a6}", channel: "Application",
	}
	securityCenter = source{
		name: "securitycenter", provider: "SecurityCenter",
		channel: "Application",
	}
	systemRestore = source{
		name: "systemrestore", provider: "System Restore",
		channel: "Application",
	}
)

// ApplicationError1000 records that a program crashed.
//
// Policy: none; always written.
type ApplicationError1000 struct {
	System
	AppName              string              `evtx:"#0|AppName"`
	AppVersion           string              `evtx:"#1|AppVersion"`
	AppTimeStamp         string              `evtx:"#2|AppTimeStamp"` // of linking, in hexadecimal
	ModuleName           string              `evtx:"#3|ModuleName"`
	ModuleVersion        string              `evtx:"#4|ModuleVersion"`
	ModuleTimeStamp      string              `evtx:"#5|ModuleTimeStamp"`
	ExceptionCode        winid.ExceptionCode `evtx:"#6|ExceptionCode"`
	FaultingOffset       string              `evtx:"#7|FaultingOffset"`
	ProcessId            string              `evtx:"#8|ProcessId"`           // in hexadecimal
	ProcessCreationTime  string              `evtx:"#9|ProcessCreationTime"` // a FILETIME, in hexadecimal
	AppPath              string              `evtx:"#10|AppPath"`
	ModulePath           string              `evtx:"#11|ModulePath"`
	ReportId             string              `evtx:"#12|IntegratorReportId"`
	PackageFullName      string              `evtx:"#13|PackageFullName,since=1"`
	PackageRelativeAppId string              `evtx:"#14|PackageRelativeAppId,since=1"`
	Extra                []Field
}

var _ = declare[ApplicationError1000](applicationError, 1000, written{level: 2, task: 100, keywords: 0x80000000000000},
	`{AppName} {AppVersion} crashed in {ModuleName}, exception {ExceptionCode}[, path {AppPath}]`)

// ApplicationHang1002 records that a program stopped answering and was closed.
//
// Policy: none; always written.
type ApplicationHang1002 struct {
	System
	AppName              string `evtx:"#0"`
	AppVersion           string `evtx:"#1"`
	ProcessId            string `evtx:"#2"` // in hexadecimal
	ProcessCreationTime  string `evtx:"#3"` // a FILETIME, in hexadecimal
	TerminationTime      string `evtx:"#4"` // in milliseconds
	AppPath              string `evtx:"#5"`
	ReportId             string `evtx:"#6"`
	PackageFullName      string `evtx:"#7"`
	PackageRelativeAppId string `evtx:"#8"`
	HangType             string `evtx:"#9"`
	Binary               []byte
	Extra                []Field
}

var _ = declare[ApplicationHang1002](applicationHang, 1002, written{level: 2, task: 101, keywords: 0x80000000000000},
	`{AppName} {AppVersion} stopped answering and was closed[, path {AppPath}]`)

// WER1001 records a report of Windows Error Reporting, such as that of a crash. P1 and the
// following are what the report is about: of a crash, program, version, module and so on.
//
// Policy: none; always written.
type WER1001 struct {
	System
	Bucket         string `evtx:"#0"`
	BucketType     string `evtx:"#1"`
	EventName      string `evtx:"#2"` // APPCRASH, BlueScreen, …
	Response       string `evtx:"#3"`
	CabId          string `evtx:"#4"`
	P1             string `evtx:"#5"`
	P2             string `evtx:"#6"`
	P3             string `evtx:"#7"`
	P4             string `evtx:"#8"`
	P5             string `evtx:"#9"`
	P6             string `evtx:"#10"`
	P7             string `evtx:"#11"`
	P8             string `evtx:"#12"`
	P9             string `evtx:"#13"`
	P10            string `evtx:"#14"`
	AttachedFiles  string `evtx:"#15"`
	ReportFolder   string `evtx:"#16"`
	AnalysisSymbol string `evtx:"#17"`
	Rechecking     string `evtx:"#18"`
	ReportId       string `evtx:"#19"`
	ReportStatus   string `evtx:"#20"`
	HashedBucket   string `evtx:"#21,since=1"`
	CabGuid        string `evtx:"#22,since=1"`
	Extra          []Field
}

var _ = declare[WER1001](errorReporting, 1001, written{level: 4, keywords: 0x80000000000000},
	`{EventName} was reported: {P1}[ {P2}][, {P4}][, folder {ReportFolder}]`)

// ESENT216 records that the place of a database changed, as at the use of a shadow copy.
//
// Policy: none; always written.
type ESENT216 struct {
	System
	ProcessName       string `evtx:"#0"`
	DatabaseProcessID string `evtx:"#1"` // and more, separated by commas
	Instance          string `evtx:"#2"`
	OldPath           string `evtx:"#3"`
	NewPath           string `evtx:"#4"`
	Extra             []Field
}

var _ = declare[ESENT216](esent, 216, written{level: 4, task: 3, keywords: 0x80000000000000},
	`{ProcessName} found the database {OldPath} at {NewPath}`)

// ESENT325 records that a database was created. A copy of ntds.dit that is made by
// ntdsutil leaves it.
//
// Policy: none; always written.
type ESENT325 struct {
	System
	ProcessName       string `evtx:"#0"`
	DatabaseProcessID string `evtx:"#1"` // and more, separated by commas
	Instance          string `evtx:"#2"`
	Number            string `evtx:"#3"`
	Path              string `evtx:"#4"`
	Seconds           string `evtx:"#5"`
	Timing            string `evtx:"#6"`
	Extra             []Field
}

var _ = declare[ESENT325](esent, 325, written{level: 4, task: 1, keywords: 0x80000000000000},
	`{ProcessName} created the database {Path}`)

// ESENT326 records that a database was attached.
//
// Policy: none; always written.
type ESENT326 struct {
	System
	ProcessName       string `evtx:"#0"`
	DatabaseProcessID string `evtx:"#1"` // and more, separated by commas
	Instance          string `evtx:"#2"`
	Number            string `evtx:"#3"`
	Path              string `evtx:"#4"`
	Seconds           string `evtx:"#5"`
	Timing            string `evtx:"#6"`
	Cache             string `evtx:"#7"`
	Details           string `evtx:"#8,since=1"`
	Extra             []Field
}

var _ = declare[ESENT326](esent, 326, written{level: 4, task: 1, keywords: 0x80000000000000},
	`{ProcessName} attached the database {Path}`)

// ESENT327 records that a database was detached.
//
// Policy: none; always written.
type ESENT327 struct {
	System
	ProcessName       string `evtx:"#0"`
	DatabaseProcessID string `evtx:"#1"` // and more, separated by commas
	Instance          string `evtx:"#2"`
	Number            string `evtx:"#3"`
	Path              string `evtx:"#4"`
	Seconds           string `evtx:"#5"`
	Timing            string `evtx:"#6"`
	Cache             string `evtx:"#7"`
	Extra             []Field
}

var _ = declare[ESENT327](esent, 327, written{level: 4, task: 1, keywords: 0x80000000000000},
	`{ProcessName} detached the database {Path}`)

// RestartManager10002 records that the restart manager shut a program down, for an
// installer or for ransomware.
//
// Policy: none; always written.
type RestartManager10002 struct {
	System
	RmSessionId uint32
	FullPath    string
	DisplayName string
	AppVersion  uint32
	AppType     uint32
	TSSessionId uint32
	Status      uint32
	Pid         uint32
	NFiles      uint32   `evtx:"nFiles"`
	Files       []string `evtx:"Files/File"`
	Extra       []Field
}

var _ = declare[RestartManager10002](restartManager, 10002, written{level: 4, keywords: 0x8000000000000000, element: "RmApplicationEvent", namespace: "http://www.microsoft.com/2005/08/Windows/Reliability/RestartManager/"},
	`the restart manager shut down {DisplayName} ({FullPath}, process {Pid})`)

// AuditCVE1 records an attempt to use a known vulnerability. Programs of Windows that were
// mended against it write it.
//
// Policy: none; always written.
type AuditCVE1 struct {
	System
	CVEID             string
	AdditionalDetails string
	Extra             []Field
}

var _ = declare[AuditCVE1](auditCVE, 1, written{level: 3, keywords: 0x8000000000000000},
	`an attempt to use {CVEID} was noticed: {AdditionalDetails}`)

// SecurityCenter15 records that a security product changed its state.
//
// Policy: none; always written.
type SecurityCenter15 struct {
	System
	Product string `evtx:"#0"`
	State   string `evtx:"#1"` // SECURITY_PRODUCT_STATE_ON, …
	Extra   []Field
}

var _ = declare[SecurityCenter15](securityCenter, 15, written{level: 4, keywords: 0x80000000000000},
	`the state of {Product} was set to {State}`)

// SystemRestore8195 records that system protection was turned off.
//
// Policy: none; always written.
type SystemRestore8195 struct {
	System
	Process     string `evtx:"#0"` // with its command line
	Description string `evtx:"#1"`
	Binary      []byte
	Extra       []Field
}

var _ = declare[SystemRestore8195](systemRestore, 8195, written{level: 4, keywords: 0x80000000000000},
	`{Process} turned system protection off`)

// SystemRestore8196 records that system protection was turned on.
//
// Policy: none; always written.
type SystemRestore8196 struct {
	System
	Process     string `evtx:"#0"` // with its command line
	Description string `evtx:"#1"`
	Binary      []byte
	Extra       []Field
}

var _ = declare[SystemRestore8196](systemRestore, 8196, written{level: 4, keywords: 0x80000000000000},
	`{Process} turned system protection on`)

// SystemRestore8194 records that a restore point was created.
//
// Policy: system protection must be on for a volume.
type SystemRestore8194 struct {
	System
	Process     string `evtx:"#0"` // with its command line
	Description string `evtx:"#1"`
	Binary      []byte
	Extra       []Field
}

var _ = declare[SystemRestore8194](systemRestore, 8194, written{level: 4, keywords: 0x80000000000000},
	`{Process} created the restore point {Description}`)
