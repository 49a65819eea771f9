package origin

import (
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
)

// loggedBeside returns the files that the transaction log has beside the subject and that
// are gone: those that were created in one of its folders near its creation and deleted
// afterwards, and those that had to do with it and were deleted afterwards.
func (q *inquiry) loggedBeside(created time.Time) (files []besideFile) {
	if q.rec == nil || created.IsZero() {
		return nil
	}
	own := existedAs(q.rec)
	folders := map[mft.Ref]bool{}
	for i := range q.rec.FileNames {
		folders[q.rec.FileNames[i].Parent] = true
	}
	if b := q.loggedBirth(); b != nil && b.created != nil && b.created.Name != nil {
		folders[b.created.Name.Parent] = true
	}
	for _, log := range q.logged().logs {
		births := map[mft.Ref]operation{}
		for i := range log.Kept {
			o := operation{log, &log.Kept[i]}
			ref, known := log.Paths.File(o.Event)
			if !known || ref == own || !o.happened() {
				continue
			}
			switch {
			case o.Kind == logfile.Created && !o.Dir && o.Name != nil && folders[o.Name.Parent] && len(births) < maxBeside:
				if at, inOrder := o.born(); inOrder && at.Sub(created).Abs() <= besideSpan {
					births[ref] = o
				}
			case o.Kind == logfile.Deleted && len(files) < maxBeside:
				path, known := q.loggedPath(log.Paths.Of(o.Event))
				f := besideFile{path: path, role: q.roleOf(path), cited: []Citation{q.citeOperation(&o, "path", path)}, gone: "deleted" + o.when() + ", according to the transaction log"}
				birth, near := births[ref]
				if near {
					f.cited = append([]Citation{q.citeOperation(&birth)}, f.cited...)
					if !known {
						f.path, _ = q.loggedPath(log.Paths.Of(birth.Event))
					}
				}
				if near || f.role != "" && o.within(created, created.Add(withSpan)) {
					files = append(files, f)
				}
			}
		}
	}
	return files
}

// within reports whether an operation is known to have happened in a span: the times that
// surround it are in it.
func (o operation) within(from, to time.Time) bool {
	after, before := o.between()
	return !after.IsZero() && !after.Before(from.Add(-clockSkew)) && !before.IsZero() && !before.After(to)
}
