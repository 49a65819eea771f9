package timeline

import "slices"

// Kind is what happened. It is the same for all sources that record the same thing.
type Kind string

// The kinds of events. The comments name their records: the Security log's by number
// only. Kinds of package evtx say when Windows writes a record.
const (
	FileCreated          Kind = "file.created"            // $SI and $FN creation time; $UsnJrnl, $LogFile
	FileModified         Kind = "file.modified"           // $SI and $FN modification time
	FileChanged          Kind = "file.changed"            // $SI and $FN time of the $MFT record's change
	FileAccessed         Kind = "file.accessed"           // $SI and $FN access time
	FileCreatedByProcess Kind = "file.created_by_process" // Sysmon 11, 29
	FileTimeChanged      Kind = "file.time_changed"       // Sysmon 2
	FileDeleted          Kind = "file.deleted"            // Sysmon 23, 26; $UsnJrnl, $LogFile
	FileRenamed          Kind = "file.renamed"            // $UsnJrnl, $LogFile: also moved; Path is the new one
	FileWritten          Kind = "file.written"            // $UsnJrnl: its content
	FileInfoSet          Kind = "file.info_set"           // $UsnJrnl, $LogFile: a program set its times or attributes
	FileSecured          Kind = "file.secured"            // $UsnJrnl: permissions or owner were set
	FileAltered          Kind = "file.altered"            // $UsnJrnl, $LogFile: another change, such as a hard link or a reparse point
	FileClosed           Kind = "file.closed"             // $UsnJrnl: by the last program that had changed it
	FileFormerName       Kind = "file.former_name"        // slack of $I30 and of records: a time of a file whose name only slack has
	JournalCreated       Kind = "journal.created"         // $UsnJrnl:$Max: the change journal of the volume was created, or got a new identifier
	FileRecycled         Kind = "file.recycled"           // $I file: moved to the recycle bin
	FileOpened           Kind = "file.opened"             // jump lists, links in Recent; hive: RecentDocs, OpenSavePidlMRU: a user opened it by way of the shell, or chose it
	FolderOpened         Kind = "folder.opened"           // hive: BagMRU, LastVisitedPidlMRU, TypedPaths: a user went to a folder
	FileLinked           Kind = "file.linked"             // links elsewhere, entries of jump lists without a time
	FileBlocked          Kind = "file.blocked"            // Sysmon 27, 28: a write or a wipe was kept from a file
	FileMarked           Kind = "file.marked"             // Zone.Identifier, at the file's creation
	StreamCreated        Kind = "stream.created"          // Sysmon 15
	StreamChanged        Kind = "stream.changed"          // $UsnJrnl, $LogFile: a named stream was added, written or removed
	DiskRead             Kind = "disk.read"               // Sysmon 9: past the file system
	DiskMounted          Kind = "disk.mounted"            // VHDMP 1: a virtual disk or an ISO image
	DiskUnmounted        Kind = "disk.unmounted"          // VHDMP 2

	ProcessStarted   Kind = "process.started"   // 4688; Sysmon 1
	ProcessEnded     Kind = "process.ended"     // 4689; Sysmon 5
	ProcessAccessed  Kind = "process.accessed"  // Sysmon 10; Path is the process that did it
	ProcessInjected  Kind = "process.injected"  // Sysmon 8, where Path is the process that did it, and 25
	ProcessCrashed   Kind = "process.crashed"   // Application Error 1000, Application Hang 1002, WER 1001
	ProgramAllowed   Kind = "program.allowed"   // AppLocker 8002, 8003, 8005, 8006, CodeIntegrity 3076: also what would be blocked
	ProgramBlocked   Kind = "program.blocked"   // 5038, 6281; AppLocker 8004, 8007, CodeIntegrity 3033, 3063, 3077
	ImageLoaded      Kind = "image.loaded"      // Sysmon 7
	DriverLoaded     Kind = "driver.loaded"     // Sysmon 6
	LSALoaded        Kind = "lsa.loaded"        // 4610, 4611, 4614, 4622: a package of the LSA, or a logon process
	PipeCreated      Kind = "pipe.created"      // Sysmon 17
	PipeConnected    Kind = "pipe.connected"    // Sysmon 18
	ClipboardChanged Kind = "clipboard.changed" // Sysmon 24
	ShimApplied      Kind = "shim.applied"      // Application-Experience 500, 505, Compatibility Assistant 17
	ExploitTried     Kind = "exploit.tried"     // Audit-CVE 1

	PowerShellStarted Kind = "powershell.started" // PowerShell 400
	PowerShellEnded   Kind = "powershell.ended"   // PowerShell 403
	PowerShellScript  Kind = "powershell.script"  // PowerShell 800, 4100, 4103, 4104: commands and scripts
	WMISubscribed     Kind = "wmi.subscribed"     // WMI-Activity 5859, 5860, 5861, Sysmon 19, 20, 21; a consumer of the WMI repository
	WMIProvider       Kind = "wmi.provider"       // WMI-Activity 5857: a provider was loaded
	WMIFailed         Kind = "wmi.failed"         // WMI-Activity 5858

	NetworkConnected Kind = "network.connected" // 5156; Sysmon 3
	NetworkListened  Kind = "network.listened"  // 5154, 5158: on a port
	NetworkBlocked   Kind = "network.blocked"   // 5152, 5155, 5157, 5159
	NetworkJoined    Kind = "network.joined"    // NetworkProfile 10000, WLAN 8001; hive: NetworkList: the first time and the last
	NetworkLeft      Kind = "network.left"      // NetworkProfile 10001, WLAN 8003
	NetworkAdmitted  Kind = "network.admitted"  // 6272: by a network policy server
	NetworkRefused   Kind = "network.refused"   // 6273, 6274
	DNSQuery         Kind = "dns.query"         // Sysmon 22, DNS client 3006, 3008
	ProxyChanged     Kind = "proxy.changed"     // WinINet 5600
	BITSJob          Kind = "bits.job"          // BITS 3, 4, 5, 64; a job in the queue of BITS
	BITSTransfer     Kind = "bits.transfer"     // BITS 59, 60, 61; a file in the queue of BITS

	FirewallStarted       Kind = "firewall.started"        // 5024, 5033
	FirewallStopped       Kind = "firewall.stopped"        // 5025, 5034
	FirewallChanged       Kind = "firewall.changed"        // 4949, 4950, 4954; Firewall 2003
	FirewallRuleAdded     Kind = "firewall.rule_added"     // 4946; Firewall 2004, 2097
	FirewallRuleChanged   Kind = "firewall.rule_changed"   // 4947; Firewall 2005
	FirewallRuleDeleted   Kind = "firewall.rule_deleted"   // 4948; Firewall 2006, 2033, 2052
	FirewallRuleHeld      Kind = "firewall.rule_held"      // hive: FirewallRules: a rule for a program, by then
	FirewallFilterChanged Kind = "firewall.filter_changed" // 5446, 5447: of the filtering platform

	Logon              Kind = "logon"               // 4624; Winlogon 7001
	LogonExplicit      Kind = "logon.explicit"      // 4648: an attempt with explicit credentials
	LogonFailed        Kind = "logon.failed"        // 4625; hive: SAM: the last wrong password of a local account
	LogonReplayed      Kind = "logon.replayed"      // 4649
	Logoff             Kind = "logoff"              // 4634, 4647; Winlogon 7002
	SessionLocked      Kind = "session.locked"      // 4800, 4802: also by the screen saver
	SessionUnlocked    Kind = "session.unlocked"    // 4801, 4803
	NTLMLogon          Kind = "ntlm.logon"          // NTLM 8001 to 8004
	KerberosTicket     Kind = "kerberos.ticket"     // 4768, 4769, 4770: asked for, also in vain
	KerberosFailed     Kind = "kerberos.failed"     // 4771, 4772, 4773
	CredentialsChecked Kind = "credentials.checked" // 4776, 4777: also in vain
	CredentialsRead    Kind = "credentials.read"    // 4782, 5376, 5379 to 5382
	PrivilegesAssigned Kind = "privileges.assigned" // 4672, 4964
	PrivilegesUsed     Kind = "privileges.used"     // 4673, 4674, 4703

	UserCreated        Kind = "user.created"         // 4720
	UserEnabled        Kind = "user.enabled"         // 4722
	UserDisabled       Kind = "user.disabled"        // 4725
	UserDeleted        Kind = "user.deleted"         // 4726
	UserChanged        Kind = "user.changed"         // 4738, 4765
	UserRenamed        Kind = "user.renamed"         // 4781
	UserLocked         Kind = "user.locked"          // 4740, 6279
	UserUnlocked       Kind = "user.unlocked"        // 4767, 6280
	PasswordChanged    Kind = "password.changed"     // 4723: by the user, also in vain
	PasswordReset      Kind = "password.reset"       // 4724, 4794: by another, also in vain
	ComputerCreated    Kind = "computer.created"     // 4741
	ComputerChanged    Kind = "computer.changed"     // 4742
	ComputerDeleted    Kind = "computer.deleted"     // 4743
	GroupCreated       Kind = "group.created"        // 4727, 4731, 4754
	GroupChanged       Kind = "group.changed"        // 4735, 4737, 4755, 4764
	GroupDeleted       Kind = "group.deleted"        // 4730, 4734, 4758
	GroupMemberAdded   Kind = "group.member_added"   // 4728, 4732, 4756
	GroupMemberRemoved Kind = "group.member_removed" // 4729, 4733, 4757
	AccountsListed     Kind = "accounts.listed"      // 4797, 4798, 4799
	RightsChanged      Kind = "rights.changed"       // 4704, 4705, 4717, 4718
	PermissionsChanged Kind = "permissions.changed"  // 4670, 4780
	PolicyChanged      Kind = "policy.changed"       // 4713, 4739
	TrustChanged       Kind = "trust.changed"        // 4706, 4707, 4716, 4865
	DirectoryChanged   Kind = "directory.changed"    // 5136 to 5139, 5141, 5169
	DirectoryCopied    Kind = "directory.copied"     // 4928, 4929, 4932, 4933: replication
	CertificateAsked   Kind = "certificate.asked"    // 4886
	CertificateIssued  Kind = "certificate.issued"   // 4887
	CertificateDenied  Kind = "certificate.denied"   // 4888
	AuthorityChanged   Kind = "authority.changed"    // 4870, 4882, 4885, 4890, 4892, 4896, 4899, 4900
	AuthorityCopied    Kind = "authority.copied"     // 4876: backup

	RDPConnected      Kind = "rdp.connected"       // RemoteConnectionManager 261, RdpCoreTS 98, 131
	RDPAuthenticated  Kind = "rdp.authenticated"   // RemoteConnectionManager 1149
	RDPFailed         Kind = "rdp.failed"          // 4825; RdpCoreTS 139, 140
	RDPLogon          Kind = "rdp.logon"           // LocalSessionManager 21
	RDPShellStarted   Kind = "rdp.shell_started"   // LocalSessionManager 22
	RDPLogoff         Kind = "rdp.logoff"          // LocalSessionManager 23
	RDPDisconnected   Kind = "rdp.disconnected"    // 4779; LocalSessionManager 24, 39, 40, RdpCoreTS 102, 103
	RDPReconnected    Kind = "rdp.reconnected"     // 4778; LocalSessionManager 25
	RDPOutgoing       Kind = "rdp.outgoing"        // RDPClient 1024, 1025, 1027, 1029, 1102, 1103; hive: Terminal Server Client, by then: from this machine
	RDPOutgoingEnded  Kind = "rdp.outgoing_ended"  // RDPClient 1026, 1105
	RDPGateway        Kind = "rdp.gateway"         // Gateway 200, 300, 302, 303, 312, 313
	RDPGatewayRefused Kind = "rdp.gateway_refused" // Gateway 301
	WinRMOutgoing     Kind = "winrm.outgoing"      // WinRM 6: from this machine
	WinRMIncoming     Kind = "winrm.incoming"      // WinRM 91, 169
	SSHMessage        Kind = "ssh.message"         // OpenSSH 4

	ShareAccessed  Kind = "share.accessed"  // 5140, 5145
	ShareCreated   Kind = "share.created"   // 5142
	ShareChanged   Kind = "share.changed"   // 5143
	ShareDeleted   Kind = "share.deleted"   // 5144
	ObjectAccessed Kind = "object.accessed" // 4656, 4661, 4662, 4663
	ObjectDeleted  Kind = "object.deleted"  // 4660

	ServiceInstalled Kind = "service.installed" // 4697; System 7045
	ServiceState     Kind = "service.state"     // System 7036, Sysmon 4
	ServiceChanged   Kind = "service.changed"   // System 7040
	ServiceFailed    Kind = "service.failed"    // System 7000, 7009, 7031, 7034
	TaskRegistered   Kind = "task.registered"   // 4698; TaskScheduler 106; the file of a task, if its date has a time zone; the TaskCache, also of its last change
	TaskChanged      Kind = "task.changed"      // 4700, 4701, 4702; TaskScheduler 140
	TaskDeleted      Kind = "task.deleted"      // 4699; TaskScheduler 141
	TaskStarted      Kind = "task.started"      // TaskScheduler 100, 110, 118, 119, 129, 200; the TaskCache, of the last run
	TaskEnded        Kind = "task.ended"        // TaskScheduler 102, 201; the TaskCache, of the last run
	AutostartWritten Kind = "autostart.written" // hive: last write of an autostart's key
	AutostartRun     Kind = "autostart.run"     // Shell-Core 9707 to 9712, MSSQL 17135
	PackageInstalled Kind = "package.installed" // MsiInstaller 1033, 11707: 1033 also in vain
	PackageRemoved   Kind = "package.removed"   // MsiInstaller 1034, 11724: 1034 also in vain
	PackageFailed    Kind = "package.failed"    // MsiInstaller 11708
	PackageChanging  Kind = "package.changing"  // MsiInstaller 1040, 1042: begin and end
	DeviceConnected  Kind = "device.connected"  // 6416, 6424; UserPnp 20001, 20003, Kernel-PnP 400, 410, 430, DriverFrameworks 10000, DeviceSetup 112
	DeviceChanged    Kind = "device.changed"    // 6419 to 6422: enabled or disabled
	DeviceBlocked    Kind = "device.blocked"    // 6423
	DocumentPrinted  Kind = "document.printed"  // PrintService 307
	PrinterDriver    Kind = "printer.driver"    // PrintService 316, 808: added, or failed to load

	ProgramRan         Kind = "program.ran"         // hive: BAM, DAM, UserAssist and RecentApps: the last time that a program was run; Prefetch: up to 8; PCA; MPLog: a process
	ProgramUsed        Kind = "program.used"        // SRUM: a program used the processor or the disk in the hour before, or was in use until then
	NetworkUsed        Kind = "network.used"        // SRUM: what a program sent and received in the hour before
	InterfaceConnected Kind = "interface.connected" // SRUM: an interface was connected
	ResourcesRecorded  Kind = "resources.recorded"  // SRUM: anything else: energy, notifications
	ServerAccessed     Kind = "server.accessed"     // UAL: an account used a role of the server from an address: the first time, the last, and each day
	HostNamed          Kind = "host.named"          // UAL: the name of an address
	ProgramCached      Kind = "program.cached"      // hive: ShimCache: a file was there, which had been modified at that time
	ProgramSeen        Kind = "program.seen"        // hive: MUICache, FeatureUsage, Compatibility Assistant: the shell had to do with a program, by then
	ProgramRegistered  Kind = "program.registered"  // hive: App Paths: a name for a program
	FileInventoried    Kind = "file.inventoried"    // hive: Amcache: a file was there when Windows took stock
	CommandTyped       Kind = "command.typed"       // hive: RunMRU: into Run of the start menu, by then
	ShareMounted       Kind = "share.mounted"       // hive: MountPoints2: by then
	FileScanned        Kind = "file.scanned"        // MPLog: Defender looked at a file: its hashes, or the name in its version information
	CommandReported    Kind = "command.reported"    // MPLog: a command line that Defender found suspicious
	URLTyped           Kind = "url.typed"           // hive: TypedURLsTime
	WindowsInstalled   Kind = "windows.installed"   // hive: InstallTime, InstallDate, Setup\Source OS
	WindowsUpgraded    Kind = "windows.upgraded"    // hive: Setup\Source OS: an upgrade replaced a version
	LastLogon          Kind = "logon.last"          // hive: SAM: of a local account, which logs hold as logon
	PasswordSet        Kind = "password.set"        // hive: SAM: of a local account, by whomever
	AccountNamed       Kind = "account.named"       // hive: SAM: a local account was made, or renamed
	CredentialsCached  Kind = "credentials.cached"  // hive: SECURITY: of an account of a domain, at its logon
	ProfileLoaded      Kind = "profile.loaded"      // hive: ProfileList: the last time
	ProfileUnloaded    Kind = "profile.unloaded"    // hive: ProfileList: the last time
	LeaseObtained      Kind = "lease.obtained"      // hive: Tcpip: an address from a DHCP server
	LeaseEnding        Kind = "lease.ending"        // hive: Tcpip: until when an address is leased, maybe in the future

	RegistryKeyWritten Kind = "registry.key_written" // hive: last write of any other key
	RegistryKeyChanged Kind = "registry.key_changed" // Sysmon 12: a key or value was created or deleted
	RegistryValueSet   Kind = "registry.value_set"   // 4657; Sysmon 13
	RegistryRenamed    Kind = "registry.renamed"     // Sysmon 14

	WebRequest          Kind = "web.request"           // web log: a request was answered
	WebFailed           Kind = "web.failed"            // HTTPERR: HTTP.SYS ended a request or a connection
	WebConfigChanged    Kind = "web.config_changed"    // IIS-Configuration 29, 50
	ExchangeCommand     Kind = "exchange.command"      // Exchange 1, 6: also in vain
	DatabaseLogin       Kind = "database.login"        // MSSQL 18453, 18454
	DatabaseLoginFailed Kind = "database.login_failed" // MSSQL 18456
	DatabaseChanged     Kind = "database.changed"      // MSSQL 15457: an option
	DatabaseRefused     Kind = "database.refused"      // MSSQL 15281: a feature that is off
	DatabaseAudited     Kind = "database.audited"      // MSSQL 33205
	DatabaseCreated     Kind = "database.created"      // ESENT 325
	DatabaseAttached    Kind = "database.attached"     // ESENT 216, 326
	DatabaseDetached    Kind = "database.detached"     // ESENT 327

	MalwareDetected    Kind = "malware.detected"    // Defender 1006, 1015, 1116; MPLog; the detection history
	MalwareActed       Kind = "malware.acted"       // Defender 1007, 1009, 1011, 1117: removed, restored and so on
	MalwareFailed      Kind = "malware.failed"      // Defender 1008, 1010, 1118, 1119: the action
	MalwareForgotten   Kind = "malware.forgotten"   // Defender 1013: the history was deleted
	ProtectionEnabled  Kind = "protection.enabled"  // Defender 5000
	ProtectionDisabled Kind = "protection.disabled" // Defender 5001, 5010, 5012
	ProtectionChanged  Kind = "protection.changed"  // Defender 5004, 5007, SecurityCenter 15
	SnapshotCreated    Kind = "snapshot.created"    // System Restore 8194

	MachineStarted Kind = "machine.started" // 4608; System 12, 6005, 6009
	MachineStopped Kind = "machine.stopped" // System 13, 1074, 6006
	MachineCrashed Kind = "machine.crashed" // System 6008, at the next start
	MachineUp      Kind = "machine.up"      // System 6013: since when
	MachineSlept   Kind = "machine.slept"   // Kernel-Power 42
	MachineWoke    Kind = "machine.woke"    // Power-Troubleshooter 1
	MachineRenamed Kind = "machine.renamed" // System 6011
	ClockChanged   Kind = "clock.changed"   // 4616; System 1

	AuditChanged Kind = "audit.changed" // 4719, 4904 to 4908; Sysmon 16
	LogCleared   Kind = "log.cleared"   // 1102; System 104
	LogStopped   Kind = "log.stopped"   // 1100
	LogLost      Kind = "log.lost"      // 1101, 1104, 1108; Sysmon 255: events that are not in the log
	LogRecord    Kind = "event"         // any other event-log record
)

// unlogged are the kinds that event logs do not record. The others come from
// logKinds.
var unlogged = []Kind{
	FileRenamed, FileFormerName, JournalCreated, FileRecycled, FileOpened, FolderOpened, FileLinked, FileWritten, FileInfoSet, FileSecured, FileAltered, FileClosed, StreamChanged,
	FileCreated, FileModified, FileChanged, FileAccessed, FileMarked, AutostartWritten, RegistryKeyWritten, WebRequest, WebFailed,
	ProgramRan, ProgramUsed, NetworkUsed, InterfaceConnected, ResourcesRecorded, ServerAccessed, HostNamed, ProgramCached, ProgramSeen, ProgramRegistered, FirewallRuleHeld, FileInventoried, CommandTyped, ShareMounted, FileScanned, CommandReported, URLTyped, WindowsInstalled,
	WindowsUpgraded, LastLogon, PasswordSet, AccountNamed, CredentialsCached, ProfileLoaded, ProfileUnloaded, LeaseObtained, LeaseEnding,
}

// Kinds returns all kinds.
func Kinds() []Kind { return slices.Concat(unlogged, loggedKinds) }
