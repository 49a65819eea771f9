package evtx

import "time"

// The events of the user profile service, of Winlogon and of group policy in their own
// logs, and of the performance of starts.

var (
	userProfiles = source{
		name: "userprofiles", provider: "Microsoft-Windows-User Profiles Service",
		guid: "{89b1e9f0-5aff-44a6-9b44-0a07a7ce5845}", channel: "Microsoft-Windows-User Profile Service/Operational",
	}
	winlogonOperational = source{
		name: "winlogon", provider: "Microsoft-Windows-Winlogon",
		guid: "{dbe9b383-7cf3-4331-91cc-a3cb16a3b538}", channel: "Microsoft-Windows-Winlogon/Operational",
	}
	groupPolicyOperational = source{
		name: "grouppolicy", provider: "Microsoft-Windows-GroupPolicy",
		guid: "{aea1b4fa-97d1-45f2-a64c-4d69fffd92c9}", channel: "Microsoft-Windows-GroupPolicy/Operational",
	}
	performance = source{
		name: "performance", provider: "Microsoft-Windows-Diagnostics-Performance",
		guid: "{cfc18ec0-96b1-4eba-961b-622caee05b0a}", channel: "Microsoft-Windows-Diagnostics-Performance/Operational",
	}
)

// UserProfiles2 records that the profile service took note of a logon.
//
// Policy: none; always written.
type UserProfiles2 struct {
	System
	Session uint32
	Extra   []Field
}

var _ = declare[UserProfiles2](userProfiles, 2, written{level: 4, keywords: 0x4000000000000000},
	`the logon to session {Session} was noted`)

// UserProfiles4 records that the profile service took note of a logoff.
//
// Policy: none; always written.
type UserProfiles4 struct {
	System
	Session uint32
	Extra   []Field
}

var _ = declare[UserProfiles4](userProfiles, 4, written{level: 4, keywords: 0x4000000000000000},
	`the logoff from session {Session} was noted`)

// UserProfiles67 records which profile a user got.
//
// Policy: none; always written.
type UserProfiles67 struct {
	System
	LogonType   string
	LocalPath   string
	ProfileType string
	Extra       []Field
}

var _ = declare[UserProfiles67](userProfiles, 67, written{level: 4, keywords: 0x4000000000000000},
	`the profile {LocalPath} was used, logon type {LogonType}, profile type {ProfileType}`)

// Winlogon811 records that Winlogon began to notify a subscriber of an event.
//
// Policy: none; always written.
type Winlogon811 struct {
	System
	Event          uint32
	SubscriberName string
	Extra          []Field
}

var _ = declare[Winlogon811](winlogonOperational, 811, written{level: 4, opcode: 1, task: 811, keywords: 0x4000000000010000},
	`{SubscriberName} was being notified of the event {Event}`)

// Winlogon812 records that Winlogon notified a subscriber of an event.
//
// Policy: none; always written.
type Winlogon812 struct {
	System
	Event          uint32
	SubscriberName string
	Extra          []Field
}

var _ = declare[Winlogon812](winlogonOperational, 812, written{level: 4, opcode: 2, task: 811, keywords: 0x4000000000010000},
	`{SubscriberName} was notified of the event {Event}`)

// GroupPolicy4004 records that the policy of the machine began to be applied by hand.
//
// Policy: none; always written.
type GroupPolicy4004 struct {
	System
	PolicyActivityId        GUID
	PrincipalSamName        string
	IsMachine               uint32
	IsDomainJoined          bool
	IsBackgroundProcessing  bool
	IsAsyncProcessing       bool
	IsServiceRestart        bool
	ReasonForSyncProcessing uint32
	Extra                   []Field
}

var _ = declare[GroupPolicy4004](groupPolicyOperational, 4004, written{versions: []uint8{1}, level: 4, opcode: 1, keywords: 0x4000000000000000},
	`group policy began to be applied to {PrincipalSamName}, by hand`)

// GroupPolicy4005 records that the policy of a user began to be applied by hand.
//
// Policy: none; always written.
type GroupPolicy4005 struct {
	System
	PolicyActivityId        GUID
	PrincipalSamName        string
	IsMachine               uint32
	IsDomainJoined          bool
	IsBackgroundProcessing  bool
	IsAsyncProcessing       bool
	IsServiceRestart        bool
	ReasonForSyncProcessing uint32
	Extra                   []Field
}

var _ = declare[GroupPolicy4005](groupPolicyOperational, 4005, written{versions: []uint8{1}, level: 4, opcode: 1, keywords: 0x4000000000000000},
	`group policy began to be applied to {PrincipalSamName}, by hand`)

// GroupPolicy4016 records that an extension of group policy began its work.
//
// Policy: none; always written.
type GroupPolicy4016 struct {
	System
	CSEExtensionId             GUID
	CSEExtensionName           string
	IsExtensionAsyncProcessing bool
	IsGPOListChanged           bool
	GPOListStatusString        string
	DescriptionString          string
	ApplicableGPOList          string // in XML
	Extra                      []Field
}

var _ = declare[GroupPolicy4016](groupPolicyOperational, 4016, written{level: 4, opcode: 1, keywords: 0x4000000000000000},
	`the extension {CSEExtensionName} of group policy began its work: {DescriptionString}`)

// GroupPolicy4017 records a step of group policy, such as a query of a domain controller.
//
// Policy: none; always written.
type GroupPolicy4017 struct {
	System
	OperationDescription string
	Parameter            string
	Extra                []Field
}

var _ = declare[GroupPolicy4017](groupPolicyOperational, 4017, written{level: 4, keywords: 0x4000000000000000},
	`group policy did {OperationDescription}[: {Parameter}]`)

// Performance100 records how long a start of Windows took. The level depends on how slow
// it was.
//
// Policy: none; always written.
type Performance100 struct {
	System
	BootTsVersion                       uint32
	BootStartTime                       time.Time `evtx:",filetime"`
	BootEndTime                         time.Time `evtx:",filetime"`
	SystemBootInstance                  uint32
	UserBootInstance                    uint32
	BootTime                            uint32
	MainPathBootTime                    uint32
	BootKernelInitTime                  uint32
	BootDriverInitTime                  uint32
	BootDevicesInitTime                 uint32
	BootPrefetchInitTime                uint32
	BootPrefetchBytes                   uint32
	BootAutoChkTime                     uint32
	BootSmssInitTime                    uint32
	BootCriticalServicesInitTime        uint32
	BootUserProfileProcessingTime       uint32
	BootMachineProfileProcessingTime    uint32
	BootExplorerInitTime                uint32
	BootNumStartupApps                  uint32
	BootPostBootTime                    uint32
	BootIsRebootAfterInstall            bool
	BootRootCauseStepImprovementBits    uint32
	BootRootCauseGradualImprovementBits uint32
	BootRootCauseStepDegradationBits    uint32
	BootRootCauseGradualDegradationBits uint32
	BootIsDegradation                   bool
	BootIsStepDegradation               bool
	BootIsGradualDegradation            bool
	BootImprovementDelta                uint32
	BootDegradationDelta                uint32
	BootIsRootCauseIdentified           bool
	OSLoaderDuration                    uint32 `evtx:",since=1"`
	BootPNPInitStartTimeMS              uint32 `evtx:",since=1"`
	BootPNPInitDuration                 uint32 `evtx:",since=1"`
	OtherKernelInitDuration             uint32 `evtx:",since=1"`
	SystemPNPInitStartTimeMS            uint32 `evtx:",since=1"`
	SystemPNPInitDuration               uint32 `evtx:",since=1"`
	SessionInitStartTimeMS              uint32 `evtx:",since=1"`
	Session0InitDuration                uint32 `evtx:",since=1"`
	Session1InitDuration                uint32 `evtx:",since=1"`
	SessionInitOtherDuration            uint32 `evtx:",since=1"`
	WinLogonStartTimeMS                 uint32 `evtx:",since=1"`
	OtherLogonInitActivityDuration      uint32 `evtx:",since=1"`
	UserLogonWaitDuration               uint32 `evtx:",since=1"`
	Extra                               []Field
}

var _ = declare[Performance100](performance, 100, written{versions: []uint8{1, 2}, level: 4, opcode: 34, task: 4002, keywords: 0x8000000000010000},
	`Windows started from {BootStartTime} to {BootEndTime}`)

// Performance101 records a program that slowed a start of Windows.
//
// Policy: none; always written.
type Performance101 struct {
	System
	StartTime          time.Time `evtx:",filetime"`
	NameLength         uint32
	Name               string
	FriendlyNameLength uint32
	FriendlyName       string
	VersionLength      uint32
	FileVersion        string `evtx:"Version"`
	TotalTime          uint32
	DegradationTime    uint32
	PathLength         uint32
	Path               string
	ProductNameLength  uint32
	ProductName        string
	CompanyNameLength  uint32
	CompanyName        string
	Extra              []Field
}

var _ = declare[Performance101](performance, 101, written{versions: []uint8{1}, level: 3, opcode: 33, task: 4002, keywords: 0x8000000000010000},
	`{Path|Name} slowed the start of Windows by {DegradationTime} ms`)

// Performance200 records how long a shutdown of Windows took. The level depends on how
// slow it was.
//
// Policy: none; always written.
type Performance200 struct {
	System
	ShutdownTsVersion                       uint32
	ShutdownStartTime                       time.Time `evtx:",filetime"`
	ShutdownEndTime                         time.Time `evtx:",filetime"`
	ShutdownTime                            uint32
	ShutdownUserSessionTime                 uint32
	ShutdownUserPolicyTime                  uint32
	ShutdownUserProfilesTime                uint32
	ShutdownSystemSessionsTime              uint32
	ShutdownPreShutdownNotificationsTime    uint32
	ShutdownServicesTime                    uint32
	ShutdownKernelTime                      uint32
	ShutdownRootCauseStepImprovementBits    uint32
	ShutdownRootCauseGradualImprovementBits uint32
	ShutdownRootCauseStepDegradationBits    uint32
	ShutdownRootCauseGradualDegradationBits uint32
	ShutdownIsDegradation                   bool
	ShutdownTimeChange                      int32
	Extra                                   []Field
}

var _ = declare[Performance200](performance, 200, written{versions: []uint8{1}, level: 4, opcode: 40, task: 4007, keywords: 0x8000000000010000},
	`Windows shut down from {ShutdownStartTime} to {ShutdownEndTime}`)
