package evtx

// The events of the Security log. Fields have Windows' own names and stand in
// the order of the newest template; those that an older one lacks are zero.

// Security4624 is a logon.
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
	IpAddress                 string // "-" where there is none
	IpPort                    string
	ImpersonationLevel        string // from version 1
	RestrictedAdminMode       string // from version 2, as those below
	RemoteCredentialGuard     string // version 3
	TargetOutboundUserName    string
	TargetOutboundDomainName  string
	VirtualAccount            string
	TargetLinkedLogonId       uint64 `evtx:",hex"`
	ElevatedToken             string
}

// Security4625 is a logon that failed.
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

// Security4634 is the end of a logon session.
type Security4634 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	LogonType        uint32
}

// Security4647 is a logoff that the user asked for.
type Security4647 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
}

// Security4648 is a logon with credentials given for it.
type Security4648 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	LogonGuid         GUID
	TargetUserName    string
	TargetDomainName  string
	TargetLogonGuid   GUID // 32-bit Windows calls it LogonGuid too; then Event has it
	TargetServerName  string
	TargetInfo        string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	IpAddress         string
	IpPort            string
}

// Security4672 are the special privileges of a new logon.
type Security4672 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	PrivilegeList     string // separated by line ends and tabs
}

// Security4688 is a new process.
type Security4688 struct {
	System
	SubjectUserSid     string `evtx:",sid"` // of the creator
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	NewProcessId       uint64 `evtx:",pointer"`
	NewProcessName     string
	TokenElevationType string
	ProcessId          uint64 `evtx:",pointer"` // of the creator
	CommandLine        string // empty while the policy to log it is off
	TargetUserSid      string `evtx:",sid"` // from version 2, as those below; S-1-0-0 where it is the subject
	TargetUserName     string
	TargetDomainName   string
	TargetLogonId      uint64 `evtx:",hex"`
	ParentProcessName  string
	MandatoryLabel     string `evtx:",sid"`
}

// Security4689 is the end of a process.
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

// Security4697 is a service that was installed.
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

// Security4698 is a scheduled task that was created.
type Security4698 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	TaskName              string
	TaskContent           string // XML
	ClientProcessStartKey uint64 // from version 1, as those below
	ClientProcessId       uint32
	ParentProcessId       uint32
	RpcCallClientLocality uint32
	FQDN                  string
}

// Security4720 is an account that was created.
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

// Security1102 says that the Security log was cleared.
type Security1102 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
}
