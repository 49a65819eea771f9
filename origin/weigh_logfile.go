package origin

// findTimesSetBack looks for a creation time that got an earlier value. The log has what it
// was before, which no program can change.
func (q *inquiry) findTimesSetBack() []clash {
	var list []clash
	for _, s := range q.setBackTo() {
		if len(list) >= maxListed {
			break
		}
		cited := q.citeOperation(&s.operation, "old created", s.Old, "new created", s.New)
		list = append(list, clashing([]Citation{cited}, "The transaction log records that the creation time was set from %s back to %s%s: a program set it, to hide when the file came, or because it copied or extracted the file with its times.",
			timeText(s.Old), timeText(s.New), s.when()))
	}
	return list
}

// findLogDiffers compares the creation time of the file with the time that NTFS wrote when
// it created the file. What came from another volume with its times was created there
// before.
func (q *inquiry) findLogDiffers() []clash {
	born := q.loggedBornAt()
	if q.rec == nil || born.IsZero() || !q.rec.StandardInformation.Present || q.movedIn() {
		return nil
	}
	si := q.rec.StandardInformation
	if si.Created.IsZero() || near(si.Created, born) {
		return nil
	}
	b := q.loggedBirth()
	return []clash{clashing(append(q.citeTimes()[:1], q.citeOperation(b.created)),
		"The creation time is %s in $STANDARD_INFORMATION, but the transaction log has the creation of the file on %s: a program set it, or the file was extracted or moved here with its times, took the name of one that had just been removed, or the machine's clock was set.",
		timeText(si.Created), timeText(born))}
}
