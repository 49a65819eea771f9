package evtx

// The events of the configuration of IIS.

var iis = source{
	name: "iis", provider: "Microsoft-Windows-IIS-Configuration",
	guid: "{dc0b8e51-4863-407a-bc3c-1b479b2978ac}", channel: "Microsoft-IIS-Configuration/Operational",
}

// IIS29 records that an element of the configuration was changed, such as a module that
// was added.
//
// Policy: none; the log Microsoft-IIS-Configuration/Operational must be enabled.
type IIS29 struct {
	System
	PhysicalPath          string // of the file
	ConfigPath            string
	EffectiveLocationPath string
	Configuration         string // the path of the element or attribute
	EditOperationType     uint32
	OldValue              string
	NewValue              string
	Extra                 []Field
}

var _ = declare[IIS29](iis, 29, written{level: 5, keywords: 0x4000000000000000},
	`{Configuration} of {ConfigPath} was changed[ from {OldValue}][ to {NewValue}][, in {PhysicalPath}]`)

// IIS50 records that changes to the configuration were saved.
//
// Policy: none; the log Microsoft-IIS-Configuration/Operational must be enabled.
type IIS50 struct {
	System
	ConfigPath string
	Extra      []Field
}

var _ = declare[IIS50](iis, 50, written{level: 4, keywords: 0x4000000000000000},
	`changes to the configuration {ConfigPath} were saved`)
