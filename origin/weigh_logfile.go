package origin

import "github.com/birthmark-dfir/birthmark/mft/logfile"

// findTimesSetBack looks for a creation time that got an earlier value. The log has what it
// was before, which no program can change.
func (q *inquiry) findTimesSetBack() []clash {
	if q.rec == nil {
		return nil
	}
	var list []clash
	for _, s := range q.setBackOf(existedAs(q.rec)) {
		if s.State == logfile.Cut || s.State == logfile.Unfinished || len(list) >= maxListed {
			continue // it may have been undone
		}
		after, before := s.log.Paths.Between(s.LSN)
		cited := Citation{Artifact: s.log.Artifact, Record: "LSN " + valueText(uint64(s.LSN)), Offset: s.Offset,
			Text: values("Redo", "UpdateResidentValue", "FileReference", existedAs(q.rec), "old created", s.change.Old, "new created", s.change.New, "not before", after, "not after", before)}
		when := ""
		switch {
		case !after.IsZero() && !before.IsZero():
			when = ", between " + timeText(after) + " and " + timeText(before)
		case !after.IsZero():
			when = ", after " + timeText(after)
		case !before.IsZero():
			when = ", before " + timeText(before)
		}
		list = append(list, clashing([]Citation{cited}, "The transaction log records that the creation time was set from %s back to %s%s: a program set it, to hide when the file came, or because it copied or extracted the file with its times.",
			timeText(s.change.Old), timeText(s.change.New), when))
	}
	return list
}
