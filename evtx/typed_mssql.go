package evtx

// The events of SQL Server, in the Application log. The provider of an instance is MSSQL$
// and its name.

var mssql = source{
	name: "mssql", provider: "MSSQLSERVER",
	also: []string{"MSSQL$"}, channel: "Application",
}

// MSSQL15281 records that access to a feature was refused because it is off, such as
// xp_cmdshell.
//
// Policy: none; always written.
type MSSQL15281 struct {
	System
	ObjectType string `evtx:"#0"`
	Object     string `evtx:"#1"`
	Component  string `evtx:"#2"`
	Component2 string `evtx:"#3"`
	Component3 string `evtx:"#4"`
	Component4 string `evtx:"#5"`
	Binary     []byte // the number of the message, the host and the database
	Extra      []Field
}

var _ = declare[MSSQL15281](mssql, 15281, written{level: 4, task: 2, qualifiers: 16384, keywords: 0x80000000000000},
	`access to the {ObjectType} {Object} of {Component} was refused, because it is turned off`)

// MSSQL15457 records that an option was changed.
//
// Policy: none; always written.
type MSSQL15457 struct {
	System
	Option   string `evtx:"#0"`
	OldValue string `evtx:"#1"`
	NewValue string `evtx:"#2"`
	Binary   []byte // the number of the message, the host and the database
	Extra    []Field
}

var _ = declare[MSSQL15457](mssql, 15457, written{level: 4, task: 2, qualifiers: 16384, keywords: 0x80000000000000},
	`the option {Option} was changed from {OldValue} to {NewValue}`)

// MSSQL17135 records that a procedure was run at the start of the server.
//
// Policy: none; always written.
type MSSQL17135 struct {
	System
	Procedure string `evtx:"#0"`
	Binary    []byte // the number of the message, the host and the database
	Extra     []Field
}

var _ = declare[MSSQL17135](mssql, 17135, written{level: 4, task: 2, qualifiers: 16384, keywords: 0x80000000000000},
	`the startup procedure {Procedure} was run`)

// MSSQL18453 records a login by Windows authentication.
//
// Policy: none; success is logged only if the server audits both failed and successful
// logins.
type MSSQL18453 struct {
	System
	User   string `evtx:"#0"`
	Client string `evtx:"#1"` // IP in brackets, or <local machine>
	Binary []byte // the number of the message, the host and the database
	Extra  []Field
}

var _ = declare[MSSQL18453](mssql, 18453, written{task: 4, qualifiers: 16384, keywords: 0xa0000000000000},
	`{User} logged in by Windows authentication{Client|""}`)

// MSSQL18454 records a login by SQL Server authentication.
//
// Policy: none; success is logged only if the server audits both failed and successful
// logins.
type MSSQL18454 struct {
	System
	User   string `evtx:"#0"`
	Client string `evtx:"#1"` // IP in brackets, or <local machine>
	Binary []byte // the number of the message, the host and the database
	Extra  []Field
}

var _ = declare[MSSQL18454](mssql, 18454, written{task: 4, qualifiers: 16384, keywords: 0xa0000000000000},
	`{User} logged in by SQL Server authentication{Client|""}`)

// MSSQL18456 records a login that failed.
//
// Policy: none; failed logins are logged by default.
type MSSQL18456 struct {
	System
	User   string `evtx:"#0"`
	Reason string `evtx:"#1"`
	Client string `evtx:"#2"`
	Binary []byte // the number of the message, the host and the database
	Extra  []Field
}

var _ = declare[MSSQL18456](mssql, 18456, written{task: 4, qualifiers: 49152, keywords: 0x90000000000000},
	`{User} failed to log in:{Reason}{Client|""}`)

// MSSQL33205 records an event of SQL Server Audit. Its text has lines of name:value:
// action_id, succeeded, server_principal_name, statement and so on. The keywords are those
// of success; a failure has 0x90000000000000.
//
// Policy: a server audit that writes to the Application log.
type MSSQL33205 struct {
	System
	Record string `evtx:"#0"` // lines of name:value
	Extra  []Field
}

var _ = declare[MSSQL33205](mssql, 33205, written{task: 4, qualifiers: 16384, keywords: 0xa0000000000000},
	`SQL Server audited {Record}`)
