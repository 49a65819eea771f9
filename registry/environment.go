package registry

import (
	"errors"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// maxVariables is how many variables, and how many names of programs, are read from a hive.
const maxVariables = 1 << 12

// Variables returns the environment variables that a hive gives to programs, by their
// names: the Value of each Setting is the name. Those of the machine are in SYSTEM and
// SOFTWARE, those of an account in its NTUSER.DAT. Text may hold other variables. The error
// is about what is damaged; the rest is read.
func Variables(r *Reader) ([]Setting, error) {
	switch r.Type() {
	case System:
		set, damaged := r.controlSetInUse()
		list, err := r.variablesAt(join(set, `Control\Session Manager\Environment`))
		return list, errors.Join(damaged, err)
	case Software:
		return r.folderVariables()
	case User:
		volatile, bad := r.variablesAt(`Volatile Environment`)
		list, err := r.variablesAt(`Environment`)
		return append(volatile, list...), errors.Join(bad, err)
	}
	return nil, nil
}

// variablesAt returns the variables that are values of a key.
func (r *Reader) variablesAt(path string) ([]Setting, error) {
	k, err := r.OpenKey(path)
	if err != nil {
		return nil, onlyDamage(err)
	}
	var list []Setting
	var damaged error
	for v, err := range k.Values() {
		switch {
		case err != nil:
			damaged = errors.Join(damaged, err)
		case v.Name == "" || v.Type != SZ && v.Type != ExpandSZ:
		case len(list) == maxVariables:
			return list, errors.Join(damaged, fmt.Errorf("%s has more than %d values: the rest was not read", path, maxVariables))
		default:
			if text, err := v.Text(); err == nil {
				list = append(list, Setting{Text: text, Key: k.Path(), Value: v.Name, Offset: v.Offset, LastWrite: k.LastWrite})
			} else {
				damaged = errors.Join(damaged, err)
			}
		}
	}
	return list, damaged
}

// folderValues are the values of a SOFTWARE hive that are variables, by other names.
var folderValues = [...]struct {
	key, value string
	variables  []string
}{
	{`Microsoft\Windows\CurrentVersion`, "ProgramFilesDir", []string{"ProgramFiles", "ProgramW6432"}},
	{`Microsoft\Windows\CurrentVersion`, "ProgramFilesDir (x86)", []string{"ProgramFiles(x86)"}},
	{`Microsoft\Windows\CurrentVersion`, "CommonFilesDir", []string{"CommonProgramFiles", "CommonProgramW6432"}},
	{`Microsoft\Windows\CurrentVersion`, "CommonFilesDir (x86)", []string{"CommonProgramFiles(x86)"}},
	{`Microsoft\Windows NT\CurrentVersion\ProfileList`, "ProgramData", []string{"ProgramData", "ALLUSERSPROFILE"}},
	{`Microsoft\Windows NT\CurrentVersion\ProfileList`, "Public", []string{"PUBLIC"}},
}

func (r *Reader) folderVariables() ([]Setting, error) {
	var list []Setting
	var damaged error
	for _, row := range folderValues {
		s := r.settingsAt(row.key)
		if found := s.setting(row.value); found.Text != "" {
			for _, name := range row.variables {
				found.Value = name
				list = append(list, found)
			}
		}
		damaged = errors.Join(damaged, s.damaged)
	}
	return list, damaged
}

// AppPaths returns the programs that the shell starts for names, from a SOFTWARE hive or an
// NTUSER.DAT: the Value of each Setting is the name, such as wordpad.exe, and its Text the
// path. The error is about what is damaged; the rest is read.
func AppPaths(r *Reader) ([]Setting, error) {
	root := map[HiveType]string{Software: ``, User: `Software\`}
	below, ok := root[r.Type()]
	if !ok {
		return nil, nil
	}
	k, err := r.OpenKey(below + `Microsoft\Windows\CurrentVersion\App Paths`)
	if err != nil {
		return nil, onlyDamage(err)
	}
	var list []Setting
	var damaged error
	for program, err := range k.Subkeys() {
		if err != nil {
			damaged = errors.Join(damaged, err)
			continue
		}
		s := settingsOf(program)
		if v := s.value(""); v != nil && len(list) < maxVariables {
			list = append(list, Setting{Text: strings.Trim(v.String(), `"`), Key: program.Path(), Value: program.Name, Offset: v.Offset, LastWrite: program.LastWrite})
		}
		damaged = errors.Join(damaged, s.damaged)
	}
	return list, damaged
}

// onlyDamage returns an error that is about damage, and nil for another: that there is no
// such key.
func onlyDamage(err error) error {
	if damage.Is(err) {
		return err
	}
	return nil
}
