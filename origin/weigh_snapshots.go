package origin

import (
	"fmt"
	"slices"
	"strings"
)

// findSnapshotWithout looks for a shadow copy that was made after the creation time and does
// not have the file. Its entry was not in use by it, so it was not under another name either.
func (q *inquiry) findSnapshotWithout() []clash {
	if q.created.IsZero() || q.movedIn() {
		return nil
	}
	var evidence []Citation
	var last *sighting
	list := q.sightings()
	for i := range list {
		if s := &list[i]; s.seen == absentYet && s.Created.After(q.created.Add(clockSkew)) {
			last = s
			if len(evidence) < maxListed {
				evidence = append(evidence, s.cite())
			}
		}
	}
	if last == nil {
		return nil
	}
	return []clash{clashing(evidence, "Shadow copy %s of %s does not have the file, which was created on %s: it came later, and a program set its times, or it was moved or extracted here with them, or the machine's clock was set.",
		last.Name, timeText(last.Created), timeText(q.created))}
}

// findSnapshotDiffers looks for shadow copies with other content of the file.
func (q *inquiry) findSnapshotDiffers() []clash {
	if q.content == nil || q.content.sha256 == "" {
		return nil
	}
	var evidence []Citation
	text, mild := "", true
	list := q.sightings()
	for i := len(list) - 1; i >= 0; i-- {
		s := &list[i]
		if s.content == nil || s.content.sha256 == "" || s.content.sha256 == q.content.sha256 || len(evidence) == maxListed {
			continue
		}
		if text == "" {
			what := "the file has other content"
			if s.seen == otherFile {
				what = "another file has this path"
			}
			text = fmt.Sprintf("In shadow copy %s of %s %s, SHA-256 %s: it was replaced since, by an update or by whoever uses its name.", s.Name, timeText(s.Created), what, s.content.sha256)
		}
		mild = mild && s.seen == otherFile
		evidence = append(evidence, s.cite())
	}
	if text == "" {
		return nil
	}
	return []clash{{evidence: append(evidence, q.citeContent("SHA256", q.content.sha256)), text: text, mild: mild}}
}

// restsOnCarved returns the carved shadow copy that an answer cites, or nil.
func (q *inquiry) restsOnCarved(a *Answer) *past {
	if q.tl == nil {
		return nil
	}
	all := q.tl.past
	for i := range q.tl.then {
		all = append(slices.Clip(all), q.tl.then[i].past)
	}
	for _, p := range all {
		if p.Carved != nil && slices.ContainsFunc(a.Evidence, func(c Citation) bool { return c.Artifact == p.Name || strings.HasPrefix(c.Artifact, p.Name+"/") }) {
			return p
		}
	}
	return nil
}
