package registry

// reading is how a value, or a key, names what is started or loaded.
type reading uint8

const (
	programs reading = iota
	natives
	onceEx
	libraries
	libraryLists
	libraryNames
	shimNames
	databases
	definitions
	folders
	startupFolders
	pages
	scripts
	applications
	excelOpens
	assemblies
	subsystems
	renames
	packedItems
	classValues
	classNames
	classKeys
	classValuesOrKeys
	progIDs
	driverNames
	driverFiles
	providerNames
	serviceKeys
	taskKeys
	texts
)

// readings is a table of the readings: what Windows does with the file, and how the file
// is named, in words. The use of classes and services depends on what they turn out to be.
var readings = [...]struct {
	reading reading
	use     Use
	says    string
}{
	{programs, Runs, "a command line"},
	{natives, Runs, "commands of the session manager, which may begin with the word autocheck"},
	{onceEx, Runs, "a command line, ||command or DLL|function|arguments"},
	{libraries, Loads, "the path or name of a library"},
	{libraryLists, Loads, "a list of libraries"},
	{libraryNames, Loads, "the name of the value is the path of a library"},
	{shimNames, Applies, "the name of the value is the name of a shim database below %SystemRoot%\\AppPatch\\Custom"},
	{databases, Applies, "the path of a shim database"},
	{definitions, Applies, "the path of a MOF file; those of Windows itself are listed only WithAllLocations"},
	{folders, Opens, "the path of a folder"},
	{startupFolders, Opens, "the path of a startup folder; the usual one is listed only WithAllLocations"},
	{pages, Opens, "the address or path of a page or document"},
	{scripts, Runs, "the name of a script; the value Parameters has its arguments, and FileSysPath of the key above the folder of the policy"},
	{applications, Runs, "the path of a program; the value AppParameters has its arguments"},
	{excelOpens, Opens, "switches and the path of a workbook or XLL"},
	{assemblies, Loads, "the name of an assembly"},
	{subsystems, Runs, "a command line, with the names of libraries behind ServerDll="},
	{renames, Moves, "pairs of a path and its new path with ! before it if the file may exist; without a new path the file is deleted"},
	{packedItems, Loads, "the path of a library in the first 260 bytes"},
	{classValues, Loads, "a COM class or ProgID"},
	{classNames, Loads, "the name of the value is a COM class"},
	{classKeys, Loads, "the name of the key is a COM class or ProgID"},
	{classValuesOrKeys, Loads, "a COM class, else the name of the key is one"},
	{progIDs, Runs, "a class of files; those of Windows itself are listed only WithAllLocations"},
	{driverNames, Runs, "the names of drivers"},
	{driverFiles, Runs, "the names of files below %SystemRoot%\\System32\\drivers"},
	{providerNames, Loads, "the names of services that are network providers"},
	{serviceKeys, Runs, "a service or driver"},
	{taskKeys, Runs, "a scheduled task, as CachedTasks reads it"},
	{texts, Loads, "not read"},
}

// ofKey reports whether a reading reads a key as a whole, and not its values.
func (r reading) ofKey() bool { return r == classKeys || r == classValuesOrKeys || r == serviceKeys }
