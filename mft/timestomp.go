package mft

import "time"

// Timestomp estimates how likely it is that the times in a file's
// $STANDARD_INFORMATION were set by a program instead of kept by Windows. It is a
// reason to look, not a finding: installers, archives and backups set times too.
// The score discounts them when the record allows it: see [Reader.Timestomp].
type Timestomp struct {
	Score   int // 0 to 100: the points of the reasons, together at most 100
	Reasons []TimestompReason
}

// TimestompReason is one sign that a time was set.
type TimestompReason struct {
	Name   string // one of the Timestomp constants
	Points int    // its share in the score
}

// The reasons of a Timestomp. "Before" and "after" are by any amount: Windows
// writes the times of a new file once, all with the same value.
const (
	TimestompCreatedBeforeName   = "created_before_fn"      // $STANDARD_INFORMATION was created before $FILE_NAME
	TimestompModifiedBeforeName  = "modified_before_fn"     // the same for the last write of the content
	TimestompChangedBeforeName   = "changed_before_fn"      // the same for the last change to the MFT entry, which SetFileTime cannot set
	TimestompAccessedBeforeName  = "accessed_before_fn"     // the same for the last access
	TimestompAllEqual            = "all_equal"              // all four times are equal, and differ from those of $FILE_NAME
	TimestompWholeSeconds        = "whole_seconds"          // the creation time has no fraction of a second
	TimestompWholeMilliseconds   = "whole_milliseconds"     // the creation time has whole milliseconds
	TimestompCreatedAfterChange  = "created_after_changed"  // created after the last change to the MFT entry
	TimestompModifiedAfterChange = "modified_after_changed" // modified after the last change to the MFT entry
	TimestompBeforeVolume        = "created_before_volume"  // created before the volume was formatted
	TimestompNotSet              = "not_set"                // a time is 0, and its twin in $FILE_NAME is not
	TimestompMovedFAT            = "moved_from_fat"         // the times are those of a move from FAT, which explains them
	TimestompMovedExFAT          = "moved_from_exfat"       // or from exFAT

	TimestompEntryOrder      = "entry_order"       // created differs from the entries around it, which NTFS gave away in order
	TimestompLSNOrder        = "lsn_order"         // the record was written after others whose times are newer than all of its own
	TimestompSecurityOrder   = "security_order"    // created before all other files with its security descriptor
	TimestompOlderThanFolder = "older_than_folder" // created before its folder
	TimestompIndexDiffers    = "index_differs"     // created differs from the index of the folder
	TimestompJournalDiffers  = "journal_differs"   // created differs from the change journal
	TimestompSetInJournal    = "set_in_journal"    // the change journal records that times or attributes were set
	TimestompLogDiffers      = "log_differs"       // created differs from the creation in the transaction log
	TimestompSetBackInLog    = "set_back_in_log"   // the transaction log has a later creation time, which was set back
	TimestompLinkedAfter     = "linked_after"      // an executable was linked after it was created
)

// Timestomp looks for signs that a program set the times of a file. A record alone
// shows these, with their points:
//
//	created_before_fn       40  SetFileTime sets $STANDARD_INFORMATION only
//	modified_before_fn      10
//	accessed_before_fn       5
//	changed_before_fn       40  only a native call or a raw write sets it
//	created_after_changed   30  setting a time is itself a change
//	modified_after_changed  10
//	all_equal               20
//	whole_seconds           25  by chance this happens once in ten million
//	whole_milliseconds       5
//	created_before_volume    5
//	not_set                 30
//	moved_from_fat           5  instead of all others
//	moved_from_exfat         5  instead of all others
//
// What legitimate programs do scores less, or nothing:
//
//   - A copy has a new creation time, but the modification time of its source
//     and, from one NTFS volume to another, the change time too. So modified,
//     changed and accessed before their twins, and created after changed, score
//     nothing unless created is before its twin.
//   - A move from another volume is such a copy with the creation time of its
//     source, so all times are before their twins. Most versions of Windows leave
//     changed and accessed as the move sets them. Either scores 15 points.
//   - A move from FAT or exFAT leaves times with the grain of those file systems:
//     see [Record.Operations].
//   - Tunnelling gives a file that replaces one of the same name within 15
//     seconds the creation time of the old one. If only created is before its
//     twin, this scores 15 points.
//   - Archives hold times of whole seconds, mostly even ones, and extracting
//     sets created and modified to them. Then created_before_fn scores 20 points,
//     whole_seconds 10, and the signs that follow from them nothing. If only
//     modified has whole seconds, this scores nothing.
//   - The clock of Windows XP ticks 64 times a second, so whole seconds and
//     milliseconds are common. If $FILE_NAME was created on such a tick,
//     whole_seconds scores 5 points and whole_milliseconds nothing. If $FILE_NAME
//     has whole seconds too, as on a volume that was written with a coarser
//     clock, neither scores.
//
// Renaming and moving copy $STANDARD_INFORMATION into $FILE_NAME, and then nothing
// is left to compare: a score of 0 does not prove that the times are genuine. Nor
// does the score of a move, because a native call that sets all four times looks
// like one. A record without $STANDARD_INFORMATION, and the files of NTFS itself,
// have no score.
func (r *Reader) Timestomp(rec *Record) (t Timestomp) {
	rec = orNoPlace(rec)
	si := &rec.StandardInformation
	if !si.Present || rec.Entry < firstUserEntry {
		return t
	}
	created, modified, changed, accessed := nameTimes(rec.FileNames)
	var movable bool                                                  // from another volume with NTFS
	if before(si.Created, created) && before(si.Modified, modified) { // as every move leaves them
		var found [8]Operation
		for _, o := range rec.appendOperations(found[:0]) {
			switch o {
			case OperationMoved:
				movable = !wholeSeconds(si.Created)
			case OperationMovedFAT:
				t.add(true, TimestompMovedFAT, 5)
				return t
			case OperationMovedExFAT:
				t.add(true, TimestompMovedExFAT, 5)
				return t
			}
		}
	}
	var (
		early     = before(si.Created, created)
		oldData   = before(si.Modified, modified)
		oldEntry  = before(si.Changed, changed)
		oldAccess = before(si.Accessed, accessed)

		carried   = oldEntry && oldData && !si.Modified.After(si.Changed)
		copied    = !early && carried
		moved     = early && (carried || movable)
		tunnelled = early && !oldData && !oldEntry && !oldAccess && !wholeSeconds(si.Created)
		whole     = wholeSeconds(si.Created) && !wholeSeconds(created)
		extracted = whole && !oldEntry && evenSecond(si.Created) && evenSecond(si.Modified)
		set       = early && !moved && !tunnelled && !extracted
	)
	t.add(set, TimestompCreatedBeforeName, 40)
	t.add(extracted && early, TimestompCreatedBeforeName, 20)
	t.add(moved || tunnelled, TimestompCreatedBeforeName, 15)
	t.add(set && oldData, TimestompModifiedBeforeName, 10)
	t.add(oldEntry && !carried, TimestompChangedBeforeName, 40)
	t.add(set && oldAccess, TimestompAccessedBeforeName, 5)
	t.add(before(si.Changed, si.Created) && !copied, TimestompCreatedAfterChange, 30)
	t.add(before(si.Changed, si.Modified), TimestompModifiedAfterChange, 10)
	t.add(si.Created.Equal(si.Modified) && si.Created.Equal(si.Changed) && si.Created.Equal(si.Accessed) &&
		!created.IsZero() && !created.Equal(si.Created), TimestompAllEqual, 20)
	switch coarse := coarseClock(created); {
	case whole && coarse:
		t.add(true, TimestompWholeSeconds, 5)
	case extracted:
		t.add(true, TimestompWholeSeconds, 10)
	case whole:
		t.add(true, TimestompWholeSeconds, 25)
	case !wholeSeconds(si.Created) && wholeMilliseconds(si.Created):
		t.add(!coarse && !wholeMilliseconds(created), TimestompWholeMilliseconds, 5)
	}
	t.add(set && before(si.Created, r.formatted()), TimestompBeforeVolume, 5)
	t.add(unset(si.Created, created) || unset(si.Modified, modified) || unset(si.Changed, changed), TimestompNotSet, 30)
	return t
}

func (t *Timestomp) add(found bool, name string, points int) {
	if found {
		t.Reasons = append(t.Reasons, TimestompReason{name, points})
		t.Score = min(t.Score+points, 100)
	}
}

// nameTimes returns the latest of each time in the names of a file. A name that
// was added later has the times of $STANDARD_INFORMATION at that moment.
func nameTimes(names []FileName) (created, modified, changed, accessed time.Time) {
	for i := range names {
		fn := &names[i]
		created = later(created, fn.Created)
		modified = later(modified, fn.Modified)
		changed = later(changed, fn.Changed)
		accessed = later(accessed, fn.Accessed)
	}
	return
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// formatted returns when the $MFT was made, or zero if that is unknown.
func (r *Reader) formatted() time.Time {
	l, err := r.linked()
	if err != nil {
		return time.Time{}
	}
	return l.formatted
}

func before(own, twin time.Time) bool { return !own.IsZero() && own.Before(twin) }

func unset(own, twin time.Time) bool { return own.IsZero() && !twin.IsZero() }
