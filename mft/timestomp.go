package mft

import (
	"time"
)

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
// record alone shows these:
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
// What honest programs do is worth less:
//
//   - A copy keeps the time of the last write and is created anew: modified and
//     accessed before their twins count only where created does.
//   - Tunnelling gives a file that replaces one of the same name within 15
//     seconds the creation time of the old one, and nothing else of it. Created
//     alone before its twin is 15 points.
//   - Archives hold times of whole seconds, mostly even ones, and extracting
//     sets created and modified to them. Then created_before_fn is 20 points and
//     whole_seconds 10, and the rest that follows from them is nothing. Modified
//     alone with whole seconds is nothing.
//   - A volume whose $FILE_NAME has whole seconds too was written by something
//     with a coarse clock.
//
// Renaming and moving copy $STANDARD_INFORMATION into $FILE_NAME, after which
// there is nothing left to compare: a score of 0 is no proof. A record without
// $STANDARD_INFORMATION has no score.
func (r *Reader) Timestomp(rec *Record) Timestomp {
	var t Timestomp
	si := rec.StandardInformation
	if si == nil || rec.Entry < firstUserEntry {
		return t
	}
	fn := latest(rec.FileNames)
	before := func(own, twin time.Time) bool { return !own.IsZero() && own.Before(twin) }
	var (
		whole      = wholeSeconds(si.Created) && !wholeSeconds(si.Changed) && !wholeSeconds(fn.Created)
		early      = before(si.Created, fn.Created)
		alone      = !before(si.Modified, fn.Modified) && !before(si.Changed, fn.Changed) && !before(si.Accessed, fn.Accessed)
		tunnelled  = early && alone && !wholeSeconds(si.Created) && si.Changed.After(si.Created)
		extracted  = whole && evenSecond(si.Created) && evenSecond(si.Modified) && !before(si.Changed, fn.Changed)
		afterwards = early && !tunnelled && !extracted
	)
	t.add(early && tunnelled, TimestompCreatedBeforeName, 15)
	t.add(early && extracted, TimestompCreatedBeforeName, 20)
	t.add(afterwards, TimestompCreatedBeforeName, 40)
	t.add(afterwards && before(si.Modified, fn.Modified), TimestompModifiedBeforeName, 10)
	t.add(before(si.Changed, fn.Changed), TimestompChangedBeforeName, 40)
	t.add(afterwards && before(si.Accessed, fn.Accessed), TimestompAccessedBeforeName, 5)
	t.add(before(si.Changed, si.Created), TimestompCreatedAfterChange, 30)
	t.add(before(si.Changed, si.Modified), TimestompModifiedAfterChange, 10)
	t.add(si.Created.Equal(si.Modified) && si.Created.Equal(si.Changed) && si.Created.Equal(si.Accessed) &&
		!fn.Created.IsZero() && !fn.Created.Equal(si.Created), TimestompAllEqual, 20)
	t.add(whole && extracted, TimestompWholeSeconds, 10)
	t.add(whole && !extracted, TimestompWholeSeconds, 25)
	t.add(wholeMilliseconds(si.Created) && !wholeSeconds(si.Created) && !wholeMilliseconds(si.Changed), TimestompWholeMilliseconds, 5)
	t.add(early && !extracted && before(si.Created, r.formatted()), TimestompBeforeVolume, 5)
	t.add(unset(si.Created, fn.Created) || unset(si.Modified, fn.Modified) || unset(si.Changed, fn.Changed), TimestompNotSet, 30)
	return t
}

func (t *Timestomp) add(found bool, name string, points int) {
	if found {
		t.Reasons = append(t.Reasons, TimestompReason{name, points})
		t.Score = min(t.Score+points, 100)
	}
}

// latest returns the latest of each time in the names of a file. A name that was
// added afterwards came with times of $STANDARD_INFORMATION, which only grow.
func latest(names []FileName) (t FileName) {
	for i := range names {
		fn := &names[i]
		for _, pair := range [...]struct {
			to   *time.Time
			from time.Time
		}{{&t.Created, fn.Created}, {&t.Modified, fn.Modified}, {&t.Changed, fn.Changed}, {&t.Accessed, fn.Accessed}} {
			if pair.from.After(*pair.to) {
				*pair.to = pair.from
			}
		}
	}
	return t
}

// formatted returns when the $MFT was made, zero where that is not known.
func (r *Reader) formatted() time.Time {
	l, err := r.linked()
	if err != nil {
		return time.Time{}
	}
	return l.formatted
}

func unset(own, twin time.Time) bool { return own.IsZero() && !twin.IsZero() }

func wholeSeconds(t time.Time) bool { return !t.IsZero() && t.Nanosecond() == 0 }

func wholeMilliseconds(t time.Time) bool { return !t.IsZero() && t.Nanosecond()%1e6 == 0 }

func evenSecond(t time.Time) bool { return wholeSeconds(t) && t.Unix()%2 == 0 }
