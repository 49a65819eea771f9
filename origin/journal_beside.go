package origin

import (
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
)

// maxBeside bounds how many files are followed.
const maxBeside = 1000

// besideFile is a file that the change journal has near the subject.
type besideFile struct {
	path    string // the last one that is known
	role    string // what it has to do with the subject; "" if it is only beside it
	cited   []Citation
	deleted usnjrnl.Record // zero if the journal does not have it
	gone    string         // where it is, or what shows that it is gone, if the journal does not; may be empty
}

// foundBeside returns the files that were created in the first folder of the subject near
// its creation, and those that had to do with it and were deleted afterwards.
func (q *inquiry) foundBeside() []besideFile {
	b := q.birth()
	if b == nil || q.bornAt().IsZero() {
		return nil
	}
	type followed struct {
		created, last, deleted usnjrnl.Record // last has the latest name
	}
	var list []followed
	var removed []besideFile
	at := map[usnjrnl.FileID]int{}
	for rec, err := range q.journal().Records() {
		if err != nil || rec.Major == 4 || rec.IsDir() || rec.File == b.created.File {
			continue
		}
		i, is := at[rec.File]
		switch since := rec.Time.Sub(b.created.Time); {
		case is && rec.Reason&usnjrnl.FileDelete != 0:
			list[i].deleted = rec
			delete(at, rec.File)
		case is && rec.Reason&usnjrnl.RenameNewName != 0:
			list[i].last = rec
		case !is && rec.Reason == usnjrnl.FileCreate && rec.Parent == b.created.Parent && since.Abs() <= besideSpan && len(list) < maxBeside:
			at[rec.File] = len(list)
			list = append(list, followed{created: rec, last: rec})
		case !is && rec.Reason&usnjrnl.FileDelete != 0 && rec.Reason&usnjrnl.Close != 0 && since >= 0 && since <= withSpan && len(removed) < maxBeside:
			file, _ := q.pathAt(&rec)
			if role := q.roleOf(file); role != "" {
				removed = append(removed, besideFile{path: file, role: role, cited: []Citation{q.citeChange(&rec)}, deleted: rec})
			}
		}
	}
	var files []besideFile
	for i := range list {
		l := &list[i]
		f := besideFile{cited: []Citation{q.citeChange(&l.created)}, deleted: l.deleted}
		f.path, _ = q.pathAt(&l.last)
		f.role = q.roleOf(f.path)
		if l.last.USN != l.created.USN {
			f.cited = append(f.cited, q.citeChange(&l.last))
		}
		if l.deleted.Size > 0 {
			f.cited = append(f.cited, q.citeChange(&l.deleted))
		}
		files = append(files, f)
	}
	return append(files, removed...)
}

// roleOf returns what a file has to do with the subject, or "".
func (q *inquiry) roleOf(file string) string {
	if p := q.writer; p != nil {
		switch {
		case winpath.Same(file, p.image):
			return "the program that wrote it"
		case p.parentImage != "" && winpath.Same(file, p.parentImage):
			return "the program that started its writer"
		case namesFile(p.commandLine, file):
			return "named in its writer's command line"
		}
	}
	if name := winpath.Base(file); isArchiveName(name) && winpath.Same(stem(name), stem(winpath.Base(q.path))) {
		return "an archive of its name"
	}
	return ""
}

// archiveNames are the extensions of archives, in the order of the alphabet.
var archiveNames = [...]string{".7z", ".cab", ".gz", ".img", ".iso", ".rar", ".tar", ".tgz", ".zip"}

func isArchiveName(name string) bool {
	_, is := slices.BinarySearch(archiveNames[:], strings.ToLower(path.Ext(name)))
	return is
}

// stem is a name without its extension.
func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// isFormer reports whether a path is one that the subject had, according to the change
// journal or the transaction log.
func (q *inquiry) isFormer(file string) bool {
	if b := q.loggedBirth(); b != nil {
		places, _ := q.loggedPlaces(b)
		if slices.ContainsFunc(places, func(p formerPlace) bool { return winpath.Same(p.path, file) }) {
			return true
		}
	}
	return q.inJournal(file)
}

// inJournal reports whether the change journal has a path as one of the subject's.
func (q *inquiry) inJournal(file string) bool {
	b := q.birth()
	if b == nil {
		return false
	}
	places, _ := q.placesOf(b)
	return slices.ContainsFunc(places, func(p journalPlace) bool { return winpath.Same(p.path, file) })
}
