package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of Windows Management Instrumentation.

var wmi = source{
	name: "wmi", provider: "Microsoft-Windows-WMI-Activity",
	guid: "{1418ef04-b0b4-4623-bf7e-d74ab47bbdaa}", channel: "Microsoft-Windows-WMI-Activity/Operational",
}

// WMI5857 records that a provider of WMI was loaded.
//
// Policy: none; always written.
type WMI5857 struct {
	System
	ProviderName  string
	Code          winid.Win32Error `evtx:",hex"`
	HostProcess   string
	HostProcessID uint32 `evtx:"ProcessID"`
	ProviderPath  string
	Extra         []Field
}

var _ = declare[WMI5857](wmi, 5857, written{keywords: 0x4000000000000000, element: "Operation_StartedOperational", namespace: "http://manifests.microsoft.com/win/2006/windows/WMI"},
	`the WMI provider {ProviderName} was loaded by {HostProcess} (process {HostProcessID}): {ProviderPath}, result {Code}`)

// WMI5858 records that a query or method failed.
//
// Policy: none; always written.
type WMI5858 struct {
	System
	Id              string
	ClientMachine   string
	User            string
	ClientProcessId uint32
	Component       string
	Operation       string
	ResultCode      winid.Win32Error `evtx:",hex"`
	PossibleCause   string
	Extra           []Field
}

var _ = declare[WMI5858](wmi, 5858, written{level: 2, keywords: 0x4000000000000000, element: "Operation_ClientFailure", namespace: "http://manifests.microsoft.com/win/2006/windows/WMI"},
	`{User} on {ClientMachine} (process {ClientProcessId}) failed with {ResultCode} to do {Operation}`)

// WMI5859 records that an event filter of a permanent subscription started.
//
// Policy: none; always written.
type WMI5859 struct {
	System
	NamespaceName   string
	Query           string
	User            string
	FilterProcessID uint32 `evtx:"Processid"`
	ProviderName    string `evtx:"Provider"`
	QueryID         uint32 `evtx:"queryid"`
	PossibleCause   string
	Extra           []Field
}

var _ = declare[WMI5859](wmi, 5859, written{keywords: 0x4000000000000000, element: "Operation_EssStarted", namespace: "http://manifests.microsoft.com/win/2006/windows/WMI"},
	`the WMI filter {Query} of {User} started in {NamespaceName} (process {FilterProcessID})`)

// WMI5860 records that a temporary subscription was made. It ends with the process that
// made it.
//
// Policy: none; always written.
type WMI5860 struct {
	System
	NamespaceName   string
	Query           string
	User            string
	ClientProcessID uint32 `evtx:"Processid"`
	ClientMachine   string `evtx:"ClientMachine|MachineName"`
	PossibleCause   string
	Extra           []Field
}

var _ = declare[WMI5860](wmi, 5860, written{keywords: 0x4000000000000000, element: "Operation_TemporaryEssStarted", namespace: "http://manifests.microsoft.com/win/2006/windows/WMI"},
	`{User|"someone"} on {ClientMachine} (process {ClientProcessID}) subscribed to {Query} in {NamespaceName}`)

// WMI5861 records that a permanent subscription was made: a consumer was bound to a
// filter. PossibleCause holds both, with the command.
//
// Policy: none; always written.
type WMI5861 struct {
	System
	Namespace     string
	Filter        string `evtx:"ESS"`
	Consumer      string `evtx:"CONSUMER"`
	PossibleCause string
	Extra         []Field
}

var _ = declare[WMI5861](wmi, 5861, written{keywords: 0x4000000000000000, element: "Operation_ESStoConsumerBinding", namespace: "http://manifests.microsoft.com/win/2006/windows/WMI"},
	`the WMI consumer {Consumer} was bound to the filter {Filter} in {Namespace}`)
