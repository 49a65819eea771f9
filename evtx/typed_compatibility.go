package evtx

import "time"

// The events of application compatibility, which name programs that were run.

var (
	appExperience = source{
		name: "appexperience", provider: "Microsoft-Windows-Application-Experience",
		guid: "{eef54e71-0661-422d-9a98-82fd4940b820}", channel: "Microsoft-Windows-Application-Experience/Program-Telemetry",
	}
	compatibilityAssistant = source{
		name: "compatibility", provider: "Microsoft-Windows-Program-Compatibility-Assistant",
		guid: "{4cb314df-c11f-47d7-9c04-65fb0051561b}", channel: "Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant",
	}
)

// AppExperience500 records that a fix was applied to a program. A fix of a shim database
// that an attacker installed leaves it, too.
//
// Policy: none; always written.
type AppExperience500 struct {
	System
	ProcessId uint32
	StartTime time.Time `evtx:",filetime"`
	FixID     GUID
	Flags     uint32 `evtx:",hex"`
	ExePath   string
	FixName   string
	Extra     []Field
}

var _ = declare[AppExperience500](appExperience, 500, written{level: 4, keywords: 0x1000000000000000, element: "CompatibilityFixEvent", namespace: "http://www.microsoft.com/Windows/Diagnosis/PCA/events"},
	`the fix {FixName} was applied to {ExePath} (process {ProcessId})`)

// AppExperience505 records that a fix was applied to a program, as 500 does.
//
// Policy: none; always written.
type AppExperience505 struct {
	System
	ProcessId uint32
	StartTime time.Time `evtx:",filetime"`
	FixID     GUID
	Flags     uint32 `evtx:",hex"`
	ExePath   string
	FixName   string
	Extra     []Field
}

var _ = declare[AppExperience505](appExperience, 505, written{level: 4, keywords: 0x1000000000000000, element: "CompatibilityFixEvent", namespace: "http://www.microsoft.com/Windows/Diagnosis/PCA/events"},
	`the fix {FixName} was applied to {ExePath} (process {ProcessId})`)

// Compatibility17 records that the compatibility assistant looked after a program.
//
// Policy: none; always written.
type Compatibility17 struct {
	System
	ExePath      string
	ResolverName string
	Extra        []Field
}

var _ = declare[Compatibility17](compatibilityAssistant, 17, written{level: 4, keywords: 0x4000000000000000, element: "ResolverFiredEvent", namespace: "http://www.microsoft.com/Windows/Diagnosis/PCA/events"},
	`the compatibility assistant looked after {ExePath}: {ResolverName}`)
