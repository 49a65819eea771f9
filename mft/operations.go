package mft

import "time"

// An Operation is a way in which a file honestly comes to have its times.
type Operation string

// The operations. Windows gives a new file one time, which $FILE_NAME keeps until the
// file is renamed, and an operation gives $STANDARD_INFORMATION times of its own after
// that. Times of other file systems and of archives are recognized by their grain.
const (
	OperationCreated        Operation = "created"          // written here
	OperationTunnelled      Operation = "tunnelled"        // written in place of a file of that name, whose creation time it has
	OperationCopied         Operation = "copied"           // from NTFS, or by a program that keeps the time of modification
	OperationCopiedFAT      Operation = "copied_from_fat"  // from FAT: modified has two seconds; unpacking a zip archive leaves the same
	OperationFetched        Operation = "fetched"          // modified has whole seconds, as the time that a server names, or that a tar archive has
	OperationMoved          Operation = "moved"            // from another volume with NTFS
	OperationMovedFAT       Operation = "moved_from_fat"   // from FAT: created has 10 ms, modified two seconds
	OperationMovedExFAT     Operation = "moved_from_exfat" // from exFAT: both have 10 ms
	OperationExtractedTimes Operation = "extracted"        // by a program that sets created too, to the two seconds of a zip archive
)

// An origin is where a time of $STANDARD_INFORMATION comes from.
type origin int

const (
	anywhere  origin = iota
	atStart          // of the operation: the time of $FILE_NAME
	since            // at its start or later
	ofSource         // before its start
	notBefore        // at its start or later, or the source's, a quirk of some versions
)

// operations is the table of operations, the most particular first. The sources are
// J. Bouma's tables of operations (ARES 2023, doi 10.1145/3600160.3605027).
var operations = [...]struct {
	name                                 Operation
	created, modified, changed, accessed origin
	createdGrain, modifiedGrain          time.Duration // 0 for any
}{
	{OperationMovedFAT, ofSource, ofSource, notBefore, since, 10 * time.Millisecond, 2 * time.Second},
	{OperationMovedExFAT, ofSource, ofSource, notBefore, since, 10 * time.Millisecond, 10 * time.Millisecond},
	{OperationExtractedTimes, ofSource, ofSource, since, anywhere, 2 * time.Second, 2 * time.Second},
	{OperationMoved, ofSource, ofSource, notBefore, since, 0, 0},
	{OperationTunnelled, ofSource, since, since, since, 0, 0},
	{OperationCopiedFAT, atStart, ofSource, notBefore, anywhere, 0, 2 * time.Second},
	{OperationFetched, atStart, ofSource, notBefore, anywhere, 0, time.Second},
	{OperationCopied, atStart, ofSource, notBefore, anywhere, 0, 0},
	{OperationCreated, atStart, since, since, since, 0, 0},
}

// Operations returns the operations that can have left the eight times of a file, the
// most particular first. A program that sets times can leave any of them, so what fits
// is a possibility, and what does not fit is ruled out. If the times of $FILE_NAME are
// not all the same the file was renamed since, and nothing can be said: the result is
// nil. So it is for a record that lacks one of the two attributes.
func (r *Record) Operations() []Operation {
	if r == nil {
		return nil
	}
	return r.appendOperations(nil)
}

// appendOperations appends the operations to a list.
func (r *Record) appendOperations(list []Operation) []Operation {
	si := &r.StandardInformation
	fn := r.bestName()
	if fn == nil || !si.Present || fn.Created.IsZero() || !fn.Modified.Equal(fn.Created) || !fn.Changed.Equal(fn.Created) || !fn.Accessed.Equal(fn.Created) {
		return list
	}
	start := fn.Created
	for _, o := range operations {
		if o.created.fits(si.Created, start, o.createdGrain) && o.modified.fits(si.Modified, start, o.modifiedGrain) &&
			o.changed.fits(si.Changed, start, 0) && o.accessed.fits(si.Accessed, start, 0) && !ofCoarseClock(o.createdGrain, si.Created, start) {
			list = append(list, o.name)
		}
	}
	return list
}

// startGrain is how much later than $FILE_NAME the times of one operation are: a move
// sets the time of access when it has opened the file.
const startGrain = time.Second

// fits reports whether a time can come from an origin, with the grain of the source.
func (o origin) fits(t, start time.Time, grain time.Duration) bool {
	switch {
	case grain == 2*time.Second && !evenSecond(t), grain > 0 && t.Nanosecond()%int(min(grain, time.Second)) != 0:
		return false
	}
	switch o {
	case atStart:
		return t.Sub(start).Abs() <= startGrain
	case since:
		return !t.Before(start)
	case ofSource:
		return !t.IsZero() && t.Before(start)
	case notBefore:
		return !t.IsZero()
	}
	return true
}

// ofCoarseClock reports whether a creation time is on the grain of 10 ms for another
// reason: it has whole seconds, as times that people and archives set.
func ofCoarseClock(grain time.Duration, created, start time.Time) bool {
	return grain == 10*time.Millisecond && (wholeSeconds(created) || coarseClock(start) && coarseClock(created))
}

func wholeSeconds(t time.Time) bool { return !t.IsZero() && t.Nanosecond() == 0 }

func wholeMilliseconds(t time.Time) bool { return !t.IsZero() && t.Nanosecond()%1_000_000 == 0 }

func evenSecond(t time.Time) bool { return wholeSeconds(t) && t.Unix()%2 == 0 }

// coarseClock reports whether t is a tick of a clock that ticks 64 times a second.
func coarseClock(t time.Time) bool { return t.Nanosecond()%15_625_000 == 0 }
