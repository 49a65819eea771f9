package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// These events record changes of groups. The machine that has the group writes them: a
// domain controller for the groups of a domain.

// Security4727 records that a global group was created.
//
// Policy: Audit Security Group Management (success).
type Security4727 struct {
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

var _ = declare[Security4727](security, 4727, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the global group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4728 records that a member was added to a global group.
//
// Policy: Audit Security Group Management (success).
type Security4728 struct {
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

var _ = declare[Security4728](security, 4728, written{versions: []uint8{0, 1}, task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added {MemberName|MemberSid} to the global group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4729 records that a member was removed from a global group.
//
// Policy: Audit Security Group Management (success).
type Security4729 struct {
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

var _ = declare[Security4729](security, 4729, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed {MemberName|MemberSid} from the global group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4730 records that a global group was deleted.
//
// Policy: Audit Security Group Management (success).
type Security4730 struct {
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

var _ = declare[Security4730](security, 4730, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the global group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4731 records that a local group was created, of a machine or of a domain.
//
// Policy: Audit Security Group Management (success).
type Security4731 struct {
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

var _ = declare[Security4731](security, 4731, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the local group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4732 records that a member was added to a local group, such as
// Administrators.
//
// Policy: Audit Security Group Management (success).
type Security4732 struct {
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

var _ = declare[Security4732](security, 4732, written{versions: []uint8{0, 1}, task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added {MemberName|MemberSid} to the local group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4733 records that a member was removed from a local group.
//
// Policy: Audit Security Group Management (success).
type Security4733 struct {
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

var _ = declare[Security4733](security, 4733, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed {MemberName|MemberSid} from the local group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4734 records that a local group was deleted.
//
// Policy: Audit Security Group Management (success).
type Security4734 struct {
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

var _ = declare[Security4734](security, 4734, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the local group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4735 records that a local group was changed. Attributes that did not change
// are "-".
//
// Policy: Audit Security Group Management (success).
type Security4735 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	SamAccountName    string           `evtx:",dash"`
	SidHistory        string           `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4735](security, 4735, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the local group {TargetDomainName\TargetUserName} ({TargetSid})[, new name {SamAccountName}]`)

// Security4737 records that a global group was changed. Attributes that did not change
// are "-".
//
// Policy: Audit Security Group Management (success).
type Security4737 struct {
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

var _ = declare[Security4737](security, 4737, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the global group {TargetDomainName\TargetUserName} ({TargetSid})[, new name {SamAccountName}]`)

// Security4754 records that a universal group was created.
//
// Policy: Audit Security Group Management (success).
type Security4754 struct {
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

var _ = declare[Security4754](security, 4754, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the universal group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4755 records that a universal group was changed. Attributes that did not
// change are "-".
//
// Policy: Audit Security Group Management (success).
type Security4755 struct {
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

var _ = declare[Security4755](security, 4755, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the universal group {TargetDomainName\TargetUserName} ({TargetSid})[, new name {SamAccountName}]`)

// Security4756 records that a member was added to a universal group.
//
// Policy: Audit Security Group Management (success).
type Security4756 struct {
	System
	MemberName               string
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

var _ = declare[Security4756](security, 4756, written{versions: []uint8{0, 1}, task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added {MemberName|MemberSid} to the universal group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4757 records that a member was removed from a universal group.
//
// Policy: Audit Security Group Management (success).
type Security4757 struct {
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

var _ = declare[Security4757](security, 4757, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed {MemberName|MemberSid} from the universal group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4758 records that a universal group was deleted.
//
// Policy: Audit Security Group Management (success).
type Security4758 struct {
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

var _ = declare[Security4758](security, 4758, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the universal group {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4764 records that the type of a group was changed.
//
// Policy: Audit Security Group Management (success).
type Security4764 struct {
	System
	GroupTypeChange   string
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

var _ = declare[Security4764](security, 4764, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the type of the group {TargetDomainName\TargetUserName} ({TargetSid}): {GroupTypeChange}`)

// Security4799 records that a process listed the members of a local group.
//
// Policy: Audit Security Group Management (success).
type Security4799 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	CallerProcessId   uint64 `evtx:",pointer"`
	CallerProcessName string `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4799](security, 4799, written{task: auditSecurityGroup, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) listed the members of the group {TargetDomainName\TargetUserName} ({TargetSid})[, process {CallerProcessName}]`)
