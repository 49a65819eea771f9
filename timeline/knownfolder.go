package timeline

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// knownFolders are the folders that UserAssist names by their KNOWNFOLDERID, on a machine
// that has them in their usual places. Those of the user depend on the profile.
var knownFolders = [...]struct{ id, path string }{
	{"{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}", `%SystemRoot%\System32`},
	{"{D65231B0-B2F1-4857-A4CE-A8E7C6EA7D27}", `%SystemRoot%\SysWOW64`},
	{"{F38BF404-1D43-42F2-9305-67DE0B28FC23}", `%SystemRoot%`},
	{"{905E63B6-C1BF-494E-B29C-65B732D3D21A}", `%SystemDrive%\Program Files`},
	{"{6D809377-6AF0-444B-8957-A3773F02200E}", `%SystemDrive%\Program Files`},
	{"{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}", `%SystemDrive%\Program Files (x86)`},
	{"{62AB5D82-FDC1-4DC3-A9DD-070D1D495D97}", `%SystemDrive%\ProgramData`},
}

// ranBy are what Windows XP and Vista write before the name of a program, by how it was
// started: by its path, as an item such as a link, or as one of the control panel.
var ranBy = [...]string{"UEME_RUNPATH", "UEME_RUNPIDL", "UEME_RUNCPL"}

// knownName returns a name in UserAssist without how it was started.
func knownName(name string) string {
	for _, by := range ranBy {
		name = strings.TrimPrefix(name, by+":")
	}
	return name
}

// knownFolder returns a name in UserAssist as a path, if it is one.
func knownFolder(name string) string {
	name = knownName(name)
	for _, f := range knownFolders {
		if rest, ok := winpath.CutPrefix(name, f.id); ok && strings.HasPrefix(rest, `\`) {
			return f.path + rest
		}
	}
	return name
}
