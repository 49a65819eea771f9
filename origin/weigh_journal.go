package origin

import "fmt"

// findJournalDiffers compares the creation time of the file with the record of its
// creation. What came from another volume with its times was created there before.
func (q *inquiry) findJournalDiffers() []clash {
	b := q.birth()
	if q.rec == nil || q.bornAt().IsZero() || !q.rec.StandardInformation.Present || q.movedIn() {
		return nil
	}
	si := q.rec.StandardInformation
	if si.Created.IsZero() || near(si.Created, b.created.Time) {
		return nil
	}
	way, others := "later", "the file was extracted or moved here with its times, or the machine's clock was set"
	if si.Created.Before(b.created.Time) {
		way, others = "earlier", "the file was extracted or moved here with its times, or took the name of one that had just been removed"
	}
	evidence := append(q.citeTimes()[:1], q.citeChange(&b.created))
	text := fmt.Sprintf("The creation time is %s in $STANDARD_INFORMATION, %s than the record of the creation in the change journal, %s: a program set it, or %s.",
		timeText(si.Created), way, timeText(b.created.Time), others)
	for i := range b.set {
		if i == 0 {
			text += fmt.Sprintf(" The journal records that times or attributes of the file were set on %s.", timeText(b.set[i].Time))
		}
		if len(evidence) < maxListed {
			evidence = append(evidence, q.citeChange(&b.set[i]))
		}
	}
	return []clash{{evidence: evidence, text: text}}
}

// findJournalSilent compares the creation time of the file with a journal that covers it
// without a gap: a file that was created then has a record.
func (q *inquiry) findJournalSilent() []clash {
	c := q.journal()
	if q.rec == nil || !c.usable() || c.tie != ownJournal || !c.whole || len(c.back) > 0 || !q.rec.StandardInformation.Present || q.movedIn() {
		return nil
	}
	si := q.rec.StandardInformation
	if b := q.birth(); b != nil && b.created.Size > 0 || !si.Created.After(c.begins.Time.Add(smallStep)) || !c.ends.Time.After(si.Created.Add(smallStep)) {
		return nil
	}
	evidence := append(q.citeTimes()[:1], q.citeChange(&c.begins), q.citeChange(&c.ends))
	return []clash{clashing(evidence, "The creation time is %s in $STANDARD_INFORMATION, but the change journal, which has all records from %s to %s, has none of the creation of this file: it is older, and a program set the time.",
		timeText(si.Created), timeText(c.begins.Time), timeText(c.ends.Time))}
}
