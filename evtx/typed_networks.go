package evtx

// The events about networks that the machine joined, and its proxy.

var (
	networkProfile = source{
		name: "networkprofile", provider: "Microsoft-Windows-NetworkProfile",
		guid: "{fbcfac3f-8459-419f-8e48-1f0b49cdb85e}", channel: "Microsoft-Windows-NetworkProfile/Operational",
	}
	wlan = source{
		name: "wlan", provider: "Microsoft-Windows-WLAN-AutoConfig",
		guid: "{9580d7dd-0379-4658-9870-d5be7d52d6de}", channel: "Microsoft-Windows-WLAN-AutoConfig/Operational",
	}
	winINet = source{
		name: "wininet", provider: "Microsoft-Windows-WinINet-Config",
		guid: "{5402e5ea-1bdd-4390-82be-e108f1e634f5}", channel: "Microsoft-Windows-WinINet-Config/ProxyConfigChanged",
	}
)

// NetworkProfile10000 records that the machine was connected to a network.
//
// Policy: none; always written.
type NetworkProfile10000 struct {
	System
	Name        string
	Description string
	Guid        GUID
	Type        uint32
	State       uint32
	Category    uint32 // 0 public, 1 private, 2 domain
	Extra       []Field
}

var _ = declare[NetworkProfile10000](networkProfile, 10000, written{level: 4, keywords: 0x4000200000000020},
	`the machine was connected to the network {Name}, category {Category}`)

// NetworkProfile10001 records that the machine was disconnected from a network.
//
// Policy: none; always written.
type NetworkProfile10001 struct {
	System
	Name        string
	Description string
	Guid        GUID
	Type        uint32
	State       uint32
	Category    uint32 // 0 public, 1 private, 2 domain
	Extra       []Field
}

var _ = declare[NetworkProfile10001](networkProfile, 10001, written{level: 4, keywords: 0x4000200000000020},
	`the machine was disconnected from the network {Name}, category {Category}`)

// WLAN8000 records that the machine began to join a wireless network.
//
// Policy: none; always written.
type WLAN8000 struct {
	System
	InterfaceGuid        GUID
	InterfaceDescription string
	ConnectionMode       string
	ProfileName          string
	SSID                 string
	BSSType              string
	ConnectionId         uint64 `evtx:",pointer"`
	Extra                []Field
}

var _ = declare[WLAN8000](wlan, 8000, written{level: 4, opcode: 189, task: 24010, keywords: 0x8000000000000600},
	`the machine began to join the wireless network {SSID}`)

// WLAN8001 records that the machine joined a wireless network.
//
// Policy: none; always written.
type WLAN8001 struct {
	System
	InterfaceGuid           GUID
	InterfaceDescription    string
	ConnectionMode          string
	ProfileName             string
	SSID                    string
	BSSType                 string
	PHYType                 string
	AuthenticationAlgorithm string
	CipherAlgorithm         string
	OnexEnabled             uint32
	ConnectionId            uint64 `evtx:",pointer"`
	NonBroadcast            bool   `evtx:",since=1"`
	Extra                   []Field
}

var _ = declare[WLAN8001](wlan, 8001, written{level: 4, opcode: 190, task: 24010, keywords: 0x8000000020000600},
	`the machine joined the wireless network {SSID} ({AuthenticationAlgorithm})`)

// WLAN8002 records that the machine failed to join a wireless network.
//
// Policy: none; always written.
type WLAN8002 struct {
	System
	InterfaceGuid        GUID
	InterfaceDescription string
	ConnectionMode       string
	ProfileName          string
	SSID                 string
	BSSType              string
	FailureReason        string
	ReasonCode           uint32
	ConnectionId         uint64 `evtx:",pointer"`
	RSSI                 int32  `evtx:",since=1"`
	Extra                []Field
}

var _ = declare[WLAN8002](wlan, 8002, written{level: 2, opcode: 191, task: 24010, keywords: 0x8000000020000600},
	`the machine failed to join the wireless network {SSID}: {FailureReason}`)

// WLAN8003 records that the machine left a wireless network.
//
// Policy: none; always written.
type WLAN8003 struct {
	System
	InterfaceGuid        GUID
	InterfaceDescription string
	ConnectionMode       string
	ProfileName          string
	SSID                 string
	BSSType              string
	Reason               string
	ConnectionId         uint64 `evtx:",pointer"`
	ReasonCode           uint32 `evtx:",since=1"`
	Extra                []Field
}

var _ = declare[WLAN8003](wlan, 8003, written{level: 4, opcode: 192, task: 24010, keywords: 0x8000000020000600},
	`the machine left the wireless network {SSID}: {Reason}`)

// WinINet5600 records that the proxy of a user was changed.
//
// Policy: none; always written.
type WinINet5600 struct {
	System
	AutoDetect    bool   `evtx:"fAutoDetect"`
	AutoConfigUrl string `evtx:"pwszAutoConfigUrl"`
	Proxy         string `evtx:"pwszProxy"`
	ProxyBypass   string `evtx:"pwszProxyBypass"`
	Extra         []Field
}

var _ = declare[WinINet5600](winINet, 5600, written{level: 4, keywords: 0x8000000000000000},
	`the proxy was set to {Proxy|AutoConfigUrl|"none"}`)
