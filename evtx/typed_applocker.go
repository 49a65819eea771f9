package evtx

// The events of AppLocker: 8002 to 8004 about programs and DLLs, 8005 to 8007 about
// scripts and installers.

var appLocker = source{
	name: "applocker", provider: "Microsoft-Windows-AppLocker",
	guid: "{cbda4dbf-8d5d-4f69-9578-be14aa540d22}", channel: "Microsoft-Windows-AppLocker/EXE and DLL",
}

// AppLocker8002 records that a program or DLL was allowed.
//
// Policy: AppLocker rules for programs or DLLs, and the service Application Identity.
type AppLocker8002 struct {
	System
	PolicyNameLength   uint16
	PolicyName         string // EXE, DLL, SCRIPT, MSI
	RuleId             GUID
	RuleNameLength     uint16
	RuleName           string
	RuleSddlLength     uint16
	RuleSddl           string
	TargetUser         string `evtx:",sid"`
	TargetProcessId    uint32
	FilePathLength     uint16
	FilePath           string // with variables of AppLocker, in capitals
	FileHashLength     uint16
	FileHash           []byte // SHA-256
	FqbnLength         uint16
	Fqbn               string // publisher, product, file and version of the signature, or "-"
	TargetLogonId      uint64 `evtx:",hex,since=1"`
	FullFilePathLength uint16 `evtx:",since=2"`
	FullFilePath       string `evtx:",since=2"`
	Extra              []Field
}

var _ = declare[AppLocker8002](appLocker, 8002, written{level: 4, keywords: 0x8000000000000000, element: "RuleAndFileData", namespace: "http://schemas.microsoft.com/schemas/event/Microsoft.Windows/1.0.0.0"},
	`{FullFilePath|FilePath} (process {TargetProcessId}) was allowed for {TargetUser}[ by the rule {RuleName}]`)

// AppLocker8003 records that a program or DLL would be blocked if the rules were enforced.
//
// Policy: AppLocker rules for programs or DLLs that are only audited.
type AppLocker8003 struct {
	System
	PolicyNameLength   uint16
	PolicyName         string // EXE, DLL, SCRIPT, MSI
	RuleId             GUID
	RuleNameLength     uint16
	RuleName           string
	RuleSddlLength     uint16
	RuleSddl           string
	TargetUser         string `evtx:",sid"`
	TargetProcessId    uint32
	FilePathLength     uint16
	FilePath           string // with variables of AppLocker, in capitals
	FileHashLength     uint16
	FileHash           []byte // SHA-256
	FqbnLength         uint16
	Fqbn               string // publisher, product, file and version of the signature, or "-"
	TargetLogonId      uint64 `evtx:",hex,since=1"`
	FullFilePathLength uint16 `evtx:",since=2"`
	FullFilePath       string `evtx:",since=2"`
	Extra              []Field
}

var _ = declare[AppLocker8003](appLocker, 8003, written{level: 3, keywords: 0x8000000000000000, element: "RuleAndFileData", namespace: "http://schemas.microsoft.com/schemas/event/Microsoft.Windows/1.0.0.0"},
	`{FullFilePath|FilePath} (process {TargetProcessId}) would have been blocked for {TargetUser}[ by the rule {RuleName}]`)

// AppLocker8004 records that a program or DLL was blocked.
//
// Policy: AppLocker rules for programs or DLLs, and the service Application Identity.
type AppLocker8004 struct {
	System
	PolicyNameLength   uint16
	PolicyName         string // EXE, DLL, SCRIPT, MSI
	RuleId             GUID
	RuleNameLength     uint16
	RuleName           string
	RuleSddlLength     uint16
	RuleSddl           string
	TargetUser         string `evtx:",sid"`
	TargetProcessId    uint32
	FilePathLength     uint16
	FilePath           string // with variables of AppLocker, in capitals
	FileHashLength     uint16
	FileHash           []byte // SHA-256
	FqbnLength         uint16
	Fqbn               string // publisher, product, file and version of the signature, or "-"
	TargetLogonId      uint64 `evtx:",hex,since=1"`
	FullFilePathLength uint16 `evtx:",since=2"`
	FullFilePath       string `evtx:",since=2"`
	Extra              []Field
}

var _ = declare[AppLocker8004](appLocker, 8004, written{level: 2, keywords: 0x8000000000000000, element: "RuleAndFileData", namespace: "http://schemas.microsoft.com/schemas/event/Microsoft.Windows/1.0.0.0"},
	`{FullFilePath|FilePath} (process {TargetProcessId}) was blocked for {TargetUser}[ by the rule {RuleName}]`)

// AppLocker8005 records that a script or installer was allowed.
//
// Policy: AppLocker rules for scripts or installers, and the service Application Identity.
type AppLocker8005 struct {
	System
	PolicyNameLength   uint16
	PolicyName         string // EXE, DLL, SCRIPT, MSI
	RuleId             GUID
	RuleNameLength     uint16
	RuleName           string
	RuleSddlLength     uint16
	RuleSddl           string
	TargetUser         string `evtx:",sid"`
	TargetProcessId    uint32
	FilePathLength     uint16
	FilePath           string // with variables of AppLocker, in capitals
	FileHashLength     uint16
	FileHash           []byte // SHA-256
	FqbnLength         uint16
	Fqbn               string // publisher, product, file and version of the signature, or "-"
	TargetLogonId      uint64 `evtx:",hex,since=1"`
	FullFilePathLength uint16 `evtx:",since=2"`
	FullFilePath       string `evtx:",since=2"`
	Extra              []Field
}

var _ = declare[AppLocker8005](appLocker, 8005, written{channel: "Microsoft-Windows-AppLocker/MSI and Script", level: 4, keywords: 0x4000000000000000, element: "RuleAndFileData", namespace: "http://schemas.microsoft.com/schemas/event/Microsoft.Windows/1.0.0.0"},
	`{FullFilePath|FilePath} was allowed for {TargetUser}[ by the rule {RuleName}]`)

// AppLocker8006 records that a script or installer would be blocked if the rules were
// enforced.
//
// Policy: AppLocker rules for scripts or installers that are only audited.
type AppLocker8006 struct {
	System
	PolicyNameLength   uint16
	PolicyName         string // EXE, DLL, SCRIPT, MSI
	RuleId             GUID
	RuleNameLength     uint16
	RuleName           string
	RuleSddlLength     uint16
	RuleSddl           string
	TargetUser         string `evtx:",sid"`
	TargetProcessId    uint32
	FilePathLength     uint16
	FilePath           string // with variables of AppLocker, in capitals
	FileHashLength     uint16
	FileHash           []byte // SHA-256
	FqbnLength         uint16
	Fqbn               string // publisher, product, file and version of the signature, or "-"
	TargetLogonId      uint64 `evtx:",hex,since=1"`
	FullFilePathLength uint16 `evtx:",since=2"`
	FullFilePath       string `evtx:",since=2"`
	Extra              []Field
}

var _ = declare[AppLocker8006](appLocker, 8006, written{channel: "Microsoft-Windows-AppLocker/MSI and Script", level: 3, keywords: 0x4000000000000000, element: "RuleAndFileData", namespace: "http://schemas.microsoft.com/schemas/event/Microsoft.Windows/1.0.0.0"},
	`{FullFilePath|FilePath} would have been blocked for {TargetUser}[ by the rule {RuleName}]`)

// AppLocker8007 records that a script or installer was blocked. PowerShell writes it for
// its own test files, too: __PSScriptPolicyTest_ in a temporary folder.
//
// Policy: AppLocker rules for scripts or installers, and the service Application Identity.
type AppLocker8007 struct {
	System
	PolicyNameLength   uint16
	PolicyName         string // EXE, DLL, SCRIPT, MSI
	RuleId             GUID
	RuleNameLength     uint16
	RuleName           string
	RuleSddlLength     uint16
	RuleSddl           string
	TargetUser         string `evtx:",sid"`
	TargetProcessId    uint32
	FilePathLength     uint16
	FilePath           string // with variables of AppLocker, in capitals
	FileHashLength     uint16
	FileHash           []byte // SHA-256
	FqbnLength         uint16
	Fqbn               string // publisher, product, file and version of the signature, or "-"
	TargetLogonId      uint64 `evtx:",hex,since=1"`
	FullFilePathLength uint16 `evtx:",since=2"`
	FullFilePath       string `evtx:",since=2"`
	Extra              []Field
}

var _ = declare[AppLocker8007](appLocker, 8007, written{channel: "Microsoft-Windows-AppLocker/MSI and Script", level: 2, keywords: 0x4000000000000000, element: "RuleAndFileData", namespace: "http://schemas.microsoft.com/schemas/event/Microsoft.Windows/1.0.0.0"},
	`{FullFilePath|FilePath} was blocked for {TargetUser}[ by the rule {RuleName}]`)

// AppLocker8020 records that a packaged app was allowed.
//
// Policy: AppLocker rules for packaged apps, and the service Application Identity.
type AppLocker8020 struct {
	System
	PolicyNameLength uint16
	PolicyName       string
	RuleId           GUID
	RuleNameLength   uint16
	RuleName         string
	RuleSddlLength   uint16
	RuleSddl         string
	TargetUser       string `evtx:",sid"`
	TargetProcessId  uint32
	PackageLength    uint16
	Package          string
	FqbnLength       uint16
	Fqbn             string
	Extra            []Field
}

var _ = declare[AppLocker8020](appLocker, 8020, written{channel: "Microsoft-Windows-AppLocker/Packaged app-Execution", level: 4, keywords: 0x2000000000000000, element: "RuleAndFileData", namespace: "http://schemas.microsoft.com/schemas/event/Microsoft.Windows/1.0.0.0"},
	`{Package} (process {TargetProcessId}) was allowed for {TargetUser}[ by the rule {RuleName}]`)

// AppLocker8008 records that AppLocker is not available in this edition of Windows.
//
// Policy: AppLocker rules for scripts or installers, and the service Application Identity.
type AppLocker8008 struct {
	System
	FilePathLength uint16
	FilePath       string `evtx:"FilePathBuffer"`
	Extra          []Field
}

var _ = declare[AppLocker8008](appLocker, 8008, written{level: 3, keywords: 0x8000000000000000},
	`AppLocker was not available in this edition of Windows[, file {FilePath}]`)
