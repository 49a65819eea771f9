package mft

import "time"

// Timestomp says how likely it is that the times in a file's
// $STANDARD_INFORMATION were set by a program instead of kept by Windows. It is
// a reason to look, not a finding: installers, archives and backups set times
// too. What they do is told apart where the record allows it, see
// [Reader.Timestomp].
type Timestomp struct {
	Score   int // 0 to 100: the points of the reasons, together at most 100
	Reasons []TimestompReason
}

// TimestompReason is one sign of a time that was set.
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
	TimestompAllEqual            = "all_equal"              // all four times are the same, and those of $FILE_NAME are others
	TimestompWholeSeconds        = "whole_seconds"          // created has no fraction of a second
	TimestompWholeMilliseconds   = "whole_milliseconds"     // created has whole milliseconds
	TimestompCreatedAfterChange  = "created_after_changed"  // created after the last change to the MFT entry
	TimestompModifiedAfterChange = "modified_after_changed" // modified after the last change to the MFT entry
	TimestompBeforeVolume        = "created_before_volume"  // created before the volume was formatted
	TimestompNotSet              = "not_set"                // a time is 0, and its twin in $FILE_NAME is not
)

// Timestomp looks for signs that the times of a file were set by a program. A
// record alone shows these, with their points:
//
//	created_before_fn       40  SetFileTime sets $STANDARD_INFORMATION only
//	modified_before_fn      10
//	accessed_before_fn       5
//	changed_before_fn       40  only a native call or a raw write sets it
//	created_after_changed   30  setting a time is itself a change
//	modified_after_changed  10
//	all_equal               20
//	whole_seconds           25  a clock of 100 ns gives that once in ten million times
//	whole_milliseconds       5
//	created_before_volume    5
//	not_set                 30
//
// What honest programs do is worth less, or nothing:
//
//   - A copy is created anew, but has the times at which its source was modified
//     and, from one NTFS volume to another, changed. So modified, changed and
//     accessed before their twins, and created after changed, are nothing while
//     created is not before its twin.
//   - A move from another volume is such a copy with the creation time of its
//     source: all times before their twins. It is 15 points.
//   - Tunnelling gives a file that replaces one of the same name within 15
//     seconds the creation time of the old one. Created alone before its twin is
//     15 points.
//   - Archives hold times of whole seconds, mostly even ones, and extracting
//     sets created and modified to them. Then created_before_fn is 20 points and
//     whole_seconds 10, and what follows from them nothing. Modified alone with
//     whole seconds is nothing.
//   - The clock of Windows XP ticks 64 times a second, so that whole seconds
//     and milliseconds are common: 5 points and nothing where $FILE_NAME was
//     created on such a tick. Nothing where it has whole seconds too, as a volume
//     that was written by something with a coarser clock.
//
// Renaming and moving copy $STANDARD_INFORMATION into $FILE_NAME, after which
// there is nothing left to compare: a score of 0 is no proof. Neither is one of
// a native call that sets all four times: it looks like a move. A record without
// $STANDARD_INFORMATION, and the files of NTFS itself, have no score.
func (r *Reader) Timestomp(rec *Record) (t Timestomp) {
	rec = orNoPlace(rec)
	si := &rec.StandardInformation
	if !si.Present || rec.Entry < firstUserEntry {
		return t
	}
	created, modified, changed, accessed := nameTimes(rec.FileNames)
	var (
		early     = before(si.Created, created)
		oldData   = before(si.Modified, modified)
		oldEntry  = before(si.Changed, changed)
		oldAccess = before(si.Accessed, accessed)

		carried   = oldEntry && oldData && !si.Modified.After(si.Changed)
		copied    = !early && carried
		moved     = early && carried
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
// was added later came with the times of $STANDARD_INFORMATION at that moment.
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

// formatted returns when the $MFT was made, zero where that is not known.
func (r *Reader) formatted() time.Time {
	l, err := r.linked()
	if err != nil {
		return time.Time{}
	}
	return l.formatted
}

func before(own, twin time.Time) bool { return !own.IsZero() && own.Before(twin) }

func unset(own, twin time.Time) bool { return own.IsZero() && !twin.IsZero() }

func wholeSeconds(t time.Time) bool { return !t.IsZero() && t.Nanosecond() == 0 }

func wholeMilliseconds(t time.Time) bool { return !t.IsZero() && t.Nanosecond()%1_000_000 == 0 }

func evenSecond(t time.Time) bool { return wholeSeconds(t) && t.Unix()%2 == 0 }

// coarseClock reports whether t is a tick of a clock that ticks 64 times a second.
func coarseClock(t time.Time) bool { return t.Nanosecond()%15_625_000 == 0 }
