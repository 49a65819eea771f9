package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the core of remote desktop, on the machine that is connected to.

var rdpCore = source{
	name: "rdpcore", provider: "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS",
	guid: "{1139c61b-b549-4251-8ed3-27250a1edec8}", channel: "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational",
}

// RDPCore72 records a step of a connection, by the name of its function.
//
// Policy: none; always written.
type RDPCore72 struct {
	System
	MethodName string
	Extra      []Field
}

var _ = declare[RDPCore72](rdpCore, 72, written{level: 4, opcode: 13, task: 4, keywords: 0x4000000000000000},
	`remote desktop called {MethodName}`)

// RDPCore98 records that a TCP connection was accepted.
//
// Policy: none; always written.
type RDPCore98 struct {
	System
	Extra []Field
}

var _ = declare[RDPCore98](rdpCore, 98, written{level: 4, opcode: 15, task: 4, keywords: 0x4000000000000000},
	`a TCP connection was accepted`)

// RDPCore102 records that the server ended the main connection.
//
// Policy: none; always written.
type RDPCore102 struct {
	System
	Extra []Field
}

var _ = declare[RDPCore102](rdpCore, 102, written{level: 4, opcode: 17, task: 4, keywords: 0x4000000000000000},
	`the server ended the main connection`)

// RDPCore103 records why a client was disconnected.
//
// Policy: none; always written.
type RDPCore103 struct {
	System
	ReasonCode uint32
	Extra      []Field
}

var _ = declare[RDPCore103](rdpCore, 103, written{level: 4, opcode: 17, task: 4, keywords: 0x4000000000000000},
	`the client was disconnected, reason {ReasonCode}`)

// RDPCore104 records the time zone of a client.
//
// Policy: none; always written.
type RDPCore104 struct {
	System
	TimezoneBiasHour string // hours from UTC, in brackets
	Extra            []Field
}

var _ = declare[RDPCore104](rdpCore, 104, written{level: 4, opcode: 15, task: 4, keywords: 0x4000000000000000},
	`the client was in the time zone {TimezoneBiasHour}`)

// RDPCore131 records a new connection with the address of its client. It comes before any
// authentication.
//
// Policy: none; always written.
type RDPCore131 struct {
	System
	ConnType string // TCP, UDP
	ClientIP string // with its port
	Extra    []Field
}

var _ = declare[RDPCore131](rdpCore, 131, written{level: 4, opcode: 15, task: 4, keywords: 0x4000000000000000},
	`a {ConnType} connection came from {ClientIP}`)

// RDPCore139 records that a connection was closed because of an error in its security
// layer.
//
// Policy: none; always written.
type RDPCore139 struct {
	System
	ResultCode winid.Win32Error `evtx:",hex"`
	IPString   string
	Extra      []Field
}

var _ = declare[RDPCore139](rdpCore, 139, written{level: 3, opcode: 14, task: 4, keywords: 0x4000000000000000},
	`the connection from {IPString} was closed, error {ResultCode}`)

// RDPCore140 records that a connection failed because of a wrong user name or password.
//
// Policy: none; always written.
type RDPCore140 struct {
	System
	IPString string
	Extra    []Field
}

var _ = declare[RDPCore140](rdpCore, 140, written{level: 3, opcode: 14, task: 4, keywords: 0x4000000000000000},
	`the connection from {IPString} failed: wrong user name or password`)

// RDPCore148 records that a channel of a connection was closed.
//
// Policy: none; always written.
type RDPCore148 struct {
	System
	ChannelName string
	TunnelID    uint32
	Extra       []Field
}

var _ = declare[RDPCore148](rdpCore, 148, written{level: 4, opcode: 17, task: 4, keywords: 0x4000000000000000},
	`the channel {ChannelName} of tunnel {TunnelID} was closed`)
