package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the DNS client.

var dnsClient = source{
	name: "dnsclient", provider: "Microsoft-Windows-DNS-Client",
	guid: "{1c95126e-7eea-49a9-a3fe-a378b03ddb4d}", channel: "Microsoft-Windows-DNS-Client/Operational",
}

// DNSClient3006 records that a process asked for a name. System.ProcessID is the process.
//
// Policy: none; the log Microsoft-Windows-DNS-Client/Operational must be enabled.
type DNSClient3006 struct {
	System
	QueryName         string
	QueryType         uint32
	QueryOptions      uint64
	ServerList        string
	IsNetworkQuery    uint32
	NetworkQueryIndex uint32
	InterfaceIndex    uint32
	IsAsyncQuery      uint32
	Extra             []Field
}

var _ = declare[DNSClient3006](dnsClient, 3006, written{level: 4, keywords: 0x8000000000000000},
	`{QueryName} was asked for, type {QueryType}`)

// DNSClient3008 records the answer for a name. System.ProcessID is the process that asked.
//
// Policy: none; the log Microsoft-Windows-DNS-Client/Operational must be enabled.
type DNSClient3008 struct {
	System
	QueryName    string
	QueryType    uint32
	QueryOptions uint64
	QueryStatus  winid.Win32Error
	QueryResults string // separated by semicolons
	Extra        []Field
}

var _ = declare[DNSClient3008](dnsClient, 3008, written{level: 4, keywords: 0x8000000000000000},
	`{QueryName} was answered with {QueryResults|"nothing"}, type {QueryType}, status {QueryStatus}`)
