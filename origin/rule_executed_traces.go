package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/recyclebin"
	"github.com/birthmark-dfir/birthmark/timeline"
)

var executedPrefetch = &rule{
	name: "executed.prefetch", question: Executed, best: Recorded,
	finds: "the prefetch file of the program: its runs, on the file's volume, by its entry of the $MFT",
	also:  []*source{prefetchRuns},
	traps: []trap{
		{"only_name", "the prefetch file has the name of the program, and its path is not among the files that it opened"},
		{"unconfirmed", "the hash of the prefetch file is not that of the path"},
		{"other_volume", "nothing ties the volume of the prefetch file to that of the file"},
		{"other_entry", "the program that ran had another entry of the $MFT"},
		{"other_time", "a clock of the file itself has a later creation"},
	},
	against: "another file that had this path at that time",
	apart:   "a hash in a record of the run",
	find:    (*inquiry).findPrefetched,
}

// findPrefetched finds the prefetch files of the file: by its path, or by its entry of the
// $MFT, which a file keeps when it is renamed.
func (q *inquiry) findPrefetched() []candidate {
	var list []candidate
	for i := range q.prefetched {
		if a, ok := q.prefetchedAs(&q.prefetched[i]); ok {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(a.Grade.rank(), b.Grade.rank()) })
	return list
}

// prefetchedAs makes the candidate of a prefetch file, if it may be that of the subject.
func (q *inquiry) prefetchedAs(p *entry[*prefetch.File]) (candidate, bool) {
	f := p.data
	path, confirmed := f.Path()
	volume := f.VolumeOf(path)
	here := q.sameVolume(volume)
	ref := f.RefOf(path)
	isEntry := here && q.rec != nil && ref != 0 && refOf(ref) == q.rec.Ref
	isPath := q.isProgram(path, volume)
	base := winpath.Base(q.path)
	onlyName := path == "" && prefetchName(base) == winpath.Fold(f.Executable)
	if !isEntry && !isPath && !onlyName {
		return candidate{}, false
	}
	runs := slices.DeleteFunc(slices.Clone(f.LastRuns), func(t time.Time) bool { return t.IsZero() || q.before(t) })
	if len(runs) == 0 {
		return candidate{}, false
	}
	slices.SortFunc(runs, time.Time.Compare)
	first, last := runs[0], runs[len(runs)-1]
	a := candidate{Answer: Answer{Grade: Recorded}, claim: claim{what: "ran"}}
	what := "it"
	switch {
	case onlyName:
		what = "a program named " + base
		a.caught("only_name", "another program named %s", base)
	case isEntry:
		if !isPath {
			what += " ran as " + path + ", with the same entry of the $MFT, and"
		}
	default:
		if !confirmed {
			a.caught("unconfirmed", "another program with this name: the hash %08X is not that of its path", f.Hash)
		}
		if !here {
			a.caught("other_volume", "another file with this path, on %s", volumeText(volume))
		}
		if here && ref != 0 && q.rec != nil {
			a.caught("other_entry", "another file that had this path: entry %s of the $MFT, and not %s", refOf(ref), q.rec.Ref)
		}
	}
	if q.betweenClocks(first) && !isEntry {
		a.caught("other_time", "another file that had this path before: $FILE_NAME records a creation after the run")
	}
	a.Answer.Answer = fmt.Sprintf("According to its prefetch file, %s was started on %s", what, timeText(last))
	if onlyName {
		a.Answer.Answer = fmt.Sprintf("According to a prefetch file, %s was started on %s", what, timeText(last))
	}
	if len(runs) > 1 {
		a.Answer.Answer = fmt.Sprintf("According to its prefetch file, %s was started %d times that it has the time of, the last time on %s", what, len(runs), timeText(last))
	}
	if all := int64(f.RunCount); all > int64(len(runs)) {
		a.Answer.Answer += fmt.Sprintf(", and %d times in all", all)
	}
	a.Answer.Answer += "."
	a.other = "a run according to a prefetch file"
	a.fact("proves", "execution")
	if int64(f.RunCount) == int64(len(runs)) {
		a.fact("time", first)
		a.fact("count", f.RunCount)
	}
	a.fact("last", last)
	a.cite(cite(&p.Event, "program", f.Executable, "hash", fmt.Sprintf("%08X", f.Hash), "path", path, "entry", entryText(ref), "volume", volumeText(volume), "runs", f.RunCount))
	return a, true
}

// isProgram reports whether a path of a prefetch file is that of the subject, if its volume
// is the subject's.
func (q *inquiry) isProgram(path string, v *prefetch.Volume) bool {
	return v != nil && q.isSubject(drivePrefix(q.letter)+path[len(v.Device):])
}

// sameVolume reports whether the serial number of a volume is that of the subject's.
func (q *inquiry) sameVolume(v *prefetch.Volume) bool {
	if v == nil || q.tl == nil {
		return false
	}
	vol, ok := q.tl.vol.(*mft.Volume)
	return ok && uint32(vol.Info().Serial) == v.Serial
}

func volumeText(v *prefetch.Volume) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%s with the serial number %04X-%04X", v.Device, v.Serial>>16, v.Serial&0xffff)
}

func entryText(r prefetch.Ref) string {
	if r == 0 {
		return ""
	}
	return refOf(r).String()
}

var executedTraced = &rule{
	name: "executed.traced", question: Executed, best: Inferred,
	finds:   "the last run: of the Background Activity Moderator (BAM, DAM), and of the Explorer (UserAssist); and of the Program Compatibility Assistant (PCA)",
	also:    []*source{activityRuns, userAssist, pcaRuns},
	against: "another file that had this path at that time",
	apart:   "a hash in a record of the run",
	find:    (*inquiry).findTraced,
}

// findTraced finds the last runs: in the registry one for each account.
func (q *inquiry) findTraced() []candidate {
	var list []candidate
	for i := range q.lastRuns {
		e := &q.lastRuns[i]
		if q.before(e.Time) || !q.isSubject(e.Path) {
			continue
		}
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}, from: []*source{sourceOfRun(e)}}
		user := cmp.Or(e.SID, e.User)
		where := "the registry"
		if e.Source.Type == timeline.TypePCA {
			where = "the Program Compatibility Assistant"
		}
		a.Answer.Answer = fmt.Sprintf("According to %s, %s ran it, the last time on %s.", where, user, timeText(e.Time))
		if user == "" {
			a.Answer.Answer = fmt.Sprintf("According to %s, it ran, the last time on %s.", where, timeText(e.Time))
		}
		a.other = "a run according to " + where
		a.fact("proves", "execution")
		a.fact("last", e.Time)
		a.cite(cite(e, "key", e.Field("Key"), "value", e.Field("Value"), "runs", e.Field("Runs")))
		list = append(list, a)
	}
	return list
}

// sourceOfRun returns the source of a run.
func sourceOfRun(e *timeline.Event) *source {
	if e.Source.Type == timeline.TypePCA {
		return pcaRuns
	}
	if strings.HasPrefix(winpath.Fold(e.Field("Key")), `HKLM\`) {
		return activityRuns
	}
	return userAssist
}

// isTraced reports whether a trace of programs has the path of the file.
func (q *inquiry) isTraced() bool {
	for i := range q.prefetched {
		f := q.prefetched[i].data
		path, _ := f.Path()
		if q.isProgram(path, f.VolumeOf(path)) {
			return true
		}
	}
	has := func(e timeline.Event) bool { return q.isSubject(e.Path) }
	return slices.ContainsFunc(q.openings, func(o entry[*timeline.Opening]) bool { return q.isSubject(o.Path) && q.mayBeHere(o.data) }) ||
		slices.ContainsFunc(q.lastRuns, has) || slices.ContainsFunc(q.presences, has) ||
		slices.ContainsFunc(q.recycled, func(r entry[*recyclebin.Info]) bool { return q.isSubject(r.data.Path) }) ||
		slices.ContainsFunc(q.detections, func(d detection) bool { return q.isDetected(d.path) })
}
