package evtx

// The events of the two Terminal Services logs: RemoteConnectionManager
// (1149) and LocalSessionManager (all others).

var (
	rdpConnections = source{
		name: "rdp", provider: "Microsoft-Windows-TerminalServices-RemoteConnectionManager", guid: "{c76baa63-ae81-421c-b425-340b4b24157f}",
		channel: "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
	}
	rdpSessions = source{
		name: "rdp", provider: "Microsoft-Windows-TerminalServices-LocalSessionManager", guid: "{5d896912-022d-40aa-a3a8-4fa5515c76d7}",
		channel: "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
	}
)

// RDP1149 records that a user authenticated for a remote session. The logon may still
// fail.
type RDP1149 struct {
	System
	User    string `evtx:"Param1"`
	Domain  string `evtx:"Param2"`
	Address string `evtx:"Param3"` // IP of the client
	Extra   []Field
}

var _ = declare[RDP1149](rdpConnections, 1149, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`{Domain\User} authenticated for remote desktop[, from {Address}]`)

// RDP21 records that a session logged on.
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
type RDP23 struct {
	System
	User      string
	SessionID uint32
	Extra     []Field
}

var _ = declare[RDP23](rdpSessions, 23, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`{User} logged off from session {SessionID}`)

// RDP24 records that a session was disconnected.
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
type RDP39 struct {
	System
	TargetSession uint32
	Source        uint32
	Extra         []Field
}

var _ = declare[RDP39](rdpSessions, 39, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`session {TargetSession} was disconnected by session {Source}`)

// RDP40 records why a session was disconnected.
type RDP40 struct {
	System
	Session uint32
	Reason  uint32
	Extra   []Field
}

var _ = declare[RDP40](rdpSessions, 40, written{level: 4, keywords: 0x1000000000000000, element: "EventXML", namespace: "Event_NS"},
	`session {Session} was disconnected, reason {Reason}`)
