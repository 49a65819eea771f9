package registry

const internetExplorer = `Microsoft\Internet Explorer\`

// explorerLocations hold what Explorer and Internet Explorer load, most by its class.
var explorerLocations = []location{
	{"explorer", machine | user, explorer + `ShellServiceObjects\*`, named("", "AutoStart"), classKeys, never, both, "Vista"},
	{"explorer", machine | user, windows + `ShellServiceObjectDelayLoad`, nil, classValues, never, both, "98"},
	{"explorer", machine | user, explorer + `SharedTaskScheduler`, nil, classNames, never, both, "98"},
	{"explorer", machine | user, explorer + `ShellExecuteHooks`, nil, classNames, byHooks, both, "98"},
	{"explorer", machine | user, explorer + `ShellIconOverlayIdentifiers\*`, theDefault, classValues, byBlocked | byApproved, both, "98"},
	{"explorer", machine | user, explorer + `FindExtensions\*`, theDefault, classValues, byBlocked | byApproved, both, "98"},
	{"explorer", machine, explorer + `MyComputer\cleanuppath|backuppath|DefragPath`, theDefault, programs, never, both, "98"},
	{"explorer", machine, explorer + `VolumeCaches\*`, named("PreCleanupString", "CleanupString"), programs, never, both, "98"},
	{"explorer", machine | user, windows + `Control Panel\Cpls`, nil, libraries, never, both, "98"},
	{"explorer", machine | user, `Microsoft\Ctf\LangBarAddin\*`, named("FilePath"), libraries, byEnable, both, "XP"},
	{"explorer", machine, `Microsoft\HtmlHelp Author`, named("location"), libraries, never, both, "98"},
	{"explorer", user, `Microsoft\HtmlHelp Author`, named("location"), libraries, never, 0, "98"},
	{"explorer", user, internetExplorer + `Desktop\Components\*`, named("Source"), pages, byAboutHome | byVista, 0, "98 to 2003"},
	{"internet-explorer", machine | user, explorer + `Browser Helper Objects\*`, named("", "NoExplorer"), classKeys, byBrowserExtensions | byAddonList | byAddonSettings, both, "98"},
	{"internet-explorer", machine | user, internetExplorer + `Toolbar`, except("Locked", "ShowDiscussionButton", "LinksFolderName"), classNames, byBrowserExtensions | byAddonList | byAddonSettings, both, "98"},
	{"internet-explorer", machine | user, internetExplorer + `Toolbar\WebBrowser|ShellBrowser|Explorer`, nil, classNames, byBrowserExtensions | byAddonList | byAddonSettings, both, "98"},
	{"internet-explorer", machine | user, internetExplorer + `Explorer Bars\*`, theDefault, classKeys, byAddonList | byAddonSettings, both, "98"},
	{"internet-explorer", user, internetExplorer + `UrlSearchHooks`, nil, classNames, never, 0, "98"},
	{"internet-explorer", machine | user, internetExplorer + `Extensions\*`, named("ClsidExtension"), classValues, byAddonList | byAddonSettings, both, "98"},
	{"internet-explorer", machine | user, internetExplorer + `Extensions\*`, named("Exec"), programs, byAddonList | byAddonSettings, both, "98"},
	{"internet-explorer", machine | user, internetExplorer + `Extensions\*`, named("Script"), pages, byAddonList | byAddonSettings, both, "98"},
	{"codec", machine | user, windowsNT + `Drivers32`, nil, libraries, never, both, "NT 3.5"},
}
