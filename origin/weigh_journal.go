package origin

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/timeline"
)

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
	begins := c.begins.Time
	if made := c.made(); made.After(begins) { // with a new identifier: before that, changes may have been lost
		begins = made
	}
	if b := q.birth(); b != nil && b.created.Size > 0 || !si.Created.After(begins.Add(smallStep)) || !c.ends.Time.After(si.Created.Add(smallStep)) {
		return nil
	}
	evidence := append(q.citeTimes()[:1], q.citeChange(&c.begins), q.citeChange(&c.ends))
	return []clash{clashing(evidence, "The creation time is %s in $STANDARD_INFORMATION, but the change journal, which has all records from %s to %s, has none of the creation of this file: it is older, and a program set the time.",
		timeText(si.Created), timeText(c.begins.Time), timeText(c.ends.Time))}
}

// renewedSpan is how near to the subject's creation that of the journal is worth a word.
const renewedSpan = 24 * time.Hour

// findJournalRenewed looks for a journal that was created near the subject's creation, on a
// volume that is older.
func (q *inquiry) findJournalRenewed() []clash {
	c := q.journal()
	if !c.usable() || c.tie != ownJournal || q.created.IsZero() {
		return nil
	}
	made := c.made()
	if made.IsZero() || made.Sub(q.created).Abs() > renewedSpan || c.begins.Time.Before(made.Add(-smallStep)) {
		return nil // with older records it got no more than a new identifier
	}
	table, err := q.tl.MFT().Record(0)
	if err != nil {
		return nil
	}
	formatted, ok := table.FileName()
	if !ok || made.Sub(formatted.Created).Abs() <= renewedSpan || q.installedNear(made) {
		return nil
	}
	way, since := "after", made.Sub(q.created)
	if since < 0 {
		way, since = "before", -since
	}
	evidence := []Citation{q.citeMax(), q.citeChange(&c.begins), q.citeRecord(table, formatted.Offset, formatted.Created, "name", formatted.Name, "$FILE_NAME created", formatted.Created)}
	return []clash{clashing(evidence, "The change journal was created on %s, %s %s the file, on a volume of %s: what happened before is not in it. An administrator can delete the journal, as with fsutil usn deletejournal, to hide what happened. Otherwise Windows creates it anew after it was found damaged, as by chkdsk, or a service or a program asked for one on a volume that had none.",
		timeText(made), minutes(since), way, timeText(formatted.Created))}
}

// installedNear reports whether Windows was installed, or upgraded, near a time: it creates
// the journal of its volume.
func (q *inquiry) installedNear(at time.Time) bool {
	for e := range q.own(q.tl.ByKind(timeline.WindowsInstalled, timeline.WindowsUpgraded)) {
		if e.Time.Sub(at).Abs() <= renewedSpan {
			return true
		}
	}
	return false
}

// citeMax cites the identifier of the journal.
func (q *inquiry) citeMax() Citation {
	c := q.journal()
	m, _ := c.Max()
	return Citation{Artifact: usnjrnl.MaxBeside(c.Artifact), Record: "journal identifier", Offset: 0x10, Time: m.Created(),
		Text: values("JournalID", hexID(m.ID), "created", m.Created(), "LowestValidUsn", m.LowestValidUSN)}
}
