package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the Security log. Fields have the names that Windows gives them, in the
// order of the newest template. A field that was added later is tagged with the layout
// that introduced it, and is zero in older ones.

var security = source{
	name: "security", provider: "Microsoft-Windows-Security-Auditing", guid: "{54849625-5478-4994-a5ba-3e3b0328c30d}", channel: "Security",
}

// eventlogSecurity are the events of the event log service about the Security log.
var eventlogSecurity = source{name: "security", provider: providerEventlog, guid: guidEventlog, channel: "Security"}

// The tasks of the Security log are the subcategories of the audit policy.
const (
	auditSecurityState          = 12288 // Security State Change
	auditSecurityExtension      = 12289 // Security System Extension
	auditSystemIntegrity        = 12290 // System Integrity
	auditOtherSystem            = 12292 // Other System Events
	auditLogon                  = 12544 // Logon
	auditLogoff                 = 12545 // Logoff
	auditSpecialLogon           = 12548 // Special Logon
	auditOtherLogon             = 12551 // Other Logon/Logoff Events
	auditNetworkPolicyServer    = 12552 // Network Policy Server
	auditClaims                 = 12553 // User/Device Claims
	auditGroupMembership        = 12554 // Group Membership
	auditFileSystem             = 12800 // File System
	auditRegistry               = 12801 // Registry
	auditSAM                    = 12803 // SAM
	auditOtherObject            = 12804 // Other Object Access Events
	auditCertification          = 12805 // Certification Services
	auditHandle                 = 12807 // Handle Manipulation
	auditFileShare              = 12808 // File Share
	auditPacketDrop             = 12809 // Filtering Platform Packet Drop
	auditConnection             = 12810 // Filtering Platform Connection
	auditDetailedFileShare      = 12811 // Detailed File Share
	auditAccessStaging          = 12813 // Central Access Policy Staging
	auditSensitivePrivilege     = 13056 // Sensitive Privilege Use
	auditProcessCreation        = 13312 // Process Creation
	auditProcessTermination     = 13313 // Process Termination
	auditDPAPI                  = 13314 // DPAPI Activity
	auditRPC                    = 13315 // RPC Events
	auditPlugAndPlay            = 13316 // PNP Activity
	auditTokenRight             = 13317 // Token Right Adjusted
	auditPolicyChange           = 13568 // Audit Policy Change
	auditAuthenticationPolicy   = 13569 // Authentication Policy Change
	auditAuthorizationPolicy    = 13570 // Authorization Policy Change
	auditFirewallRule           = 13571 // MPSSVC Rule-Level Policy Change
	auditFilteringPolicy        = 13572 // Filtering Platform Policy Change
	auditOtherPolicy            = 13573 // Other Policy Change Events
	auditUserAccount            = 13824 // User Account Management
	auditComputerAccount        = 13825 // Computer Account Management
	auditSecurityGroup          = 13826 // Security Group Management
	auditDistributionGroup      = 13827 // Distribution Group Management
	auditOtherAccount           = 13829 // Other Account Management Events
	auditDirectoryAccess        = 14080 // Directory Service Access
	auditDirectoryChanges       = 14081 // Directory Service Changes
	auditDirectoryReplication   = 14082 // Directory Service Replication
	auditDetailedReplication    = 14083 // Detailed Directory Service Replication
	auditCredentialValidation   = 14336 // Credential Validation
	auditKerberosTicket         = 14337 // Kerberos Service Ticket Operations
	auditKerberosAuthentication = 14339 // Kerberos Authentication Service
)

// auditLog is in the keywords of the events about the Security log itself.
const auditLog = 0x4020000000000000

// Security1100 records that the event log service stopped, as it does when Windows
// shuts down.
//
// Policy: none; always written.
type Security1100 struct {
	System
	Extra []Field
}

var _ = declare[Security1100](eventlogSecurity, 1100, written{level: 4, task: 103, keywords: auditLog, element: "ServiceShutdown", namespace: nsEventlog},
	`the event log service stopped`)

// Security1101 records that events of the audit were lost before they reached the log,
// mostly because Windows was not shut down.
//
// Policy: none; always written.
type Security1101 struct {
	System
	Reason uint8
	Extra  []Field
}

var _ = declare[Security1101](eventlogSecurity, 1101, written{level: 2, task: 101, keywords: auditLog, element: "AuditEventsDropped", namespace: nsEventlog},
	`audit events were lost: reason {Reason}`)

// Security1102 records that the Security log was cleared. It is the first event of the
// log that follows.
//
// Policy: none; always written.
type Security1102 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	ClientProcessId       uint32 `evtx:",since=1"`
	ClientProcessStartKey uint64 `evtx:",since=1"`
	Extra                 []Field
}

var _ = declare[Security1102](eventlogSecurity, 1102, written{versions: []uint8{0, 1}, level: 4, task: 104, keywords: auditLog, element: "LogFileCleared", namespace: nsEventlog},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) cleared the Security log`)

// Security1104 records that the Security log is full and events are lost, if its
// retention does not let Windows overwrite them.
//
// Policy: none; always written.
type Security1104 struct {
	System
	Extra []Field
}

var _ = declare[Security1104](eventlogSecurity, 1104, written{level: 2, task: 101, keywords: auditLog, element: "FileIsFull", namespace: nsEventlog},
	`the Security log is full`)

// Security1105 records that the Security log was full and was moved to an archive. Its
// Channel is the log that was moved; System.Channel is the log that holds this event.
//
// Policy: none; written if the retention of the log asks for an archive.
type Security1105 struct {
	System
	Channel    string
	BackupPath string
	Extra      []Field
}

var _ = declare[Security1105](eventlogSecurity, 1105, written{level: 4, task: 105, keywords: auditLog, element: "AutoBackup", namespace: nsEventlog},
	`the log {Channel} was moved to {BackupPath}`)

// Security1108 records that the event log service failed to process an event of
// another provider, whose identifier EventID has.
//
// Policy: none; always written.
type Security1108 struct {
	System
	ErrorCode   winid.Win32Error `evtx:"Error/@Code"`
	Error       string           // has only the code
	EventID     uint16
	PublisherID string
	Extra       []Field
}

var _ = declare[Security1108](eventlogSecurity, 1108, written{level: 2, task: 101, keywords: auditLog, element: "EventProcessingFailure", namespace: nsEventlog},
	`event {EventID} of {PublisherID} was not logged: error {ErrorCode}`)
