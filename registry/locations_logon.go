package registry

const (
	terminalInstall = windowsNT + `Terminal Server\Install\Software\Microsoft\Windows\CurrentVersion\`
	winlogon        = windowsNT + `Winlogon`
	policyScripts   = `Policies\Microsoft\Windows\System\Scripts\`
	groupPolicy     = windows + `Group Policy\`
	imageOptions    = windowsNT + `Image File Execution Options\*`
	errorReporting  = `Microsoft\Windows\Windows Error Reporting\`
)

// logonLocations hold what starts with Windows, at a logon, or instead of another program.
var logonLocations = []location{
	{"run", machine | user, windows + `Run`, nil, programs, byStartupApproved | byRunPolicy, both, "95"},
	{"run", machine | user, windows + `Policies\Explorer\Run`, nil, programs, never, both, "2000"},
	{"run", machine | user, windows + `RunServices`, nil, programs, byNT, both, "95 to Me"},
	{"run", machine | user, terminalInstall + `Run`, nil, programs, never, 0, "2000"},
	{"runonce", machine | user, windows + `RunOnce`, nil, programs, byRunOncePolicy, both, "95"},
	{"runonce", machine | user, windows + `RunOnce\Setup`, nil, programs, never, both, "95"},
	{"runonce", machine | user, windows + `RunOnceEx\*`, except(""), onceEx, never, both, "98"},
	{"runonce", machine | user, windows + `RunOnceEx\*\Depend`, nil, libraries, never, both, "98"},
	{"runonce", machine | user, windows + `RunServicesOnce`, nil, programs, byNT, both, "95 to Me"},
	{"runonce", machine | user, terminalInstall + `RunOnce`, nil, programs, never, 0, "2000"},
	{"runonce", machine | user, terminalInstall + `RunOnceEx\*`, except(""), onceEx, never, 0, "2000"},
	{"winlogon", machine | user, winlogon, named("Shell", "Userinit"), programs, never, commas, "NT 3.5"},
	{"winlogon", machine | user, winlogon, named("Taskman", "VMApplet", "UIHost", "AppSetup", "System", "SaveDumpStart", "mpnotify"), programs, never, 0, "NT 3.5"},
	{"winlogon", machine | user, windows + `Policies\System`, named("Shell"), programs, never, commas, "2000"},
	{"winlogon", machine, winlogon, named("GinaDLL"), libraries, byVista, 0, "NT 3.5 to 2003"},
	{"winlogon", machine, winlogon + `\Notify\*`, named("DLLName"), libraries, byVista, 0, "2000 to 2003"},
	{"winlogon", machine, winlogon + `\GPExtensions\*`, named("DllName"), libraries, never, 0, "2000"},
	{"winlogon", machine, winlogon + `\AlternateShells\AvailableShells`, nil, programs, never, 0, "2012"},
	{"logon", user, windowsNT + `Windows`, named("Load", "Run"), programs, never, commas, "NT 3.1"},
	{"logon", profile, `Environment`, named("UserInitMprLogonScript"), programs, never, 0, "2000"},
	{"group-policy", machine, policyScripts + `Startup|Shutdown\*\*`, named("Script"), scripts, never, 0, "2000"},
	{"group-policy", machine | user, groupPolicy + `Scripts\Startup|Shutdown|Logon|Logoff\*\*`, named("Script"), scripts, never, 0, "Vista"},
	{"group-policy", machine, groupPolicy + `State\*\Scripts\Startup|Shutdown|Logon|Logoff\*\*`, named("Script"), scripts, never, 0, "2000"},
	{"group-policy", machine | user, policyScripts + `Logon|Logoff\*\*`, named("Script"), scripts, never, 0, "2000"},
	{"startup-folder", machine | user, explorer + `User Shell Folders|Shell Folders`, named("Startup", "Common Startup", "AltStartup", "Common AltStartup"), startupFolders, never, 0, "95"},
	{"active-setup", machine, `Microsoft\Active Setup\Installed Components\*`, named("StubPath"), programs, byIsInstalled | byActiveSetup, both, "98"},
	{"screensaver", profile, `Control Panel\Desktop`, named("SCRNSAVE.EXE"), programs, byScreenSaver, 0, "NT 3.1"},
	{"screensaver", user, `Policies\Microsoft\Windows\Control Panel\Desktop`, named("SCRNSAVE.EXE"), programs, byScreenSaver, 0, "2000"},
	{"accessibility", machine, windowsNT + `Accessibility\ATs\*`, named("StartExe"), programs, never, both, "8"},
	{"command-processor", machine | user, `Microsoft\Command Processor`, named("AutoRun"), programs, never, both, "NT 4.0"},
	{"terminal-server", machine | user, `Policies\Microsoft\Windows NT\Terminal Services`, named("InitialProgram"), programs, never, 0, "2003"},
	{"terminal-server", machine | user, `Microsoft\Terminal Server Client\Default\AddIns\*`, named("Name"), libraries, never, both, "2000"},
	{"windows-ce", machine | user, `Microsoft\Windows CE Services\AutoStartOnConnect|AutoStartOnDisconnect`, nil, programs, never, both, "XP"},

	{"image-hijack", machine, imageOptions, named("Debugger"), programs, never, both, "NT 4.0"},
	{"image-hijack", machine, imageOptions, named("VerifierDlls"), libraries, byVerifierFlag, both | blanks, "XP"},
	{"image-hijack", machine, imageOptions + `\*`, named("Debugger"), programs, byUseFilter, both, "7"},
	{"image-hijack", machine, imageOptions + `\*`, named("VerifierDlls"), libraries, byUseFilter, both | blanks, "7"},
	{"image-hijack", machine, windowsNT + `SilentProcessExit\*`, named("MonitorProcess"), programs, byReportingMode, 0, "7"},
	{"appinit", machine, windowsNT + `Windows`, named("AppInit_DLLs"), libraries, byLoadAppInit | bySecureBoot | bySigned, both | blanks, "NT 3.5"},
	{"icon-service", machine, windowsNT + `Windows`, named("IconServiceLib"), libraries, never, both, "8"},
	{"debugger", machine, windowsNT + `AeDebug|AeDebugProtected`, named("Debugger", "ProtectedDebugger"), programs, never, both, "NT 3.5"},
	{"debugger", machine, errorReporting + `Hangs`, named("Debugger", "ReflectDebugger"), programs, never, both, "Vista"},
	{"debugger", machine | user, errorReporting + `RuntimeExceptionHelperModules`, nil, libraryNames, never, both, "7"},
	{"debugger", machine, windowsNT + `KnownManagedDebuggingDlls|MiniDumpAuxiliaryDlls`, nil, libraryNames, never, both, "8"},
}
