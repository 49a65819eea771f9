package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events about devices and disks.

var (
	kernelPnp = source{
		name: "kernelpnp", provider: "Microsoft-Windows-Kernel-PnP",
		guid: "{9c205a39-1250-487d-abd7-e831c6290539}", channel: "Microsoft-Windows-Kernel-PnP/Configuration",
	}
	driverFrameworks = source{
		name: "driverframeworks", provider: "Microsoft-Windows-DriverFrameworks-UserMode",
		guid: "{2e35aaeb-857f-4beb-a418-2e6c0e54d988}", channel: "System",
	}
	driverFrameworksOperational = source{
		name: "driverframeworks", provider: "Microsoft-Windows-DriverFrameworks-UserMode",
		guid: "{2e35aaeb-857f-4beb-a418-2e6c0e54d988}", channel: "Microsoft-Windows-DriverFrameworks-UserMode/Operational",
	}
	deviceSetup = source{
		name: "devicesetup", provider: "Microsoft-Windows-DeviceSetupManager",
		guid: "{fcbb06bb-6a2a-46e3-abaa-246cb4e508b2}", channel: "Microsoft-Windows-DeviceSetupManager/Admin",
	}
	vhdmp = source{
		name: "vhdmp", provider: "Microsoft-Windows-VHDMP",
		guid: "{e2816346-87f4-4f85-95c3-0c79409aa89d}", channel: "Microsoft-Windows-VHDMP-Operational",
	}
)

// KernelPnP400 records that a device was configured. Windows writes it when the device is
// seen for the first time.
//
// Policy: none; always written.
type KernelPnP400 struct {
	System
	DeviceInstanceId       string
	DriverName             string
	ClassGuid              GUID
	DriverDate             string
	DriverVersion          string
	DriverProvider         string
	DriverInbox            bool
	DriverSection          string
	DriverRank             uint32 `evtx:",hex"`
	MatchingDeviceId       string
	OutrankedDrivers       string
	DeviceUpdated          bool
	Status                 winid.NTStatus `evtx:",hex"`
	ParentDeviceInstanceId string         `evtx:",since=1"`
	Extra                  []Field
}

var _ = declare[KernelPnP400](kernelPnp, 400, written{level: 4, keywords: 0x4000000000000000},
	`the device {DeviceInstanceId} was configured with {DriverName}, status {Status}`)

// KernelPnP410 records that a device was started.
//
// Policy: none; always written.
type KernelPnP410 struct {
	System
	DeviceInstanceId string
	DriverName       string
	ClassGuid        GUID
	ServiceName      string
	LowerFilters     string
	UpperFilters     string
	Problem          uint32         `evtx:",hex"`
	Status           winid.NTStatus `evtx:",hex"`
	Extra            []Field
}

var _ = declare[KernelPnP410](kernelPnp, 410, written{level: 4, keywords: 0x4000000000000000},
	`the device {DeviceInstanceId} was started with {DriverName}, status {Status}`)

// KernelPnP430 records that a device needs further installation.
//
// Policy: none; always written.
type KernelPnP430 struct {
	System
	DeviceInstanceId string
	Extra            []Field
}

var _ = declare[KernelPnP430](kernelPnp, 430, written{level: 4, keywords: 0x4000000000000000},
	`the device {DeviceInstanceId} needed further installation`)

// DriverFrameworks10000 records that a driver in user mode is being installed for a
// device. Sticks and phones leave it.
//
// Policy: none; always written.
type DriverFrameworks10000 struct {
	System
	DeviceId string
	Extra    []Field
}

var _ = declare[DriverFrameworks10000](driverFrameworks, 10000, written{versions: []uint8{1}, level: 4, opcode: 1, task: 48, keywords: 0x2000000000000000, element: "UMDFDeviceInstallBegin", namespace: "http://www.microsoft.com/DriverFrameworks/UserMode/Event"},
	`a driver was installed for {DeviceId}`)

// DriverFrameworks2100 records that a request was passed to the driver of a device.
//
// Policy: none; the log Microsoft-Windows-DriverFrameworks-UserMode/Operational must be
// enabled.
type DriverFrameworks2100 struct {
	System
	LifetimeId GUID
	InstanceId string
	MajorCode  uint8  `evtx:"RequestMajorCode"`
	MinorCode  uint8  `evtx:"RequestMinorCode"`
	Argument1  uint64 `evtx:",pointer"`
	Argument2  uint64 `evtx:",pointer"`
	Argument3  uint64 `evtx:",pointer"`
	Argument4  uint64 `evtx:",pointer"`
	Status     winid.NTStatus
	Extra      []Field
}

var _ = declare[DriverFrameworks2100](driverFrameworksOperational, 2100, written{versions: []uint8{1}, level: 4, opcode: 1, task: 37, keywords: 0x8000000000000000, element: "UMDFHostDeviceRequest", namespace: "http://www.microsoft.com/DriverFrameworks/UserMode/Event"},
	`a request was passed to {InstanceId}: {MajorCode} {MinorCode}`)

// DeviceSetup100 records that the device setup service started.
//
// Policy: none; always written.
type DeviceSetup100 struct {
	System
	CoreServiceMode uint32 `evtx:"Prop_CoreServiceMode"`
	EventWindow     int64  `evtx:"Prop_Event_Window_Seconds"`
	Extra           []Field
}

var _ = declare[DeviceSetup100](deviceSetup, 100, written{level: 4, keywords: 0x4000000000000000},
	`the device setup service started`)

// DeviceSetup101 records that the device setup service stopped.
//
// Policy: none; always written.
type DeviceSetup101 struct {
	System
	UpTime   int64 `evtx:"Prop_UpTime_Seconds"`
	WorkTime int64 `evtx:"Prop_WorkTime_MilliSeconds"`
	Extra    []Field
}

var _ = declare[DeviceSetup101](deviceSetup, 101, written{level: 4, keywords: 0x4000000000000000},
	`the device setup service stopped after {UpTime} s`)

// DeviceSetup112 records that a device was set up, by its name.
//
// Policy: none; always written.
type DeviceSetup112 struct {
	System
	DeviceName    string `evtx:"Prop_DeviceName"`
	ContainerId   GUID   `evtx:"Prop_ContainerId"`
	TaskCount     int32  `evtx:"Prop_TaskCount"`
	PropertyCount int32  `evtx:"Prop_PropertyCount"`
	WorkTime      int64  `evtx:"Prop_WorkTime_MilliSeconds"` // in milliseconds
	Extra         []Field
}

var _ = declare[DeviceSetup112](deviceSetup, 112, written{level: 4, keywords: 0x4000000000000000},
	`the device {DeviceName} was set up`)

// VHDMP1 records that a virtual disk or an ISO image came online.
//
// Policy: none; always written.
type VHDMP1 struct {
	System
	VhdFileName   string
	VhdDiskNumber uint32
	VirtualDisk   uint64 `evtx:",pointer,since=1"`
	Extra         []Field
}

var _ = declare[VHDMP1](vhdmp, 1, written{level: 4, keywords: 0x8000000000000000},
	`the virtual disk {VhdFileName} was attached as disk {VhdDiskNumber}`)

// VHDMP2 records that a virtual disk or an ISO image went offline.
//
// Policy: none; always written.
type VHDMP2 struct {
	System
	VhdFileName   string
	VhdDiskNumber uint32
	VirtualDisk   uint64 `evtx:",pointer,since=1"`
	Extra         []Field
}

var _ = declare[VHDMP2](vhdmp, 2, written{level: 4, keywords: 0x8000000000000000},
	`the virtual disk {VhdFileName} was detached`)

// VHDMP50 records that an operation on a virtual disk began, such as its creation.
//
// Policy: none; always written.
type VHDMP50 struct {
	System
	VhdMetaOps        string
	VhdFileName       string
	TargetVhdFileName string
	Extra             []Field
}

var _ = declare[VHDMP50](vhdmp, 50, written{level: 4, keywords: 0x8000000000000000},
	`{VhdMetaOps} of the virtual disk {VhdFileName} began`)

// VHDMP51 records that an operation on a virtual disk ended.
//
// Policy: none; always written.
type VHDMP51 struct {
	System
	VhdMetaOps  string
	VhdFileName string
	Status      winid.NTStatus
	Extra       []Field
}

var _ = declare[VHDMP51](vhdmp, 51, written{level: 4, keywords: 0x8000000000000000},
	`{VhdMetaOps} of the virtual disk {VhdFileName} ended, status {Status}`)
