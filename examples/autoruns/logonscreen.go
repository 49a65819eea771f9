package main

import (
	"io/fs"
	"path"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/masquerade"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// replacedRows returns the rows of programs that are in the place of those that the logon
// screen starts, such as a shell with the name sethc.exe, by what their version information
// says.
func replacedRows(vol *evidence.Volume) []row {
	var rows []row
	for _, name := range masquerade.LogonScreenNames() {
		at, ok := timeline.FindFile(vol.FS, path.Join("Windows", masquerade.LogonScreenFolder, name))
		if !ok {
			continue
		}
		why := replaces(vol, at)
		if why == "" {
			continue
		}
		full := vol.WindowsPath(at)
		rows = append(rows, row{
			Category: "logon-screen", Location: winpath.Dir(full), Name: name, Command: full, Path: full, Use: string(registry.Runs), Enabled: true,
			Hive: full, Offset: -1, Account: "LocalSystem", Triggers: masquerade.LogonScreen(winpath.Normalize("C", full)),
			Shadows: name + " of Windows, and " + why, from: source{vol: vol},
		})
	}
	return rows
}

// replaces returns why the program with a path in a volume is another than its name says,
// by its version information, or "".
func replaces(vol *evidence.Volume, at string) string {
	st, err := fs.Stat(vol.FS, at)
	if err != nil || !st.Mode().IsRegular() {
		return ""
	}
	f, err := pe.OpenFS(vol.FS, at)
	if err != nil {
		return "" // the loader does not start it either
	}
	defer f.Close()
	return masquerade.Replaces(vol.WindowsPath(at), f.Version.CompanyName, f.Version.OriginalFilename)
}
