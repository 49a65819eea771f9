package evtx

// The events of Windows Remote Management, which PowerShell remoting uses.

var winrm = source{
	name: "winrm", provider: "Microsoft-Windows-WinRM",
	guid: "{a7975c8f-ac13-49f1-87da-5a984a4ab417}", channel: "Microsoft-Windows-WinRM/Operational",
}

// WinRM6 records that this machine opened a session to another.
//
// Policy: none; always written.
type WinRM6 struct {
	System
	Connection string `evtx:"connection"` // the server and its path
	Extra      []Field
}

var _ = declare[WinRM6](winrm, 6, written{level: 4, opcode: 1, task: 3, keywords: 0x4000000000000002},
	`a WinRM session was opened to {Connection}`)

// WinRM8 records that this machine began to close a session to another.
//
// Policy: none; always written.
type WinRM8 struct {
	System
	Extra []Field
}

var _ = declare[WinRM8](winrm, 8, written{level: 4, opcode: 1, task: 4, keywords: 0x4000000000000002},
	`a WinRM session began to close`)

// WinRM15 records that this machine closed the last command of a session.
//
// Policy: none; always written.
type WinRM15 struct {
	System
	Extra []Field
}

var _ = declare[WinRM15](winrm, 15, written{level: 4, opcode: 1, task: 5, keywords: 0x4000000000000002},
	`a WinRM command was closed`)

// WinRM33 records that this machine closed a session to another.
//
// Policy: none; always written.
type WinRM33 struct {
	System
	Extra []Field
}

var _ = declare[WinRM33](winrm, 33, written{level: 4, opcode: 2, task: 4, keywords: 0x4000000000000002},
	`a WinRM session was closed`)

// WinRM91 records that another machine opened a shell on this one. Windows 10 and later
// write user and IP of the client behind the resource.
//
// Policy: none; always written.
type WinRM91 struct {
	System
	ResourceUri string `evtx:"resourceUri"`
	Extra       []Field
}

var _ = declare[WinRM91](winrm, 91, written{level: 4, task: 9, keywords: 0x4000000000000004},
	`a WinRM shell was opened: {ResourceUri}`)

// WinRM169 records that a user authenticated to this machine.
//
// Policy: none; always written.
type WinRM169 struct {
	System
	Username                string `evtx:"username"`
	AuthenticationMechanism string `evtx:"authenticationMechanism"`
	Extra                   []Field
}

var _ = declare[WinRM169](winrm, 169, written{level: 4, task: 7, keywords: 0x400000000000000c},
	`{Username} authenticated by {AuthenticationMechanism}`)
