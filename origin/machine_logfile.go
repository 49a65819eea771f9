package origin

import (
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// logged returns the operations of the subjects' volume.
func (m *machine) logged() *operations {
	ops := m.transactions
	if ops.read {
		return ops
	}
	ops.read, ops.about = true, map[mft.Ref][]operation{}
	if m.tl == nil {
		return ops
	}
	of := map[mft.Ref]bool{}
	for _, s := range m.subjects {
		if s.rec != nil {
			of[existedAs(s.rec)] = true
		}
	}
	for _, log := range m.tl.TransactionLogs() {
		if len(log.Kept) == 0 || !m.isOwnLog(log) {
			continue
		}
		ops.logs = append(ops.logs, log)
		m.findNamed(log)
	}
	for _, list := range ops.named {
		for _, ref := range list {
			of[ref] = true
		}
	}
	for _, log := range ops.logs {
		for i := range log.Kept {
			o := operation{log, &log.Kept[i]}
			if ref, known := log.Paths.File(o.Event); known && of[ref] && o.happened() {
				ops.about[ref] = append(ops.about[ref], o)
			}
		}
	}
	return ops
}

// findNamed finds the files in a log that had the paths of the subjects of which there is no
// record in the $MFT.
func (m *machine) findNamed(log *timeline.TransactionLog) {
	wanted := map[string][]*subject{}
	for _, s := range m.subjects {
		if s.rec == nil && !s.present {
			name := winpath.Fold(winpath.Base(s.path))
			wanted[name] = append(wanted[name], s)
		}
	}
	if len(wanted) == 0 {
		return
	}
	if m.transactions.named == nil {
		m.transactions.named = map[*subject][]mft.Ref{}
	}
	for i := range log.Kept {
		o := operation{log, &log.Kept[i]}
		if o.Name == nil || o.Name.Attributes&mft.FileHasI30Index != 0 || !o.happened() {
			continue
		}
		for _, s := range wanted[winpath.Fold(o.Name.Name)] {
			path := log.Paths.Of(o.Event)
			if ref, known := log.Paths.File(o.Event); known && !path.Orphan && winpath.Same(winpath.Windows(s.letter, path.String()), s.path) {
				list := slices.DeleteFunc(m.transactions.named[s], func(other mft.Ref) bool { return other == ref })
				m.transactions.named[s] = append(list[max(0, len(list)-maxSamePath+1):], ref)
			}
		}
	}
}

// isOwnLog reports whether a log is that of the volume: it is its own file, or records of
// the $MFT were last changed by log records about them.
func (m *machine) isOwnLog(log *timeline.TransactionLog) bool {
	if _, ok := m.tl.vol.(*mft.Volume); ok {
		return true
	}
	entries := map[uint64]uint64{} // by LSN
	for rec, err := range log.Records() {
		if err != nil {
			continue
		}
		if entry, ok := rec.Entry(); ok {
			entries[uint64(rec.LSN)] = entry
		}
	}
	same, other := 0, 0
	for rec, err := range m.tl.MFT().Scan() {
		if err != nil && !damage.Is(err) || same+other >= tieChecks {
			break
		}
		if err != nil {
			continue
		}
		if entry, ok := entries[rec.LSN]; ok && entry == rec.Entry {
			same++
		} else if ok {
			other++
		}
	}
	return same > other
}

// loggedBirth returns what the transaction log holds about the subject, or nil. Another file
// with the same entry has another sequence number, so it is not taken for the subject. If
// the $MFT has no record of the subject, it is the last file that had its path.
func (q *inquiry) loggedBirth() *loggedBirth {
	ops := q.logged()
	var ref mft.Ref
	if q.rec != nil {
		ref = existedAs(q.rec)
	} else if named := ops.named[q.subject]; len(named) > 0 {
		ref = named[len(named)-1]
	}
	list := ops.about[ref]
	if len(list) == 0 {
		return nil
	}
	b := &loggedBirth{}
	for i := range list {
		switch o := &list[i]; o.Kind {
		case logfile.Created:
			*b = loggedBirth{created: o}
		case logfile.Renamed:
			b.later = append(b.later, *o)
		case logfile.Deleted:
			b.deleted = o
		case logfile.InfoChanged:
			for _, c := range o.TimeChanges() {
				if c.Name == "created" {
					b.set = append(b.set, timeSet{*o, c})
				}
			}
		}
	}
	return b
}

// loggedBornAt returns when the subject was created, according to an operation that leaves
// no doubt, or zero.
func (q *inquiry) loggedBornAt() time.Time {
	b := q.loggedBirth()
	if b == nil || b.created == nil || q.rec == nil {
		return time.Time{}
	}
	if at, sure := b.created.born(); sure {
		return at
	}
	return time.Time{}
}

// setBackTo returns the creation times of the subject that got a value which is earlier by
// more than clocks differ.
func (q *inquiry) setBackTo() (list []timeSet) {
	if b := q.loggedBirth(); b != nil {
		for _, s := range b.set {
			if s.Old.Sub(s.New) > clockSkew {
				list = append(list, s)
			}
		}
	}
	return list
}

// loggedPath returns a path as Windows writes it, and whether all of it is known.
func (q *inquiry) loggedPath(p mft.Path) (string, bool) {
	return winpath.Windows(q.drive, p.String()), !p.Orphan
}

// citeOperation cites the log record that proves an operation.
func (q *inquiry) citeOperation(o *operation, pairs ...any) Citation {
	c := Citation{Artifact: o.log.Artifact, Record: "LSN " + valueText(uint64(o.LSN)), Offset: o.Offset}
	c.Time, _ = o.Time()
	if o.Kind != logfile.Created {
		c.Time = time.Time{} // a program may have chosen it
	}
	file, _ := o.log.Paths.File(o.Event)
	after, before := o.between()
	c.Text = values(append([]any{"operation", o.Kind, "FileReference", file}, append(pairs, "not before", after, "not after", before)...)...)
	return c
}

// loggedPlaces returns the paths that the subject had according to the transaction log, the
// first one first. First reports whether it is that of the creation.
func (q *inquiry) loggedPlaces(b *loggedBirth) (list []formerPlace, first bool) {
	add := func(o *operation, p mft.Path, at time.Time) {
		path, known := q.loggedPath(p)
		if n := len(list); n == 0 || !winpath.Same(list[n-1].path, path) {
			list = append(list, formerPlace{path, known, at, o.when(), q.citeOperation(o, "path", path)})
		}
	}
	if first = b.created != nil && b.created.Name != nil; first {
		at, _ := b.created.born()
		add(b.created, b.created.log.Paths.Of(b.created.Event), at)
	}
	for i := range b.later {
		o := &b.later[i]
		if len(list) == 0 {
			add(o, o.log.Paths.OldOf(o.Event), time.Time{})
		}
		add(o, o.log.Paths.Of(o.Event), time.Time{})
	}
	return list, first
}

// A formerPlace is a path that the subject had according to a journal or a log.
type formerPlace struct {
	path  string
	known bool      // all folders of the path are known
	at    time.Time // of the record, or zero
	when  string    // the same in words, or ""
	cited Citation
}

// formerPlaces returns the paths that the subject had according to the change journal, else
// to the transaction log. The first is that of the creation if it has a time and born is not
// zero.
func (q *inquiry) formerPlaces() (list []formerPlace, born time.Time, from *source) {
	if b := q.birth(); b != nil {
		places, _ := q.placesOf(b)
		for i := range places {
			p := &places[i]
			list = append(list, formerPlace{p.path, p.known, p.Time, " on " + timeText(p.Time), q.citeChange(&p.Record)})
		}
		if len(list) > 0 {
			return list, q.bornAt(), changeJournal
		}
	}
	if b := q.loggedBirth(); b != nil {
		list, _ = q.loggedPlaces(b)
	}
	return list, q.loggedBornAt(), logFile
}

// doubtLogged lowers what rests on the transaction log if it may be that of another file
// with the path of the subject.
func (q *inquiry) doubtLogged(a *candidate) {
	if q.rec == nil {
		a.caught("by_path", "another file that had this path")
	}
}
