package timeline

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/recyclebin"
)

func recycleNamed(name string) bool { return recyclebin.Named(name) }

// addRecycled reads an information file of the recycle bin. It is in the folder of the
// account that deleted the file, which is named by its SID.
func (t *Timeline) addRecycled(_ context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "recycle bin", Type: TypeRecycleBin, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := recyclebin.OpenFS(t.vol, artifact, recyclebin.WithName(path.Base(artifact)))
	if !c.opened(r, err) {
		return nil
	}
	defer r.Close()
	info := r.Info()
	c.Records = 1
	c.saw(info.Deleted)
	if info.Deleted.IsZero() {
		return nil
	}
	e := Event{
		Time: info.Deleted, Desc: "Content Deletion Time", Kind: FileRecycled, Data: info, Path: winpath.Normalize(t.opt.drive, info.Path),
		Source:  Source{Artifact: artifact, Record: path.Base(artifact), Offset: 0, Type: TypeRecycleBin},
		Message: fmt.Sprintf("%s was moved to the recycle bin, as %s", info.Path, path.Base(recyclebin.ContentName(artifact))),
		Fields:  []Field{{"Path", info.Path}, {"Size", fmt.Sprint(info.Size)}, {"Content", recyclebin.ContentName(artifact)}},
	}
	if account := path.Base(path.Dir(artifact)); strings.HasPrefix(account, "S-1-") {
		e.SID = account
		e.Message += " of " + account
	}
	t.sources = append(t.sources, readySource{FileRecycled, []Event{e}})
	return nil
}
