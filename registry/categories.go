package registry

import (
	"iter"
	"slices"
)

// Category is a kind of autostart.
type Category struct {
	Name    string // as in Autostart.Category
	Group   string // the tab of Sysinternals Autoruns that lists it, or Other
	Meaning string // what a value there starts or loads
}

// categories are sorted by group, and within it by name.
var categories = [...]Category{
	{"appcert", "AppInit", "libraries that every program loads that starts another"},
	{"appinit", "AppInit", "libraries that every program with a window loads"},
	{"boot", "Boot Execute", "native programs and setup programs before the first logon"},
	{"pending-rename", "Boot Execute", "files that are moved or deleted at the next start"},
	{"subsystem", "Boot Execute", "subsystems of the session manager and their libraries"},
	{"codec", "Codecs", "drivers and filters for sound and video"},
	{"driver", "Drivers", "drivers"},
	{"driver-filter", "Drivers", "drivers between a device and its driver, or in the writing of a dump"},
	{"font-driver", "Drivers", "font drivers"},
	{"com", "Explorer", "COM classes: a program that asks for the class loads or starts it"},
	{"explorer", "Explorer", "shell extensions and other libraries of Explorer"},
	{"file-association", "Explorer", "commands that open files of a class"},
	{"accessibility", "Image Hijacks", "programs that the logon screen and the settings start as assistive technology"},
	{"command-processor", "Image Hijacks", "commands that every command prompt runs first"},
	{"image-hijack", "Image Hijacks", "programs started, and libraries loaded, in place of or together with a program"},
	{"internet-explorer", "Internet Explorer", "extensions of Internet Explorer"},
	{"known-dll", "Known DLLs", "libraries that programs take from one folder only"},
	{"crypto", "LSA Providers", "libraries of the cryptographic service, which also judge signatures"},
	{"lsa", "LSA Providers", "libraries of the local security authority"},
	{"active-setup", "Logon", "commands at the first logon of each account"},
	{"group-policy", "Logon", "scripts of group policies"},
	{"logon", "Logon", "programs and scripts at logon"},
	{"run", "Logon", "programs at each logon"},
	{"runonce", "Logon", "programs at the next logon"},
	{"safeboot", "Logon", "the shell of the safe mode with command prompt"},
	{"startup-folder", "Logon", "a folder that is searched in place of the usual startup folder"},
	{"terminal-server", "Logon", "programs and libraries of remote desktop sessions"},
	{"windows-ce", "Logon", "programs at the connection of a Windows CE device"},
	{"network-provider", "Network Providers", "libraries that learn of each logon and of network drives"},
	{"office", "Office", "add-ins, templates and pages of Office"},
	{"amsi", "Other", "libraries that judge scripts for the antimalware interface"},
	{"content-index", "Other", "libraries of the search service"},
	{"debugger", "Other", "programs and libraries that handle the crash of a program"},
	{"dhcp-server", "Other", "libraries of the DHCP server"},
	{"dns-server", "Other", "libraries of the DNS server"},
	{"dotnet", "Other", "profilers, managers of application domains and debuggers of .NET"},
	{"environment", "Other", "variables of an account that lead programs of Windows elsewhere"},
	{"icon-service", "Other", "the library with the icon service"},
	{"msdtc", "Other", "libraries of the transaction coordinator"},
	{"netsh", "Other", "helpers of netsh"},
	{"performance", "Other", "libraries that count for performance monitors"},
	{"remote-access", "Other", "libraries of the remote access and the authentication server"},
	{"shadow-copy", "Other", "providers of shadow copies"},
	{"shim", "Other", "databases that change what a program does when it starts"},
	{"still-image", "Other", "programs started by scanners and cameras"},
	{"telemetry", "Other", "commands of the compatibility telemetry"},
	{"update", "Other", "commands of the update orchestrator"},
	{"wmi-mof", "Other", "definitions, which may hold event consumers, that are compiled when the WMI repository is rebuilt"},
	{"print", "Print Monitors", "print providers, processors and drivers"},
	{"print-monitor", "Print Monitors", "print monitors"},
	{"task", "Scheduled Tasks", "scheduled tasks"},
	{"service", "Services", "services"},
	{"time-provider", "Services", "libraries of the time service"},
	{"credential-provider", "Winlogon", "credential providers and their filters"},
	{"screensaver", "Winlogon", "screensavers"},
	{"winlogon", "Winlogon", "programs and libraries of the logon process"},
	{"winsock", "Winsock Providers", "libraries that every program with a network connection loads"},
}

// Categories iterates over the categories of [Autostarts], by their groups.
func Categories() iter.Seq[Category] { return slices.Values(categories[:]) }
