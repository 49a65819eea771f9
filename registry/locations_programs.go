package registry

const (
	office      = `Microsoft\Office\*\`
	compat      = windowsNT + `AppCompatFlags\`
	clickToRun  = `Microsoft\Office\ClickToRun\REGISTRY\MACHINE\Software\Microsoft\Office\*\Addins\*`
	environment = session + `\Environment`
)

// The variables of the environment that name a profiler, and what the profiler's
// variable of .NET Core is called.
var (
	corPaths  = named("COR_PROFILER_PATH", "COR_PROFILER_PATH_32", "COR_PROFILER_PATH_64")
	corePaths = named("CORECLR_PROFILER_PATH", "CORECLR_PROFILER_PATH_32", "CORECLR_PROFILER_PATH_64")
)

// programLocations hold what Office, .NET and programs of Windows load.
var programLocations = []location{
	{"office", machine | user, `Microsoft\Office\*\Addins\*`, named("LoadBehavior", "Manifest"), classKeys, byLoadBehavior | byResiliency | byAddinList, both, "2000"},
	{"office", machine | user, `Microsoft\Office\*\*\Addins\*`, named("LoadBehavior", "Manifest"), classKeys, byLoadBehavior | byResiliency | byAddinList, both, "2000"},
	{"office", machine, clickToRun, named("LoadBehavior", "Manifest"), classKeys, byLoadBehavior | byResiliency | byAddinList, 0, "7"},
	{"office", machine | user, `Microsoft\Visual Basic\Addins|Addins64\*`, named("LoadBehavior"), classKeys, byLoadBehavior, both, "98"},
	{"office", machine | user, `Microsoft\VBA\VBE\*\Addins|Addins64\*`, named("LoadBehavior"), classKeys, byLoadBehavior, both, "98"},
	{"office", machine | user, `Microsoft\Office test\Special\Perf`, theDefault, libraries, never, both, "XP"},
	{"office", machine | user, office + `Outlook\WebView\*`, named("URL"), pages, never, 0, "98"},
	{"office", machine | user, office + `Outlook\Today`, named("UserDefinedUrl"), pages, never, 0, "98"},
	{"office", user, office + `Excel\Options`, named("OPEN", "OPEN1", "OPEN2", "OPEN3", "OPEN4", "OPEN5", "OPEN6", "OPEN7", "OPEN8", "OPEN9"), excelOpens, never, 0, "98"},
	{"office", user, office + `Excel\Options`, named("AltStartup"), folders, never, 0, "98"},
	{"office", user, office + `Word\Options`, named("STARTUP-PATH"), folders, never, 0, "98"},
	{"office", user, office + `Word\Options`, named("GlobalDotName"), pages, never, 0, "98"},
	{"netsh", machine, `Microsoft\NetSh`, nil, libraries, never, both, "2000"},
	{"amsi", machine, `Microsoft\AMSI\Providers|Providers2|UacProviders\*`, theDefault, classKeys, never, both, "10"},
	{"dotnet", machine | user, `Microsoft\.NETFramework`, named("AppDomainManagerAssembly"), assemblies, never, both, "XP"},
	{"dotnet", machine | user, `Microsoft\.NETFramework`, named("DbgManagedDebugger"), programs, never, both, "2000"},
	{"dotnet", profile, `Environment`, corPaths, libraries, byCORProfiling, 0, "7"},
	{"dotnet", profile, `Environment`, named("COR_PROFILER"), classValues, byCORProfiling, 0, "2000"},
	{"dotnet", profile, `Environment`, corePaths, libraries, byCoreCLRProfiling, 0, "7"},
	{"dotnet", profile, `Environment`, named("CORECLR_PROFILER"), classValues, byCoreCLRProfiling, 0, "7"},
	{"dotnet", profile, `Environment`, named("DOTNET_STARTUP_HOOKS"), libraries, never, semis, "7"},
	{"dotnet", profile, `Environment`, named("APPDOMAIN_MANAGER_ASM"), assemblies, never, 0, "XP"},
	{"dotnet", system, environment, corPaths, libraries, byCORProfiling, 0, "7"},
	{"dotnet", system, environment, named("COR_PROFILER"), classValues, byCORProfiling, 0, "2000"},
	{"dotnet", system, environment, corePaths, libraries, byCoreCLRProfiling, 0, "7"},
	{"dotnet", system, environment, named("CORECLR_PROFILER"), classValues, byCoreCLRProfiling, 0, "7"},
	{"dotnet", system, environment, named("DOTNET_STARTUP_HOOKS"), libraries, never, semis, "7"},
	{"dotnet", system, environment, named("APPDOMAIN_MANAGER_ASM"), assemblies, never, 0, "XP"},
	{"environment", profile, `Environment`, named("windir", "SystemRoot"), folders, never, 0, "NT 3.5"},
	{"environment", profile, `Environment`, named("ComSpec"), programs, never, 0, "NT 3.5"},
	{"shim", machine, compat + `Custom\*`, except(""), shimNames, byEngine, both, "XP"},
	{"shim", machine, compat + `InstalledSDB\*`, named("DatabasePath"), databases, byEngine, both, "XP"},
	{"telemetry", machine, compat + `TelemetryController\*`, named("Command"), programs, never, both, "8"},
	{"update", machine, windows + `WindowsUpdate\Orchestrator\UScheduler|UScheduler_Oobe\*`, named("cmdLine"), programs, never, 0, "10"},
	{"wmi-mof", machine, `Microsoft\Wbem\CIMOM`, named("Autorecover MOFs"), definitions, never, 0, "2000"},
	{"msdtc", machine, `Microsoft\MSDTC\MTxOCI`, named("OracleOciLib", "OracleSqlLib", "OracleXaLib"), libraries, never, both, "2000"},
	{"font-driver", machine, windowsNT + `Font Drivers`, nil, libraries, never, both, "NT 4.0"},
}
