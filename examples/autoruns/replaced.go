package main

import (
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/masquerade"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// printFolders are the folders of print processors, by the names of the environments that
// the registry has them for.
var printFolders = map[string]string{`\WINDOWS X64\`: "x64", `\WINDOWS NT X86\`: "w32x86", `\WINDOWS ARM64\`: "arm64"}

// noteReplaced notes in the rows of screensavers and of libraries of the print spooler of
// Windows that another file is in the place of the one that they name, by what its version
// information says.
func noteReplaced(vol *evidence.Volume, rows []row) {
	for i := range rows {
		r := &rows[i]
		if r.from.vol != vol || r.Shadows != "" {
			continue
		}
		for _, own := range masquerade.Replaceable(r.Category, winpath.Normalize("C", r.Path)) {
			if !ofEnvironment(r.Location, own) {
				continue
			}
			at, ok := timeline.FindFile(vol.FS, path.Join("Windows", strings.ReplaceAll(own, `\`, "/")))
			if !ok {
				continue
			}
			if why := replaces(vol, at); why != "" {
				r.Shadows = winpath.Base(own) + " of Windows, and " + why
				break
			}
		}
	}
}

// ofEnvironment reports whether a file is of the environment of a print processor, if its
// location names one.
func ofEnvironment(location, file string) bool {
	for name, folder := range printFolders {
		if strings.Contains(winpath.FoldName(location), name) {
			return !strings.Contains(file, `\prtprocs\`) || strings.Contains(file, `\prtprocs\`+folder+`\`)
		}
	}
	return !strings.Contains(file, `\prtprocs\`)
}
