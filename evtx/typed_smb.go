package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the SMB server and client.

var (
	smbServer = source{
		name: "smbserver", provider: "Microsoft-Windows-SMBServer",
		guid: "{d48ce617-33a2-4bc3-a5c7-11aa4f29619e}", channel: "Microsoft-Windows-SMBServer/Security",
	}
	smbClient = source{
		name: "smbclient", provider: "Microsoft-Windows-SMBClient",
		guid: "{988c59c5-0a1c-45b6-a555-0c62276e327d}", channel: "Microsoft-Windows-SmbClient/Connectivity",
	}
)

// SMBServer551 records that a client failed to authenticate.
//
// Policy: none; always written.
type SMBServer551 struct {
	System
	SessionGUID         GUID
	ConnectionGUID      GUID
	Status              winid.NTStatus `evtx:",hex"`
	TranslatedStatus    winid.NTStatus `evtx:",hex"`
	ClientAddressLength uint32
	ClientAddress       []byte // a sockaddr
	SessionId           uint64 `evtx:",hex"`
	UserNameLength      uint16
	UserName            string
	ClientNameLength    uint16
	ClientName          string
	SPN                 string `evtx:",since=1"`
	SPNValidationPolicy uint32 `evtx:",since=1"`
	Extra               []Field
}

var _ = declare[SMBServer551](smbServer, 551, written{versions: []uint8{1, 2}, level: 2, task: 551, keywords: 0x810000002200008, element: "EventData", namespace: "Smb3"},
	`{UserName|"someone"} failed to authenticate by SMB from {ClientName}, status {Status}`)

// SMBServer1016 records that a client failed to open a file again after its connection was
// lost.
//
// Policy: none; always written.
type SMBServer1016 struct {
	System
	Status              winid.NTStatus `evtx:",hex"`
	TranslatedStatus    winid.NTStatus `evtx:",hex"`
	RKFStatus           winid.NTStatus `evtx:",hex"`
	TranslatedRKFStatus winid.NTStatus `evtx:",hex"`
	ConnectionGUID      GUID
	ClientNameLength    uint16
	ClientName          string
	ClientAddressLength uint16
	ClientAddress       []byte
	ShareNameLength     uint16
	ShareName           string
	UserNameLength      uint16
	UserName            string
	SessionId           uint64 `evtx:",hex"`
	FileNameLength      uint16
	FileName            string
	DurableHandle       bool
	ResilientHandle     bool
	PersistentHandle    bool
	ResumeKey           GUID
	Reason              uint32
	Extra               []Field
}

var _ = declare[SMBServer1016](smbServer, 1016, written{channel: "Microsoft-Windows-SMBServer/Operational", level: 2, task: 1016, keywords: 0x2000000000000008, element: "EventData", namespace: "Smb3"},
	`{UserName} failed to open {FileName} of {ShareName} again from {ClientName}, status {Status}`)

// SMBServer1017 records that the handle of a lost connection was closed.
//
// Policy: none; always written.
type SMBServer1017 struct {
	System
	DurableHandle   bool
	ResilientHandle bool
	PersistentFID   uint64 `evtx:",hex"`
	VolatileFID     uint64 `evtx:",hex"`
	ResumeKey       GUID
	ShareNameLength uint16
	ShareName       string
	FileNameLength  uint16
	FileName        string
	Extra           []Field
}

var _ = declare[SMBServer1017](smbServer, 1017, written{channel: "Microsoft-Windows-SMBServer/Operational", level: 4, task: 1017, keywords: 0x2000000000000008, element: "EventData", namespace: "Smb3"},
	`the handle of {FileName} of {ShareName} was closed after its connection was lost`)

// SMBServer1020 records that an operation on a file took long.
//
// Policy: none; always written.
type SMBServer1020 struct {
	System
	Command             uint32
	SessionGuid         GUID
	SessionId           uint64 `evtx:",hex"`
	ConnectionGuid      GUID
	UserNameLength      uint16
	UserName            string
	ClientNameLength    uint16
	ClientName          string
	ClientAddressLength uint16
	ClientAddress       []byte
	ShareNameLength     uint16
	ShareName           string
	FileNameLength      uint16
	FileName            string
	Duration            uint64
	Threshold           uint64
	CtlCode             uint32 `evtx:",since=1"`
	SubCode             uint32 `evtx:",since=1"`
	TunneledControl     uint32 `evtx:",since=1"`
	Extra               []Field
}

var _ = declare[SMBServer1020](smbServer, 1020, written{channel: "Microsoft-Windows-SMBServer/Operational", versions: []uint8{0, 1}, level: 3, task: 1020, keywords: 0x2000000000000008, element: "EventData", namespace: "Smb3"},
	`an operation of {UserName} on {FileName} of {ShareName} from {ClientName} took {Duration} ms`)

// SMBServer3000 records that a client used SMB 1.
//
// Policy: Set-SmbServerConfiguration -AuditSmb1Access $true.
type SMBServer3000 struct {
	System
	ClientName string // IP or name
	Extra      []Field
}

var _ = declare[SMBServer3000](smbServer, 3000, written{channel: "Microsoft-Windows-SMBServer/Audit", level: 4, keywords: 0x200000000000000},
	`{ClientName} used SMB 1`)

// SMBClient30805 records that the client lost its session to a server.
//
// Policy: none; always written.
type SMBClient30805 struct {
	System
	Status           winid.NTStatus
	SessionId        uint64
	TreeId           uint32
	ServerNameLength uint16
	ServerName       string
	AddressLength    uint32
	Address          []byte // a sockaddr
	Extra            []Field
}

var _ = declare[SMBClient30805](smbClient, 30805, written{versions: []uint8{2}, level: 3, keywords: 0x400000000000040},
	`the session to {ServerName} was lost, status {Status}`)

// SMBClient30806 records that the client has its session to a server again.
//
// Policy: none; always written.
type SMBClient30806 struct {
	System
	Status           winid.NTStatus
	SessionId        uint64
	TreeId           uint32
	ServerNameLength uint16
	ServerName       string
	AddressLength    uint32
	Address          []byte // a sockaddr
	Extra            []Field
}

var _ = declare[SMBClient30806](smbClient, 30806, written{versions: []uint8{2}, level: 4, keywords: 0x400000000000040},
	`the session to {ServerName} was established again`)

// SMBClient30807 records that the client lost its connection to a share.
//
// Policy: none; always written.
type SMBClient30807 struct {
	System
	Status           winid.NTStatus
	SessionId        uint64
	TreeId           uint32
	ServerNameLength uint16
	ServerName       string
	AddressLength    uint32
	Address          []byte // a sockaddr
	Extra            []Field
}

var _ = declare[SMBClient30807](smbClient, 30807, written{versions: []uint8{2}, level: 3, keywords: 0x400000000000040},
	`the connection to the share {ServerName} was lost, status {Status}`)

// SMBClient31001 records that the client failed to log on to a server.
//
// Policy: none; always written.
type SMBClient31001 struct {
	System
	Reason              uint32
	Status              winid.NTStatus
	SecurityStatus      winid.NTStatus
	LogonId             uint64
	ServerNameLength    uint16
	ServerName          string
	PrincipalNameLength uint16
	PrincipalName       string
	UserNameLength      uint16
	UserName            string
	Extra               []Field
}

var _ = declare[SMBClient31001](smbClient, 31001, written{channel: "Microsoft-Windows-SmbClient/Security", level: 2, keywords: 0x200000000000080},
	`{UserName} failed to log on to {ServerName} ({PrincipalName}), status {Status}`)

// SMBClient31010 records that the client failed to connect to a share.
//
// Policy: none; always written.
type SMBClient31010 struct {
	System
	Reason           uint32
	Status           winid.NTStatus
	ShareNameLength  uint16
	ShareName        string
	ObjectNameLength uint16
	ObjectName       string
	Extra            []Field
}

var _ = declare[SMBClient31010](smbClient, 31010, written{channel: "Microsoft-Windows-SmbClient/Security", level: 2, keywords: 0x200000000000100},
	`the connection to {ShareName} failed, status {Status}`)
