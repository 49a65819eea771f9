package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// These events record changes and replication of Active Directory. Domain controllers write
// them.

// Security4928 records that a source of replication was added to a naming context.
//
// Policy: Audit Detailed Directory Service Replication (success and failure).
type Security4928 struct {
	System
	DestinationDRA string
	SourceDRA      string `evtx:",dash"`
	SourceAddr     string
	NamingContext  string
	Options        uint64
	StatusCode     winid.Win32Error
	Extra          []Field
}

var _ = declare[Security4928](security, 4928, written{versions: []uint8{0, 1}, task: auditDetailedReplication, keywords: auditSuccess},
	`the source {SourceDRA|SourceAddr} was added for the replication of {NamingContext} to {DestinationDRA}: status {StatusCode}`)

// Security4929 records that a source of replication was removed from a naming context,
// as DCShadow does at its end.
//
// Policy: Audit Detailed Directory Service Replication (success and failure).
type Security4929 struct {
	System
	DestinationDRA string
	SourceDRA      string `evtx:",dash"`
	SourceAddr     string
	NamingContext  string
	Options        uint64
	StatusCode     winid.Win32Error
	Extra          []Field
}

var _ = declare[Security4929](security, 4929, written{versions: []uint8{0, 1}, task: auditDetailedReplication, keywords: auditSuccess},
	`the source {SourceDRA|SourceAddr} was removed from the replication of {NamingContext} to {DestinationDRA}: status {StatusCode}`)

// Security4930 records that a source of replication was changed.
//
// Policy: Audit Detailed Directory Service Replication (success and failure).
type Security4930 struct {
	System
	DestinationDRA string
	SourceDRA      string `evtx:",dash"`
	SourceAddr     string
	NamingContext  string
	Options        uint64
	StatusCode     winid.Win32Error
	Extra          []Field
}

var _ = declare[Security4930](security, 4930, written{versions: []uint8{0, 1}, task: auditDetailedReplication, keywords: auditSuccess},
	`the source {SourceDRA|SourceAddr} of the replication of {NamingContext} to {DestinationDRA} was changed: status {StatusCode}`)

// Security4931 records that a destination of replication was changed.
//
// Policy: Audit Detailed Directory Service Replication (success and failure).
type Security4931 struct {
	System
	DestinationDRA string
	SourceDRA      string `evtx:",dash"`
	SourceAddr     string
	NamingContext  string
	Options        uint64
	StatusCode     winid.Win32Error
	Extra          []Field
}

var _ = declare[Security4931](security, 4931, written{versions: []uint8{0, 1}, task: auditDetailedReplication, keywords: auditSuccess},
	`the destination {DestinationDRA} of the replication of {NamingContext} from {SourceDRA|SourceAddr} was changed: status {StatusCode}`)

// Security4932 records that the replication of a naming context began.
//
// Policy: Audit Directory Service Replication (success).
type Security4932 struct {
	System
	DestinationDRA string
	SourceDRA      string `evtx:",dash"`
	NamingContext  string
	Options        uint64
	SessionID      uint32
	StartUSN       string
	Extra          []Field
}

var _ = declare[Security4932](security, 4932, written{versions: []uint8{0, 1}, task: auditDirectoryReplication, keywords: auditSuccess},
	`the replication of {NamingContext} from {SourceDRA} to {DestinationDRA} began`)

// Security4933 records that the replication of a naming context ended.
//
// Policy: Audit Directory Service Replication (success and failure).
type Security4933 struct {
	System
	DestinationDRA string
	SourceDRA      string `evtx:",dash"`
	NamingContext  string
	Options        uint64
	SessionID      uint32
	EndUSN         string
	StatusCode     winid.Win32Error
	Extra          []Field
}

var _ = declare[Security4933](security, 4933, written{versions: []uint8{0, 1}, task: auditDirectoryReplication, keywords: auditSuccess},
	`the replication of {NamingContext} from {SourceDRA} to {DestinationDRA} ended: status {StatusCode}`)

// Security4934 records that an attribute of an object was replicated.
//
// Policy: Audit Detailed Directory Service Replication (success).
type Security4934 struct {
	System
	SessionID    uint32
	Object       string
	Attribute    string
	TypeOfChange uint32
	NewValue     string
	USN          string
	StatusCode   winid.Win32Error
	Extra        []Field
}

var _ = declare[Security4934](security, 4934, written{task: auditDetailedReplication, keywords: auditSuccess},
	`the attribute {Attribute} of {Object} was replicated: {NewValue}, status {StatusCode}`)

// Security4935 records that a failure of replication began.
//
// Policy: Audit Detailed Directory Service Replication (failure).
type Security4935 struct {
	System
	ReplicationEvent uint32
	AuditStatusCode  winid.Win32Error
	Extra            []Field
}

var _ = declare[Security4935](security, 4935, written{task: auditDetailedReplication, keywords: auditFailure},
	`a failure of the replication began: event {ReplicationEvent}, status {AuditStatusCode}`)

// Security4936 records that a failure of replication ended.
//
// Policy: Audit Detailed Directory Service Replication (failure).
type Security4936 struct {
	System
	ReplicationEvent      uint32
	AuditStatusCode       winid.Win32Error
	ReplicationStatusCode winid.Win32Error
	Extra                 []Field
}

var _ = declare[Security4936](security, 4936, written{task: auditDetailedReplication, keywords: auditFailure},
	`a failure of the replication ended: event {ReplicationEvent}, status {ReplicationStatusCode}`)

// Security4937 records that an object that lingered was removed from a replica.
//
// Policy: Audit Detailed Directory Service Replication (success).
type Security4937 struct {
	System
	DestinationDRA string
	SourceDRA      string `evtx:",dash"`
	Object         string
	Options        uint64
	StatusCode     winid.Win32Error
	Extra          []Field
}

var _ = declare[Security4937](security, 4937, written{versions: []uint8{0, 1}, task: auditDetailedReplication, keywords: auditSuccess},
	`the lingering object {Object} was removed from {DestinationDRA}: status {StatusCode}`)

// Security5136 records that an attribute of an object was changed. The old and the new
// value are events of their own with the same OpCorrelationID.
//
// Policy: Audit Directory Service Changes (success).
type Security5136 struct {
	System
	OpCorrelationID          GUID
	AppCorrelationID         string `evtx:",dash"`
	SubjectUserSid           string `evtx:",sid"`
	SubjectUserName          string
	SubjectDomainName        string
	SubjectLogonId           uint64 `evtx:",hex"`
	DSName                   string
	DSType                   winid.ParameterText
	ObjectDN                 string
	ObjectGUID               GUID
	ObjectClass              string
	AttributeLDAPDisplayName string
	AttributeSyntaxOID       string
	AttributeValue           string
	OperationType            winid.ParameterText
	Extra                    []Field
}

var _ = declare[Security5136](security, 5136, written{task: auditDirectoryChanges, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed {AttributeLDAPDisplayName} of {ObjectDN}: {OperationType} {AttributeValue}`)

// Security5137 records that an object was created.
//
// Policy: Audit Directory Service Changes (success).
type Security5137 struct {
	System
	OpCorrelationID   GUID
	AppCorrelationID  string `evtx:",dash"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	DSName            string
	DSType            winid.ParameterText
	ObjectDN          string
	ObjectGUID        GUID
	ObjectClass       string
	Extra             []Field
}

var _ = declare[Security5137](security, 5137, written{task: auditDirectoryChanges, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the {ObjectClass} {ObjectDN}`)

// Security5138 records that a deleted object was restored.
//
// Policy: Audit Directory Service Changes (success).
type Security5138 struct {
	System
	OpCorrelationID   GUID
	AppCorrelationID  string `evtx:",dash"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	DSName            string
	DSType            winid.ParameterText
	OldObjectDN       string
	NewObjectDN       string
	ObjectGUID        GUID
	ObjectClass       string
	Extra             []Field
}

var _ = declare[Security5138](security, 5138, written{task: auditDirectoryChanges, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) restored the {ObjectClass} {OldObjectDN} as {NewObjectDN}`)

// Security5139 records that an object was moved or renamed.
//
// Policy: Audit Directory Service Changes (success).
type Security5139 struct {
	System
	OpCorrelationID   GUID
	AppCorrelationID  string `evtx:",dash"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	DSName            string
	DSType            winid.ParameterText
	OldObjectDN       string
	NewObjectDN       string
	ObjectGUID        GUID
	ObjectClass       string
	Extra             []Field
}

var _ = declare[Security5139](security, 5139, written{task: auditDirectoryChanges, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) moved the {ObjectClass} {OldObjectDN} to {NewObjectDN}`)

// Security5141 records that an object was deleted.
//
// Policy: Audit Directory Service Changes (success).
type Security5141 struct {
	System
	OpCorrelationID   GUID
	AppCorrelationID  string `evtx:",dash"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	DSName            string
	DSType            winid.ParameterText
	ObjectDN          string
	ObjectGUID        GUID
	ObjectClass       string
	TreeDelete        winid.ParameterText
	Extra             []Field
}

var _ = declare[Security5141](security, 5141, written{task: auditDirectoryChanges, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the {ObjectClass} {ObjectDN}`)

// Security5169 records that an attribute of an object was changed, with the time at
// which the value expires.
//
// Policy: Audit Directory Service Changes (success).
type Security5169 struct {
	System
	OpCorrelationID          GUID
	AppCorrelationID         string `evtx:",dash"`
	SubjectUserSid           string `evtx:",sid"`
	SubjectUserName          string
	SubjectDomainName        string
	SubjectLogonId           uint64 `evtx:",hex"`
	DSName                   string
	DSType                   winid.ParameterText
	ObjectDN                 string
	ObjectGUID               GUID
	ObjectClass              string
	AttributeLDAPDisplayName string
	AttributeSyntaxOID       string
	AttributeValue           string
	ExpirationTime           time.Time `evtx:",filetime"`
	OperationType            winid.ParameterText
	Extra                    []Field
}

var _ = declare[Security5169](security, 5169, written{task: auditDirectoryChanges, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed {AttributeLDAPDisplayName} of {ObjectDN}: {OperationType} {AttributeValue}, until {ExpirationTime}`)

// Security5170 records that the domain controller itself changed an attribute of an
// object, as its cleanup does.
//
// Policy: Audit Directory Service Changes (success).
type Security5170 struct {
	System
	OpCorrelationID          GUID
	AppCorrelationID         string `evtx:",dash"`
	SubjectUserSid           string `evtx:",sid"`
	SubjectUserName          string
	SubjectDomainName        string
	SubjectLogonId           uint64 `evtx:",hex"`
	DSName                   string
	DSType                   winid.ParameterText
	ObjectDN                 string
	ObjectGUID               GUID
	ObjectClass              string
	AttributeLDAPDisplayName string
	AttributeSyntaxOID       string
	AttributeValue           string
	ExpirationTime           time.Time `evtx:",filetime"`
	OperationType            string
	Extra                    []Field
}

var _ = declare[Security5170](security, 5170, written{task: auditDirectoryChanges, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) cleaned up {AttributeLDAPDisplayName} of {ObjectDN}: {OperationType} {AttributeValue}`)
