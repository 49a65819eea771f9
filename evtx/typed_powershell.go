package evtx

// The events of PowerShell: the log of Windows PowerShell 5 and its namesake of PowerShell
// 7, and the classic log "Windows PowerShell".

var (
	// powershell are the events with a manifest. PowerShell 7 writes them to the channel PowerShellCore/Operational.
	powershell = source{
		name: "powershell", provider: "Microsoft-Windows-PowerShell",
		also: []string{"PowerShellCore"}, guid: "{a0c1853b-5c40-4b15-8766-3cf1c58f985a}", channel: "Microsoft-Windows-PowerShell/Operational",
	}
	// powershellClassic are the events without a manifest. Their last field holds lines of Name=value.
	powershellClassic = source{
		name: "powershell", provider: "PowerShell",
		channel: "Windows PowerShell",
	}
)

// PowerShell4100 records an error of a command.
//
// Policy: none; always written.
type PowerShell4100 struct {
	System
	ContextInfo string // lines of "Name = value": host, command, user and so on
	UserData    string
	Payload     string // the error message
	Extra       []Field
}

var _ = declare[PowerShell4100](powershell, 4100, written{versions: []uint8{1}, level: 3, opcode: 19, task: 106},
	`PowerShell: {Payload}`)

// PowerShell4103 records a command with its parameters. PowerShell writes it for each step
// of a pipeline.
//
// Policy: Turn on Module Logging (Administrative Templates, Windows PowerShell).
type PowerShell4103 struct {
	System
	ContextInfo string // lines of "Name = value": host, command, user and so on
	UserData    string
	Payload     string // CommandInvocation and ParameterBinding, one a line
	Extra       []Field
}

var _ = declare[PowerShell4103](powershell, 4103, written{versions: []uint8{1}, level: 4, opcode: 20, task: 106},
	`PowerShell ran {Payload}`)

// PowerShell4104 records the text of a script block. PowerShell writes it when it compiles
// the block, after decoding; a long block is spread over several events with the same
// ScriptBlockId.
//
// Policy: Turn on PowerShell Script Block Logging; blocks that look suspicious are logged
// without it, at level 3.
type PowerShell4104 struct {
	System
	MessageNumber   int32
	MessageTotal    int32
	ScriptBlockText string
	ScriptBlockId   string
	Path            string `evtx:",since=1"` // of the script, if it is in a file
	Extra           []Field
}

var _ = declare[PowerShell4104](powershell, 4104, written{versions: []uint8{1}, level: 5, opcode: 15, task: 2},
	`PowerShell compiled part {MessageNumber} of {MessageTotal} of the script block {ScriptBlockId}[ of {Path}]: {ScriptBlockText}`)

// PowerShell4105 records that a script block began to run.
//
// Policy: Turn on PowerShell Script Block Logging, with the option to log start and stop
// of invocations.
type PowerShell4105 struct {
	System
	ScriptBlockId string
	RunspaceId    string
	Extra         []Field
}

var _ = declare[PowerShell4105](powershell, 4105, written{versions: []uint8{1}, level: 5, opcode: 15, task: 102},
	`the script block {ScriptBlockId} began to run in runspace {RunspaceId}`)

// PowerShell4106 records that a script block ended.
//
// Policy: Turn on PowerShell Script Block Logging, with the option to log start and stop
// of invocations.
type PowerShell4106 struct {
	System
	ScriptBlockId string
	RunspaceId    string
	Extra         []Field
}

var _ = declare[PowerShell4106](powershell, 4106, written{versions: []uint8{1}, level: 5, opcode: 15, task: 103},
	`the script block {ScriptBlockId} ended in runspace {RunspaceId}`)

// PowerShell400 records that the engine of PowerShell started. HostApplication in its
// Details is the command line of the process.
//
// Policy: none; always written.
type PowerShell400 struct {
	System
	NewState string `evtx:"#0"`
	OldState string `evtx:"#1"`
	Details  string `evtx:"#2"` // lines of Name=value: HostApplication is the command line
	Extra    []Field
}

var _ = declare[PowerShell400](powershellClassic, 400, written{level: 4, task: 4, keywords: 0x80000000000000},
	`PowerShell started: state {NewState} after {OldState}`)

// PowerShell403 records that the engine of PowerShell stopped.
//
// Policy: none; always written.
type PowerShell403 struct {
	System
	NewState string `evtx:"#0"`
	OldState string `evtx:"#1"`
	Details  string `evtx:"#2"` // lines of Name=value: HostApplication is the command line
	Extra    []Field
}

var _ = declare[PowerShell403](powershellClassic, 403, written{level: 4, task: 4, keywords: 0x80000000000000},
	`PowerShell stopped: state {NewState} after {OldState}`)

// PowerShell600 records that a provider of PowerShell, such as Registry, started.
//
// Policy: none; always written.
type PowerShell600 struct {
	System
	ProviderName string `evtx:"#0"`
	State        string `evtx:"#1"`
	Details      string `evtx:"#2"` // lines of Name=value: HostApplication is the command line
	Extra        []Field
}

var _ = declare[PowerShell600](powershellClassic, 600, written{level: 4, task: 6, keywords: 0x80000000000000},
	`the PowerShell provider {ProviderName} entered the state {State}`)

// PowerShell800 records a command with its parameters.
//
// Policy: Turn on Module Logging, or set LogPipelineExecutionDetails of the module; some
// modules have it set.
type PowerShell800 struct {
	System
	CommandLine string `evtx:"#0"`
	Context     string `evtx:"#1"` // lines of Name=value: user, host, script
	Payload     string `evtx:"#2"` // CommandInvocation and ParameterBinding, one a line
	Extra       []Field
}

var _ = declare[PowerShell800](powershellClassic, 800, written{level: 4, task: 8, keywords: 0x80000000000000},
	`PowerShell ran {CommandLine|Payload}`)
