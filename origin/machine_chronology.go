package origin

import "github.com/birthmark-dfir/birthmark/mft"

// timestomp scores the times of the subject with all evidence there is.
func (q *inquiry) timestomp() mft.Timestomp {
	if q.rec == nil || q.tl == nil {
		return mft.Timestomp{}
	}
	e := mft.TimestompEvidence{Chronology: q.order.of(q.tl.MFT()), Index: q.tl.inIndex(q.rec), Born: q.bornAt(), Logged: q.loggedBornAt()}
	if b := q.birth(); b != nil && len(b.set) > 0 {
		e.Set = b.set[0].Time
	}
	for _, s := range q.setBackTo() {
		e.SetBack = s.Old
	}
	if q.content != nil && q.content.image != nil && !q.content.image.Reproducible {
		e.Linked = q.content.image.LinkTime
	}
	return q.tl.MFT().TimestompWith(q.rec, e)
}

// inIndex returns the name of a file in the index of its folder, or nil if the evidence does
// not hold that.
func (v *volumes) inIndex(rec *mft.Record) *mft.FileName {
	vol, ok := v.vol.(*mft.Volume)
	fn, named := rec.FileName()
	if !ok || !named || !rec.InUse() {
		return nil
	}
	folder, err := vol.MFT().Record(fn.Parent.Entry)
	if err != nil || folder.Ref != fn.Parent {
		return nil
	}
	for ref, entry := range vol.IndexNames(folder) {
		if ref == rec.Ref && entry.Name == fn.Name {
			return &entry
		}
	}
	return nil
}
