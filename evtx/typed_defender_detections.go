package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of Microsoft Defender about detections since Windows 8. The same Detection ID
// joins what was found (1116) and what was done about it (1117 to 1119).

// Defender1116 records that malware was found.
//
// Policy: none; always written if Defender is on.
type Defender1116 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	DetectionID                 string             `evtx:"Detection ID"`
	DetectionTime               string             `evtx:"Detection Time"`
	Unused                      string
	Unused2                     string
	ThreatID                    string             `evtx:"Threat ID"`
	ThreatName                  string             `evtx:"Threat Name"`
	SeverityID                  string             `evtx:"Severity ID"`
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryID                  string             `evtx:"Category ID"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	FWLink                      string
	StatusCode                  string `evtx:"Status Code"`
	StatusDescription           string `evtx:"Status Description"`
	State                       string
	SourceID                    string             `evtx:"Source ID"`
	SourceName                  winid.DefenderText `evtx:"Source Name"`
	ProcessName                 string             `evtx:"Process Name"`
	DetectionUser               string             `evtx:"Detection User"`
	Unused3                     string
	Path                        string
	OriginID                    string             `evtx:"Origin ID"`
	OriginName                  winid.DefenderText `evtx:"Origin Name"`
	ExecutionID                 string             `evtx:"Execution ID"`
	ExecutionName               winid.DefenderText `evtx:"Execution Name"`
	TypeID                      string             `evtx:"Type ID"`
	TypeName                    winid.DefenderText `evtx:"Type Name"`
	PreExecutionStatus          string             `evtx:"Pre Execution Status"`
	ActionID                    string             `evtx:"Action ID"`
	ActionName                  winid.DefenderText `evtx:"Action Name"`
	Unused4                     string
	ErrorCode                   winid.ErrorText `evtx:"Error Code"`
	ErrorDescription            string          `evtx:"Error Description"`
	Unused5                     string
	PostCleanStatus             string             `evtx:"Post Clean Status"`
	AdditionalActionsID         string             `evtx:"Additional Actions ID"`
	AdditionalActionsString     winid.DefenderText `evtx:"Additional Actions String"`
	RemediationUser             string             `evtx:"Remediation User"`
	Unused6                     string
	SecurityIntelligenceVersion string `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1116](defender, 1116, written{level: 3, keywords: 0x8000000000000000},
	`Defender found {ThreatName} ({SeverityName}) in {Path}[, process {ProcessName}][, user {DetectionUser}]`)

// Defender1117 records that something was done about malware.
//
// Policy: none; always written if Defender is on.
type Defender1117 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	DetectionID                 string             `evtx:"Detection ID"`
	DetectionTime               string             `evtx:"Detection Time"`
	Unused                      string
	Unused2                     string
	ThreatID                    string             `evtx:"Threat ID"`
	ThreatName                  string             `evtx:"Threat Name"`
	SeverityID                  string             `evtx:"Severity ID"`
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryID                  string             `evtx:"Category ID"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	FWLink                      string
	StatusCode                  string `evtx:"Status Code"`
	StatusDescription           string `evtx:"Status Description"`
	State                       string
	SourceID                    string             `evtx:"Source ID"`
	SourceName                  winid.DefenderText `evtx:"Source Name"`
	ProcessName                 string             `evtx:"Process Name"`
	DetectionUser               string             `evtx:"Detection User"`
	Unused3                     string
	Path                        string
	OriginID                    string             `evtx:"Origin ID"`
	OriginName                  winid.DefenderText `evtx:"Origin Name"`
	ExecutionID                 string             `evtx:"Execution ID"`
	ExecutionName               winid.DefenderText `evtx:"Execution Name"`
	TypeID                      string             `evtx:"Type ID"`
	TypeName                    winid.DefenderText `evtx:"Type Name"`
	PreExecutionStatus          string             `evtx:"Pre Execution Status"`
	ActionID                    string             `evtx:"Action ID"`
	ActionName                  winid.DefenderText `evtx:"Action Name"`
	Unused4                     string
	ErrorCode                   winid.ErrorText `evtx:"Error Code"`
	ErrorDescription            string          `evtx:"Error Description"`
	Unused5                     string
	PostCleanStatus             string             `evtx:"Post Clean Status"`
	AdditionalActionsID         string             `evtx:"Additional Actions ID"`
	AdditionalActionsString     winid.DefenderText `evtx:"Additional Actions String"`
	RemediationUser             string             `evtx:"Remediation User"`
	Unused6                     string
	SecurityIntelligenceVersion string `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1117](defender, 1117, written{level: 4, keywords: 0x8000000000000000},
	`Defender acted against {ThreatName} in {Path}: {ActionName}[, process {ProcessName}][, user {DetectionUser}]`)

// Defender1118 records that an action against malware failed. The machine is not in
// danger.
//
// Policy: none; always written if Defender is on.
type Defender1118 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	DetectionID                 string             `evtx:"Detection ID"`
	DetectionTime               string             `evtx:"Detection Time"`
	Unused                      string
	Unused2                     string
	ThreatID                    string             `evtx:"Threat ID"`
	ThreatName                  string             `evtx:"Threat Name"`
	SeverityID                  string             `evtx:"Severity ID"`
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryID                  string             `evtx:"Category ID"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	FWLink                      string
	StatusCode                  string `evtx:"Status Code"`
	StatusDescription           string `evtx:"Status Description"`
	State                       string
	SourceID                    string             `evtx:"Source ID"`
	SourceName                  winid.DefenderText `evtx:"Source Name"`
	ProcessName                 string             `evtx:"Process Name"`
	DetectionUser               string             `evtx:"Detection User"`
	Unused3                     string
	Path                        string
	OriginID                    string             `evtx:"Origin ID"`
	OriginName                  winid.DefenderText `evtx:"Origin Name"`
	ExecutionID                 string             `evtx:"Execution ID"`
	ExecutionName               winid.DefenderText `evtx:"Execution Name"`
	TypeID                      string             `evtx:"Type ID"`
	TypeName                    winid.DefenderText `evtx:"Type Name"`
	PreExecutionStatus          string             `evtx:"Pre Execution Status"`
	ActionID                    string             `evtx:"Action ID"`
	ActionName                  winid.DefenderText `evtx:"Action Name"`
	Unused4                     string
	ErrorCode                   winid.ErrorText `evtx:"Error Code"`
	ErrorDescription            string          `evtx:"Error Description"`
	Unused5                     string
	PostCleanStatus             string             `evtx:"Post Clean Status"`
	AdditionalActionsID         string             `evtx:"Additional Actions ID"`
	AdditionalActionsString     winid.DefenderText `evtx:"Additional Actions String"`
	RemediationUser             string             `evtx:"Remediation User"`
	Unused6                     string
	SecurityIntelligenceVersion string `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1118](defender, 1118, written{level: 4, keywords: 0x8000000000000000},
	`Defender failed to act against {ThreatName} in {Path}: {ActionName}, error {ErrorCode}`)

// Defender1119 records that an action against malware failed, and that the machine is in
// danger.
//
// Policy: none; always written if Defender is on.
type Defender1119 struct {
	System
	ProductName                 winid.DefenderText `evtx:"Product Name"`
	ProductVersion              string             `evtx:"Product Version"`
	DetectionID                 string             `evtx:"Detection ID"`
	DetectionTime               string             `evtx:"Detection Time"`
	Unused                      string
	Unused2                     string
	ThreatID                    string             `evtx:"Threat ID"`
	ThreatName                  string             `evtx:"Threat Name"`
	SeverityID                  string             `evtx:"Severity ID"`
	SeverityName                winid.DefenderText `evtx:"Severity Name"`
	CategoryID                  string             `evtx:"Category ID"`
	CategoryName                winid.DefenderText `evtx:"Category Name"`
	FWLink                      string
	StatusCode                  string `evtx:"Status Code"`
	StatusDescription           string `evtx:"Status Description"`
	State                       string
	SourceID                    string             `evtx:"Source ID"`
	SourceName                  winid.DefenderText `evtx:"Source Name"`
	ProcessName                 string             `evtx:"Process Name"`
	DetectionUser               string             `evtx:"Detection User"`
	Unused3                     string
	Path                        string
	OriginID                    string             `evtx:"Origin ID"`
	OriginName                  winid.DefenderText `evtx:"Origin Name"`
	ExecutionID                 string             `evtx:"Execution ID"`
	ExecutionName               winid.DefenderText `evtx:"Execution Name"`
	TypeID                      string             `evtx:"Type ID"`
	TypeName                    winid.DefenderText `evtx:"Type Name"`
	PreExecutionStatus          string             `evtx:"Pre Execution Status"`
	ActionID                    string             `evtx:"Action ID"`
	ActionName                  winid.DefenderText `evtx:"Action Name"`
	Unused4                     string
	ErrorCode                   winid.ErrorText `evtx:"Error Code"`
	ErrorDescription            string          `evtx:"Error Description"`
	Unused5                     string
	PostCleanStatus             string             `evtx:"Post Clean Status"`
	AdditionalActionsID         string             `evtx:"Additional Actions ID"`
	AdditionalActionsString     winid.DefenderText `evtx:"Additional Actions String"`
	RemediationUser             string             `evtx:"Remediation User"`
	Unused6                     string
	SecurityIntelligenceVersion string `evtx:"Security intelligence Version|Signature Version"`
	EngineVersion               string `evtx:"Engine Version"`
	Extra                       []Field
}

var _ = declare[Defender1119](defender, 1119, written{level: 2, keywords: 0x8000000000000000},
	`Defender failed to act against {ThreatName} in {Path}: {ActionName}, error {ErrorCode}`)
