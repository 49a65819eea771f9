package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of code integrity: files that did not meet the signing level or a policy of
// Windows Defender Application Control.

var codeIntegrity = source{
	name: "codeintegrity", provider: "Microsoft-Windows-CodeIntegrity",
	guid: "{4ee76bd8-3cf4-44a0-a0ac-3937643e37a3}", channel: "Microsoft-Windows-CodeIntegrity/Operational",
}

// CodeIntegrity3033 records that a process was kept from loading a file that is not signed
// well enough. Protected processes such as lsass.exe make many of them.
//
// Policy: none; always written.
type CodeIntegrity3033 struct {
	System
	FileNameLength    uint16
	FileName          string `evtx:"FileNameBuffer"`
	ProcessNameLength uint16
	ProcessName       string `evtx:"ProcessNameBuffer"`
	RequestedPolicy   winid.SigningLevel
	ValidatedPolicy   winid.SigningLevel
	Status            winid.NTStatus
	Extra             []Field
}

var _ = declare[CodeIntegrity3033](codeIntegrity, 3033, written{level: 2, opcode: 111, task: 1, keywords: 0x8000000000000000},
	`{ProcessName} was kept from loading {FileName}: signing level {ValidatedPolicy}, {RequestedPolicy} required, status {Status}`)

// CodeIntegrity3063 records that a process was kept from loading a file that does not meet
// requirements of shared sections.
//
// Policy: none; always written.
type CodeIntegrity3063 struct {
	System
	FileNameLength    uint16
	FileName          string `evtx:"FileNameBuffer"`
	ProcessNameLength uint16
	ProcessName       string `evtx:"ProcessNameBuffer"`
	RequirementType   uint8
	Status            winid.NTStatus `evtx:",hex"`
	Extra             []Field
}

var _ = declare[CodeIntegrity3063](codeIntegrity, 3063, written{level: 2, opcode: 116, task: 1, keywords: 0x8000000000000000},
	`{ProcessName} was kept from loading {FileName}: requirement {RequirementType}, status {Status}`)

// CodeIntegrity3076 records that a policy would have kept a process from loading a file.
// Versions before 3 write Status as a decimal number.
//
// Policy: a policy of Windows Defender Application Control in audit mode.
type CodeIntegrity3076 struct {
	System
	FileNameLength          uint16
	FileName                string `evtx:"File Name"`
	ProcessNameLength       uint16
	ProcessName             string             `evtx:"Process Name"`
	RequestedSigningLevel   winid.SigningLevel `evtx:"Requested Signing Level"`
	ValidatedSigningLevel   winid.SigningLevel `evtx:"Validated Signing Level"`
	Status                  winid.NTStatus     `evtx:",hex"`
	SHA1HashSize            uint32             `evtx:"SHA1 Hash Size"`
	SHA1Hash                []byte             `evtx:"SHA1 Hash"` // Authenticode
	SHA256HashSize          uint32             `evtx:"SHA256 Hash Size"`
	SHA256Hash              []byte             `evtx:"SHA256 Hash"` // Authenticode
	SHA1FlatHashSize        uint32             `evtx:"SHA1 Flat Hash Size,since=5"`
	SHA1FlatHash            []byte             `evtx:"SHA1 Flat Hash,since=5"` // of the file
	SHA256FlatHashSize      uint32             `evtx:"SHA256 Flat Hash Size,since=5"`
	SHA256FlatHash          []byte             `evtx:"SHA256 Flat Hash,since=5"` // of the file
	USN                     uint64
	SISigningScenario       uint32 `evtx:"SI Signing Scenario"` // 0 kernel, 1 user mode
	PolicyNameLength        uint16 `evtx:",since=1"`
	PolicyName              string `evtx:",since=1"`
	PolicyIDLength          uint16 `evtx:",since=1"`
	PolicyID                string `evtx:",since=1"`
	PolicyHashSize          uint32 `evtx:",since=2"`
	PolicyHash              []byte `evtx:",since=2"`
	OriginalFileNameLength  uint16 `evtx:",since=3"`
	OriginalFileName        string `evtx:",since=3"`
	InternalNameLength      uint16 `evtx:",since=3"`
	InternalName            string `evtx:",since=3"`
	FileDescriptionLength   uint16 `evtx:",since=3"`
	FileDescription         string `evtx:",since=3"`
	ProductNameLength       uint16 `evtx:",since=3"`
	ProductName             string `evtx:",since=3"`
	FileVersion             string `evtx:",since=3"`
	PolicyGUID              GUID   `evtx:",since=4"`
	UserWriteable           bool   `evtx:",since=5"`
	PackageFamilyNameLength uint16 `evtx:",since=5"`
	PackageFamilyName       string `evtx:",since=5"`
	Extra                   []Field
}

var _ = declare[CodeIntegrity3076](codeIntegrity, 3076, written{versions: []uint8{0, 1, 2, 3, 4, 5}, level: 4, opcode: 118, task: 18, keywords: 0x8000000000000000},
	`{ProcessName} would have been kept from loading {FileName}[ by the policy {PolicyName}], status {Status}`)

// CodeIntegrity3077 records that a policy kept a process from loading a file. Versions
// before 3 write Status as a decimal number.
//
// Policy: a policy of Windows Defender Application Control that is enforced.
type CodeIntegrity3077 struct {
	System
	FileNameLength          uint16
	FileName                string `evtx:"File Name"`
	ProcessNameLength       uint16
	ProcessName             string             `evtx:"Process Name"`
	RequestedSigningLevel   winid.SigningLevel `evtx:"Requested Signing Level"`
	ValidatedSigningLevel   winid.SigningLevel `evtx:"Validated Signing Level"`
	Status                  winid.NTStatus     `evtx:",hex"`
	SHA1HashSize            uint32             `evtx:"SHA1 Hash Size"`
	SHA1Hash                []byte             `evtx:"SHA1 Hash"` // Authenticode
	SHA256HashSize          uint32             `evtx:"SHA256 Hash Size"`
	SHA256Hash              []byte             `evtx:"SHA256 Hash"` // Authenticode
	SHA1FlatHashSize        uint32             `evtx:"SHA1 Flat Hash Size,since=5"`
	SHA1FlatHash            []byte             `evtx:"SHA1 Flat Hash,since=5"` // of the file
	SHA256FlatHashSize      uint32             `evtx:"SHA256 Flat Hash Size,since=5"`
	SHA256FlatHash          []byte             `evtx:"SHA256 Flat Hash,since=5"` // of the file
	USN                     uint64
	SISigningScenario       uint32 `evtx:"SI Signing Scenario"` // 0 kernel, 1 user mode
	PolicyNameLength        uint16 `evtx:",since=1"`
	PolicyName              string `evtx:",since=1"`
	PolicyIDLength          uint16 `evtx:",since=1"`
	PolicyID                string `evtx:",since=1"`
	PolicyHashSize          uint32 `evtx:",since=2"`
	PolicyHash              []byte `evtx:",since=2"`
	OriginalFileNameLength  uint16 `evtx:",since=3"`
	OriginalFileName        string `evtx:",since=3"`
	InternalNameLength      uint16 `evtx:",since=3"`
	InternalName            string `evtx:",since=3"`
	FileDescriptionLength   uint16 `evtx:",since=3"`
	FileDescription         string `evtx:",since=3"`
	ProductNameLength       uint16 `evtx:",since=3"`
	ProductName             string `evtx:",since=3"`
	FileVersion             string `evtx:",since=3"`
	PolicyGUID              GUID   `evtx:",since=4"`
	UserWriteable           bool   `evtx:",since=5"`
	PackageFamilyNameLength uint16 `evtx:",since=5"`
	PackageFamilyName       string `evtx:",since=5"`
	Extra                   []Field
}

var _ = declare[CodeIntegrity3077](codeIntegrity, 3077, written{versions: []uint8{0, 1, 2, 3, 4, 5}, level: 2, opcode: 111, task: 18, keywords: 0x8000000000000000},
	`{ProcessName} was kept from loading {FileName}[ by the policy {PolicyName}], status {Status}`)
