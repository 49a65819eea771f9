package timeline

import (
	"context"
	"fmt"
	"path"
	"slices"

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
			Time: entry.Time, Desc: "Last Time Executed", Kind: ProgramRan, Data: &entry, Path: winpath.Normalize(t.opt.drive, knownFolder(entry.Path)),
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
