package origin

import (
	"cmp"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// oldNames returns the names in slack that were the subject's, in the order of the last
// change that each of them has: entries of indexes with its file reference, and names in
// the slack of its own record. A deleted file is known by the reference that it had.
//
// Short names, which Windows makes up, are left out, and so is what cannot be of this
// volume or of that folder, such as what an earlier volume left in the same clusters.
func (q *inquiry) oldNames() (list []oldName) {
	switch {
	case q.rec == nil || q.tl == nil || q.tl.MFT().Len() == 0:
		return nil
	case q.inSlack != nil:
		return *q.inSlack
	}
	former := q.tl.FormerNames()
	ref := existedAs(q.rec)
	add := func(fn *mft.FileName, file bool, at timeline.Source, pairs ...any) {
		p := q.tl.MFT().NamePath(fn)
		known := slices.ContainsFunc(list, func(o oldName) bool { return o.cited.Artifact == at.Artifact && o.cited.Offset == at.Offset })
		if known || fn.Namespace == mft.NamespaceDOS || !q.ofThisVolume(fn) {
			return
		}
		cited := Citation{Artifact: at.Artifact, Record: at.Record, Offset: at.Offset, Time: fn.Created,
			Text: values(append(pairs, "name", fn.Name, "ParentReference", fn.Parent, "created", fn.Created, "modified", fn.Modified, "changed", fn.Changed)...)}
		list = append(list, oldName{fn, winpath.Windows(q.drive, p.String()), !p.Orphan, file, cited})
	}
	for _, from := range [...]*timeline.FormerNames{former, q.folderSlack()} {
		for i := range from.Entries {
			if e := &from.Entries[i]; e.State == mft.EntryWhole && e.File == ref {
				add(&e.FileName, false, from.EntrySource(e), "FileReference", e.File)
			}
		}
	}
	for i := range former.Names {
		if n := &former.Names[i]; n.Record == q.rec.Ref && q.ownsName(n) {
			add(&n.FileName, true, former.NameSource(n), "slack of", n.Record)
		}
	}
	slices.SortStableFunc(list, func(a, b oldName) int { return a.Changed.Compare(b.Changed) })
	q.inSlack = &list
	return list
}

// folderSlack returns the entries in the slack of the subject's folder, also those whose
// name the folder still has.
func (q *inquiry) folderSlack() *timeline.FormerNames {
	fn, ok := q.rec.FileName()
	if !ok {
		return q.tl.SlackOf(nil)
	}
	folder, err := q.tl.MFT().Record(fn.Parent.Entry)
	if err != nil || existedAs(folder) != fn.Parent {
		return q.tl.SlackOf(nil)
	}
	return q.tl.SlackOf(folder)
}

// ownsName reports whether a name in the slack of the subject's record was the subject's: no
// other file had the entry, or the file of the name was created with it.
func (q *inquiry) ownsName(n *mft.SlackName) bool {
	if existedAs(q.rec).Seq == 1 {
		return true
	}
	own, ok := q.rec.FileName()
	return ok && !n.Created.IsZero() && n.Created.Equal(own.Created)
}

// ofThisVolume reports whether a name in slack can be that of a file which the volume had in
// that folder: Windows changed the file when it came there, so not before the folder was
// made.
func (q *inquiry) ofThisVolume(fn *mft.FileName) bool {
	last := fn.Changed
	if last.IsZero() {
		last = fn.Created
	}
	if folder, err := q.tl.MFT().Record(fn.Parent.Entry); err == nil && existedAs(folder) == fn.Parent {
		if made, ok := folder.FileName(); ok && last.Before(made.Created.Add(-clockSkew)) {
			return false
		}
	}
	table, err := q.tl.MFT().Record(0)
	if err != nil {
		return true
	}
	made, ok := table.FileName()
	return !ok || !last.Before(made.Created.Add(-clockSkew))
}

// isPresentName reports whether a name is one that the subject has now.
func (q *inquiry) isPresentName(fn *mft.FileName) bool {
	return slices.ContainsFunc(q.rec.FileNames, func(own mft.FileName) bool {
		return own.Parent == fn.Parent && winpath.Same(own.Name, fn.Name)
	})
}

// otherCreated returns the name in slack that has the earliest creation time which the
// subject had before it was set, or nil: that of a $FILE_NAME if there is one, because no
// program sets it, else that of the entry with the oldest change.
func (q *inquiry) otherCreated() *oldName {
	si := q.rec.StandardInformation
	if !si.Present {
		return nil
	}
	var found *oldName
	list := q.oldNames()
	for i := range list {
		n := &list[i]
		if n.Created.IsZero() || near(n.Created, si.Created) {
			continue
		}
		if found == nil || n.file && !found.file {
			found = n
		}
	}
	return found
}

// slackBeside are the names that the slack of the subject's folders has of files that were
// created near it and are not there any more.
func (q *inquiry) slackBeside(created time.Time) (files []besideFile) {
	if q.rec == nil || q.tl == nil || created.IsZero() || q.tl.MFT().Len() == 0 {
		return nil
	}
	former := q.tl.FormerNames()
	folders := map[mft.Ref]bool{}
	for i := range q.rec.FileNames {
		folders[q.rec.FileNames[i].Parent] = true
	}
	own := map[string]bool{} // by path
	for _, n := range q.oldNames() {
		folders[n.Parent] = true
		own[winpath.Fold(n.path)] = true
	}
	for i := range former.Entries {
		e := &former.Entries[i]
		if !folders[e.Parent] || e.State == mft.EntryNoFolder || e.File == existedAs(q.rec) || e.Namespace == mft.NamespaceDOS || e.Attributes&mft.FileHasI30Index != 0 ||
			e.Created.IsZero() || e.Created.Sub(created).Abs() > besideSpan || !q.ofThisVolume(&e.FileName) {
			continue
		}
		path := former.Path(&e.FileName)
		if own[winpath.Fold(path)] || len(files) >= maxBeside {
			continue
		}
		own[winpath.Fold(path)] = true
		at := former.EntrySource(e)
		f := besideFile{path: path, role: q.roleOf(path), gone: "only in the slack of the folder's index",
			cited: []Citation{{Artifact: at.Artifact, Record: at.Record, Offset: at.Offset, Time: e.Created,
				Text: values("name", e.Name, "FileReference", e.File, "ParentReference", e.Parent, "created", e.Created, "state", e.State)}}}
		if !e.File.IsZero() {
			if rec, err := q.tl.MFT().Record(e.File.Entry); err == nil && rec.InUse() && rec.Ref == e.File {
				f.gone = "now " + cmp.Or(winpath.Windows(q.drive, q.tl.MFT().Path(rec).String()), "elsewhere")
				f.cited = append(f.cited, q.citeRecord(rec, rec.Offset, rec.StandardInformation.Created, "path", q.tl.MFT().Path(rec)))
			}
		}
		files = append(files, f)
	}
	return files
}
