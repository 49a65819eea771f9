package masquerade

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// replaceable are files of Windows that it starts or loads because of the registry, which
// names them on every machine: whoever puts another file in the place of one need not
// change the registry. A category is that of the autostart, and the folders are below that
// of Windows.
var replaceable = []struct {
	category string
	folders  []string
	names    []string
}{
	{"screensaver", []string{"System32", "SysWOW64"}, []string{
		"scrnsave.scr", "bubbles.scr", "mystify.scr", "ribbons.scr", "photoscreensaver.scr", "sstext3d.scr", "aurora.scr", "logon.scr", "ssbranded.scr",
		"ss3dfo.scr", "ssbezier.scr", "ssflwbox.scr", "ssmarque.scr", "ssmypics.scr", "ssmyst.scr", "sspipes.scr", "ssstars.scr"}},
	{"print-monitor", []string{"System32"}, []string{"localspl.dll", "tcpmon.dll", "usbmon.dll", "wsdmon.dll", "apmon.dll", "appmon.dll", "fxsmon.dll", "pjlmon.dll"}},
	{"print", []string{"System32"}, []string{"localspl.dll", "win32spl.dll", "inetpp.dll"}},
	{"print", []string{`System32\spool\prtprocs\x64`, `System32\spool\prtprocs\w32x86`, `System32\spool\prtprocs\arm64`}, []string{"winprint.dll"}},
}

// Replaceable returns the paths below the folder of Windows of its own files that an
// autostart of a category names: the path of the autostart is that of the file, with its
// drive, or its name alone.
func Replaceable(category, path string) (list []string) {
	name, folder := winpath.Base(path), winpath.Dir(path)
	for _, r := range replaceable {
		if r.category != category {
			continue
		}
		for _, own := range r.names {
			if !winpath.SameName(own, name) {
				continue
			}
			for _, f := range r.folders {
				if folder == "" || len(folder) > 2 && winpath.Same(folder[2:], `\Windows\`+f) {
					list = append(list, f+`\`+own)
				}
			}
		}
	}
	return list
}

// InPlace reports whether the file with a path is in the place of one of Windows that an
// autostart of a category names.
func InPlace(category, named, path string) bool {
	for _, own := range Replaceable(category, named) {
		if len(path) > 2 && winpath.Same(path[2:], `\Windows\`+own) {
			return true
		}
	}
	return false
}

// Replaces reports why a program is another than its name says, by its version information,
// or "": it is not Microsoft's, or it was built as another program of Windows. Whoever builds
// a program chooses what it says, so a program that claims to be the right one may be another
// as well. Some of Windows' own were built under names that nothing else has.
func Replaces(path, company, original string) string {
	switch {
	case !strings.Contains(company, "Microsoft"):
		return "it does not claim to be Microsoft's"
	case original == "":
		return ""
	}
	built := strings.TrimSuffix(strings.ToLower(original), ".mui")
	if of := byName[strings.ToLower(winpath.Base(path))]; of != nil && of == byName[built] {
		return ""
	}
	if known := byName[built]; known != nil && known.is(own) && !winpath.SameName(built, winpath.Base(path)) {
		return "it claims to have been built as " + original
	}
	return ""
}
