package evtx

// These events record devices.

// Security6416 records that a device was connected that the system had not seen since
// it started.
//
// Policy: Audit PNP Activity (success).
type Security6416 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	DeviceId            string `evtx:",since=1"`
	DeviceDescription   string `evtx:",since=1"`
	ClassId             GUID
	ClassName           string `evtx:",since=1"`
	VendorIds           string
	CompatibleIds       string
	LocationInformation string
	Extra               []Field
}

var _ = declare[Security6416](security, 6416, written{versions: []uint8{0, 1}, task: auditPlugAndPlay, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) connected the device {DeviceDescription} ({DeviceId})`)

// Security6419 records that someone asked to disable a device.
//
// Policy: Audit PNP Activity (success).
type Security6419 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	DeviceId            string
	DeviceDescription   string
	ClassId             GUID
	ClassName           string
	HardwareIds         string
	CompatibleIds       string
	LocationInformation string
	Extra               []Field
}

var _ = declare[Security6419](security, 6419, written{task: auditPlugAndPlay, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) requested to disable the device {DeviceDescription} ({DeviceId})`)

// Security6420 records that a device was disabled.
//
// Policy: Audit PNP Activity (success).
type Security6420 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	DeviceId            string
	DeviceDescription   string
	ClassId             GUID
	ClassName           string
	HardwareIds         string
	CompatibleIds       string
	LocationInformation string
	Extra               []Field
}

var _ = declare[Security6420](security, 6420, written{task: auditPlugAndPlay, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) disabled the device {DeviceDescription} ({DeviceId})`)

// Security6421 records that someone asked to enable a device.
//
// Policy: Audit PNP Activity (success).
type Security6421 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	DeviceId            string
	DeviceDescription   string
	ClassId             GUID
	ClassName           string
	HardwareIds         string
	CompatibleIds       string
	LocationInformation string
	Extra               []Field
}

var _ = declare[Security6421](security, 6421, written{task: auditPlugAndPlay, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) requested to enable the device {DeviceDescription} ({DeviceId})`)

// Security6422 records that a device was enabled.
//
// Policy: Audit PNP Activity (success).
type Security6422 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	DeviceId            string
	DeviceDescription   string
	ClassId             GUID
	ClassName           string
	HardwareIds         string
	CompatibleIds       string
	LocationInformation string
	Extra               []Field
}

var _ = declare[Security6422](security, 6422, written{task: auditPlugAndPlay, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) enabled the device {DeviceDescription} ({DeviceId})`)

// Security6423 records that the policy did not allow to install a device.
//
// Policy: Audit PNP Activity (success).
type Security6423 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	DeviceId            string
	DeviceDescription   string
	ClassId             GUID
	ClassName           string
	HardwareIds         string
	CompatibleIds       string
	LocationInformation string
	Extra               []Field
}

var _ = declare[Security6423](security, 6423, written{task: auditPlugAndPlay, keywords: auditSuccess},
	`the policy prevented the installation of the device {DeviceDescription} ({DeviceId})`)

// Security6424 records that a device was installed that the policy had not allowed
// before.
//
// Policy: Audit PNP Activity (success).
type Security6424 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	DeviceId            string
	DeviceDescription   string
	ClassId             GUID
	ClassName           string
	HardwareIds         string
	CompatibleIds       string
	LocationInformation string
	Extra               []Field
}

var _ = declare[Security6424](security, 6424, written{task: auditPlugAndPlay, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) installed the device {DeviceDescription} ({DeviceId}), which the policy had prevented`)
