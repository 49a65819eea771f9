package origin

import (
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
)

// maxBeside bounds how many files are followed.
const maxBeside = 1000

// besideFile is a file that the change journal has near the subject.
type besideFile struct {
	path    string // the last one that is known
	cited   []Citation
	deleted usnjrnl.Record // zero if the journal does not have it
}

// foundBeside returns the files that were created in the first folder of the subject near its
// creation.
func (q *inquiry) foundBeside() []besideFile {
	b := q.birth()
	if b == nil || q.bornAt().IsZero() {
		return nil
	}
	type followed struct {
		created, last, deleted usnjrnl.Record // last has the latest name
	}
	var list []followed
	at := map[usnjrnl.FileID]int{}
	for rec, err := range q.journal().Records() {
		if err != nil || rec.Major == 4 || rec.IsDir() || rec.File == b.created.File {
			continue
		}
		i, is := at[rec.File]
		switch {
		case is && rec.Reason&usnjrnl.FileDelete != 0:
			list[i].deleted = rec
			delete(at, rec.File)
		case is && rec.Reason&usnjrnl.RenameNewName != 0:
			list[i].last = rec
		case !is && rec.Reason == usnjrnl.FileCreate && rec.Parent == b.created.Parent && rec.Time.Sub(b.created.Time).Abs() <= besideSpan && len(list) < maxBeside:
			at[rec.File] = len(list)
			list = append(list, followed{created: rec, last: rec})
		}
	}
	var files []besideFile
	for i := range list {
		l := &list[i]
		f := besideFile{cited: []Citation{q.citeChange(&l.created)}, deleted: l.deleted}
		f.path, _ = q.pathAt(&l.last)
		if l.last.USN != l.created.USN {
			f.cited = append(f.cited, q.citeChange(&l.last))
		}
		if l.deleted.Size > 0 {
			f.cited = append(f.cited, q.citeChange(&l.deleted))
		}
		files = append(files, f)
	}
	return slices.Clip(files)
}

// isFormer reports whether a path is one that the subject had.
func (q *inquiry) isFormer(path string) bool {
	b := q.birth()
	if b == nil {
		return false
	}
	places, _ := q.placesOf(b)
	return slices.ContainsFunc(places, func(p journalPlace) bool { return winpath.Same(p.path, path) })
}
