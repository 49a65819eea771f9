package evtx

// These events record changes of scheduled tasks.

// Security4698 records that a scheduled task was created. TaskContent is its XML.
//
// Policy: Audit Other Object Access Events (success).
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
	Extra                 []Field
}

var _ = declare[Security4698](security, 4698, written{versions: []uint8{0, 1}, task: auditOtherObject, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) registered the task {TaskName}`)

// Security4699 records that a scheduled task was deleted.
//
// Policy: Audit Other Object Access Events (success).
type Security4699 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	TaskName              string
	TaskContent           string
	ClientProcessStartKey uint64 `evtx:",since=1"`
	ClientProcessId       uint32 `evtx:",since=1"`
	ParentProcessId       uint32 `evtx:",since=1"`
	RpcCallClientLocality uint32 `evtx:",since=1"`
	FQDN                  string `evtx:",since=1"`
	Extra                 []Field
}

var _ = declare[Security4699](security, 4699, written{versions: []uint8{0, 1}, task: auditOtherObject, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the task {TaskName}`)

// Security4700 records that a scheduled task was enabled.
//
// Policy: Audit Other Object Access Events (success).
type Security4700 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	TaskName              string
	TaskContent           string
	ClientProcessStartKey uint64 `evtx:",since=1"`
	ClientProcessId       uint32 `evtx:",since=1"`
	ParentProcessId       uint32 `evtx:",since=1"`
	RpcCallClientLocality uint32 `evtx:",since=1"`
	FQDN                  string `evtx:",since=1"`
	Extra                 []Field
}

var _ = declare[Security4700](security, 4700, written{versions: []uint8{0, 1}, task: auditOtherObject, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) enabled the task {TaskName}`)

// Security4701 records that a scheduled task was disabled.
//
// Policy: Audit Other Object Access Events (success).
type Security4701 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	TaskName              string
	TaskContent           string
	ClientProcessStartKey uint64 `evtx:",since=1"`
	ClientProcessId       uint32 `evtx:",since=1"`
	ParentProcessId       uint32 `evtx:",since=1"`
	RpcCallClientLocality uint32 `evtx:",since=1"`
	FQDN                  string `evtx:",since=1"`
	Extra                 []Field
}

var _ = declare[Security4701](security, 4701, written{versions: []uint8{0, 1}, task: auditOtherObject, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) disabled the task {TaskName}`)

// Security4702 records that a scheduled task was changed. TaskContentNew is its new
// XML.
//
// Policy: Audit Other Object Access Events (success).
type Security4702 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	TaskName              string
	TaskContentNew        string // XML
	ClientProcessStartKey uint64 `evtx:",since=1"`
	ClientProcessId       uint32 `evtx:",since=1"`
	ParentProcessId       uint32 `evtx:",since=1"`
	RpcCallClientLocality uint32 `evtx:",since=1"`
	FQDN                  string `evtx:",since=1"`
	Extra                 []Field
}

var _ = declare[Security4702](security, 4702, written{versions: []uint8{0, 1}, task: auditOtherObject, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) updated the task {TaskName}`)
