package command

import (
	"fmt"
	"slices"
	"strconv"
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
	Others  []string          // that it gets if there is no such file
	Folders []string          // in which a name without a folder is looked for

	programs  map[string]string // paths that the shell has for names, by folded name
	service   bool
	named     bool // the names of the machine are known
	addressed bool // and its addresses
}

// NewEnvironment returns the environment of commands on a machine with a system drive,
// names and addresses.
func NewEnvironment(drive string, names, addresses []string, profile string, service bool) Environment {
	root := drivePrefix(drive)
	windows := root + `\Windows`
	e := Environment{Drive: drive, service: service, named: len(names) > 0, addressed: len(addresses) > 0, programs: map[string]string{}, Ending: ".exe", Folders: []string{windows + `\System32`, windows}}
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

// Set takes a variable that a hive gives to programs. Those of an account come after those
// of the machine, whose folders for temporary files only services have.
func (e *Environment) Set(name, value string, ofMachine bool) {
	if len(value) > maxValue {
		return // longer than what Windows gives to programs
	}
	switch name = winpath.Fold(name); name {
	case "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "": // which the registry does not decide
	case "PATH":
		for folder := range strings.SplitSeq(value, ";") {
			folder = strings.TrimRight(strings.Trim(folder, "\" \t"), `\/`)
			if folder != "" && !strings.EqualFold(folder, "%PATH%") && len(e.Folders) < maxFolders {
				e.Folders = append(e.Folders, folder)
			}
		}
	case "TEMP", "TMP", "USERNAME":
		if ofMachine != e.service {
			return
		}
		fallthrough
	default:
		e.values[name] = value
	}
}

// Register takes the path that the shell has for the name of a program.
func (e *Environment) Register(name, path string) {
	if name != "" && path != "" {
		e.programs[winpath.Fold(name)] = path
	}
}

// maxFolders is how many folders a name is looked for in, maxValue how many bytes a
// variable may have, and maxExpanded how many a path may, with its variables.
const (
	maxFolders  = 256
	maxValue    = 1 << 15
	maxExpanded = 3 * 32767
)

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

// Resolve returns the full paths that a path in a command may mean, in the order in which
// Windows tries them: a name without a folder is looked for in several. Known is false if
// it may also mean others: if the path has a variable that is not known, is relative to a
// folder that is not, or is on a device or a share whose place is not.
func (e *Environment) Resolve(written, folder string) (full []string, known bool) {
	p, known := e.expand(strings.Trim(strings.ReplaceAll(written, "/", `\`), "\" \t"))
	if !known || p == "" {
		return nil, known
	}
	p = e.Local(winpath.Normalize(e.Drive, e.Local(p)))
	switch {
	case winpath.HasDrive(p):
		full = []string{p}
	case strings.HasPrefix(p, `\\`):
		full, known = []string{p}, e.isElsewhere(p)
	case strings.HasPrefix(p, `\`):
		full = []string{drivePrefix(e.Drive) + p}
	case folder != "" && !strings.Contains(p, ":"):
		in := *e
		in.Ending, in.Others = "", nil
		base, known := in.Resolve(folder, "")
		if !known {
			return nil, false
		}
		for _, b := range base {
			full = append(full, strings.TrimRight(b, `\`)+`\`+p)
		}
	case strings.ContainsAny(p, `\:`):
		return nil, false // relative to a folder that nobody recorded
	default:
		full = e.lookedFor(p)
	}
	for i := range full {
		full[i] = Clean(full[i])
		if base := winpath.Base(full[i]); e.Ending != "" && !strings.Contains(base, ".") {
			full = append(full, full[i]+e.Ending)
			for _, ending := range e.Others {
				full = append(full, full[i]+ending)
			}
		}
	}
	for i := range full {
		if target := followed(full[i]); target != "" {
			full = append(full, target)
		}
	}
	return full, known
}

// OfShell returns the environment of what the shell starts, or a program that is one: a
// name without an ending may get several. A service is not started by the shell.
func (e *Environment) OfShell(host string) *Environment {
	switch host {
	case "cmd", "powershell", "pwsh", "explorer":
	case "":
		if e.service {
			return e
		}
	default:
		return e
	}
	shell := *e
	shell.Others = []string{".com", ".bat", ".cmd", ".vbs", ".js", ".wsf", ".lnk"}
	return &shell
}

// lookedFor returns the paths of a name without a folder.
func (e *Environment) lookedFor(name string) []string {
	list := make([]string, 0, len(e.Folders)+1)
	for _, f := range e.Folders {
		if len(f) > 1<<10 {
			continue
		}
		if f, known := e.expand(f); known {
			list = append(list, strings.TrimRight(winpath.Normalize(e.Drive, f), `\`)+`\`+name)
		}
	}
	for _, key := range [...]string{name, name + ".exe"} {
		if p, ok := e.programs[winpath.Fold(key)]; ok {
			if p, known := e.expand(p); known {
				list = append(list, winpath.Normalize(e.Drive, p))
			}
		}
	}
	return list
}

// isElsewhere reports whether the path of a share is on another machine. It may be on
// this one if its names are not known, or if it is a share that the machine gave a folder.
func (e *Environment) isElsewhere(p string) bool {
	host, rest, _ := strings.Cut(p[2:], `\`)
	share, _, _ := strings.Cut(rest, `\`)
	host, _, _ = strings.Cut(host, "@") // of WebDAV: \\host@80, \\host@SSL@443
	_, numeric := number(host)
	switch {
	case host == "?", host == ".", strings.HasPrefix(host, ";"): // a device, or a redirector
		return false
	case e.isOwn(host):
		return false
	case strings.HasSuffix(share, "$") && (IsAddress(host) || numeric):
		return e.addressed
	case strings.HasSuffix(share, "$"):
		return e.named
	}
	return true
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
		if !ok || len(p) > maxExpanded {
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
	if !e.isOwn(host) {
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

// isOwn reports whether a name or an address is the machine's own. All of 127.0.0.0/8 is.
func (e *Environment) isOwn(host string) bool {
	if IsAddress(host) && (strings.HasPrefix(host, "127.") || slices.Contains(e.own, winpath.Fold(host))) {
		return true
	}
	if n, ok := number(host); ok {
		dotted := fmt.Sprintf("%d.%d.%d.%d", n>>24, n>>16&0xff, n>>8&0xff, n&0xff)
		return n>>24 == 127 || n == 0 || slices.Contains(e.own, dotted)
	}
	short, _, _ := strings.Cut(host, ".")
	return slices.Contains(e.own, winpath.Fold(host)) || slices.Contains(e.own, winpath.Fold(short))
}

// number returns an IPv4 address as functions of the network read it: up to four numbers,
// of which the last fills what is left, and which 0x and 0 make hexadecimal and octal.
func number(host string) (n uint64, ok bool) {
	parts := strings.Split(host, ".")
	if len(parts) > 4 || host == "" {
		return 0, false
	}
	for i, part := range parts {
		base := 10
		switch {
		case strings.HasPrefix(strings.ToLower(part), "0x"):
			part, base = part[2:], 16
		case len(part) > 1 && part[0] == '0':
			base = 8
		}
		last := i == len(parts)-1
		v, err := strconv.ParseUint(part, base, 32)
		if err != nil || !last && v > 255 || last && v >= 1<<(8*(5-len(parts))) {
			return 0, false
		}
		if last {
			return n<<(8*(5-len(parts))) | v, true
		}
		n = n<<8 | v
	}
	return 0, false
}

// Clean returns a full path without what Windows removes from it: . and .., doubled
// separators, dots and blanks at the end of names.
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
	return strings.Join(kept, `\`)
}

// links are the old names that Windows gives to folders as links, since Vista: in the
// root, in the folder of an account, and in that of programs. Sysnative is the name that
// 32-bit programs have for System32.
var links = [...]struct{ name, target string }{
	{`Users\All Users`, `ProgramData`},
	{`Users\Default User`, `Users\Default`},
	{`Documents and Settings\All Users\Application Data`, `ProgramData`},
	{`Documents and Settings\All Users`, `ProgramData`},
	{`Documents and Settings\Default User`, `Users\Default`},
	{`Documents and Settings`, `Users`},
	{`ProgramData\Application Data`, `ProgramData`},
	{`ProgramData\Start Menu`, `ProgramData\Microsoft\Windows\Start Menu`},
	{`ProgramData\Desktop`, `Users\Public\Desktop`},
	{`ProgramData\Documents`, `Users\Public\Documents`},
	{`Windows\Sysnative`, `Windows\System32`},
	{`Users\*\Application Data`, `AppData\Roaming`},
	{`Users\*\Local Settings\Application Data`, `AppData\Local`},
	{`Users\*\Local Settings`, `AppData\Local`},
	{`Users\*\AppData\Local\Application Data`, `AppData\Local`},
	{`Users\*\My Documents`, `Documents`},
	{`Users\*\Start Menu`, `AppData\Roaming\Microsoft\Windows\Start Menu`},
	{`Users\*\SendTo`, `AppData\Roaming\Microsoft\Windows\SendTo`},
	{`Users\*\Recent`, `AppData\Roaming\Microsoft\Windows\Recent`},
	{`Users\*\Templates`, `AppData\Roaming\Microsoft\Windows\Templates`},
}

// followed returns the path that a full path has behind the links of Windows, or "" if it
// leads over none.
func followed(p string) string {
	const most = 4 // a link may lead to another
	start := p
	for range most {
		next := p
		for _, l := range links {
			if next = followLink(p, l.name, l.target); next != p {
				break
			}
		}
		if next == p {
			break
		}
		p = next
	}
	if p == start {
		return ""
	}
	return p
}

func followLink(p, name, target string) string {
	if !winpath.HasDrive(p) {
		return p
	}
	root, rest := p[:3], p[3:]
	if profile, link, ok := strings.Cut(name, `*\`); ok {
		tail, ok := winpath.CutPrefix(rest, profile)
		_, below, found := strings.Cut(tail, `\`)
		if !ok || !found {
			return p
		}
		root, rest, name = root+rest[:len(rest)-len(below)], below, link
	}
	if tail, ok := winpath.CutPrefix(rest, name+`\`); ok {
		return root + target + `\` + tail
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
