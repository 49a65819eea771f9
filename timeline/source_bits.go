package timeline

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// The places of the queue of BITS, since Windows Vista and before.
const (
	bitsFolder   = "ProgramData/Microsoft/Network/Downloader"
	bitsFolderXP = "Documents and Settings/All Users/Application Data/Microsoft/Network/Downloader"
)

// isQueue reports whether a file has a name of a queue of BITS.
func isQueue(name string) bool {
	base := path.Base(name)
	return winpath.SameName(base, "qmgr.db") || winpath.SameName(base, "qmgr0.dat") || winpath.SameName(base, "qmgr1.dat")
}

// addQueue reads a queue of BITS.
func (t *Timeline) addQueue(ctx context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "BITS queue", Type: TypeBITS, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := bits.OpenFS(t.vol, artifact, bits.WithName(path.Base(artifact)))
	if err != nil {
		c.State = Damaged
		c.damaged(err)
		return nil
	}
	defer r.Close()
	for p := range r.Problems() {
		if p.Kind == damage.Malformed || p.Kind == damage.Truncation {
			c.State = Partly
		}
		c.add(p)
	}
	var jobs, files []Event
	add := func(e Event) []Event {
		if e.Time.IsZero() {
			return nil
		}
		c.saw(e.Time)
		return []Event{e}
	}
	for job, err := range r.Jobs() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			continue // a problem has it
		}
		c.Records++
		j := &QueuedJob{job, artifact}
		t.queued = append(t.queued, j)
		jobs = append(jobs, add(jobCreated(j, t.opt.drive))...)
		jobs = append(jobs, add(jobChanged(j, t.opt.drive))...)
		for _, f := range job.Files {
			q := &QueuedFile{f, job, artifact}
			t.queuedFiles = append(t.queuedFiles, q)
			files = append(files, add(fileQueued(q, t.opt.drive))...)
		}
	}
	for f := range r.Files() {
		c.Records++
		t.queuedFiles = append(t.queuedFiles, &QueuedFile{f, nil, artifact})
	}
	for _, list := range [...]struct {
		kind   Kind
		events []Event
	}{{BITSJob, jobs}, {BITSTransfer, files}} {
		slices.SortStableFunc(list.events, func(a, b Event) int { return a.Time.Compare(b.Time) })
		t.sources = append(t.sources, readySource{list.kind, list.events})
	}
	return nil
}

// jobCreated makes the event of the creation of a job. Its fields are named as those of BITS 3.
func jobCreated(j *QueuedJob, drive string) Event {
	by := ""
	if j.Program != "" {
		by = " by " + j.Program
	}
	e := jobEvent(j, drive)
	e.Time, e.Desc = j.Created, "Creation Time"
	e.Message = fmt.Sprintf("%s created the BITS job %s%s%s%s", j.Owner, j.Name, by, with("notify command", j.CommandLine()), left(j.Recovery))
	return e
}

// jobChanged makes the event of the last change of a job.
func jobChanged(j *QueuedJob, drive string) Event {
	e := jobEvent(j, drive)
	if !j.Modified.Equal(j.Created) {
		e.Time, e.Desc = j.Modified, "Content Modification Time"
	}
	e.Message = fmt.Sprintf("the BITS job %s of %s changed for the last time, to the state %s%s", j.Name, j.Owner, j.State, left(j.Recovery))
	return e
}

// jobEvent makes an event of a job, without a time.
func jobEvent(j *QueuedJob, drive string) Event {
	return Event{
		Kind: BITSJob, Data: j, Path: winpath.Normalize(drive, cmp.Or(j.Program, winpath.Unquote(j.Command))), SID: j.Owner,
		Source: Source{Artifact: j.Artifact, Record: j.Record, Offset: j.Offset, Type: TypeBITS},
		Fields: []Field{
			{"jobTitle", j.Name}, {"jobId", "{" + j.ID.String() + "}"}, {"jobOwner", j.Owner}, {"processPath", j.Program}, {"description", j.Description},
			{"type", j.Type.String()}, {"priority", j.Priority.String()}, {"state", j.State.String()}, {"notifyCommand", j.Command}, {"notifyArguments", j.Arguments},
			{"notifyFlags", j.Notify.String()}, {"error", errorText(j.Job)}, {"fileCount", fmt.Sprint(max(len(j.Files), len(j.FileIDs)))}, {"completed", filetime.Text(j.Completed)},
			{"expires", filetime.Text(j.Expires)}, {"recovery", j.Recovery.String()},
		},
	}
}

func errorText(j *bits.Job) string {
	if j.Error == 0 {
		return ""
	}
	return j.Error.String()
}

// fileQueued makes the event of a file: of its transfer, or of the last change of a job that
// has not transferred it. Its fields are named as those of BITS 59 and 60.
func fileQueued(f *QueuedFile, drive string) Event {
	at, desc, text := f.At(), "Transfer Time", "transferred"
	if at.IsZero() {
		at, desc, text = f.Job.Modified, "Content Modification Time", "has not transferred"
	}
	to := fmt.Sprintf("%s to %s", f.URL, f.Path)
	if f.Job.Type != bits.Download {
		to = fmt.Sprintf("%s to %s", f.Path, f.URL)
	}
	return Event{
		Time: at, Desc: desc, Kind: BITSTransfer, Data: f, Path: winpath.Normalize(drive, f.Path), SID: f.Job.Owner,
		Source:  Source{Artifact: f.Artifact, Record: f.Record, Offset: f.Offset, Type: TypeBITS},
		Message: fmt.Sprintf("BITS %s %s for the job %s of %s: %d of %s bytes%s", text, to, f.Job.Name, f.Job.Owner, f.Transferred, f.total(), left(f.Recovery)),
		Fields: []Field{
			{"name", f.Job.Name}, {"Id", "{" + f.Job.ID.String() + "}"}, {"url", f.URL}, {"localPath", f.Path}, {"tempPath", f.Temp}, {"fileTime", filetime.Text(f.Modified)},
			{"bytesTotal", f.total()}, {"bytesTransferred", fmt.Sprint(f.Transferred)}, {"type", f.Job.Type.String()}, {"volume", f.Volume}, {"recovery", f.Recovery.String()},
		},
	}
}

func (f *QueuedFile) total() string {
	if f.Total == bits.Unknown {
		return "unknown"
	}
	return fmt.Sprint(f.Total)
}

// left says of what is no longer in the queue that it is not.
func left(r bits.Recovery) string {
	if r == bits.InQueue {
		return ""
	}
	return " (" + r.String() + ")"
}
