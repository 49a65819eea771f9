package origin

import (
	"iter"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

const (
	// besideSpan is how far from the subject's creation that of a companion may be if
	// only the $MFT records it.
	besideSpan = 2 * time.Minute
	// withSpan is how far from the subject's creation its writer may have written a
	// companion.
	withSpan = 10 * time.Minute
	// neighbours is how many entries before the subject's are compared with it, out
	// of at most neighbourReach.
	neighbours     = 4
	neighbourReach = 64
)

// lookAround finds the files beside the subject.
func (q *inquiry) lookAround(created time.Time) vicinity {
	var v vicinity
	if q.rec == nil || q.tl == nil || q.tl.MFT().Len() == 0 || created.IsZero() {
		return v
	}
	table := q.tl.MFT()
	for entry := q.rec.Entry; entry > firstUserEntry && len(v.before) < neighbours && q.rec.Entry-entry < neighbourReach; {
		entry--
		rec, err := table.Record(entry)
		if err == nil && rec.InUse() && rec.Seq == 1 && len(rec.FileNames) > 0 && rec.Base.IsZero() {
			v.before = append(v.before, rec)
		}
	}
	fn, ok := q.rec.FileName()
	if !ok {
		return v
	}
	seen := map[mft.Ref]bool{q.rec.Ref: true}
	for e := range q.tl.KindsBetween(created.Add(-besideSpan), created.Add(besideSpan), timeline.FileCreated) {
		rec, ok := e.Data.(*mft.Record)
		if !ok || seen[rec.Ref] || rec.IsDir() || len(rec.FileNames) == 0 {
			continue
		}
		seen[rec.Ref] = true
		if own, _ := rec.FileName(); own.Parent == fn.Parent && own.Created.Sub(created).Abs() <= besideSpan {
			v.beside = append(v.beside, rec)
		}
	}
	return v
}

// A neighbour is a file whose $MFT entry is near the subject's, in its first use.
type neighbour struct {
	created time.Time // in $FILE_NAME
	record  Citation
}

// orderSpan is how far the creations of the files before and after the subject may be
// apart to bound its own.
const orderSpan = time.Hour

// neighbours returns the nearest entries before (step -1) or after (step 1) the
// subject's that are in their first use.
func (q *inquiry) neighbours(step int) []neighbour {
	var list []neighbour
	table := q.tl.MFT()
	entry := q.rec.Entry
	for range neighbourReach {
		if entry <= firstUserEntry && step < 0 || len(list) == neighbours {
			break
		}
		entry += uint64(step)
		rec, err := table.Record(entry)
		if err != nil || !rec.InUse() || rec.Seq != 1 || len(rec.FileNames) == 0 || !rec.Base.IsZero() {
			continue
		}
		fn, _ := rec.FileName()
		list = append(list, neighbour{fn.Created, q.citeRecord(rec, fn.Offset, fn.Created, "name", fn.Name, "$FILE_NAME created", fn.Created)})
	}
	return list
}

// firstUserEntry is the last of the entries that NTFS keeps for itself.
const firstUserEntry = 24

// entriesBefore returns the $MFT entries before the subject's if all of them were
// created after the time claimed for the subject, else nil. Windows allocates the
// lowest free entry, so an entry in its first use was allocated after all entries
// before it that are also in their first use.
func (q *inquiry) entriesBefore(near vicinity, claimed time.Time) []Citation {
	const slack = time.Minute
	if q.rec == nil || q.rec.Seq != 1 || claimed.IsZero() || len(near.before) < neighbours {
		return nil
	}
	var list []Citation
	for _, rec := range near.before {
		fn, _ := rec.FileName()
		if !fn.Created.After(claimed.Add(slack)) {
			return nil
		}
		list = append(list, q.citeRecord(rec, fn.Offset, fn.Created, "name", fn.Name, "$FILE_NAME created", fn.Created))
	}
	return list
}

// createdWith yields the files that the writer created. A browser writes all day, so
// only what was written near the subject's creation came with it.
func (q *inquiry) createdWith() iter.Seq[*entry[*evtx.Sysmon11]] {
	var from, to time.Time
	if !q.created.IsZero() {
		from, to = q.created.Add(-withSpan), q.created.Add(withSpan)
	}
	return func(yield func(*entry[*evtx.Sysmon11]) bool) {
		if q.tl == nil || q.writer == nil || q.writer.guid.IsZero() {
			return
		}
		for e := range q.own(q.tl.KindsBetween(from, to, timeline.FileCreatedByProcess)) {
			if d, ok := e.Data.(*evtx.Sysmon11); ok && d.ProcessGuid == q.writer.guid && !yield(&entry[*evtx.Sysmon11]{e, d}) {
				return
			}
		}
	}
}
