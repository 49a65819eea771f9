package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// The events of the System log about clock, power, sessions and group policy that have no
// log of their own.

var (
	timeService = source{
		name: "timeservice", provider: "Microsoft-Windows-Time-Service",
		guid: "{06edcfeb-0fd0-4e53-acca-a6f8bbf81bcb}", channel: "System",
	}
	winlogon = source{
		name: "winlogon", provider: "Microsoft-Windows-Winlogon",
		guid: "{dbe9b383-7cf3-4331-91cc-a3cb16a3b538}", channel: "System",
	}
	groupPolicy = source{
		name: "grouppolicy", provider: "Microsoft-Windows-GroupPolicy",
		guid: "{aea1b4fa-97d1-45f2-a64c-4d69fffd92c9}", channel: "System",
	}
	kernelPower = source{
		name: "kernelpower", provider: "Microsoft-Windows-Kernel-Power",
		guid: "{331c3b3a-2005-44c2-ac5e-77220c37d6b4}", channel: "System",
	}
	powerTroubleshooter = source{
		name: "powertroubleshooter", provider: "Microsoft-Windows-Power-Troubleshooter",
		guid: "{cdc05e28-c449-49c6-b9d2-88cf761644df}", channel: "System",
	}
	applicationPopup = source{
		name: "applicationpopup", provider: "Application Popup",
		guid: "{47bfa2b7-bd54-4fac-b70b-29021084ca8f}", channel: "System",
	}
	dcom = source{
		name: "dcom", provider: "Microsoft-Windows-DistributedCOM",
		guid: "{1b562e86-b7aa-4131-badc-b6f3a001407e}", eventSource: "DCOM", channel: "System",
	}
)

// TimeService35 records which source the machine takes its time from.
//
// Policy: none; always written.
type TimeService35 struct {
	System
	TimeSource           string
	TimeSourceRefId      uint32 `evtx:",since=1"`
	CurrentStratumNumber uint32 `evtx:",since=1"`
	Extra                []Field
}

var _ = declare[TimeService35](timeService, 35, written{level: 4, keywords: 0x8000000000000000},
	`the machine took its time from {TimeSource}`)

// TimeService37 records that a source of time gives valid time.
//
// Policy: none; always written.
type TimeService37 struct {
	System
	TimeSource string
	Extra      []Field
}

var _ = declare[TimeService37](timeService, 37, written{level: 4, keywords: 0x8000000000000000},
	`the machine received valid time from {TimeSource}`)

// Winlogon7001 records that a user logged on at the machine or by remote desktop. The
// customer experience program made it be written; it is there without it, too.
//
// Policy: none; always written.
type Winlogon7001 struct {
	System
	TSId    uint32
	UserSid string `evtx:",sid"`
	Extra   []Field
}

var _ = declare[Winlogon7001](winlogon, 7001, written{level: 4, task: 1101, keywords: 0x2000200000000000},
	`{UserSid} logged on to session {TSId}`)

// Winlogon7002 records that a user logged off.
//
// Policy: none; always written.
type Winlogon7002 struct {
	System
	TSId    uint32
	UserSid string `evtx:",sid"`
	Extra   []Field
}

var _ = declare[Winlogon7002](winlogon, 7002, written{level: 4, task: 1102, keywords: 0x2000200000000000},
	`{UserSid} logged off from session {TSId}`)

// GroupPolicy1129 records that group policy failed because no domain controller could be
// reached.
//
// Policy: none; always written.
type GroupPolicy1129 struct {
	System
	SupportInfo1                 uint32
	SupportInfo2                 uint32
	ProcessingMode               uint32
	ProcessingTimeInMilliseconds uint32
	ErrorCode                    winid.Win32Error
	ErrorDescription             string
	Extra                        []Field
}

var _ = declare[GroupPolicy1129](groupPolicy, 1129, written{level: 2, keywords: 0x8000000000000000},
	`group policy failed: {ErrorCode}`)

// GroupPolicy1130 records that a script of group policy failed.
//
// Policy: none; always written.
type GroupPolicy1130 struct {
	System
	SupportInfo1           uint32
	SupportInfo2           uint32
	ErrorCode              winid.Win32Error
	ErrorDescription       string
	ScriptType             uint32
	GPODisplayName         string
	GPOFileSystemPath      string
	GPOScriptCommandString string
	Extra                  []Field
}

var _ = declare[GroupPolicy1130](groupPolicy, 1130, written{level: 2, keywords: 0x8000000000000000},
	`the group policy {GPODisplayName} failed to run {GPOScriptCommandString}: {ErrorCode}`)

// GroupPolicy1500 records that the policy of the machine was applied, without a change.
//
// Policy: none; always written.
type GroupPolicy1500 struct {
	System
	SupportInfo1                 uint32
	SupportInfo2                 uint32
	ProcessingMode               uint32
	ProcessingTimeInMilliseconds uint32
	DCName                       string
	Extra                        []Field
}

var _ = declare[GroupPolicy1500](groupPolicy, 1500, written{level: 4, opcode: 1, keywords: 0x8000000000000000},
	`group policy was applied to the machine[ from {DCName}]`)

// GroupPolicy1501 records that the policy of a user was applied, without a change.
//
// Policy: none; always written.
type GroupPolicy1501 struct {
	System
	SupportInfo1                 uint32
	SupportInfo2                 uint32
	ProcessingMode               uint32
	ProcessingTimeInMilliseconds uint32
	DCName                       string
	Extra                        []Field
}

var _ = declare[GroupPolicy1501](groupPolicy, 1501, written{level: 4, opcode: 1, keywords: 0x8000000000000000},
	`group policy was applied to a user[ from {DCName}]`)

// GroupPolicy1502 records that the changed policy of the machine was applied.
//
// Policy: none; always written.
type GroupPolicy1502 struct {
	System
	SupportInfo1                 uint32
	SupportInfo2                 uint32
	ProcessingMode               uint32
	ProcessingTimeInMilliseconds uint32
	DCName                       string
	NumberOfGroupPolicyObjects   uint32
	Extra                        []Field
}

var _ = declare[GroupPolicy1502](groupPolicy, 1502, written{level: 4, opcode: 1, keywords: 0x8000000000000000},
	`group policy was applied to the machine[ from {DCName}], {NumberOfGroupPolicyObjects} objects`)

// KernelPower42 records that the machine is going to sleep.
//
// Policy: none; always written.
type KernelPower42 struct {
	System
	TargetState     uint32
	EffectiveState  uint32
	Reason          uint32 `evtx:",since=1"`
	Flags           uint32 `evtx:",since=1"`
	TransitionsToOn uint32 `evtx:",since=2"`
	Extra           []Field
}

var _ = declare[KernelPower42](kernelPower, 42, written{versions: []uint8{0, 2, 3}, level: 4, task: 64, keywords: 0x8000000000000404},
	`the machine went to sleep, state {TargetState}, reason {Reason}`)

// PowerTroubleshooter1 records that the machine woke up, and how long it slept.
//
// Policy: none; always written.
type PowerTroubleshooter1 struct {
	System
	SleepTime                time.Time `evtx:",filetime"`
	WakeTime                 time.Time `evtx:",filetime"`
	SleepDuration            uint32
	WakeDuration             uint32
	DriverInitDuration       uint32
	BiosInitDuration         uint32
	HiberWriteDuration       uint32
	HiberReadDuration        uint32
	HiberPagesWritten        uint32
	Attributes               uint32
	TargetState              uint32
	EffectiveState           uint32
	WakeSourceType           uint32
	WakeSourceTextLength     uint16
	WakeSourceText           string
	WakeTimerOwnerLength     uint16
	WakeTimerContextLength   uint16
	NoMultiStageResumeReason uint32
	WakeTimerOwner           string
	WakeTimerContext         string
	Extra                    []Field
}

var _ = declare[PowerTroubleshooter1](powerTroubleshooter, 1, written{versions: []uint8{2}, level: 4, keywords: 0x8000000000000000},
	`the machine slept from {SleepTime} to {WakeTime}[, woken by {WakeSourceText}]`)

// ApplicationPopup26 records a message box that Windows showed.
//
// Policy: none; always written.
type ApplicationPopup26 struct {
	System
	Caption string
	Message string
	Extra   []Field
}

var _ = declare[ApplicationPopup26](applicationPopup, 26, written{level: 4, keywords: 0x8000000000000000},
	`Windows showed {Caption}: {Message}`)

// DCOM10028 records that a process could not reach another machine by DCOM. Scans and
// lateral movement leave it.
//
// Policy: none; always written.
type DCOM10028 struct {
	System
	Machine             string `evtx:"param1"`
	RequestingProcessID string `evtx:"param2"` // in hexadecimal
	Process             string `evtx:"param3"`
	Class               string `evtx:"param4"` // a CLSID
	Binary              []byte
	Extra               []Field
}

var _ = declare[DCOM10028](dcom, 10028, written{level: 2, keywords: 0x8080000000000000},
	`{Process} (process {RequestingProcessID}) could not reach {Machine} by DCOM, class {Class}`)
