package registry

// bootLocations hold what starts before the first logon: native programs, the setup
// program, subsystems and what is moved.
var bootLocations = []location{
	{"boot", system, session, named("BootExecute", "SetupExecute", "Execute", "S0InitialCommand", "BootShell", "PlatformExecute", "BootExecuteNoPnpSync", "SetupExecuteNoPnpSync"), natives, never, 0, "NT 3.5"},
	{"boot", system, `Control`, named("ServiceControlManagerExtension"), libraries, never, 0, "Vista"},
	{"boot", system, `Control\BootVerificationProgram`, named("ImagePath"), programs, never, 0, "NT 3.5"},
	{"boot", setup, `Setup`, named("CmdLine"), programs, bySetupType, 0, "NT 4.0"},
	{"boot", system, `Control\WOW`, named("cmdline", "wowcmdline"), programs, never, 0, "NT 3.5 to 2003"},
	{"appcert", system, session + `\AppCertDLLs`, nil, libraries, never, 0, "2000"},
	{"known-dll", system, session + `\KnownDLLs`, named("DllDirectory", "DllDirectory32"), folders, never, 0, "NT 3.5"},
	{"known-dll", system, session + `\KnownDLLs`, except("DllDirectory", "DllDirectory32"), libraries, never, 0, "NT 3.5"},
	{"subsystem", system, session + `\SubSystems`, except("Required", "Optional", "Debug", ""), subsystems, never, 0, "NT 3.5"},
	{"pending-rename", system, session, named("PendingFileRenameOperations", "PendingFileRenameOperations2"), renames, never, 0, "NT 4.0"},
	{"safeboot", system, `Control\SafeBoot`, named("AlternateShell"), programs, never, 0, "2000"},
	{"terminal-server", system, `Control\Terminal Server\Wds\rdpwd`, named("StartupPrograms"), programs, never, commas, "2000"},
	{"terminal-server", system, `Control\Terminal Server\WinStations\*`, named("InitialProgram"), programs, never, 0, "2000"},
	{"terminal-server", system, `Control\Terminal Server\AddIns\*`, named("Name"), libraries, never, 0, "2000"},
	{"driver-filter", system, `Control\Class\*`, named("UpperFilters", "LowerFilters"), driverNames, byDriver, 0, "2000"},
	{"driver-filter", system, `Control\Class\*\*`, named("UpperFilters", "LowerFilters"), driverNames, byDriver, all, "2000"},
	{"driver-filter", system, `Enum\*\*\*`, named("UpperFilters", "LowerFilters"), driverNames, byDriver, all, "2000"},
	{"driver-filter", system, `Control\CrashControl`, named("DumpFilters"), driverFiles, never, 0, "Vista"},
	{"still-image", system, `Control\StillImage\Events\*\*`, named("Cmdline"), programs, byImaging, 0, "98"},
}
