package evtx

// The events of the Security log. Fields have the names that Windows gives them, in the
// order of the newest template. A field that was added later is tagged with the layout
// that introduced it, and is zero in older ones.

const providerSecurity = "Microsoft-Windows-Security-Auditing"

// Security4624 records a logon.
type Security4624 struct {
	System
	SubjectUserSid            string `evtx:",sid"`
	SubjectUserName           string
	SubjectDomainName         string
	SubjectLogonId            uint64 `evtx:",hex"`
	TargetUserSid             string `evtx:",sid"`
	TargetUserName            string
	TargetDomainName          string
	TargetLogonId             uint64 `evtx:",hex"`
	LogonType                 uint32 // 2 interactive, 3 network, 4 batch, 5 service, 7 unlock, 8 network in clear text, 9 new credentials, 10 remote interactive, 11 cached
	LogonProcessName          string
	AuthenticationPackageName string
	WorkstationName           string
	LogonGuid                 GUID
	TransmittedServices       string
	LmPackageName             string
	KeyLength                 uint32
	ProcessId                 uint64 `evtx:",pointer"`
	ProcessName               string
	IpAddress                 string // or "-"
	IpPort                    string
	ImpersonationLevel        string `evtx:",since=1"`
	RestrictedAdminMode       string `evtx:",since=2"`
	RemoteCredentialGuard     string `evtx:",since=3"`
	TargetOutboundUserName    string `evtx:",since=2"`
	TargetOutboundDomainName  string `evtx:",since=2"`
	VirtualAccount            string `evtx:",since=2"`
	TargetLinkedLogonId       uint64 `evtx:",hex,since=2"`
	ElevatedToken             string `evtx:",since=2"`
}

var _ = declare[Security4624]("security-4624", providerSecurity, "Security", 4624)

// Security4625 records a failed logon.
type Security4625 struct {
	System
	SubjectUserSid            string `evtx:",sid"`
	SubjectUserName           string
	SubjectDomainName         string
	SubjectLogonId            uint64 `evtx:",hex"`
	TargetUserSid             string `evtx:",sid"`
	TargetUserName            string
	TargetDomainName          string
	Status                    uint32 `evtx:",hex"` // NTSTATUS
	FailureReason             string
	SubStatus                 uint32 `evtx:",hex"`
	LogonType                 uint32
	LogonProcessName          string
	AuthenticationPackageName string
	WorkstationName           string
	TransmittedServices       string
	LmPackageName             string
	KeyLength                 uint32
	ProcessId                 uint64 `evtx:",pointer"`
	ProcessName               string
	IpAddress                 string
	IpPort                    string
}

var _ = declare[Security4625]("security-4625", providerSecurity, "Security", 4625)

// Security4634 records the end of a logon session.
type Security4634 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	LogonType        uint32
}

var _ = declare[Security4634]("security-4634", providerSecurity, "Security", 4634)

// Security4647 records a logoff that the user requested.
type Security4647 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
}

var _ = declare[Security4647]("security-4647", providerSecurity, "Security", 4647)

// Security4648 records a logon with explicit credentials.
type Security4648 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	LogonGuid         GUID
	TargetUserName    string
	TargetDomainName  string
	TargetLogonGuid   GUID // 32-bit Windows names it LogonGuid too; then only Event has it
	TargetServerName  string
	TargetInfo        string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	IpAddress         string
	IpPort            string
}

var _ = declare[Security4648]("security-4648", providerSecurity, "Security", 4648)

// Security4672 records the special privileges of a new logon.
type Security4672 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	PrivilegeList     string // separated by newlines and tabs
}

var _ = declare[Security4672]("security-4672", providerSecurity, "Security", 4672)

// Security4688 records a new process.
type Security4688 struct {
	System
	SubjectUserSid     string `evtx:",sid"` // of the creator
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	NewProcessId       uint64 `evtx:",pointer"`
	NewProcessName     string
	TokenElevationType string
	ProcessId          uint64 `evtx:",pointer"`     // of the creator
	CommandLine        string `evtx:",since=1"`     // empty unless the policy to log it is on
	TargetUserSid      string `evtx:",sid,since=2"` // S-1-0-0 if it is the subject
	TargetUserName     string `evtx:",since=2"`
	TargetDomainName   string `evtx:",since=2"`
	TargetLogonId      uint64 `evtx:",hex,since=2"`
	ParentProcessName  string `evtx:",since=3"`
	MandatoryLabel     string `evtx:",sid,since=3"`
}

var _ = declare[Security4688]("security-4688", providerSecurity, "Security", 4688)

// Security4689 records the end of a process.
type Security4689 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Status            uint32 `evtx:",hex"` // exit code
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
}

var _ = declare[Security4689]("security-4689", providerSecurity, "Security", 4689)

// Security4697 records that a service was installed.
type Security4697 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ServiceName       string
	ServiceFileName   string
	ServiceType       uint32 `evtx:",hex"`
	ServiceStartType  uint32
	ServiceAccount    string
}

var _ = declare[Security4697]("security-4697", providerSecurity, "Security", 4697)

// Security4698 records that a scheduled task was created.
type Security4698 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	TaskName              string
	TaskContent           string // XML
	ClientProcessStartKey uint64 `evtx:",since=1"`
	ClientProcessId       uint32 `evtx:",since=1"`
	ParentProcessId       uint32 `evtx:",since=1"`
	RpcCallClientLocality uint32 `evtx:",since=1"`
	FQDN                  string `evtx:",since=1"`
}

var _ = declare[Security4698]("security-4698", providerSecurity, "Security", 4698)

// Security4720 records that a user account was created.
type Security4720 struct {
	System
	TargetUserName      string
	TargetDomainName    string
	TargetSid           string `evtx:",sid"`
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	PrivilegeList       string
	SamAccountName      string
	DisplayName         string
	UserPrincipalName   string
	HomeDirectory       string
	HomePath            string
	ScriptPath          string
	ProfilePath         string
	UserWorkstations    string
	PasswordLastSet     string
	AccountExpires      string
	PrimaryGroupId      string
	AllowedToDelegateTo string
	OldUacValue         string
	NewUacValue         string
	UserAccountControl  string
	UserParameters      string
	SidHistory          string
	LogonHours          string
}

var _ = declare[Security4720]("security-4720", providerSecurity, "Security", 4720)

// Security1102 records that the Security log was cleared.
type Security1102 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
}

var _ = declare[Security1102]("security-1102", providerEventlog, "Security", 1102, userData{"LogFileCleared", nsEventlog})
