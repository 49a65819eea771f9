package timeline

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/pca"
)

const pcaFolder = "Windows/appcompat/pca"

func pcaNamed(name string) bool { return pca.Named(name) }

// addPCA reads a file of the Program Compatibility Assistant.
func (t *Timeline) addPCA(_ context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "Program Compatibility Assistant", Type: TypePCA, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := pca.OpenFS(t.vol, artifact, pca.WithName(path.Base(artifact)))
	if err != nil {
		c.State = Damaged
		c.damaged(err)
		return nil
	}
	defer r.Close()
	var events []Event
	for entry, err := range r.Entries() {
		if err != nil {
			c.State = Partly
			c.damaged(err)
			continue
		}
		c.Records++
		c.saw(entry.Time)
		e := Event{
			Time: entry.Time, Desc: "Last Time Executed", Kind: ProgramRan, Data: &entry, Path: winpath.Normalize(t.opt.drive, t.pcaPath(entry.Path)),
			Source:  Source{Artifact: artifact, Record: fmt.Sprint("line ", entry.Line), Offset: entry.Offset, Type: TypePCA},
			Message: entry.Path + " was started by way of the shell for the last time",
			Fields:  []Field{{"Path", entry.Path}},
		}
		if entry.General {
			e.Desc, e.Message = "Event Time", entry.Path+" ran: "+entry.Message
			e.Fields = append(e.Fields, Field{"Status", entry.Status}, Field{"Name", entry.Name}, Field{"Publisher", entry.Publisher},
				Field{"Version", entry.Version}, Field{"ProgramId", entry.ProgramID}, Field{"Message", entry.Message})
		}
		events = append(events, e)
	}
	slices.SortStableFunc(events, func(a, b Event) int { return a.Time.Compare(b.Time) })
	t.sources = append(t.sources, readySource{ProgramRan, events})
	return nil
}

// pcaVariables are the variables with which paths of PcaGeneralDb begin, and their folders on
// a machine that has them in the usual places: * is a profile.
var pcaVariables = [...]struct {
	name    string
	folders []string // slash-separated
}{
	{"%programfiles%", []string{"Program Files", "Program Files (x86)"}},
	{"%programfiles(x86)%", []string{"Program Files (x86)"}},
	{"%programw6432%", []string{"Program Files"}},
	{"%commonprogramfiles%", []string{"Program Files/Common Files", "Program Files (x86)/Common Files"}},
	{"%commonprogramfiles(x86)%", []string{"Program Files (x86)/Common Files"}},
	{"%programdata%", []string{"ProgramData"}},
	{"%allusersprofile%", []string{"ProgramData"}},
	{"%public%", []string{"Users/Public"}},
	{"%userprofile%", []string{"Users/*"}},
	{"%appdata%", []string{"Users/*/AppData/Roaming"}},
	{"%localappdata%", []string{"Users/*/AppData/Local"}},
	{"%temp%", []string{"Users/*/AppData/Local/Temp"}},
}

// pcaPath returns a path of the Program Compatibility Assistant as other records have it. It
// may lack the drive, which is that of Windows, or begin with a variable: of its folders that
// is taken which has the program. The account of a variable is not recorded, and is known if
// one profile alone has the program.
func (t *Timeline) pcaPath(p string) string {
	if strings.HasPrefix(p, `\`) && !strings.HasPrefix(p, `\\`) && winpath.Normalize("C", p) == p {
		return "%SystemDrive%" + p
	}
	for _, v := range pcaVariables {
		rest, ok := winpath.CutPrefix(p, v.name)
		if !ok || !strings.HasPrefix(rest, `\`) {
			continue
		}
		var there []string
		for _, folder := range v.folders {
			for _, dir := range foldersBelow(t.vol, strings.Split(folder, "/")) {
				if name, ok := FindFile(t.vol, dir+strings.ReplaceAll(rest, `\`, "/")); ok {
					there = append(there, name)
				}
			}
		}
		ofUser := strings.Contains(v.folders[0], "*")
		switch {
		case len(there) == 1, len(there) > 1 && !ofUser:
			return `%SystemDrive%\` + strings.ReplaceAll(there[0], "/", `\`)
		case !ofUser:
			return `%SystemDrive%\` + strings.ReplaceAll(v.folders[0], "/", `\`) + rest
		}
		return p
	}
	return knownFolder(p)
}
