package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/winid"
)

var accountOfJob = &rule{
	name: "account.job", question: Account, best: Corroborated,
	finds:   "the owner of the BITS job whose transfer brought the file (BITS 3, 59): BITS writes a file as the owner of its job",
	also:    []*source{bitsJob, bitsTransfer},
	traps:   []trap{{"only_size", "only the number of bytes and the time of the transfer fit"}},
	against: "the owner of another job that transferred as many bytes",
	apart:   "the queue of BITS, which names the file of each job",
	find:    (*inquiry).findOwnerOfJob,
}

// findOwnerOfJob finds the account for which BITS transferred the file.
func (q *inquiry) findOwnerOfJob() []candidate {
	var list []candidate
	for _, t := range q.fittingTransfers() {
		d, ok := t.data.(*evtx.BITS59)
		if !ok {
			continue
		}
		job := q.jobOf(d.JobId)
		if job == nil {
			continue
		}
		owner := winid.Undash(job.data.JobOwner)
		if owner == "" {
			continue
		}
		a := candidate{Answer: Answer{Grade: Corroborated}, claim: claim{what: owner}, other: "the owner of the BITS job, " + owner}
		a.Answer.Answer = fmt.Sprintf("BITS transferred as many bytes as the file has, for %s", owner)
		if program := winid.Undash(job.data.ProcessPath); program != "" {
			a.Answer.Answer += ", who made the job with " + named(program, job.data.JobProcessId)
		}
		a.fact("user", owner)
		if sid, record := q.accounts.sidOf(owner); sid != "" {
			a.claim.what = sid
			a.fact("sid", sid)
			a.cite(record)
		}
		a.cite(cite(&job.Event, "jobTitle", job.data.JobTitle, "jobId", job.data.JobId, "jobOwner", job.data.JobOwner, "processPath", job.data.ProcessPath, "processId", job.data.JobProcessId), t.cite())
		q.addLocal(&a, a.Fact("sid"))
		if !q.hasTimeOf(d) {
			a.caught("only_size", "the owner of another file of %d bytes", t.length)
		}
		a.Answer.Answer += "."
		list = append(list, a)
	}
	return list
}

// jobOf returns the record of the creation of a BITS job, or nil.
func (q *inquiry) jobOf(id winid.GUID) *entry[*evtx.BITS3] {
	for i := range q.jobs {
		if j := &q.jobs[i]; j.data.JobId == id && !id.IsZero() {
			return j
		}
	}
	return nil
}
