package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of Windows Defender Firewall about its rules and settings. Windows 11 writes
// 2097 and 2052 in place of 2004 and 2006.

var firewall = source{
	name: "firewall", provider: "Microsoft-Windows-Windows Firewall With Advanced Security",
	guid: "{d1bc9aff-2abf-4d71-9146-ecb2a986eb85}", channel: "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
}

// Firewall2003 records that a setting of a profile was changed, such as that the firewall
// is on.
//
// Policy: none; always written.
type Firewall2003 struct {
	System
	Profiles             winid.FirewallProfiles
	SettingType          uint32
	SettingValueSize     uint32
	SettingValue         []byte
	SettingValueString   string
	Origin               winid.FirewallOrigin
	ModifyingUser        string `evtx:",sid"`
	ModifyingApplication string
	Extra                []Field
}

var _ = declare[Firewall2003](firewall, 2003, written{level: 4, keywords: 0x8000000000000000},
	`{ModifyingApplication} of {ModifyingUser} set setting {SettingType} of the firewall profiles {Profiles} to {SettingValueString}`)

// Firewall2004 records that a rule was added.
//
// Policy: none; always written.
type Firewall2004 struct {
	System
	RuleId                         string
	RuleName                       string
	Origin                         winid.FirewallOrigin
	ApplicationPath                string
	ServiceName                    string
	Direction                      winid.FirewallDirection
	Protocol                       winid.FirewallProtocol
	LocalPorts                     string
	RemotePorts                    string
	Action                         winid.FirewallAction
	Profiles                       winid.FirewallProfiles
	LocalAddresses                 string
	RemoteAddresses                string
	RemoteMachineAuthorizationList string
	RemoteUserAuthorizationList    string
	EmbeddedContext                string
	Flags                          uint16
	Active                         uint16
	EdgeTraversal                  uint16
	LooseSourceMapped              uint16
	SecurityOptions                uint16
	ModifyingUser                  string `evtx:",sid"`
	ModifyingApplication           string
	SchemaVersion                  uint16
	RuleStatus                     uint32
	LocalOnlyMapped                uint16 `evtx:",since=1"`
	Extra                          []Field
}

var _ = declare[Firewall2004](firewall, 2004, written{level: 4, keywords: 0x8000020000000000},
	`{ModifyingApplication} of {ModifyingUser} added the firewall rule {RuleName}, direction {Direction}, action {Action}[, program {ApplicationPath}][, local ports {LocalPorts}]`)

// Firewall2005 records that a rule was changed.
//
// Policy: none; always written.
type Firewall2005 struct {
	System
	RuleId                         string
	RuleName                       string
	Origin                         winid.FirewallOrigin
	ApplicationPath                string
	ServiceName                    string
	Direction                      winid.FirewallDirection
	Protocol                       winid.FirewallProtocol
	LocalPorts                     string
	RemotePorts                    string
	Action                         winid.FirewallAction
	Profiles                       winid.FirewallProfiles
	LocalAddresses                 string
	RemoteAddresses                string
	RemoteMachineAuthorizationList string
	RemoteUserAuthorizationList    string
	EmbeddedContext                string
	Flags                          uint16
	Active                         uint16
	EdgeTraversal                  uint16
	LooseSourceMapped              uint16
	SecurityOptions                uint16
	ModifyingUser                  string `evtx:",sid"`
	ModifyingApplication           string
	SchemaVersion                  uint16
	RuleStatus                     uint32
	LocalOnlyMapped                uint16 `evtx:",since=1"`
	Extra                          []Field
}

var _ = declare[Firewall2005](firewall, 2005, written{level: 4, keywords: 0x8000020000000000},
	`{ModifyingApplication} of {ModifyingUser} changed the firewall rule {RuleName}, direction {Direction}, action {Action}[, program {ApplicationPath}][, local ports {LocalPorts}]`)

// Firewall2006 records that a rule was deleted.
//
// Policy: none; always written.
type Firewall2006 struct {
	System
	RuleId               string
	RuleName             string
	ModifyingUser        string `evtx:",sid"`
	ModifyingApplication string
	Extra                []Field
}

var _ = declare[Firewall2006](firewall, 2006, written{level: 4, keywords: 0x8000020000000000},
	`{ModifyingApplication} of {ModifyingUser} deleted the firewall rule {RuleName}`)

// Firewall2011 records that a program was blocked and that no user could be asked.
//
// Policy: none; always written.
type Firewall2011 struct {
	System
	ReasonCode       uint32
	ApplicationPath  string
	IPVersion        uint8
	Protocol         winid.FirewallProtocol
	Port             uint16
	BlockedProcessId uint32 `evtx:"ProcessId"`
	ModifyingUser    string `evtx:",sid"`
	Extra            []Field
}

var _ = declare[Firewall2011](firewall, 2011, written{level: 4, keywords: 0x8000000000000000},
	`{ApplicationPath} (process {BlockedProcessId}) was blocked on port {Port}, protocol {Protocol}`)

// Firewall2033 records that all rules were deleted.
//
// Policy: none; always written.
type Firewall2033 struct {
	System
	StoreType            uint32
	ModifyingUser        string `evtx:",sid"`
	ModifyingApplication string
	Extra                []Field
}

var _ = declare[Firewall2033](firewall, 2033, written{level: 4, keywords: 0x8000000000000000},
	`{ModifyingApplication} of {ModifyingUser} deleted all firewall rules of store {StoreType}`)

// Firewall2052 records that a rule was deleted. Windows 11 writes it.
//
// Policy: none; always written.
type Firewall2052 struct {
	System
	RuleId               string
	RuleName             string
	ModifyingUser        string `evtx:",sid"`
	ModifyingApplication string
	ErrorCode            winid.Win32Error
	Extra                []Field
}

var _ = declare[Firewall2052](firewall, 2052, written{level: 4, keywords: 0x8000020000000000},
	`{ModifyingApplication} of {ModifyingUser} deleted the firewall rule {RuleName}`)

// Firewall2097 records that a rule was added. Windows 11 writes it.
//
// Policy: none; always written.
type Firewall2097 struct {
	System
	RuleId                         string
	RuleName                       string
	Origin                         winid.FirewallOrigin
	ApplicationPath                string
	ServiceName                    string
	Direction                      winid.FirewallDirection
	Protocol                       winid.FirewallProtocol
	LocalPorts                     string
	RemotePorts                    string
	Action                         winid.FirewallAction
	Profiles                       winid.FirewallProfiles
	LocalAddresses                 string
	RemoteAddresses                string
	RemoteMachineAuthorizationList string
	RemoteUserAuthorizationList    string
	EmbeddedContext                string
	Flags                          uint16
	Active                         uint16
	EdgeTraversal                  uint16
	LooseSourceMapped              uint16
	SecurityOptions                uint16
	ModifyingUser                  string `evtx:",sid"`
	ModifyingApplication           string
	SchemaVersion                  uint16
	RuleStatus                     uint32
	LocalOnlyMapped                uint16
	PolicyAppId                    string
	ErrorCode                      winid.Win32Error
	Extra                          []Field
}

var _ = declare[Firewall2097](firewall, 2097, written{level: 4, keywords: 0x8000020000000000},
	`{ModifyingApplication} of {ModifyingUser} added the firewall rule {RuleName}, direction {Direction}, action {Action}[, program {ApplicationPath}][, local ports {LocalPorts}]`)
