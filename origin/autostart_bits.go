package origin

import (
	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// queuePlace is the location of a job.
const queuePlace = "the queue of BITS"

// inQueue adds the jobs in the queue of BITS whose notify command names the subject. BITS
// runs it as the owner of the job when the job is transferred or has failed, also after a
// restart, until the job is completed or cancelled.
func (s *autostartSearch) inQueue() {
	if s.tl == nil {
		return
	}
	for _, j := range s.tl.QueuedJobs() {
		if found := s.asJob(j); found != nil {
			s.list.add(found)
		}
	}
}

// asJob returns a job as an autostart, or nil if its notify command does nothing with the
// subject.
func (s *autostartSearch) asJob(j *timeline.QueuedJob) *autostart {
	is := s.read(s.environment(profileOfTask(j.Owner)), "bits", j.Name, j.CommandLine())
	if is == "" {
		return nil
	}
	state := held
	switch {
	case j.Recovery != bits.InQueue:
		state = removed
	case !j.Runs():
		state = disabled
	}
	return &autostart{category: "bits", name: j.Name, location: queuePlace, command: j.CommandLine(), written: j.Modified, state: state, role: is, off: j.Off(), records: []Citation{citeJob(j)}}
}
