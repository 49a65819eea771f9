package registry

const (
	winsock      = `Services\WinSock2\Parameters`
	environments = `Control\Print\Environments\*\`
)

// networkLocations hold what the network, print and other servers of Windows load.
var networkLocations = []location{
	{"winsock", system, winsock + `\Protocol_Catalog9\Catalog_Entries|Catalog_Entries64\*`, named("PackedCatalogItem"), packedItems, never, 0, "NT 4.0"},
	{"winsock", system, winsock + `\NameSpace_Catalog5\Catalog_Entries|Catalog_Entries64\*`, named("LibraryPath"), libraries, byEnabled, 0, "NT 4.0"},
	{"winsock", system, winsock, named("AutodialDLL", "NameSpace_Callout"), libraries, never, 0, "2000"},
	{"winsock", system, services + `\Parameters\Winsock`, named("HelperDllName"), libraries, never, 0, "NT 4.0"},
	{"network-provider", system, services + `\NetworkProvider`, named("ProviderPath", "AuthentProviderPath"), libraries, byProviderOrder, 0, "NT 3.5"},
	{"network-provider", system, `Control\NetworkProvider\Order|HwOrder`, named("ProviderOrder"), providerNames, never, commas, "NT 3.5"},
	{"time-provider", system, `Services\W32Time\TimeProviders\*`, named("DllName"), libraries, byEnabled | byOwner, 0, "2003"},
	{"print-monitor", system, `Control\Print\Monitors\*`, named("Driver"), libraries, bySpooler, 0, "NT 3.5"},
	{"print", system, `Control\Print\Providers\*`, named("Name"), libraries, bySpooler, 0, "NT 3.5"},
	{"print", system, environments + `Print Processors\*`, named("Driver"), libraries, bySpooler, 0, "NT 3.5"},
	{"print", system, environments + `Drivers\*\*`, named("Driver", "Configuration File"), libraries, bySpooler, 0, "NT 3.5"},
	{"print", system, `Control\Print\Printers\*\CopyFiles\*`, named("Module"), libraries, bySpooler, 0, "2000"},
	{"dns-server", system, `Services\DNS\Parameters`, named("ServerLevelPluginDll"), libraries, byOwner, 0, "2003"},
	{"dhcp-server", system, `Services\DHCPServer\Parameters`, named("CalloutDlls"), libraries, byCallouts | byOwner, 0, "2000"},
	{"remote-access", system, `Services\RemoteAccess\RouterManagers\*`, named("DllPath"), libraries, byOwner, 0, "2000"},
	{"remote-access", system, `Services\RemoteAccess\Accounting|Authentication\Providers\*`, named("Path"), libraries, byOwner, 0, "2000"},
	{"remote-access", system, `Services\RasMan\PPP\EAP\*`, named("Path", "ConfigUIPath", "IdentityPath", "InteractiveUIPath"), libraries, byOwner, 0, "2000"},
	{"remote-access", system, `Services\RasMan\PPP\ControlProtocols\*`, named("Path"), libraries, byOwner, 0, "2000"},
	{"remote-access", system, `Services\AuthSrv\Parameters`, named("ExtensionDLLs", "AuthorizationDLLs"), libraries, never, 0, "2000"},
	{"performance", system, services + `\Performance`, named("Library"), libraries, never, 0, "NT 3.5"},
	{"shadow-copy", system, `Services\VSS\Providers\*\CLSID`, theDefault, classValues, byOwner, 0, "XP"},
	{"content-index", system, `Control\ContentIndex\Language\*`, named("WBDLLPathOverride", "StemmerDLLPathOverride", "DLLPathOverride"), libraries, never, 0, "2000"},
	{"content-index", system, `Control\ContentIndexCommon\LanguageResources\Default\*`, named("WBDLLPathOverride", "StemmerDLLPathOverride", "DLLPathOverride"), libraries, never, 0, "7"},
}
