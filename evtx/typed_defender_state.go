package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of Microsoft Defender about its scans, its own state and its configuration.

// Defender1000 records that a scan started.
//
// Policy: none; always written if Defender is on.
type Defender1000 struct {
	System
	ProductName         winid.DefenderText `evtx:"Product Name"`
	ProductVersion      string             `evtx:"Product Version"`
	ScanID              string             `evtx:"Scan ID"`
	ScanTypeIndex       string             `evtx:"Scan Type Index"`
	ScanType            winid.DefenderText `evtx:"Scan Type"`
	ScanParametersIndex string             `evtx:"Scan Parameters Index"`
	ScanParameters      winid.DefenderText `evtx:"Scan Parameters"`
	Domain              string
	User                string
	SID                 string
	ScanResources       string `evtx:"Scan Resources"`
	Extra               []Field
}

var _ = declare[Defender1000](defender, 1000, written{level: 4, keywords: 0x8000000000000000},
	`{Domain\User|"Defender"} started a scan`)

// Defender1001 records that a scan ended.
//
// Policy: none; always written if Defender is on.
type Defender1001 struct {
	System
	ProductName         winid.DefenderText `evtx:"Product Name"`
	ProductVersion      string             `evtx:"Product Version"`
	ScanID              string             `evtx:"Scan ID"`
	ScanTypeIndex       string             `evtx:"Scan Type Index"`
	ScanType            winid.DefenderText `evtx:"Scan Type"`
	ScanParametersIndex string             `evtx:"Scan Parameters Index"`
	ScanParameters      winid.DefenderText `evtx:"Scan Parameters"`
	Domain              string
	User                string
	SID                 string
	ScanTimeHours       string `evtx:"Scan Time Hours"`
	ScanTimeMinutes     string `evtx:"Scan Time Minutes"`
	ScanTimeSeconds     string `evtx:"Scan Time Seconds"`
	Extra               []Field
}

var _ = declare[Defender1001](defender, 1001, written{level: 4, keywords: 0x8000000000000000},
	`{Domain\User|"Defender"} ended a scan after {ScanTimeHours} h {ScanTimeMinutes} min {ScanTimeSeconds} s`)

// Defender1002 records that a scan was stopped before its end.
//
// Policy: none; always written if Defender is on.
type Defender1002 struct {
	System
	ProductName         winid.DefenderText `evtx:"Product Name"`
	ProductVersion      string             `evtx:"Product Version"`
	ScanID              string             `evtx:"Scan ID"`
	ScanTypeIndex       string             `evtx:"Scan Type Index"`
	ScanType            winid.DefenderText `evtx:"Scan Type"`
	ScanParametersIndex string             `evtx:"Scan Parameters Index"`
	ScanParameters      winid.DefenderText `evtx:"Scan Parameters"`
	Domain              string
	User                string
	SID                 string
	Extra               []Field
}

var _ = declare[Defender1002](defender, 1002, written{level: 3, keywords: 0x8000000000000000},
	`{Domain\User|"Defender"} stopped a scan`)

// Defender1003 records that a scan was paused.
//
// Policy: none; always written if Defender is on.
type Defender1003 struct {
	System
	ProductName         winid.DefenderText `evtx:"Product Name"`
	ProductVersion      string             `evtx:"Product Version"`
	ScanID              string             `evtx:"Scan ID"`
	ScanTypeIndex       string             `evtx:"Scan Type Index"`
	ScanType            winid.DefenderText `evtx:"Scan Type"`
	ScanParametersIndex string             `evtx:"Scan Parameters Index"`
	ScanParameters      winid.DefenderText `evtx:"Scan Parameters"`
	Domain              string
	User                string
	SID                 string
	Extra               []Field
}

var _ = declare[Defender1003](defender, 1003, written{level: 4, keywords: 0x8000000000000000},
	`{Domain\User|"Defender"} paused a scan`)

// Defender1004 records that a scan was resumed.
//
// Policy: none; always written if Defender is on.
type Defender1004 struct {
	System
	ProductName         winid.DefenderText `evtx:"Product Name"`
	ProductVersion      string             `evtx:"Product Version"`
	ScanID              string             `evtx:"Scan ID"`
	ScanTypeIndex       string             `evtx:"Scan Type Index"`
	ScanType            winid.DefenderText `evtx:"Scan Type"`
	ScanParametersIndex string             `evtx:"Scan Parameters Index"`
	ScanParameters      winid.DefenderText `evtx:"Scan Parameters"`
	Domain              string
	User                string
	SID                 string
	Extra               []Field
}

var _ = declare[Defender1004](defender, 1004, written{level: 4, keywords: 0x8000000000000000},
	`{Domain\User|"Defender"} resumed a scan`)

// Defender1005 records that a scan failed.
//
// Policy: none; always written if Defender is on.
type Defender1005 struct {
	System
	ProductName         winid.DefenderText `evtx:"Product Name"`
	ProductVersion      string             `evtx:"Product Version"`
	ScanID              string             `evtx:"Scan ID"`
	ScanTypeIndex       string             `evtx:"Scan Type Index"`
	ScanType            winid.DefenderText `evtx:"Scan Type"`
	ScanParametersIndex string             `evtx:"Scan Parameters Index"`
	ScanParameters      winid.DefenderText `evtx:"Scan Parameters"`
	Domain              string
	User                string
	SID                 string
	ErrorCode           winid.ErrorText `evtx:"Error Code"`
	ErrorDescription    string          `evtx:"Error Description"`
	Extra               []Field
}

var _ = declare[Defender1005](defender, 1005, written{level: 2, keywords: 0x8000000000000000},
	`a scan of {Domain\User|"Defender"} failed, error {ErrorCode}`)

// Defender1134 records that a rule of device control or data loss prevention audited an
// operation.
//
// Policy: none; always written if Defender is on.
type Defender1134 struct {
	System
	ProductName      winid.DefenderText `evtx:"Product Name"`
	ProductVersion   string             `evtx:"Product Version"`
	Unused           string
	PolicyVersion    string `evtx:"Policy Version"`
	PolicyRuleId     string `evtx:"Policy Rule Id"`
	EnforcementLevel string `evtx:"Enforcement Level"`
	AuditReason      string `evtx:"Audit Reason"`
	EventTimestamp   string `evtx:"Event Timestamp"`
	ActionType       string `evtx:"Action Type"`
	Process          string
	Source           string
	Target           string
	SessionId        string `evtx:"Session Id"`
	UserSid          string `evtx:"User Sid"`
	SignatureVersion string `evtx:"Signature Version"`
	EngineVersion    string `evtx:"Engine Version"`
	Extra            []Field
}

var _ = declare[Defender1134](defender, 1134, written{level: 4, keywords: 0x8000000000000000},
	`{Process} did {ActionType} with {Source}[, to {Target}]: {EnforcementLevel}`)

// Defender1150 records that Defender is healthy. Defender writes it every hour.
//
// Policy: none; always written if Defender is on.
type Defender1150 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	PlatformVersion             string             `evtx:"Platform version"`
	Unused                      string
	EngineVersion               string `evtx:"Engine version"`
	SecurityIntelligenceVersion string `evtx:"Security intelligence version|Signature version"`
	Extra                       []Field
}

var _ = declare[Defender1150](defender, 1150, written{level: 4, keywords: 0x8000000000000000},
	`Defender was healthy: platform {PlatformVersion}, engine {EngineVersion}, signatures {SecurityIntelligenceVersion}`)

// Defender1151 records the state of Defender's parts. Defender writes it every hour.
//
// Policy: none; always written if Defender is on.
type Defender1151 struct {
	System
	ProductName                        winid.DefenderText `evtx:"Product Name"`
	PlatformVersion                    string             `evtx:"Platform version"`
	Unused                             string
	EngineVersion                      string             `evtx:"Engine version"`
	NRIEngineVersion                   string             `evtx:"NRI engine version"`
	AVSecurityIntelligenceVersion      string             `evtx:"AV security intelligence version|AV Signature version"`
	ASSecurityIntelligenceVersion      string             `evtx:"AS security intelligence version|AS Signature version"`
	NRISecurityIntelligenceVersion     string             `evtx:"NRI security intelligence version|NRI Signature version"`
	RTPState                           winid.DefenderText `evtx:"RTP state"`
	OAState                            winid.DefenderText `evtx:"OA state"`
	IOAVState                          winid.DefenderText `evtx:"IOAV state"`
	BMState                            winid.DefenderText `evtx:"BM state"`
	LastAVSecurityIntelligenceAge      string             `evtx:"Last AV security intelligence age|Last AV Signature age"`
	LastASSecurityIntelligenceAge      string             `evtx:"Last AS security intelligence age|Last AS Signature age"`
	LastQuickScanAge                   string             `evtx:"Last quick scan age"`
	LastFullScanAge                    string             `evtx:"Last full scan age"`
	AVSecurityIntelligenceCreationTime string             `evtx:"AV security intelligence creation time|AV Signature creation time"`
	ASSecurityIntelligenceCreationTime string             `evtx:"AS security intelligence creation time|AS Signature creation time"`
	LastQuickScanStartTime             string             `evtx:"Last quick scan start time"`
	LastQuickScanEndTime               string             `evtx:"Last quick scan end time"`
	LastQuickScanSource                string             `evtx:"Last quick scan source"`
	LastFullScanStartTime              string             `evtx:"Last full scan start time"`
	LastFullScanEndTime                string             `evtx:"Last full scan end time"`
	LastFullScanSource                 string             `evtx:"Last full scan source"`
	ProductStatus                      string             `evtx:"Product status"`
	LatestEngineVersion                string             `evtx:"Latest engine version,since=1"`
	EngineUpToDate                     string             `evtx:"Engine up-to-date,since=1"`
	LatestPlatformVersion              string             `evtx:"Latest platform version,since=1"`
	PlatformUpToDate                   string             `evtx:"Platform up-to-date,since=1"`
	Extra                              []Field
}

var _ = declare[Defender1151](defender, 1151, written{level: 4, keywords: 0x8000000000000000},
	`Defender was up: real-time protection {RTPState}, on access {OAState}, downloads {IOAVState}, behaviour {BMState}, signatures {LastAVSecurityIntelligenceAge} days old`)

// Defender2000 records that the definitions were updated.
//
// Policy: none; always written if Defender is on.
type Defender2000 struct {
	System
	ProductName                         winid.DefenderText `evtx:"Product Name"`
	ProductVersion                      string             `evtx:"Product Version"`
	CurrentSecurityIntelligenceVersion  string             `evtx:"Current security intelligence Version|Current Signature Version"`
	PreviousSecurityIntelligenceVersion string             `evtx:"Previous security intelligence Version|Previous Signature Version"`
	Unused                              string
	Unused2                             string
	Unused3                             string
	Domain                              string
	User                                string
	SID                                 string
	SecurityIntelligenceTypeIndex       string             `evtx:"Security intelligence Type Index|Signature Type Index"`
	SecurityIntelligenceType            winid.DefenderText `evtx:"Security intelligence Type|Signature Type"`
	UpdateTypeIndex                     string             `evtx:"Update Type Index"`
	UpdateType                          winid.DefenderText `evtx:"Update Type"`
	CurrentEngineVersion                string             `evtx:"Current Engine Version"`
	PreviousEngineVersion               string             `evtx:"Previous Engine Version"`
	Extra                               []Field
}

var _ = declare[Defender2000](defender, 2000, written{level: 4, keywords: 0x8000000000000000},
	`Defender was updated to the signatures {CurrentSecurityIntelligenceVersion}, engine {CurrentEngineVersion}`)

// Defender2050 records that a file was sent to Microsoft.
//
// Policy: Automatic sample submission, which is on by default.
type Defender2050 struct {
	System
	ProductName    winid.DefenderText `evtx:"Product Name"`
	ProductVersion string             `evtx:"Product Version"`
	Filename       string
	Sha256         string
	Extra          []Field
}

var _ = declare[Defender2050](defender, 2050, written{level: 4, keywords: 0x8000000000000000},
	`Defender sent {Filename} to Microsoft, SHA-256 {Sha256}`)

// Defender5000 records that real-time protection was turned on.
//
// Policy: none; always written if Defender is on.
type Defender5000 struct {
	System
	ProductName    winid.DefenderText `evtx:"Product Name"`
	ProductVersion string             `evtx:"Product Version"`
	Extra          []Field
}

var _ = declare[Defender5000](defender, 5000, written{level: 4, keywords: 0x8000000000000000},
	`real-time protection was turned on`)

// Defender5001 records that real-time protection was turned off.
//
// Policy: none; always written if Defender is on.
type Defender5001 struct {
	System
	ProductName    winid.DefenderText `evtx:"Product Name"`
	ProductVersion string             `evtx:"Product Version"`
	Extra          []Field
}

var _ = declare[Defender5001](defender, 5001, written{level: 4, keywords: 0x8000000000000000},
	`real-time protection was turned off`)

// Defender5004 records that a part of real-time protection was configured.
//
// Policy: none; always written if Defender is on.
type Defender5004 struct {
	System
	ProductName    winid.DefenderText `evtx:"Product Name"`
	ProductVersion string             `evtx:"Product Version"`
	FeatureName    winid.DefenderText `evtx:"Feature Name"`
	Configuration  string
	Unused         string
	FeatureID      string `evtx:"Feature ID"`
	Extra          []Field
}

var _ = declare[Defender5004](defender, 5004, written{level: 4, keywords: 0x8000000000000000},
	`real-time protection was configured: {FeatureName|FeatureID} {Configuration}`)

// Defender5007 records that the configuration of Defender was changed, such as an
// exclusion. Values are the registry path and "= value".
//
// Policy: none; always written if Defender is on.
type Defender5007 struct {
	System
	ProductName    winid.DefenderText `evtx:"Product Name"`
	ProductVersion string             `evtx:"Product Version"`
	OldValue       string             `evtx:"Old Value"`
	NewValue       string             `evtx:"New Value"`
	Extra          []Field
}

var _ = declare[Defender5007](defender, 5007, written{level: 4, keywords: 0x8000000000000000},
	`the configuration of Defender was changed from {OldValue} to {NewValue}`)

// Defender5010 records that scanning for spyware was turned off.
//
// Policy: none; always written if Defender is on.
type Defender5010 struct {
	System
	ProductName    winid.DefenderText `evtx:"Product Name"`
	ProductVersion string             `evtx:"Product Version"`
	Extra          []Field
}

var _ = declare[Defender5010](defender, 5010, written{level: 4, keywords: 0x8000000000000000},
	`scanning for spyware was turned off`)

// Defender5012 records that scanning for viruses was turned off.
//
// Policy: none; always written if Defender is on.
type Defender5012 struct {
	System
	ProductName    winid.DefenderText `evtx:"Product Name"`
	ProductVersion string             `evtx:"Product Version"`
	Extra          []Field
}

var _ = declare[Defender5012](defender, 5012, written{level: 4, keywords: 0x8000000000000000},
	`scanning for viruses was turned off`)
