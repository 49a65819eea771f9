package command

// A Verb is what a command does with a file.
type Verb string

// The verbs, the most telling first.
const (
	Runs     Verb = "runs"     // starts it, as a program or a script
	Loads    Verb = "loads"    // loads it into a host, as a library
	Opens    Verb = "opens"    // hands it to the shell, which starts it by its association
	Copies   Verb = "copies"   // copies, moves, renames or decodes it, and starts the result
	Writes   Verb = "writes"   // creates it, or overwrites it
	Deletes  Verb = "deletes"  //
	Takes    Verb = "takes"    // reads it to copy, fetch or unpack it
	Passes   Verb = "passes"   // hands it to a program or a script that is not known here, which may start it
	Mentions Verb = "mentions" // passes it to a program that does not start it
)

// maxDepth is how many commands may be in each other, and maxUses how many files of a
// command are kept.
const (
	maxDepth = 8
	maxUses  = 256
)

// Starts reports whether the file's code runs, or its document is opened.
func (v Verb) Starts() bool { return v == Runs || v == Loads || v == Opens }

// Use is a file in a command line.
type Use struct {
	Verb Verb
	// Paths are the file as written. There are several if a program has no quotes and
	// its path has blanks: CreateProcess takes the first of them that exists.
	Paths  []string
	Host   string // the program that does it, by its name in lower case without .exe; "" for Windows itself
	Folder string // that a relative path is relative to, if the command changes to one

	step int // number of the command that does it, of those in the line
}

// path returns the file of a use as one path, in the folder that the command changed to.
func (u Use) path() string {
	return inFolder(u.Folder, System(u.Paths[len(u.Paths)-1]))
}
