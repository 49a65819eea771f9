package evtx

// The events of Hyper-V about virtual machines: those of the service that manages them,
// and those of the worker process of each.

var (
	hyperVManagement = source{
		name: "hyperv", provider: "Microsoft-Windows-Hyper-V-VMMS",
		guid: "{6066f867-7ca1-4418-85fd-36e3f9c0600c}", channel: "Microsoft-Windows-Hyper-V-VMMS-Admin",
	}
	hyperVWorker = source{
		name: "hyperv", provider: "Microsoft-Windows-Hyper-V-Worker",
		guid: "{51ddfa29-d5c8-4803-be4b-2ecb715570fe}", channel: "Microsoft-Windows-Hyper-V-Worker-Admin",
	}
)

// HyperV13002 records that a virtual machine was created.
//
// Policy: none; always written.
type HyperV13002 struct {
	System
	VmName string
	VmId   string
	Extra  []Field
}

var _ = declare[HyperV13002](hyperVManagement, 13002, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was created`)

// HyperV13003 records that a virtual machine was deleted.
//
// Policy: none; always written.
type HyperV13003 struct {
	System
	VmName string
	VmId   string
	Extra  []Field
}

var _ = declare[HyperV13003](hyperVManagement, 13003, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was deleted`)

// HyperV18303 records that a virtual machine was exported.
//
// Policy: none; always written.
type HyperV18303 struct {
	System
	VmName string
	VmId   string
	Extra  []Field
}

var _ = declare[HyperV18303](hyperVManagement, 18303, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was exported`)

// HyperV18304 records that a virtual machine was imported or realized.
//
// Policy: none; always written.
type HyperV18304 struct {
	System
	VmName string
	VmId   string
	Extra  []Field
}

var _ = declare[HyperV18304](hyperVManagement, 18304, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was imported or realized`)

// HyperV18500 records that a virtual machine was started.
//
// Policy: none; always written.
type HyperV18500 struct {
	System
	VmName string
	VmId   string
	Extra  []Field
}

var _ = declare[HyperV18500](hyperVWorker, 18500, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was started`)

// HyperV18502 records that a virtual machine was turned off.
//
// Policy: none; always written.
type HyperV18502 struct {
	System
	VmName string
	VmId   string
	Extra  []Field
}

var _ = declare[HyperV18502](hyperVWorker, 18502, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was turned off`)

// HyperV18504 records that a virtual machine was shut down.
//
// Policy: none; always written.
type HyperV18504 struct {
	System
	VmName string
	VmId   string
	Force  string
	Reason string
	Extra  []Field
}

var _ = declare[HyperV18504](hyperVWorker, 18504, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was shut down`)

// HyperV18508 records that a virtual machine was shut down by its guest.
//
// Policy: none; always written.
type HyperV18508 struct {
	System
	VmName string
	VmId   string
	Extra  []Field
}

var _ = declare[HyperV18508](hyperVWorker, 18508, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was shut down by its guest`)

// HyperV18512 records that a virtual machine was reset.
//
// Policy: none; always written.
type HyperV18512 struct {
	System
	VmName string
	VmId   string
	Extra  []Field
}

var _ = declare[HyperV18512](hyperVWorker, 18512, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was reset`)

// HyperV18514 records that a virtual machine was reset by its guest.
//
// Policy: none; always written.
type HyperV18514 struct {
	System
	VmName string
	VmId   string
	Extra  []Field
}

var _ = declare[HyperV18514](hyperVWorker, 18514, written{level: 4, keywords: 0x8000000000000000, element: "VmlEventLog", namespace: "http://www.microsoft.com/Windows/Virtualization/Events"},
	`the virtual machine {VmName} ({VmId}) was reset by its guest`)
