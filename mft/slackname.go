package mft

// SlackName is a $FILE_NAME in the slack of a record: behind its last attribute. It proves
// that a file whose record was at this entry had that name in that folder, and its times
// then. That may be the file of the record before it was renamed or moved, or a file that
// had the entry before: nothing in the slack says which. The allocated size, the size and
// the attributes are those of the last time that the name was set.
type SlackName struct {
	FileName
	Record Ref  // the record whose slack it is in: the base or an extension
	Whole  bool // the header of the attribute is there and fits; else only the value is
}

// SlackNames returns the $FILE_NAMEs in the slack of a record and of its extension records,
// in the order of their places. Index entries, which the slack of a folder may hold too, are
// among [Reader.IndexEntries].
func (r *Record) SlackNames() []SlackName {
	if r == nil {
		return nil
	}
	var list []SlackName
	r.eachSlack(func(s recordSlack, x remain) {
		if x.indexed || x.lost > 0 || !x.named && r.isFolder(x.folder()) {
			return
		}
		n := SlackName{Record: s.record, Whole: x.named}
		if n.FileName.decode(x.key, s.offset+int64(x.off)) == nil {
			list = append(list, n)
		}
	})
	return list
}

// eachSlack calls found for each $FILE_NAME in the slack of r's records.
func (r *Record) eachSlack(found func(recordSlack, remain)) {
	each := func(s recordSlack) {
		carveNames(s.b, int(s.offset&7), func(x remain) { found(s, x) })
	}
	each(r.slack)
	for _, s := range r.extSlack {
		each(s)
	}
}

// isFolder reports whether a reference to a folder refers to this one.
func (r *Record) isFolder(ref Ref) bool {
	return r.IsDir() && ref.Entry == r.Entry && r.header().is(ref.Seq)
}
