package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// These events record changes of groups that are not for security: they distribute mail.
// Domain controllers write them.

// Security4744 records that a local group for the distribution of mail was created.
//
// Policy: Audit Distribution Group Management (success).
type Security4744 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	SamAccountName    string
	SidHistory        string `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4744](security, 4744, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the local distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4745 records that a local group for the distribution of mail was changed.
// Attributes that did not change are "-".
//
// Policy: Audit Distribution Group Management (success).
type Security4745 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	SamAccountName    string
	SidHistory        string `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4745](security, 4745, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the local distribution group {TargetDomainName\TargetUserName} ({TargetSid})[, new name {SamAccountName}]`)

// Security4746 records that a member was added to a local group for the distribution
// of mail.
//
// Policy: Audit Distribution Group Management (success).
type Security4746 struct {
	System
	MemberName               string `evtx:",dash"`
	MemberSid                string `evtx:",sid"`
	TargetUserName           string
	TargetDomainName         string
	TargetSid                string `evtx:",sid"`
	SubjectUserSid           string `evtx:",sid"`
	SubjectUserName          string
	SubjectDomainName        string
	SubjectLogonId           uint64           `evtx:",hex"`
	PrivilegeList            winid.Privileges `evtx:",dash"`
	MembershipExpirationTime time.Time        `evtx:",filetime,since=1"`
	Extra                    []Field
}

var _ = declare[Security4746](security, 4746, written{versions: []uint8{0, 1}, task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added {MemberName|MemberSid} to the local distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4747 records that a member was removed from a local group for the
// distribution of mail.
//
// Policy: Audit Distribution Group Management (success).
type Security4747 struct {
	System
	MemberName        string `evtx:",dash"`
	MemberSid         string `evtx:",sid"`
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4747](security, 4747, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed {MemberName|MemberSid} from the local distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4748 records that a local group for the distribution of mail was deleted.
//
// Policy: Audit Distribution Group Management (success).
type Security4748 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4748](security, 4748, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the local distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4749 records that a global group for the distribution of mail was created.
//
// Policy: Audit Distribution Group Management (success).
type Security4749 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	SamAccountName    string
	SidHistory        string `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4749](security, 4749, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the global distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4750 records that a global group for the distribution of mail was changed.
// Attributes that did not change are "-".
//
// Policy: Audit Distribution Group Management (success).
type Security4750 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	SamAccountName    string
	SidHistory        string `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4750](security, 4750, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the global distribution group {TargetDomainName\TargetUserName} ({TargetSid})[, new name {SamAccountName}]`)

// Security4751 records that a member was added to a global group for the distribution
// of mail.
//
// Policy: Audit Distribution Group Management (success).
type Security4751 struct {
	System
	MemberName               string `evtx:",dash"`
	MemberSid                string `evtx:",sid"`
	TargetUserName           string
	TargetDomainName         string
	TargetSid                string `evtx:",sid"`
	SubjectUserSid           string `evtx:",sid"`
	SubjectUserName          string
	SubjectDomainName        string
	SubjectLogonId           uint64           `evtx:",hex"`
	PrivilegeList            winid.Privileges `evtx:",dash"`
	MembershipExpirationTime time.Time        `evtx:",filetime,since=1"`
	Extra                    []Field
}

var _ = declare[Security4751](security, 4751, written{versions: []uint8{0, 1}, task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added {MemberName|MemberSid} to the global distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4752 records that a member was removed from a global group for the
// distribution of mail.
//
// Policy: Audit Distribution Group Management (success).
type Security4752 struct {
	System
	MemberName        string `evtx:",dash"`
	MemberSid         string `evtx:",sid"`
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4752](security, 4752, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed {MemberName|MemberSid} from the global distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4753 records that a global group for the distribution of mail was deleted.
//
// Policy: Audit Distribution Group Management (success).
type Security4753 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4753](security, 4753, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the global distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4759 records that a universal group for the distribution of mail was
// created.
//
// Policy: Audit Distribution Group Management (success).
type Security4759 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	SamAccountName    string
	SidHistory        string `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4759](security, 4759, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the universal distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4760 records that a universal group for the distribution of mail was
// changed. Attributes that did not change are "-".
//
// Policy: Audit Distribution Group Management (success).
type Security4760 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	SamAccountName    string
	SidHistory        string `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4760](security, 4760, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the universal distribution group {TargetDomainName\TargetUserName} ({TargetSid})[, new name {SamAccountName}]`)

// Security4761 records that a member was added to a universal group for the
// distribution of mail.
//
// Policy: Audit Distribution Group Management (success).
type Security4761 struct {
	System
	MemberName               string `evtx:",dash"`
	MemberSid                string `evtx:",sid"`
	TargetUserName           string
	TargetDomainName         string
	TargetSid                string `evtx:",sid"`
	SubjectUserSid           string `evtx:",sid"`
	SubjectUserName          string
	SubjectDomainName        string
	SubjectLogonId           uint64           `evtx:",hex"`
	PrivilegeList            winid.Privileges `evtx:",dash"`
	MembershipExpirationTime time.Time        `evtx:",filetime,since=1"`
	Extra                    []Field
}

var _ = declare[Security4761](security, 4761, written{versions: []uint8{0, 1}, task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added {MemberName|MemberSid} to the universal distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4762 records that a member was removed from a universal group for the
// distribution of mail.
//
// Policy: Audit Distribution Group Management (success).
type Security4762 struct {
	System
	MemberName        string `evtx:",dash"`
	MemberSid         string `evtx:",sid"`
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4762](security, 4762, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed {MemberName|MemberSid} from the universal distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4763 records that a universal group for the distribution of mail was
// deleted.
//
// Policy: Audit Distribution Group Management (success).
type Security4763 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4763](security, 4763, written{task: auditDistributionGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the universal distribution group {TargetDomainName\TargetUserName} ({TargetSid})`)
