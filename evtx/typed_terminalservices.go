package evtx

// The events of the two Terminal Services logs: RemoteConnectionManager
// (1149) and LocalSessionManager (all others).

const (
	providerRCM = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
	channelRCM  = providerRCM + "/Operational"
	providerLSM = "Microsoft-Windows-TerminalServices-LocalSessionManager"
	channelLSM  = providerLSM + "/Operational"
)

var eventXML = userData{"EventXML", "Event_NS"}

// RDP1149 records that a user authenticated for a remote session. The logon may still
// fail.
type RDP1149 struct {
	System
	User    string `evtx:"Param1"`
	Domain  string `evtx:"Param2"`
	Address string `evtx:"Param3"` // IP of the client
}

var _ = declare[RDP1149]("rdp-1149", providerRCM, channelRCM, 1149, eventXML)

// RDP21 records that a session logged on.
type RDP21 struct {
	System
	User      string // domain\user
	SessionID uint32
	Address   string // IP of the client, or LOCAL
}

var _ = declare[RDP21]("rdp-21", providerLSM, channelLSM, 21, eventXML)

// RDP22 records that the shell of a session started.
type RDP22 struct {
	System
	User      string
	SessionID uint32
	Address   string
}

var _ = declare[RDP22]("rdp-22", providerLSM, channelLSM, 22, eventXML)

// RDP23 records that a session logged off.
type RDP23 struct {
	System
	User      string
	SessionID uint32
}

var _ = declare[RDP23]("rdp-23", providerLSM, channelLSM, 23, eventXML)

// RDP24 records that a session was disconnected.
type RDP24 struct {
	System
	User      string
	SessionID uint32
	Address   string
}

var _ = declare[RDP24]("rdp-24", providerLSM, channelLSM, 24, eventXML)

// RDP25 records that a session was reconnected.
type RDP25 struct {
	System
	User      string
	SessionID uint32
	Address   string
}

var _ = declare[RDP25]("rdp-25", providerLSM, channelLSM, 25, eventXML)

// RDP39 records that a session was disconnected by another session.
type RDP39 struct {
	System
	TargetSession uint32
	Source        uint32
}

var _ = declare[RDP39]("rdp-39", providerLSM, channelLSM, 39, eventXML)

// RDP40 records why a session was disconnected.
type RDP40 struct {
	System
	Session uint32
	Reason  uint32
}

var _ = declare[RDP40]("rdp-40", providerLSM, channelLSM, 40, eventXML)
