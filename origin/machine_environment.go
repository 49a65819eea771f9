package origin

import (
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// environment is what paths in the commands of a machine mean.
type environment = command.Environment

// variables are those that hives give to programs, and the programs that the shell starts
// for names.
type variables struct {
	machine  []registry.Setting
	accounts map[string][]registry.Setting // by the folded folder of the profile
	programs []registry.Setting
}

// variablesIn reads the hives. What is damaged in one is in its coverage.
func variablesIn(drive string, hives []*timeline.Hive) variables {
	v := variables{accounts: map[string][]registry.Setting{}}
	for _, h := range hives {
		list, _ := registry.Variables(h.Reader)
		programs, _ := registry.AppPaths(h.Reader)
		v.programs = append(v.programs, programs...)
		if h.Reader.Type() == registry.User {
			profile := winpath.Fold(profileOfHive(drive, h.Artifact))
			v.accounts[profile] = append(v.accounts[profile], list...)
			continue
		}
		v.machine = append(v.machine, list...)
	}
	return v
}

// give adds the variables of the machine to an environment, and those of the account that
// has a profile.
func (v *variables) give(e *environment, profile string) {
	for _, s := range v.machine {
		e.Set(s.Value, s.Text, true)
	}
	for _, s := range v.accounts[winpath.Fold(profile)] {
		e.Set(s.Value, s.Text, false)
	}
	for _, s := range v.programs {
		e.Register(s.Value, s.Text)
	}
}

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
