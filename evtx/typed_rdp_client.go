package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the remote desktop client and of the gateway.

var (
	// rdpClient writes on the machine that connects to another.
	rdpClient = source{
		name: "rdpclient", provider: "Microsoft-Windows-TerminalServices-ClientActiveXCore",
		guid: "{28aa95bb-d444-4719-a36f-40462168127e}", channel: "Microsoft-Windows-TerminalServices-RDPClient/Operational",
	}
	// rdpGateway writes on a gateway, which connects clients to machines behind it.
	rdpGateway = source{
		name: "rdpgateway", provider: "Microsoft-Windows-TerminalServices-Gateway",
		guid: "{4d5ae6a1-c7c8-4e6d-b840-4d8080b42e1b}", channel: "Microsoft-Windows-TerminalServices-Gateway/Operational",
	}
)

// RDPClient1024 records that a user is connecting to a server.
//
// Policy: none; always written.
type RDPClient1024 struct {
	System
	Name        string // "Server Name"
	Value       string // the server
	CustomLevel string
	Extra       []Field
}

var _ = declare[RDPClient1024](rdpClient, 1024, written{level: 4, opcode: 10, task: 101, keywords: 0x4000000000000000},
	`the remote desktop client connected to {Value}`)

// RDPClient1025 records that the client is connected.
//
// Policy: none; always written.
type RDPClient1025 struct {
	System
	Extra []Field
}

var _ = declare[RDPClient1025](rdpClient, 1025, written{level: 4, opcode: 10, task: 101, keywords: 0x4000000000000000},
	`the remote desktop client was connected`)

// RDPClient1026 records that the client was disconnected.
//
// Policy: none; always written.
type RDPClient1026 struct {
	System
	Name        string // "Disconnect Reason"
	Value       uint32
	CustomLevel string
	Extra       []Field
}

var _ = declare[RDPClient1026](rdpClient, 1026, written{level: 4, opcode: 11, task: 101, keywords: 0x4000000000000000},
	`the remote desktop client was disconnected, reason {Value}`)

// RDPClient1027 records the domain and session that the client is connected to.
//
// Policy: none; always written.
type RDPClient1027 struct {
	System
	DomainName string
	SessionId  uint32
	Extra      []Field
}

var _ = declare[RDPClient1027](rdpClient, 1027, written{level: 4, opcode: 10, task: 101, keywords: 0x4000000000000000},
	`the remote desktop client was connected to the domain {DomainName}, session {SessionId}`)

// RDPClient1029 records a hash of the user name that the client used. It is Base64 of the
// SHA-1 or SHA-256 of the name in UTF-16.
//
// Policy: none; always written.
type RDPClient1029 struct {
	System
	TraceMessage string
	Extra        []Field
}

var _ = declare[RDPClient1029](rdpClient, 1029, written{level: 4, opcode: 10, task: 101, keywords: 0x4000000000000000},
	`the remote desktop client used the user name with the hash {TraceMessage}`)

// RDPClient1102 records that the client opened a further connection to the server, by its
// address.
//
// Policy: none; always written.
type RDPClient1102 struct {
	System
	Name        string
	Value       string // IP of the server
	CustomLevel string
	Extra       []Field
}

var _ = declare[RDPClient1102](rdpClient, 1102, written{level: 4, opcode: 10, task: 101, keywords: 0x4000000000000000},
	`the remote desktop client opened a further connection to {Value}`)

// RDPClient1103 records that the further connection of the client was established.
//
// Policy: none; always written.
type RDPClient1103 struct {
	System
	Extra []Field
}

var _ = declare[RDPClient1103](rdpClient, 1103, written{level: 4, opcode: 10, task: 101, keywords: 0x4000000000000000},
	`the further connection of the remote desktop client was established`)

// RDPClient1105 records that the further connection of the client was closed.
//
// Policy: none; always written.
type RDPClient1105 struct {
	System
	Extra []Field
}

var _ = declare[RDPClient1105](rdpClient, 1105, written{level: 4, opcode: 10, task: 101, keywords: 0x4000000000000000},
	`the further connection of the remote desktop client was closed`)

// RDPGateway200 records that a user met the policy for connecting to the gateway.
//
// Policy: none; always written.
type RDPGateway200 struct {
	System
	Username           string
	IpAddress          string
	AuthType           string
	Resource           string
	ConnectionProtocol string
	ErrorCode          winid.Win32Error
	Extra              []Field
}

var _ = declare[RDPGateway200](rdpGateway, 200, written{level: 4, opcode: 30, task: 2, keywords: 0x4020000001000000, element: "EventInfo", namespace: "aag"},
	`{Username} was let in to the gateway[, from {IpAddress}]`)

// RDPGateway300 records that a user met the policy for connecting to a machine.
//
// Policy: none; always written.
type RDPGateway300 struct {
	System
	Username           string
	IpAddress          string
	AuthType           string
	Resource           string
	ConnectionProtocol string
	ErrorCode          winid.Win32Error
	Extra              []Field
}

var _ = declare[RDPGateway300](rdpGateway, 300, written{level: 4, opcode: 30, task: 5, keywords: 0x4020000001000000, element: "EventInfo", namespace: "aag"},
	`{Username} was allowed to connect to {Resource}[, from {IpAddress}]`)

// RDPGateway301 records that a user did not meet the policy for connecting to a machine.
//
// Policy: none; always written.
type RDPGateway301 struct {
	System
	Username           string
	IpAddress          string
	AuthType           string
	Resource           string
	ConnectionProtocol string
	ErrorCode          winid.Win32Error
	Extra              []Field
}

var _ = declare[RDPGateway301](rdpGateway, 301, written{level: 3, opcode: 31, task: 5, keywords: 0x4010000001000000, element: "EventInfo", namespace: "aag"},
	`{Username} was not allowed to connect to {Resource}[, from {IpAddress}], error {ErrorCode}`)

// RDPGateway302 records that a user connected to a machine through the gateway.
//
// Policy: none; always written.
type RDPGateway302 struct {
	System
	Username           string
	IpAddress          string
	AuthType           string
	Resource           string
	ConnectionProtocol string
	ErrorCode          winid.Win32Error
	Extra              []Field
}

var _ = declare[RDPGateway302](rdpGateway, 302, written{level: 4, opcode: 30, task: 3, keywords: 0x4000000001000000, element: "EventInfo", namespace: "aag"},
	`{Username} connected to {Resource} by {ConnectionProtocol}[, from {IpAddress}]`)

// RDPGateway303 records that a user disconnected from a machine behind the gateway.
//
// Policy: none; always written.
type RDPGateway303 struct {
	System
	Username           string
	IpAddress          string
	AuthType           string
	Resource           string
	BytesReceived      string
	BytesTransfered    string
	SessionDuration    string // in seconds
	ConnectionProtocol string
	ErrorCode          winid.Win32Error
	Extra              []Field
}

var _ = declare[RDPGateway303](rdpGateway, 303, written{level: 4, opcode: 44, task: 3, keywords: 0x4000000001000000, element: "EventInfo", namespace: "aag"},
	`{Username} disconnected from {Resource} after {SessionDuration} s[, from {IpAddress}], {BytesTransfered} bytes out, {BytesReceived} bytes in`)

// RDPGateway312 records that a user opened an outbound connection of the gateway.
//
// Policy: none; always written.
type RDPGateway312 struct {
	System
	Username  string
	IpAddress string // with its port
	Extra     []Field
}

var _ = declare[RDPGateway312](rdpGateway, 312, written{opcode: 30, task: 3, keywords: 0x4000000000000000, element: "EventInfo", namespace: "aag"},
	`{Username} opened an outbound connection[, from {IpAddress}]`)

// RDPGateway313 records that a user opened an inbound connection of the gateway.
//
// Policy: none; always written.
type RDPGateway313 struct {
	System
	Username  string
	IpAddress string // with its port
	Extra     []Field
}

var _ = declare[RDPGateway313](rdpGateway, 313, written{opcode: 30, task: 3, keywords: 0x4000000000000000, element: "EventInfo", namespace: "aag"},
	`{Username} opened an inbound connection[, from {IpAddress}]`)
