package registry

// location is a place in a hive that names programs for Windows to run by
// itself. A new location is one line in the table below.
type location struct {
	category string
	in       hives
	path     string   // below Software, or below the control set; * matches every subkey
	values   []string // nil: all values
	how      form
}

// hives is the set of hives that may have a location.
type hives uint8

const (
	machine hives = 1 << iota // SOFTWARE
	user                      // NTUSER.DAT, below Software
	profile                   // NTUSER.DAT, below its root
	system                    // SYSTEM, below the current control set
)

// form describes how a location is written.
type form uint8

const (
	both     form = 1 << iota // also in the view of 32-bit programs, below Wow6432Node
	approved                  // Explorer\StartupApproved may disable it
	commas                    // a value lists commands, separated by commas
	blanks                    // or by commas and blanks
	switched                  // another value of the key may switch it off: see switches
	library                   // the values name libraries, which are loaded
	native                    // the session manager's commands, which may begin with the word autocheck
)

const (
	windows   = `Microsoft\Windows\CurrentVersion\`
	windowsNT = `Microsoft\Windows NT\CurrentVersion\`
	session   = `Control\Session Manager`
)

// switches are the values that switch a location off if they are 0, by the category. If
// such a value is absent, what Windows does is the default.
var switches = map[string]struct {
	value  string
	absent bool // the location counts if the value is absent
}{
	"appinit":      {"LoadAppInit_DLLs", false},
	"active-setup": {"IsInstalled", true},
}

// locations is in the order in which Autostarts yields them. Services are in
// service.go: they are more than a command.
var locations = []location{
	{"run", machine | user, windows + `Run`, nil, both | approved},
	{"run", machine | user, windows + `Policies\Explorer\Run`, nil, both},
	{"run", machine | user, windows + `RunServices`, nil, both},
	{"run", machine | user, windowsNT + `Terminal Server\Install\Software\Microsoft\Windows\CurrentVersion\Run`, nil, 0},
	{"runonce", machine | user, windows + `RunOnce`, nil, both},
	{"runonce", machine | user, windows + `RunOnce\Setup`, nil, both},
	{"runonce", machine | user, windows + `RunOnceEx\*`, nil, both},
	{"runonce", machine | user, windows + `RunServicesOnce`, nil, both},
	{"winlogon", machine | user, windowsNT + `Winlogon`, []string{"Shell", "Userinit"}, commas},
	{"winlogon", machine | user, windowsNT + `Winlogon`, []string{"Taskman", "VMApplet", "UIHost"}, 0},
	{"winlogon", machine | user, windows + `Policies\System`, []string{"Shell"}, commas},
	{"winlogon", machine, windowsNT + `Winlogon\Notify\*`, []string{"DLLName"}, library},
	{"logon", user, windowsNT + `Windows`, []string{"Load", "Run"}, commas},
	{"logon", profile, `Environment`, []string{"UserInitMprLogonScript"}, 0},
	{"active-setup", machine, `Microsoft\Active Setup\Installed Components\*`, []string{"StubPath"}, both | switched},
	{"screensaver", profile, `Control Panel\Desktop`, []string{"SCRNSAVE.EXE"}, 0},
	{"image-hijack", machine, windowsNT + `Image File Execution Options\*`, []string{"Debugger"}, both},
	{"image-hijack", machine, windowsNT + `Image File Execution Options\*`, []string{"VerifierDlls"}, both | library},
	{"image-hijack", machine, windowsNT + `SilentProcessExit\*`, []string{"MonitorProcess"}, 0},
	{"appinit", machine, windowsNT + `Windows`, []string{"AppInit_DLLs"}, both | blanks | switched | library},
	{"command-processor", machine | user, `Microsoft\Command Processor`, []string{"AutoRun"}, both},
	{"debugger", machine, windowsNT + `AeDebug`, []string{"Debugger"}, both},
	{"boot", system, session, []string{"BootExecute", "SetupExecute", "Execute", "S0InitialCommand"}, native},
	{"appcert", system, session + `\AppCertDLLs`, nil, library},
	{"lsa", system, `Control\Lsa`, []string{"Authentication Packages", "Security Packages", "Notification Packages"}, library},
	{"print-monitor", system, `Control\Print\Monitors\*`, []string{"Driver"}, library},
	{"safeboot", system, `Control\SafeBoot`, []string{"AlternateShell"}, 0},
	{"terminal-server", system, `Control\Terminal Server\Wds\rdpwd`, []string{"StartupPrograms"}, commas},
	{"terminal-server", system, `Control\Terminal Server\WinStations\*`, []string{"InitialProgram"}, 0},
}

// use returns what Windows does with the files that a location names.
func (l location) use() Use {
	if l.how&library != 0 {
		return Loads
	}
	return Runs
}
