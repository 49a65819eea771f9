package registry

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// values yields what the values of a key name.
func (a *autostarts) values(l *location, k *Key) {
	most := maxSameName * len(l.values)
	if l.values == nil || l.values[0] == exceptMark {
		most = math.MaxInt
	}
	for v, err := range k.Values() {
		switch {
		case a.stopped:
			return
		case err != nil:
			a.damaged(err)
		case !l.has(v.Name), l.form&all != 0 && a.emitted[v.Offset]:
		case most == 0:
			return
		default:
			most--
			a.read(l, k, v)
		}
	}
}

// maxSameName is how many values of one name in a key are read, of which Windows reads
// the first.
const maxSameName = 16

// read yields what a value names, by the reading of its location.
func (a *autostarts) read(l *location, k *Key, v *Value) {
	use := readings[l.read].use
	emit := func(f found) {
		if f.use == "" {
			f.use = use
		}
		if l.category == "com" {
			f.shadows = a.shadowed(k)
		}
		if f.path != "" || f.class != "" {
			a.emit(l, k, v, f)
		}
	}
	switch l.read { // by the name of the value, or by its bytes
	case libraryNames:
		emit(library(v.Name))
		return
	case shimNames:
		if v.Name != "" {
			emit(found{command: v.Name, path: `%SystemRoot%\AppPatch\Custom\` + v.Name})
		}
		return
	case classNames:
		if isClass(v.Name) {
			emit(a.server(v.Name))
		}
		return
	case packedItems:
		data, err := v.Data()
		a.damaged(err)
		path, _, _ := bytes.Cut(data[:min(len(data), packedPath)], []byte{0})
		emit(library(string(path)))
		return
	}
	list, err := v.Strings()
	a.damaged(err)
	if l.read == renames {
		a.renames(list, emit)
		return
	}
	for _, text := range a.split(l, list) {
		if a.stopped {
			return
		}
		a.readText(l, k, text, emit)
	}
}

// packedPath is the size of the path at the beginning of a WSAPROTOCOL_INFO in the
// Winsock catalog: MAX_PATH bytes in the code page of the system.
const packedPath = 260

// split returns the parts of a list that is written in one text.
func (a *autostarts) split(l *location, list []string) []string {
	if len(list) != 1 {
		return list
	}
	switch {
	case l.form&commas != 0:
		return splitAt(list[0], ",")
	case l.form&blanks != 0:
		return splitAt(list[0], ", \t")
	case l.form&semis != 0:
		return splitAt(list[0], ";")
	}
	return list
}

// readText calls emit with what a text names.
func (a *autostarts) readText(l *location, k *Key, text string, emit func(found)) {
	switch l.read {
	case programs:
		if f := program(text); a.all || f.path != "%1" { // which starts the file itself, as Windows does
			emit(f)
		}
	case natives:
		line, _ := winpath.CutPrefix(text, "autocheck ")
		emit(found{command: text, path: ExecutablePath(line)})
	case onceEx:
		emit(onceExCommand(text))
	case libraries, libraryLists, databases, folders, pages:
		emit(library(text))
	case startupFolders:
		if a.all || !isUsualStartup(text) {
			emit(library(text))
		}
	case definitions:
		if a.all || !isUsualDefinition(text) {
			emit(library(text))
		}
	case scripts:
		emit(a.script(k, text))
	case applications:
		line := strings.TrimSpace(quoted(text) + " " + a.textOf(k, "AppParameters"))
		emit(found{command: line, path: winpath.Unquote(strings.TrimSpace(text))})
	case excelOpens:
		emit(found{command: text, path: lastWord(text)})
	case assemblies:
		name, _, _ := strings.Cut(text, ",")
		emit(found{command: text, path: strings.TrimSpace(name)})
	case subsystems:
		emit(program(text))
		for word := range strings.FieldsSeq(text) {
			if dll, ok := winpath.CutPrefix(word, "ServerDll="); ok {
				dll, _, _ = strings.Cut(dll, ",")
				dll, _, _ = strings.Cut(dll, ":")
				emit(found{command: word, path: dll, use: Loads})
			}
		}
	case classValues:
		emit(a.server(text))
	case progIDs:
		emit(a.opens(k.Name, text))
	case driverNames:
		emit(found{command: text, path: a.driverPath(text)})
	case driverFiles:
		emit(found{command: text, path: driverFolder + text})
	case providerNames:
		path := a.textOf(a.at(join(a.base, `Services\`+text+`\NetworkProvider`)).key, "ProviderPath")
		if path == "" {
			path = text
		}
		emit(found{command: text, path: path})
	}
}

// key yields what a key as a whole names.
func (a *autostarts) key(l *location, k *Key) {
	if l.read == serviceKeys {
		a.service(k)
		return
	}
	if l.read == classValuesOrKeys {
		v := a.value(k, "")
		switch class := a.textOf(k, ""); {
		case class != "" && (isClass(class) || !isClass(k.Name)):
			a.emit(l, k, v, a.server(class))
		case isClass(k.Name):
			a.emit(l, k, v, a.server(k.Name))
		}
		return
	}
	if manifest := a.textOf(k, "Manifest"); manifest != "" && l.category == "office" {
		a.emit(l, k, nil, found{command: manifest, path: strings.TrimSuffix(manifest, "|vstolocal"), use: Loads, class: k.Name})
		return
	}
	a.emit(l, k, nil, a.server(k.Name))
}

// onceExCommand reads a value of RunOnceEx: ||command, DLL|function|arguments, or a
// command line.
func onceExCommand(text string) found {
	file, rest, ok := strings.Cut(text, "|")
	switch {
	case !ok:
		return program(text)
	case file != "":
		return found{command: text, path: winpath.Unquote(file), use: Loads}
	}
	return found{command: text, path: ExecutablePath(strings.TrimLeft(rest, "|"))}
}

// renames reads the pairs of PendingFileRenameOperations.
func (a *autostarts) renames(list []string, emit func(found)) {
	for i := 0; i < len(list) && !a.stopped; i += 2 {
		from, to := list[i], ""
		if i+1 < len(list) {
			to = list[i+1]
		}
		f := found{command: from, path: kernelPath(from), use: Deletes}
		if to != "" {
			f.command, f.use, f.movedTo = from+" -> "+to, Moves, kernelPath(to)
		}
		emit(f)
	}
}

// kernelPath returns a path of PendingFileRenameOperations as programs write it.
func kernelPath(path string) string {
	path = strings.TrimLeft(path, "*0123456789!")
	rest, ok := winpath.CutPrefix(path, `\??\`)
	if ok && winpath.HasDrive(rest) {
		return rest
	}
	return path
}

// script returns a script of a group policy with its arguments. A relative path is below the
// folder of the policy.
func (a *autostarts) script(k *Key, name string) found {
	f := found{command: strings.TrimSpace(quoted(name) + " " + a.textOf(k, "Parameters")), path: winpath.Unquote(name)}
	if !strings.Contains(name, ":") && !strings.HasPrefix(name, `\`) && !strings.HasPrefix(name, "%") && k.parent != nil && k.parent.parent != nil {
		if folder := a.textOf(k.parent, "FileSysPath"); folder != "" {
			f.path = folder + `\Scripts\` + k.parent.parent.Name + `\` + name
		}
	}
	return f
}

// driverPath returns the path of the file of a driver in the same control set.
func (a *autostarts) driverPath(name string) string {
	if path := ExecutablePath(a.textOf(a.at(join(a.base, `Services\`+name)).key, "ImagePath")); path != "" {
		return path
	}
	return driverFolder + name + ".sys"
}

// quoted returns a path in quotes if it has blanks, as a command line needs it.
func quoted(path string) string {
	if strings.Contains(path, " ") && !strings.HasPrefix(path, `"`) {
		return `"` + path + `"`
	}
	return path
}

// lastWord returns the last word of a line with quotes.
func lastWord(line string) string {
	words := splitAt(line, " ")
	if len(words) == 0 {
		return ""
	}
	return winpath.Unquote(words[len(words)-1])
}

// usualStartups are the startup folders of Windows as the registry has them.
var usualStartups = [...]string{
	`%ProgramData%\Microsoft\Windows\Start Menu\Programs\Startup`, `%ALLUSERSPROFILE%\Microsoft\Windows\Start Menu\Programs\Startup`,
	`%ALLUSERSPROFILE%\Start Menu\Programs\Startup`, `%USERPROFILE%\Start Menu\Programs\Startup`,
	`%APPDATA%\Microsoft\Windows\Start Menu\Programs\Startup`, `%USERPROFILE%\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup`,
	`C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Startup`, `C:\Users\*\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup`,
	`C:\Documents and Settings\*\Start Menu\Programs\Startup`,
	`C:\Windows\system32\config\systemprofile\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup`,
	`C:\Windows\ServiceProfiles\*\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup`,
}

// isUsualStartup reports whether a path is that of a startup folder of Windows.
func isUsualStartup(path string) bool {
	return slices.ContainsFunc(usualStartups[:], func(usual string) bool {
		before, after, any := strings.Cut(usual, "*")
		if !any {
			return winpath.Same(path, usual)
		}
		rest, ok := winpath.CutPrefix(path, before)
		i := strings.IndexByte(rest, '\\')
		return ok && i > 0 && winpath.Same(rest[i:], after)
	})
}

// isUsualDefinition reports whether a path is below the folder of Windows' own MOF files.
func isUsualDefinition(path string) bool {
	for _, folder := range [...]string{`%windir%\system32\wbem\`, `%SystemRoot%\system32\wbem\`, `C:\Windows\system32\wbem\`} {
		if _, ok := winpath.CutPrefix(path, folder); ok {
			return !strings.Contains(path, "..")
		}
	}
	return false
}
