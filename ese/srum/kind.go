package srum

import "time"

// Kind is what a row is about.
type Kind string

// The kinds of rows.
const (
	ApplicationUsage    Kind = "application usage"
	NetworkUsage        Kind = "network usage"
	NetworkConnectivity Kind = "network connectivity"
	EnergyUsage         Kind = "energy usage"
	EnergyUsageLong     Kind = "energy usage, long term"
	Notifications       Kind = "notifications"
	ApplicationTimeline Kind = "application timeline"
	VirtualUsage        Kind = "vfu"
	EnergyEstimate      Kind = "energy estimate"
	SDPVolume           Kind = "volume"
	SDPDisk             Kind = "physical disk"
	SDPCPU              Kind = "cpu"
	SDPNetwork          Kind = "network interface"
)

// tables is the table of kinds: the name of the table, and the struct of its own columns.
var tables = [...]struct {
	name string
	kind Kind
	data func() any
}{
	{"{D10CA2FE-6FCF-4F6D-848E-B2E99266FA89}", ApplicationUsage, func() any { return new(Application) }},
	{"{973F5D5C-1D90-4944-BE8E-24B94231A174}", NetworkUsage, func() any { return new(Network) }},
	{"{DD6636C4-8929-4683-974E-22C046A43763}", NetworkConnectivity, func() any { return new(Connection) }},
	{"{FEE4E14F-02A9-4550-B5CE-5FA2DA202E37}", EnergyUsage, func() any { return new(Energy) }},
	{"{FEE4E14F-02A9-4550-B5CE-5FA2DA202E37}LT", EnergyUsageLong, nil},
	{"{D10CA2FE-6FCF-4F6D-848E-B2E99266FA86}", Notifications, func() any { return new(Notification) }},
	{"{5C8CF1C7-7257-4F13-B223-970EF5939312}", ApplicationTimeline, func() any { return new(Timeline) }},
	{"{7ACBBAA3-D029-4BE4-9A7A-0885927F1D8F}", VirtualUsage, func() any { return new(Virtual) }},
	{"{DA73FB89-2BEA-4DDC-86B8-6E048C6DA477}", EnergyEstimate, nil},
	{"{17F4D97B-F26A-5E79-3A82-90040A47D13D}", SDPVolume, nil},
	{"{841A7317-3805-518B-C2EA-AD224CB4AF84}", SDPDisk, nil},
	{"{DC3D3B50-BB90-5066-FA4E-A5F90DD8B677}", SDPCPU, nil},
	{"{EEE2F477-0659-5C47-EF03-6D6BEFD441B3}", SDPNetwork, nil},
}

// TableOf returns the name of the table of a kind, or "".
func TableOf(kind Kind) string {
	for _, t := range tables {
		if t.kind == kind {
			return t.name
		}
	}
	return ""
}

// Application is a row of ApplicationUsage: what a program used, in the foreground and in
// the background.
type Application struct {
	ForegroundCycleTime          uint64 // in cycles of the processor
	BackgroundCycleTime          uint64
	FaceTime                     uint64 // in the foreground, in units of 100 ns
	ForegroundContextSwitches    uint32
	BackgroundContextSwitches    uint32
	ForegroundBytesRead          uint64
	ForegroundBytesWritten       uint64
	ForegroundNumReadOperations  uint32
	ForegroundNumWriteOperations uint32
	ForegroundNumberOfFlushes    uint32
	BackgroundBytesRead          uint64
	BackgroundBytesWritten       uint64
	BackgroundNumReadOperations  uint32
	BackgroundNumWriteOperations uint32
	BackgroundNumberOfFlushes    uint32
}

// Network is a row of NetworkUsage: what a program sent and received on an interface.
type Network struct {
	InterfaceLuid  uint64 // its high 16 bits are the type of the interface: 6 Ethernet, 71 wireless
	L2ProfileId    uint32 // of a wireless network, in the hive SOFTWARE
	L2ProfileFlags uint32
	BytesSent      uint64
	BytesRecvd     uint64
}

// Connection is a row of NetworkConnectivity: how long an interface was connected.
type Connection struct {
	InterfaceLuid    uint64
	L2ProfileId      uint32
	ConnectedTime    uint32 // in seconds
	ConnectStartTime time.Time
	L2ProfileFlags   uint32
}

// Energy is a row of EnergyUsage: the state of the battery.
type Energy struct {
	EventTimestamp      time.Time
	StateTransition     uint32
	DesignedCapacity    uint32 // in mWh
	FullChargedCapacity uint32
	ChargeLevel         uint32
	CycleCount          uint32
	ConfigurationHash   uint64
}

// Notification is a row of Notifications: a push notification for an app.
type Notification struct {
	NotificationType uint32
	PayloadSize      uint32 // in bytes
	NetworkType      uint32
}

// Timeline is a row of ApplicationTimeline, in part: for how long a program was used. The
// other columns are in [Record.Fields].
type Timeline struct {
	Flags           uint32
	EndTime         time.Time
	DurationMS      uint32
	SpanMS          uint32
	InFocusS        uint32 // in seconds, as the next ones
	UserInputS      uint32
	KeyboardInputS  uint32
	MouseInputS     uint32
	NetworkBytesRaw uint32
}

// Virtual is a row of VirtualUsage: for how long a program was used.
type Virtual struct {
	Flags     uint32
	StartTime time.Time
	EndTime   time.Time
}
