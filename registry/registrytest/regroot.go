package registrytest

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

const (
	hklm = "HKEY_LOCAL_MACHINE"
	hku  = "HKEY_USERS"
	hkcu = "HKEY_CURRENT_USER"
)

// predefined are the keys at the top of the registry, in full and short, and the keys to
// which Windows links them.
var predefined = []struct{ name, short, path string }{
	{hklm, "HKLM", hklm},
	{hku, "HKU", hku},
	{hkcu, "HKCU", hkcu},
	{"HKEY_CLASSES_ROOT", "HKCR", hklm + `\SOFTWARE\Classes`},
	{"HKEY_CURRENT_CONFIG", "HKCC", hklm + `\SYSTEM\CurrentControlSet\Hardware Profiles\Current`},
}

// inFull returns a path with its predefined key in full, and whether it has one.
func inFull(path string) (string, bool) {
	first, rest, more := strings.Cut(path, `\`)
	for _, p := range predefined {
		if winpath.SameName(first, p.name) || winpath.SameName(first, p.short) {
			if more {
				return p.path + `\` + rest, true
			}
			return p.path, true
		}
	}
	return path, false
}

// hiveOf returns the number of names that lead to the root of the hive in which Windows
// keeps a key, or 0 if the key is above all hives.
func hiveOf(names []string) int {
	classes := func(at int) bool {
		return len(names) >= at+2 && winpath.SameName(names[at], "Software") && winpath.SameName(names[at+1], "Classes")
	}
	switch {
	case names[0] == hkcu && classes(1):
		return 3
	case names[0] == hkcu:
		return 1
	case len(names) < 2:
		return 0
	case names[0] == hku && classes(2):
		return 4
	}
	return 2
}

// hiveFileName returns the name of the file of a hive as its base block has it, by the path
// of its root.
func hiveFileName(root string) string {
	names := strings.Split(root, `\`)
	last := names[len(names)-1]
	switch {
	case root == "":
		return ""
	case winpath.SameName(names[0], hklm):
		return `\SystemRoot\System32\Config\` + last
	case winpath.SameName(last, "Classes") || strings.HasSuffix(last, "_Classes"):
		return `\Microsoft\Windows\UsrClass.dat`
	case winpath.SameName(names[0], hkcu) || winpath.SameName(names[0], hku):
		return `\??\C:\Users\User\NTUSER.DAT`
	}
	return last
}

// below returns the names from the root of the hive to a key. The first key decides which
// hive that is, unless Root does.
func (p *regParser) below(path string) ([]string, error) {
	path = strings.TrimSuffix(path, `\`)
	if strings.HasPrefix(path, `\`) || path == "" { // as hivexregedit writes it
		return p.names(strings.TrimPrefix(path, `\`))
	}
	full, known := inFull(path)
	if p.root == "" {
		root, _ := inFull(strings.Trim(p.Root, `\`))
		if p.root = root; root == "" {
			names := strings.Split(full, `\`)
			n := 0
			if known {
				n = hiveOf(names)
			}
			if n == 0 {
				return nil, fmt.Errorf("want a key of a hive, such as %s\\SOFTWARE, got %s", hklm, short(path))
			}
			p.root = strings.Join(names[:n], `\`)
		}
	}
	rest, ok := winpath.CutPrefix(full, p.root)
	if !ok || rest != "" && rest[0] != '\\' {
		return nil, fmt.Errorf("want a key below %s, the root of the hive, got %s", p.root, short(path))
	}
	rest = strings.TrimPrefix(rest, `\`)
	if names := strings.Split(full, `\`); p.Root == "" && known && hiveOf(names) != len(strings.Split(p.root, `\`)) {
		return nil, fmt.Errorf("want a key of the hive %s, got %s, which is in another hive", p.root, short(path))
	}
	return p.names(rest)
}

// names splits a path below the root.
func (p *regParser) names(path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	if n := strings.Count(path, `\`) + 1; n > maxDepth {
		return nil, fmt.Errorf("want a key of at most %d levels, got %d", maxDepth, n)
	}
	names := strings.Split(path, `\`)
	for _, name := range names {
		if n := len(wtf8.Encode(name)); n == 0 || n > maxNameSize {
			return nil, fmt.Errorf("want names of 1 to %d characters in a key, got %s", maxNameSize/2, short(name))
		}
	}
	return names, nil
}
