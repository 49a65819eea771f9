package registry

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// AutostartCategory returns the category that Autostarts gives to a registry
// value, or "" for a value that does not make Windows run anything. The key is
// written from the root, as in logs: HKLM\SOFTWARE\…, HKU\SID\…,
// \REGISTRY\MACHINE\…. Case is ignored.
func AutostartCategory(key, value string) string {
	in, path := splitRoot(strings.Split(winpath.FoldName(key), `\`))
	if in == system && len(path) > 1 && path[0] == "SERVICES" {
		return serviceCategory(path[2:], value)
	}
	for _, l := range locations {
		if l.in&in == 0 || l.values != nil && !slices.ContainsFunc(l.values, func(v string) bool { return winpath.SameName(v, value) }) {
			continue
		}
		below := path
		if l.in&in == machine || l.in&in == user { // below Software, in either view
			if len(below) == 0 || below[0] != "SOFTWARE" {
				continue
			}
			if below = below[1:]; len(below) > 0 && below[0] == "WOW6432NODE" {
				below = below[1:]
			}
		}
		if matches(strings.Split(winpath.FoldName(l.path), `\`), below) {
			return l.category
		}
	}
	return ""
}

// splitRoot returns the hives that may hold a path below the registry's root,
// and the rest of the path: below the control set for a SYSTEM hive, otherwise
// below the root of the machine or the user.
func splitRoot(path []string) (hives, []string) {
	if len(path) > 1 && path[0] == "" && path[1] == "REGISTRY" {
		path = path[2:]
	}
	if len(path) < 2 {
		return 0, nil
	}
	switch path[0] {
	case "HKLM", "HKEY_LOCAL_MACHINE", "MACHINE":
		if path[1] == "SYSTEM" && len(path) > 2 && (path[2] == "CURRENTCONTROLSET" || strings.HasPrefix(path[2], "CONTROLSET")) {
			return system, path[3:]
		}
		return machine, path[1:]
	case "HKU", "HKEY_USERS", "USER":
		return user | profile, path[2:]
	case "HKCU", "HKEY_CURRENT_USER":
		return user | profile, path[1:]
	}
	return 0, nil
}

// serviceCategory returns the category of a value below the key of a service.
func serviceCategory(below []string, value string) string {
	switch {
	case len(below) == 0 && (winpath.SameName(value, "ImagePath") || winpath.SameName(value, "FailureCommand")),
		len(below) <= 1 && winpath.SameName(value, "ServiceDll") && (len(below) == 0 || below[0] == "PARAMETERS"):
		return "service"
	}
	return ""
}

// matches compares a path with the pattern of a location, in which * matches any
// one key.
func matches(pattern, path []string) bool {
	return slices.EqualFunc(pattern, path, func(p, key string) bool { return p == "*" || p == key })
}
