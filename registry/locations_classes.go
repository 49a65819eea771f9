package registry

const (
	// The classes to which shell extensions for all files, folders and drives are tied.
	shellClasses = `"*"|AllFilesystemObjects|Directory|Drive|Folder|LibraryFolder|Printers`
	handlers     = `\shellex\ContextMenuHandlers|PropertySheetHandlers|DragDropHandlers|CopyHookHandlers|ColumnHandlers\*`

	// The classes whose commands start programs and scripts, and those that elevated
	// programs open.
	executableClasses = `exefile|comfile|batfile|cmdfile|piffile|scrfile|htafile|htmlfile|mscfile|regfile|inffile|txtfile|vbsfile|vbefile|jsfile|jsefile|wsffile|wshfile|lnkfile|cplfile|ms-settings|Folder|Directory|Drive`
	executableEndings = `.exe|.com|.bat|.cmd|.pif|.scr`
)

// classLocations hold COM classes, file associations and shell extensions. Windows looks
// for a class among a user's before it looks among the machine's, except in processes
// with high integrity. SOFTWARE has thousands of classes, so they are listed only
// WithAllLocations; a user's are always listed.
var classLocations = []location{
	{"com", userClasses, `CLSID\*\InprocServer32|InprocHandler32|InprocServer`, named("", "CodeBase"), libraries, never, both, "95"},
	{"com", userClasses, `CLSID\*\InprocServer32\*`, named("CodeBase"), libraries, never, both, "2000"},
	{"com", userClasses, `CLSID\*\LocalServer32|LocalServer`, named("", "ServerExecutable"), programs, never, both, "95"},
	{"com", userClasses, `CLSID\*\TreatAs|AutoTreatAs`, theDefault, classValues, never, both, "95"},
	{"com", userClasses, `CLSID\*\ScriptletURL`, theDefault, libraries, never, both, "98"},
	{"com", userClasses, `AppID\*`, named("DllSurrogate"), programs, never, both, "NT 4.0"},
	{"com", userClasses, `TypeLib\*\*\*\win16|win32|win64`, theDefault, libraries, never, both, "95"},
	{"com", machineClasses, `CLSID\*\InprocServer32|InprocHandler32|InprocServer`, named("", "CodeBase"), libraries, never, both | all, "95"},
	{"com", machineClasses, `CLSID\*\InprocServer32\*`, named("CodeBase"), libraries, never, both | all, "2000"},
	{"com", machineClasses, `CLSID\*\LocalServer32|LocalServer`, named("", "ServerExecutable"), programs, never, both | all, "95"},
	{"com", machineClasses, `CLSID\*\TreatAs|AutoTreatAs`, theDefault, classValues, never, both | all, "95"},
	{"com", machineClasses, `CLSID\*\ScriptletURL`, theDefault, libraries, never, both | all, "98"},
	{"com", machineClasses, `AppID\*`, named("DllSurrogate"), programs, never, both | all, "NT 4.0"},
	{"com", machineClasses, `TypeLib\*\*\*\win16|win32|win64`, theDefault, libraries, never, both | all, "95"},
	{"com", classes, `CLSID\*\InprocServer32`, named("ThreadingModel"), texts, never, both | marks, "NT 4.0"},

	{"file-association", classes, executableEndings, theDefault, progIDs, never, 0, "95"},
	{"file-association", machineClasses, executableClasses + `\shell\*\command`, theDefault, programs, never, 0, "95"},
	{"file-association", machineClasses, executableClasses + `\shell\*\command`, named("DelegateExecute"), classValues, never, 0, "7"},
	{"file-association", machineClasses, `*\shell\*\command`, theDefault, programs, never, all, "95"},
	{"file-association", machineClasses, `*\shell\*\command`, named("DelegateExecute"), classValues, never, all, "7"},
	{"file-association", userClasses, `*\shell\*\command`, theDefault, programs, never, 0, "95"},
	{"file-association", userClasses, executableClasses + `\shell\*\command`, named("DelegateExecute"), classValues, never, 0, "7"},
	{"file-association", userClasses, `*\shell\*\command`, named("DelegateExecute"), classValues, never, all, "7"},
	{"file-association", classes, `SystemFileAssociations\*\shell\*\command`, theDefault, programs, never, 0, "XP"},

	{"explorer", machineClasses, shellClasses + handlers, theDefault, classValuesOrKeys, byBlocked | byApproved, both, "95"},
	{"explorer", machineClasses, `Directory\Background` + handlers, theDefault, classValuesOrKeys, byBlocked | byApproved, both, "7"},
	{"explorer", userClasses, `*` + handlers, theDefault, classValuesOrKeys, byBlocked | byApproved, both, "95"},
	{"explorer", userClasses, `Directory\Background` + handlers, theDefault, classValuesOrKeys, byBlocked | byApproved, both, "7"},
	{"explorer", userClasses, `*\shellex\*`, theDefault, classValues, byBlocked | byApproved, both, "95"},
	{"explorer", classes, `Protocols\Filter|Handler\*`, named("CLSID"), classValues, never, both, "98"},
	{"codec", classes, `CLSID\{083863F1-70DE-11d0-BD40-00A0C911CE86}|{AC757296-3522-4E11-9862-C17BE5A1767E}|{7ED96837-96F0-4812-B211-F13C24117ED3}|{ABE3B9A4-257D-4B97-BD1A-294AF496222E}\Instance\*`,
		named("CLSID"), classValues, never, both, "98"},
}
