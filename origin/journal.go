package origin

import (
	"regexp"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// changes are what the change journal of the subject's volume holds about the subjects.
// It is read once for all of them, when the first of them needs it.
type changes struct {
	*timeline.Journal // nil if the volume has none

	tie    tie
	begins usnjrnl.Record // the first record, and the last
	ends   usnjrnl.Record
	back   []setBack
	whole  bool // no record between the first and the last is missing

	about map[usnjrnl.FileID][]change // in their order

	// named are the files that had the path of a subject of which there is no record in the
	// $MFT, in the order in which the journal has them.
	named map[*subject][]usnjrnl.FileID

	// prefetched are the records of prefetch files, by the name of the program that is in
	// theirs, of the subjects that may be programs.
	prefetched map[string][]usnjrnl.Record
}

// A change is a record with the reasons that are new in it.
type change struct {
	usnjrnl.Record
	fresh usnjrnl.Reason
}

// A tie is how a journal is known to be that of the $MFT beside it.
type tie int

const (
	looseJournal tie = iota // nothing shows it
	otherJournal            // the USNs in the $MFT are those of other files in the journal
	ownJournal              // it is a stream of the volume, or the USNs in the $MFT are those of the same files
)

// setBack is a place in the journal at which the clock was set back.
type setBack struct{ before, after usnjrnl.Record }

// remembered are the changes that rules ask for.
const remembered = usnjrnl.FileCreate | usnjrnl.FileDelete | usnjrnl.RenameOldName | usnjrnl.RenameNewName | usnjrnl.HardLinkChange | usnjrnl.BasicInfoChange

// usable reports whether a journal may be that of the volume.
func (c *changes) usable() bool {
	return c != nil && c.Journal != nil && c.tie != otherJournal && c.ends.Size > 0
}

// made returns when the journal was created according to its identifier, or zero.
func (c *changes) made() time.Time {
	if c == nil || c.Journal == nil {
		return time.Time{}
	}
	m, _ := c.Max()
	return m.Created()
}

// read reads the journal.
func (c *changes) read(subjects []*subject) {
	open := map[usnjrnl.FileID]usnjrnl.Reason{}
	c.findNamed(subjects)
	c.prefetched = map[string][]usnjrnl.Record{}
	for _, s := range subjects {
		c.prefetched[prefetchName(winpath.Base(s.path))] = nil
	}
	for _, s := range subjects {
		if s.rec != nil {
			open[usnjrnl.IDOf(existedAs(s.rec))] = 0
		}
		for _, id := range c.named[s] {
			open[id] = 0
		}
	}
	c.whole = true
	for rec, err := range c.Records() {
		if err != nil {
			c.whole = false
			continue
		}
		if c.ends.Size == 0 {
			c.begins = rec
		} else {
			c.whole = c.whole && rec.Follows(&c.ends)
		}
		if rec.Major == 4 {
			c.ends.USN, c.ends.Size, c.ends.Offset = rec.USN, rec.Size, rec.Offset
			continue
		}
		if c.ends.Time.Sub(rec.Time) > smallStep && len(c.back) < maxListed {
			c.back = append(c.back, setBack{c.ends, rec})
		}
		c.ends = rec
		if name, ok := programOf(rec.Name); ok && rec.Reason&written != 0 && rec.Reason&usnjrnl.Close != 0 {
			if list, about := c.prefetched[name]; about && len(list) < maxPrefetched {
				c.prefetched[name] = append(list, rec)
			}
		}
		had, about := open[rec.File]
		if !about {
			continue
		}
		fresh := rec.Reason &^ had
		if rec.Reason&usnjrnl.Close != 0 {
			open[rec.File] = 0
		} else {
			open[rec.File] = rec.Reason &^ usnjrnl.RenameOldName
		}
		if rec.Reason&usnjrnl.RenameOldName != 0 { // it is written anew for each name
			open[rec.File] &^= usnjrnl.RenameNewName
		}
		if fresh&remembered != 0 {
			c.about[rec.File] = append(c.about[rec.File], change{rec, fresh})
		}
	}
}

const (
	// written are the reasons of a record when the prefetcher has written a file.
	written = usnjrnl.FileCreate | usnjrnl.DataOverwrite | usnjrnl.DataExtend | usnjrnl.DataTruncation
	// maxPrefetched bounds how many runs of a program are kept.
	maxPrefetched = 1024
)

// prefetchForm is the name of a prefetch file: that of a program, and a hash of its path.
var prefetchForm = regexp.MustCompile(`^(.+)-[0-9A-F]{8}\.(?i:pf)$`)

// programOf returns the folded name of the program that a prefetch file is about.
func programOf(name string) (string, bool) {
	m := prefetchForm.FindStringSubmatch(name)
	if m == nil {
		return "", false
	}
	return winpath.Fold(m[1]), true
}

// maxSamePath bounds how many files with the same path are kept, the last of them.
const maxSamePath = 16

// findNamed finds the files with the paths of the subjects of which there is no record in
// the $MFT.
func (c *changes) findNamed(subjects []*subject) {
	wanted := map[string][]*subject{}
	for _, s := range subjects {
		if s.rec == nil {
			name := winpath.Fold(winpath.Base(s.path))
			wanted[name] = append(wanted[name], s)
		}
	}
	if len(wanted) == 0 {
		return
	}
	c.named = map[*subject][]usnjrnl.FileID{}
	for rec, err := range c.Records() {
		if err != nil || rec.Major == 4 || rec.IsDir() {
			continue
		}
		for _, s := range wanted[winpath.Fold(rec.Name)] {
			if path := c.Paths.Of(&rec); path.Orphan || !winpath.Same(winpath.Windows(s.letter, path.String()), s.path) {
				continue
			}
			list := slices.DeleteFunc(c.named[s], func(id usnjrnl.FileID) bool { return id == rec.File })
			c.named[s] = append(list[max(0, len(list)-maxSamePath+1):], rec.File)
		}
	}
}

// clockSetBack returns the place in the journal nearest to a record at which the clock
// was set back within a day of it, or nil.
func (c *changes) clockSetBack(rec *usnjrnl.Record) *setBack {
	var found *setBack
	for i := range c.back {
		b := &c.back[i]
		if d := min(b.before.Time.Sub(rec.Time).Abs(), b.after.Time.Sub(rec.Time).Abs()); d <= clockWindow &&
			(found == nil || distance(b, rec) < distance(found, rec)) {
			found = b
		}
	}
	return found
}

func distance(b *setBack, rec *usnjrnl.Record) int64 {
	return max(b.after.USN-rec.USN, rec.USN-b.before.USN)
}
