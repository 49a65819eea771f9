package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the audit of NTLM. They record what the policies that restrict NTLM would
// block.

var (
	ntlm = source{
		name: "ntlm", provider: "Microsoft-Windows-NTLM",
		guid: "{ac43300d-5fcc-4800-8e99-1bd3f85f0320}", channel: "Microsoft-Windows-NTLM/Operational",
	}
	// netlogonNTLM writes on domain controllers.
	netlogonNTLM = source{
		name: "ntlm", provider: "Microsoft-Windows-Security-Netlogon",
		guid: "{e5ba83f6-07d0-46b1-8bc7-7e669a1d31dc}", channel: "Microsoft-Windows-NTLM/Operational",
	}
)

// NTLM8001 records that this machine used NTLM to log on to another.
//
// Policy: Network security: Restrict NTLM: Outgoing NTLM traffic to remote servers, set to
// audit.
type NTLM8001 struct {
	System
	TargetName       string // such as cifs/server
	UserName         string
	DomainName       string
	CallerPID        uint32
	ProcessName      string
	ClientLUID       uint64 `evtx:",hex"`
	ClientUserName   string
	ClientDomainName string
	MechanismOID     string
	Extra            []Field
}

var _ = declare[NTLM8001](ntlm, 8001, written{level: 4, task: 2, keywords: 0x8000000000000000},
	`{ClientDomainName\ClientUserName} used NTLM for {TargetName} as {DomainName\UserName}, process {ProcessName} ({CallerPID})`)

// NTLM8002 records that a process of this machine took an NTLM logon.
//
// Policy: Network security: Restrict NTLM: Audit incoming NTLM traffic.
type NTLM8002 struct {
	System
	CallerPID        uint32
	ProcessName      string
	ClientLUID       uint64 `evtx:",hex"`
	ClientUserName   string
	ClientDomainName string
	MechanismOID     string
	Extra            []Field
}

var _ = declare[NTLM8002](ntlm, 8002, written{level: 4, task: 2, keywords: 0x8000000000000000},
	`{ClientDomainName\ClientUserName} logged on by NTLM, process {ProcessName} ({CallerPID})`)

// NTLM8003 records that a member server took an NTLM logon of a domain account.
//
// Policy: Network security: Restrict NTLM: Audit incoming NTLM traffic.
type NTLM8003 struct {
	System
	UserName     string
	DomainName   string
	Workstation  string
	CallerPID    uint32
	ProcessName  string
	LogonType    winid.LogonType
	InProc       bool
	MechanismOID string
	Extra        []Field
}

var _ = declare[NTLM8003](ntlm, 8003, written{level: 4, task: 2, keywords: 0x8000000000000000},
	`{DomainName\UserName} logged on by NTLM from {Workstation}, type {LogonType}, process {ProcessName} ({CallerPID})`)

// NTLM8004 records that a domain controller checked an NTLM logon.
//
// Policy: Network security: Restrict NTLM: Audit NTLM authentication in this domain.
type NTLM8004 struct {
	System
	SChannelName    string // the machine that asked
	UserName        string
	DomainName      string
	WorkstationName string
	SChannelType    uint32
	Extra           []Field
}

var _ = declare[NTLM8004](netlogonNTLM, 8004, written{level: 4, task: 2, keywords: 0x8000000000000000},
	`{DomainName\UserName} logged on by NTLM to {SChannelName} from {WorkstationName}`)
