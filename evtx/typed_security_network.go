package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record connections that the Windows Filtering Platform allows or blocks.

// Security5031 records that the firewall blocked an application from accepting
// connections.
//
// Policy: Audit Filtering Platform Connection (failure).
type Security5031 struct {
	System
	Profiles    string
	Application string
	Extra       []Field
}

var _ = declare[Security5031](security, 5031, written{task: auditConnection, keywords: auditFailure},
	`{Application} was blocked from accepting connections, profiles {Profiles}`)

// Security5148 records that the platform detected an attack that floods the machine,
// and drops packets.
//
// Policy: Audit Other Object Access Events (failure).
type Security5148 struct {
	System
	Type  string
	Extra []Field
}

var _ = declare[Security5148](security, 5148, written{task: auditOtherObject, keywords: auditFailure},
	`an attack that floods the machine began: {Type}`)

// Security5149 records that an attack that floods the machine ended.
//
// Policy: Audit Other Object Access Events (failure).
type Security5149 struct {
	System
	Type             string
	PacketsDiscarded uint64
	Extra            []Field
}

var _ = declare[Security5149](security, 5149, written{task: auditOtherObject, keywords: auditFailure},
	`an attack that floods the machine ended: {Type}, {PacketsDiscarded} packets were dropped`)

// Security5152 records that a packet was blocked.
//
// Policy: Audit Filtering Platform Packet Drop (failure).
type Security5152 struct {
	System
	ProcessId     uint64
	Application   string `evtx:",dash"`
	Direction     winid.ParameterText
	SourceAddress string
	SourcePort    string
	DestAddress   string
	DestPort      string
	Protocol      winid.IPProtocol
	FilterOrigin  winid.ParameterText `evtx:",since=1"`
	FilterRTID    uint64
	LayerName     winid.ParameterText
	LayerRTID     uint64
	Extra         []Field
}

var _ = declare[Security5152](security, 5152, written{versions: []uint8{0, 1}, task: auditPacketDrop, keywords: auditFailure},
	`a packet of {Application} (process {ProcessId}) was blocked: {SourceAddress}:{SourcePort} to {DestAddress}:{DestPort}, protocol {Protocol}, {Direction}`)

// Security5154 records that an application was allowed to listen on a port.
//
// Policy: Audit Filtering Platform Connection (success).
type Security5154 struct {
	System
	ProcessId     uint64
	Application   string
	SourceAddress string
	SourcePort    string
	Protocol      winid.IPProtocol
	FilterRTID    uint64
	LayerName     winid.ParameterText
	LayerRTID     uint64
	Extra         []Field
}

var _ = declare[Security5154](security, 5154, written{task: auditConnection, keywords: auditSuccess},
	`{Application} (process {ProcessId}) listens on {SourceAddress}:{SourcePort}, protocol {Protocol}`)

// Security5155 records that an application was not allowed to listen on a port.
//
// Policy: Audit Filtering Platform Connection (failure).
type Security5155 struct {
	System
	ProcessId     uint64
	Application   string
	SourceAddress string
	SourcePort    string
	Protocol      winid.IPProtocol
	FilterRTID    uint64
	LayerName     winid.ParameterText
	LayerRTID     uint64
	Extra         []Field
}

var _ = declare[Security5155](security, 5155, written{task: auditConnection, keywords: auditFailure},
	`{Application} (process {ProcessId}) was blocked from listening on {SourceAddress}:{SourcePort}, protocol {Protocol}`)

// Security5156 records that a connection was allowed.
//
// Policy: Audit Filtering Platform Connection (success).
type Security5156 struct {
	System
	ProcessID       uint64
	Application     string
	Direction       winid.ParameterText
	SourceAddress   string
	SourcePort      string
	DestAddress     string
	DestPort        string
	Protocol        winid.IPProtocol
	InterfaceIndex  uint32              `evtx:",since=2"`
	FilterOrigin    winid.ParameterText `evtx:",since=2"`
	FilterRTID      uint64
	LayerName       winid.ParameterText
	LayerRTID       uint64
	RemoteUserID    string `evtx:",sid,dash,since=1"`
	RemoteMachineID string `evtx:",sid,dash,since=1"`
	Extra           []Field
}

var _ = declare[Security5156](security, 5156, written{versions: []uint8{0, 1, 1}, task: auditConnection, keywords: auditSuccess},
	`{Application} (process {ProcessID}) connected: {SourceAddress}:{SourcePort} to {DestAddress}:{DestPort}, protocol {Protocol}, {Direction}`)

// Security5157 records that a connection was blocked.
//
// Policy: Audit Filtering Platform Connection (failure).
type Security5157 struct {
	System
	ProcessID                      uint64
	Application                    string
	Direction                      winid.ParameterText
	SourceAddress                  string
	SourcePort                     string
	DestAddress                    string
	DestPort                       string
	Protocol                       winid.IPProtocol
	InterfaceIndex                 uint32              `evtx:",since=3"`
	FilterOrigin                   winid.ParameterText `evtx:",since=3"`
	FilterRTID                     uint64
	LayerName                      winid.ParameterText
	LayerRTID                      uint64
	RemoteUserID                   string              `evtx:",sid,dash,since=1"`
	RemoteMachineID                string              `evtx:",sid,dash,since=1"`
	OriginalProfile                string              `evtx:",since=2"`
	CurrentProfile                 string              `evtx:",since=2"`
	IsLoopback                     winid.ParameterText `evtx:",since=2"`
	HasRemoteDynamicKeywordAddress string              `evtx:",since=3"`
	Extra                          []Field
}

var _ = declare[Security5157](security, 5157, written{versions: []uint8{0, 1, 2, 3}, task: auditConnection, keywords: auditFailure},
	`a connection of {Application} (process {ProcessID}) was blocked: {SourceAddress}:{SourcePort} to {DestAddress}:{DestPort}, protocol {Protocol}, {Direction}`)

// Security5158 records that an application was allowed to bind to a local port.
//
// Policy: Audit Filtering Platform Connection (success).
type Security5158 struct {
	System
	ProcessId     uint64
	Application   string
	SourceAddress string
	SourcePort    string
	Protocol      winid.IPProtocol
	FilterRTID    uint64
	LayerName     winid.ParameterText
	LayerRTID     uint64
	Extra         []Field
}

var _ = declare[Security5158](security, 5158, written{task: auditConnection, keywords: auditSuccess},
	`{Application} (process {ProcessId}) bound to {SourceAddress}:{SourcePort}, protocol {Protocol}`)

// Security5159 records that an application was not allowed to bind to a local port.
//
// Policy: Audit Filtering Platform Connection (failure).
type Security5159 struct {
	System
	ProcessId     uint64
	Application   string
	SourceAddress string
	SourcePort    string
	Protocol      winid.IPProtocol
	FilterRTID    uint64
	LayerName     winid.ParameterText
	LayerRTID     uint64
	Extra         []Field
}

var _ = declare[Security5159](security, 5159, written{task: auditConnection, keywords: auditFailure},
	`{Application} (process {ProcessId}) was blocked from binding to {SourceAddress}:{SourcePort}, protocol {Protocol}`)
