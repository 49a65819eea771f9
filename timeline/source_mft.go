package timeline

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

// The descriptions of a file's times, as plaso words them. Those of a $FILE_NAME
// attribute begin with fileNamePrefix.
const (
	createdDesc    = "Creation Time"
	modifiedDesc   = "Content Modification Time"
	changedDesc    = "Metadata Modification Time"
	accessedDesc   = "Last Access Time"
	fileNamePrefix = "$FILE_NAME "
)

// fileTimes are the four times in $STANDARD_INFORMATION and every $FILE_NAME.
var fileTimes = [...]struct {
	kind Kind
	desc string
	verb string

	fileNameDesc string
	si           func(*mft.StandardInformation) time.Time
	fn           func(*mft.FileName) time.Time
}{
	{FileCreated, createdDesc, " was created", fileNamePrefix + createdDesc,
		func(a *mft.StandardInformation) time.Time { return a.Created },
		func(a *mft.FileName) time.Time { return a.Created }},
	{FileModified, modifiedDesc, " was modified", fileNamePrefix + modifiedDesc,
		func(a *mft.StandardInformation) time.Time { return a.Modified },
		func(a *mft.FileName) time.Time { return a.Modified }},
	{FileChanged, changedDesc, " was changed in the $MFT", fileNamePrefix + changedDesc,
		func(a *mft.StandardInformation) time.Time { return a.Changed },
		func(a *mft.FileName) time.Time { return a.Changed }},
	{FileAccessed, accessedDesc, " was accessed", fileNamePrefix + accessedDesc,
		func(a *mft.StandardInformation) time.Time { return a.Accessed },
		func(a *mft.FileName) time.Time { return a.Accessed }},
}

// A slot numbers the times of an $MFT record: the four of $STANDARD_INFORMATION, then
// the four of each $FILE_NAME. The key of a ref is the number of the entry and a
// slot.
const (
	slotBits    = 16
	timesOfName = len(fileTimes)
	maxNames    = 1<<slotBits/timesOfName - 1 // more hard links than NTFS allows
)

// eachTime calls found for every time of a record that is set.
func eachTime(rec *mft.Record, found func(slot int, t time.Time)) {
	if si := &rec.StandardInformation; si.Present {
		for i, ft := range fileTimes {
			if t := ft.si(si); !t.IsZero() {
				found(i, t)
			}
		}
	}
	for n := range min(len(rec.FileNames), maxNames) {
		fn := &rec.FileNames[n]
		if !informative(rec, fn) {
			continue
		}
		for i, ft := range fileTimes {
			if t := ft.fn(fn); !t.IsZero() {
				found((n+1)*timesOfName+i, t)
			}
		}
	}
}

// informative reports whether a name adds information: an 8.3 name beside a long one does
// not.
func informative(rec *mft.Record, fn *mft.FileName) bool {
	return fn.Namespace != mft.NamespaceDOS || len(rec.FileNames) == 1
}

// timeAt returns the time of a slot, or zero if the record has none.
func timeAt(rec *mft.Record, slot int) time.Time {
	ft, n := &fileTimes[slot%timesOfName], slot/timesOfName-1
	switch {
	case n >= 0 && n < len(rec.FileNames):
		return ft.fn(&rec.FileNames[n])
	case n < 0 && rec.StandardInformation.Present:
		return ft.si(&rec.StandardInformation)
	}
	return time.Time{}
}

// fileSource yields the events of an $MFT. It keeps nothing in memory: every find
// reads the $MFT once, every event reads its record.
type fileSource struct {
	artifact string
	drive    string
	mft      *mft.Reader
}

func (s fileSource) find(w window, kinds kindSet, add func(ref)) maker {
	m := &fileMaker{fileSource: s}
	if !kinds.holds(FileCreated) && !kinds.holds(FileModified) && !kinds.holds(FileChanged) && !kinds.holds(FileAccessed) {
		return m
	}
	for rec, err := range s.mft.Scan() {
		if err != nil {
			continue // counted in the coverage
		}
		eachTime(rec, func(slot int, t time.Time) {
			if ticks := filetime.Ticks(t); w.holds(ticks) && kinds.holds(fileTimes[slot%timesOfName].kind) {
				add(ref{ticks: ticks, key: rec.Entry<<slotBits | uint64(slot)})
			}
		})
	}
	return m
}

// fileMaker keeps the records of the last events, because the times of a record are often
// near each other.
type fileMaker struct {
	fileSource
	last [64]*loadedFile // by the last bits of their entries
}

// loadedFile is a record with what all of its events share.
type loadedFile struct {
	rec   *mft.Record
	err   error
	entry uint64
	ref   string
	called
	links []called // by each of the names, if it has several
	size  string
	owner string
}

// called is a file by one of its names.
type called struct {
	path string // as Windows writes it; "" for a file without a name
	what string // the path, or that it has none
	tail string // of messages: what is unusual about the record
}

func (m *fileMaker) close()      {}
func (m *fileMaker) fork() maker { return &fileMaker{fileSource: m.fileSource} }

func (m *fileMaker) load(entry uint64) *loadedFile {
	place := &m.last[entry%uint64(len(m.last))]
	if *place != nil && (*place).entry == entry {
		return *place
	}
	f := &loadedFile{entry: entry, called: called{what: "a file without a name"}}
	*place = f
	if f.rec, f.err = m.mft.Record(entry); f.err != nil {
		return f
	}
	call := func(path mft.Path) called {
		name := winpath.Windows(m.drive, path.String())
		return called{name, name, remarks(f.rec, path)}
	}
	path := m.mft.Path(f.rec)
	if f.tail = remarks(f.rec, path); len(f.rec.FileNames) > 0 {
		f.called = call(path)
	}
	if hardLinks(f.rec) > 1 {
		for i := range f.rec.FileNames {
			f.links = append(f.links, call(m.mft.PathOf(f.rec, &f.rec.FileNames[i])))
		}
	}
	f.owner, _ = m.mft.OwnerSID(f.rec) // "" if the volume does not record it
	f.ref = f.rec.Ref.String()
	f.size = strconv.FormatUint(f.rec.Size(), 10)
	return f
}

// hardLinks returns how many names a file has without the 8.3 names.
func hardLinks(rec *mft.Record) int {
	n := 0
	for i := range rec.FileNames {
		if informative(rec, &rec.FileNames[i]) {
			n++
		}
	}
	return n
}

func (m *fileMaker) make(r ref) Event {
	f := m.load(r.key >> slotBits)
	slot := int(r.key & (1<<slotBits - 1))
	ft := &fileTimes[slot%timesOfName]
	e := Event{
		Time:   filetime.Time(r.ticks),
		Desc:   ft.desc,
		Kind:   ft.kind,
		Source: Source{Artifact: m.artifact, Offset: -1, Type: TypeMFT},
	}
	switch {
	case f.err != nil:
		e.Source.Record = strconv.FormatUint(f.entry, 10)
		e.Message = unreadable(f.err)
		return e
	case !timeAt(f.rec, slot).Equal(e.Time):
		e.Source.Record = strconv.FormatUint(f.entry, 10)
		e.Message = unreadable(errChanged)
		return e
	}
	rec, as := f.rec, f.called
	if n := slot/timesOfName - 1; n >= 0 && n < len(f.links) {
		as = f.links[n]
	}
	e.Source.Record, e.Path, e.SID, e.Data = f.ref, as.path, f.owner, rec
	e.Fields = make([]Field, 0, 3)
	attribute, ending := "$STANDARD_INFORMATION", " ($STANDARD_INFORMATION)"
	if n := slot/timesOfName - 1; n < 0 {
		e.Source.Offset = rec.StandardInformation.Offset
	} else {
		fn := &rec.FileNames[n]
		attribute, ending = "$FILE_NAME", " ($FILE_NAME)"
		e.Desc = ft.fileNameDesc
		e.Source.Offset = fn.Offset
		e.Fields = append(e.Fields, Field{"name", fn.Name})
	}
	e.Message = as.what + ft.verb + ending + as.tail
	e.Fields = append(e.Fields, Field{"attribute", attribute}, Field{"size", f.size})
	return e
}

// remarks returns what is unusual about a record.
func remarks(rec *mft.Record, path mft.Path) string {
	var remarks []string
	if !rec.InUse() {
		remarks = append(remarks, "deleted")
	}
	if path.Orphan {
		remarks = append(remarks, "in a folder that is gone")
	}
	if len(remarks) == 0 {
		return ""
	}
	return ", " + strings.Join(remarks, ", ")
}

// errChanged reports that evidence has changed since it was first read.
var errChanged = errors.New("the artifact has changed")

// unreadable is the message of an event whose record could be read the first time,
// but not again.
func unreadable(err error) string { return "the record cannot be read again: " + err.Error() }
