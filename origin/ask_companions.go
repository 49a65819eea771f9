package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var companionsBeside = &rule{
	name: "companions.beside", question: Companions, best: Recorded,
	finds:   "the files that its writer created within ten minutes, and those that were created in its folder within two, also if they are gone",
	reads:   []*source{sysmonCreate},
	also:    []*source{changeJournal, logFile, fileTimes, indexSlack},
	traps:   []trap{{"beside", "a file is known from the $MFT, its slack, the change journal or the transaction log only: its writer is not"}},
	against: "files that only happened to be created at that time",
	apart:   "the records of who wrote them",
	find:    (*inquiry).findCompanions,
}

func (q *inquiry) findCompanions() []candidate {
	type companion struct {
		path   string
		beside bool   // known only from the $MFT or the change journal
		gone   string // when it was deleted
		now    string // where it is, or what shows that it is gone
		role   string
	}
	var list []companion
	seen := map[string]bool{winpath.Fold(q.path): true}
	known := func(path string) bool {
		p := winpath.Fold(path)
		before := seen[p]
		seen[p] = true
		return before
	}
	a := candidate{Answer: Answer{Grade: Recorded}}
	for _, c := range q.formerNames() { // the subject itself
		known(winpath.Normalize(q.drive, c.data.TargetFilename))
	}
	for c := range q.createdWith() {
		path := winpath.Normalize(q.drive, c.data.TargetFilename)
		if q.isSubject(path) || q.isFormer(path) || known(path) {
			continue
		}
		list = append(list, companion{path: path})
		if len(list) <= maxListed {
			a.cite(cite(&c.Event, "ProcessGuid", c.data.ProcessGuid, "Image", c.data.Image, "TargetFilename", c.data.TargetFilename, "CreationUtcTime", c.data.CreationUtcTime))
		}
	}
	addBeside := func(files []besideFile) {
		for _, f := range files {
			if q.isSubject(f.path) || known(f.path) {
				continue
			}
			list = append(list, companion{f.path, true, timeText(f.deleted.Time), f.gone, f.role})
			if len(list) <= maxListed {
				a.cite(f.cited...)
			}
		}
	}
	addBeside(q.foundBeside())
	for _, rec := range q.near.beside {
		path := winpath.Dir(q.path) + `\` + rec.Name()
		if known(path) {
			continue
		}
		list = append(list, companion{path: path, beside: true})
		if len(list) <= maxListed {
			fn, _ := rec.FileName()
			a.cite(q.citeRecord(rec, fn.Offset, fn.Created, "$FILE_NAME created", fn.Created, "path", path))
		}
	}
	addBeside(q.loggedBeside(q.created))
	addBeside(q.slackBeside(q.created))
	if len(list) == 0 {
		return nil
	}
	var with, beside, related []string
	for i, c := range list {
		if c.beside {
			a.caught("beside", "")
		} else {
			a.rests = []Question{Writer}
		}
		switch {
		case i >= maxListed:
			continue
		case c.role != "":
			related = append(related, c.path+" ("+c.role+deletedOn(c.gone)+also(c.now)+")")
		case c.now != "":
			beside = append(beside, c.path+" ("+c.now+")")
		case c.gone != "":
			beside = append(beside, c.path+" ("+strings.TrimPrefix(deletedOn(c.gone), ", ")+")")
		case c.beside:
			beside = append(beside, c.path)
		default:
			with = append(with, c.path)
		}
		a.fact("file", c.path)
		a.fact("deleted", c.gone)
	}
	var parts []string
	if len(with) > 0 {
		parts = append(parts, "its writer also wrote "+strings.Join(with, ", "))
	}
	if len(beside) > 0 {
		parts = append(parts, fmt.Sprintf("created in its folder within %s: %s", minutes(besideSpan), strings.Join(beside, ", ")))
	}
	if len(related) > 0 {
		parts = append(parts, strings.Join(related, ", "))
	}
	a.Answer.Answer = sentence(strings.Join(parts, "; "))
	if n := len(list) - maxListed; n > 0 {
		a.Answer.Answer = strings.TrimSuffix(a.Answer.Answer, ".") + fmt.Sprintf(", and %d more.", n)
	}
	return []candidate{a}
}

// deletedOn says when a file was deleted, if that is known.
func deletedOn(when string) string {
	if when == "" {
		return ""
	}
	return ", deleted on " + when
}

// also is a further clause, if there is one.
func also(clause string) string {
	if clause == "" {
		return ""
	}
	return ", " + clause
}
