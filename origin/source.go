package origin

import (
	"github.com/birthmark-dfir/birthmark/timeline"
)

// A source is a kind of record that rules read. Two sources corroborate each other if
// different parts of Windows write them, and if whoever can rewrite one cannot rewrite
// both with the same ease.
type source struct {
	name    string // as a report names it
	channel string // of the event log; "" if it is not one
	kind    string // of the records, as evtx.Kind names it
	typ     string // of the artifact, if it is not an event log: a type of package timeline
	named   string // the name in its coverage, if the type alone does not identify it

	// none is the clause of a source in which most files have nothing: that it has
	// nothing does not make a search complete. It is - if it goes without saying.
	none string

	// hint is true for a log that seldom names a file: that it is missing goes without
	// saying.
	hint bool

	// everywhere is true for a file that every Windows has: a search without it is not
	// complete.
	everywhere bool

	writer string // what writes it
	reach  reach  // what it takes to rewrite it
	why    string // the reason for that reach
}

// A reach is what it takes to rewrite a record without a trace, from the least.
type reach int

const (
	anyProgram    reach = iota // a program that can write the file
	administrator              // an administrator, with the programs of Windows
	specialTool                // an administrator, with a tool made for it
	elsewhere                  // the machine that recorded it, which is another one
)

const (
	securityChannel = "Security"
	systemChannel   = "System"
	sysmonChannel   = "Microsoft-Windows-Sysmon/Operational"
	sessionChannel  = "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"
	taskChannel     = "Microsoft-Windows-TaskScheduler/Operational"
	remoteChannel   = "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational"
)

// What can be done to all records of a class.
const (
	logReach      = "the event log service keeps the log open; records can be cleared together, or rewritten with tools that leave gaps"
	textReach     = "a text file, which any editor of an administrator changes"
	registryReach = "a value, and with it the time of its key, which reg.exe writes"
	streamReach   = "a stream, which every account that can write the file can write and remove"
	timesReach    = "SetFileTime sets $STANDARD_INFORMATION, and a move after that copies it to $FILE_NAME"
	databaseReach = "a database that a service keeps open: an administrator stops the service, and deletes it or changes it with the programs of the engine"
	journalReach  = "NTFS writes each record itself: an administrator can delete the whole journal, but not change a record of it"
	slackReach    = "no program of Windows writes to slack: it takes a driver or an offline tool"
	transactReach = "NTFS writes each record itself and overwrites the oldest; no program of Windows writes to it"
	orderReach    = "NTFS allocates entries itself: only a driver or an offline tool reorders them"
)

// logSource makes a source of an event log.
func logSource(name, channel, kind, writer string) *source {
	return &source{name: name, channel: channel, kind: kind, writer: writer, reach: specialTool, why: logReach}
}

// hintSource makes a source of an event log that seldom names a file.
func hintSource(name, channel, kind, writer string) *source {
	s := logSource(name, channel, kind, writer)
	s.hint = true
	return s
}

// The sources, each with what writes it.
var (
	sysmonProcess  = logSource("Sysmon 1", sysmonChannel, "sysmon-1", "Sysmon")
	sysmonConnect  = logSource("Sysmon 3", sysmonChannel, "sysmon-3", "Sysmon")
	sysmonLoad     = logSource("Sysmon 7", sysmonChannel, "sysmon-7", "Sysmon")
	sysmonCreate   = logSource("Sysmon 11", sysmonChannel, "sysmon-11", "Sysmon")
	sysmonValue    = logSource("Sysmon 13", sysmonChannel, "sysmon-13", "Sysmon")
	sysmonStream   = logSource("Sysmon 15", sysmonChannel, "sysmon-15", "Sysmon")
	auditProcess   = logSource("event 4688", securityChannel, "security-4688", "the Security log")
	auditLogon     = logSource("event 4624", securityChannel, "security-4624", "the Security log")
	auditObject    = logSource("event 4663", securityChannel, "security-4663", "the Security log")
	auditShare     = logSource("event 5145", securityChannel, "security-5145", "the Security log")
	auditService   = logSource("event 4697", securityChannel, "security-4697", "the Security log")
	auditTask      = logSource("event 4698", securityChannel, "security-4698", "the Security log")
	newService     = logSource("event 7045", systemChannel, "system-7045", "the Service Control Manager")
	rdpSession     = logSource("event 21", sessionChannel, "rdp-21", "Terminal Services")
	rdpAuth        = logSource("event 1149", remoteChannel, "rdp-1149", "Terminal Services")
	serviceState   = hintSource("event 7036", systemChannel, "system-7036", "the Service Control Manager")
	scriptBlock    = hintSource("event 4104", "Microsoft-Windows-PowerShell/Operational", "powershell-4104", "PowerShell")
	moduleRun      = hintSource("event 4103", "Microsoft-Windows-PowerShell/Operational", "powershell-4103", "PowerShell")
	bitsJob        = hintSource("event 3 of BITS", "Microsoft-Windows-Bits-Client/Operational", "bits-3", "BITS")
	taskStarted    = hintSource("event 129", taskChannel, "taskscheduler-129", "the Task Scheduler")
	taskRegistered = hintSource("event 106", taskChannel, "taskscheduler-106", "the Task Scheduler")
	wmiBound       = hintSource("event 5861", "Microsoft-Windows-WMI-Activity/Operational", "wmi-5861", "WMI")
	sysmonConsumer = hintSource("Sysmon 20", sysmonChannel, "sysmon-20", "Sysmon")
	sysmonDNS      = hintSource("Sysmon 22", sysmonChannel, "sysmon-22", "Sysmon")
	clientDNS      = hintSource("event 3008", "Microsoft-Windows-DNS-Client/Operational", "dnsclient-3008", "the DNS client")
	auditConnect   = hintSource("event 5156", securityChannel, "security-5156", "the Security log")
	bitsTransfer   = hintSource("event 59", "Microsoft-Windows-Bits-Client/Operational", "bits-59", "BITS")
	msiPackage     = hintSource("event 1040", "Application", "msiinstaller-1040", "Windows Installer")
	defenderFound  = hintSource("event 1116", "Microsoft-Windows-Windows Defender/Operational", "defender-1116", "Defender")
	rdpReconnect   = logSource("event 25", sessionChannel, "rdp-25", "Terminal Services")

	changeJournal  = &source{name: "change journal ($UsnJrnl)", typ: timeline.TypeUSN, named: "$UsnJrnl", writer: "the change journal of NTFS", reach: specialTool, why: journalReach}
	logFile        = &source{name: "transaction log ($LogFile)", typ: timeline.TypeLogFile, named: "$LogFile", writer: "the transaction log of NTFS", reach: specialTool, why: transactReach}
	fileTimes      = &source{name: "$MFT", typ: timeline.TypeMFT, writer: "NTFS", reach: anyProgram, why: timesReach}
	indexSlack     = &source{name: "slack of folders and of $MFT records", typ: timeline.TypeIndex, none: "-", writer: "NTFS, before it was overwritten", reach: specialTool, why: slackReach}
	entryOrder     = &source{name: "the order of $MFT entries", none: "-", writer: "the allocation of NTFS", reach: specialTool, why: orderReach}
	ownerOfFile    = &source{name: "owner", none: "the evidence holds no owner of the file", writer: "NTFS", reach: administrator, why: "icacls and takeown change it"}
	objectIDs      = &source{name: "object identifiers ($ObjId)", none: "-", writer: "the service that tracks links", reach: specialTool, why: "NTFS writes the index: setting an identifier takes a program with the right to restore files"}
	fileContent    = &source{name: "content", none: "-", writer: "the program that wrote the file", reach: anyProgram, why: "it is the file"}
	zoneMark       = &source{name: "Zone.Identifier", none: "it has no Zone.Identifier", writer: "the program that saved the file", reach: anyProgram, why: streamReach}
	webLog         = &source{name: "web server log", typ: timeline.TypeWebLog, writer: "the web server", reach: administrator, why: textReach}
	ownRequest     = &source{name: "requests for the file itself", none: "-", writer: "the web server", reach: administrator, why: textReach}
	protectionLog  = &source{name: "protection log", typ: timeline.TypeMPLog, none: "-", writer: "Defender", reach: administrator, why: textReach}
	prefetchRuns   = &source{name: "Prefetch", typ: timeline.TypePrefetch, none: "-", writer: "the prefetcher", reach: administrator, why: "files that an administrator can write and delete"}
	resourceUsage  = &source{name: "SRUM", typ: timeline.TypeSRUM, none: "-", writer: "the System Resource Usage Monitor", reach: administrator, why: databaseReach}
	userAccessLog  = &source{name: "User Access Logging", typ: timeline.TypeUAL, none: "-", writer: "User Access Logging", reach: administrator, why: databaseReach}
	cryptnetCache  = &source{name: "CryptnetUrlCache", none: "-", writer: "cryptnet.dll", reach: anyProgram, why: "files of the account"}
	shellHistory   = &source{name: "history of PowerShell", none: "-", writer: "PSReadLine", reach: anyProgram, why: textReach}
	systemHive     = &source{name: "hive SYSTEM", typ: timeline.TypeRegistry, named: "SYSTEM", everywhere: true, writer: "the registry", reach: administrator, why: registryReach}
	softHive       = &source{name: "hive SOFTWARE", typ: timeline.TypeRegistry, named: "SOFTWARE", everywhere: true, writer: "the registry", reach: administrator, why: registryReach}
	detectionFiles = &source{name: "detection history", typ: timeline.TypeDetection, none: "-", writer: "Defender", reach: administrator, why: "files that an administrator can write and delete"}
	recycleBin     = &source{name: "recycle bin", typ: timeline.TypeRecycleBin, none: "-", writer: "the shell", reach: anyProgram, why: "files of the account"}
	jumpLists      = &source{name: "jump lists", typ: timeline.TypeJumpList, none: "-", writer: "the shell", reach: anyProgram, why: "files of the account"}
	recentLinks    = &source{name: "links in Recent", typ: timeline.TypeLink, none: "-", writer: "the shell", reach: anyProgram, why: "files of the account"}
	pcaRuns        = &source{name: "PCA", typ: timeline.TypePCA, none: "-", writer: "the Program Compatibility Assistant", reach: administrator, why: textReach}
	shimCache      = &source{name: "ShimCache", typ: timeline.TypeRegistry, named: "SYSTEM", none: "-", writer: "the application compatibility cache", reach: administrator, why: registryReach}
	amcacheFiles   = &source{name: "Amcache", typ: timeline.TypeRegistry, named: "AMCACHE", none: "-", writer: "the application compatibility service", reach: administrator, why: registryReach}
	muiCache       = &source{name: "MUICache", typ: timeline.TypeRegistry, named: "USRCLASS", none: "-", writer: "the shell", reach: anyProgram, why: registryReach}
	runDialog      = &source{name: "RunMRU", typ: timeline.TypeRegistry, named: "NTUSER", none: "-", writer: "the Explorer", reach: anyProgram, why: registryReach}
	appPaths       = &source{name: "App Paths", typ: timeline.TypeRegistry, named: "SOFTWARE", none: "-", writer: "the program that registered it", reach: anyProgram, why: registryReach}
	firewallRules  = &source{name: "rules of the firewall", typ: timeline.TypeRegistry, named: "SYSTEM", none: "-", writer: "the Windows Firewall", reach: administrator, why: registryReach}
	mountedShares  = &source{name: "MountPoints2", typ: timeline.TypeRegistry, named: "NTUSER", none: "-", writer: "the Explorer", reach: anyProgram, why: registryReach}
	activityRuns   = &source{name: "BAM", typ: timeline.TypeRegistry, named: "SYSTEM", none: "-", writer: "the Background Activity Moderator", reach: administrator, why: registryReach}
	userAssist     = &source{name: "UserAssist", typ: timeline.TypeRegistry, named: "NTUSER", none: "-", writer: "the Explorer", reach: anyProgram, why: registryReach}
	snapshotState  = &source{name: "files and hives in shadow copies", typ: timeline.TypeUnread, named: "shadow copies", none: "-", writer: "the Volume Shadow Copy Service", reach: specialTool, why: "blocks that no program of Windows changes; an administrator can delete whole shadow copies"}
	userHive       = &source{name: "hives of users", typ: timeline.TypeRegistry, named: "NTUSER", everywhere: true, writer: "the registry", reach: administrator, why: registryReach}
)

// unreadSource makes a source that this version recognizes and does not read.
func unreadSource(name, artifact string) *source {
	return &source{name: name, typ: timeline.TypeUnread, named: artifact}
}

// The sources that are named in the coverage if they are present, until they are read.
var (
	shadowCopies   = unreadSource("shadow copies", "shadow copies")
	browserHistory = unreadSource("browser history", "browser history")
	packedWebLogs  = unreadSource("compressed web logs", "compressed web logs")
	binaryWebLogs  = unreadSource("binary web logs", "binary web logs")
	failedRequests = unreadSource("traces of failed requests", "traces of failed requests")
	exchangeLogs   = unreadSource("logs of Exchange", "logs of Exchange")
)

// independent reports whether two sets of sources corroborate each other: something
// else wrote each of them, and the same administrator cannot rewrite both with the
// programs of Windows.
func independent(a, b []*source) bool {
	for _, s := range a {
		for _, t := range b {
			if s.writer != t.writer && max(s.reach, t.reach) >= specialTool {
				return true
			}
		}
	}
	return false
}
