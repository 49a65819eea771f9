package timeline

import "slices"

// Kind is what happened. It is the same for all sources that record the same thing.
type Kind string

// The kinds of events. The comments name their records.
const (
	FileCreated          Kind = "file.created"            // $SI and $FN creation time
	FileModified         Kind = "file.modified"           // $SI and $FN modification time
	FileChanged          Kind = "file.changed"            // $SI and $FN time of the $MFT record's change
	FileAccessed         Kind = "file.accessed"           // $SI and $FN access time
	FileCreatedByProcess Kind = "file.created_by_process" // Sysmon 11
	FileTimeChanged      Kind = "file.time_changed"       // Sysmon 2
	FileDeleted          Kind = "file.deleted"            // Sysmon 23, 26
	FileMarked           Kind = "file.marked"             // Zone.Identifier, at the file's creation
	StreamCreated        Kind = "stream.created"          // Sysmon 15

	ProcessStarted   Kind = "process.started"   // Security 4688, Sysmon 1
	ProcessEnded     Kind = "process.ended"     // Security 4689, Sysmon 5
	NetworkConnected Kind = "network.connected" // Sysmon 3

	Logon              Kind = "logon"               // Security 4624
	LogonExplicit      Kind = "logon.explicit"      // Security 4648: an attempt with explicit credentials
	LogonFailed        Kind = "logon.failed"        // Security 4625
	Logoff             Kind = "logoff"              // Security 4634, 4647
	PrivilegesAssigned Kind = "privileges.assigned" // Security 4672
	UserCreated        Kind = "user.created"        // Security 4720

	RDPAuthenticated Kind = "rdp.authenticated" // RemoteConnectionManager 1149
	RDPLogon         Kind = "rdp.logon"         // LocalSessionManager 21
	RDPShellStarted  Kind = "rdp.shell_started" // LocalSessionManager 22
	RDPLogoff        Kind = "rdp.logoff"        // LocalSessionManager 23
	RDPDisconnected  Kind = "rdp.disconnected"  // LocalSessionManager 24, 39, 40
	RDPReconnected   Kind = "rdp.reconnected"   // LocalSessionManager 25

	ServiceInstalled Kind = "service.installed" // System 7045, Security 4697
	TaskRegistered   Kind = "task.registered"   // Security 4698
	AutostartWritten Kind = "autostart.written" // hive: last write of an autostart's key

	RegistryKeyWritten Kind = "registry.key_written" // hive: last write of any other key
	RegistryKeyChanged Kind = "registry.key_changed" // Sysmon 12: a key or value was created or deleted
	RegistryValueSet   Kind = "registry.value_set"   // Sysmon 13
	RegistryRenamed    Kind = "registry.renamed"     // Sysmon 14

	WebRequest Kind = "web.request" // web log: a request was answered

	LogCleared Kind = "log.cleared" // Security 1102, System 104
	LogRecord  Kind = "event"       // any other event-log record
)

// unlogged are the kinds that event logs do not record. The others come from
// logKinds.
var unlogged = []Kind{
	FileCreated, FileModified, FileChanged, FileAccessed, FileMarked, AutostartWritten, RegistryKeyWritten, WebRequest,
}

// Kinds returns all kinds.
func Kinds() []Kind { return slices.Concat(unlogged, loggedKinds) }
