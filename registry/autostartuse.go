package registry

// Use is what Windows does with the file of an autostart.
type Use string

// The uses of files.
const (
	Runs    Use = "runs"    // starts it as a process, or as a driver
	Loads   Use = "loads"   // loads it, as a library, into a process of Windows or of another program
	Opens   Use = "opens"   // opens it as a page, a document or a folder, which may hold programs
	Applies Use = "applies" // reads it as data that makes Windows run other code: a shim database, a MOF file
	Moves   Use = "moves"   // renames it, or replaces another file by it, at the next start
	Deletes Use = "deletes" // deletes it at the next start
)
