package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the two Terminal Services logs: RemoteConnectionManager (261, 1149) and
// LocalSessionManager (all others).

var (
	rdpConnections = source{
		name: "rdp", provider: "Microsoft-Windows-TerminalServices-RemoteConnectionManager",
		guid: "{c76baa63-ae81-421c-b425-340b4b24157f}", channel: "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
	}
	rdpSessions = source{
		name: "rdp", provider: "Microsoft-Windows-TerminalServices-LocalSessionManager",
		guid: "{5d896912-022d-40aa-a3a8-4fa5515c76d7}", channel: "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
	}
)

// RDP261 records that a listener, such as RDP-Tcp, received a connection. It comes before
// any authentication, so scanners leave many.
//
// Policy: none; always written.
type RDP261 struct {
	System
	ListenerName string `evtx:"listenerName"`
	Extra        []Field
}

var _ = declare[RDP261](rdpConnections, 261, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`the listener {ListenerName} received a connection`)

// RDP1149 records that a user authenticated for a remote session. The logon may still
// fail.
//
// Policy: none; always written.
type RDP1149 struct {
	System
	User    string `evtx:"Param1"`
	Domain  string `evtx:"Param2"`
	Address string `evtx:"Param3"` // IP of the client
	Extra   []Field
}

var _ = declare[RDP1149](rdpConnections, 1149, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`{Domain\User} authenticated for remote desktop[, from {Address}]`)

// RDP21 records that a session logged on. Local logons have it, too: their address is
// LOCAL.
//
// Policy: none; always written.
type RDP21 struct {
	System
	User      string // domain\user
	SessionID uint32
	Address   string // IP of the client, or LOCAL
	Extra     []Field
}

var _ = declare[RDP21](rdpSessions, 21, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`{User} logged on to session {SessionID}[, from {Address}]`)

// RDP22 records that the shell of a session started.
//
// Policy: none; always written.
type RDP22 struct {
	System
	User      string
	SessionID uint32
	Address   string
	Extra     []Field
}

var _ = declare[RDP22](rdpSessions, 22, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`the shell of {User} started in session {SessionID}[, from {Address}]`)

// RDP23 records that a session logged off.
//
// Policy: none; always written.
type RDP23 struct {
	System
	User      string
	SessionID uint32
	Extra     []Field
}

var _ = declare[RDP23](rdpSessions, 23, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`{User} logged off from session {SessionID}`)

// RDP24 records that a session was disconnected.
//
// Policy: none; always written.
type RDP24 struct {
	System
	User      string
	SessionID uint32
	Address   string
	Extra     []Field
}

var _ = declare[RDP24](rdpSessions, 24, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`{User} was disconnected from session {SessionID}[, from {Address}]`)

// RDP25 records that a session was reconnected.
//
// Policy: none; always written.
type RDP25 struct {
	System
	User      string
	SessionID uint32
	Address   string
	Extra     []Field
}

var _ = declare[RDP25](rdpSessions, 25, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`{User} reconnected to session {SessionID}[, from {Address}]`)

// RDP39 records that a session was disconnected by another session.
//
// Policy: none; always written.
type RDP39 struct {
	System
	TargetSession uint32
	Source        uint32
	Extra         []Field
}

var _ = declare[RDP39](rdpSessions, 39, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`session {TargetSession} was disconnected by session {Source}`)

// RDP40 records why a session was disconnected.
//
// Policy: none; always written.
type RDP40 struct {
	System
	Session uint32
	Reason  winid.DisconnectReason
	Extra   []Field
}

var _ = declare[RDP40](rdpSessions, 40, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`session {Session} was disconnected, reason {Reason}`)

// RDP41 records that a session is about to be logged on to.
//
// Policy: none; always written.
type RDP41 struct {
	System
	User      string
	SessionID uint32
	Extra     []Field
}

var _ = declare[RDP41](rdpSessions, 41, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`{User} began to log on to session {SessionID}`)
