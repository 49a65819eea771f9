package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the service control manager, in the System log.

var services = source{
	name: "system", provider: "Service Control Manager",
	guid: "{555908d1-a6d7-4695-8e1e-26931d2012f4}", eventSource: "Service Control Manager", channel: "System",
}

// System7000 records that a service failed to start.
//
// Policy: none; always written.
type System7000 struct {
	System
	Service string          `evtx:"param1"` // its display name
	Error   winid.ErrorText `evtx:"param2"`
	Binary  []byte          `evtx:",since=1"` // the name of the service, in UTF-16
	Extra   []Field
}

var _ = declare[System7000](services, 7000, written{level: 2, qualifiers: 49152, keywords: 0x8080000000000000},
	`the service {Service} failed to start: {Error}`)

// System7009 records that a service did not connect in time. Tools that run a command as a
// service leave it, because the command is not a service.
//
// Policy: none; always written.
type System7009 struct {
	System
	Timeout string `evtx:"param1"` // in milliseconds
	Service string `evtx:"param2"`
	Binary  []byte `evtx:",since=1"` // the name of the service, in UTF-16
	Extra   []Field
}

var _ = declare[System7009](services, 7009, written{level: 2, qualifiers: 49152, keywords: 0x8080000000000000},
	`the service {Service} did not connect within {Timeout} ms`)

// System7031 records that a service ended unexpectedly, and what was done about it.
//
// Policy: none; always written.
type System7031 struct {
	System
	Service    string `evtx:"param1"`
	Count      string `evtx:"param2"` // how often so far
	Delay      string `evtx:"param3"` // in milliseconds
	ActionCode string `evtx:"param4"`
	Action     string `evtx:"param5"`   // in the machine's language
	Binary     []byte `evtx:",since=1"` // the name of the service, in UTF-16
	Extra      []Field
}

var _ = declare[System7031](services, 7031, written{level: 2, qualifiers: 49152, keywords: 0x8080000000000000},
	`the service {Service} ended unexpectedly, count {Count}; in {Delay} ms: {Action}`)

// System7034 records that a service ended unexpectedly.
//
// Policy: none; always written.
type System7034 struct {
	System
	Service string `evtx:"param1"`
	Count   string `evtx:"param2"`
	Binary  []byte `evtx:",since=1"` // the name of the service, in UTF-16
	Extra   []Field
}

var _ = declare[System7034](services, 7034, written{level: 2, qualifiers: 49152, keywords: 0x8080000000000000},
	`the service {Service} ended unexpectedly, count {Count}`)

// System7036 records that a service entered a state.
//
// Policy: none; Windows 10 and later write it for few services.
type System7036 struct {
	System
	Service string `evtx:"param1"`   // its display name
	State   string `evtx:"param2"`   // "running", "stopped", in the machine's language
	Binary  []byte `evtx:",since=1"` // the name of the service, in UTF-16
	Extra   []Field
}

var _ = declare[System7036](services, 7036, written{level: 4, qualifiers: 16384, keywords: 0x8080000000000000},
	`the service {Service} entered the state {State}`)

// System7040 records that the start type of a service was changed.
//
// Policy: none; always written.
type System7040 struct {
	System
	DisplayName string `evtx:"param1"`
	OldStart    string `evtx:"param2"` // in the machine's language
	NewStart    string `evtx:"param3"`
	Service     string `evtx:"param4"`
	Extra       []Field
}

var _ = declare[System7040](services, 7040, written{level: 4, qualifiers: 16384, keywords: 0x8080000000000000},
	`the start type of {DisplayName} ({Service}) was changed from {OldStart} to {NewStart}`)

// System7045 records that a service was installed. UserSID of System is the account that
// installed it.
//
// Policy: none; always written.
type System7045 struct {
	System
	ServiceName string
	ImagePath   string
	ServiceType string // in the machine's language
	StartType   string // in the machine's language
	AccountName string
	Extra       []Field
}

var _ = declare[System7045](services, 7045, written{level: 4, qualifiers: 16384, keywords: 0x8080000000000000},
	`the service {ServiceName} was installed: {ImagePath}, to run as {AccountName|"an unnamed account"}[, start {StartType}]`)
