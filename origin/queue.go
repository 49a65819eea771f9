package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// bitsQueue is the queue of BITS.
var bitsQueue = &source{name: "BITS queue", typ: timeline.TypeBITS, none: "-", writer: "BITS", reach: administrator, why: databaseReach}

// QueuedJobs returns the jobs in the queues of BITS of all volumes.
func (v *volumes) QueuedJobs() []*timeline.QueuedJob {
	return ofAll(v, (*timeline.Timeline).QueuedJobs, func(j *timeline.QueuedJob) *string { return &j.Artifact })
}

// queuedFiles returns the files in the queues of BITS of all volumes.
func (v *volumes) queuedFiles() []*timeline.QueuedFile {
	return ofAll(v, (*timeline.Timeline).QueuedFiles, func(f *timeline.QueuedFile) *string { return &f.Artifact })
}

// A download is a file in a queue of BITS that was transferred to the path of the subject.
type download struct {
	*timeline.QueuedFile
	then *past // the shadow copy that has the queue; nil if the volume has it
}

// downloadsOf returns the files in queues of BITS that were downloaded to the path of the
// subject, or whose temporary name it has, those that tell most first. Those of shadow copies
// count if the volume has none. Begun has one of which nothing was transferred.
func (q *inquiry) downloadsOf() (list []download, begun *download) {
	if q.tl == nil {
		return nil, nil
	}
	take := func(files []*timeline.QueuedFile, then *past) {
		for _, f := range files {
			d := download{f, then}
			switch {
			case !q.isTarget(&d) || len(list) == maxListed:
			case f.Transferred == 0:
				begun = &d
			default:
				list = append(list, d)
			}
		}
	}
	take(q.tl.queuedFiles(), nil)
	for i := range q.tl.then {
		if t := &q.tl.then[i]; len(list) == 0 {
			files := t.QueuedFiles()
			for _, f := range files {
				f.Artifact = t.Name + "/" + f.Artifact
			}
			take(files, t.past)
		}
	}
	slices.SortStableFunc(list, func(a, b download) int {
		return cmp.Or(cmp.Compare(q.doubts(&a), q.doubts(&b)), cmp.Compare(a.recovery(), b.recovery()))
	})
	return list, begun
}

// isTarget reports whether the subject is what a file of a queue was downloaded to, if the
// volume is the subject's.
func (q *inquiry) isTarget(d *download) bool {
	if d.Job != nil && d.Job.Type != bits.Download {
		return false
	}
	if serial, known := q.serial(); known && d.Serial != 0 && d.Serial != serial {
		return false
	}
	return q.isSubject(d.Path) || d.Temp != "" && q.isSubject(d.Temp)
}

// recovery returns how the file and its job were found, by the worse of the two.
func (d *download) recovery() bits.Recovery {
	if d.Job != nil {
		return max(d.Recovery, d.Job.Recovery)
	}
	return max(d.Recovery, bits.Carved)
}

// isWhole reports whether the subject has as many bytes as the job transferred, which are all.
func (q *inquiry) isWhole(d *download) bool { return d.Complete() && q.size() == int64(d.Total) }

// isPlaced reports whether the subject is the file of that transfer by its times: it was
// created while the job was in progress, or has the time that the server named.
func (q *inquiry) isPlaced(d *download) bool {
	if q.rec != nil && !d.Modified.IsZero() && d.Modified.Equal(q.rec.StandardInformation.Modified) {
		return true
	}
	if d.Job == nil || d.Job.Created.IsZero() || q.created.IsZero() {
		return false
	}
	return !q.created.Before(d.Job.Created.Add(-clockSkew)) && !q.created.After(d.ended().Add(clockSkew))
}

// ended returns when the job had ended its last change that is known.
func (d *download) ended() time.Time {
	if d.Job.Completed.After(d.Job.Modified) {
		return d.Job.Completed
	}
	return d.Job.Modified
}

// doubts counts what speaks against a download.
func (q *inquiry) doubts(d *download) (n int) {
	if !q.isWhole(d) {
		n++
	}
	if !q.isPlaced(d) {
		n++
	}
	return n
}

// grade is what a download is worth: less if the record is left from before.
func (d *download) grade() Grade {
	if d.recovery() == bits.InQueue {
		return Recorded
	}
	return Corroborated
}

// The traps of rules that read the queue of BITS.
var (
	otherBytes = trap{"other_bytes", "the file does not have as many bytes as the job transferred, or the job did not transfer all of them"}
	unplaced   = trap{"unplaced", "it was not created while the job was in progress, and does not have the time that the server named"}
)

// doubted lowers a candidate for the doubts about a download.
func (q *inquiry) doubted(a *candidate, d *download, rival string) {
	if !q.isWhole(d) {
		a.caught(otherBytes.name, "%s", rival)
	}
	if !q.isPlaced(d) {
		a.caught(unplaced.name, "%s", rival)
	}
}

// recorder is what records a download, as the subject of a sentence.
func (d *download) recorder() string {
	text := "The queue of BITS"
	if d.recovery() != bits.InQueue {
		text = "What is left of earlier jobs in the queue of BITS"
	}
	if d.then != nil {
		text += fmt.Sprintf(" in shadow copy %s of %s", d.then.Name, timeText(d.then.Created))
	}
	return text + " records"
}

// jobWords is a clause about the job.
func (q *inquiry) jobWords(d *download) string {
	if d.Job == nil {
		return "a job that is not known"
	}
	text := "the job " + clip(d.Job.Name)
	if made := timeText(d.Job.Created); made != "" {
		text += ", made at " + made
	}
	if d.Job.Program != "" {
		text += " with " + clip(d.Job.Program)
	}
	return text
}

// bytesOf is how much of a file was transferred.
func (d *download) bytesOf() string {
	if d.Total == bits.Unknown {
		return fmt.Sprintf("%d bytes", d.Transferred)
	}
	return fmt.Sprintf("%d of %d bytes", d.Transferred, d.Total)
}

func (d *download) cite() []Citation {
	text := values("url", d.URL, "local path", d.Path, "temporary path", d.Temp, "transferred", d.Transferred, "of", strings.TrimPrefix(d.bytesOf(), fmt.Sprint(d.Transferred, " of ")),
		"server's time", d.Modified, "found", d.Recovery.String())
	list := []Citation{{Artifact: d.Artifact, Record: d.Record, Offset: d.Offset, Time: d.At(), Text: text}}
	if d.Job != nil {
		list = append(list, citeJob(&timeline.QueuedJob{Job: d.Job, Artifact: d.Artifact}))
	}
	return list
}

func citeJob(j *timeline.QueuedJob) Citation {
	return Citation{Artifact: j.Artifact, Record: j.Record, Offset: j.Offset, Time: j.Created, Text: values("job", j.Name, "ID", j.ID.String(), "owner", j.Owner, "type", j.Type.String(), "state", j.State.String(),
		"notify command", j.CommandLine(), "notify", j.Notify.String(), "created", j.Created, "modified", j.Modified, "completed", j.Completed, "program", j.Program, "found", j.Recovery.String())}
}
