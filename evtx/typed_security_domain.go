package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record changes of trusts and of the policies of a domain.

// Security4706 records that a trust to another domain was created.
//
// Policy: Audit Authentication Policy Change (success).
type Security4706 struct {
	System
	DomainName          string
	DomainSid           string `evtx:",sid"`
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	TdoType             uint32
	TdoDirection        uint32
	TdoAttributes       uint32
	SidFilteringEnabled winid.ParameterText
	Extra               []Field
}

var _ = declare[Security4706](security, 4706, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the trust to {DomainName} ({DomainSid})`)

// Security4707 records that a trust to another domain was removed.
//
// Policy: Audit Authentication Policy Change (success).
type Security4707 struct {
	System
	DomainName        string
	DomainSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4707](security, 4707, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed the trust to {DomainName} ({DomainSid})`)

// Security4713 records that the Kerberos policy of the domain was changed.
//
// Policy: Audit Authentication Policy Change (success).
type Security4713 struct {
	System
	SubjectUserSid       string `evtx:",sid"`
	SubjectUserName      string
	SubjectDomainName    string
	SubjectLogonId       uint64 `evtx:",hex"`
	KerberosPolicyChange string
	Extra                []Field
}

var _ = declare[Security4713](security, 4713, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the Kerberos policy: {KerberosPolicyChange}`)

// Security4716 records that a trust to another domain was changed.
//
// Policy: Audit Authentication Policy Change (success).
type Security4716 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	DomainName          string
	DomainSid           string `evtx:",sid"`
	TdoType             uint32
	TdoDirection        uint32
	TdoAttributes       uint32
	SidFilteringEnabled winid.ParameterText
	Extra               []Field
}

var _ = declare[Security4716](security, 4716, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the trust to {DomainName} ({DomainSid})`)

// Security4739 records that the policy of the domain for passwords and lockouts was
// changed. Attributes that did not change are "-".
//
// Policy: Audit Authentication Policy Change (success).
type Security4739 struct {
	System
	DomainPolicyChanged      string `evtx:",dash"`
	DomainName               string
	DomainSid                string `evtx:",sid"`
	SubjectUserSid           string `evtx:",sid"`
	SubjectUserName          string
	SubjectDomainName        string
	SubjectLogonId           uint64           `evtx:",hex"`
	PrivilegeList            winid.Privileges `evtx:",dash"`
	MinPasswordAge           string           `evtx:",dash"`
	MaxPasswordAge           string           `evtx:",dash"`
	ForceLogoff              string           `evtx:",dash"`
	LockoutThreshold         string           `evtx:",dash"`
	LockoutObservationWindow string           `evtx:",dash"`
	LockoutDuration          string           `evtx:",dash"`
	PasswordProperties       string           `evtx:",dash"`
	MinPasswordLength        string           `evtx:",dash"`
	PasswordHistoryLength    string           `evtx:",dash"`
	MachineAccountQuota      string           `evtx:",dash"`
	MixedDomainMode          string           `evtx:",dash"`
	DomainBehaviorVersion    string           `evtx:",dash"`
	OemInformation           string           `evtx:",dash"`
	Extra                    []Field
}

var _ = declare[Security4739](security, 4739, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the policy {DomainPolicyChanged} of the domain {DomainName}`)

// Security4865 records that an entry was added to what is known about a trusted
// forest.
//
// Policy: Audit Authentication Policy Change (success).
type Security4865 struct {
	System
	ForestRoot        string
	ForestRootSid     string `evtx:",sid"`
	OperationId       uint64 `evtx:",hex"`
	EntryType         uint32
	Flags             uint32
	TopLevelName      string `evtx:",dash"`
	DnsName           string `evtx:",dash"`
	NetbiosName       string `evtx:",dash"`
	DomainSid         string `evtx:",sid,dash"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4865](security, 4865, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added {TopLevelName|DnsName} to the information about the trusted forest {ForestRoot}`)

// Security4866 records that an entry was removed from what is known about a trusted
// forest.
//
// Policy: Audit Authentication Policy Change (success).
type Security4866 struct {
	System
	ForestRoot        string
	ForestRootSid     string `evtx:",sid"`
	OperationId       uint64 `evtx:",hex"`
	EntryType         uint32
	Flags             uint32
	TopLevelName      string `evtx:",dash"`
	DnsName           string `evtx:",dash"`
	NetbiosName       string `evtx:",dash"`
	DomainSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4866](security, 4866, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed {TopLevelName|DnsName} from the information about the trusted forest {ForestRoot}`)

// Security4867 records that an entry of what is known about a trusted forest was
// changed.
//
// Policy: Audit Authentication Policy Change (success).
type Security4867 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ForestRoot        string
	ForestRootSid     string `evtx:",sid"`
	OperationId       uint64 `evtx:",hex"`
	EntryType         uint32
	Flags             uint32
	TopLevelName      string `evtx:",dash"`
	DnsName           string `evtx:",dash"`
	NetbiosName       string `evtx:",dash"`
	DomainSid         string `evtx:",sid"`
	Extra             []Field
}

var _ = declare[Security4867](security, 4867, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed {TopLevelName|DnsName} in the information about the trusted forest {ForestRoot}`)
