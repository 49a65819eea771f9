package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the task scheduler. Its log is off on many machines; Security 4698 to 4702
// then record tasks, if they are audited.

var taskScheduler = source{
	name: "taskscheduler", provider: "Microsoft-Windows-TaskScheduler",
	guid: "{de7b24ea-73c8-4a09-985d-5bdadcfa9017}", channel: "Microsoft-Windows-TaskScheduler/Operational",
}

// TaskScheduler100 records that an instance of a task started.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler100 struct {
	System
	TaskName    string
	UserContext string
	InstanceId  GUID
	Extra       []Field
}

var _ = declare[TaskScheduler100](taskScheduler, 100, written{level: 4, opcode: 1, task: 100, keywords: 0x8000000000000001},
	`the task {TaskName} started as {UserContext}, instance {InstanceId}`)

// TaskScheduler102 records that an instance of a task ended.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler102 struct {
	System
	TaskName    string
	UserContext string
	InstanceId  GUID
	Extra       []Field
}

var _ = declare[TaskScheduler102](taskScheduler, 102, written{level: 4, opcode: 2, task: 102, keywords: 0x8000000000000001},
	`the task {TaskName} ended, instance {InstanceId}`)

// TaskScheduler106 records that a task was registered.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler106 struct {
	System
	TaskName    string
	UserContext string
	Extra       []Field
}

var _ = declare[TaskScheduler106](taskScheduler, 106, written{level: 4, task: 106, keywords: 0x8000000000000000},
	`{UserContext} registered the task {TaskName}`)

// TaskScheduler110 records that a user ran a task.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler110 struct {
	System
	TaskName    string
	InstanceId  GUID
	UserContext string
	Extra       []Field
}

var _ = declare[TaskScheduler110](taskScheduler, 110, written{level: 4, task: 110, keywords: 0x8000000000000000},
	`{UserContext} ran the task {TaskName}, instance {InstanceId}`)

// TaskScheduler118 records that a task was triggered by the start of the machine.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler118 struct {
	System
	TaskName   string
	InstanceId GUID
	Extra      []Field
}

var _ = declare[TaskScheduler118](taskScheduler, 118, written{level: 4, task: 118, keywords: 0x8000000000000000},
	`the task {TaskName} was triggered by the start of the machine, instance {InstanceId}`)

// TaskScheduler119 records that a task was triggered by a logon.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler119 struct {
	System
	TaskName   string
	UserName   string
	InstanceId GUID
	Extra      []Field
}

var _ = declare[TaskScheduler119](taskScheduler, 119, written{level: 4, task: 119, keywords: 0x8000000000000000},
	`the task {TaskName} was triggered by the logon of {UserName}, instance {InstanceId}`)

// TaskScheduler129 records that a task started a process.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler129 struct {
	System
	TaskName      string
	Path          string
	TaskProcessID uint32 `evtx:"ProcessID"`
	Priority      uint32
	Extra         []Field
}

var _ = declare[TaskScheduler129](taskScheduler, 129, written{level: 4, task: 129, keywords: 0x8000000000000000},
	`the task {TaskName} started {Path} (process {TaskProcessID})`)

// TaskScheduler140 records that a task was changed.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler140 struct {
	System
	TaskName string
	UserName string
	Extra    []Field
}

var _ = declare[TaskScheduler140](taskScheduler, 140, written{level: 4, task: 140, keywords: 0x8000000000000000},
	`{UserName} changed the task {TaskName}`)

// TaskScheduler141 records that a task was deleted.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler141 struct {
	System
	TaskName string
	UserName string
	Extra    []Field
}

var _ = declare[TaskScheduler141](taskScheduler, 141, written{level: 4, task: 141, keywords: 0x8000000000000000},
	`{UserName} deleted the task {TaskName}`)

// TaskScheduler142 records that a task was disabled.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler142 struct {
	System
	TaskName string
	UserName string
	Extra    []Field
}

var _ = declare[TaskScheduler142](taskScheduler, 142, written{level: 4, task: 142, keywords: 0x8000000000000000},
	`{UserName} disabled the task {TaskName}`)

// TaskScheduler200 records that an action of a task started.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler200 struct {
	System
	TaskName       string
	ActionName     string
	TaskInstanceId GUID
	EnginePID      uint32 `evtx:",since=1"`
	Extra          []Field
}

var _ = declare[TaskScheduler200](taskScheduler, 200, written{versions: []uint8{0, 1}, level: 4, opcode: 1, task: 200, keywords: 0x8000000000000000},
	`the task {TaskName} ran {ActionName}, instance {TaskInstanceId}`)

// TaskScheduler201 records that an action of a task ended.
//
// Policy: none; the log Microsoft-Windows-TaskScheduler/Operational must be enabled.
type TaskScheduler201 struct {
	System
	TaskName       string
	TaskInstanceId GUID
	ActionName     string
	ResultCode     winid.Win32Error
	EnginePID      uint32 `evtx:",since=1"`
	Extra          []Field
}

var _ = declare[TaskScheduler201](taskScheduler, 201, written{versions: []uint8{1, 2}, level: 4, opcode: 2, task: 201, keywords: 0x8000000000000000},
	`the task {TaskName} ended {ActionName} with {ResultCode}, instance {TaskInstanceId}`)
