package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

func (q *inquiry) askCompanions() Answer {
	type companion struct {
		path   string
		grade  Grade
		beside bool // known only from the $MFT
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
	for c := range q.createdWith() {
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
		path := winpath.Dir(q.path) + `\` + rec.Name()
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
		if q.tl != nil && q.tl.MFT().Len() > 0 && !q.created.IsZero() {
			return unknown(SearchedEmpty, fmt.Sprintf("No other file was found that the same process wrote, according to the logs, or that was created in the same folder within %s.", minutes(besideSpan)))
		}
		why, text := q.because(q.created, sysmonCreate)
		return unknown(why, "What came with it is unknown: "+text+".")
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
		parts = append(parts, fmt.Sprintf("created in its folder within %s: %s", minutes(besideSpan), strings.Join(beside, ", ")))
	}
	a.Answer = sentence(strings.Join(parts, "; "))
	if n := len(list) - maxListed; n > 0 {
		a.Answer = strings.TrimSuffix(a.Answer, ".") + fmt.Sprintf(", and %d more.", n)
	}
	return a
}
