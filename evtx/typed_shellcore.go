package evtx

// The events of the shell about what it runs at a logon and what is on the start menu.

var shellCore = source{
	name: "shellcore", provider: "Microsoft-Windows-Shell-Core",
	guid: "{30336ed4-e327-447c-9de0-51b652c86108}", channel: "Microsoft-Windows-Shell-Core/Operational",
}

// ShellCore9701 records that the shell began to run the commands of RunOnceEx.
//
// Policy: none; always written.
type ShellCore9701 struct {
	System
	Extra []Field
}

var _ = declare[ShellCore9701](shellCore, 9701, written{level: 4, opcode: 1, task: 9701, keywords: 0x2000200004010000},
	`the shell began to run the commands of RunOnceEx`)

// ShellCore9702 records that the shell ran the commands of RunOnceEx.
//
// Policy: none; always written.
type ShellCore9702 struct {
	System
	Extra []Field
}

var _ = declare[ShellCore9702](shellCore, 9702, written{level: 4, opcode: 2, task: 9701, keywords: 0x2000200004010000},
	`the shell ran the commands of RunOnceEx`)

// ShellCore9703 records that the shell began to run the commands of RunOnce.
//
// Policy: none; always written.
type ShellCore9703 struct {
	System
	Extra []Field
}

var _ = declare[ShellCore9703](shellCore, 9703, written{level: 4, opcode: 1, task: 9703, keywords: 0x2000200004010000},
	`the shell began to run the commands of RunOnce`)

// ShellCore9704 records that the shell ran the commands of RunOnce.
//
// Policy: none; always written.
type ShellCore9704 struct {
	System
	Extra []Field
}

var _ = declare[ShellCore9704](shellCore, 9704, written{level: 4, opcode: 2, task: 9703, keywords: 0x2000200004010000},
	`the shell ran the commands of RunOnce`)

// ShellCore9705 records that the shell began to read a Run key.
//
// Policy: none; always written.
type ShellCore9705 struct {
	System
	KeyName string
	Extra   []Field
}

var _ = declare[ShellCore9705](shellCore, 9705, written{level: 4, opcode: 1, task: 9705, keywords: 0x2000200004010000},
	`the shell began to read {KeyName}`)

// ShellCore9706 records that the shell read a Run key.
//
// Policy: none; always written.
type ShellCore9706 struct {
	System
	KeyName string
	Extra   []Field
}

var _ = declare[ShellCore9706](shellCore, 9706, written{level: 4, opcode: 2, task: 9705, keywords: 0x2000200004010000},
	`the shell read {KeyName}`)

// ShellCore9707 records that the shell began to run a command of a Run key. UserSID of
// System is the user.
//
// Policy: none; always written.
type ShellCore9707 struct {
	System
	Command string
	Extra   []Field
}

var _ = declare[ShellCore9707](shellCore, 9707, written{level: 4, opcode: 1, task: 9707, keywords: 0x2000200004010000},
	`the shell ran {Command}`)

// ShellCore9708 records that the shell ran a command of a Run key.
//
// Policy: none; always written.
type ShellCore9708 struct {
	System
	PID     uint32
	Command string
	Extra   []Field
}

var _ = declare[ShellCore9708](shellCore, 9708, written{level: 4, opcode: 2, task: 9707, keywords: 0x2000200004010000},
	`the shell started {Command} as process {PID}`)

// ShellCore9709 records that the shell began to run a command of a Run key as a job.
//
// Policy: none; always written.
type ShellCore9709 struct {
	System
	Command string
	Extra   []Field
}

var _ = declare[ShellCore9709](shellCore, 9709, written{level: 4, opcode: 1, task: 9709, keywords: 0x2000200004010000},
	`the shell ran {Command} as a job`)

// ShellCore9710 records that the shell ran a command of a Run key as a job.
//
// Policy: none; always written.
type ShellCore9710 struct {
	System
	PID     uint32
	Command string
	Extra   []Field
}

var _ = declare[ShellCore9710](shellCore, 9710, written{level: 4, opcode: 2, task: 9709, keywords: 0x2000200004010000},
	`the shell started {Command} as process {PID}, in a job`)

// ShellCore9711 records that the shell began to run an entry of a startup folder.
//
// Policy: none; always written.
type ShellCore9711 struct {
	System
	Command string
	Extra   []Field
}

var _ = declare[ShellCore9711](shellCore, 9711, written{level: 4, opcode: 1, task: 9711, keywords: 0x2000200004010000},
	`the shell ran {Command} of a startup folder`)

// ShellCore9712 records that the shell ran an entry of a startup folder.
//
// Policy: none; always written.
type ShellCore9712 struct {
	System
	Command string
	Extra   []Field
}

var _ = declare[ShellCore9712](shellCore, 9712, written{level: 4, opcode: 2, task: 9711, keywords: 0x2000200004010000},
	`the shell started {Command} of a startup folder`)

// ShellCore28115 records that a shortcut was added to the start menu. Programs that are
// installed leave it, and the first logon of a user.
//
// Policy: none; always written.
type ShellCore28115 struct {
	System
	Name  string
	AppID string
	Flags uint32
	Extra []Field
}

var _ = declare[ShellCore28115](shellCore, 28115, written{level: 4, task: 28141, keywords: 0x2000000000010000},
	`the shortcut {Name} ({AppID}) was added to the start menu`)
