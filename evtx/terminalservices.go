package evtx

// The events of the two logs of Terminal Services: RemoteConnectionManager
// (1149) and LocalSessionManager (all others).

// RDP1149 says that a user authenticated for a remote session; a logon may
// still fail.
type RDP1149 struct {
	System
	User    string `evtx:"Param1"`
	Domain  string `evtx:"Param2"`
	Address string `evtx:"Param3"` // IP of the client
}

// RDP21 is a session that logged on.
type RDP21 struct {
	System
	User      string // domain\user
	SessionID uint32
	Address   string // IP of the client, or LOCAL
}

// RDP22 says that a session's shell started.
type RDP22 struct {
	System
	User      string
	SessionID uint32
	Address   string
}

// RDP23 is a session that logged off.
type RDP23 struct {
	System
	User      string
	SessionID uint32
}

// RDP24 is a session that was disconnected.
type RDP24 struct {
	System
	User      string
	SessionID uint32
	Address   string
}

// RDP25 is a session that was connected again.
type RDP25 struct {
	System
	User      string
	SessionID uint32
	Address   string
}

// RDP39 is a session that another session disconnected.
type RDP39 struct {
	System
	TargetSession uint32
	Source        uint32
}

// RDP40 says why a session was disconnected.
type RDP40 struct {
	System
	Session uint32
	Reason  uint32
}
