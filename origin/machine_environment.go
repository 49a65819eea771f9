package origin

import (
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// environment is what paths in the commands of a machine mean.
type environment = command.Environment

// profileIn returns the profile folder in the path of a file, or "".
func profileIn(path string) string {
	parts := strings.Split(path, `\`)
	if len(parts) > 3 && (winpath.SameName(parts[1], "Users") || winpath.SameName(parts[1], "Documents and Settings")) {
		return strings.Join(parts[:3], `\`)
	}
	return ""
}

// profileOfHive returns the profile folder of a hive in it.
func profileOfHive(drive, artifact string) string {
	return winpath.Windows(drive, path.Dir(artifact))
}

// deviceVolume returns the device in a path that has no letter of a drive, as in
// \Device\HarddiskVolume7\x, or "". Windows gives the numbers anew with each start, and
// no artifact that is read here records which drive has which.
func deviceVolume(path string) string {
	const device = `\Device\HarddiskVolume`
	rest, ok := winpath.CutPrefix(strings.TrimPrefix(path, `\\?\GLOBALROOT`), device)
	if !ok {
		return ""
	}
	number, _, _ := strings.Cut(rest, `\`)
	return device + number
}
