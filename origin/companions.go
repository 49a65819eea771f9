package origin

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// vicinity is what the $MFT holds beside the subject.
type vicinity struct {
	beside []*mft.Record // files of the same folder, created within besideSpan
	before []*mft.Record // the entries taken last before the subject's, each used for the first time
}

const (
	// besideSpan is how far from the subject's creation that of a companion may
	// lie, where only the $MFT tells of it.
	besideSpan = 2 * time.Minute
	// withSpan is how far from the subject's creation its writer may have written
	// a companion.
	withSpan = 10 * time.Minute
	// neighbours is how many entries before the subject's are compared with it,
	// of at most neighbourReach.
	neighbours     = 4
	neighbourReach = 64
)

// lookAround finds the files beside the subject.
func (q *inquiry) lookAround() vicinity {
	var v vicinity
	if q.rec == nil || q.tl == nil || q.tl.MFT() == nil || q.created.IsZero() {
		return v
	}
	table := q.tl.MFT()
	for entry := q.rec.Entry; entry > 24 && len(v.before) < neighbours && q.rec.Entry-entry < neighbourReach; {
		entry--
		rec, err := table.Record(entry)
		if err == nil && rec.InUse() && rec.Seq == 1 && len(rec.FileNames) > 0 && rec.Base.IsZero() {
			v.before = append(v.before, rec)
		}
	}
	fn, ok := q.rec.FileName()
	if !ok {
		return v
	}
	seen := map[mft.Ref]bool{q.rec.Ref: true}
	for e := range q.tl.KindsBetween(q.created.Add(-besideSpan), q.created.Add(besideSpan), timeline.FileCreated) {
		rec, ok := e.Data.(*mft.Record)
		if !ok || seen[rec.Ref] || rec.IsDir() || len(rec.FileNames) == 0 {
			continue
		}
		seen[rec.Ref] = true
		if own, _ := rec.FileName(); own.Parent == fn.Parent && own.Created.Sub(q.created).Abs() <= besideSpan {
			v.beside = append(v.beside, rec)
		}
	}
	return v
}

// entriesBefore returns the $MFT entries before the subject's where all of them
// were created after a time that it claims for itself, else nil. Windows takes
// the lowest free entry, so one used for the first time was taken after all
// before it that are in their first use too.
func (q *inquiry) entriesBefore(claimed time.Time) []Citation {
	const slack = time.Minute
	if q.rec == nil || q.rec.Seq != 1 || claimed.IsZero() || len(q.near.before) < neighbours {
		return nil
	}
	var list []Citation
	for _, rec := range q.near.before {
		fn, _ := rec.FileName()
		if !fn.Created.After(claimed.Add(slack)) {
			return nil
		}
		list = append(list, q.citeRecord(rec, fn.Offset, fn.Created, "name", fn.Name, "$FILE_NAME created", fn.Created))
	}
	return list
}

func (q *inquiry) askCompanions() Answer {
	type companion struct {
		path   string
		grade  Grade
		beside bool // known by the $MFT only
	}
	var list []companion
	seen := map[string]bool{winpath.Fold(q.path): true}
	known := func(path string) bool {
		p := winpath.Fold(path)
		before := seen[p]
		seen[p] = true
		return before
	}
	a := Answer{Grade: Recorded}
	for i := range q.ix.creates {
		c := &q.ix.creates[i]
		if q.writer == nil || q.writer.guid.IsZero() || c.data.ProcessGuid != q.writer.guid {
			continue
		}
		// A browser writes all day: what came with the subject came at its time.
		if !q.created.IsZero() && c.Time.Sub(q.created).Abs() > withSpan {
			continue
		}
		path := winpath.Normalize(q.drive, c.data.TargetFilename)
		if q.isSubject(path) || known(path) {
			continue
		}
		list = append(list, companion{path: path, grade: weakest(Recorded, q.writerBy)})
		if len(list) <= maxListed {
			a.cite(cite(&c.Event, "ProcessGuid", c.data.ProcessGuid, "Image", c.data.Image, "TargetFilename", c.data.TargetFilename, "CreationUtcTime", c.data.CreationUtcTime))
		}
	}
	for _, rec := range q.near.beside {
		path := folder(q.path) + `\` + rec.Name()
		if known(path) {
			continue
		}
		list = append(list, companion{path, Inferred, true})
		if len(list) <= maxListed {
			fn, _ := rec.FileName()
			a.cite(q.citeRecord(rec, fn.Offset, fn.Created, "$FILE_NAME created", fn.Created, "path", path))
		}
	}
	if len(list) == 0 {
		if q.tl != nil && q.tl.MFT() != nil && !q.created.IsZero() {
			return unknown(Companions, SearchedEmpty, fmt.Sprintf("No other file was written by the same process, as far as that is logged, nor created in its folder within %s.", minutes(besideSpan)))
		}
		why, text := q.because(q.created, sysmonCreate)
		return unknown(Companions, why, "What came with it is unknown: "+text+".")
	}
	var with, beside []string
	for i, c := range list {
		a.Grade = weakest(a.Grade, c.grade)
		switch {
		case i >= maxListed:
			continue
		case c.beside:
			beside = append(beside, c.path)
		default:
			with = append(with, c.path)
		}
		a.fact("file", c.path)
	}
	var parts []string
	if len(with) > 0 {
		parts = append(parts, "its writer also wrote "+strings.Join(with, ", "))
	}
	if len(beside) > 0 {
		parts = append(parts, fmt.Sprintf("within %s there appeared in its folder %s", minutes(besideSpan), strings.Join(beside, ", ")))
	}
	a.Answer = sentence(strings.Join(parts, "; "))
	if n := len(list) - maxListed; n > 0 {
		a.Answer = strings.TrimSuffix(a.Answer, ".") + fmt.Sprintf(", and %d more.", n)
	}
	return a
}

func minutes(d time.Duration) string { return count(int(d/time.Minute), "minute", "minutes") }

// sentence begins a text with a capital and ends it with a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
