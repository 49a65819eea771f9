package origin

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// printFolders are the folders of print processors and of printer drivers, by the folded
// names of the environments that the registry has them for.
var printFolders = map[string]string{"WINDOWS X64": "x64", "WINDOWS NT X86": "w32x86", "WINDOWS ARM64": "ARM64", "WINDOWS IA64": "ia64", "WINDOWS 4.0": "win40"}

// inPrintFolder returns the path of a file that the spooler names at a location: print
// processors and printer drivers are in folders of their own, and have only names. Other
// paths stay as they are.
func inPrintFolder(location, file string) string {
	_, below, ok := strings.Cut(winpath.FoldName(location), `\CONTROL\PRINT\ENVIRONMENTS\`)
	if !ok || strings.ContainsAny(file, `\/:`) {
		return file
	}
	parts := strings.Split(below, `\`)
	folder := printFolders[parts[0]]
	if folder == "" || len(parts) < 3 {
		return file
	}
	const spool = `%SystemRoot%\System32\spool\`
	version, isVersion := strings.CutPrefix(parts[2], "VERSION-")
	switch {
	case parts[1] == "PRINT PROCESSORS":
		return spool + `prtprocs\` + folder + `\` + file
	case parts[1] == "DRIVERS" && isVersion:
		return spool + `drivers\` + folder + `\` + version + `\` + file
	}
	return file
}
