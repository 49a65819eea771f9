package command

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Environment is what paths in the commands of a machine mean: its variables, and
// its own names in paths of shares.
type Environment struct {
	Drive   string            // letter of the volume with Windows; "" if it has none
	own     []string          // folded names and addresses of the machine
	values  map[string]string // of variables, by folded name; those of accounts may be missing
	Ending  string            // that a name without one gets
	Folders []string          // in which a name without a folder is looked for
}

// NewEnvironment returns the environment of commands on a machine with a system drive,
// names and addresses.
func NewEnvironment(drive string, names, addresses []string, profile string, service bool) Environment {
	root := drivePrefix(drive)
	windows := root + `\Windows`
	e := Environment{Drive: drive, Ending: ".exe", Folders: []string{windows + `\System32`, windows}}
	for _, name := range slices.Concat(names, addresses, []string{"localhost", "127.0.0.1", "::1", "0--1.ipv6-literal.net", "."}) {
		host, _, _ := strings.Cut(name, ".")
		e.own = append(e.own, winpath.Fold(name))
		if !IsAddress(name) && host != "" {
			e.own = append(e.own, winpath.Fold(host))
		}
	}
	data, programs, programs32 := root+`\ProgramData`, root+`\Program Files`, root+`\Program Files (x86)`
	e.values = map[string]string{
		"SYSTEMDRIVE": root, "SYSTEMROOT": windows, "WINDIR": windows, "COMSPEC": windows + `\System32\cmd.exe`,
		"PROGRAMDATA": data, "ALLUSERSPROFILE": data, "PUBLIC": root + `\Users\Public`,
		"PROGRAMFILES": programs, "PROGRAMW6432": programs, "PROGRAMFILES(X86)": programs32,
		"COMMONPROGRAMFILES": programs + `\Common Files`, "COMMONPROGRAMW6432": programs + `\Common Files`, "COMMONPROGRAMFILES(X86)": programs32 + `\Common Files`,
	}
	if service {
		profile = windows + `\System32\config\systemprofile`
		e.values["TEMP"], e.values["TMP"] = windows+`\Temp`, windows+`\Temp`
	}
	if profile != "" {
		e.takeProfile(profile)
	}
	return e
}

// takeProfile adds the variables of an account.
func (e *Environment) takeProfile(profile string) {
	local := profile + `\AppData\Local`
	for name, value := range map[string]string{
		"USERPROFILE": profile, "APPDATA": profile + `\AppData\Roaming`, "LOCALAPPDATA": local, "TEMP": local + `\Temp`, "TMP": local + `\Temp`,
		"USERNAME": winpath.Base(profile), "HOMEDRIVE": drivePrefix(e.Drive), "HOMEPATH": strings.TrimPrefix(profile, drivePrefix(e.Drive)),
	} {
		if e.values[name] == "" {
			e.values[name] = value
		}
	}
}

// IsAddress reports whether a name is an IP address.
func IsAddress(name string) bool {
	return strings.Contains(name, ":") || strings.Trim(name, "0123456789.") == ""
}

// Resolve returns the full paths that a path in a command may mean: a name without a
// folder is looked for in several. Known is false if the path has a variable that is
// not known.
func (e *Environment) Resolve(written, folder string) (full []string, known bool) {
	p, known := e.expand(strings.Trim(strings.ReplaceAll(written, "/", `\`), "\" \t"))
	if !known || p == "" {
		return nil, known
	}
	p = winpath.Normalize(e.Drive, e.Local(p))
	switch {
	case winpath.HasDrive(p), strings.HasPrefix(p, `\\`):
		full = []string{p}
	case strings.HasPrefix(p, `\`):
		full = []string{drivePrefix(e.Drive) + p}
	case folder != "":
		in := *e
		in.Ending = ""
		base, known := in.Resolve(folder, "")
		if !known {
			return nil, false
		}
		for _, b := range base {
			full = append(full, b+`\`+p)
		}
	case strings.Contains(p, `\`):
		return nil, true // relative to a folder that nobody recorded
	default:
		for _, f := range e.Folders {
			full = append(full, f+`\`+p)
		}
	}
	for i, p := range full {
		full[i] = Clean(p)
		if base := winpath.Base(full[i]); e.Ending != "" && !strings.Contains(base, ".") {
			full = append(full, full[i]+e.Ending)
		}
	}
	return full, true
}

// expand replaces variables. Sysmon doubles the percent signs.
func (e *Environment) expand(p string) (string, bool) {
	for range 8 { // values may hold variables
		before, rest, found := strings.Cut(p, "%")
		if !found {
			break
		}
		mark := "%"
		if strings.HasPrefix(rest, "%") {
			rest, mark = rest[1:], "%%"
		}
		name, after, found := strings.Cut(rest, mark)
		if !found {
			break // part of a name
		}
		value, ok := e.values[winpath.Fold(name)]
		if !ok {
			return p, false
		}
		p = before + value + after
	}
	return p, true
}

// Local returns a path by way of the machine's own shares as a path on its volume:
// \\127.0.0.1\C$\x, \\WEB01\ADMIN$\x.
func (e *Environment) Local(p string) string {
	rest, ok := winpath.CutPrefix(strings.Replace(p, `\\?\UNC\`, `\\`, 1), `\\`)
	if !ok {
		return p
	}
	host, rest, _ := strings.Cut(rest, `\`)
	share, rest, _ := strings.Cut(rest, `\`)
	if short, _, _ := strings.Cut(host, "."); !slices.Contains(e.own, winpath.Fold(host)) && (IsAddress(host) || !slices.Contains(e.own, winpath.Fold(short))) {
		return p
	}
	switch {
	case winpath.SameName(share, "ADMIN$"):
		return drivePrefix(e.Drive) + `\Windows\` + rest
	case len(share) == 2 && share[1] == '$':
		return share[:1] + `:\` + rest
	}
	return p
}

// Clean returns a full path without what Windows removes from it: . and .., doubled
// separators, dots and blanks at the end of names. It resolves the old names of folders
// that every Windows has as links.
func Clean(p string) string {
	var kept []string
	root := 1 // the drive stays
	if strings.HasPrefix(p, `\\`) {
		return p
	}
	for i, part := range strings.Split(p, `\`) {
		trimmed := strings.TrimRight(part, ". ")
		switch {
		case i == 0:
			kept = append(kept, part)
		case part == "..":
			kept = kept[:max(root, len(kept)-1)]
		case trimmed != "":
			kept = append(kept, trimmed)
		}
	}
	p = strings.Join(kept, `\`)
	if rest, ok := winpath.CutPrefix(p, kept[0]+`\Users\All Users\`); ok {
		return kept[0] + `\ProgramData\` + rest
	}
	return p
}

// drivePrefix returns a letter with its colon, or "".
func drivePrefix(drive string) string {
	if drive == "" {
		return ""
	}
	return drive + ":"
}
