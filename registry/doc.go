// Package registry reads Windows registry hives (regf files): keys, values,
// security descriptors, and what a hive makes Windows start by itself.
//
//	r, err := registry.Open("SOFTWARE")
//	…
//	defer r.Close()
//	k, err := r.OpenKey(`Microsoft\Windows NT\CurrentVersion`)
//	…
//	v, err := k.Value("ProductName")
//	…
//	name, err := v.Text()
//
// # Terminology
//
// A hive is one file of the registry. It begins with a base block of 4096 bytes.
// The rest, the hive bins data, is a sequence of hive bins, and each bin is a
// sequence of cells. A cell holds one structure: a key node (nk), a key value (vk),
// a list of subkeys (li, lf, lh, or ri, which lists lists), a list of values, a
// security descriptor (sk), a class name, or the data of a value, whole or as the
// segments of big data (db). Structures refer to each other by cell offsets, which
// count from the beginning of the hive bins data. All offsets that this package
// returns count from the beginning of the hive file, that is 4096 more.
//
// A hive is dirty if Windows began to write it and did not finish. Its newest state
// is then partly in its transaction logs (SYSTEM.LOG1, SYSTEM.LOG2; before Windows Vista
// SYSTEM.LOG). With [WithLogs] or [WithLogsBeside] they are replayed as Windows would
// replay them when it loads the hive, those of the old format (dirty vector) and of the
// new one (log entries, since Windows 8.1). Without its logs a dirty hive is read as it
// is, and [Reader.Problems] reports it.
//
// Windows does not wipe what it deletes: the cells become free, and their content stays
// until they are used again. [Reader.Deleted] finds keys and values there, each with the
// confidence that it was one. No other function shows them.
//
// [CachedTasks] reads scheduled tasks as the Task Scheduler keeps them in a SOFTWARE hive.
// What it starts is in their actions, whatever the XML of a task says. A task without a
// security descriptor below the key Tree, with the Index 0, or without a key there starts,
// but the tools of Windows do not list it: [CachedTask] has the reason in Hidden. So it has
// that the security descriptor of a task, or of a folder above it, does not let
// Administrators or SYSTEM read it: the Task Scheduler lists only what its caller can read.
//
// [Accounts], [Groups] and [MachineSID] read a SAM hive, [PolicyOf] and [CachedLogons] a
// SECURITY hive; passwords and secrets are not read. [WindowsOf], [Profiles], [SIDNames],
// [PolicyDomains] and [Networks] read a SOFTWARE hive; [ComputerOf], [FormerVersions],
// [Interfaces], [Routes] and [PortProxies] a SYSTEM hive. What they return has the key, its
// offset and its time. A few times are those of the clock of the machine: [TimeZone.UTC]
// converts them.
//
// [Diff] compares two hives, such as a hive before and after its logs are replayed.
//
// # Autostarts
//
// [Autostarts] lists what Windows runs or loads by itself because of a hive. These are the
// categories, by the tabs of Sysinternals Autoruns; [Categories] has what each means:
//
//	AppInit            appcert, appinit
//	Boot Execute       boot, pending-rename, subsystem
//	Codecs             codec
//	Drivers            driver, driver-filter, font-driver
//	Explorer           com, explorer, file-association
//	Image Hijacks      accessibility, command-processor, image-hijack
//	Internet Explorer  internet-explorer
//	Known DLLs         known-dll
//	LSA Providers      crypto, lsa
//	Logon              active-setup, group-policy, logon, run, runonce, safeboot,
//	                   startup-folder, terminal-server, windows-ce
//	Network Providers  network-provider
//	Office             office
//	Other              amsi, content-index, debugger, dhcp-server, dns-server, dotnet,
//	                   environment, icon-service, msdtc, netsh, performance,
//	                   remote-access, shadow-copy, shim, still-image, telemetry, update,
//	                   wmi-mof
//	Print Monitors     print, print-monitor
//	Scheduled Tasks    task
//	Services           service, time-provider
//	Winlogon           credential-provider, screensaver, winlogon
//	Winsock Providers  winsock
//
// The locations are rows of one table, in locations_*.go: the hives, the pattern of the
// path, the values, how a value is read, what turns it off, and which Windows reads it.
// What turns it off may be in another hive of the machine: Secure Boot in SYSTEM, a policy
// in SOFTWARE, a setting of an account in its NTUSER.DAT. [WithMachine] gives these hives.
// [Autostart] has what turns it off in Off, for which accounts in OffFor, and what is not
// known without a hive that was not given in Undecided.
//
// # Errors
//
// Damage is reported as a *[FormatError] that names the hive, the key, the value
// and the offset. If a file is not a hive, the cause of the error is [ErrNotHive].
// If a key or value does not exist, the error satisfies errors.Is(err,
// fs.ErrNotExist). A Key or a Value that comes with an error is the zero one, which
// is empty; it is never nil.
//
// # Specifications
//
//   - M. Suhanov, "Windows registry file format specification",
//     https://github.com/msuhanov/regf
//   - J. Metz, "Windows NT Registry File (REGF) format", libregf
//   - Microsoft, [MS-DTYP] 2.4.6, SECURITY_DESCRIPTOR; the Windows SDK for value
//     types and the values of services
//
// Format versions 1.1 to 1.6 are read.
//
// # Security
//
// A hive may come from an attacker. Whatever its bytes, no function panics or
// recurses without bound, and a walk over all keys, values and data takes time and
// memory in proportion to the size of the file. To ensure this, the first walk
// checks what it meets on its way, and any other question about a key surveys the whole
// hive before it is answered. If something may be met twice, every reference of the hive
// is followed once: a reference that would make a loop, a second place for a key, or more
// than one further reading of the whole hive is refused, with an error that names its
// place. The same references are refused whatever was asked first. Names and data are returned
// as they are; whoever prints them must escape them.
//
// # Memory
//
// A hive is read once, into memory, and not kept open. It is not mapped: if a mapped file
// cannot be read, the process dies. A replay of transaction logs changes these bytes and
// copies only what makes the hive longer; the file is never written to. Data belongs to
// the Reader, and so a Key, a Value or data that is kept keeps the hive. Names, paths and
// texts do not.
package registry
