package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of Microsoft Defender about malware and quarantine up to Windows 7 (1006 to
// 1015). The later ones are in typed_defender_detections.go. Texts such as %%827 are
// numbers of messages of Defender's own.

var defender = source{
	name: "defender", provider: "Microsoft-Windows-Windows Defender",
	guid: "{11cd958a-c507-4ef3-b3f2-5fd9dfbd2c78}", channel: "Microsoft-Windows-Windows Defender/Operational",
}

// Defender1006 records that malware was found.
//
// Policy: none; always written if Defender is on.
type Defender1006 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	DetectionID                 string             `evtx:"Detection ID"`
	DetectionSourceIndex        string             `evtx:"Detection Source Index"`
	DetectionSource             winid.DefenderText `evtx:"Detection Source"`
	Unused                      string
	ProcessName                 string `evtx:"Process Name"`
	Domain                      string
	User                        string
	SID                         string
	ThreatName                  string `evtx:"Threat Name"`
	ThreatID                    string `evtx:"Threat ID"`
	SeverityID                  string `evtx:"Severity ID"`
	CategoryID                  string `evtx:"Category ID"`
	FWLink                      string
	PathFound                   string             `evtx:"Path Found"`
	DetectionOriginIndex        string             `evtx:"Detection Origin Index"`
	DetectionOrigin             winid.DefenderText `evtx:"Detection Origin"`
	ExecutionStatusIndex        string             `evtx:"Execution Status Index"`
	ExecutionStatus             winid.DefenderText `evtx:"Execution Status"`
	DetectionTypeIndex          string             `evtx:"Detection Type Index"`
	DetectionType               winid.DefenderText `evtx:"Detection Type"`
	Unused2                     string
	Unused3                     string
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	SecurityIntelligenceVersion string             `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string             `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1006](defender, 1006, written{level: 3, keywords: 0x8000000000000000},
	`Defender found {ThreatName} ({SeverityName|SeverityID}) in {PathFound|ProcessName}`)

// Defender1007 records that something was done about malware.
//
// Policy: none; always written if Defender is on.
type Defender1007 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	DetectionID                 string             `evtx:"Detection ID"`
	Unused                      string
	Unused2                     string
	StatusCode                  string `evtx:"Status Code"`
	StatusDescription           string `evtx:"Status Description"`
	Domain                      string
	User                        string
	SID                         string
	ThreatName                  string `evtx:"Threat Name"`
	ThreatID                    string `evtx:"Threat ID"`
	SeverityID                  string `evtx:"Severity ID"`
	CategoryID                  string `evtx:"Category ID"`
	FWLink                      string
	Path                        string `evtx:"Path|Path Found"`
	Unused3                     string
	Unused4                     string
	CleaningActionIndex         string             `evtx:"Cleaning Action Index"`
	CleaningAction              winid.DefenderText `evtx:"Cleaning Action"`
	Unused5                     string
	Unused6                     string
	Unused7                     string
	Unused8                     string
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	SecurityIntelligenceVersion string             `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string             `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1007](defender, 1007, written{level: 4, keywords: 0x8000000000000000},
	`Defender acted against {ThreatName} in {Path}: {CleaningAction|CleaningActionIndex}`)

// Defender1008 records that an action against malware failed.
//
// Policy: none; always written if Defender is on.
type Defender1008 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	DetectionID                 string             `evtx:"Detection ID"`
	Unused                      string
	Unused2                     string
	StatusCode                  string `evtx:"Status Code"`
	StatusDescription           string `evtx:"Status Description"`
	Domain                      string
	User                        string
	SID                         string
	ThreatName                  string `evtx:"Threat Name"`
	ThreatID                    string `evtx:"Threat ID"`
	SeverityID                  string `evtx:"Severity ID"`
	CategoryID                  string `evtx:"Category ID"`
	FWLink                      string
	Path                        string `evtx:"Path|Path Found"`
	Unused3                     string
	Unused4                     string
	CleaningActionIndex         string             `evtx:"Cleaning Action Index"`
	CleaningAction              winid.DefenderText `evtx:"Cleaning Action"`
	ErrorCode                   winid.ErrorText    `evtx:"Error Code"`
	ErrorDescription            string             `evtx:"Error Description"`
	Unused5                     string
	Unused6                     string
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	SecurityIntelligenceVersion string             `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string             `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1008](defender, 1008, written{level: 2, keywords: 0x8000000000000000},
	`Defender failed to act against {ThreatName} in {Path}: {CleaningAction|CleaningActionIndex}, error {ErrorCode}`)

// Defender1009 records that malware was restored from quarantine.
//
// Policy: none; always written if Defender is on.
type Defender1009 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	Unused                      string
	Unused2                     string
	Unused3                     string
	Unused4                     string
	Unused5                     string
	Domain                      string
	User                        string
	SID                         string
	ThreatName                  string `evtx:"Threat Name"`
	ThreatID                    string `evtx:"Threat ID"`
	SeverityID                  string `evtx:"Severity ID"`
	CategoryID                  string `evtx:"Category ID"`
	FWLink                      string
	Path                        string
	Unused6                     string
	Unused7                     string
	Unused8                     string
	Unused9                     string
	Unused10                    string
	Unused11                    string
	Unused12                    string
	Unused13                    string
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	SecurityIntelligenceVersion string             `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string             `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1009](defender, 1009, written{level: 4, keywords: 0x8000000000000000},
	`{Domain\User|"Defender"} restored {ThreatName} from quarantine: {Path}`)

// Defender1010 records that malware could not be restored from quarantine.
//
// Policy: none; always written if Defender is on.
type Defender1010 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	ErrorCode                   winid.ErrorText    `evtx:"Error Code"`
	ErrorDescription            string             `evtx:"Error Description"`
	Unused                      string
	Unused2                     string
	Unused3                     string
	Domain                      string
	User                        string
	SID                         string
	ThreatName                  string `evtx:"Threat Name"`
	ThreatID                    string `evtx:"Threat ID"`
	SeverityID                  string `evtx:"Severity ID"`
	CategoryID                  string `evtx:"Category ID"`
	FWLink                      string
	Path                        string
	Unused4                     string
	Unused5                     string
	Unused6                     string
	Unused7                     string
	Unused8                     string
	Unused9                     string
	Unused10                    string
	Unused11                    string
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	SecurityIntelligenceVersion string             `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string             `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1010](defender, 1010, written{level: 2, keywords: 0x8000000000000000},
	`{Domain\User|"Defender"} failed to restore {ThreatName} from quarantine: {Path}, error {ErrorCode}`)

// Defender1011 records that malware was deleted from quarantine.
//
// Policy: none; always written if Defender is on.
type Defender1011 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	Unused                      string
	Unused2                     string
	Unused3                     string
	Unused4                     string
	Unused5                     string
	Domain                      string
	User                        string
	SID                         string
	ThreatName                  string `evtx:"Threat Name"`
	ThreatID                    string `evtx:"Threat ID"`
	SeverityID                  string `evtx:"Severity ID"`
	CategoryID                  string `evtx:"Category ID"`
	FWLink                      string
	Path                        string
	Unused6                     string
	Unused7                     string
	Unused8                     string
	Unused9                     string
	Unused10                    string
	Unused11                    string
	Unused12                    string
	Unused13                    string
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	SecurityIntelligenceVersion string             `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string             `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1011](defender, 1011, written{level: 4, keywords: 0x8000000000000000},
	`{Domain\User|"Defender"} deleted {ThreatName} from quarantine: {Path}`)

// Defender1013 records that the history of malware was deleted.
//
// Policy: none; always written if Defender is on.
type Defender1013 struct {
	System
	ProductName    winid.DefenderText `evtx:"Product Name"`
	ProductVersion string             `evtx:"Product Version"`
	Timestamp      string
	Unused         string
	Unused2        string
	Unused3        string
	Unused4        string
	Domain         string
	User           string
	SID            string
	Extra          []Field
}

var _ = declare[Defender1013](defender, 1013, written{level: 4, keywords: 0x8000000000000000},
	`{Domain\User|"Defender"} deleted the history of malware up to {Timestamp}`)

// Defender1015 records that suspicious behaviour was found.
//
// Policy: none; always written if Defender is on.
type Defender1015 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	DetectionID                 string             `evtx:"Detection ID"`
	DetectionSourceIndex        string             `evtx:"Detection Source Index"`
	DetectionSource             winid.DefenderText `evtx:"Detection Source"`
	Unused                      string
	ProcessName                 string `evtx:"Process Name"`
	Domain                      string
	User                        string
	SID                         string
	ThreatName                  string `evtx:"Threat Name"`
	ThreatID                    string `evtx:"Threat ID"`
	SeverityID                  string `evtx:"Severity ID"`
	CategoryID                  string `evtx:"Category ID"`
	FWLink                      string
	PathFound                   string             `evtx:"Path Found"`
	DetectionOriginIndex        string             `evtx:"Detection Origin Index"`
	DetectionOrigin             winid.DefenderText `evtx:"Detection Origin"`
	ExecutionStatusIndex        string             `evtx:"Execution Status Index"`
	ExecutionStatus             winid.DefenderText `evtx:"Execution Status"`
	DetectionTypeIndex          string             `evtx:"Detection Type Index"`
	DetectionType               winid.DefenderText `evtx:"Detection Type"`
	Unused2                     string
	Unused3                     string
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	SecurityIntelligenceVersion string             `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string             `evtx:"Engine Version"`
	BehavingProcessID           string             `evtx:"Process ID"`
	SecurityIntelligenceID      string             `evtx:"Security intelligence ID|Signature ID"`
	FidelityValue               string             `evtx:"Fidelity Value"`
	FidelityLabel               string             `evtx:"Fidelity Label"`
	ImageFileHash               string             `evtx:"Image File Hash"`
	Unused4                     string
	Unused5                     string
	TargetFileName              string `evtx:"Target File Name"`
	TargetFileHash              string `evtx:"Target File Hash"`
	Extra                       []Field
}

var _ = declare[Defender1015](defender, 1015, written{level: 3, keywords: 0x8000000000000000},
	`Defender found suspicious behaviour {ThreatName} of {ProcessName}[ (process {BehavingProcessID})][, target {TargetFileName}]`)
