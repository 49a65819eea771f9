package mft

import (
	"slices"
	"time"
)

// TimestompEvidence is what there is about the times of a file outside its record. All of
// it may be zero.
type TimestompEvidence struct {
	Chronology *Chronology // of the same $MFT
	Index      *FileName   // the file in the index of its folder: see [Volume.IndexNames]
	Born       time.Time   // of the record of its creation in the change journal
	Set        time.Time   // of a later record there that its times or attributes were set, and nothing else
	Logged     time.Time   // that NTFS wrote with the creation of the file in the transaction log
	SetBack    time.Time   // the creation time in the transaction log before it got an earlier value
	Linked     time.Time   // in the header of an executable
}

// TimestompWith is Timestomp with evidence from outside the record, which shows these
// signs, with their points:
//
//	entry_order         25  only a driver or an offline tool chooses an entry
//	lsn_order           10  the $LogFile gives the numbers
//	security_order       5
//	older_than_folder    5
//	index_differs       30  a raw write to the $MFT leaves the index as it was
//	journal_differs     30  5 if the record is that of a move, a tunnelled file or an extraction
//	set_in_journal       5  together with journal_differs
//	log_differs         30  the same; nothing if the change journal shows it already
//	set_back_in_log      5  what sets times honestly leaves it too
//	linked_after        10
//
// The record is judged by the company that it came in. If some fifty files or more came at
// once, and three of four have an earlier creation time, as those of an image of Windows,
// of a restored backup or of a robocopy with times, that the times of this one are before
// their twins scores 10 points in all.
//
// # What a score means
//
// The files that exist in the tables and on the volumes at hand, none of which was known to
// be forged, score less than 20: 466 of a Windows XP, 275 of small volumes that Windows
// wrote, 205,555 that other drivers wrote. No table of a disk with Windows 10 or later
// was among them. Testdata/timestomp_rates.txt has how many of a hundred files reach 20, 40
// and 60 after each of fifteen honest operations and of thirteen ways to set times. With a
// Chronology and the index, no honest operation there reaches 40, and of the ways to set
// times four reach it always, four in part, and five never: those that set created with a
// fraction look like a file that replaced another one, and those that set modified alone
// like a copy. With the journal or the
// transaction log, what programs for archives leave reaches 40 too.
//
// So a score of 40 or more is a reason to look for the record that explains it, one below
// 20 proves nothing, and none of them is a finding.
//
// The order of entries counts for what all creation times of the file claim, so it shows
// also what was set in both attributes. It says nothing about an entry that was used
// before.
func (r *Reader) TimestompWith(rec *Record, e TimestompEvidence) Timestomp {
	t := r.Timestomp(rec)
	rec = orNoPlace(rec)
	si := &rec.StandardInformation
	if !si.Present || rec.Entry < firstUserEntry || si.Created.IsZero() {
		return t
	}
	if e.Chronology != nil {
		if fn := rec.bestName(); fn != nil {
			if b := birthOf(rec, fn); e.Chronology.inBulk(&b) {
				t = t.inBulk()
			}
		}
		e.Chronology.judge(rec, &t)
	}
	if e.Index != nil && !e.Index.Created.IsZero() {
		t.add(!e.Index.Created.Equal(si.Created), TimestompIndexDiffers, 30)
	}
	if !e.Born.IsZero() && si.Created.Sub(e.Born).Abs() > journalGrain {
		points := 30
		if t.explained() {
			points = 5
		}
		t.add(true, TimestompJournalDiffers, points)
		t.add(!e.Set.IsZero(), TimestompSetInJournal, 5)
	}
	if !e.Logged.IsZero() && si.Created.Sub(e.Logged).Abs() > journalGrain && !t.has(TimestompJournalDiffers) {
		points := 30
		if t.explained() {
			points = 5
		}
		t.add(true, TimestompLogDiffers, points)
	}
	t.add(e.SetBack.After(si.Created.Add(journalGrain)), TimestompSetBackInLog, 5)
	t.add(e.Linked.After(si.Created.Add(24*time.Hour)), TimestompLinkedAfter, 10)
	return t
}

// journalGrain is how much the change journal may differ from the times of a file.
const journalGrain = 2 * time.Second

// inBulk returns what is left of the signs if the file came with many others whose times
// are earlier too.
func (t *Timestomp) inBulk() (left Timestomp) {
	for _, r := range t.Reasons {
		switch r.Name {
		case TimestompCreatedBeforeName:
			left.add(true, r.Name, min(r.Points, 10))
		case TimestompModifiedBeforeName, TimestompAccessedBeforeName, TimestompAllEqual, TimestompWholeSeconds, TimestompWholeMilliseconds, TimestompBeforeVolume:
		default:
			left.add(true, r.Name, r.Points)
		}
	}
	return left
}

// has reports whether a reason is among those of a score.
func (t *Timestomp) has(name string) bool {
	return slices.ContainsFunc(t.Reasons, func(r TimestompReason) bool { return r.Name == name })
}

// explained reports whether the record alone is that of an honest operation which sets
// the creation time.
func (t *Timestomp) explained() bool {
	for _, r := range t.Reasons {
		switch {
		case r.Name == TimestompMovedFAT, r.Name == TimestompMovedExFAT, r.Name == TimestompCreatedBeforeName && r.Points < 40:
			return true
		}
	}
	return false
}
